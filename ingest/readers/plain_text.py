"""Plain text: one paper or note as running text, its paragraphs parted by empty lines.

    Mutation at the Evi1 Locus in Junbo Mice

    Abstract

    Otitis media remains the most common cause of ...

Kept: title (the first paragraph), abstract and sections by their headings, captions, a DOI or PMID
that is named as one near the start. Dropped: references, acknowledgements and other back matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import paper_of
from ingest.text_sections import Block, heading_level, looks_like_prose, paper_of_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Publication

#: Characters at the start in which the paper's own identifiers are looked for.
_FRONT: Final = 3000
_NAMED: Final = {
    "doi": re.compile(r"(?:\bdoi\b\s*:?\s*|doi\.org/)(10\.\d{4,}\S+)", re.IGNORECASE),
    "pmid": re.compile(r"\bPMID\b:?\s*(\d{1,8})\b"),
    "pmcid": re.compile(r"\b(PMC\d{3,})\b"),
}
#: Words that lists of authors and addresses hardly have.
_SMALL: Final = frozenset({"is", "are", "was", "were", "we", "that", "it", "by", "to", "a", "an"})
#: What ends each paper of PubMed's export of abstracts as text.
_LAST_LINE: Final = re.compile(r"^PMID: \d{1,8}(?: \[.*\])?\s*$", re.MULTILINE)
#: Marks of other formats at the start of a text.
_OTHER_FORMATS: Final = re.compile(
    r"\s*(?:[<>{@%]|\[\{|LOCUS\b|ID   |TY  -|PMID-|##|#\S+\t|HMMER"
    r"|RT [A-Z][^\n]*\n[A-Z][A-Z0-9] )"
)


class PlainTextReader:
    """One paper or note per text file."""

    name = "plain_text"
    kind: Kind = "literature"
    description = "plain text of one paper or note"

    def sniff(self, head: str) -> bool:
        """Look for prose: sentences, and small words between the others."""
        return _OTHER_FORMATS.match(head) is None and looks_like_prose(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication]:
        """Yield the one Publication.

        Raises:
            FormatError: The text is no prose, or holds several papers.
        """
        text = "".join(line for _, line in numbered_lines(handle, source))
        if not looks_like_prose(text):
            hint = (
                "A text to be cited has sentences; give tables and lists in a format of their own"
            )
            raise FormatError("this is no running text", path_name=source.path_name, hint=hint)
        if len(_LAST_LINE.findall(text)) > 1:
            what = 'the text holds several papers, as PubMed\'s "Abstract" export does'
            hint = "Save them from PubMed in the format PubMed (.nbib): it keeps them apart"
            raise FormatError(what, path_name=source.path_name, hint=hint)
        blocks = blocks_of(text)
        paper = paper_of_blocks(blocks, keeps_lead=all(map(_is_text, blocks[1:2])))
        fields = {"title": [paper.title], "abstract": [paper.abstract], **identifiers(text)}
        place = source.provenance(self.name, 1)
        yield paper_of(fields, place, tuple(paper.sections))


def blocks_of(text: str) -> list[Block]:
    """Part a text at its empty lines; lines that were broken for width are joined."""
    blocks = []
    for part in re.split(r"\n[ \t]*\n\s*", text.strip()):
        lines = part.split("\n")
        level = heading_level(lines[0].strip(), alone=len(lines) == 1)
        if level and len(lines) > 1:  # a heading right above its text
            blocks.append(Block(lines[0].strip(), level))
            lines = lines[1:]
            level = 0
        joined = " ".join(" ".join(lines).split())
        if joined:
            blocks.append(Block(joined, level))
    return blocks


def _is_text(block: Block) -> bool:
    """Tell a first paragraph from the names and addresses of authors."""
    words = block.text.split()
    small = sum(word.lower() in _SMALL for word in words)
    return not block.level and block.text.endswith((".", "!", "?")) and small >= 2


def identifiers(text: str) -> dict[str, list[str]]:
    """Find identifiers that the text names as its own, near its start."""
    return {name: pattern.findall(text[:_FRONT])[:1] for name, pattern in _NAMED.items()}
