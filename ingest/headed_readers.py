"""What readers of tables share whose first line names the columns: how it is known and read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

from ingest.annotation_tables import rows_under

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from ingest.annotation_tables import Columns, HeadedTable, Row, TableHeader
    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation, BadRecord, Record


#: Line and cells of each row.
Rows: TypeAlias = "Iterable[tuple[int, Sequence[str]]]"


class HeadedReader(ABC):
    """A reader of one headed table: it adds its names, its header and what the rows say."""

    name: str
    kind: Kind
    description: str
    header: TableHeader

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        return self.header.recognises(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Record]:
        """Yield what the rows say.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        header = handle.readline()
        columns = self.header.checked(header, source)
        yield from self.parse(rows_under(header, enumerate(handle, 2)), columns, source)

    @abstractmethod
    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Record]:
        """Yield the records of the rows below the header.

        Raises:
            FormatError: No row can be used.
        """


class HeadedTableReader(ABC):
    """A reader of one headed table of annotations, one a row."""

    name: str
    kind: Kind = "annotations"
    description: str
    table: HeadedTable

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        return self.table.recognises(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per row.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        header, lines = handle.readline(), enumerate(handle, 2)
        return self.table.annotations(
            header, lines, source, self.name, annotate=self.annotation, skips=self.skips
        )

    @abstractmethod
    def annotation(self, row: Row) -> Annotation:
        """Read a row.

        Raises:
            ValueError: It cannot be used.
        """

    def skips(self, row: Row) -> bool:  # noqa: ARG002 - for those that leave rows out
        """Tell rows that are left out."""
        return False
