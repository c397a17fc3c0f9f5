"""What rows of searches, resistance reports and gene clusters mean.

Rules:
- of a search the best hit speaks, and only where the table has its title. It names the gene when
  most of the gene is covered and the two are alike; else it is quoted as the nearest, no more;
- a profile of HMMER is a domain or family by its own inclusion threshold, never a product;
- a resistance report names a gene where its model is of a gene: mutations, replicons of plasmids
  and serotypes name no function;
- a biosynthetic region or a cluster of CAZymes is a stretch of the genome: where a gene lies is
  told, and supports no function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.evidence.base import Terms
from retrieval.evidence.row_sayings import (
    base_saying,
    evalue_words,
    figures_of,
    part_saying,
    terms_of_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ingest.records import Annotation
    from retrieval.evidence.sayings import Saying

MOST_PROFILES = 4  # profiles of HMMER shown per gene
#: A hit's name is taken over when it is this alike (percent) ...
LEAST_PIDENT = 40.0
#: ... covers this share of the gene (percent), as the table itself tells ...
LEAST_COVERAGE = 70.0
#: ... and is expected by chance no more often than this.
MOST_EVALUE = 1e-10


def search_hits(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Let the best hit with a title speak."""
    titled = [row for row in rows if row.name]
    best = min(titled, key=_best_first, default=None)
    if best is None:
        return
    terms = terms_of_row(best)
    if terms.product and _is_close(best):
        yield base_saying(best, terms, grounds=f"by its best hit {figures_of(best)}")
        return
    yield base_saying(
        best,
        Terms(),
        words=f'is most like "{best.product or best.name}"',
        grounds=figures_of(best),
        is_support=False,
        caution=_why_not(best, terms),
    )


def _best_first(row: Annotation) -> tuple[float, float, str]:
    return (-(row.score or 0.0), row.evalue or 0.0, row.accession)


def _is_close(row: Annotation) -> bool:
    pident, coverage, evalue = row.pident, row.coverage, row.evalue
    if pident is None or coverage is None or evalue is None:
        return False
    return pident >= LEAST_PIDENT and coverage >= LEAST_COVERAGE and evalue <= MOST_EVALUE


def _why_not(row: Annotation, terms: Terms) -> str:
    if not terms.product:
        return "the best hit has no informative name"
    if row.coverage is None or row.pident is None:
        return (
            "the table does not tell how much of the gene is alike, so the name is not taken over"
        )
    return "too little of the gene is alike for its name to be taken over"


def hmmer(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Say each profile once, the best first, with all of its places."""
    groups: dict[str, list[Annotation]] = {}
    for row in sorted(rows, key=lambda row: (row.evalue or 0.0, row.accession, row.start)):
        groups.setdefault(row.accession, []).append(row)
    for group in list(groups.values())[:MOST_PROFILES]:
        yield part_saying(group)


def resistance(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Name the gene of a resistance report; tell variants and markers as what they are."""
    for row in rows:
        terms = terms_of_row(row)
        if terms.product or terms.gene:
            yield base_saying(row, terms, grounds=figures_of(row))
            continue
        is_variant = "mutation" in row.note
        yield base_saying(
            row,
            Terms(),
            words=f'is reported {"with a variant" if is_variant else "as a marker"}, "{row.name}"',
            grounds=row.note if is_variant else figures_of(row),
            is_support=False,
            caution=f"a {'mutation' if is_variant else 'marker'} is no name of a function",
        )


def biosynthetic_region(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Tell in which region a gene lies, and in which role."""
    for row in rows:
        yield base_saying(
            row,
            Terms(),
            words=f"is in a predicted biosynthetic region of the type {row.name}",
            grounds=row.note,
            is_support=False,
            caution="a region is a stretch of the genome and names no function of one gene",
        )


def cazyme_cluster(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Tell in which cluster for carbohydrates a gene lies, and as what."""
    for row in rows:
        families = f" ({row.accession})" if row.accession not in {"", row.gene_id} else ""
        yield base_saying(
            row,
            Terms(),
            words=f'is in a predicted gene cluster for carbohydrates, as "{row.name}"{families}',
            grounds=", ".join(filter(None, (row.note, evalue_words(row)))),
            is_support=False,
            caution="a cluster is a stretch of the genome and names no function of one gene",
        )


#: Names that programs of searches write into their tables, and ours for files that have none.
SEARCHES = (
    *("BLASTP", "BLASTX", "BLASTN", "TBLASTN", "TBLASTX", "PSIBLAST", "DELTABLAST"),
    *("DIAMOND", "MMseqs2", "sequence search"),
)
RULES: Mapping[str, Callable[[Sequence[Annotation]], Iterator[Saying]]] = {
    **dict.fromkeys(SEARCHES, search_hits),
    "HMMER": hmmer,
    "RGI": resistance,
    "ABRicate": resistance,
    "antiSMASH": biosynthetic_region,
    "run_dbcan clusters": cazyme_cluster,
}
