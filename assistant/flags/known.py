"""Flags of what is known: earlier annotations, and relatives that are nearly the same protein."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.claims import FlagNote
from assistant.scoring import SAME_COVERAGE, SAME_IDENTITY, best_name
from assistant.votes import common_level, informative_words
from ingest.ec_transfers import current_ecs
from ingest.vocab import ec_level, ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.wording import listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.flags.case import Case
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence


@dataclass(frozen=True, slots=True)
class Saying:
    """What is already said of this protein: by whom, and which function."""

    who: str
    ec_numbers: tuple[str, ...]
    product: str
    is_prior: bool = True
    is_identical: bool = True

    @property
    def words(self) -> frozenset[str]:
        """The informative words of the name."""
        return frozenset(informative_words(self.product))

    @property
    def label(self) -> str:
        """The function as it is said."""
        named = [f'"{self.product}"'] if self.product else []
        codes = f"EC {listed(self.ec_numbers, most=3)}" if self.ec_numbers else ""
        return " with ".join([*named, *([codes] if codes else [])])


def known_notes(case: Case) -> Iterator[FlagNote]:
    """Flag what is known already, known better, or said otherwise in an earlier one."""
    sayings = tuple(_sayings(case))
    same = [saying for saying in sayings if saying.is_identical and _says_it(saying, case)]
    if same:
        reason = f"{same[0].who} already says {same[0].label}, so this is not new."
        yield FlagNote(flag="already_known", reason=reason)
    elif _is_named(case.gene):
        own = _own_saying(case.gene)
        reason = f"The gene came with a name that says what it does: {own.label}."
        yield FlagNote(flag="already_annotated", reason=reason)
    better = [saying for saying in sayings if _says_more(saying, case)]
    if better:
        reason = f"{better[0].who} says {better[0].label}, which is more than {case.label}."
        yield FlagNote(flag="less_specific", reason=reason)
    other = [saying for saying in sayings if saying.is_prior and _says_otherwise(saying, case)]
    if other:
        reason = f"{other[0].who} says {other[0].label}, not {case.label}."
        yield FlagNote(flag="prior_annotation_disagrees", reason=reason)


def _sayings(case: Case) -> Iterator[Saying]:
    """List the gene's own record first, then earlier annotations, then the same protein."""
    if _is_named(case.gene):
        yield _own_saying(case.gene)
    for item in case.evidence:
        if item.kind == "prior_annotation" and (item.terms.product or item.terms.ec_numbers):
            who = f"An earlier annotation ({item.tool or item.reference})"
            yield Saying(who, current_ecs(item.terms.ec_numbers), item.terms.product)
    for item in case.evidence:
        if item.kind == "similarity" and _is_same_protein(item):
            pident = item.metrics.pident or 0.0
            who = f"{item.reference}, {percent(pident)} identical over its length,"
            terms = item.terms
            yield Saying(
                who,
                terms.ec_numbers,
                terms.product,
                is_prior=False,
                is_identical=pident == 100.0,
            )


def _is_named(gene: Gene) -> bool:
    return bool(ec_numbers_of(gene.ec_numbers)) or not is_uncharacterized(gene.product)


def _own_saying(gene: Gene) -> Saying:
    name, named_ecs = split_name(gene.product)
    product = "" if is_uncharacterized(name) else name
    numbers = current_ecs(ec_numbers_of((*gene.ec_numbers, *named_ecs)))
    place = gene.provenance.path_name
    who = f"The gene's own file, {place}," if place else "The gene's own record"
    return Saying(who, numbers, product)


def _is_same_protein(item: Evidence) -> bool:
    numbers = item.metrics
    coverage = min(numbers.qcov or 0.0, numbers.scov or 0.0)
    return (numbers.pident or 0.0) >= 100 * SAME_IDENTITY and coverage >= SAME_COVERAGE


def _our_words(case: Case) -> frozenset[str]:
    return frozenset(informative_words(best_name(case.leader))) if case.leader else frozenset()


def _says_it(saying: Saying, case: Case) -> bool:
    """Tell whether the same is said, as specifically as the proposal or more so."""
    if not case.is_proposed:
        return False
    if case.ec_number and saying.ec_numbers:
        level = ec_level(case.ec_number)
        return any(common_level(known, case.ec_number) >= level for known in saying.ec_numbers)
    words = _our_words(case)
    return bool(words) and words <= saying.words


def _says_more(saying: Saying, case: Case) -> bool:
    """Tell whether more is said: more EC digits, an EC number beside the name, a longer name."""
    if not case.is_proposed:
        return False
    if case.ec_number:
        level = ec_level(case.ec_number)
        return any(
            common_level(known, case.ec_number) == level < ec_level(known)
            for known in saying.ec_numbers
        )
    words = _our_words(case)
    more = {word for word in saying.words - words if len(word) > 1 and word.isalpha()}
    return bool(words) and words <= saying.words and bool(more or saying.ec_numbers)


def _says_otherwise(saying: Saying, case: Case) -> bool:
    """Tell whether something else is said: by EC number where both have one, else by name."""
    if case.leader is None:
        return False
    if case.ec_number and saying.ec_numbers:
        level = ec_level(case.ec_number)
        return all(
            common_level(known, case.ec_number) < min(ec_level(known), level)
            for known in saying.ec_numbers
        )
    words = _our_words(case)
    return bool(words) and bool(saying.words) and words.isdisjoint(saying.words)
