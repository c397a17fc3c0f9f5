"""RGI main's report: proteins compared with CARD's models of resistance.

    ORF_ID<TAB>Contig<TAB>Start<TAB>Stop<TAB>Orientation<TAB>Cut_Off<TAB>Pass_Bitscore ...
    c1_7 # 7011 # 7790 # 1 # ID=3_7<TAB>c1_7<TAB>7011<TAB>7790<TAB>+<TAB>Perfect<TAB>500 ...

Kept: the best ARO term, gene family, drug classes, mechanism, bits with the model's own
threshold, identity, covered share of the reference, and the protein's MD5. Dropped: sequences.
Loose hits are not significant; a variant model tells of mutations, which name no function.
See github.com/arpcard/rgi.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable, gene_id_of
from ingest.headed_readers import HeadedTableReader
from ingest.records import Annotation, Location, clean_sequence
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.annotation_tables import Row
    from ingest.records import Strand

TOOL: Final = "RGI"
#: Our field -> its names in lower case, those of version 3 and older among them.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "orf": ("orf_id",),
    "contig": ("contig",),
    "start": ("start",),
    "stop": ("stop",),
    "strand": ("orientation",),
    "cut_off": ("cut_off",),
    "threshold": ("pass_bitscore",),
    "score": ("best_hit_bitscore", "bit_score"),
    "term": ("best_hit_aro", "aro_name"),
    "identity": ("best_identities",),
    "aro": ("aro",),
    "model": ("model_type",),
    "snps": ("snps_in_best_hit_aro", "snp"),
    "drugs": ("drug class", "best_hit_aro_category", "aro_category"),
    "mechanism": ("resistance mechanism",),
    "family": ("amr gene family",),
    "protein": ("predicted_protein",),
    "coverage": ("percentage length of reference sequence",),
    "nudged": ("nudged",),
}
_CUT_OFFS: Final = frozenset({"perfect", "strict", "loose"})
_CALLED: Final = re.compile(r"(\S+)_\d+ # (\d+) # (\d+) # (-?1)\b")


class RgiReader(HeadedTableReader):
    """Resistance genes by CARD's models."""

    name = "rgi"
    description = "RGI main report (CARD)"
    table = HeadedTable(ALIASES, needed=("orf", "cut_off", "term", "aro"))

    def annotation(self, row: Row) -> Annotation:
        """Read a hit."""
        refuse_width(row.cells, row.columns.width)
        orf = row.cells[row.columns.places["orf"]].strip()
        cut_off, term = row.text("cut_off").lower(), row.text("term")
        if cut_off not in _CUT_OFFS or not term:
            message = f"the cut-off is {cut_off[:20]!r}" if term else "the row has no ARO term"
            raise ValueError(message)
        family = row.text("family")
        # Variant and overexpression models are about mutations in genes that everybody has.
        is_gene = row.text("model").lower() in {"", "protein homolog model"}
        protein = clean_sequence(row.text("protein"))
        return Annotation(
            gene_id=gene_id_of((orf.split() or [""])[0]),
            tool=TOOL,
            database="CARD",
            accession=f"ARO:{row.text('aro')}" if row.text("aro") else term,
            name=f"{term} ({family})" if family and family != term else term,
            product=family if is_gene and ";" not in family else "",
            gene=term if is_gene and " " not in term else "",
            location=_place(orf),
            sequence_md5=hashlib.md5(protein.encode(), usedforsecurity=False).hexdigest()
            if protein and not _is_partial(orf)
            else "",
            score=row.number("score"),
            threshold=row.number("threshold"),
            pident=_identity(row),
            coverage=_coverage(row),
            is_significant=cut_off != "loose",
            note=_note(row, cut_off, is_gene=is_gene),
        )


def _is_partial(orf: str) -> bool:
    """Tell whether Prodigal cut the gene: other tools may cut it elsewhere."""
    return any(mark in orf for mark in ("partial=10", "partial=01", "partial=11"))


def _place(orf: str) -> Location | None:
    found = _CALLED.match(orf)
    if not found:
        return None
    start, end = int(found.group(2)), int(found.group(3))
    strand: Strand = "-" if found.group(4) == "-1" else "+"
    return Location(found.group(1), start, end, strand) if 1 <= start <= end else None


def _identity(row: Row) -> float | None:
    value = row.number("identity")
    if value is not None and not 0 <= value <= 100:
        message = f"the identity is {value:g}, which is no percentage"
        raise ValueError(message)
    return value


def _coverage(row: Row) -> float | None:
    """Length of the match against the reference's; above 100 where the protein is longer."""
    value = row.number("coverage")
    if value is not None and value < 0:
        message = f"the length against the reference is {value:g} percent"
        raise ValueError(message)
    return value if value is None or value <= 100 else None


def _note(row: Row, cut_off: str, *, is_gene: bool) -> str:
    told = [f"{cut_off} hit", row.text("mechanism"), row.text("drugs")]
    told += [] if is_gene else [row.text("model"), f"mutations {row.text('snps') or 'not listed'}"]
    told += ["nudged from loose to strict"] if row.text("nudged").lower() == "true" else []
    return ", ".join(filter(None, told))
