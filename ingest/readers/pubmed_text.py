"""PubMed's "Summary (text)" and "Abstract (text)": references written for people.

    1: Smith J, Doe AB. Starch in the gut. J Bacteriol. 2020 Jan 5;202(3):1-9. doi: 10.1/x. PMID: 3.

    1. J Bacteriol. 2020 Jan 5;202(3):1-9. doi: 10.1/x.       (title, authors, addresses, abstract
                                                               and identifiers follow as paragraphs)

Kept: title, authors, journal, year, PMID, PMCID, DOI, abstract, whether it is retracted. Dropped:
addresses, collaborators, comments, copyright, conflicts of interest.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import folded, paper_of
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_SUMMARY: Final = re.compile(r"\ufeff?\s*\d{1,6}: \S")
_ABSTRACT: Final = re.compile(r"\ufeff?\s*\d{1,6}\. \S[^\n]*\b(?:1[5-9]|20)\d\d\b")
_NUMBER: Final = re.compile(r"\ufeff?\d{1,6}[:.] ")
_LOOKED_AT: Final = 1200
_IDS: Final = {
    "pmid": re.compile(r"\bPMID: ?(\d{1,8})\b"),
    "pmcid": re.compile(r"\bPMCID: ?(PMC\d+)"),
    "doi": re.compile(r"\bdoi: ?(10\.\S+)", re.IGNORECASE),
}
#: Characters of a citation that are read.
_LONGEST: Final = 8000
_AFTER: Final = re.compile(r"(?:^|(?<=\s))(?:doi|PMID|PMCID): ")
#: "Journal. 2020 Jan": where a title ends.
_PLACE: Final = re.compile(r"(?P<journal>[^.?!]+(?:\([^()]*\))?)\. (?P<date>(?:1[5-9]|20)\d\d\b)")
_TITLE: Final = re.compile(rf"(?P<title>.+?[.?!\]])\s+{_PLACE.pattern}", re.DOTALL)
_NAME: Final = re.compile(r"(?:\S+ )+[A-Z]{1,4}(?: (?:Jr|Sr|\d(?:st|nd|rd|th)))?")
_GROUPS: Final = re.compile(r"group|consortium|network|team|committee|society|study|program|et al")
_MARKS: Final = re.compile(r"\([\d#*†‡§]+\)|(?<=\w)#|[*†‡§]")
#: Paragraphs that are neither title nor abstract.
_ASIDE: Final = re.compile(
    r"(?:Author information|Collaborators|Comment (?:in|on)|Erratum (?:in|for)|Update (?:in|of)"
    r"|Republished (?:in|from)|Retraction (?:in|of)|Retracted|Expression of concern|Summary for"
    r"|Copyright|©|\(c\)|Conflict of interest|DOI: |PMCID: |PMID: |\[Article in |Publisher:"
    r"|Free (?:PMC )?[Aa]rticle|Original report|Corrected and)"
)
_RETRACTED: Final = re.compile(r"^Retraction in\b", re.MULTILINE)


class PubmedTextReader:
    """References from PubMed's exports as text."""

    name = "pubmed_text"
    kind: Kind = "literature"
    description = "PubMed's Summary and Abstract exports as text"

    def sniff(self, head: str) -> bool:
        """Look for a numbered reference with a PMID."""
        start = head[: _LOOKED_AT * 4]
        if _SUMMARY.match(head):
            return "PMID: " in start.split("\n\n", 1)[0]
        return _ABSTRACT.match(head) is not None and re.search(r"\n\s*PMID: \d", head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: There is no numbered reference.
        """
        read = 0
        for line, paragraphs in _entries(handle, source):
            read += 1
            yield _publication(line, paragraphs, source)
        if not read:
            hint = 'A reference starts with its number: "1: " or "1. "'
            raise FormatError("no reference was found", path_name=source.path_name, hint=hint)


def _entries(handle: TextIO, source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, paragraphs) of each reference: a number behind an empty line starts one."""
    start, paragraphs, was_empty, expected = 0, [""], True, 1
    for line, text in numbered_lines(handle, source):
        is_empty = not text.strip()
        opens = was_empty and _NUMBER.match(text) is not None
        if opens and int(re.findall(r"\d+", text)[0]) == (expected if start else _first(text)):
            if start:
                yield start, [it for it in paragraphs if it]
            start, paragraphs = line, [_NUMBER.sub("", text, count=1).rstrip()]
            expected = _first(text) + 1
        elif is_empty:
            paragraphs.append("")
        else:
            paragraphs[-1] += f"\n{text.rstrip()}" if paragraphs[-1] else text.rstrip()
        was_empty = is_empty
    if start:
        yield start, [it for it in paragraphs if it]


def _first(text: str) -> int:
    return int(re.findall(r"\d+", text)[0])


def _publication(line: int, paragraphs: list[str], source: Source) -> Publication | BadRecord:
    whole = "\n".join(paragraphs)
    ids = {
        name: found[-1].rstrip(".,;") for name, it in _IDS.items() if (found := it.findall(whole))
    }
    is_summary = len(paragraphs) < 2
    parts = _of_summary(whole) if is_summary else _of_abstract(paragraphs)
    fields = {name: [value] for name, value in {**ids, **parts}.items()}
    fields["authors"] = _names(parts.get("authors", ""))
    try:
        paper = paper_of(fields, source.provenance(PubmedTextReader.name, line))
    except ValueError as error:
        own = ids.get("pmid", "")
        return BadRecord(source.path_name, line, own, f"the reference has {error}")
    return replace(paper, is_retracted=paper.is_retracted or bool(_RETRACTED.search(whole)))


def _of_summary(text: str) -> dict[str, str]:
    """Take apart "Authors. Title. Journal. 2020 Jan 5;..."; a reference may have no authors."""
    plain = _AFTER.split(folded(text)[:_LONGEST], maxsplit=1)[0]
    before, dot, rest = plain.partition(". ")
    authors = before if dot and _are_names(before) else ""
    match = _TITLE.match(rest if authors else plain)
    if not match:
        return {"authors": authors, "title": rest if authors else plain}
    return {
        "authors": authors,
        "title": match["title"],
        "journal": match["journal"],
        "year": match["date"],
    }


def _of_abstract(paragraphs: list[str]) -> dict[str, str]:
    """Take apart the paragraphs: citation, title, authors, asides, abstract."""
    citation = folded(paragraphs[0])
    place = _PLACE.match(citation)
    body = [folded(it) for it in paragraphs[1:] if not _ASIDE.match(it.strip())]
    title, *rest = body or [""]
    authors = rest.pop(0) if rest and _are_names(_MARKS.sub("", rest[0]).rstrip(". ")) else ""
    return {
        "title": title,
        "authors": _MARKS.sub("", authors).rstrip(". "),
        "abstract": " ".join(rest),
        "journal": place["journal"] if place else "",
        "year": place["date"] if place else "",
    }


def _names(text: str) -> list[str]:
    return [name for it in re.split(r"[,;] ", text) if (name := it.strip(" .,;"))]


def _are_names(text: str) -> bool:
    """Tell a list of authors from a sentence: most of its parts end with initials."""
    parts = _names(text)
    good = sum(bool(_NAME.fullmatch(it)) or bool(_GROUPS.search(it.lower())) for it in parts)
    return bool(parts) and 2 * good > len(parts)
