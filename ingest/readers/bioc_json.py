"""BioC JSON: a collection, a list of them, one document, or one of these per line.

    {"source": "PubMed", "documents": [{"id": "1", "passages": [
      {"infons": {"type": "title"}, "offset": 0, "text": "...", "annotations": []}]}]}

Kept: title, abstract, sections, ids and year of the infons, annotations as mentions. Dropped:
offsets, relations, references, cells of tables. No key but the text is required.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ingest.bioc import BioCDocument, BioCPassage, mention_of, paper_of_document
from ingest.broken_json import whole_objects
from ingest.errors import FormatError
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.bioc import Infons, Mention
    from ingest.readers.base import Kind, Source


class BiocJsonReader:
    """Publications from BioC JSON."""

    name = "bioc_json"
    kind: Kind = "literature"
    description = "BioC JSON (PubMed, PMC, PubTator 3, Auto-CORPus)"

    def sniff(self, head: str) -> bool:
        """Look for JSON with passages and infons."""
        start = head.lstrip()[:1]
        return start in {"{", "["} and '"passages"' in head and '"infons"' in head

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per document; ``line`` is set where each line is JSON.

        Raises:
            FormatError: There is no BioC document, or the JSON is broken as a whole.
        """
        read = 0
        for line, part in _parts(handle, source):
            if isinstance(part, BadRecord):
                yield part
                continue
            for document in _documents(part, {}):
                read += 1
                yield self._publication(document, line, source)
        if not read:
            hint = 'BioC JSON holds "documents" with "passages"'
            raise FormatError("no document was found", path_name=source.path_name, hint=hint)

    def _publication(
        self, document: BioCDocument, line: int, source: Source
    ) -> Publication | BadRecord:
        try:
            return paper_of_document(document, source.provenance(self.name, line))
        except ValueError as error:
            return BadRecord(source.path_name, line, document.id[:80], f"the document has {error}")


def _parts(handle: TextIO, source: Source) -> Iterator[tuple[int, object]]:
    """Yield what is one JSON value: each line of JSON lines, or the whole file."""
    first = handle.readline()
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        yield from ((0, part) for part in _whole(first + handle.read(), source))
        return
    yield 1, value
    for line, text in enumerate(handle, 2):
        if text.strip():
            try:
                yield line, json.loads(text)
            except (ValueError, RecursionError) as error:
                reason = f"the JSON is broken or cut short: {error}"
                yield line, BadRecord(source.path_name, line, "", reason)


def _whole(text: str, source: Source) -> Iterator[object]:
    """Yield the document, or where it is broken what is whole in it, and what is not."""
    try:
        yield json.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"the JSON is broken or cut short: {error}"
        parts = list(whole_objects(text, lambda it: isinstance(it.get("passages"), list)))
        if not any(parts):
            hint = "Download it again: a document that is cut short cannot be read"
            raise FormatError(what, path_name=source.path_name, hint=hint) from error
        for number, part in enumerate(parts, 1):
            yield part or BadRecord(source.path_name, 0, f"document {number}", what)


def _documents(value: object, above: Infons, origin: str = "") -> list[BioCDocument]:
    """Find the documents in a collection, a list of collections, or a document itself."""
    if isinstance(value, list):
        return [it for part in value for it in _documents(part, above, origin)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("passages"), list):
        return [_document(value, above, origin)]
    held = value.get("documents", value.get("PubTator3"))
    if not isinstance(held, list):
        return []
    infons, origin = _infons(value), _text(value.get("source"))
    if all(isinstance(it, dict) and it.get("inputfile") for it in held):
        return _joined(held, infons, origin)
    # What a collection of one document says, it says of that document.
    shared = infons if len(held) == 1 else {}
    return [it for part in held for it in _documents_of(part, shared, origin)]


def _documents_of(part: object, infons: Infons, origin: str) -> list[BioCDocument]:
    if isinstance(part, dict) and isinstance(part.get("passages"), list):
        return [_document(part, infons, origin)]
    return []


def _joined(held: list[object], infons: Infons, origin: str) -> list[BioCDocument]:
    """Join the tables of one article, each a document, into one document (Auto-CORPus)."""
    by_file: dict[str, BioCDocument] = {}
    for part in held:
        for document in _documents_of(part, infons, origin):
            assert isinstance(part, dict)
            name = _text(part.get("inputfile"))
            article = re.search(r"PMC\d+", name)
            document.id = article.group() if article else document.id
            if name in by_file:
                by_file[name].passages += document.passages
            else:
                by_file[name] = document
    return list(by_file.values())


def _document(value: dict[str, object], above: Infons, origin: str) -> BioCDocument:
    own = _text(value.get("id")) or _text(value.get("pmid"))
    fields = {
        key: text for key in ("pmid", "pmcid", "journal", "date") if (text := _text(value.get(key)))
    }
    authors = value.get("authors")
    if isinstance(authors, list):
        fields["authors"] = "; ".join(map(_text, authors))
    passages = value["passages"]
    assert isinstance(passages, list)
    return BioCDocument(
        id=own,
        infons={**above, **fields, **_infons(value)},
        passages=[_passage(it) for it in passages if isinstance(it, dict)],
        source=origin,
        mentions=_mentions(value),
    )


def _passage(value: dict[str, object]) -> BioCPassage:
    held = value.get("sentences")
    sentences = [it for it in held if isinstance(it, dict)] if isinstance(held, list) else []
    text = _text(value.get("text")) or " ".join(_text(it.get("text")) for it in sentences)
    mentions = [it for part in (value, *sentences) for it in _mentions(part)]
    return BioCPassage(_infons(value), text, mentions)


def _infons(value: dict[str, object]) -> Infons:
    infons = value.get("infons")
    if not isinstance(infons, dict):
        return {}
    return {str(key): _text(text) for key, text in infons.items()}


def _mentions(value: dict[str, object]) -> list[Mention]:
    held = value.get("annotations")
    found = [it for it in held if isinstance(it, dict)] if isinstance(held, list) else []
    return [mention_of(_infons(it), _text(it.get("text"))) for it in found]


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
