"""From the loose fields of a file to a Publication: one place for every format of references.

Readers bring their tags, columns or keys to our names through a table; here texts are folded,
identifiers brought to one form, and what a title or a type says of a paper's status is read.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from ingest.paper_ids import (
    author_name,
    is_preprint_source,
    made_up_id,
    normal_doi,
    normal_pmcid,
    normal_pmid,
    year_in,
)
from ingest.records import Publication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ingest.records import Provenance

#: Our field -> the values that a file gives for it, in its order.
Fields = dict[str, list[str]]

#: What publishers put before the title of a paper that they retracted.
_RETRACTED_TITLE: Final = re.compile(
    r"^\W*(?:retracted(?: article| paper| chapter)?|withdrawn|article withdrawn)\s*[:.\]\-–—]",
    re.IGNORECASE,
)
_RETRACTED_TYPES: Final = frozenset({"retracted publication", "retracted article", "retracted"})
#: Publications that are about another one and say nothing of their own.
NOTICE_TYPES: Final = frozenset(
    {"retraction of publication", "retraction notice", "retraction", "expression of concern",
     "published erratum", "erratum", "correction", "corrigendum", "addendum", "tombstone"}
)  # fmt: skip
_MARKUP: Final = re.compile(
    r"</?(?:jats:)?(i|b|u|em|sub|sup|inf|strong|bold|italic|sc|span|a|p|br|title|sec|h[1-6]|div|ul"
    r"|ol|li)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
#: Tags that part words from each other.
_BLOCKS: Final = frozenset({"p", "br", "title", "sec", "div", "ul", "ol", "li"})
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_LONGEST_FILLER: Final = 60
#: What databases write for want of a title or an abstract.
_NOTHING: Final = re.compile(
    r"\W*(?:no (?:abstract|title)(?: (?:is )?available)?|(?:abstract|title) (?:is )?not available"
    r"|n/?a|none|null|nan|unavailable|\W)\W*",
    re.IGNORECASE,
)
#: The heading of an abstract that was copied along with it.
_LABEL: Final = re.compile(r"^(?:ABSTRACT|Abstract)(?:[:.]\s*|\s+)(?=[A-Z])")
_PMID_NOTE: Final = re.compile(r"(?:^|\n)\s*PMID:\s*(\d{1,8})\b")
_PMID_LINK: Final = re.compile(
    r"(?:\[PubMed:\\href\{)?https?://(?:www\.ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)"
    r"/(\d{1,8})\b"
)
_PMCID_NOTE: Final = re.compile(r"(?:^|\s)PMCID:\s*(PMC\d+)\b")
#: Where the DOI of a link's query ends.
_PARAMETER: Final = re.compile(r"[&?#]")
_WHOLE_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.\d{4,9}/\S+", re.IGNORECASE
)
_PREPRINT_TYPES: Final = frozenset({"preprint", "posted-content", "posted content", "unpublished"})


def paper_of(
    fields: Fields, provenance: Provenance, sections: tuple[tuple[str, str], ...] = ()
) -> Publication:
    """Make a publication of fields.

    Fields read: title, abstract, authors, journal, year, pmid, pmcid, doi, keywords, types,
    language, license, own_id, place (links and notes that may hold a DOI).

    Raises:
        ValueError: There is no title, no abstract and no section.
    """
    title, abstract = _told(first(fields, "title")), _told(first(fields, "abstract"))
    abstract = _LABEL.sub("", abstract)
    if not (title or abstract or sections):
        raise ValueError("neither title nor abstract")
    authors = tuple(filter(None, map(author_name, fields.get("authors", ()))))
    types, journal = texts(fields, "types"), first(fields, "journal")
    doi = found(normal_doi, fields, "doi") or found(_doi_in_link, fields, "place")
    year = found(year_in, fields, "year")
    pmid = found(normal_pmid, fields, "pmid") or found(_pmid_in_note, fields, "place")
    pmcid = found(normal_pmcid, fields, "pmcid") or found(_pmcid_in_note, fields, "place")
    own_id = first(fields, "own_id")
    pmid = pmid or (normal_pmid(own_id) if own_id.lower().startswith("pmid") else "")
    pmcid = pmcid or (normal_pmcid(own_id) if own_id.upper().startswith("PMC") else "")
    doi = doi or (normal_doi(own_id) if _WHOLE_DOI.fullmatch(own_id) else "")
    own = own_id or pmid or doi or pmcid
    made_up = made_up_id(title or abstract, authors, year, journal)
    lowered = {it.casefold() for it in types}
    return Publication(
        source_id=own or made_up,
        title=title,
        abstract=abstract,
        sections=with_unique_names(sections),
        authors=authors,
        journal=journal,
        year=year,
        pmid=pmid,
        pmcid=pmcid,
        doi=doi,
        keywords=texts(fields, "keywords"),
        publication_types=types,
        is_retracted=bool(lowered & _RETRACTED_TYPES) or _is_retracted_title(title, lowered),
        is_preprint=bool(lowered & _PREPRINT_TYPES) or is_preprint_source(doi, journal),
        language=first(fields, "language"),
        license=first(fields, "license"),
        provenance=provenance,
    )


def without_retraction(title: str) -> str:
    """Take off what publishers put before the title of a paper that they retracted.

    >>> without_retraction("RETRACTED ARTICLE: Bile in mice")
    'Bile in mice'
    """
    return _RETRACTED_TITLE.sub("", title).lstrip(" :.-–—[")


def is_notice(types: Iterable[str]) -> bool:
    """Tell whether publication types say that it is a notice on another paper."""
    return any(it.casefold() in NOTICE_TYPES for it in types)


def _is_retracted_title(title: str, types: set[str]) -> bool:
    return bool(_RETRACTED_TITLE.match(title)) and not types & NOTICE_TYPES


def _doi_in_link(text: str) -> str:
    """Read a DOI where the text says that it is one: a link or a note holds other things too."""
    if "doi" not in text.casefold():
        return ""
    return found(normal_doi, {"part": _PARAMETER.split(text)}, "part")


def _pmid_in_note(text: str) -> str:
    """Read the PMID of a link alone, or of a line of its own, as Zotero keeps it in notes.

    Notes name other papers, too.
    """
    match = _PMID_NOTE.search(text) or _PMID_LINK.match(text.strip())
    return match[1] if match else ""


def _pmcid_in_note(text: str) -> str:
    return match[1] if (match := _PMCID_NOTE.search(text)) else ""


def _told(text: str) -> str:
    """Return a text that says something: databases fill empty fields with words."""
    return "" if len(text) < _LONGEST_FILLER and _NOTHING.fullmatch(text) else text


def folded(text: str) -> str:
    """Write a text with single spaces and without HTML markup and NUL characters."""
    text = text.replace("\x00", "")
    plain = _MARKUP.sub(_in_place_of, text) if "<" in text else text
    if "&" in plain:
        plain = _ENTITY.sub(lambda match: html.unescape(match.group()), plain)
    return " ".join(plain.split())


def _in_place_of(tag: re.Match[str]) -> str:
    name = tag.group(1).lower()
    return " " if name in _BLOCKS or name[1:].isdigit() else ""


def first(fields: Fields, name: str) -> str:
    """Return the first value that is not empty."""
    return next((text for value in fields.get(name, ()) if (text := folded(value))), "")


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Return all values that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, map(folded, fields.get(name, ())))))


def found(reads: Callable[[str], str], fields: Fields, name: str) -> str:
    """Return what the first value gives that can be read."""
    return next((text for value in fields.get(name, ()) if (text := reads(value))), "")


def collected(pairs: Iterable[tuple[str, str]], names: Mapping[str, Sequence[str]]) -> Fields:
    """Sort (tag, value) pairs into our fields; a tag that comes first in the table comes first."""
    by_tag: dict[str, list[str]] = {}
    for tag, value in pairs:
        by_tag.setdefault(tag, []).append(value)
    return {
        field: [value for tag in tags for value in by_tag.get(tag, ())]
        for field, tags in names.items()
    }


def with_unique_names(sections: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Number section names that come again, so that a passage's section is one text."""
    seen: dict[str, int] = {}
    named = []
    for name, text in sections:
        if not text.strip():
            continue
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        named.append((unique, text))
        if unique != name:
            seen.setdefault(unique, 1)
    return tuple(named)
