"""FASTA of the reference proteins of Prokka and Bakta, with ``~~~`` between the fields.

    >O57809 3.5.99.7~~~~~~Putative 1-aminocyclopropane-1-carboxylate deaminase~~~   (Prokka)
    >A1 blaX~~~Beta-lactamase X~~~EC:3.5.2.6,COG:COG1680                             (Bakta)
    >A1 90~~~80~~~80~~~blaX~~~Beta-lactamase X~~~EC:3.5.2.6            (Bakta, own thresholds)

Kept: EC, gene, product; EC, GO and KEGG of Bakta's cross-references. Dropped: COG, thresholds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.readers.fasta import AMINO_ACIDS, fasta_entries, headers_of
from ingest.records import BadRecord, Protein
from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of, is_ec_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.readers.fasta import FastaEntry

_BETWEEN: Final = "~~~"
_DBXREFS: Final = re.compile(r"(?:[\w.-]+:[^\s,]+(?:,\s*|$))+")

#: The layouts, by number of fields; three fields are told apart by content.
_PROKKA: Final = ("ec", "gene", "product", "cog")
_PROKKA_SHORT: Final = ("ec", "gene", "product")
_BAKTA: Final = ("gene", "product", "dbxrefs")
_BAKTA_LONG: Final = ("min_id", "min_query_cov", "min_subject_cov", *_BAKTA)
_LAYOUTS: Final = {4: _PROKKA, 6: _BAKTA_LONG}


class ProkkaFastaReader:
    """Reference proteins in the header layouts that Prokka and Bakta take."""

    name = "prokka_fasta"
    kind: Kind = "proteins"
    description = "FASTA of trusted proteins for Prokka or Bakta (fields parted by ~~~)"

    def sniff(self, head: str) -> bool:
        """Look for ``~~~`` in the first header."""
        headers = headers_of(head)
        return bool(headers) and _BETWEEN in headers[0]

    def read(self, handle: TextIO, source: Source) -> Iterator[Protein | BadRecord]:
        """Yield a Protein per entry."""
        for entry in fasta_entries(handle, source, AMINO_ACIDS):
            yield entry if isinstance(entry, BadRecord) else self._protein(entry, source)

    def _protein(self, entry: FastaEntry, source: Source) -> Protein | BadRecord:
        values = [value.strip() for value in entry.description.split(_BETWEEN)]
        layout = _layout(values)
        if layout is None:
            reason = f"{len(values)} fields in the header where 3, 4 or 6 are known"
            return BadRecord(source.path_name, entry.line, entry.id, reason)
        row = dict(zip(layout, values, strict=True))
        dbxrefs = [item.strip() for item in row.get("dbxrefs", "").split(",")]
        numbers = [row.get("ec", ""), *(x for x in dbxrefs if x.upper().startswith("EC:"))]
        return Protein(
            accession=entry.id,
            sequence=entry.sequence,
            name=row["product"],
            gene=row["gene"],
            ec_numbers=ec_numbers_of(re.split(r"[;,/\s]+", " ".join(numbers))),
            go_terms=tuple(IDENTIFIER_PATTERNS["go"].findall(row.get("dbxrefs", ""))),
            ko=tuple(IDENTIFIER_PATTERNS["ko"].findall(row.get("dbxrefs", ""))),
            database=source.path_name.split(".")[0],
            provenance=source.provenance(self.name, entry.line),
        )


def _layout(values: list[str]) -> tuple[str, ...] | None:
    if len(values) != 3:
        return _LAYOUTS.get(len(values))
    is_prokka = is_ec_number(values[0]) or not (_DBXREFS.fullmatch(values[2]) or values[0])
    return _PROKKA_SHORT if is_prokka else _BAKTA
