"""Running text from the pages of a PDF: no running heads, no page numbers, words mended.

A PDF holds glyphs at places, not paragraphs: what is done here is told by how lines look, and errs
on the side of keeping. Pure functions over the lines of pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.text_sections import Block, heading_level, is_caption, is_known_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Lines at the top and at the bottom of a page where running heads and feet stand.
_HEAD_LINES: Final = 4
_FOOT_LINES: Final = 6
_LONG_HEAD: Final = 20  # characters
#: Share of the pages on which a line must come again to be a running head.
_RUNNING: Final = 0.3
_PAGE_NUMBER: Final = re.compile(
    r"(?:page |p\.? ?)?\d{1,5}(?: ?(?:of|/) ?\d{1,5})?|[ivxlc]{1,6}|[•·|–—-]+", re.IGNORECASE
)
_LINK: Final = re.compile(r"(?:https?://|www\.|doi:)\S+")
#: What publishers put beside or below the first page's text.
_SIDE_NOTE: Final = re.compile(
    r"(?:OPEN ACCESS$|Citation:|Editors?:|Academic Editor|Edited by|Reviewed by|Received:|Accepted:"
    r"|Published:|Copyright:|Data Availability|Funding:|Competing interests:|Correspondence:"
    r"|\*? ?Corresponding author|How to cite|Cite this article|Specialty section|Handling editor)",
    re.IGNORECASE,
)
_ABSTRACT_INLINE: Final = re.compile(r"(abstract|summary)\s*[:.—–-]+\s*(?=\S{2})", re.IGNORECASE)
_LIGATURES: Final = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00ad": "-",
        "¬": "-",
    }
)
#: Accents that a font draws behind their letter -> the combining mark.
_ACCENTS: Final = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
}
_ACCENTED: Final = re.compile(r"([A-Za-z])([´`¨ˆ˜ˇ])")
_BROKEN: Final = re.compile(r"(\w+)-$")
_NEXT_WORD: Final = re.compile(r"^[a-zà-ÿ]\w*")
#: A line shorter than this share of the usual width ends its paragraph, after a full stop.
_SHORT_LINE: Final = 0.85
_SENTENCE_ENDED: Final = re.compile(r"[.!?:][\"'”’)\]]*(?:\d{1,3}(?:[,–-]\d{1,3})*)?$")
#: A line that ends so goes on in the next one.
_GOES_ON: Final = re.compile(
    r"(?:[,(–-]|\b(?:the|of|and|or|in|to|a|an|our|for|with|see|as|these))$"
)
#: What an abstract begins with is prose; names and addresses have few of these words.
_PROSE: Final = re.compile(
    r"\b(?:the|of|and|in|to|a|an|is|are|was|were|we|that|by|for|with|has|have)\b"
)
_ADDRESS: Final = re.compile(
    r"@|\b(?:universit|department|institut|school of|college|hospital|laborator|correspond|faculty"
    r"|road|street|avenue|USA|United States|Tel|Fax|e-?mail|authors? contributed|equal contrib)",
    re.IGNORECASE,
)


def clean_lines(page: str) -> list[str]:
    """Part a page's text into lines with single spaces, ligatures and accents as letters."""
    text = page.translate(_LIGATURES)
    text = _ACCENTED.sub(
        lambda match: unicodedata.normalize("NFC", match.group(1) + _ACCENTS[match.group(2)]), text
    )
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Drop running heads and feet, page numbers, links on their own and watermarks."""
    edges: Counter[str] = Counter()
    all_lines: Counter[str] = Counter()
    for lines in pages:
        edges.update({_key(line) for line in _edge(lines)})
        all_lines.update(lines)
    often = max(2 if len(pages) < 4 else 3, _RUNNING * len(pages))
    running = {key for key, count in edges.items() if count >= often}
    # A long one counts wherever it stands: notes beside the text may follow the foot of a page.
    anywhere = {key for key in running if len(key) >= _LONG_HEAD}
    marks = {line for line, count in all_lines.items() if count >= max(4, len(pages) / 2)}
    return [list(_kept(lines, running, anywhere, marks)) for lines in pages]


def _kept(
    lines: Sequence[str], running: set[str], anywhere: set[str], marks: set[str]
) -> Iterator[str]:
    edge = set(_edge(lines))
    for number, line in enumerate(lines):
        key = _key(line)
        if (line in edge and key in running) or key in anywhere:
            continue
        is_repeated = line in (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
        if not (line in marks or is_repeated or _is_noise(line)):
            yield line


def _edge(lines: Sequence[str]) -> list[str]:
    return [*lines[:_HEAD_LINES], *lines[-_FOOT_LINES:]]


def _key(line: str) -> str:
    """Reduce a line to what stays the same from page to page."""
    return re.sub(r"\d+", "#", re.sub(r"\W+", " ", line)).strip().casefold()


def _is_noise(line: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line) or _LINK.fullmatch(line))


def without_side_notes(lines: Sequence[str]) -> list[str]:
    """Cut what a first page has beside its text: citation, editor, dates, licence."""
    for number, line in enumerate(lines):
        if number > len(lines) // 3 and _SIDE_NOTE.match(line):
            return list(lines[:number])
    return list(lines)


def after_title(lines: Sequence[str], title: str) -> list[str]:
    """Drop what stands above the title, and the title's own lines."""
    wanted = letters(title)
    for start in range(min(len(lines), 40)):
        joined, end = "", start
        while end < len(lines) and len(joined) < len(wanted):
            joined += letters(lines[end])
            end += 1
        if wanted and joined and (joined == wanted or joined.startswith(wanted)):
            return list(lines[end:])
    return list(lines)


def letters(text: str) -> str:
    """Reduce a text to its letters and digits, in lower case."""
    return re.sub(r"[\W_]+", "", text).casefold()


def without_names(lines: Sequence[str]) -> list[str]:
    """Drop authors and addresses above the first heading or the first lines of prose."""
    for number, line in enumerate(lines):
        if heading_level(line, alone=False) or _ABSTRACT_INLINE.match(line):
            return list(lines[number:])
        words = line.split()
        if len(words) >= 7 and len(_PROSE.findall(line)) >= 2 and not _ADDRESS.search(line):
            return list(lines[number:])
    return list(lines)


def blocks_of_lines(lines: Sequence[str]) -> list[Block]:
    """Join lines into paragraphs and headings, with hyphenated words mended."""
    width = sorted(map(len, lines))[len(lines) * 3 // 4] if lines else 0
    vocabulary = Counter(word for line in lines for word in re.findall(r"[\w-]+", line.casefold()))
    blocks: list[Block] = []
    held: list[str] = []
    for given in _split_inline(lines):
        line = _with_capital(given, held)
        may_begin = _may_begin(held) or _stands_out(line, held, width)
        level = heading_level(line, alone=False) if may_begin else 0
        if level or (is_caption(line) and _may_begin(held)):
            _close(blocks, held, vocabulary)
        if level:
            blocks.append(Block(line, level))
            continue
        held.append(line)
        if _SENTENCE_ENDED.search(line) and len(line) < _SHORT_LINE * width:
            _close(blocks, held, vocabulary)
    _close(blocks, held, vocabulary)
    return blocks


def _split_inline(lines: Iterable[str]) -> Iterator[str]:
    """Give "Abstract: We ..." as a heading and its text."""
    for line in lines:
        match = _ABSTRACT_INLINE.match(line)
        if match:
            yield match.group(1).capitalize()
        yield line[match.end() :] if match else line


def _may_begin(held: Sequence[str]) -> bool:
    """Tell whether something new may begin: a line in the middle of a sentence is no heading."""
    return not held or _SENTENCE_ENDED.search(held[-1]) is not None or len(held[-1]) < 40


def _with_capital(line: str, held: Sequence[str]) -> str:
    """Give a heading in small capitals, which a PDF has in lower case, its first letter."""
    capital = line[:1].upper() + line[1:]
    is_heading = line[:1].islower() and len(line.split()) <= 3 and is_known_heading(capital)
    return capital if is_heading and (not held or _SENTENCE_ENDED.search(held[-1])) else line


def _stands_out(line: str, held: Sequence[str], width: int) -> bool:
    """Tell whether a line is a heading of its own, though the one before has no end."""
    is_short = len(line) < width / 2 and len(line.split()) <= 4
    return is_short and is_known_heading(line) and not _GOES_ON.search(held[-1])


def _close(blocks: list[Block], held: list[str], vocabulary: Counter[str]) -> None:
    if held:
        blocks.append(Block(_joined(held, vocabulary)))
        held.clear()


def _joined(lines: Sequence[str], vocabulary: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        broken, following = _BROKEN.search(text), _NEXT_WORD.match(line)
        if broken and following:
            text = _mended(text, broken.group(1), following.group(), vocabulary) + line
        else:
            text = f"{text}{'' if text.endswith(('-', '–', '/')) else ' '}{line}"
    return text


def _mended(text: str, first: str, second: str, vocabulary: Counter[str]) -> str:
    """Drop the hyphen of a broken word; keep it where the paper writes the word with one."""
    whole, hyphenated = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
    keeps = vocabulary[hyphenated] > vocabulary[whole]
    both_are_words = vocabulary[first.casefold()] > 0 and vocabulary[second.casefold()] > 1
    if not vocabulary[whole] and not vocabulary[hyphenated] and len(first) > 3:
        keeps = both_are_words and len(second) > 3
    return text if keeps else text[:-1]
