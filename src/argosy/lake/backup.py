"""A workspace in one file, and back: an archive (tar.zst or tar.gz) that ends with the hashes of all it holds.

    settings.toml, lake/..., raw/..., state.sqlite ...   the files of the folder, databases as of one moment
    backup.json                                          last: the format, when, which files with which SHA-256

Whatever is not whole is noticed, for then the last member is missing or a hash differs.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from argosy.lake.workspace import disk_errors
from argosy.model.errors import BackupBroken, BackupInside, BackupTarget

FORMAT, MANIFEST = "argosy/backup/1", "backup.json"
ZSTD, GZIP = b"\x28\xb5\x2f\xfd", b"\x1f\x8b"  # how a file of each begins
CHUNK = 1 << 20
# Made again from the rest, or of this machine alone; what is begun is known by the state store.
LEFT_OUT = (".static", "published", "jobs.sqlite")
TEMPORARY = (".lock", "-wal", "-shm", "-journal", ".tmp")


@dataclass
class Packed:
    """What an archive holds: when it was made, its files with their hashes, whether the keys are among them, and what
    else is noted of it."""

    made_at: str
    with_keys: bool
    files: dict[str, str] = field(default_factory=dict)
    noted: Mapping[str, Any] = field(default_factory=dict)


def is_key(name: str) -> bool:
    """Return whether a file of a workspace is a secret: of the buyers, of the console, of a connector."""
    return name in ("key", ".console.key") or ("/" not in name and name.endswith(".token"))


def files_of(folder: Path, *, with_keys: bool) -> Iterator[str]:
    """Yield the names of the files a backup of a workspace takes, in order; links are followed, as to a larger disk."""
    for root, below, names in os.walk(folder, followlinks=True):
        here = Path(root).relative_to(folder)
        below[:] = sorted(name for name in below if here != Path() or name not in LEFT_OUT)
        for name in sorted(names):
            path = (here / name).as_posix()
            if path in LEFT_OUT or name.endswith(TEMPORARY) or not (folder / path).is_file():
                continue
            if with_keys or not is_key(path):
                yield path


def copied(folder: Path, names: Iterable[str], *, to: Path) -> dict[str, Path]:
    """Return where each file of a workspace is to be read from: what others may change meanwhile from a copy in ``to``,
    each database as of one moment."""
    told = {}
    for number, name in enumerate(names):
        told[name] = folder / name
        if name.endswith(".sqlite"):
            _copy(told[name], to / str(number))
            told[name] = to / str(number)
        elif "/" not in name:
            told[name] = Path(shutil.copy(told[name], to / str(number)))
    return told


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database, timeout=60)) as there, closing(sqlite3.connect(copy)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")  # one file, whole without any beside it


def outside(file: Path, folder: Path) -> Path:
    """Return where a backup is to be written; ``BackupInside`` where that is in the folder itself."""
    path = file.resolve()
    if path.is_relative_to(folder.resolve()):
        raise BackupInside(file=file, folder=folder)
    return path


def pack(file: Path, read: Mapping[str, Path], packed: Packed) -> Packed:
    """Write an archive, whole or not at all, readable by its owner only, and return what it holds."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with disk_errors(file.parent):
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with (
                pa.CompressedOutputStream(str(beside), "zstd" if file.suffix == ".zst" else "gzip") as stream,
                tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
            ):
                for name, path in read.items():
                    packed.files[name] = _add(archive, name, path)
                _note(archive, packed)
            with beside.open("rb") as out:
                os.fsync(out.fileno())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    return packed


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.file.read(size)
        self.hash.update(part)
        return part


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        told = tarfile.TarInfo(name)
        known = os.fstat(file.fileno())
        told.size, told.mtime, told.mode = known.st_size, int(known.st_mtime), 0o600
        hashed = _Hashed(file)
        archive.addfile(told, hashed)
    return hashed.hash.hexdigest()


def _note(archive: tarfile.TarFile, packed: Packed) -> None:
    text = json.dumps({"format": FORMAT, **vars(packed)}, ensure_ascii=False, indent=1).encode()
    told = tarfile.TarInfo(MANIFEST)
    told.size, told.mode = len(text), 0o600
    archive.addfile(told, io.BytesIO(text))


@contextmanager
def unpacked(file: Path, folder: Path) -> Iterator[tuple[Path, Packed]]:
    """Yield a folder with what an archive holds, checked whole, and what it is; when the block ends well it becomes
    ``folder``, which is new or empty (``BackupTarget``); else nothing is left. ``BackupBroken``."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupTarget(place=folder)
    folder = folder.resolve()
    with disk_errors(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".argosy-restore-", dir=folder.parent) as scratch:
            inside = Path(scratch) / "whole"
            inside.mkdir(mode=0o700)
            yield inside, _unpack(file, inside)
            if folder.exists():
                folder.rmdir()
            inside.rename(folder)


def _unpack(file: Path, folder: Path) -> Packed:
    found: dict[str, str] = {}
    if not file.is_file():
        raise BackupBroken(file=file, reason="–")
    try:
        with (
            file.open("rb") as given,
            _plain(given, file) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupBroken(file=file, reason=f"{member.name}: no plain file")
                if member.name == MANIFEST:
                    return _checked(json.loads(content.read()), found, file)
                found[member.name] = _write(content, _place(folder, member.name, file))
    except (OSError, EOFError, ValueError, tarfile.TarError, pa.ArrowException) as error:
        clash = isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError)  # one name twice
        if isinstance(error, OSError) and error.errno is not None and not clash:
            raise  # the disk, not the backup
        raise BackupBroken(file=file, reason=str(error)) from error
    raise BackupBroken(file=file, reason=f"{MANIFEST}: –")


def _plain(given: io.BufferedReader, file: Path) -> Any:
    begins = given.peek(len(ZSTD))
    if begins.startswith(ZSTD):
        return pa.CompressedInputStream(given, "zstd")
    if begins.startswith(GZIP):
        return pa.CompressedInputStream(given, "gzip")
    raise BackupBroken(file=file, reason="zstd, gzip: –")


def _place(folder: Path, name: str, file: Path) -> Path:
    """Return where a member is written: below the folder, whatever it calls itself."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in parts[0]:
        raise BackupBroken(file=file, reason=f"{name!r}")
    path = folder.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _write(content: Any, path: Path) -> str:
    digest = hashlib.sha256()
    # New: a name that comes twice is refused.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while part := content.read(CHUNK):
            digest.update(part)
            out.write(part)
    return digest.hexdigest()


def _checked(told: Any, found: Mapping[str, str], file: Path) -> Packed:
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise BackupBroken(file=file, reason=f"{MANIFEST} ≠ {FORMAT}")
    packed = Packed(**told)
    for name in sorted(packed.files.keys() | found.keys()):
        if packed.files.get(name) != found.get(name):
            raise BackupBroken(file=file, reason=f"{name}: SHA-256")
    return packed
