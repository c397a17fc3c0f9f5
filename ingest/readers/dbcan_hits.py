"""run_dbcan's tables of profile hits: dbCAN and dbCAN-sub, versions 3 to 5.

    Subfam Name<TAB>Subfam Composition<TAB>Subfam EC<TAB>Substrate<TAB>HMM Length<TAB>Target Name ...
    GH16_e304<TAB>GH16_3:29|CBM32:17<TAB>3.2.1.39:3<TAB>beta-glucan<TAB>242<TAB>X_00385 ...

Kept: family, residues, E-value, covered share of the profile, substrates, EC numbers of
characterised members with their counts. Dropped: place in the profile. Significant by run_dbcan's
own bars. The overview, which compares three tools, says more. See github.com/bcb-unl/run_dbcan.
"""  # noqa: E501 - a whole line of the format

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable, evalue_of, gene_id_of
from ingest.headed_readers import HeadedTableReader
from ingest.readers.dbcan import TOOL, ec_counts, families_of
from ingest.records import Annotation
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.annotation_tables import Row

#: Our field -> its names in versions 5 to 3, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "family": ("subfam name", "dbcan subfam", "hmm name", "hmm profile", "family hmm"),
    "composition": ("subfam composition",),
    "ec": ("subfam ec",),
    "substrate": ("substrate",),
    "gene": ("target name", "gene id", "query id"),
    "length": ("target length", "gene length", "query length"),
    "evalue": ("i-evalue", "e value", "evalue", "e-value"),
    "start": ("target from", "gene start", "query start"),
    "end": ("target to", "gene end", "query end"),
    "coverage": ("coverage",),
    "profile_length": ("hmm length", "profile length"),
}
#: run_dbcan's defaults: E-value below, and share of the profile above.
MOST_EVALUE: Final = 1e-15
LEAST_COVERAGE: Final = 35.0


class DbcanHitsReader(HeadedTableReader):
    """Families of carbohydrate-active enzymes by their profiles."""

    name = "dbcan_hits"
    description = "run_dbcan tables of HMM hits (dbCAN, dbCAN-sub; versions 3 to 5)"
    table = HeadedTable(
        ALIASES,
        needed=("family", "gene", "evalue", "start", "end", "coverage", "profile_length"),
        id_field="gene",
    )

    def annotation(self, row: Row) -> Annotation:
        """Read a hit."""
        # Version 4 writes the coverage twice under one header.
        extra = row.cells[row.columns.width :]
        if extra != row.cells[row.columns.width - 1 : row.columns.width]:
            refuse_width(row.cells, row.columns.width)
        profile = row.text("family").removesuffix(".hmm")
        families = families_of(profile) or [profile]
        start, end, length = row.whole("start"), row.whole("end"), row.whole("length")
        evalue, share = evalue_of(row.number("evalue")), row.number("coverage")
        if not profile or evalue is None or share is None or not 0 <= share <= 1:
            raise ValueError("the row has no family, no E-value, or no coverage between 0 and 1")
        if not 1 <= start <= end or (length and end > length):
            message = f"the place {start}..{end} is not on a protein of {length} residues"
            raise ValueError(message)
        is_sub = row.columns.has("composition")
        return Annotation(
            gene_id=gene_id_of(row.text("gene")),
            tool=TOOL,
            database="dbCAN-sub" if is_sub else "dbCAN HMMdb",
            accession="+".join(families),
            name=f"{'sub-family' if is_sub else 'HMM'} {profile}({start}-{end})",
            ec_numbers=tuple(ec_counts(row.text("ec"))),
            dbxrefs=tuple(f"CAZy:{family}" for family in families),
            family_kind="domain",
            start=start,
            end=end,
            protein_length=length,
            evalue=evalue,
            is_significant=evalue < MOST_EVALUE and 100 * share > LEAST_COVERAGE,
            note=_note(row, is_sub=is_sub),
        )


def _note(row: Row, *, is_sub: bool) -> str:
    told = [f"found by {'dbCAN-sub' if is_sub else 'the dbCAN profiles'}"]
    if counts := ec_counts(row.text("ec")):
        members = ", ".join(f"EC {ec} {count}" for ec, count in counts.items())
        told.append(f"characterised members of the sub-family: {members}")
    if row.text("substrate"):
        told.append(f"substrates of the sub-family: {row.text('substrate')}")
    return "; ".join(told)
