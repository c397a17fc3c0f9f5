"""Literature as one JSON document: CSL JSON, and answers of Crossref, Europe PMC, OpenAlex ...

bioRxiv's, NCBI's (esummary), Semantic Scholar's, and one record alone, CORD-19's full texts too.

    [{"id": "k", "title": "...", "author": [{"family": "Doe", "given": "J"}], "DOI": "10.1/x"}]
    {"resultList": {"result": [{"pmid": "1", "title": "...", "abstractText": "..."}]}}

Kept: the same as of JSON lines. Dropped: every other key. The document is read whole.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ingest.broken_json import whole_objects
from ingest.errors import FormatError
from ingest.records import BadRecord, Publication
from ingest.reference_columns import is_reference_header
from ingest.reference_objects import by_key, is_by_key, is_no_reference, paper_of_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Keys under which the answers of web services keep their records.
_LISTS: Final = (
    *("resultList", "message", "result", "results", "items", "data", "papers", "records"),
    *("collection", "works", "articles", "publications", "references"),
    *("search-results", "entry", "hits", "response", "docs", "documents", "entries"),
    "recommendedPapers",
)
_MOST_DEPTH: Final = 3
_KEY: Final = re.compile(r'"([\w.:-]{1,60})"\s*:')
#: A key, another text, or a bracket.
_PART: Final = re.compile(r'"([\w.:-]{1,60})"\s*:|"(?:[^"\\]|\\.)*"|[\[\]{}]')
#: One object on the first line and another behind it.
_LINES: Final = re.compile(r"\{[^\n]*\}[ \t\r]*\n\s*\{")
_OPENING: Final = frozenset("[{")
_CLOSING: Final = frozenset("]}")


class LiteratureJsonReader:
    """Publications from a JSON array, or from the list in a service's answer."""

    name = "literature_json"
    kind: Kind = "literature"
    description = "JSON of publications (CSL JSON, Crossref, Europe PMC, OpenAlex, bioRxiv, NCBI)"

    def sniff(self, head: str) -> bool:
        """Look for an array, an answer or one object, with a title and what only papers have."""
        start = head.lstrip()
        if not re.match(r"\[\s*\{|\{\s*\"", start) or '"passages"' in head:
            return False
        if _LINES.match(start):
            return False
        # Crossref counts authors by a "sequence": it is no sequence of a protein.
        keys = [key for key in _KEY.findall(head) if key != "sequence"]
        if start.startswith("[") or is_by_key(start) or any(f'"{name}"' in head for name in _LISTS):
            return is_reference_header(keys)
        outer = _outer_keys(start)
        return is_reference_header(keys) and (is_reference_header(outer) or "body_text" in outer)

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per object of the list; ``line`` counts objects.

        Raises:
            FormatError: The document is no JSON, or holds no list of publications.
        """
        text, reason = handle.read(), "it is null"
        try:
            records = _records(json.loads(text), 0)
        except (ValueError, RecursionError) as error:
            reason = f"the JSON is broken or cut short: {error}"
            records = list(whole_objects(text, lambda it: is_reference_header(list(it))))
            if not any(records):
                hint = "Export it again: a document that is cut short cannot be read"
                raise FormatError(reason, path_name=source.path_name, hint=hint) from error
        if not records:
            hint = 'The document holds a list of objects with "title"'
            raise FormatError("no publication was found", path_name=source.path_name, hint=hint)
        kept = [it for it in records if not is_no_reference(it)]
        if left := len(records) - len(kept):
            source.warnings.append(f"{left} notes and attachments of the library are left out")
        for number, record in enumerate(kept, 1):
            try:
                if record is None:
                    raise ValueError(reason)
                yield paper_of_object(record, source.provenance(self.name, number))
            except ValueError as error:
                told = f"the object is not used: {error}"
                yield BadRecord(source.path_name, number, f"object {number}", told)


def _records(document: object, depth: int) -> list[object]:
    """Find the list of records; a document that is one record is a list of one."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or depth > _MOST_DEPTH:
        return []
    if is_reference_header(list(document)) or "body_text" in document:
        return [document]
    if isinstance(uids := document.get("uids"), list):  # NCBI: one key for each record
        return [document[uid] for uid in uids if isinstance(uid, str) and uid in document]
    for name in _LISTS:
        if name in document and (found := _records(document[name], depth + 1)):
            return found
    return by_key(document)


def _outer_keys(text: str) -> list[str]:
    """List the keys of the outer object in the start of a document."""
    found, depth = [], 0
    for match in _PART.finditer(text):
        if match[1] is not None and depth == 1:
            found.append(match[1])
        depth += (match[0] in _OPENING) - (match[0] in _CLOSING)
    return found
