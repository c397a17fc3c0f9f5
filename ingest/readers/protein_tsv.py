"""Tables of reference proteins, tab separated, columns found by name; UniProt's TSV export too.

    accession<TAB>ec<TAB>name<TAB>sequence
    A0A009I711<TAB>5.1.1.18<TAB>Putative threonine ammonia-lyase<TAB>MKNLTLPTYEDV...

Kept: the columns of ``COLUMNS``. Dropped: every other column. EC numbers that a UniProt name
carries are used when there is no EC column. Quotes have no meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import columns_named
from ingest.errors import FormatError
from ingest.readers.fasta import AMINO_ACIDS, sequence_fault
from ingest.records import BadRecord, Protein, clean_sequence
from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Our field -> the headers that mean it, in lower case with "_" read as a space.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "accession": ("accession", "entry", "id", "protein id", "uniprot", "protein accession"),
    "sequence": ("sequence", "seq", "protein sequence", "aa sequence"),
    "ec": ("ec", "ec number", "ec numbers", "enzyme"),
    "name": ("name", "protein names", "protein name", "product", "description"),
    "gene": ("gene", "gene names", "gene name", "gene names (primary)"),
    "taxon": ("tax", "taxon", "organism", "taxonomy", "species"),
    "go": ("go", "gene ontology ids", "go terms", "go ids", "gene ontology (go)"),
    "ko": ("ko", "kegg", "kegg ko", "cross-reference (ko)"),
    "reviewed": ("reviewed", "status"),
    "function": ("function", "function [cc]"),
    "pmids": ("pmid", "pmids", "pubmed", "pubmed id", "pubmed ids"),
}
_NEEDED: Final = ("accession", "sequence")
_YES: Final = frozenset({"1", "reviewed", "true", "yes", "swiss-prot"})
_PMID: Final = re.compile(r"\d{1,8}")


class ProteinTsvReader:
    """Reference proteins from a table with a header line."""

    name = "protein_tsv"
    kind: Kind = "proteins"
    description = "TSV of reference proteins with accession and sequence columns (UniProt export)"

    def sniff(self, head: str) -> bool:
        """Look for accession and sequence columns, and residues in the latter's first row."""
        header, *rows = head.split("\n", 2)
        columns = columns_named(header, COLUMNS)
        if not all(field in columns for field in _NEEDED):
            return False
        cells = rows[0].split("\t") if rows and rows[0].strip() else []
        sequence = cells[columns["sequence"]] if len(cells) > columns["sequence"] else ""
        return not sequence or not sequence_fault(clean_sequence(sequence), AMINO_ACIDS)

    def read(self, handle: TextIO, source: Source) -> Iterator[Protein | BadRecord]:
        """Yield a Protein per row."""
        header = handle.readline()
        columns = columns_named(header, COLUMNS)
        missing = [field for field in _NEEDED if field not in columns]
        if missing:
            what = f"no column for {' and '.join(missing)} in the header {header.strip()[:200]!r}"
            hint = "Name the columns " + " and ".join(COLUMNS[field][0] for field in missing)
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        rows = _Rows(columns, len(header.rstrip("\n").split("\t")), source)
        for line, text in enumerate(handle, 2):
            if text.strip():
                yield rows.protein(line, text.rstrip("\n").split("\t"))
        if rows.ec_left_out:
            source.warnings.append(
                f"{rows.ec_left_out} values of the EC column are no EC numbers and were left out"
            )


class _Rows:
    """Turns rows into proteins and remembers which accessions were seen."""

    def __init__(self, columns: Mapping[str, int], width: int, source: Source) -> None:
        self._columns = columns
        self._width = width
        self._source = source
        self._first_lines: dict[str, int] = {}
        self.ec_left_out = 0

    def protein(self, line: int, cells: list[str]) -> Protein | BadRecord:
        if len(cells) != self._width:
            reason = f"{len(cells)} fields where the header has {self._width}"
            return BadRecord(self._source.path_name, line, cells[0][:80], reason)
        row = {field: cells[position].strip() for field, position in self._columns.items()}
        accession, sequence = row["accession"], clean_sequence(row["sequence"])
        if fault := self._fault(accession, sequence):
            return BadRecord(self._source.path_name, line, accession, fault)
        self._first_lines[accession] = line
        name, named_ec = split_name(row.get("name", ""))
        reviewed = row.get("reviewed", "").lower() in _YES
        return Protein(
            accession=accession,
            sequence=sequence,
            name=name,
            gene=row.get("gene", "").split(" ")[0],
            ec_numbers=self._ec_numbers(row["ec"]) if row.get("ec") else named_ec,
            go_terms=tuple(IDENTIFIER_PATTERNS["go"].findall(row.get("go", ""))),
            ko=tuple(IDENTIFIER_PATTERNS["ko"].findall(row.get("ko", ""))),
            taxon=row.get("taxon", ""),
            reviewed=reviewed,
            function=row.get("function", "").removeprefix("FUNCTION: "),
            pmids=tuple(_PMID.findall(row.get("pmids", ""))),
            database="Swiss-Prot" if reviewed else self._source.path_name.split(".")[0],
            provenance=self._source.provenance(ProteinTsvReader.name, line),
        )

    def _fault(self, accession: str, sequence: str) -> str:
        if not accession:
            return "the row has no accession"
        if not sequence:
            return "the row has no sequence"
        if accession in self._first_lines:
            return f"the accession occurs twice, first on line {self._first_lines[accession]}"
        return sequence_fault(sequence, AMINO_ACIDS)

    def _ec_numbers(self, cell: str) -> tuple[str, ...]:
        values = [value for value in re.split(r"[;,]\s*|\s+", cell) if value]
        numbers = ec_numbers_of(values)
        self.ec_left_out += len(set(values)) - len(numbers)
        return numbers
