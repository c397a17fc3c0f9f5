"""Cut publications into passages: sentence-aligned windows that an encoder reads whole.

A passage lies within one section and is a verbatim slice of its text, so that a quotation can
be found again: ``passage.text == section_text[passage.start:passage.end]``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from ingest.records import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.records import Publication

#: all-MiniLM-L6-v2 reads 256 word pieces; title, passage and special tokens share them.
WINDOW_TOKENS: Final = 220
#: However long the title is, a passage may use this many.
LEAST_TOKENS: Final = 110

_WORD: Final = re.compile(r"\S+")
_RUN: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
#: Word pieces of biomedical text: a long word is cut about every 4 letters, a number every 2
#: digits; short words are mostly whole.
_WHOLE_WORD: Final = 7

_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9α-ωΑ-Ω])")
#: What stands before a full stop that ends no sentence.
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(\[])(?:[A-Za-z]|e\.g|i\.e|al|fig|figs|vs|cf|ca|approx|no|nos|sp|spp|subsp|ssp|var"
    r"|str|strain|resp|eq|ref|refs|dr|st|etc|incl|min|max|vol|ed|eds|suppl|bp|viz|serov|pv|bv)\.$",
    re.IGNORECASE,
)


def passages_of(publication: Publication) -> tuple[Passage, ...]:
    """Cut a publication's abstract and sections into passages, in reading order.

    Neighbouring passages of a section share one sentence. A publication with neither abstract
    nor sections gives one passage: its title.
    """
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


def token_estimate(text: str) -> int:
    """Estimate from above how many word pieces an uncased BERT tokenizer makes of a text."""
    return sum(_pieces(run) for run in _RUN.findall(text))


def _pieces(run: str) -> int:
    if run.isdigit():
        return math.ceil(len(run) / 2)
    return 1 if len(run) <= _WHOLE_WORD else math.ceil(len(run) / 4)


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text as (start, end) offsets, without the space around them."""
    cuts = [0]
    for match in _SENTENCE_END.finditer(text):
        stop = match.start() + 1
        if not _ABBREVIATION.search(text, max(0, stop - 12), stop):
            cuts.append(match.end())
    spans = zip(cuts, [*cuts[1:], len(text)], strict=True)
    return [span for start, end in spans if (span := _stripped(text, start, end))]


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
