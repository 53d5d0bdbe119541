"""Files sent in the browser: kept, read by the worker, told about; broken and hostile ones; who may send."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import Enter

from argosy.business import Business
from argosy.commands.asked import look, read_uploads
from argosy.decisions import errands, load, uploads
from argosy.decisions.uploads import DONE, FAILED, RUNNING, WAITING, Upload
from argosy.flow import now
from argosy.intake.importer import import_files

UNKNOWN = "nothing, known\nhere, or\n"
HX = {"HX-Request": "true"}


def file(name: str, content: bytes | str) -> io.BytesIO:
    sent = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    sent.name = name
    return sent


def last() -> Upload:
    from argosy.console.desk import state

    with state().read() as connection:
        number = connection.exec_driver_sql("SELECT max(number) FROM uploads").scalar_one()
        return uploads.upload(connection, int(number))


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def sent(enter: Enter, console: Path) -> Any:
    """Return a way to send files as a form does and have them read; what the page then says of them."""

    def way(*files: io.BytesIO, role: str = "operator", lang: str = "en") -> str:
        assert enter(role).post("/data/send/", {"files": files, "account": "main"}).status_code == 302
        read_uploads(str(console))
        return plain(enter(role, lang=lang).get("/data/uploads/"))

    return way


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    from argosy.console.desk import state

    with state().write() as connection:
        connection.exec_driver_sql("DELETE FROM uploads")
        connection.exec_driver_sql("DELETE FROM errands")


def test_the_sellers_exports_are_sent_and_told_about_one_by_one(enter: Enter, console: Path, sent: Any) -> None:
    exports = sorted((console.parent / "exports").iterdir())
    told = sent(*(file(path.name, path.read_bytes()) for path in exports))
    assert last().state == DONE
    assert all(path.name in told for path in exports)
    assert told.count("read before, nothing to do") == len(exports)
    assert not uploads.folder_of(_state(), last().number).exists()


def test_progress_is_shown_while_a_worker_reads(enter: Enter) -> None:
    enter("owner").post("/data/send/", {"files": [file("a.csv", "a,b\n1,2\n"), file("b.csv", "a,b\n1,2\n")]})
    assert last().state == WAITING
    waiting = plain(enter("owner").get("/data/"))
    assert "live-uploads" in waiting
    assert "No worker is running" in waiting
    uploads.begin(_state(), last().number, at=now())
    uploads.progress(_state(), last().number, done=1, total=2, doing="b.csv")
    assert "1 of 2 read (50%), now b.csv" in plain(enter("viewer").get("/data/uploads/"))
    assert "已读 1 / 2（50%），正在读取 b.csv" in plain(enter("viewer", lang="zh").get("/data/uploads/"))


def test_what_a_dead_worker_left_is_read_by_another(enter: Enter, console: Path) -> None:
    export = (console.parent / "exports" / "costs.csv").read_bytes()
    enter("owner").post("/data/send/", {"files": [file("costs.csv", export), file("notes.csv", UNKNOWN)]})
    uploads.begin(_state(), last().number, at=now())
    uploads.progress(_state(), last().number, done=1, total=2, doing="notes.csv")
    assert last().state == RUNNING
    read_uploads(str(console))
    assert last().state == DONE
    assert [one["outcome"] for one in last().reports] == ["known", "unknown"]


def test_a_large_file_comes_in_pieces_and_each_only_where_it_belongs(enter: Enter, console: Path) -> None:
    browser, content = enter("owner"), UNKNOWN.encode()
    about = {"name": ["../../etc/<b>costs</b>.csv"], "size": [len(content)], "modified": [1_700_000_000]}
    number = browser.post("/data/announce/", about).json()["number"]
    address = f"/data/uploads/{number}/0/?at="
    assert _piece(browser, f"{address}0", content[:10]) == 10
    assert browser.post(f"/data/uploads/{number}/read/", headers=HX)["HX-Retarget"] == "#told"
    assert _piece(browser, f"{address}0", content) == 10
    assert _piece(browser, f"{address}10", content[10:] + b"more than was said") == len(content)
    assert enter("operator").post(f"/data/uploads/{number}/read/").status_code == 404
    assert browser.post(f"/data/uploads/{number}/read/").status_code == 200
    (kept,) = uploads.folder_of(_state(), number).iterdir()
    assert kept.name == "00000.csv"
    assert kept.stat().st_mtime == 1_700_000_000
    read_uploads(str(console))
    told = plain(browser.get("/data/uploads/"))
    assert "b&gt;.csv" in told
    assert "<b>costs" not in told


@pytest.mark.parametrize(("name", "content", "says", "sagt"), [
    ("empty.csv", b"", "the file is empty", "空文件"),
    ("notes.csv", UNKNOWN, "unknown format", "无法识别的格式"),
    ("photo.csv", bytes(range(256)) * 40, "unknown format", "无法识别的格式"),
    ("cut.zip", b"PK\x03\x04 and no more", "damaged or cut off", "压缩包损坏"),
    ("book.xlsx", b"<html>an error page</html>", "damaged or cut off", "压缩包损坏"),
], ids=["empty", "unknown", "binary", "cut", "no workbook"])  # fmt: skip
def test_broken_files_are_told_in_a_sentence(sent: Any, name: str, content: bytes | str, says: str, sagt: str) -> None:
    assert says in sent(file(name, content))
    assert sagt in sent(file(name, content), lang="zh")


def test_a_bomb_is_left_alone(sent: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.csv", b"0" * 100_000_000)
    assert "bomb.zip unpacks to more than is reasonable" in sent(file("bomb.zip", packed.getvalue()))


@pytest.mark.parametrize(("about", "says"), [
    ({"name": ["all.csv"], "size": [2_000_000_001], "modified": [0]}, "all.csv is larger than 2 GB"),
    ({}, "No file was chosen"),
    ({"name": ["a.csv"], "size": [1, 2], "modified": [0]}, "No file was chosen"),
    ({"name": ["a.csv"], "size": [1], "modified": [0], "account": "../x"}, "letters, digits"),
], ids=["too large", "none", "uneven", "account"])  # fmt: skip
def test_what_cannot_be_taken_is_refused_before_it_is_sent(enter: Enter, about: dict[str, Any], says: str) -> None:
    answer = enter("owner").post("/data/announce/", about, headers=HX)
    assert answer["HX-Retarget"] == "#told"
    assert says in answer.content.decode()


def test_no_room_on_the_disk_is_said_before_anything_is_sent(enter: Enter) -> None:
    about = {"name": ["a.csv"] * 300, "size": [1_999_999_999] * 300, "modified": [0] * 300}
    assert "is full. Free some space" in enter("owner").post("/data/announce/", about).content.decode()


@pytest.mark.parametrize("address", ["/data/announce/", "/data/send/", "/data/uploads/1/read/", "/data/uploads/1/0/",
                                     "/data/mend/abc/", "/data/look/"])  # fmt: skip
def test_viewers_and_strangers_send_nothing(enter: Enter, address: str) -> None:
    assert enter("viewer").post(address).status_code == 403
    assert enter().post(address).status_code == 302
    assert enter("owner").get(address).status_code == 405


def test_viewers_see_no_form(enter: Enter) -> None:
    assert "data-upload" not in enter("viewer").get("/data/").content.decode()
    assert "data-upload" in enter("finance").get("/data/").content.decode()


def test_refused_rows_are_put_right_in_the_browser(enter: Enter, console: Path, tmp_path: Path) -> None:
    path = tmp_path / "mend.csv"
    path.write_text("sku,unit_cost,currency\nMEND-1,3.50,EUR\nMEND-2,x,EUR\n=cmd|1,<script>,EUR\n", encoding="utf-8")
    with closing(Business.at(console)) as business:
        import_files(business.lake, [str(path)], known_at=now(), account="uk-shop")
    page = plain(enter("owner").get("/data/?tab=rejects&name=mend.csv"))
    assert "is not an amount" in page
    assert "<script>,EUR" not in page
    told = enter("viewer").get("/data/?tab=rejects&name=mend.csv&format=csv").content.decode()
    assert "'=cmd|1" in told
    (address,) = re.findall(r'action="(/data/mend/\w+/)"', page)
    enter("owner").post(address, {"row-3": "MEND-2,4.25,EUR", "row-4": "MEND-3,5,EUR", "row-x": "no"})
    assert (last().state, last().files[0].name, last().account) == (WAITING, "mend.csv", "uk-shop")
    mended = uploads.folder_of(_state(), last().number) / last().files[0].stored
    assert mended.read_text() == "sku,unit_cost,currency\nMEND-1,3.50,EUR\nMEND-2,4.25,EUR\nMEND-3,5,EUR\n"
    assert "no longer kept" in enter("owner").post("/data/mend/abc/").content.decode()


def test_what_cannot_be_read_now_is_tried_again(enter: Enter, console: Path) -> None:
    enter("owner").post("/data/send/", {"files": [file("notes.csv", UNKNOWN)]})
    uploads.fail(_state(), last().number, words="The disk is full.", at=now())
    assert "The disk is full." in plain(enter("viewer").get("/data/uploads/"))
    assert last().state == FAILED
    assert enter("operator").post(f"/data/uploads/{last().number}/read/").status_code == 200
    read_uploads(str(console))
    assert last().state == DONE


def test_a_watch_is_asked_for_once_and_done_by_the_worker(enter: Enter, console: Path, sent: Any) -> None:
    assert "Look for findings now" in sent(file("notes.csv", UNKNOWN))
    for _ in range(2):
        assert "Looking for findings" in plain(enter("operator").post("/data/look/"))
    with _state().read() as connection:
        assert len(errands.waiting(connection)) == 1
    look(str(console))
    with _state().read() as connection:
        assert errands.waiting(connection) == []
        assert errands.last(connection, errands.WATCH).words == ""  # type: ignore[union-attr]
        assert load.last_run(connection) is not None


def test_new_facts_are_looked_at_without_being_asked(console: Path, sent: Any) -> None:
    head, first = (console.parent / "exports" / "costs.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    assert "Look for findings now" in sent(file("notes.csv", UNKNOWN))
    assert "Looking for findings" in sent(file("costs.csv", f"{head}\n{first}\n"))


@pytest.mark.parametrize("tab", ["upload", "imports", "rejects", "gaps", "coverage"])
def test_every_tab_is_shown_in_both_languages(enter: Enter, tab: str) -> None:
    for lang in ("en", "zh"):
        page = enter("viewer", lang=lang).get(f"/data/?tab={tab}")
        assert page.status_code == 200
        assert "console." not in page.content.decode()
    if tab != "upload":
        assert enter("owner").get(f"/data/?tab={tab}&format=csv").content.decode("utf-8-sig").count("\n") >= 1
        assert enter("owner").get(f"/data/?tab={tab}&format=xlsx").content[:2] == b"PK"


def _piece(browser: Any, address: str, content: bytes) -> int:
    answer = browser.post(address, content, content_type="application/octet-stream")
    return int(answer.json()["there"])


def _state() -> Any:
    from argosy.console.desk import state

    return state()
