"""Sources on drugs that a question names: what is known of microbes, and genes that may do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.answers import Source
from assistant.chat.taxa_named import is_named_in
from retrieval.drugs import drugs_named, fitting, transformations
from retrieval.evidence.base import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.chat.following import Understood
    from assistant.claims import AnnotationRecord
    from retrieval.drugs import Transformation

MOST_KNOWN: Final = 3
MOST_GENES: Final = 3
MOST_OF_A_TAXON: Final = 5
_DRUGS: Final = re.compile(
    r"\b(?:drugs?|medicines?|medications?|pharmaceuticals?|medikamente?)\b", re.IGNORECASE
)
WHY: Final = "curated table of drug transformations"


def drug_sources(question: str, records: Iterable[AnnotationRecord]) -> Iterator[Source]:
    """Make sources of what is known of the drugs in a question, then of genes of the run.

    A gene is named where one of its candidates, as reported, is an enzyme that was seen to change
    the drug; the likeliest first.
    """
    named = drugs_named(question)
    if not named:
        return
    for one in _distinct(named)[:MOST_KNOWN]:
        yield _known(one)
    fits = [fit for record in records if (fit := _fit(record, named))]
    fits.sort(key=lambda fit: (-fit[0].hypothesis.probability, fit[0].gene.id))
    for record, one in fits[:MOST_GENES]:
        yield _gene(record, one, len(fits))


def drugs_of_taxa(asked: Understood) -> Iterator[Source]:
    """Make sources of the drugs that a taxon is known to change, where drugs are asked about."""
    if not _DRUGS.search(asked.text) or any(it.kind == "drug" for it in asked.subjects):
        return
    names = [name for it in asked.subjects if it.kind == "taxon" for name in it.names]
    if names:
        known = [one for one in transformations() if is_named_in(names, "; ".join(one.organisms))]
        for one in _distinct(known)[:MOST_OF_A_TAXON]:
            yield _known(one)


def _distinct(named: Iterable[Transformation]) -> list[Transformation]:
    """Keep one transformation of each drug by each enzyme, the first."""
    first: dict[tuple[str, str], Transformation] = {}
    for one in named:
        first.setdefault((one.drug, one.enzyme), one)
    return list(first.values())


def _known(one: Transformation) -> Source:
    return Source(
        key="",
        kind="drug",
        title=f"{one.drug}: {one.enzyme or 'enzyme not known'}",
        reference=one.reference,
        text=one.statement,
        quote=one.statement,
        why=WHY,
        score=1.0,
    )


def _fit(
    record: AnnotationRecord, named: Iterable[Transformation]
) -> tuple[AnnotationRecord, Transformation] | None:
    leading = record.hypothesis.leading
    if leading is None:
        return None
    ec_numbers = (leading.ec_number,) if leading.ec_number else ()
    terms = Terms(product=leading.product, gene=leading.gene, ec_numbers=ec_numbers)
    wanted = set(named)
    return next(((record, one) for one in fitting(terms) if one in wanted), None)


def _gene(record: AnnotationRecord, one: Transformation, count: int) -> Source:
    draft = record.hypothesis
    of = f" One of {count:,} such genes of the run." if count > MOST_GENES else ""
    text = (
        f"{record.gene.id} is a draft {one.enzyme} (tier {draft.tier}, probability "
        f"{draft.probability:.2f}), and may act on {one.drug}; nothing was tested.{of}"
    )
    return Source(
        key="",
        kind="gene",
        title=f"{record.gene.id}, its draft: {draft.leading.product if draft.leading else ''}",
        reference=f"gene:{record.gene.id}",
        text=text,
        quote=text,
        why=WHY,
        score=1.0,
    )
