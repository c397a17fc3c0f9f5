"""InterProScan 5's GFF3: matches on proteins.

    ##interproscan-version 5.52-86.0
    p1<TAB>.<TAB>polypeptide<TAB>1<TAB>923<TAB>.<TAB>+<TAB>.<TAB>ID=p1;md5=ea9924e11f7decc417e8d9ed
    p1<TAB>Pfam<TAB>protein_match<TAB>9<TAB>84<TAB>3.0E-13<TAB>+<TAB>.<TAB>Name=PF13927;status=T

Kept: as from the TSV: MD5 and length of the protein, member database, signature, description,
place, score, status, InterPro entry, GO terms. Dropped: dates, sequences. Coordinates are
residues. See interproscan-docs.readthedocs.io, "Output formats".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import placed
from ingest.gff_rows import annotations_of_rows
from ingest.readers.interproscan import annotation_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.gff_rows import GffRow
    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation, BadRecord

_VERSION: Final = re.compile(r"##\s*interproscan-version", re.IGNORECASE)
_MATCH: Final = "protein_match"
_PROTEINS: Final = frozenset({"polypeptide", "protein"})


class InterproscanGff3Reader:
    """Families and domains of proteins."""

    name = "interproscan_gff3"
    kind: Kind = "annotations"
    description = "InterProScan 5 GFF3"

    def sniff(self, head: str) -> bool:
        """Look for InterProScan's version line, or for matches on proteins."""
        if not head.lstrip().startswith("##gff-version"):
            return False
        return _VERSION.search(head) is not None or f"\t{_MATCH}\t" in head

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per match.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        proteins: dict[str, tuple[str, int]] = {}

        def parse(row: GffRow) -> Annotation | None:
            if row.type in _PROTEINS:
                proteins[row.seqid] = (row.first("md5").lower(), row.end)
            return annotation_of(_cells(row, proteins)) if row.type == _MATCH else None

        yield from placed(annotations_of_rows(handle, source, parse), source, self.name)


def _cells(row: GffRow, proteins: dict[str, tuple[str, int]]) -> list[str]:
    """Write a match as a row of the TSV."""
    if row.seqid not in proteins:
        message = f"the protein {row.seqid[:60]} has no line of its own before its matches"
        raise ValueError(message)
    md5, length = proteins[row.seqid]
    entry = next(
        (item.split(":", 1)[1] for item in row.attributes.get("dbxref", ()) if "InterPro:" in item),
        "-",
    )
    go_terms = "|".join(row.attributes.get("ontology_term", ())) or "-"
    description = ",".join(row.attributes.get("signature_desc", ())) or "-"
    return [
        *(row.seqid, md5, str(length), row.source, row.first("name") or "-", description),
        *(str(row.start), str(row.end), "-" if row.score == "." else row.score),
        *(row.first("status") or "T", row.first("date"), entry, "-", go_terms, "-"),
    ]
