"""Bakta's tables: the features, inference.tsv and hypotheticals.tsv.

    # Software: v1.9.4
    # Database: v5.1, full
    #Sequence Id<TAB>Type<TAB>Start<TAB>Stop<TAB>Strand<TAB>Locus Tag<TAB>Gene<TAB>Product ...
    contig_1<TAB>cds<TAB>413<TAB>736<TAB>+<TAB>X_00005<TAB>dnaA<TAB>Chromosomal ...

Kept: CDS and small ORFs with place, gene, product, cross-references (EC, GO, KEGG), and the
score, E-value, coverage and identity of the inference. Dropped: every other feature type.
See github.com/oschwengers/bakta.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import (
    Columns,
    Row,
    bad_row,
    columns_of,
    evalue_of,
    gene_id_of,
    placed,
    refuse_missing,
)
from ingest.coding import terms_of
from ingest.errors import FormatError
from ingest.records import Annotation, Location
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Strand

TOOL: Final = "Bakta"

#: Our field -> its names in Bakta's tables, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "locus": ("locus tag",),
    "contig": ("sequence id",),
    "type": ("type",),
    "start": ("start",),
    "stop": ("stop",),
    "strand": ("strand",),
    "gene": ("gene",),
    "product": ("product",),
    "xrefs": ("dbxrefs",),
    "pfams": ("pfam hits",),
    "score": ("score",),
    "evalue": ("evalue",),
    "coverage": ("query cov", "query-cov"),
    "identity": ("id",),
    "accession": ("accession",),
}
_NEEDED: Final = ("contig", "locus", "start", "stop", "strand")
_PROTEINS: Final = frozenset({"cds", "sorf", ""})
_VERSION: Final = re.compile(r"#\s*(?:Software:\s*|Annotated with Bakta\s*\(?)v(\d[\w.+-]*)")
_DATABASE: Final = re.compile(r"#\s*Database\s*(?:\(|:)?\s*v([\d.]+)(?:,\s*(\w+))?")
_MARKED: Final = re.compile(r"^\((pseudo|partial|[53]' truncated)\)\s*")
#: What the name rests on, most exact first.
_CLUSTERS: Final = re.compile(r"UniRef:(UniRef(?:100|90|50)_\w+)")
_BASES_PER_RESIDUE: Final = 3


class BaktaReader:
    """Names and cross-references that Bakta gives proteins."""

    name = "bakta"
    kind: Kind = "annotations"
    description = "Bakta TSV (features, inference.tsv, hypotheticals.tsv)"

    def sniff(self, head: str) -> bool:
        """Look for the header, which may come after comments."""
        lines = (line for line in head.splitlines() if line.strip())
        header = next((line for line in lines if "\t" in line), "")
        return columns_of(header.split("\t"), ALIASES).has(*_NEEDED)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per protein.

        Raises:
            FormatError: There is no header, a column is absent, or no row can be used.
        """
        yield from placed(_rows(handle, source), source, self.name)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, Annotation | BadRecord]]:
    columns: Columns | None = None
    version = database = ""
    for line, text in enumerate(handle, 1):
        cells = text.rstrip("\n").split("\t")
        if len(cells) > 1 and columns is None:
            columns = columns_of(cells, ALIASES)
            refuse_missing(columns, _NEEDED, ALIASES, source)
        elif text.startswith("#"):
            found, made_from = _VERSION.match(text), _DATABASE.match(text)
            version = found.group(1) if found else version
            database = " ".join(filter(None, made_from.groups())) if made_from else database
        elif text.strip() and columns is not None:
            row = columns.row(cells)
            if row.text("type").lower() in _PROTEINS:
                yield line, _record(row, line, version, database, source)
    if columns is None:
        what = "there is no header of Bakta's tables"
        hint = "Give the TSV as Bakta wrote it, with its header line"
        raise FormatError(what, path_name=source.path_name, hint=hint)


def _record(
    row: Row, line: int, version: str, database: str, source: Source
) -> Annotation | BadRecord:
    try:
        return _annotation(row, version, database)
    except ValueError as error:
        return bad_row(source, line, row.text("locus") or row.cells[0], error)


def _annotation(row: Row, version: str, database: str) -> Annotation:
    refuse_width(row.cells, row.columns.width)
    place, bases = _place(row)
    xrefs = [item.strip() for item in row.text("xrefs").split(",") if item.strip()]
    terms = terms_of([], xrefs)
    mark = _MARKED.match(row.text("product"))
    pfams = row.text("pfams")
    return Annotation(
        gene_id=gene_id_of(row.text("locus")),
        tool=TOOL,
        version=version,
        database="Pfam" if pfams else _database(xrefs, row, database),
        accession=row.text("accession") or _cluster(xrefs),
        name=pfams,
        product=_MARKED.sub("", row.text("product")),
        gene=row.text("gene"),
        ec_numbers=terms.ec_numbers,
        go_terms=terms.go_terms,
        ko=terms.ko,
        dbxrefs=terms.dbxrefs,
        family_kind="domain" if pfams else "",
        location=place,
        protein_length=_length(bases, is_cut=mark is not None),
        score=row.number("score"),
        evalue=evalue_of(row.number("evalue")),
        pident=_percent(row.number("identity"), "the identity"),
        coverage=_percent(row.number("coverage"), "the coverage"),
        note=mark.group(1) if mark else "" if place else "spans the contig's origin",
    )


def _database(xrefs: list[str], row: Row, database: str) -> str:
    cluster = row.text("accession") or _cluster(xrefs)
    name = cluster.removeprefix("UniRef:").partition("_")[0]
    return name if name.startswith("UniRef") else f"Bakta DB {database}".strip()


def _cluster(xrefs: list[str]) -> str:
    """The UniRef cluster that the name rests on: of several, the narrowest."""
    found = sorted(
        (match.group(1) for item in xrefs if (match := _CLUSTERS.fullmatch(item))),
        key=lambda name: (-int(name[6:].partition("_")[0]), name),
    )
    return found[0] if found else ""


def _percent(value: float | None, name: str) -> float | None:
    """Read a share: Bakta writes fractions."""
    if value is None:
        return None
    if not 0 <= value <= 100:
        message = f"{name} is {value:g}, which is no share"
        raise ValueError(message)
    return value * 100 if value <= 1 else value


def _place(row: Row) -> tuple[Location | None, int]:
    """The place on the contig and its bases; none for a gene that spans the origin.

    Its end lies before its start, and the table does not tell how long the contig is.
    """
    start, end = row.whole("start"), row.whole("stop")
    if not start or not end or not row.text("contig"):
        raise ValueError("the row has no place")
    place = row.columns.places["strand"]
    raw = row.cells[place].strip()
    if raw not in {"+", "-", ".", "?"}:
        message = f"the strand is {raw[:20]!r}"
        raise ValueError(message)
    strand: Strand = "+" if raw == "+" else "-" if raw == "-" else "."
    bases = max(0, end - start + 1)
    return (Location(row.text("contig"), start, end, strand) if bases else None), bases


def _length(bases: int, *, is_cut: bool) -> int:
    """Residues between start and stop codon, 0 where the table does not tell."""
    if is_cut or bases == 0 or bases % _BASES_PER_RESIDUE:
        return 0
    return bases // _BASES_PER_RESIDUE - 1
