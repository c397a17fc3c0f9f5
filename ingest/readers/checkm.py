"""CheckM 1: completeness and contamination of genomes, as drawn table or with tabs.

    -----------------------------------------------------------------------------------------
      Bin Id      Marker lineage   # genomes   # markers ... Completeness   Contamination ...
      bin.1    k__Bacteria (UID203)      5449        104 ...    24.14            0.00     ...

Kept: completeness, contamination, strain heterogeneity, marker lineage, and of the extended
table size, contigs, N50, GC and genes. Dropped: counts of markers, lines of the log. The marker
lineage says which genes were looked for; it is no classification. The figures of the folder
``storage`` (bin_stats_ext.tsv) are read alike.
See github.com/Ecogenomics/CheckM/wiki.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, Row, columns_of, refuse_missing
from ingest.errors import FormatError
from ingest.genome_tables import genome_id, genomes_of, percent, quality
from ingest.records import Genome
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its names, in lower case ("#" before a name is left out).
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("bin id",),
    "markers": ("marker lineage",),
    "completeness": ("completeness",),
    "contamination": ("contamination",),
    "heterogeneity": ("strain heterogeneity",),
    "size": ("genome size (bp)", "genome size"),
    "contigs": ("contigs",),
    "n50": ("n50 (contigs)", "n50 (scaffolds)"),
    "gc": ("gc",),
    "genes": ("predicted genes",),
}
_NEEDED: Final = ("id", "markers", "completeness", "contamination")
#: A line of storage/bin_stats_ext.tsv: a bin and its figures as Python writes them.
_STORED: Final = re.compile(r"[^\t]+\t\{.*'marker lineage': '.*'Completeness': ")
_PAIR: Final = re.compile(r"'([^']+)': ('[^']*'|[-\d.eE+]+)")
_FIELDS: Final = (
    *("Bin Id", "marker lineage", "Completeness", "Contamination", "GC", "Genome size"),
    *("# contigs", "N50 (contigs)", "# predicted genes"),
)
_DASHES: Final = re.compile(r"\s*-{20,}\s*")
#: Commas of the shortest table.
_FEWEST_COMMAS: Final = 6
_GAP: Final = re.compile(r"\s{2,}")


class CheckmReader:
    """Quality of genomes by marker genes."""

    name = "checkm"
    kind: Kind = "genomes"
    description = "CheckM 1 table (drawn, --tab_table, or storage/bin_stats_ext.tsv)"

    def sniff(self, head: str) -> bool:
        """Look for the header among the first lines; a log may stand before it."""
        lines = head.splitlines()[:200]
        is_stored = bool(lines) and _STORED.match(lines[0]) is not None
        return is_stored or any(_columns(line) is not None for line in lines)

    def read(self, handle: TextIO, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per row.

        Raises:
            FormatError: There is no header, or no row can be used.
        """
        columns: Columns | None = None
        above = 0
        for text in handle:
            above += 1
            if above == 1 and _STORED.match(text):
                lines = chain([(1, text)], enumerate(handle, 2))
                bins = ((n, _stored(it)) for n, it in lines if it.strip())
                stored = columns_of(_FIELDS, ALIASES)
                yield from genomes_of(bins, stored, source, self.name, parse=_genome)
                return
            columns = _columns(text)
            if columns is not None:
                break
        if columns is None:
            what = "there is no header of CheckM"
            hint = "Give the table of `checkm qa` or `checkm lineage_wf`, with its header"
            raise FormatError(what, path_name=source.path_name, hint=hint)
        refuse_missing(columns, _NEEDED, ALIASES, source)
        rows = _rows(handle, above + 1)
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _stored(text: str) -> list[str]:
    """Write a line of the folder ``storage`` as a row under the fields that are read."""
    name, _, content = text.rstrip("\n").partition("\t")
    is_whole = content.startswith("{") and content.endswith("}")
    pairs = dict(_PAIR.findall(content)) if is_whole else {}
    values = [pairs.get(field, "").strip("'") for field in _FIELDS[1:]]
    # The share of G and C is a fraction here, and no row has a heterogeneity.
    at = _FIELDS.index("GC") - 1
    with suppress(ValueError):
        values[at] = f"{100 * float(values[at]):g}"
    return [name, *values]


def _columns(text: str) -> Columns | None:
    columns = columns_of(_cells(text), ALIASES)
    return columns if columns.has(*_NEEDED) else None


def _cells(text: str) -> list[str]:
    bare = text.rstrip("\n")
    if "\t" not in bare and bare.count(",") >= _FEWEST_COMMAS:
        return bare.split(",")  # as spreadsheets save it
    return bare.split("\t") if "\t" in bare else _GAP.split(bare.strip())


def _rows(handle: TextIO, first_line: int) -> Iterator[tuple[int, Sequence[str]]]:
    rows = 0
    for line, text in enumerate(handle, first_line):
        if _DASHES.fullmatch(text):
            if rows:
                return
        elif text.strip():
            rows += 1
            yield line, _cells(text)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    completeness, contamination = quality(row)
    heterogeneity = percent(row, "heterogeneity")
    told = [f"markers of {row.text('markers')}"]
    told += [] if heterogeneity is None else [f"strain heterogeneity {heterogeneity:g} percent"]
    return Genome(
        id=genome_id(row),
        tool="CheckM",
        completeness=completeness,
        contamination=contamination,
        size=row.whole("size"),
        n50=row.whole("n50"),
        contigs=row.whole("contigs"),
        genes=row.whole("genes"),
        gc=percent(row, "gc"),
        note="; ".join(told),
    )
