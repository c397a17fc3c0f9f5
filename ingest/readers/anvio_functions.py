"""anvi'o's functions of genes (anvi-export-functions), one row per gene and source.

    gene_callers_id<TAB>source<TAB>accession<TAB>function<TAB>e_value
    1<TAB>COG20_FUNCTION<TAB>COG0001<TAB>Glutamate-1-semialdehyde aminotransferase<TAB>1e-50
    1<TAB>KOfam<TAB>K01845<TAB>glutamate-1-semialdehyde 2,1-aminomutase [EC:5.4.3.8]<TAB>0

Kept: source, accession, function, E-value. anvi'o keeps KOfam's hits above their thresholds only,
and Pfam's above the gathering thresholds. Dropped: nothing. A category or pathway is no name of a
protein. See anvio.org/help, functions-txt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.annotation_tables import HeadedTable, evalue_of, gene_id_of, ko_of, without_ec
from ingest.headed_readers import HeadedTableReader
from ingest.records import Annotation
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.annotation_tables import Row
    from ingest.records import FamilyKind

TOOL: Final = "anvi'o"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "gene": ("gene_callers_id",),
    "source": ("source",),
    "accession": ("accession",),
    "function": ("function",),
    "evalue": ("e_value", "evalue"),
}


class _Origin(NamedTuple):
    """Which tool stands behind a source, what its hits are, whether they name proteins."""

    tool: str
    database: str
    kind: FamilyKind | None
    names: bool


#: What sources are called -> what they are; the first that fits counts.
_ORIGINS: Final = (
    (re.compile(r"KOfam|KEGG_KO", re.I), _Origin("KofamScan", "KOfam", "equivalog", names=True)),
    (re.compile(r"Pfam.*", re.I), _Origin("HMMER", "Pfam", "domain", names=False)),
    (re.compile(r"(?:COG|KEGG|NCBI)\w*_(?:CATEGORY|PATHWAY|Module|Class|BRITE)", re.I), None),
    (re.compile(r"COG\d*(?:_FUNCTION)?", re.I), _Origin(TOOL, "COG", "family", names=False)),
    (re.compile(r"EGGNOG.*", re.I), _Origin(TOOL, "eggNOG", "family", names=False)),
    (
        re.compile(r"(?:TIGRFAM|NCBI_PGAP|NCBIfam).*", re.I),
        _Origin(TOOL, "NCBIfam", None, names=True),
    ),
)


class AnvioFunctionsReader(HeadedTableReader):
    """Functions of genes by source."""

    name = "anvio_functions"
    description = "anvi'o functions of genes (anvi-export-functions)"
    table = HeadedTable(
        ALIASES, needed=("gene", "source", "accession", "function"), id_field="gene"
    )

    def annotation(self, row: Row) -> Annotation:
        """Read what a source says of a gene."""
        refuse_width(row.cells, row.columns.width)
        source, accession = row.text("source"), row.text("accession")
        if not source:
            raise ValueError("the row names no source")
        found = next((it for words, it in _ORIGINS if words.fullmatch(source)), None)
        origin = found or _Origin(TOOL, source, None, names=False)
        definition, ec_numbers = without_ec(row.text("function"))
        return Annotation(
            gene_id=gene_id_of(row.text("gene")),
            tool=origin.tool,
            database=origin.database,
            accession=accession.partition("!!!")[0],
            name=definition or accession,
            product=definition if origin.names else "",
            ec_numbers=ec_numbers if origin.names else (),
            ko=ko_of(accession) if origin.database == "KOfam" else (),
            family_kind=origin.kind or "",
            evalue=evalue_of(row.number("evalue")),
            note=f"by anvi'o, source {source}",
        )
