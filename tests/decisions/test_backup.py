"""A business in one file and back: nothing lost, nothing written over, nothing believed unchecked."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import threading
from pathlib import Path

import pytest
from tests.decisions.ordered import now, offer

from argosy.decisions import audit, decide, load, members
from argosy.decisions.backup import backup, restore
from argosy.decisions.state import State
from argosy.lake.backup import MANIFEST
from argosy.lake.engine import Lake
from argosy.lake.workspace import Workspace, create_workspace, open_workspace
from argosy.model.errors import BackupBroken, BackupInside, BackupTarget
from argosy.model.proposals import Change

CHANGE = Change("price.set", "MUG", "shopify:main", {"price": "11.00", "was": "10.00", "currency": "EUR"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A business with a lake, decisions, members and secrets, made once."""
    workspace = create_workspace(tmp_path_factory.mktemp("made") / "shop", home="DE", book_currency="EUR")
    with Lake(workspace) as lake:
        lake.write(lambda lake: lake.execute("CREATE TABLE lake.main.facts AS SELECT range AS n FROM range(100000)"))
    with State(workspace) as state:
        [number, _] = offer(state, [CHANGE, Change("task.do", "carrier/1", "", {"text": "Ask"})])
        decide.approve(state, number, who="ana", at=now())
        members.set_member(state, "mei", "operator", who="ana", at=now())
    (workspace.folder / "shopify.token").write_text("secret")
    (workspace.folder / "formats").mkdir()
    (workspace.folder / "formats" / "till.toml").write_text("[format]")
    return workspace.folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "shop")
    return open_workspace(tmp_path / "shop")


def told(workspace: Workspace) -> dict[str, object]:
    """Return all that must be the same: facts, queue, decisions, members, log, declarations of formats."""
    with Lake(workspace) as lake, State(workspace) as state, state.read() as connection:
        return {
            "facts": lake.raw.execute("SELECT count(*), sum(n) FROM lake.main.facts").fetchall(),
            "cards": load.cards(connection, states=("open", "approved", "withdrawn")),
            "actions": load.actions(connection),
            "members": load.members(connection),
            "log": list(audit.entries(connection)),
            "formats": (workspace.folder / "formats" / "till.toml").read_text(),
        }


@pytest.mark.parametrize("name", ["shop.tar.zst", "shop.tar.gz"])
def test_what_comes_back_is_what_there_was(shop: Workspace, tmp_path: Path, name: str) -> None:
    before, file = told(shop), tmp_path / "elsewhere" / name
    packed = backup(shop, file, at=now())
    assert file.stat().st_mode & 0o777 == 0o600
    back = restore(file, tmp_path / "back")
    assert back.log.sound
    assert back.log.head.count == len(before["log"])  # type: ignore[arg-type]
    assert back.packed == packed
    assert told(open_workspace(tmp_path / "back")) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "elsewhere", "shop"]
    assert [path.name for path in file.parent.iterdir()] == [name]


def test_keys_are_in_it_only_when_asked_for(shop: Workspace, tmp_path: Path) -> None:
    for keys in (False, True):
        back = tmp_path / f"back-{keys}"
        backup(shop, tmp_path / "b.tar.zst", at=now(), with_keys=keys)
        restore(tmp_path / "b.tar.zst", back)
        assert [(back / name).exists() for name in ("key", "shopify.token")] == [keys, keys]


def test_it_is_of_one_moment_while_others_write(shop: Workspace, tmp_path: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        with State(shop) as state:
            n = 0
            while not ended.is_set():
                n += 1
                members.set_member(state, f"m{n}", "viewer", who="ana", at=now())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(2):
            backup(shop, tmp_path / f"{n}.tar.zst", at=now())
    finally:
        ended.set()
        writer.join()
    counts = [restore(tmp_path / f"{n}.tar.zst", tmp_path / f"back-{n}").log for n in range(2)]
    assert all(one.sound for one in counts)
    assert [one.head.count for one in counts] == sorted(one.head.count for one in counts)


def test_nothing_is_written_over(shop: Workspace, tmp_path: Path) -> None:
    backup(shop, tmp_path / "b.tar.zst", at=now())
    before = told(shop)
    with pytest.raises(BackupTarget):
        restore(tmp_path / "b.tar.zst", shop.folder)
    assert told(shop) == before
    with pytest.raises(BackupInside):
        backup(shop, shop.folder / "lake" / "b.tar.zst", at=now())


@pytest.mark.parametrize("spoilt", ["short", "bit", "empty", "text", "missing"])
def test_what_is_not_whole_is_not_brought_back(shop: Workspace, tmp_path: Path, spoilt: str) -> None:
    file = tmp_path / "b.tar.zst"
    backup(shop, file, at=now())
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes({
        "short": whole[: middle], "bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "empty": b"", "text": b"dear backup", "missing": b"",
    }[spoilt])  # fmt: skip
    if spoilt == "missing":
        file.unlink()
    with pytest.raises(BackupBroken):
        restore(file, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "name", ["../out", "/out", "a/../../out", "a\\..\\out", "link", "settings.toml", "settings.toml/x"]
)
def test_no_member_leaves_the_folder_or_writes_twice(tmp_path: Path, name: str) -> None:
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for each in ("settings.toml", name):
            member = tarfile.TarInfo(each)
            member.type = tarfile.SYMTYPE if name == "link" and each == name else tarfile.REGTYPE
            member.linkname = "/etc/passwd"
            archive.addfile(member, io.BytesIO())
        text = json.dumps({"format": "argosy/backup/1", "made_at": "", "with_keys": False}).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    with pytest.raises(BackupBroken):
        restore(file, tmp_path / "below" / "back")
    assert not list(tmp_path.rglob("out"))
    assert not (tmp_path / "below" / "back").exists()
