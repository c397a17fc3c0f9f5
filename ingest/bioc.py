"""BioC documents, from JSON or XML, as publications.

What a passage is stands in its infons, under names that differ by producer: ``type`` (everybody),
``section_type`` (PMC), ``section_title_1`` and ``iao_name_1`` (Auto-CORPus). Nothing but text is
required of a document; every other key may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.imrad import SECTION_TYPES, is_back_matter, section_name
from ingest.paper_fields import folded, paper_of
from ingest.paper_ids import normal_pmcid, normal_pmid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.paper_fields import Fields
    from ingest.records import Provenance, Publication

Infons = dict[str, str]
Mention = tuple[str, str, str]

#: Our field -> infons that hold it, of a document or of its first passages.
INFONS: Final = {
    "pmid": ("pmid", "article-id_pmid", "article-id_pubmed"),
    "pmcid": ("pmcid", "article-id_pmc", "article-id_pmcid", "pmc"),
    "doi": ("doi", "article-id_doi"),
    "journal": ("journal", "journal-title", "source"),
    "year": ("year", "pubdate", "date"),
    "keywords": ("kwd", "keywords"),
    "license": ("license",),
    "types": ("pub_type", "article-type"),
}
#: Sources whose document ids are PMIDs.
_PUBMED: Final = re.compile(r"pubmed|medline|pubtator", re.IGNORECASE)
_IDENTIFIERS: Final = ("identifier", "normalized_id", "id", "accession", "uid")
_DROPPED: Final = frozenset({"ref", "footnote", "table", "table_footnote", "front_footnote"})
_CAPTIONS: Final = {"fig": "Figure", "table": "Table"}
_SKIPPED_IAO: Final = re.compile(
    r"references|author contributions|conflict|funding|acknowledge|availability|notes"
)
_MOST_LEVELS: Final = 6


@dataclass(slots=True)
class BioCPassage:
    """A passage as its file has it."""

    infons: Infons
    text: str
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class BioCDocument:
    """A document as its file has it; ``source`` is that of its collection."""

    id: str
    infons: Infons
    passages: list[BioCPassage]
    source: str = ""
    mentions: list[Mention] = field(default_factory=list)


def paper_of_document(document: BioCDocument, provenance: Provenance) -> Publication:
    """Make a publication of a BioC document.

    Raises:
        ValueError: It has no text.
    """
    reading = _Reading()
    for passage in document.passages:
        reading.take(passage)
    fields = _fields(document)
    fields["title"] = [reading.title]
    fields["abstract"] = [" ".join(reading.abstract)]
    fields["keywords"] += reading.keywords
    sections = tuple((name, "\n\n".join(texts)) for name, texts in reading.sections.items())
    paper = paper_of(fields, provenance, sections)
    mentions = [*document.mentions, *(it for p in document.passages for it in p.mentions)]
    return replace(paper, mentions=tuple(mentions))


def mention_of(infons: Mapping[str, str], text: str) -> Mention:
    """Read an annotation: its type, its identifier and the text that is meant."""
    named = {key.lower(): value for key, value in infons.items()}
    kind = named.get("type", "")
    known = (named[key] for key in _IDENTIFIERS if named.get(key))
    others = (f"{key}:{value}" for key, value in infons.items() if key.lower() != "type" and value)
    return kind, next(known, next(others, "")), text


class _Reading:
    """Sorts passages into title, abstract and sections, under the headings met so far."""

    def __init__(self) -> None:
        self.title = ""
        self.abstract: list[str] = []
        self.keywords: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self._headings: list[str] = []
        self._label = ""
        self._numbers: dict[str, dict[str, int]] = {"Figure": {}, "Table": {}}

    def take(self, passage: BioCPassage) -> None:
        """Read one passage."""
        infons = {key.lower(): value for key, value in passage.infons.items()}
        kind = infons.get("type", "").lower()
        part = infons.get("section_type", "").lower()
        text = folded(passage.text)
        if infons.get("section_title_1") == "table_title":  # the next table begins, named or not
            numbers = self._numbers["Table"]
            numbers[f"{len(numbers) + 1}"] = len(numbers) + 1
        elif not text or kind in _DROPPED or part == "ref" or kind.startswith("ref"):
            return
        elif self._is_title(infons, kind, part):
            self.title = self.title or text
        elif part == "keyword" or infons.get("iao_name_1") == "keywords section":
            self.keywords += re.split(r"[;,]\s*|\s*\|\s*", text)
        elif self._is_abstract(infons, kind, part):
            self._take_abstract(kind, text)
        elif kind.startswith(("title", "heading")) and kind != "title":
            self._take_heading(kind, text)
        elif "caption" in kind or infons.get("section_title_1", "").startswith("table_"):
            self._take_caption(infons, kind, text)
        else:
            self._take_text(infons, part, text)

    def _is_title(self, infons: Infons, kind: str, part: str) -> bool:
        document_title = infons.get("section_title_1", "").lower() == "document title"
        is_front = part == "title" or (kind in {"title", "front"} and part in {"", "title"})
        return document_title or is_front

    def _is_abstract(self, infons: Infons, kind: str, part: str) -> bool:
        named = infons.get("iao_name_1") == "textual abstract section"
        return named or part == "abstract" or kind.startswith("abstract")

    def _take_abstract(self, kind: str, text: str) -> None:
        if "title" in kind:  # the label of what follows
            self._label = text.rstrip(".: ").upper()
        elif not (self._label == "" and text.lower() == "abstract"):
            self.abstract.append(f"{self._label}: {text}" if self._label else text)
            self._label = ""

    def _take_heading(self, kind: str, text: str) -> None:
        digits = re.search(r"\d+", kind)
        level = min(int(digits.group()[:3]) if digits else 1, _MOST_LEVELS)
        self._headings = [*self._headings[: level - 1], text]

    def _take_caption(self, infons: Infons, kind: str, text: str) -> None:
        name = next((name for start, name in _CAPTIONS.items() if kind.startswith(start)), "Table")
        numbers = self._numbers[name]
        key = infons.get("id", "") or (list(numbers) or [""])[-1]
        number = numbers.setdefault(key, len(numbers) + 1)
        self.sections.setdefault(f"{name} {number}", []).append(text)

    def _take_text(self, infons: Infons, part: str, text: str) -> None:
        titled = [infons.get(f"section_title_{level}", "") for level in range(1, _MOST_LEVELS)]
        headings = [it for it in titled if it] or self._headings
        is_dropped = _SKIPPED_IAO.search(infons.get("iao_name_1", "")) is not None
        if is_dropped or is_back_matter(headings[0] if headings else "", part):
            return
        name = section_name(headings or [SECTION_TYPES.get(part, "")], part)
        self.sections.setdefault(name, []).append(text)


def _fields(document: BioCDocument) -> Fields:
    infons: dict[str, list[str]] = {}
    for held in (document.infons, *(it.infons for it in document.passages[:3])):
        for key, value in held.items():
            infons.setdefault(key.lower(), []).append(value)
    fields: Fields = {
        name: [value for key in keys for value in infons.get(key, ())]
        for name, keys in INFONS.items()
    }
    fields["authors"] = _authors(infons)
    _read_id(document, fields)
    return fields


def _authors(infons: Mapping[str, Sequence[str]]) -> list[str]:
    """Read ``name_0 = "surname:Doe;given-names:J"``, or ``authors`` as one text."""
    names = []
    for key in sorted(
        (it for it in infons if re.fullmatch(r"name_\d+", it)), key=lambda it: int(it[5:])
    ):
        parts = dict(part.split(":", 1) for part in infons[key][0].split(";") if ":" in part)
        names.append(", ".join(filter(None, (parts.get("surname"), parts.get("given-names")))))
    return names or [name for text in infons.get("authors", ())[:1] for name in split_authors(text)]


def _read_id(document: BioCDocument, fields: Fields) -> None:
    own = document.id.strip()
    kinds = {it.infons.get("type", "") for it in document.passages}
    is_pmc = document.source.strip().upper() == "PMC" and own.isdecimal()
    if is_pmc or (own.upper().startswith("PMC") and normal_pmcid(own)):
        fields["pmcid"].append(own)
    elif own.isdecimal() and (_PUBMED.search(document.source) or kinds <= {"title", "abstract"}):
        fields["pmid"].append(own)
    if not any(normal_pmid(it) for it in fields["pmid"]):
        fields["own_id"] = [own]
