"""Markdown: one paper or note, its sections under headings with number signs.

    ---
    title: Lactase in the gut
    ---
    # Methods
    Cells were grown ...

Kept: title (front matter, or the only heading of the first level), abstract and sections, authors,
year, doi and pmid of the front matter. Dropped: references and other back matter, marks of
emphasis, pictures, addresses of links.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import paper_of
from ingest.readers.plain_text import identifiers
from ingest.text_sections import Block, is_known_heading, looks_like_prose, paper_of_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source
    from ingest.records import Publication

_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t]*#*$")
_UNDERLINE: Final = re.compile(r"(=+|-+)[ \t]*$")
_FRONT_MATTER: Final = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FIELD: Final = re.compile(r"(\w+):[ \t]*(\S.*)$", re.MULTILINE)
_ITEM: Final = re.compile(r"^[ \t]*-[ \t]*(?:name:[ \t]*)?(\S.*)$", re.MULTILINE)
#: Marks of Markdown -> what is left of them, in this order.
_MARKS: Final = (
    # No bracket inside what is between brackets: a page of open ones would be read for ever.
    (re.compile(r"!\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*\)"), ""),
    (re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)"), r"\1"),
    (re.compile(r"(\*\*\*|\*\*|\*|___|__|`)(?=\S)(.{1,300}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)_(?=\S)(.{1,300}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"^[ \t]*(?:>|[-*+]|\d+[.)])[ \t]+", re.MULTILINE), ""),
)
_AUTHORS: Final = re.compile(r"^authors?:[ \t]*\n((?:[ \t]*-.*\n?|[ \t]+\w+:.*\n?)+)", re.MULTILINE)
#: The title of a note: a heading, and an empty line or nothing more than it.
_NOTE_TITLE: Final = re.compile(
    r"#{1,3} +[^\W\d_][^\n\t]*\n[ \t]*\n|[^\W\d_][^\n\t]{2,120}\n(?:={3,}|-{3,})[ \t]*\n"
)
_LIST_MARK: Final = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+](?: \[[ xX]\])?|\d+[.)])[ \t]+")
#: A word as people write it, with the marks around it.
_PLAIN_WORD: Final = re.compile(r"[(\[\"'“‘*_`]*[^\W\d_][\w'’/-]*[)\]\"'”’*_`.,;:!?]*")
_LEAST_WORDS: Final = 3
_WORD_SHARE: Final = 0.6
_FENCE: Final = re.compile(r"^(```|~~~)")


class MarkdownReader:
    """One paper or note per Markdown file."""

    name = "markdown"
    kind: Kind = "literature"
    description = "Markdown of one paper or note"

    def sniff(self, head: str) -> bool:
        """Look for a title at the start (a heading, front matter), and prose or a note below."""
        front = _FRONT_MATTER.match(head)
        first = head.lstrip("\ufeff \t\n").split("\n", 1)[0]
        starts = _HEADING.match(first) is not None and "\t" not in first
        if front and re.search(r"^title:", front.group(1), re.MULTILINE):
            starts = True
        return (starts and looks_like_prose(head)) or _is_note(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication]:
        """Yield the one Publication.

        Raises:
            FormatError: The text is no prose.
        """
        text = "".join(line for _, line in numbered_lines(handle, source))
        if not (looks_like_prose(text) or _is_note(text)):
            hint = "A note to be cited has sentences; give tables in a format of their own"
            raise FormatError("this is no running text", path_name=source.path_name, hint=hint)
        front = _FRONT_MATTER.match(text)
        fields = _fields(front.group(1) if front else "")
        body = text[front.end() :] if front else text
        blocks = _blocks(body)
        title = (fields.get("title") or [""])[0] or _only_title(blocks)
        paper = paper_of_blocks(_levelled(blocks), title, keeps_lead=True)
        named = identifiers(text)
        fields = {**{name: value for name, value in named.items() if value}, **fields}
        fields |= {"title": [paper.title], "abstract": [paper.abstract]}
        yield paper_of(fields, source.provenance(self.name, 1), tuple(paper.sections))


def _is_note(text: str) -> bool:
    """Tell a short note: a title, and below it lines of words; no code, comments or tables."""
    front = _FRONT_MATTER.match(text)
    titled = bool(front and re.search(r"^title:[ \t]*\S", front.group(1), re.MULTILINE))
    body = (text[front.end() :] if front else text).lstrip("\ufeff \t\n")
    title = None if titled else _NOTE_TITLE.match(body)
    if not (titled or title) or "\t" in body:
        return False
    below = body[title.end() :] if title else body
    words = [it for line in below.split("\n") for it in _LIST_MARK.sub("", line).split()]
    plain = sum(_PLAIN_WORD.fullmatch(it) is not None for it in words)
    return plain >= _LEAST_WORDS and plain >= _WORD_SHARE * len(words)


def _fields(front: str) -> Fields:
    """Read the fields of front matter: one a line, lists of authors as items or in a line."""
    known = {"title": "title", "doi": "doi", "pmid": "pmid", "date": "year", "year": "year"}
    known |= {"journal": "journal", "author": "authors", "authors": "authors", "pmcid": "pmcid"}
    fields: Fields = {}
    for key, value in _FIELD.findall(front):
        if name := known.get(key.lower()):
            fields[name] = [value.strip(" '\"")]
    if "authors" in fields:
        fields["authors"] = split_authors(fields["authors"][0])
    elif match := _AUTHORS.search(front):
        fields["authors"] = [
            name for item in _ITEM.findall(match.group(1)) for name in split_authors(item)
        ]
    return fields


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    lines: list[str] = []
    is_code = False

    def close() -> None:
        if lines:
            blocks.append(Block(_plain("\n".join(lines))))
            lines.clear()

    for line in text.split("\n"):
        if _FENCE.match(line.strip()):
            is_code = not is_code
            continue
        heading = _HEADING.match(line)
        underline = _UNDERLINE.match(line)
        if is_code or line.lstrip().startswith("|"):  # code and tables are no text
            continue
        if heading:
            close()
            blocks.append(Block(_plain(heading.group(2)), len(heading.group(1))))
        elif underline and len(lines) == 1:
            blocks.append(Block(_plain(lines.pop()), 1 if line.startswith("=") else 2))
        elif line.strip():
            if _LIST_MARK.match(line):  # each item is a paragraph of its own
                close()
            lines.append(line)
        else:
            close()
    close()
    return [block for block in blocks if block.text]


def _plain(text: str) -> str:
    for mark, kept in _MARKS:
        text = mark.sub(kept, text)
    return " ".join(text.split())


def _levelled(blocks: list[Block]) -> list[Block]:
    """Make parts of papers level 1: under a title of level 1 they are written as level 2."""
    parts = [it.level for it in blocks if it.level and is_known_heading(it.text)]
    top = min(parts or [it.level for it in blocks if it.level] or [1])
    return [Block(it.text, max(1, it.level - top + 1) if it.level else 0) for it in blocks]


def _only_title(blocks: list[Block]) -> str:
    """Take the first block for the title if it is a heading that names no part of a paper."""
    if blocks and blocks[0].level and not is_known_heading(blocks[0].text):
        return blocks.pop(0).text
    return ""
