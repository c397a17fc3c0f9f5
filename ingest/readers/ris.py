"""RIS: references as tagged lines, as most databases and reference managers export them.

    TY  - JOUR
    TI  - The Bio* toolkits--a brief overview.
    ER  -

Kept: the tags of ``TAGS``, with what the exporters make of them (Embase's abstract in N2, PubMed's
ids in AN and C2). Dropped: every other tag. A line without a tag goes on with the one before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import collected, first, paper_of
from ingest.paper_ids import given_first, normal_pmid
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

#: Our field -> RIS tags, in order of preference.
TAGS: Final = {
    "title": ("TI", "T1", "CT", "BT", "ST"),
    "abstract": ("AB", "N2"),
    "authors": ("AU", "A1"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "J1", "SO"),
    "year": ("PY", "Y1", "YR", "DA", "Y2"),
    "pmid": ("PM",),
    "pmcid": ("C2",),
    "doi": ("DO", "DI", "DOI"),
    "keywords": ("KW", "KY"),
    "types": ("M3",),
    "language": ("LA",),
    "own_id": ("AN", "U2"),
    "place": ("UR", "L1", "L2", "L3", "L4", "LK", "M3", "N1"),
}
#: Reference types that say more than "a reference".
_TYPES: Final = {
    "JOUR": "Journal Article", "JFULL": "Journal Article", "EJOUR": "Journal Article",
    "BOOK": "Book", "CHAP": "Book Chapter", "CONF": "Conference Paper",
    "CPAPER": "Conference Paper",
    "THES": "Thesis", "RPRT": "Report", "UNPB": "Unpublished", "PREPRINT": "Preprint",
    "INPR": "In Press", "ABST": "Abstract", "DATA": "Dataset", "PAT": "Patent",
}  # fmt: skip
_TAG: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)$", re.DOTALL)
#: Tags in use: other lines with a dash are text.
_IN_USE: Final = (
    r"[ACJLMNTUY]\d|A[BDNU]|BT|C[NTY]|D[ABIOP]|E[PRT]|I[DS]|J[AFO]|K[WY]|LA|P[BMTY]|S[ENOPT]"
    r"|T[AITY]|UR|VL|YR"
)
#: Marks of other exporters: no space behind the dash, and Cochrane's DOI of three letters.
_ODD_TAG: Final = re.compile(rf"({_IN_USE}) {{1,2}}-\t?(\S.*)|(DOI) {{1,2}}- ?(.*)", re.DOTALL)
#: The end of one file with the start of the next, where files were put behind each other.
_END_AND_START: Final = re.compile(r"(ER {1,2}-\s*)(TY {1,2}-.*)", re.DOTALL)
_FROM_PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)
_PMID_IN_TEXT: Final = re.compile(
    r"(?:\bPMID:? *|/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,9})\b"
)
#: Lines before the first reference (who exported it, and when) that a file may start with.
_MOST_PREAMBLE: Final = 40

_Tagged = list[tuple[str, str]]


class RisReader:
    """References in RIS, whoever exported them."""

    name = "ris"
    kind: Kind = "literature"
    description = "RIS references (PubMed, Embase, Scopus, Zotero, EndNote ...)"

    def sniff(self, head: str) -> bool:
        """Look for a TY tag, and before it nothing that is another format."""
        for line in head.splitlines()[:_MOST_PREAMBLE]:
            if tag := _tagged(line)[0]:
                return tag == "TY"
            if line.startswith(("<", "{", "[", "@", ">", "#", "PMID-")):
                return False
        return False

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: The file has no TY tag.
        """
        read = 0
        for line, tagged in _references(handle, source):
            read += 1
            yield _publication(line, tagged, source)
        if not read:
            hint = "A reference starts with a line like 'TY  - JOUR'"
            raise FormatError("no reference was found", path_name=source.path_name, hint=hint)


def _references(handle: TextIO, source: Source) -> Iterator[tuple[int, _Tagged]]:
    """Collect the tags from each TY to its ER, or to the next TY where ER is missing."""
    start = 0
    tagged: _Tagged = []
    unclosed = 0
    for line, text in _lines(handle, source):
        tag, value = _tagged(text)
        if tag == "TY":
            if start:
                unclosed += 1
                yield start, tagged
            start, tagged = line, []
        if start and tag == "ER":
            yield start, tagged
            start = 0
        elif start and tag:
            tagged.append((tag, value.strip()))
        elif start and tagged and text.strip():
            tag, value = tagged[-1]
            tagged[-1] = (tag, f"{value}\n{text.strip()}")
    if start:
        unclosed += 1
        yield start, tagged
    if unclosed:
        count = "1 reference has" if unclosed == 1 else f"{unclosed} references have"
        source.warnings.append(f"{count} no end (ER): check that the file was not cut short")


def _lines(handle: TextIO, source: Source) -> Iterator[tuple[int, str]]:
    for line, text in numbered_lines(handle, source):
        if both := _END_AND_START.match(text):
            yield line, both[1]
            yield line, both[2]
        else:
            yield line, text


def _tagged(text: str) -> tuple[str, str]:
    """Part a line into tag and value; the tag is "" where the line goes on with the one before."""
    if match := _TAG.match(text):
        return match[1], match[2] or ""
    odd = _ODD_TAG.match(text)
    return (odd[1] or odd[3], odd[2] or odd[4]) if odd else ("", "")


def _publication(line: int, tagged: _Tagged, source: Source) -> Publication | BadRecord:
    fields = collected(tagged, TAGS)
    fields["abstract"] = [_abstract(tagged)]
    fields["authors"] = [name for value in fields["authors"] for name in _names(value)]
    fields["keywords"] = [word for value in fields["keywords"] for word in _listed(value)]
    kind = next((value for tag, value in tagged if tag == "TY"), "").strip().upper()
    fields["types"] = [it for it in (_TYPES.get(kind, ""), *fields["types"]) if "10." not in it]
    fields["doi"] += [value for tag, value in tagged if tag == "M3" and value.startswith("10.")]
    _sort_custom(fields, tagged)
    _find_pmid(fields, tagged)
    own = first(fields, "own_id")
    try:
        return paper_of(fields, source.provenance(RisReader.name, line))
    except ValueError as error:
        return BadRecord(source.path_name, line, own[:80], f"the reference has {error}")


def _abstract(tagged: _Tagged) -> str:
    """Join an abstract that has a tag for each part; N2 is read where there is no AB."""
    held = ([value for tag, value in tagged if tag == name] for name in TAGS["abstract"])
    return next((" ".join(dict.fromkeys(filter(None, it))) for it in held if any(it)), "")


def _names(value: str) -> list[str]:
    """Part names that an exporter put into one tag; a name with a comma stays as it is."""
    return split_authors(value) if ";" in value else [given_first(value)]


def _listed(value: str) -> Iterable[str]:
    """Split keywords that an exporter put into one tag."""
    return re.split(r"\n|;\s", value)


def _sort_custom(fields: Fields, tagged: _Tagged) -> None:
    """Read C2 and C5: EndNote has a PMCID in C2, Scopus the PMID; Embase has the PMID in C5."""
    databases = {value.casefold() for tag, value in tagged if tag in {"DB", "DP"}}
    numbers = [value for value in fields["pmcid"] if value.isdecimal()]
    if "scopus" in databases:
        fields["pmid"] += numbers
    if any(tag == "U2" and re.fullmatch(r"L\d+", value) for tag, value in tagged):  # Embase
        fields["pmid"] += [value for tag, value in tagged if tag == "C5"]
    fields["pmcid"] = [value for value in fields["pmcid"] if value.upper().startswith("PMC")]


def _find_pmid(fields: Fields, tagged: _Tagged) -> None:
    """Take the accession number for a PMID where the database is PubMed; else look at links."""
    database = " ".join(value for tag, value in tagged if tag in {"DB", "DP", "PB", "N1"})
    number = first(fields, "own_id")
    if _FROM_PUBMED.search(database) and number.isdecimal():
        fields["pmid"].append(normal_pmid(number))
        fields["own_id"] = []
    for value in fields["place"]:
        fields["pmid"] += _PMID_IN_TEXT.findall(value)[:1]
