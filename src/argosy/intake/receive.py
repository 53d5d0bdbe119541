"""Files as a seller has them (plain, .gz, .zip, .xlsx, any encoding) into kept originals and readable text."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from argosy.model.errors import NothingToImport

CHUNK = 1 << 20
MAX_BYTES = 20 << 30  # an unpacked export above this is a zip bomb or a mistake
MAX_RATIO = 200  # text packs 20:1, a sheet of one value 100:1; more is made to hurt
MAX_MEMBERS = 5000  # files in one archive
LOCKED = 1  # the bit of a member that is encrypted
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")

# What reading an archive or a workbook that is broken, or made to break, trips over.
DAMAGED = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, SyntaxError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A file, or a member of an archive, that may be an export."""

    name: str
    path: Path
    member: str = ""

    def modified_at(self) -> datetime:
        """Return when the export was written, UTC, as its file or archive says."""
        if self.member and self.path.suffix.lower() == ".zip":
            with zipfile.ZipFile(self.path) as archive:
                stamp = archive.getinfo(self.member).date_time
            try:
                return datetime(*stamp)
            except ValueError:
                pass
        seconds = int(self.path.stat().st_mtime)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Received:
    """A file that was taken in.

    kept: the original under the hash of its content. text: UTF-8 text of it, ``kept`` itself where that is text
    already. regular: no blank line, no NUL, no byte that had to be replaced.
    """

    name: str
    file_hash: str
    kept: Path
    text: Path
    modified_at: datetime
    encoding: str
    regular: bool


class Unreadable(Exception):
    """A file that cannot be opened at all; ``reason`` is a key of ``locale/files.toml``."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


def find_files(paths: Sequence[str]) -> list[Found]:
    """Return the files behind paths, folders and globs, each once, in the order of their names.

    Raises ``NothingToImport`` when a path leads to no file at all.
    """
    found: dict[Path, None] = {}
    for text in paths:
        path = Path(text).expanduser()
        if path.is_dir():
            files = [p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(".")]
        elif path.is_file():
            files = [path]
        else:
            anchor = Path(path.anchor) if path.is_absolute() else Path()
            pattern = str(path.relative_to(path.anchor)) if path.is_absolute() else str(path)
            files = [p for p in sorted(anchor.glob(pattern)) if p.is_file()] if pattern != "." else []
        if not files:
            raise NothingToImport(paths=text)
        found.update(dict.fromkeys(files))
    return [Found(name=path.name, path=path) for path in found]


def open_archives(found: Found) -> list[Found]:
    """Return the members of a .zip or the sheets of an .xlsx, or the file itself; ``Unreadable`` when damaged."""
    suffix = found.path.suffix.lower()
    try:
        if suffix == ".zip":
            with zipfile.ZipFile(found.path) as archive:
                _check(archive, found)
                members = [i.filename for i in archive.infolist() if _wanted(i)]
            return [Found(f"{found.name}/{member}", found.path, member) for member in sorted(members)]
        if suffix in (".xlsx", ".xlsm"):
            with zipfile.ZipFile(found.path) as archive:
                _check(archive, found)
            return [Found(f"{found.name}#{sheet}", found.path, sheet) for sheet in _sheets(found.path)]
    except (*DAMAGED, OSError) as error:
        raise Unreadable("damaged_archive") from error
    return [found]


def _check(archive: zipfile.ZipFile, found: Found) -> None:
    """``Unreadable`` for an archive that would hurt, before anything of it is unpacked.

    What it says of itself is enough: no member is read beyond the size that stands in the list of them.
    """
    members, size = archive.infolist(), found.path.stat().st_size
    if len(members) > MAX_MEMBERS:
        raise Unreadable("too_many", name=found.name, n=f"{len(members):,}", most=f"{MAX_MEMBERS:,}")
    if sum(info.file_size for info in members) > min(MAX_BYTES, MAX_RATIO * max(size, CHUNK)):
        raise Unreadable("too_large", name=found.name)
    if any(info.flag_bits & LOCKED for info in members):
        raise Unreadable("locked_archive")


def _wanted(info: zipfile.ZipInfo) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in Path(info.filename).parts)
    return not info.is_dir() and not hidden


def receive(found: Found, folder: Path, scratch: Path) -> Received:
    """Keep the file in ``folder`` under the hash of its content and return it as readable text.

    Text made on the way (decoded, unpacked from a sheet) lies in ``scratch``. ``Unreadable`` when the file is
    damaged, empty or no text.
    """
    if found.path.suffix.lower() in (".xlsx", ".xlsm"):
        return _receive_sheet(found, folder, scratch)
    try:
        with _opened(found) as source:
            incoming, file_hash, utf8, clean = _copied(source, folder, name=found.name, limit=_limit(found))
    except DAMAGED as error:
        raise Unreadable("damaged_archive") from error
    except OSError as error:
        if error.errno in (2, 5, 13, 21):
            raise Unreadable("not_readable") from error
        raise
    kept = folder / file_hash
    incoming.replace(kept)
    if kept.stat().st_size == 0:
        raise Unreadable("empty")
    text, encoding, replaced = (kept, "utf-8", False) if utf8 else _decoded(kept, scratch / f"{file_hash}.txt")
    return Received(found.name, file_hash, kept, text, found.modified_at(), encoding, clean and not replaced)


def _limit(found: Found) -> int:
    return min(MAX_BYTES, MAX_RATIO * max(found.path.stat().st_size, CHUNK))


def _opened(found: Found) -> Any:
    if found.member:
        return zipfile.ZipFile(found.path).open(found.member)
    if found.path.suffix.lower() == ".gz":
        return gzip.open(found.path, "rb")
    return found.path.open("rb")


def _copied(source: IO[bytes], folder: Path, *, name: str, limit: int) -> tuple[Path, str, bool, bool]:
    """Copy a stream and tell its hash, whether it is UTF-8, and whether its lines are free of surprises."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    utf8, clean, size, tail = True, True, 0, b""
    with NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as copy:
        path = Path(copy.name)
        try:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise Unreadable("too_large", name=name)
                digest.update(chunk)
                copy.write(chunk)
                seam = tail + chunk
                clean = clean and not _surprising(seam)
                tail = chunk[-4:]
                if utf8:
                    utf8 = _decodes(decoder, chunk)
            utf8 = utf8 and _decodes(decoder, b"", final=True)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path, digest.hexdigest(), utf8, clean


def _surprising(data: bytes) -> bool:
    # A blank line, a NUL, a bare carriage return, two kinds of line ends: the engine would skip or refuse rows, the
    # careful reader counts them.
    return (
        b"\n\n" in data
        or b"\n\r\n" in data
        or b"\0" in data
        or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n") + data.endswith(b"\r"))
        or (b"\r\n" in data and data.removeprefix(b"\n").count(b"\n") != data.count(b"\r\n"))
        or b"\xef\xbf\xbd" in data
    )


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(kept: Path, target: Path) -> tuple[Path, str, bool]:
    data = kept.read_bytes()
    encoding = guess_encoding(data)
    text = data.decode(encoding, errors="replace")
    target.write_text(text.lstrip("\ufeff"), encoding="utf-8", newline="")
    return target, encoding, "\ufffd" in text


def guess_encoding(data: bytes) -> str:
    """Return the encoding of text that is not clean UTF-8: UTF-16 by its mark, damaged UTF-8, cp932, cp1252.

    Latin-1 is never guessed: it can read anything, so it can never tell that it is wrong.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", data))
    lone = data.decode("utf-8", errors="replace").count("\ufffd")
    if good > lone:
        return "utf-8"
    try:
        japanese = data.decode("cp932")
    except UnicodeDecodeError:
        return "cp1252"
    # Western text can pass as cp932; only Japanese text has kana in it, or bytes that no Western letter has.
    if re.search(r"[\u3041-\u30fe]", japanese):
        return "cp932"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "cp932"
    return "cp1252"


def _sheets(path: Path) -> list[str]:
    return [name for name, rows in _workbook(path) if rows]


def _workbook(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    import openpyxl  # noqa: PLC0415 - loaded only where a workbook is read

    with path.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # some exports declare a dimension of one cell
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        yield sheet.title, rows if any(any(row) for row in rows) else []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float):
        # Spreadsheets keep numbers as doubles: fifteen digits are what was typed, the rest is noise.
        return f"{value:.15g}" if "e" not in f"{value:.15g}" else f"{value:f}"
    return str(value)


def readable_text(kept: Path, *, name: str, encoding: str, scratch: Path) -> Path:
    """Return UTF-8 text of a kept original; ``name`` and ``encoding`` as its import was written down."""
    text = scratch / "kept.txt"
    if encoding != "xlsx":
        # A file a buyer was erased from is UTF-8 since, whatever it was before.
        utf8 = encoding == "utf-8" or _decodes(codecs.getincrementaldecoder("utf-8")(), kept.read_bytes(), final=True)
        return kept if utf8 else _decoded(kept, text)[0]
    sheet = name.rpartition("#")[2]
    _write_sheet(next(rows for title, rows in _workbook(kept) if title == sheet), text)
    return text


def _write_sheet(rows: list[list[str]], text: Path) -> None:
    with text.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _receive_sheet(found: Found, folder: Path, scratch: Path) -> Received:
    with found.path.open("rb") as source:
        incoming, file_hash, _, _ = _copied(source, folder, name=found.name, limit=MAX_BYTES)
    kept = folder / file_hash
    incoming.replace(kept)
    try:
        rows = next(rows for name, rows in _workbook(kept) if name == found.member)
    except (*DAMAGED, OSError, StopIteration) as error:
        raise Unreadable("damaged_archive") from error
    sheet_hash = hashlib.sha256(f"{file_hash}#{found.member}".encode()).hexdigest()
    text = scratch / f"{sheet_hash}.txt"
    _write_sheet(rows, text)
    return Received(found.name, sheet_hash, kept, text, found.modified_at(), "xlsx", False)
