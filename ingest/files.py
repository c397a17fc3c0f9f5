"""Input files: the only place that opens, decompresses, decodes and hashes them.

Readers get an open handle, of text or of bytes, and never see a path. Compression and encoding
are told by content: names lie.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, BinaryIO, Final, NamedTuple, TextIO, cast

from ingest.compression import decompressed, is_compressed
from ingest.empty_results import reader_of_empty, told
from ingest.errors import FormatError, InputError, UnknownFormatError
from ingest.own_results import own_result, without_drafts
from ingest.readers import READERS
from ingest.readers.base import BinaryReader, Source
from ingest.unread_formats import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ingest.readers.base import AnyReader, Kind, Reader
    from ingest.records import Record

#: Characters that a reader may look at to recognise its format.
HEAD_SIZE: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024
#: A line of which this many characters are in the head is long; it is a row with so many cells.
_LONG_LINE: Final = HEAD_SIZE // 4
_MANY_CELLS: Final = 100
#: Lines that are read on in a table of long lines, and characters of each at most.
_ROWS_WANTED: Final = 4
_MOST_OF_LINE: Final = 8 * 1024 * 1024
#: Beginnings of files that hold no table of lines: JSON, XML.
_NO_TABLES: Final = ("{", "[", "<")
#: Bytes that readers of binary files may tell their format by.
_MAGIC_SIZE: Final = 64
#: Bytes that an empty file may take when it is compressed.
_EMPTY_SIZE: Final = 512
#: Characters of an unknown file that a message shows, and of a message of a library.
_SHOWN: Final = 60
_LONGEST: Final = 300
_OLD_LETTERS: Final = "some characters are no UTF-8: they were read as Windows-1252 (Latin-1)"
_LOST_BYTES: Final = "some characters are U+FFFD: bytes that were not UTF-8, here or earlier"
_ENDS_OPEN: Final = "the last line has no line end: check that the file was not cut short"
#: What a cut leaves readable but wrong: half a sequence, half a number.
_CUT_UNSEEN: Final[frozenset[Kind]] = frozenset(
    {"genes", "contigs", "proteins", "families", "annotations", "abundance", "genomes"}
)
#: Bytes that a compressed file that is no text may unpack to: readers need it whole, on disk.
_MOST_BYTES: Final = 4 * 1024**3
#: Bytes of it that are held in memory before they go to a temporary file.
_IN_MEMORY: Final = 64 * 1024**2
#: What libraries raise on damaged archives and containers.
_LIBRARY_FAULTS: Final = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError),
    *(ArithmeticError, MemoryError, struct.error, zlib.error, lzma.LZMAError),
    zipfile.BadZipFile,
)


class OpenedFile(NamedTuple):
    """A recognised file: what reads it, what is known about it, and its records."""

    source: Source
    reader: str
    records: Iterator[Record]

    @property
    def kind(self) -> Kind:
        """What the file's records are about."""
        return READERS.get(self.reader).kind


def read_records(path: Path, format: str | None = None) -> OpenedFile:
    """Recognise a file by content and open it for reading; records come lazily, in order.

    A file without a byte is a result where a search leaves such files; its name or the format
    tells (``ingest.empty_results``).

    Args:
        path: A plain or compressed file.
        format: Name of a reader, to skip recognition.

    Raises:
        InputError: The file is missing, empty or no file.
        UnknownFormatError: No reader recognises it.
        UserError: No reader has the name that was asked for.
        FormatError: Raised while reading when the file as a whole breaks its format.
    """
    if empty := _empty_result(path, format):
        return empty
    name = format or _recognise(path)
    reader = READERS.get(name)()
    source = Source(path_name=path.name, sha256=sha256_of(path))
    return OpenedFile(source, name, _records(path, reader, source))


def _empty_result(path: Path, format: str | None) -> OpenedFile | None:
    reader = reader_of_empty(path.name, format)
    if not reader or not path.is_file() or (size := path.stat().st_size) > _EMPTY_SIZE:
        return None
    if size:
        with _open_bytes(path) as raw:
            if not is_compressed(raw) or decompressed(raw, path.name).read(1):
                return None
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    source = Source(path_name=path.name, sha256=sha256, warnings=[told(reader, format)])
    return OpenedFile(source, reader, iter(()))


def sha256_of(path: Path) -> str:
    """Hash a file's bytes as they lie on disk.

    Raises:
        InputError: The file is missing, empty or no file.
    """
    digest = hashlib.sha256()
    with _open_bytes(path) as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def head(path: Path, size: int = HEAD_SIZE) -> str:
    """Read the first ``size`` characters of a file, or rows of a wide table, as plain text."""
    with open_text(path) as handle:
        start = handle.read(size)
        return start + _rest_of_rows(handle, start)


def _rest_of_rows(handle: TextIO, start: str) -> str:
    """Read on in a table with long lines, as of thousands of samples, until rows are whole."""
    cut = start.rpartition("\n")[2]
    commas = cut.count(",") - cut.count(", ")  # those of prose have a space behind them
    is_long = len(cut) > _LONG_LINE and max(cut.count("\t"), commas) > _MANY_CELLS
    if not is_long or start.lstrip("\ufeff \n").startswith(_NO_TABLES):
        return ""
    lines = [handle.readline(_MOST_OF_LINE) for _ in range(_ROWS_WANTED)]
    return "".join(lines) if lines[0].endswith("\n") else ""


@contextmanager
def open_text(path: Path, *, is_prose: bool = False) -> Iterator[TextIO]:
    r"""Open a file as text, whatever its compression (gz, xz, bz2, zst) and encoding.

    UTF-8 with or without a byte-order mark and UTF-16 are told apart by content; every line
    end arrives as ``\n``. Bytes that are not text are replaced by U+FFFD; in prose they are read as
    Windows-1252, as older programs export it, where a line has nothing of UTF-8.

    Raises:
        InputError: The file is missing, empty or no file.
        FormatError: The file is binary, or its compression is damaged or cut short.
    """
    with _open_bytes(path) as raw:
        plain = io.BufferedReader(decompressed(raw, path.name), _CHUNK)
        start = plain.peek()[:4096]
        _refuse_binary(start, path.name)
        encoding = _encoding_of(start, path.name)
        errors = "surrogateescape" if is_prose and encoding.startswith("utf-8") else "replace"
        handle = _Text(plain, encoding=encoding, errors=errors, newline=None)
        try:
            yield handle
        finally:
            handle.close()


class _Text(io.TextIOWrapper):
    """Text that remembers whether bytes had to be replaced and how its last line ends."""

    replaced = False
    translated = False
    ends_open = False

    def read(self, size: int | None = -1, /) -> str:
        return self._decoded(super().read(size))

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the stub has Any
        line = self._decoded(super().readline(size))
        if "�" in line:
            self.replaced = True
        if line:
            self.ends_open = not line.endswith("\n")
        return line

    def _decoded(self, text: str) -> str:
        """Give bytes that are no UTF-8 (kept as lone surrogates) the letters of Windows-1252."""
        if text.isascii() or not _BYTES.search(text):
            return text
        return "".join(map(self._decoded_line, text.splitlines(keepends=True)))

    def _decoded_line(self, line: str) -> str:
        if not _BYTES.search(line):
            return line
        is_mixed = any(char > "\x7f" and not _BYTES.match(char) for char in line)
        self.replaced |= is_mixed
        self.translated |= not is_mixed
        return _BYTES.sub("\ufffd" if is_mixed else _letter, line)


#: Bytes that could not be decoded, as Python keeps them.
_BYTES: Final = re.compile("[\udc80-\udcff]")


def _letter(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


#: Files that are no text, told by their first bytes, and what to do about each.
_NOT_TEXT: Final[dict[bytes, tuple[str, str]]] = {
    b"PK\x03\x04": ("a zip archive", "Unpack it and add the file inside"),
    b"PK\x05\x06": ("an empty zip archive", "Check the step that made it"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "Export it as TSV first"),
    b"%PDF": ("a damaged PDF", "Download it again: it was cut short or changed"),
}

#: The first member of files of Excel and Word.
_OFFICE: Final = b"[Content_Types].xml"

_BYTE_ORDER_MARKS: Final[dict[bytes, str]] = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


@contextmanager
def open_binary(path: Path) -> Iterator[BinaryIO]:
    """Open a file as bytes, decompressed (gz, xz, bz2, zst) and seekable, at its start.

    Raises:
        InputError: The file is missing, empty or no file.
        FormatError: Its compression is damaged, cut short, or hides too much.
    """
    with _open_bytes(path) as raw:
        if not is_compressed(raw):
            yield raw
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as plain:
            _copy(io.BufferedReader(decompressed(raw, path.name), _CHUNK), plain, path.name)
            plain.seek(0)
            yield cast("BinaryIO", plain)


def _copy(packed: BinaryIO, plain: IO[bytes], path_name: str) -> None:
    size = 0
    while chunk := packed.read(_CHUNK):
        size += len(chunk)
        if size > _MOST_BYTES:
            what = f"the file unpacks to more than {_MOST_BYTES // 1024**3} GiB"
            hint = "Decompress it yourself and add it plain"
            raise FormatError(what, path_name=path_name, hint=hint)
        plain.write(chunk)


def _open_bytes(path: Path) -> BinaryIO:
    where = path.name or str(path)
    if path.is_dir():
        raise InputError("this is a folder", where=where, hint="Name the files inside it")
    if not path.exists():
        raise InputError("no such file", where=where, hint="Check the path")
    if not path.is_file():
        hint = "Write its content to a file first: it is read twice"
        raise InputError("this is not a regular file", where=where, hint=hint)
    if path.stat().st_size == 0:
        hint = "If a search found nothing, name it with --format search_hits; else check its step"
        raise InputError("the file is empty", where=where, hint=hint)
    try:
        return path.open("rb")
    except OSError as error:
        what = f"the file cannot be opened ({error.strerror})"
        raise InputError(what, where=where, hint="Check its permissions") from error


def _refuse_binary(start: bytes, path_name: str) -> None:
    if start.startswith(b"PK") and _OFFICE in start:
        what, hint = "this is a file of Excel or Word", "Save the sheet as tab-separated text"
        raise FormatError(what, path_name=path_name, hint=hint)
    for magic, (what, hint) in _NOT_TEXT.items():
        if start.startswith(magic):
            message = f"this is {what}, not a text file"
            raise FormatError(message, path_name=path_name, hint=hint)


def _encoding_of(start: bytes, path_name: str) -> str:
    if not start:
        hint = "Check the step that made it"
        raise InputError("the file holds nothing once decompressed", where=path_name, hint=hint)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\x00" not in start:
        return "utf-8"
    # Latin text in UTF-16 has a NUL in every second byte.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[offset::2].count(0) > 0.7 * len(start[offset::2]):
            return encoding
    hint = "Export it as text (TSV, FASTA, GFF3, GenBank, XML, JSONL)"
    raise FormatError("this is a binary file", path_name=path_name, hint=hint)


def _recognise(path: Path) -> str:
    readers = {name: READERS.get(name)() for name in READERS.names()}
    if name := _recognise_binary(path, readers):
        return name
    start = head(path)
    _refuse_own(path, start)
    for name, reader in readers.items():
        if not isinstance(reader, BinaryReader) and reader.sniff(start):
            return name
    if reason := reason_of(start):
        raise UnknownFormatError(reason[0], where=path.name, hint=reason[1])
    first = next((line for line in start.splitlines() if line.strip()), "")
    if first and all(line.startswith("#") or not line.strip() for line in start.splitlines()):
        hint = "Check the step that made it"
        raise UnknownFormatError("the file holds only comments", where=path.name, hint=hint)
    if not first and len(start) < HEAD_SIZE:
        hint = "Check the step that made it"
        raise UnknownFormatError("the file is blank", where=path.name, hint=hint)
    what = f"the format is not recognised; the file begins {first.strip()[:_SHOWN]!r}"
    hint = "Name its format with --format NAME; `metalumen formats` lists them"
    raise UnknownFormatError(what, where=path.name, hint=hint)


def _recognise_binary(path: Path, readers: Mapping[str, AnyReader]) -> str:
    with _open_bytes(path) as raw:
        start = io.BufferedReader(decompressed(raw, path.name)).read(_MAGIC_SIZE)
    for name, reader in readers.items():
        if isinstance(reader, BinaryReader) and start.startswith(reader.magic):
            try:
                with open_binary(path) as handle:
                    if reader.sniff_file(handle):
                        return name
            except _LIBRARY_FAULTS:
                continue  # what cannot even be looked at is not of this format
    return ""


def _refuse_own(path: Path, start: str) -> None:
    """Refuse what this software wrote.

    Raises:
        FormatError: The file is a draft or a result of its own.
    """
    if reason := own_result(start):
        raise FormatError(reason[0], path_name=path.name, hint=reason[1])


def _records(path: Path, reader: AnyReader, source: Source) -> Iterator[Record]:
    if isinstance(reader, BinaryReader):
        return without_drafts(_binary_records(path, reader, source))
    return without_drafts(_text_records(path, reader, source))


def _text_records(path: Path, reader: Reader, source: Source) -> Iterator[Record]:
    _refuse_own(path, head(path, _MAGIC_SIZE * 32))
    with open_text(path, is_prose=reader.kind == "literature") as handle:
        yield from reader.read(handle, source)
        assert isinstance(handle, _Text)
        if handle.translated:
            source.warnings.append(_OLD_LETTERS)
        if handle.replaced:
            source.warnings.append(_LOST_BYTES)
        if handle.ends_open and reader.kind in _CUT_UNSEEN:
            source.warnings.append(_ENDS_OPEN)


def _binary_records(path: Path, reader: BinaryReader, source: Source) -> Iterator[Record]:
    with open_binary(path) as handle:
        try:
            yield from reader.read_file(handle, source)
        except _LIBRARY_FAULTS as error:
            what = f"the file is damaged or no {reader.name} ({type(error).__name__}: {error})"
            hint = "Make it or download it again"
            raise FormatError(what[:_LONGEST], path_name=path.name, hint=hint) from error
