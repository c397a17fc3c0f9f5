"""What a reader is: it recognises a format by content and yields records, one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, TextIO

    from ingest.records import Provenance, Record

Kind: TypeAlias = Literal[
    "genes",
    "contigs",
    "proteins",
    "families",
    "annotations",
    "genomes",
    "literature",
    "abundance",
    "metadata",
]


@dataclass(slots=True)
class Source:
    """The file behind a handle, and what the reader wants to tell about it.

    ``warnings`` are for the user (an odd unit, a missing header line); bad records are
    yielded as ``BadRecord`` in their place, not written here. ``unit`` is set by readers of
    tables, ``total`` by those whose rows cannot be summed by rank (reads counted per clade).
    ``origin`` is what the file says of how it was made: a UUID, versions, an action.
    """

    path_name: str
    sha256: str = ""
    warnings: list[str] = field(default_factory=list)
    unit: str = ""
    total: float | None = None
    origin: str = ""

    def provenance(self, reader: str, line: int = 0) -> Provenance:
        """Make the provenance of a record at a 1-based line."""
        from ingest.records import Provenance

        return Provenance(self.path_name, self.sha256, reader, line)


class Reader(Protocol):
    """Read one format.

    ``sniff`` gets the first 64 KiB as text and answers from content alone (names lie).
    ``read`` gets an open text handle and yields records; a broken record is yielded as
    ``BadRecord``; a file that breaks the format as a whole raises ``FormatError``.
    """

    name: str
    kind: Kind
    description: str

    def sniff(self, head: str) -> bool:
        """Tell whether the text looks like this format."""
        ...

    def read(self, handle: TextIO, source: Source) -> Iterator[Record]:
        """Yield the file's records in order."""
        ...


@runtime_checkable
class BinaryReader(Protocol):
    """Read one format that is no text: a zip archive, an HDF5 file, a PDF.

    Both methods get the file decompressed (gz, xz, bz2, zst), open, seekable and at its start.
    ``sniff_file`` is asked only where the file begins with ``magic``; it looks at content, not at
    names, and returns False for what it cannot open. ``read_file`` yields records as a ``Reader``
    does. What a library raises on a damaged file may pass: it becomes a ``FormatError``.
    """

    name: str
    kind: Kind
    description: str
    magic: tuple[bytes, ...]

    def sniff_file(self, handle: BinaryIO) -> bool:
        """Tell whether the file is of this format; other formats share its first bytes."""
        ...

    def read_file(self, handle: BinaryIO, source: Source) -> Iterator[Record]:
        """Yield the file's records in order."""
        ...


AnyReader: TypeAlias = Reader | BinaryReader
