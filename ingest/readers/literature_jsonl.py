"""Literature as JSON lines: BEIR corpora, parsed PubMed records, literature cards.

    {"_id": "4983", "title": "...", "text": "...", "metadata": {}}
    {"pmid": "16384580", "title": "...", "abstract": "...", "journal": "...", "year": "2006"}

Kept: title, abstract, authors, journal, year, ids, keywords, MeSH, chemicals, types, links and
version, under the names of ``ingest.reference_columns``, also inside other objects. Dropped: every
other key.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.records import BadRecord, Publication
from ingest.reference_objects import is_by_key, paper_of_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: The start of a whole answer of a web service on one line: a list of objects lies inside.
_LISTED: Final = re.compile(
    r'\{(?:(?!"title").){0,4000}?"(?:resultList|message|results?|items|data|collection|works|uids'
    r'|publications|papers|records|articles|hits)"\s*:\s*[\[{]'
)


#: A document of a collection for tests of retrieval, which may have no title. Its questions look
#: the same, but are short.
_COLLECTION: Final = re.compile(
    r'\{\s*"_id"\s*:\s*(?:"(?:[^"\\]|\\.)*"|\d+)\s*,\s*"text"\s*:\s*"(?:[^"\\]|\\.){150}'
)


class LiteratureJsonlReader:
    """Publications from one JSON object per line."""

    name = "literature_jsonl"
    kind: Kind = "literature"
    description = "JSON lines of publications (BEIR corpus, parsed PubMed, literature cards)"

    def sniff(self, head: str) -> bool:
        """Look for an object whose keys name a title and a text, an abstract or a DOI."""
        first = head.lstrip().split("\n", 1)[0]
        if _COLLECTION.match(first):
            return True
        return (
            first.startswith("{")
            and re.search(r'"(?:title|display_name)"\s*:', first) is not None
            and re.search(r'"(?:text|abstract\w*|doi)"\s*:', first, re.IGNORECASE) is not None
            and '"passages"' not in first
            and _LISTED.match(first) is None
            and not is_by_key(first)
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per line.

        Raises:
            FormatError: No line at all is a JSON object.
        """
        first_lines: dict[str, int] = {}
        named: dict[str, str] = {}
        objects = 0
        for line, text in numbered_lines(handle, source):
            if not text.strip():
                continue
            record = self._publication(line, text, source)
            if isinstance(record, Publication):
                record = _kept_apart(record, named)
            objects += isinstance(record, Publication)
            if line > 1000 and not objects:
                break
            # Records of one PMID may be its versions; any other id is given once.
            if isinstance(record, Publication) and not record.pmid:
                first = first_lines.setdefault(record.source_id, line)
                if first != line:
                    reason = f"the id occurs twice, first on line {first}"
                    record = BadRecord(source.path_name, line, record.source_id, reason)
            yield record
        if not objects:
            hint = 'Each line is an object with "title" and "text" or "abstract"'
            raise FormatError("no publication was found", path_name=source.path_name, hint=hint)

    def _publication(self, line: int, text: str, source: Source) -> Publication | BadRecord:
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            return BadRecord(source.path_name, line, "", f"no JSON object: {error}")
        try:
            return paper_of_object(record, source.provenance(self.name, line))
        except ValueError as error:
            named = record if isinstance(record, dict) else {}
            own = next((str(named[key]) for key in ("_id", "id", "pmid") if named.get(key)), "")
            return BadRecord(source.path_name, line, own[:80], f"the object is not used: {error}")


def _kept_apart(paper: Publication, named: dict[str, str]) -> Publication:
    """Take public identifiers off a document that another id of this file has already.

    Collections for tests of retrieval hold a paper twice, under two ids, and judge both.
    """
    public = [it for it in (paper.pmid, paper.doi.lower(), paper.pmcid) if it]
    if paper.source_id in {paper.pmid, paper.doi, paper.pmcid}:
        return paper
    holders = {named.setdefault(it, paper.source_id) for it in public}
    if holders <= {paper.source_id}:
        return paper
    return replace(paper, pmid="", doi="", pmcid="")
