r"""Tables of protein families with a header: NCBI's hmm_PGAP.tsv, Pfam descriptions, your own.

    #ncbi_accession<TAB>label<TAB>family_type<TAB>product_name<TAB>ec_numbers
    TIGR00001.1<TAB>rpmI_bact<TAB>equivalog<TAB>50S ribosomal protein L35<TAB>
    Pfam<TAB>description (another table)

Kept: the columns of ``COLUMNS``. Dropped: every other column. The profiles come from another
file; what a type means is said in ``ingest.families.KINDS``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import columns_named
from ingest.errors import FormatError
from ingest.families import KINDS, OWN, database_of, split_accession, terms_of_description
from ingest.records import BadRecord, FamilyNote
from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of, is_uncharacterized

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Our field -> the headers that mean it, in lower case with "_" read as a space.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "accession": ("#ncbi accession", "ncbi accession", "pfam", "family", "hmm", "family accession"),
    "name": ("label", "short name", "family name"),
    "description": ("description", "definition"),
    "kind": ("family type", "type", "isology type"),
    "clan": ("clan", "clan accession"),
    "threshold": ("threshold", "score threshold"),
    "product": ("product name", "product"),
    "gene": ("gene symbol", "gene"),
    "ec": ("ec numbers", "ec number", "ec"),
    "go": ("go terms", "go"),
    "ko": ("ko", "kegg ko"),
}
_SCORE: Final = re.compile(r"\d{1,6}(?:\.\d+)?")
_SEPARATOR: Final = re.compile(r"[\s,;|]+")


class FamilyTsvReader:
    """Names, types and terms for profiles that other files bring."""

    name = "family_tsv"
    kind: Kind = "families"
    description = "TSV of protein families (hmm_PGAP.tsv, Pfam descriptions, your own)"

    def sniff(self, head: str) -> bool:
        """Look for a column of families beside another known one, and a family in the first row."""
        header, *rows = head.split("\n", 2)
        columns = columns_named(header, COLUMNS)
        if "accession" not in columns or len(columns) < 2 or not rows:
            return False
        cells = rows[0].split("\t")
        accession = cells[columns["accession"]] if len(cells) > columns["accession"] else ""
        return database_of(split_accession(accession.strip())[0]) != OWN

    def read(self, handle: TextIO, source: Source) -> Iterator[FamilyNote | BadRecord]:
        """Yield a FamilyNote per row.

        Raises:
            FormatError: The header names no column of families, or nothing beside it.
        """
        header = handle.readline()
        columns = columns_named(header, COLUMNS)
        if "accession" not in columns or len(columns) < 2:
            what = (
                f"no columns for families and what they are in the header {header.strip()[:99]!r}"
            )
            hint = "Name the columns family and, for instance, description, type, ec, go, threshold"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        width = len(header.rstrip("\n").split("\t"))
        first_lines: dict[str, int] = {}
        for line, text in enumerate(handle, 2):
            if not text.strip():
                continue
            cells = text.rstrip("\n").split("\t")
            # A table may leave the tabs of empty cells at its end out.
            row = {k: cells[n].strip() if n < len(cells) else "" for k, n in columns.items()}
            accession, _ = split_accession(row["accession"])
            fault = _fault(row, cells, width)
            first = first_lines.setdefault(accession, line)
            if not fault and first != line:
                fault = f"the family occurs twice, first on line {first}"
            if fault:
                yield BadRecord(source.path_name, line, accession[:40], fault)
            else:
                yield _note(accession, row, line, source)


def _fault(row: Mapping[str, str], cells: Sequence[str], width: int) -> str:
    if not row["accession"] or len(row["accession"].split()) > 1:
        return "the row has no accession of a family"
    if len(cells) > width:
        return f"{len(cells)} fields where the header has {width}"
    if row.get("kind") and row["kind"].lower() not in KINDS:
        return f"the type {row['kind'][:40]!r} is not known; known: {', '.join(sorted(KINDS))}"
    if row.get("threshold", "-") not in {"", "-"} and not _SCORE.fullmatch(row["threshold"]):
        return f"the threshold {row['threshold'][:40]!r} is no score"
    return ""


def _note(accession: str, row: Mapping[str, str], line: int, source: Source) -> FamilyNote:
    described = terms_of_description(accession, row.get("description", ""))
    named = row.get("product", "")
    threshold = row.get("threshold", "-")
    kind = row.get("kind", "").lower()
    return FamilyNote(
        accession=accession,
        name=row.get("name", ""),
        description=row.get("description", "") or named,
        kind=KINDS[kind] if kind else "",
        clan=row.get("clan", ""),
        threshold=float(threshold) if threshold not in {"", "-"} else None,
        product=described.product if is_uncharacterized(named) else named,
        gene=row.get("gene", ""),
        ec_numbers=ec_numbers_of(_SEPARATOR.split(row.get("ec", ""))) or described.ec_numbers,
        go_terms=tuple(IDENTIFIER_PATTERNS["go"].findall(row.get("go", ""))),
        ko=tuple(IDENTIFIER_PATTERNS["ko"].findall(row.get("ko", ""))),
        provenance=source.provenance(FamilyTsvReader.name, line),
    )
