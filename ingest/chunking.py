"""Cut publications into passages: sentence-aligned windows that an encoder reads whole.

A passage lies within one section and is a verbatim slice of its text, so that a quotation can
be found again: ``passage.text == section_text[passage.start:passage.end]``.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ingest.paper_fields import is_notice
from ingest.records import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.records import Publication

#: all-MiniLM-L6-v2 reads 256 word pieces; title, passage and two special tokens share them. The
#: rest is for texts whose words are cut into more pieces than is usual.
WINDOW_TOKENS: Final = 210
#: However long the title is, a passage may use this many.
LEAST_TOKENS: Final = 110

_WORD: Final = re.compile(r"\S+")
_RUN: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
#: Mean number of word pieces by length of a word, from its first letter on: BERT's uncased
#: vocabulary on 2,400 biomedical abstracts and 7 full texts. Longer words: a piece per 1.4 letters
#: more. Words in capitals (genes, sequences) and numbers are cut more often.
_PIECES: Final = (
    *(1.0, 1.0, 1.0, 1.0, 1.1, 1.15, 1.2, 1.3, 1.5, 1.7, 2.0, 2.3, 2.6, 3.2, 3.6, 4.5),
)
_LETTERS_A_PIECE: Final = {"word": 1.4, "name": 2.9, "capitals": 2.2, "digits": 1.6}
#: Long words with a capital are names of taxa and people, which the vocabulary does not have.
_LONG_NAME: Final = 9
_SHORT_CAPITALS: Final = (1.0, 1.2, 1.75, 2.1)
#: Scripts whose letters are pieces of their own: Chinese, Japanese, Korean.
_FIRST_IDEOGRAPH: Final = "\u2e80"

#: A mark that may end a sentence, what may stand behind it (quotes, brackets, numbers of
#: references), and what a next sentence may begin with: a capital, a number, a gene (lacZ, p53).
#: An empty line ends one, and so do the full stops of Chinese and Japanese.
_SENTENCE_END: Final = re.compile(
    r"[.!?][\"'”’)\]]*(?:(?<=[a-z)\]][.!?])(?:\[\d[\d,\s–-]*\]|\d{1,3}(?:[,–-]\d{1,3})*))?\s+"
    r"(?=[\"'“‘(\[]?(?:[A-ZÀ-ÞΑ-Ω0-9α-ω]|[a-z]{1,4}[A-Z0-9]))|(?<!\s)\s*\n\s*\n\s*"
    r"|[。！？][」』）”]*"
)
#: What stands before a full stop that ends no sentence.
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(\[])(?:[A-Za-z]|(?:[A-Za-z]\.)+[A-Za-z]|al|figs?|tabs?|vs|cf|ca|approx|nos?|spp?|nov"
    r"|subspp?|ssp|var|str|strain|resp|eqs?|refs?|drs?|profs?|mrs?|ms|st|etc|incl|excl|min|max|vols?"
    r"|eds?|suppl|bp|viz|serov|sv|pv|bv|cv|gen|comb|aff|conc|wt|mol|temp|avg|sec|chap|ch|pp|jr|sr|inc"
    r"|ltd|co|corp|dept|univ|acad|phd)\.$",
    re.IGNORECASE,
)
#: Words whose last letter is a name: "hepatitis B." ends a sentence, "S. Typhimurium" does not.
_NAMED_BY_LETTER: Final = re.compile(
    r"\b(?:vitamins?|hepatitis|types?|groups?|class|factors?|proteins?|influenza|phase|panel|figure"
    r"|fig\.|table|complex|subunit|coenzyme|cytochrome|domain|site|strain|species|method|model|case"
    r"|appendix|grade|stage|cluster|clade|toxin|colicin|immunoglobulin) [A-Za-z]\.$",
    re.IGNORECASE,
)
_LOOK_BACK: Final = 24


def passages_of(publication: Publication) -> tuple[Passage, ...]:
    """Cut a publication's abstract and sections into passages, in reading order.

    Neighbouring passages of a section share one sentence. A publication with neither abstract
    nor sections gives one passage: its title. A notice (a retraction, an erratum) gives none:
    it repeats the title of another paper and says nothing of its matter.
    """
    if is_notice(publication.publication_types):
        return ()
    budget = max(LEAST_TOKENS, WINDOW_TOKENS - token_estimate(publication.title))
    parts = (("abstract", publication.abstract), *publication.sections)
    passages = tuple(
        Passage(publication.id, section, text[start:end], start, end)
        for section, text in parts
        for start, end in windows(text, budget)
    )
    if passages or not publication.title.strip():
        return passages
    title = publication.title
    return (Passage(publication.id, "title", title, 0, len(title)),)


def section_text(publication: Publication, section: str) -> str:
    """Return the text that a passage's offsets count in; "" for a section that is not there."""
    parts = {**dict(publication.sections), "abstract": publication.abstract}
    return publication.title if section == "title" else parts.get(section, "")


def token_estimate(text: str) -> int:
    """Estimate how many word pieces an uncased BERT tokenizer makes of a text."""
    return math.ceil(sum(map(_pieces, _RUN.findall(text))))


@lru_cache(1 << 13)  # a few thousand runs make up most of all texts
def _pieces(run: str) -> float:
    size = len(run)
    if run.isdigit():
        return 1.0 if size <= 2 else max(1.4, size / _LETTERS_A_PIECE["digits"])
    if run[-1] >= _FIRST_IDEOGRAPH:
        return float(size)
    if run.isupper():
        short = size <= len(_SHORT_CAPITALS)
        return _SHORT_CAPITALS[size - 1] if short else size / _LETTERS_A_PIECE["capitals"]
    if size >= _LONG_NAME and run[0].isupper():
        return size / _LETTERS_A_PIECE["name"]
    if size <= len(_PIECES):
        return _PIECES[size - 1]
    return _PIECES[-1] + (size - len(_PIECES)) / _LETTERS_A_PIECE["word"]


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text as (start, end) offsets, without the space around them.

    A blank line ends a sentence whatever stands before it.
    """
    ends = _SENTENCE_END.finditer(text)
    cuts = [0, *(it.end() for it in ends if not _is_abbreviation(text, it.start() + 1))]
    spans = zip(cuts, [*cuts[1:], len(text)], strict=True)
    return [span for start, end in spans if (span := _stripped(text, start, end))]


def _is_abbreviation(text: str, stop: int) -> bool:
    """Tell whether the full stop just before ``stop`` belongs to an abbreviation."""
    if text[stop - 1] != ".":
        return False
    start = max(0, stop - _LOOK_BACK)
    if _NAMED_BY_LETTER.search(text, start, stop):
        return False
    return _ABBREVIATION.search(text, start, stop) is not None


def windows(text: str, budget: int) -> Iterator[tuple[int, int]]:
    """Join sentences into windows of at most ``budget`` estimated tokens, one shared.

    A sentence above the budget is cut at white space; a word above it is left whole.
    """
    pieces = [piece for span in sentences(text) for piece in _cut(text, span, budget)]
    sizes = [token_estimate(text[start:end]) for start, end in pieces]
    first = 0
    while first < len(pieces):
        last, total = first, sizes[first]
        while last + 1 < len(pieces) and total + sizes[last + 1] <= budget:
            last += 1
            total += sizes[last]
        yield pieces[first][0], pieces[last][1]
        if last + 1 == len(pieces):
            return
        shared = last > first and sizes[last] + sizes[last + 1] <= budget
        first = last if shared else last + 1


def _cut(text: str, span: tuple[int, int], budget: int) -> Iterator[tuple[int, int]]:
    start, end = span
    if token_estimate(text[start:end]) <= budget:
        yield span
        return
    cut, used, last = start, 0, start
    for word in _WORD.finditer(text, start, end):
        size = token_estimate(word.group())
        if used and used + size > budget:
            yield cut, last
            cut, used = word.start(), 0
        used += size
        last = word.end()
    yield cut, last


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    lead = len(part) - len(part.lstrip())
    size = len(part.strip())
    return (start + lead, start + lead + size) if size else None
