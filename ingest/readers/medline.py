"""MEDLINE / nbib: PubMed's tagged text, one field per tag, records parted by a blank line.

    PMID- 12230038
    TI  - The Bio* toolkits--a brief overview.
    AB  - Bioinformatics research is often difficult to do with commercial software. The

Kept: the tags of ``TAGS``. Dropped: every other tag. The tags are listed in PubMed's user guide
(pubmed.ncbi.nlm.nih.gov/help/#pubmed-format).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Our field -> MEDLINE tags; the first that is there wins.
TAGS: Final = {
    "title": ("TI", "BTI", "TT"),
    "abstract": ("AB",),
    "authors": ("AU", "CN"),
    "journal": ("JT", "TA"),
    "year": ("DP", "DEP"),
    "pmcid": ("PMC",),
    "publication_types": ("PT",),
}
_TAG: Final = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_DOI: Final = re.compile(r"(\S+) \[doi\]")
_YEAR: Final = re.compile(r"\d{4}")

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
        """Yield a Publication per record.

        Raises:
            FormatError: The file has no PMID tag.
        """
        first_lines: dict[str, int] = {}
        for line, fields in _records(handle):
            record = _publication(line, fields, source)
            first = first_lines.setdefault(fields["PMID"][0], line)
            if isinstance(record, Publication) and first != line:
                reason = f"the PMID occurs twice, first on line {first}"
                record = BadRecord(source.path_name, line, record.pmid, reason)
            yield record
        if not first_lines:
            hint = "A record starts with a line like 'PMID- 12230038'"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)


def _records(handle: TextIO) -> Iterator[tuple[int, _Fields]]:
    """Collect the fields from each PMID tag on; text before the first belongs to no record."""
    start, fields, tag = 0, _Fields(), ""
    for line, text in enumerate(handle, 1):
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


def _publication(line: int, fields: _Fields, source: Source) -> Publication | BadRecord:
    pmid = fields["PMID"][0]
    if not (pmid.isascii() and pmid.isdigit()):
        return BadRecord(source.path_name, line, pmid[:80], "the PMID is no number")
    title, abstract = _first(fields, "title"), _first(fields, "abstract")
    if not title and not abstract:
        return BadRecord(source.path_name, line, pmid, "the record has neither title nor abstract")
    headings = [heading.split("/")[0].strip("* ") for heading in fields.get("MH", [])]
    keywords = [word.lstrip("*") for word in fields.get("OT", [])]
    types = _every(fields, "publication_types")
    doi = _DOI.search(" ".join(fields.get("LID", []) + fields.get("AID", [])))
    year = _YEAR.search(_first(fields, "year"))
    return Publication(
        source_id=pmid,
        title=title,
        abstract=abstract,
        authors=_every(fields, "authors"),
        journal=_first(fields, "journal"),
        year=year.group() if year else "",
        pmid=pmid,
        pmcid=_first(fields, "pmcid"),
        doi=doi.group(1) if doi else "",
        keywords=tuple(dict.fromkeys(filter(None, keywords + headings))),
        publication_types=types,
        is_retracted="Retracted Publication" in types or "RIN" in fields,
        provenance=source.provenance(MedlineReader.name, line),
    )


def _first(fields: _Fields, name: str) -> str:
    found = (fields[tag][0] for tag in TAGS[name] if tag in fields)
    return next((" ".join(value.split()) for value in found if value), "")


def _every(fields: _Fields, name: str) -> tuple[str, ...]:
    return tuple(value for tag in TAGS[name] for value in fields.get(tag, []) if value)
