"""Literature as JSON lines: BEIR corpora, parsed PubMed records, literature cards.

    {"_id": "4983", "title": "...", "text": "...", "metadata": {}}
    {"pmid": "16384580", "title": "...", "abstract": "...", "journal": "...", "year": "2006"}

Kept: the keys of ``KEYS``, on the top level or inside "metadata". Dropped: every other key.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Our field -> the keys that mean it; the first that holds something wins.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "source_id": ("_id", "id", "pmid", "doi"),
    "title": ("title",),
    "abstract": ("abstract", "text"),
    "authors": ("authors", "author"),
    "journal": ("journal", "venue"),
    "year": ("year", "publication_year"),
    "pmid": ("pmid", "pubmed_id"),
    "pmcid": ("pmcid", "pmc_id"),
    "doi": ("doi",),
    "keywords": ("keywords",),
    "mesh": ("mesh",),
    "publication_types": ("pub_types", "publication_types"),
}
_RETRACTED: Final = "Retracted Publication"
_DOI_PREFIX: Final = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class LiteratureJsonlReader:
    """Publications from one JSON object per line."""

    name = "literature_jsonl"
    kind: Kind = "literature"
    description = "JSON lines of publications (BEIR corpus, parsed PubMed, literature cards)"

    def sniff(self, head: str) -> bool:
        """Look for an object whose keys name a title and a text or abstract."""
        first = head.lstrip().split("\n", 1)[0]
        return (
            first.startswith("{")
            and re.search(r'"title"\s*:', first) is not None
            and re.search(r'"(?:text|abstract)"\s*:', first) is not None
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per line.

        Raises:
            FormatError: No line at all is a JSON object.
        """
        first_lines: dict[str, int] = {}
        objects = 0
        for line, text in enumerate(handle, 1):
            if not text.strip():
                continue
            record = self._publication(line, text, source)
            objects += isinstance(record, Publication)
            if line > 1000 and not objects:
                break
            if isinstance(record, Publication):
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
            fields = _fields(json.loads(text))
        except (ValueError, RecursionError) as error:
            return BadRecord(source.path_name, line, "", f"no JSON object: {error}")
        title, abstract = _text(fields["title"]), _text(fields["abstract"])
        source_id = _text(fields["source_id"])
        if not source_id:
            return BadRecord(source.path_name, line, "", "the object has no _id, pmid or doi")
        if not title and not abstract:
            return BadRecord(source.path_name, line, source_id, "neither title nor text")
        types = _texts(fields["publication_types"])
        return Publication(
            source_id=source_id,
            title=title,
            abstract=abstract,
            authors=_texts(fields["authors"]),
            journal=_text(fields["journal"]),
            year=_text(fields["year"])[:4],
            pmid=_text(fields["pmid"]),
            pmcid=_text(fields["pmcid"]),
            doi=_DOI_PREFIX.sub("", _text(fields["doi"])),
            keywords=tuple(dict.fromkeys(_texts(fields["keywords"]) + _texts(fields["mesh"]))),
            publication_types=types,
            is_retracted=_RETRACTED in types,
            provenance=source.provenance(self.name, line),
        )


def _fields(record: object) -> dict[str, object]:
    """Pick our fields out of an object and its "metadata"."""
    if not isinstance(record, dict):
        raise ValueError("the line is no object")
    inner = record.get("metadata")
    merged = {**(inner if isinstance(inner, dict) else {}), **record}
    return {
        field: next((merged[key] for key in keys if merged.get(key)), "")
        for field, keys in KEYS.items()
    }


def _text(value: object) -> str:
    """Read a scalar as text with single spaces; nothing else has a text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def _texts(value: object) -> tuple[str, ...]:
    """Read a list of names; one text is split at ";"."""
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list):
        return ()
    return tuple(text for item in value if (text := _text(item)))
