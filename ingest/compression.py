"""Decompression by content: gz, xz, bz2 and zst, and one error for all that can go wrong."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

from ingest.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Compressed bytes fed at once: bounds what one step of a zstd bomb can inflate to.
_ZSTD_CHUNK: Final = 4096

_DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, OSError)


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


def decompressed(raw: BinaryIO, path_name: str) -> io.RawIOBase:
    """Give a stream of the plain bytes; its errors name the file.

    Raises:
        FormatError: Raised while reading where the compression is damaged or cut short.
    """
    decompress = _decompressor_of(raw)
    return _Guarded(decompress(raw) if decompress else raw, path_name)


def is_compressed(raw: BinaryIO) -> bool:
    """Tell by the first bytes; the handle stays at its start."""
    return _decompressor_of(raw) is not None


def _decompressor_of(raw: BinaryIO) -> Callable[[BinaryIO], BinaryIO] | None:
    start = raw.read(8)
    raw.seek(0)
    found = (it for magic, it in _DECOMPRESSORS.items() if start.startswith(magic))
    return next(found, None)
