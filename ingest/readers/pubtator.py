"""PubTator: a title and an abstract in one line each, then their annotations.

    1234|t|Antihypertensive drugs and depression.
    1234|a|Eighty-nine patients completed a rating scale.
    1234<TAB>27<TAB>37<TAB>depression<TAB>Disease<TAB>D003866

Kept: title, abstract, annotations as mentions (type, identifier, text), relations as mentions
without text (type, "D008750|D003866"). Dropped: offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import paper_of
from ingest.paper_ids import normal_pmid
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_TEXT: Final = re.compile(r"([^\s|]{1,40})\|([ta])\|(.*)")
_ANNOTATION_CELLS: Final = 5
_RELATION_CELLS: Final = 4
_SHOWN: Final = 5  # line numbers in a warning


@dataclass(slots=True)
class _Document:
    line: int
    id: str
    title: str = ""
    abstract: str = ""
    mentions: list[tuple[str, str, str]] = field(default_factory=list)


class PubtatorReader:
    """Publications with annotations in PubTator's text format."""

    name = "pubtator"
    kind: Kind = "literature"
    description = "PubTator (title, abstract and annotations)"

    def sniff(self, head: str) -> bool:
        """Look for a title line at the start."""
        first = head.lstrip().split("\n", 1)[0]
        match = _TEXT.match(first)
        return match is not None and match.group(2) == "t"

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per document; broken annotations are left out and told.

        Raises:
            FormatError: The file has no title line.
        """
        read = 0
        for document in _documents(handle, source):
            read += 1
            yield _publication(document, source)
        if not read:
            hint = "A document starts with a line like '1234|t|Title'"
            raise FormatError("no document was found", path_name=source.path_name, hint=hint)


def _documents(handle: TextIO, source: Source) -> Iterator[_Document]:
    document: _Document | None = None
    broken: list[int] = []
    for line, text in numbered_lines(handle, source):
        match = _TEXT.match(text)
        if match and (document is None or document.id != match.group(1) or match.group(2) == "t"):
            if document is not None:
                yield document
            document = _Document(line, match.group(1))
        if document is None or not text.strip():
            continue
        if match:
            name = "title" if match.group(2) == "t" else "abstract"
            setattr(document, name, match.group(3).strip())
        elif not _took(document, text.rstrip("\n").split("\t")):
            broken.append(line)
    if document is not None:
        yield document
    if broken:
        lines = ", ".join(map(str, broken[:_SHOWN]))
        source.warnings.append(f"{len(broken)} lines are no annotations: {lines} ...")


def _took(document: _Document, cells: list[str]) -> bool:
    """Read an annotation or a relation of the document; tell whether it is one."""
    if cells[0] != document.id or len(cells) < _RELATION_CELLS:
        return False
    if not cells[1].isdecimal():
        document.mentions.append((cells[1], f"{cells[2]}|{cells[3].strip()}", ""))
        return True
    if len(cells) < _ANNOTATION_CELLS or not cells[2].isdecimal():
        return False
    identifier = cells[5].strip() if len(cells) > _ANNOTATION_CELLS else ""
    document.mentions.append((cells[4], identifier, cells[3]))
    return True


def _publication(document: _Document, source: Source) -> Publication | BadRecord:
    fields = {"title": [document.title], "abstract": [document.abstract]}
    fields["own_id"] = [document.id]
    fields["pmid"] = [normal_pmid(document.id)]
    fields["pmcid"] = [document.id] if document.id.upper().startswith("PMC") else []
    try:
        paper = paper_of(fields, source.provenance(PubtatorReader.name, document.line))
    except ValueError as error:
        reason = f"the document has {error}"
        return BadRecord(source.path_name, document.line, document.id, reason)
    return replace(paper, mentions=tuple(document.mentions))
