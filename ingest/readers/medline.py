"""MEDLINE / nbib: PubMed's tagged text, one field per tag, records parted by a blank line.

    PMID- 12230038
    TI  - The Bio* toolkits--a brief overview.
    AB  - Bioinformatics research is often difficult to do with commercial software. The

Kept: the tags of ``TAGS``, MeSH, chemicals, links to other papers, version and date of revision.
Dropped: every other tag. The tags are listed in PubMed's user guide
(pubmed.ncbi.nlm.nih.gov/help/#pubmed-format).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import collected, paper_of
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Our field -> MEDLINE tags, in order of preference.
TAGS: Final = {
    "title": ("TI", "BTI", "CTI", "TT"),
    "abstract": ("AB",),
    "authors": ("AU", "CN"),
    "journal": ("JT", "TA"),
    "year": ("DP", "DEP", "DA"),
    "pmid": ("PMID",),
    "own_id": ("PMID",),
    "pmcid": ("PMC",),
    "keywords": ("OT",),
    "types": ("PT",),
    "language": ("LA",),
}
#: Tags of comments and corrections -> PubMed's RefType.
RELATIONS: Final = {
    "CON": "CommentOn", "CIN": "CommentIn",
    "EIN": "ErratumIn", "EFR": "ErratumFor",
    "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf",
    "RPI": "RepublishedIn", "RPF": "RepublishedFrom",
    "RIN": "RetractionIn", "ROF": "RetractionOf",
    "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom",
    "UIN": "UpdateIn", "UOF": "UpdateOf",
    "ECI": "ExpressionOfConcernIn", "ECF": "ExpressionOfConcernFor",
    "SPIN": "SummaryForPatientsIn", "ORI": "OriginalReportIn",
}  # fmt: skip
_TAG: Final = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_LINKED: Final = re.compile(r"PMID:? *(\d+)")
_SUBSTANCE: Final = re.compile(r"(\S+(?: [\d.n-]+)?) \((.*)\)$")

_Fields = dict[str, list[str]]


class MedlineReader:
    """Publications from PubMed's "PubMed" or "nbib" export."""

    name = "medline"
    kind: Kind = "literature"
    description = "MEDLINE / nbib (PubMed's tagged text)"

    def sniff(self, head: str) -> bool:
        """Look for a PMID tag at the start."""
        return re.match(r"\s*PMID- *\d", head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per record; all versions of a PMID, as the store keeps the newest.

        Raises:
            FormatError: The file has no PMID tag.
        """
        read = 0
        for line, fields in _records(handle, source):
            read += 1
            yield _publication(line, fields, source)
        if not read:
            hint = "A record starts with a line like 'PMID- 12230038'"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)


def _records(handle: TextIO, source: Source) -> Iterator[tuple[int, _Fields]]:
    """Collect the fields from each PMID tag on; text before the first belongs to no record."""
    start, fields, tag = 0, _Fields(), ""
    for line, text in numbered_lines(handle, source):
        match = _TAG.match(text)
        if match and match.group(1) == "PMID":
            if fields:
                yield start, fields
            start, fields = line, _Fields()
        if match and (fields or match.group(1) == "PMID"):
            tag = match.group(1)
            fields.setdefault(tag, []).append(match.group(2).strip())
        elif fields and text.startswith("      ") and tag in fields:
            fields[tag][-1] += " " + text.strip()
    if fields:
        yield start, fields


def _publication(line: int, tags: _Fields, source: Source) -> Publication | BadRecord:
    pmid = tags["PMID"][0]
    if not (pmid.isascii() and pmid.isdigit()):
        return BadRecord(source.path_name, line, pmid[:80], "the PMID is no number")
    fields = collected(((tag, value) for tag, values in tags.items() for value in values), TAGS)
    headings = [it.split("/", maxsplit=1)[0].strip("* ") for it in tags.get("MH", [])]
    fields["keywords"] = [*(word.lstrip("*") for word in fields["keywords"]), *headings]
    located = tags.get("LID", []) + tags.get("AID", [])
    fields["doi"] = [it.removesuffix("[doi]") for it in located if it.endswith("[doi]")]
    try:
        paper = paper_of(fields, source.provenance(MedlineReader.name, line))
    except ValueError as error:
        return BadRecord(source.path_name, line, pmid, f"the record has {error}")
    links = tuple(dict.fromkeys(_links(tags)))
    kinds = {kind for kind, _ in links}
    return replace(
        paper,
        is_retracted=paper.is_retracted or "RetractionIn" in kinds,
        has_concern="ExpressionOfConcernIn" in kinds,
        links=links,
        mesh=tuple(("", name) for name in dict.fromkeys(headings)),
        chemicals=tuple(map(_chemical, tags.get("RN", []))),
        other_abstracts=tuple(("", text) for text in tags.get("OAB", [])),
        revised=_date(tags.get("LR", [""])[0]),
    )


def _links(tags: _Fields) -> Iterator[tuple[str, str]]:
    for tag, relation in RELATIONS.items():
        for text in tags.get(tag, []):
            pmid = _LINKED.search(text)
            yield relation, f"PMID:{pmid.group(1)}" if pmid else text


def _chemical(text: str) -> tuple[str, str]:
    """Split "EC 3.2.1.23 (beta-Galactosidase)"; a substance without a number has 0."""
    match = _SUBSTANCE.match(text)
    if not match:
        return "", text
    return ("" if match.group(1) == "0" else match.group(1)), match.group(2)


def _date(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if re.fullmatch(r"\d{8}", text) else ""
