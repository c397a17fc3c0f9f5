"""Input files: the only place that opens, decompresses, decodes and hashes them.

Readers get an open text handle and never see a path. Compression and encoding are told by
content: names lie.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Protocol, TextIO, cast

from ingest.errors import FormatError, InputError, UnknownFormatError
from ingest.readers import READERS
from ingest.readers.base import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.readers.base import Kind, Reader
    from ingest.records import Record

#: Characters that a reader may look at to recognise its format.
HEAD_SIZE: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024
#: Characters of an unknown file that a message shows.
_SHOWN: Final = 60
_LOST_BYTES: Final = "some characters are U+FFFD: bytes that were not UTF-8, here or earlier"
_ENDS_OPEN: Final = "the last line has no line end: check that the file was not cut short"
#: What a cut leaves readable but wrong: half a sequence, half a number.
_CUT_UNSEEN: Final[frozenset[Kind]] = frozenset(
    {"genes", "contigs", "proteins", "families", "annotations", "abundance"}
)
#: Compressed bytes fed at once: bounds what one step of a zstd bomb can inflate to.
_ZSTD_CHUNK: Final = 4096

_DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, OSError)


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

    Args:
        path: A plain or compressed text file.
        format: Name of a reader, to skip recognition.

    Raises:
        InputError: The file is missing, empty or no file.
        UnknownFormatError: No reader recognises it.
        UserError: No reader has the name that was asked for.
        FormatError: Raised while reading when the file as a whole breaks its format.
    """
    name = format or _recognise(path)
    reader = READERS.get(name)()
    source = Source(path_name=path.name, sha256=sha256_of(path))
    return OpenedFile(source, name, _records(path, reader, source))


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
    """Read the first ``size`` characters of a file, decompressed and decoded."""
    with open_text(path) as handle:
        return handle.read(size)


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    r"""Open a file as text, whatever its compression (gz, xz, bz2, zst) and encoding.

    UTF-8 with or without a byte-order mark and UTF-16 are told apart by content; every line
    end arrives as ``\n``. Bytes that are not text are replaced by U+FFFD.

    Raises:
        InputError: The file is missing, empty or no file.
        FormatError: The file is binary, or its compression is damaged or cut short.
    """
    with _open_bytes(path) as raw:
        plain = io.BufferedReader(_Guarded(_decompressed(raw, path.name), path.name), _CHUNK)
        start = plain.peek()[:4096]
        encoding = _encoding_of(start, path.name)
        handle = _Text(plain, encoding=encoding, errors="replace", newline=None)
        try:
            yield handle
        finally:
            handle.close()


class _Text(io.TextIOWrapper):
    """Text that remembers whether bytes had to be replaced and how its last line ends."""

    replaced = False
    ends_open = False

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the stub has Any
        line = super().readline(size)
        if "�" in line:
            self.replaced = True
        if line:
            self.ends_open = not line.endswith("\n")
        return line


class _Guarded(io.RawIOBase):
    """A decompressed stream whose decompression errors name the file."""

    def __init__(self, stream: BinaryIO, path_name: str) -> None:
        self._stream = stream
        self._path_name = path_name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast("bytearray", buffer))
        try:
            data = self._stream.read(len(view))
        except _DAMAGED as error:
            what = f"the file is damaged or cut short ({error})"
            hint = "Compress it again or download it again"
            raise FormatError(what, path_name=self._path_name, hint=hint) from error
        view[: len(data)] = data
        return len(data)


class _ZstdFrame(Protocol):
    """What we use of zstandard's decompression object, which has no types."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes: ...


def _zstd_frame() -> _ZstdFrame:
    import zstandard

    return cast("_ZstdFrame", zstandard.ZstdDecompressor().decompressobj())


class _ZstdBytes(io.RawIOBase):
    """Zstandard frames one after another; the end inside a frame is an error."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = _zstd_frame()
        self._frame_is_open = False
        self._ready = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while not self._ready:
            chunk = self._raw.read(_ZSTD_CHUNK)
            if not chunk:
                if self._frame_is_open:
                    raise EOFError("the last zstd frame has no end")
                return b""
            self._feed(chunk)
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _feed(self, chunk: bytes) -> None:
        import zstandard

        while chunk:
            try:
                self._ready += self._frame.decompress(chunk)
            except zstandard.ZstdError as error:
                raise EOFError(str(error)) from error
            self._frame_is_open = not self._frame.eof
            chunk = b""
            if self._frame.eof:
                chunk = self._frame.unused_data
                self._frame = _zstd_frame()


_DECOMPRESSORS: Final[dict[bytes, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": lambda raw: cast("BinaryIO", gzip.GzipFile(fileobj=raw)),
    b"\xfd7zXZ\x00": lambda raw: cast("BinaryIO", lzma.LZMAFile(raw)),  # noqa: SIM115 - closed with raw
    b"BZh": lambda raw: cast("BinaryIO", bz2.BZ2File(raw)),
    b"\x28\xb5\x2f\xfd": lambda raw: cast("BinaryIO", _ZstdBytes(raw)),
}

#: Files that are no text, told by their first bytes, and what to do about each.
_NOT_TEXT: Final[dict[bytes, tuple[str, str]]] = {
    b"PK\x03\x04": ("a zip archive", "Unpack it and add the file inside"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "Export it as TSV first"),
    b"%PDF": ("a PDF", "Export its text or its PubMed record instead"),
}

_BYTE_ORDER_MARKS: Final[dict[bytes, str]] = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


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
        hint = "Check the step that made it, or download it again"
        raise InputError("the file is empty", where=where, hint=hint)
    try:
        return path.open("rb")
    except OSError as error:
        what = f"the file cannot be opened ({error.strerror})"
        raise InputError(what, where=where, hint="Check its permissions") from error


def _decompressed(raw: BinaryIO, path_name: str) -> BinaryIO:
    start = raw.read(8)
    raw.seek(0)
    for magic, (what, hint) in _NOT_TEXT.items():
        if start.startswith(magic):
            message = f"this is {what}, not a text file"
            raise FormatError(message, path_name=path_name, hint=hint)
    for magic, decompress in _DECOMPRESSORS.items():
        if start.startswith(magic):
            return decompress(raw)
    return raw


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
    start = head(path)
    for name in READERS.names():
        if READERS.get(name)().sniff(start):
            return name
    first = next((line for line in start.splitlines() if line.strip()), "")
    what = f"the format is not recognised; the file begins {first.strip()[:_SHOWN]!r}"
    hint = "Name its format with --format NAME; `metalumen formats` lists them"
    raise UnknownFormatError(what, where=path.name, hint=hint)


def _records(path: Path, reader: Reader, source: Source) -> Iterator[Record]:
    with open_text(path) as handle:
        yield from reader.read(handle, source)
        assert isinstance(handle, _Text)
        if handle.replaced:
            source.warnings.append(_LOST_BYTES)
        if handle.ends_open and reader.kind in _CUT_UNSEEN:
            source.warnings.append(_ENDS_OPEN)
