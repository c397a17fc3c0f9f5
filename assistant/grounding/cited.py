"""What the cited evidence says: its sentences, its words, its identifiers, its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from assistant.grounding.words import Token, fold, sentence_texts, tokens_of
from ingest.vocab import EC_CLASSES, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.evidence.base import Evidence

#: "own": said of the gene in question. "source": said by a text about something else.
Part: TypeAlias = Literal["own", "source"]

_END: Final = Token("", "", "mark")
#: How an item's terms relate to the gene, by kind, in words that the guards know.
_RELATION: Final = {
    "similarity": "similar to",
    "families": "similar to",
    "embedding_neighbours": "near",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence of one item of evidence."""

    item: Evidence
    part: Part
    tokens: tuple[Token, ...]
    is_question: bool
    text: str


@dataclass(frozen=True)
class Cited:
    """The items that a claim cites, taken together."""

    items: tuple[Evidence, ...]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All sentences, by item."""
        return tuple(unit for item in self.items for unit in units_of(item))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All words of all items, with their references and terms."""
        return tuple(token for item in self.items for token in _all_tokens(item))

    @cached_property
    def words(self) -> frozenset[str]:
        """All words as they are compared."""
        return frozenset(token.text for token in self.tokens)

    @cached_property
    def text(self) -> str:
        """All that the items say, folded, for searches by pattern."""
        return " \n ".join(text for item in self.items for _, text in _texts(item))


@lru_cache(maxsize=512)
def units_of(item: Evidence) -> tuple[Unit, ...]:
    """Cut an item of evidence into sentences."""
    return tuple(
        Unit(item, part, tokens_of(sentence), sentence.rstrip().endswith("?"), sentence)
        for part, text in _texts(item)
        for sentence in sentence_texts(text)
    )


def quotable(item: Evidence) -> tuple[str, ...]:
    """The texts of an item that may be quoted."""
    return tuple(text for text in (item.statement, item.quote, item.title) if text)


def _texts(item: Evidence) -> Iterator[tuple[Part, str]]:
    own: Part = "source" if item.kind == "literature" else "own"
    yield own, item.statement
    yield "source", item.quote
    yield "source", item.title
    yield own, _record(item)
    for sentence in _measured(item):
        yield own, sentence


def _all_tokens(item: Evidence) -> Iterator[Token]:
    for _, text in _texts(item):
        yield from tokens_of(text)
        yield _END  # so that no number takes its unit from the next text


def _record(item: Evidence) -> str:
    """Write an item's terms as a sentence, so that codes can be claimed with their name."""
    terms = item.terms
    codes = [f"EC {number}" for number in terms.ec_numbers]
    codes += [*terms.go_terms, *(f"KO {ko}" for ko in terms.ko)]
    classes = {EC_CLASSES[number[0]] for number in ec_numbers_of(terms.ec_numbers)}
    # Commas part them, so that none looks like a piece of the other's name.
    parts = [*sorted(classes), terms.product, terms.gene, *codes, item.taxon]
    named = ", ".join(part for part in parts if part)
    relation = _RELATION.get(item.kind, "annotated as" if named.strip() else "")
    return fold(f"{relation} {', '.join([named, item.reference, *item.pmids])}")


def _measured(item: Evidence) -> Iterator[str]:
    """Write each number behind an item in the order in which people write it."""
    numbers = item.metrics
    for value, unit in (
        (numbers.pident, "% identity"),
        (_percent(numbers.qcov), "% coverage of the query"),
        (_percent(numbers.scov), "% coverage of the subject"),
        (numbers.bitscore, "bits"),
        (_percent(numbers.prevalence), "% prevalence of the samples"),
    ):
        if value is not None:
            yield f"{value:.6g} {unit}"
    for value, name in (
        (numbers.evalue, "E-value"),
        (numbers.bitscore, "bit score"),
        (numbers.similarity, "cosine similarity"),
        (numbers.distance_bp, "distance in bp"),
    ):
        if value is not None:
            yield f"{name} {value:.6g}"


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def cite(items: Sequence[Evidence]) -> Cited:
    """Take items together."""
    return Cited(tuple(items))
