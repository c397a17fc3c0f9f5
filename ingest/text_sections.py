"""A paper from running text: what is its title, its abstract, which are its sections.

Used for plain text, Markdown and the text of PDFs. Text is never changed here, only sorted; what
stands between title and abstract (authors, addresses) is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.imrad import is_back_matter, part_of, plain_heading, section_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Letters up to which a first block is a title, and a block a heading.
_LONGEST_TITLE: Final = 400
_LONGEST_HEADING: Final = 120
_MOST_WORDS: Final = 16
#: Letters from which on a block in front of the first heading is an abstract without a heading.
_LEAST_ABSTRACT: Final = 250
_ABSTRACT: Final = re.compile(
    r"(?:structured )?abstract|summary|synopsis|author summary", re.IGNORECASE
)
_OWN_ABSTRACT: Final = re.compile(r"(?:structured )?abstract|summary", re.IGNORECASE)
_CAPTION: Final = re.compile(
    r"(?:supplementary )?(fig(?:ure)?|table|scheme|box)\.?\s+(S?\d+[A-Z]?)\b"
    r"(?:\s*[.:|]\s*|\s+(?-i:(?=[A-Z(]))|$)",
    re.IGNORECASE,
)
#: What stands in no heading: values, lists, equations.
_NO_HEADING: Final = re.compile(r"[:;=<>]|\d{2}")
_CAPTION_NAMES: Final = {
    "fig": "Figure",
    "figure": "Figure",
    "table": "Table",
    "scheme": "Scheme",
    "box": "Box",
}
#: What a text must show to be taken for prose: words, sentences, and the small words of languages.
_LEAST_WORDS: Final = 40
_LEAST_SENTENCES: Final = 2
_SMALL_WORDS: Final = frozenset(
    {"the", "of", "and", "in", "to", "a", "is", "was", "were", "with", "for", "by", "that", "as"}
    | {"on", "der", "die", "und", "von", "mit", "la", "le", "les", "des", "et", "el", "los", "del"}
    | {"che", "di"}
)
_SMALL_SHARE: Final = 0.12
_LETTER_SHARE: Final = 0.75


@dataclass(slots=True)
class Block:
    """A paragraph or a heading; ``level`` is 0 for paragraphs, 1 for headings of parts."""

    text: str
    level: int = 0


@dataclass(slots=True)
class TextPaper:
    """What was found in a text."""

    title: str = ""
    abstract: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)


def looks_like_prose(text: str) -> bool:
    """Tell whether a text is written for people: sentences, not tables, lists or code."""
    words = re.findall(r"[^\W\d_]+", text)
    if (
        len(words) < _LEAST_WORDS
        or len(re.findall(r"[a-zà-ÿ)\]\d][.!?]\s+[A-ZÀ-Þ]", text)) < _LEAST_SENTENCES
    ):
        return False
    small = share_of_small_words([word.lower() for word in words])
    solid = [char for char in text if not char.isspace()]
    letters = sum(char.isalpha() for char in solid)
    tabs = text.count("\t") * 20 < len(words)
    return tabs and small >= _SMALL_SHARE and letters >= _LETTER_SHARE * len(solid)


def share_of_small_words(words: Sequence[str]) -> float:
    """Return how many of words in lower case are articles, prepositions and the like."""
    return sum(word in _SMALL_WORDS for word in words) / max(1, len(words))


def heading_level(text: str, *, alone: bool) -> int:
    """Tell whether a line is a heading: 1 for parts of a paper, 2 for others, 0 for none.

    Args:
        text: One line.
        alone: Whether empty lines part it from what follows: only then other short lines count.
    """
    plain = plain_heading(text)
    words = plain.split()
    if not words or len(text) > _LONGEST_HEADING or len(words) > _MOST_WORDS or "\n" in text:
        return 0
    if is_known_heading(plain):
        return 1
    numbered = re.match(r"\d+(?:\.\d+)+\.?\s+[A-Z]", text) is not None
    if text.endswith((".", ",", ";", "?", "!")) and not (alone and len(words) <= 8):
        return 0
    if _CAPTION.match(text) or not plain[0].isupper():
        return 0
    return 2 if numbered or alone else 0


def is_known_heading(plain: str) -> bool:
    """Tell whether a line is the heading of a part of papers, of their abstract or back matter."""
    if len(plain.split()) > 7 or not plain[:1].isupper() or _NO_HEADING.search(plain):
        return False
    exact = part_of(plain) and len(plain.split()) <= 5
    return bool(exact or is_back_matter(plain) or _ABSTRACT.fullmatch(plain))


def is_caption(line: str) -> bool:
    """Tell whether a line begins the caption of a figure or a table."""
    return _CAPTION.match(line) is not None


def paper_of_blocks(
    blocks: Sequence[Block], title: str = "", *, keeps_lead: bool = False
) -> TextPaper:
    """Sort blocks into title, abstract and sections; back matter is left out.

    Args:
        blocks: Paragraphs and headings in reading order.
        title: The title, where it is known; else it is the first block that can be one.
        keeps_lead: What stands above the first heading is text, even where it is short.
    """
    rest = list(blocks)
    paper = TextPaper(title)
    if not title and rest and len(rest[0].text) <= _LONGEST_TITLE:
        paper.title = " ".join(rest.pop(0).text.split())
    first = next((n for n, block in enumerate(rest) if block.level == 1), len(rest))
    front, body = rest[:first], rest[first:]
    if not body:
        _take_text(paper, rest)
        return paper
    if not any(map(_is_abstract, body)):
        paper.abstract = _longest(front)
        if keeps_lead and not paper.abstract:
            _take_text(paper, front)
    _take_body(paper, body)
    return paper


def _take_text(paper: TextPaper, blocks: Iterable[Block]) -> None:
    text = "\n\n".join(block.text for block in blocks)
    if text:
        paper.sections.append(("Text", text))


def _longest(front: Iterable[Block]) -> str:
    """Take the longest block in front of the first heading for the abstract, if it is one."""
    longest = max((block.text for block in front), key=len, default="")
    return longest if len(longest) >= _LEAST_ABSTRACT else ""


def _take_body(paper: TextPaper, body: Sequence[Block]) -> None:
    headings: list[str] = []
    held: dict[str, list[str]] = {}
    dropped = False
    for block in _after_labelled_abstract(paper, body):
        if block.level:
            headings = [*headings[: block.level - 1], block.text]
            if block.level == 1:
                dropped = is_back_matter(block.text)
        elif match := _CAPTION.match(block.text):
            name = f"{_CAPTION_NAMES[match.group(1).lower()]} {match.group(2)}"
            held.setdefault(name, []).append(block.text[match.end() :])
        elif not dropped and block.text.strip():
            held.setdefault(_name(headings), []).append(block.text)
    abstracts = held.pop("abstract", [])
    paper.abstract = paper.abstract or " ".join(abstracts)
    paper.sections += [(name, "\n\n".join(texts)) for name, texts in held.items() if any(texts)]


def _after_labelled_abstract(paper: TextPaper, body: Sequence[Block]) -> Sequence[Block]:
    """Read an abstract whose parts have headings of their own; return what follows it.

    It ends where one of its parts comes again, as a section of the paper.
    """
    if len(body) < 3 or not _is_abstract(body[0]) or not body[1].level:
        return body
    parts: set[str] = set()
    labelled: list[str] = []
    label = ""
    for number, block in enumerate(body[1:], 1):
        part = part_of(block.text) if block.level else ""
        if block.level and (part in parts or is_back_matter(block.text)):
            paper.abstract = " ".join(labelled)
            return body[number:]
        if block.level:
            parts.add(part)
            label = plain_heading(block.text).upper()
        else:
            labelled.append(f"{label}: {block.text}" if label else block.text)
            label = ""
    return body[1:]  # no part came again: these are sections


def _is_abstract(block: Block) -> bool:
    return bool(block.level and _ABSTRACT.fullmatch(plain_heading(block.text)))


def _name(headings: list[str]) -> str:
    if headings and _OWN_ABSTRACT.fullmatch(plain_heading(headings[0])):
        return "abstract"
    return section_name(headings)
