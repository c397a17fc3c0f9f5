"""AMRFinderPlus reports, version 3 and 4, of proteins or of contigs.

    Protein id<TAB>Contig id<TAB>Start<TAB>Stop<TAB>Strand<TAB>Element symbol<TAB>Element name ...
    X_02404<TAB>c9<TAB>28505<TAB>29350<TAB>-<TAB>blaZ<TAB>class A beta-lactamase BlaZ ...

Kept: symbol, name, type, class, method, identity, coverage, closest reference, HMM, place.
Dropped: scope, alignment length, hierarchy. PARTIAL and INTERNAL_STOP hits are not significant;
a POINT row is a mutation of a gene, not a gene's name. A report of contigs has no protein ids:
its rows are known by their place. A report with a header alone says that nothing was found.
See github.com/ncbi/amr/wiki.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable, Row, gene_id_of
from ingest.records import Annotation, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Strand

TOOL: Final = "AMRFinderPlus"

#: Our field -> its names in versions 4 and 3, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "protein": ("protein id", "protein identifier"),
    "contig": ("contig id",),
    "start": ("start",),
    "stop": ("stop",),
    "strand": ("strand",),
    "symbol": ("element symbol", "gene symbol"),
    "name": ("element name", "sequence name"),
    "type": ("type", "element type"),
    "subtype": ("subtype", "element subtype"),
    "class": ("class",),
    "subclass": ("subclass",),
    "method": ("method",),
    "length": ("target length",),
    "coverage": ("% coverage of reference", "% coverage of reference sequence"),
    "identity": ("% identity to reference", "% identity to reference sequence"),
    "closest": ("closest reference accession", "accession of closest sequence"),
    "hmm": ("hmm accession", "hmm id"),
}
_TABLE: Final = HeadedTable(ALIASES, ("symbol", "name", "type", "method"))
# In the header of every version, and in no other tool's.
_TELLING: Final = HeadedTable(ALIASES, (*_TABLE.needed, "closest"))
_WEAK: Final = re.compile(r"PARTIAL.*|INTERNAL_STOP")
#: Trailing columns that are often left out of the rows: the hierarchy node.
_MISSING_AT_END: Final = 1


class AmrfinderplusReader:
    """Genes of resistance, stress response and virulence."""

    name = "amrfinderplus"
    kind: Kind = "annotations"
    description = "AMRFinderPlus report (versions 3 and 4)"

    def sniff(self, head: str) -> bool:
        """Look for the header's names of either version."""
        return _TELLING.recognises(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per row.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        nameless = 0
        header, lines = handle.readline(), enumerate(handle, 2)
        for record in _TABLE.annotations(header, lines, source, self.name, annotate=_annotation):
            nameless += isinstance(record, Annotation) and not record.gene_id
            yield record
        if nameless:
            source.warnings.append(
                f"rows without a protein id: {nameless}; they are matched by their place on the "
                "contig"
            )


def _annotation(row: Row) -> Annotation:
    width = row.columns.width
    if not width - _MISSING_AT_END <= len(row.cells) <= width:
        message = f"{len(row.cells)} fields where the header has {width}"
        raise ValueError(message)
    place = _place(row)
    protein = row.text("protein")
    if not protein and place is None:
        raise ValueError("the row has neither a protein id nor a place")
    method, symbol = row.text("method"), row.text("symbol")
    is_mutation = row.text("subtype").upper().startswith("POINT")
    if not method or not symbol:
        raise ValueError("the row has no method or no symbol")
    return Annotation(
        gene_id=gene_id_of(protein) if protein else "",
        tool=TOOL,
        database="NCBI Reference Gene Catalog",
        accession=row.text("closest") or row.text("hmm"),
        name=row.text("name"),
        product="" if is_mutation else row.text("name"),
        gene="" if is_mutation else symbol,
        dbxrefs=tuple(f"NCBIfam:{hmm}" for hmm in [row.text("hmm")] if hmm),
        family_kind="family" if method == "HMM" else "",
        location=place,
        protein_length=row.whole("length"),
        pident=_percent(row, "identity"),
        coverage=_percent(row, "coverage"),
        is_significant=_WEAK.fullmatch(method) is None and "[WILDTYPE]" not in row.text("name"),
        note=_note(row, is_mutation=is_mutation),
    )


def _percent(row: Row, field: str) -> float | None:
    value = row.number(field)
    if value is not None and not 0 <= value <= 100:
        message = f"the {field} is {value:g}, which is no percentage"
        raise ValueError(message)
    return value


def _place(row: Row) -> Location | None:
    contig, start, end = row.text("contig"), row.whole("start"), row.whole("stop")
    if not contig or not start:
        return None
    # "-" is a strand here, where elsewhere it is an empty cell.
    place = row.columns.places.get("strand", -1)
    raw = row.cells[place].strip() if 0 <= place < len(row.cells) else "."
    strand: Strand = "+" if raw == "+" else "-" if raw == "-" else "."
    if not 1 <= start <= end:
        message = f"the place {start}..{end} is not 1 <= start <= stop"
        raise ValueError(message)
    return Location(contig, start, end, strand)


def _note(row: Row, *, is_mutation: bool) -> str:
    told = [row.text("type"), f"method {row.text('method')}"]
    kinds = dict.fromkeys(filter(None, (row.text("class"), row.text("subclass"))))
    told[1:1] = ["/".join(kinds)] if kinds else []
    if is_mutation:
        told.append(f"point mutation {row.text('symbol')}")
    return ", ".join(filter(None, told))
