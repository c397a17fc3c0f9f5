"""Zip archives as containers of formats (.qza, .docx): members are read, nothing is unpacked.

Names that climb out of the archive, links, encrypted members and members that grow beyond
reason are refused; a member's stated size is never trusted.
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

from ingest.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

ZIP_MAGIC: Final = (b"PK\x03\x04",)
#: Members of one archive; artifacts with a long provenance have some thousands.
_MOST_MEMBERS: Final = 100_000
#: Bytes that one member may hold when a caller does not say.
_MOST_BYTES: Final = 2 * 1024**3
#: Bytes that are believed at any ratio, and the ratio that no real table reaches (deflate: 1032).
_SMALL: Final = 16 * 1024**2
_BOMB_RATIO: Final = 500
_CHUNK: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError),
)


class Archive:
    """A zip archive whose members are checked before they are read.

    Args:
        handle: The file, seekable.
        path_name: Base name, for messages.

    Raises:
        FormatError: The archive is damaged, or has a member that no format needs.
    """

    def __init__(self, handle: BinaryIO, path_name: str) -> None:
        """Read the directory of the archive and check all names."""
        self._path_name = path_name
        try:
            self._zip = zipfile.ZipFile(handle)
            members = self._zip.infolist()
        except _DAMAGED as error:
            self._refuse(f"the zip archive is damaged or cut short ({error})", error)
        if len(members) > _MOST_MEMBERS:
            self._refuse(f"the zip archive has more than {_MOST_MEMBERS} members")
        for member in members:
            self._check(member)
        self._members = {member.filename: member for member in members}
        if len(self._members) < len(members):
            self._refuse("two members of the zip archive have one name")

    def names(self) -> tuple[str, ...]:
        """List the members that are files, in order."""
        return tuple(name for name, it in self._members.items() if not it.is_dir())

    def read(self, name: str, most: int = _MOST_BYTES) -> bytes:
        """Read a member whole; no more than ``most`` bytes.

        Raises:
            FormatError: There is no such member, it is damaged, or larger than that.
        """
        if name not in self._members:
            self._refuse(f"the zip archive has no member {name!r}")
        member = self._members[name]
        most = min(most, max(_SMALL, _BOMB_RATIO * member.compress_size))
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        break
                    parts.append(chunk)
        except _DAMAGED as error:
            self._refuse(f"the member {name!r} is damaged ({error})", error)
        if size > most:
            self._refuse(f"the member {name!r} unpacks to more than {most} bytes")
        return b"".join(parts)

    def text(self, name: str, most: int = _MOST_BYTES) -> io.StringIO:
        r"""Read a member as UTF-8 text whose lines end with ``\n``.

        Raises:
            FormatError: As for ``read``, or the member is no UTF-8.
        """
        try:
            decoded = self.read(name, most).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._refuse(f"the member {name!r} is no UTF-8 text", error)
        return io.StringIO(decoded.replace("\r\n", "\n").replace("\r", "\n"))

    def _check(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            self._refuse(f"the member {name[:80]!r} points out of the archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            self._refuse(f"the member {name[:80]!r} is a link")
        if member.flag_bits & _ENCRYPTED:
            self._refuse(f"the member {name[:80]!r} is encrypted")

    def _refuse(self, what: str, cause: BaseException | None = None) -> NoReturn:
        hint = "Make the file or download it again"
        raise FormatError(what, path_name=self._path_name, hint=hint) from cause


def has_members(handle: BinaryIO, ends: Iterable[str]) -> bool:
    """Tell whether a file is a zip archive with a member for each of these name ends.

    For recognition: False for what is no archive or a damaged one.
    """
    try:
        names = Archive(handle, "").names()
    except FormatError:
        return False
    return all(any(name.endswith(end) for name in names) for end in ends)
