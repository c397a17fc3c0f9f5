"""ABRicate's report: genes of resistance or virulence found on contigs.

    #FILE<TAB>SEQUENCE<TAB>START<TAB>END<TAB>STRAND<TAB>GENE<TAB>COVERAGE ... <TAB>RESISTANCE
    a.fna<TAB>c1<TAB>656118<TAB>657620<TAB>+<TAB>eat(A)<TAB>1-1503/1503 ... <TAB>PLEUROMUTILIN

Kept: gene, product, database, accession, identity, coverage, place. Dropped: the map of gaps.
Rows have no protein ids and are known by their place. A hit that covers less than ABRicate's
default of 80 percent of its reference, or is less alike, is not significant.
See github.com/tseemann/abricate.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable
from ingest.records import Annotation, Location
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.annotation_tables import Row
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Strand

TOOL: Final = "ABRicate"
#: Our field -> its names, in lower case; old versions have no strand and no resistance.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("file",),
    "contig": ("sequence",),
    "start": ("start",),
    "end": ("end",),
    "strand": ("strand",),
    "gene": ("gene",),
    "range": ("coverage",),
    "coverage": ("%coverage",),
    "identity": ("%identity",),
    "database": ("database",),
    "accession": ("accession",),
    "product": ("product",),
    "resistance": ("resistance",),
}
_TABLE: Final = HeadedTable(
    ALIASES, needed=("contig", "start", "end", "gene", "coverage", "identity"), id_field="gene"
)
#: ABRicate's defaults for --mincov and --minid, in percent.
LEAST: Final = 80.0
#: Databases whose hits are no genes of a function: replicons of plasmids, serotypes.
_MARKERS: Final = frozenset({"plasmidfinder", "ecoh"})
_HEADER: Final = (
    *("#FILE", "SEQUENCE", "START", "END", "STRAND", "GENE", "COVERAGE", "COVERAGE_MAP", "GAPS"),
    *("%COVERAGE", "%IDENTITY", "DATABASE", "ACCESSION", "PRODUCT", "RESISTANCE"),
)
_OLD: Final = tuple(name for name in _HEADER if name not in {"STRAND", "RESISTANCE"})
_RANGE: Final = re.compile(r"\d{1,9}-\d{1,9}/\d{1,9}")
_BARE_PRODUCT: Final = re.compile(r"^\(\S+\)\s*|\s*\[[^\]]*\]")


class AbricateReader:
    """Hits of gene databases on contigs."""

    name = "abricate"
    kind: Kind = "annotations"
    description = "ABRicate report"

    def sniff(self, head: str) -> bool:
        """Look for the header's names, or for a row (abricate --noheader)."""
        return _TABLE.recognises(head) or _header_of(head.split("\n", 1)[0]) != ""

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per hit.

        Raises:
            FormatError: A column is absent, or no row can be used.
        """
        first = handle.readline()
        header = _header_of(first)
        lines = chain([(1, first)] if header else [], enumerate(handle, 2))
        yield from _TABLE.annotations(
            header or first, lines, source, self.name, annotate=_annotation, skips=_is_header
        )


def _header_of(row: str) -> str:
    """Give the header that a row stands under, "" where it is none; old rows are shorter."""
    cells = row.rstrip("\n").split("\t")
    for names in (_HEADER, _OLD):
        at = names.index("COVERAGE")
        if len(cells) == len(names) and _RANGE.fullmatch(cells[at].strip()):
            return "\t".join(names)
    return ""


def _is_header(row: Row) -> bool:
    """Tell the header of a further file: reports may have been joined."""
    return row.cells[0] == "#FILE"


def _annotation(row: Row) -> Annotation:
    refuse_width(row.cells, row.columns.width)
    gene, contig = row.text("gene"), row.text("contig")
    start, end = row.whole("start"), row.whole("end")
    if not gene or not contig:
        raise ValueError("the row has no gene or no sequence")
    if not 1 <= start <= end:
        message = f"the place {start}..{end} is not 1 <= start <= end"
        raise ValueError(message)
    coverage, identity = _percent(row, "coverage"), _percent(row, "identity")
    database = row.text("database")
    is_marker = database.lower() in _MARKERS
    product = _BARE_PRODUCT.sub("", row.text("product")).strip()
    told = [f"resistance: {row.text('resistance')}"] if row.text("resistance") else []
    told += [f"covers {row.text('range')} of the reference"] if row.text("range") else []
    return Annotation(
        gene_id="",
        tool=TOOL,
        database=database,
        accession=row.text("accession"),
        name=row.text("product") or gene,
        product="" if is_marker or product == gene else product,
        gene="" if is_marker else gene,
        location=Location(contig, start, end, _strand(row)),
        pident=identity,
        coverage=coverage,
        is_significant=min(coverage, identity) >= LEAST,
        note=", ".join(told),
    )


def _percent(row: Row, field: str) -> float:
    value = row.number(field)
    if value is None or not 0 <= value <= 100:
        message = f"the {field} is {row.text(field)[:40]!r}, which is no percentage"
        raise ValueError(message)
    return value


def _strand(row: Row) -> Strand:
    # "-" is a strand here, where elsewhere it is an empty cell.
    raw = row.cells[row.columns.places["strand"]].strip() if row.columns.has("strand") else "."
    return "+" if raw == "+" else "-" if raw == "-" else "."
