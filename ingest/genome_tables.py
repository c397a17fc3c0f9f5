"""What tables of genomes share: rows under a header, percentages, one row for each genome."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Row, bad_row
from ingest.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ingest.annotation_tables import Columns
    from ingest.readers.base import Source
    from ingest.records import BadRecord, Genome

#: More contamination than this is no genome at all, but CheckM does write it.
_MOST_CONTAMINATION: Final = 1e4


def genomes_of(
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Columns,
    source: Source,
    reader: str,
    *,
    parse: Callable[[Row], Genome],
) -> Iterator[Genome | BadRecord]:
    """Parse rows; a genome that comes a second time, or a row that cannot be used, is bad.

    Raises:
        FormatError: There were rows, and none could be used.
    """
    seen: dict[str, int] = {}
    bad = 0
    for line, cells in rows:
        try:
            genome = parse(columns.row(cells))
            first = seen.setdefault(genome.id, line)
            if first != line:
                message = f"the genome occurs twice, first on line {first}"
                raise ValueError(message)
        except ValueError as error:
            bad += 1
            yield bad_row(source, line, cells[0].strip() if cells else "", error)
            continue
        yield replace(genome, provenance=source.provenance(reader, line))
    if bad and not seen:
        hint = "Name another format with --format; `metalumen formats` lists them"
        raise FormatError("no row can be used", path_name=source.path_name, hint=hint)
    if not seen:
        source.warnings.append("the table has no rows")


def genome_id(row: Row) -> str:
    """Read the genome's name, which may hold spaces.

    Raises:
        ValueError: There is none.
    """
    name = row.text("id")
    if not name or len(name) > 300:
        raise ValueError("the row names no genome")
    return name


def percent(row: Row, field: str, most: float = 100.0) -> float | None:
    """Read a percentage.

    Raises:
        ValueError: It is negative, or more than ``most``.
    """
    value = row.number(field)
    if value is not None and not 0 <= value <= most:
        message = f"the {field} is {value:g} percent"
        raise ValueError(message)
    return value


def quality(row: Row) -> tuple[float, float]:
    """Read completeness and contamination, in percent.

    Raises:
        ValueError: One is absent, or no percentage.
    """
    completeness = percent(row, "completeness")
    contamination = percent(row, "contamination", _MOST_CONTAMINATION)
    if completeness is None or contamination is None:
        raise ValueError("the row has no completeness or no contamination")
    return completeness, contamination


def gc_content(row: Row) -> float | None:
    """Read the GC content in percent, where the file has a fraction.

    Raises:
        ValueError: It is neither.
    """
    share = row.number("gc")
    if share is not None and not 0 <= share <= 100:
        message = f"the GC content is {share:g}"
        raise ValueError(message)
    return None if share is None else round(100 * share, 4) if share <= 1 else share
