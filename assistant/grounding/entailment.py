"""Does the evidence entail a claim, or contradict it? By a model where one is set, else by words.

**With a model** (``--entailment PATH``: a folder with a sequence-classification model of
natural-language inference or of MiniCheck's kind): each chunk of the evidence is judged with the
claim and the most supporting and the most contradicting chunk count. A claim that is all there,
in other words, may then be "supported"; one that the model finds contradicted is so.

**Without one**, a stated rule on words (``stance``): it never makes a claim supported. Where it
leans clearly against a claim that is not an extract, the claim is "unchecked".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from assistant.grounding.stance import stance_of
from assistant.grounding.words import sentence_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.grounding.cited import Cited
    from assistant.grounding.stance import Stance

#: Probabilities from which a model's word counts; below them it changes nothing.
ENTAILED: Final = 0.9
CONTRADICTED: Final = 0.8
#: Below this, the words lean against a claim: 2 % of SciFact's supported training claims do.
AGAINST: Final = 0.25
#: A claim whose words no clause of the evidence holds to this share is pieced together; then
#: words that lean against it at all count. Of SciFact's training claims that were partial this
#: takes one in four of the contradicted and one in twenty of the supported.
PIECED_TOGETHER: Final = 0.7
AGAINST_PIECED: Final = 0.5
CHUNK_WORDS: Final = 160
_OVERLAP: Final = 1  # sentences that neighbouring chunks share


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities that a text entails a claim, and that it contradicts it."""

    entails: float
    contradicts: float


class EntailmentModel(Protocol):
    """Judge a claim beside texts."""

    name: str

    def judge(self, texts: Sequence[str], claim: str) -> Sequence[Judgement]:
        """Return one judgement a text, in order."""
        ...


def use_model(model: EntailmentModel | None) -> None:
    """Set the model that all checks of this process use; None for the rule on words."""
    _USED[:] = [] if model is None else [model]


def model_in_use() -> EntailmentModel | None:
    """Return the model that was set, if any."""
    return _USED[0] if _USED else None


def judged(claim: str, cited: Cited, model: EntailmentModel) -> Judgement:
    """Judge a claim: the most entailing chunk and the most contradicting one."""
    texts = [chunk for item in _texts(cited) for chunk in chunks(item)]
    found = model.judge(texts, claim) if texts else ()
    return Judgement(
        max((one.entails for one in found), default=0.0),
        max((one.contradicts for one in found), default=0.0),
    )


def leaning(claim: str, cited: Cited) -> float:
    """Say by words how far the evidence leans to a claim, 0 to 1."""
    return _stance(claim, cited).support


def leans_against(claim: str, cited: Cited) -> tuple[bool, float]:
    """Tell whether the words lean against a claim, and how far they lean to it."""
    stance = _stance(claim, cited)
    least = AGAINST_PIECED if stance.share < PIECED_TOGETHER else AGAINST
    return stance.support < least, stance.support


def _stance(claim: str, cited: Cited) -> Stance:
    titles = " ".join(item.title for item in cited.items)
    return stance_of(claim, (titles, *_texts(cited)))


def chunks(text: str, most: int = CHUNK_WORDS) -> Iterator[str]:
    """Cut a text into runs of whole sentences; neighbours share one.

    >>> list(chunks("One two. Three four. Five six.", most=4))
    ['One two. Three four.', 'Three four. Five six.']
    """
    run: list[str] = []
    for sentence in sentence_texts(text):
        if run and sum(len(one.split()) for one in (*run, sentence)) > most:
            yield " ".join(run)
            run = run[-_OVERLAP:] if len(run) > _OVERLAP else []
        run.append(sentence)
    if run:
        yield " ".join(run)


def _texts(cited: Cited) -> tuple[str, ...]:
    """The texts of the items: what a source says in its own words, else our statement."""
    return tuple(dict.fromkeys(item.quote or item.statement for item in cited.items))


_USED: Final[list[EntailmentModel]] = []
