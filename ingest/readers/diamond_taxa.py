"""DIAMOND's taxonomic classification (--outfmt 102): a taxon and an E-value for each query.

    read_1<TAB>562<TAB>1.2e-40
    read_2<TAB>0<TAB>0                    (no hit: no taxon)

Kept: how many queries each taxon has, those of none as a special row. Dropped: E-values, the
queries one by one. A query has one taxon, the lowest common ancestor of its hits, so that taxa of
all ranks may be summed. See github.com/bbuchfink/diamond/wiki.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import sample_of_file
from ingest.taxa import UNCLASSIFIED, refuse_width, taxon_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "counts"
_NO_TAXON: Final = "0"
_TAXID: Final = re.compile(r"\d{1,10}")
#: E-values are small: with an exponent, below one, or zero.
_EVALUE: Final = re.compile(r"\d(?:\.\d+)?[eE]-\d+|0(?:\.\d+)?")
_ROW: Final = re.compile(
    rf"\S+\t(?:0\t0(?:\.0+)?|[1-9]\d{{0,9}}\t(?:{_EVALUE.pattern}))(?:\t[\w;.-]*)?"
)
#: What pipelines append to a sample's name.
_SUFFIX: Final = re.compile(r"[._-]diamond\w*$", re.IGNORECASE)


class DiamondTaxaReader:
    """Queries per taxon of one sample."""

    name = "diamond_taxa"
    kind: Kind = "abundance"
    description = "DIAMOND taxonomic classification (outfmt 102)"

    def sniff(self, head: str) -> bool:
        """Look at all rows: an id that comes once, a taxon's number, an E-value."""
        lines = [line for line in head.split("\n") if line.strip()]
        # The last line of the head may be cut.
        lines = lines[:-1] if len(lines) > 1 and not head.endswith("\n") else lines
        ids = {line.split("\t", 1)[0] for line in lines}
        return len(lines) > 1 and len(ids) == len(lines) and all(map(_ROW.fullmatch, lines))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon when all queries are known.

        Raises:
            FormatError: The file is blank, or no row can be used.
        """
        counts: dict[str, int] = {}
        first: dict[str, int] = {}
        queries: set[str] = set()
        for line, text in enumerate(handle, 1):
            if not text.strip():
                continue
            cells = [cell.strip() for cell in text.rstrip("\n").split("\t")]
            try:
                taxid = _taxid(cells, queries)
            except ValueError as error:
                yield BadRecord(source.path_name, line, cells[0][:120], str(error))
                continue
            counts[taxid] = counts.get(taxid, 0) + 1
            first.setdefault(taxid, line)
        if not counts:
            hint = "Name another format with --format; `metalumen formats` lists them"
            raise FormatError("no row can be used", path_name=source.path_name, hint=hint)
        source.unit, source.total = UNIT, float(sum(counts.values()))
        sample = _SUFFIX.sub("", sample_of_file(source.path_name)) or source.path_name
        for taxid, number in counts.items():
            yield _feature(taxid, number, sample, source, first[taxid])


def _taxid(cells: Sequence[str], queries: set[str]) -> str:
    """Read the taxon of a query.

    Raises:
        ValueError: The row is none, or the query had one before.
    """
    refuse_width(cells[:3], 3)
    query, taxid, evalue = cells[:3]
    if not query or not _TAXID.fullmatch(taxid) or not _EVALUE.fullmatch(evalue):
        message = f"taxon {taxid[:20]!r} with E-value {evalue[:20]!r}"
        raise ValueError(message)
    if query in queries:
        raise ValueError("the query occurs twice")
    queries.add(query)
    return taxid


def _feature(taxid: str, number: int, sample: str, source: Source, line: int) -> Feature:
    is_special = taxid == _NO_TAXON
    identifier = UNCLASSIFIED if is_special else taxon_id(taxid)
    return Feature(
        id=identifier,
        name=identifier,
        kind="taxon",
        unit=UNIT,
        values=((sample, float(number)),),
        special=is_special,
        tool="DIAMOND",
        provenance=source.provenance(DiamondTaxaReader.name, line),
    )
