"""Follow-up questions: what an earlier turn was about goes on, by rules.

A question that points back ("and in archaea?", "what about its neighbours?") keeps the subjects
of the turns before it. What it names itself takes the place of subjects of the same kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.chat.aspects import OF_THE_DRAFT, aspect_of
from assistant.chat.conditions import names_the_conditions
from assistant.chat.question_words import telling_words
from assistant.chat.subjects import Subject
from assistant.chat.taxa_named import is_named_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.chat.aspects import Aspect
    from assistant.chat.subjects import SubjectKind

_OPENING: Final = re.compile(
    r"^\W*(?i:and|but|or|so|also|then|same|what about|how about|what of|what if|in|for|with|why|"
    r"which of|only|not|more on|tell me more|go on)\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|that|those|this|these|there|he|she|former|latter|"
    r"same|such|the (?:gene|protein|enzyme|taxon|species|drug|pathway|cluster|sample|first|second|"
    r"other|function|draft|paper|evidence)s?)\b",
    re.IGNORECASE,
)
#: A capitalised word, perhaps with an epithet, that ends a short follow-up.
_LATIN_NAME: Final = re.compile(
    r"^\W*(?i:and|but|or|what about|how about|what of|what if|in|for|with|same)\b.*?"
    r"(?<!^)\b([A-Z][a-z]{3,}(?: [a-z]{4,})?)\W*$"
)
#: "this that it" that point to nothing before them.
_NOT_BACK: Final = re.compile(
    r"\b(?:is it (?:true|known|possible)|it is (?:true|known|said)|(?:bacteria|genes|enzymes|"
    r"microbes|species|those|organisms|taxa|proteins|ones|anything|something) that|"
    r"in this (?:knowledge base|run|cohort)|of this (?:run|cohort))\b",
    re.IGNORECASE,
)
#: Kinds that take each other's place: the function asked about is one thing.
_SAME_PLACE: Final[tuple[frozenset[SubjectKind], ...]] = (
    frozenset({"ec", "ko", "go", "family"}),
    frozenset({"pathway", "feature"}),
)
#: Telling words of a question that stands alone without naming a subject.
_ALONE: Final = 2


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is looked up.

    ``text`` is what texts are searched with; ``own`` are the subjects that the question names,
    ``carried`` those of earlier turns; ``must_name`` are taxa and drugs that a text has to name.
    """

    question: str
    text: str
    own: tuple[Subject, ...] = ()
    carried: tuple[Subject, ...] = ()
    aspect: Aspect = ""
    points_back: bool = False

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """All subjects, the question's own first."""
        return (*self.own, *self.carried)

    @property
    def is_own_matter(self) -> bool:
        """Tell whether only a gene's own draft can answer: no paper is about it."""
        return self.aspect in OF_THE_DRAFT and any(it.kind == "gene" for it in self.subjects)

    @property
    def must_name(self) -> tuple[Subject, ...]:
        """Taxa and drugs: a text has to name one of each kind to be about the question."""
        return tuple(subject for subject in self.subjects if subject.kind in {"taxon", "drug"})

    def is_about(self, text: str) -> bool:
        """Tell whether a text names what it must: a taxon, a drug, a disease."""
        kinds = {subject.kind for subject in self.must_name}
        return names_the_conditions(self.text, text) and all(
            any(is_named_in(one.names, text) for one in self.must_name if one.kind == kind)
            for kind in kinds
        )


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier turn was about: the text it was searched with, and its subjects."""

    text: str
    subjects: tuple[Subject, ...]


def understand(question: str, own: Sequence[Subject], before: Sequence[Before]) -> Understood:
    """Read a question in the light of the turns before it; the latest one comes last."""
    aspect = aspect_of(question)
    last = before[-1] if before else None
    if last is None or not points_back(question, own):
        return Understood(question, question, tuple(own), aspect=aspect)
    own = tuple(own) or _unknown_taxon(question, before)
    carried = _kept(own, before)
    aspect = aspect or (aspect_of(last.text) if own else "")
    text = question if _stands_on_names(own, carried, aspect) else _joined(question, last, own)
    return Understood(question, text, tuple(own), carried, aspect, points_back=True)


def _unknown_taxon(question: str, before: Sequence[Before]) -> tuple[Subject, ...]:
    """Read "And Blautia?" after a question on a taxon as one on a taxon that nothing here names."""
    latest = next((turn.subjects for turn in reversed(before) if turn.subjects), ())
    named = _LATIN_NAME.search(question)
    if named is None or not any(subject.kind == "taxon" for subject in latest):
        return ()
    return (Subject(kind="taxon", name=named.group(1)),)


def points_back(question: str, own: Sequence[Subject]) -> bool:
    """Tell whether a question leans on what was said before.

    >>> points_back("What about its neighbours?", ())
    True
    >>> points_back("How do bacteria change bile?", ())
    False
    """
    plain = _NOT_BACK.sub(" ", question)
    words = telling_words(question)
    if _BACK.search(plain):
        return not (own and own[0].kind == "gene" and not _OPENING.search(question))
    is_short = len(words) <= _ALONE + len(own)
    is_opening = bool(_OPENING.search(question))
    return (is_opening and is_short) or (not own and len(words) < _ALONE)


def _kept(own: Sequence[Subject], before: Sequence[Before]) -> tuple[Subject, ...]:
    """Keep the subjects of the last turn that had any, less those that were replaced."""
    latest = next((turn.subjects for turn in reversed(before) if turn.subjects), ())
    replaced = {kind for subject in own for kind in _places(subject.kind)}
    return tuple(subject for subject in latest if subject.kind not in replaced)


def _places(kind: SubjectKind) -> frozenset[SubjectKind]:
    return next((group for group in _SAME_PLACE if kind in group), frozenset({kind}))


def _stands_on_names(own: Sequence[Subject], carried: Sequence[Subject], aspect: Aspect) -> bool:
    """Tell whether an aspect of named things is asked, so that earlier words would mislead."""
    return bool(aspect) and bool([*own, *carried])


def _joined(question: str, last: Before, own: Sequence[Subject]) -> str:
    """Put the earlier words before the new ones, without the names that were replaced."""
    text = last.text
    replaced = {kind for subject in own for kind in _places(subject.kind)}
    for subject in last.subjects:
        if subject.kind in replaced:
            for name in subject.names:
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
    kept = " ".join(text.split()).rstrip("?.; ")
    return f"{kept}; {question}" if telling_words(kept) else question
