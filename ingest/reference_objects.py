"""One publication from a JSON object, whoever laid it out; the names are in ``reference_columns``.

Nested objects are read by joined names (``externalIds.PubMed``), lists of names by their parts.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.paper_fields import paper_of
from ingest.reference_columns import field_of, is_reference_header, plain_name, rank_of
from ingest.reference_services import (
    chemicals_of,
    links_of,
    mesh_of,
    own_fields,
    sections_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.paper_fields import Fields
    from ingest.records import Provenance, Publication

#: Objects inside an object that hold its fields.
_WRAPPERS: Final = frozenset({"metadata", "attributes", "fields", "_source"})
_MOST_DEPTH: Final = 4
#: Where DataCite, DOAJ, search engines and Zotero's service keep the fields, one level down.
_INNER: Final = frozenset({"attributes", "bibjson", "_source", "data"})
#: A key with an object: the first of many papers under their keys, or a part of the one paper.
_FIRST_OBJECT: Final = re.compile(r'\s*\{\s*"((?:[^"\\]|\\.)*)"\s*:\s*(?=\{)')
#: Types of items in Zotero that are no references.
_BESIDE: Final = frozenset({"attachment", "note", "annotation"})
#: What parts keywords that stand in one text.
_PARTS: Final = re.compile(r";\s*|,\s+(?![^()]*\))")
_NAME_PARTS: Final = (
    (("family", "lastname", "last", "surname"), ("given", "firstname", "initials", "first")),
)
_WHOLE_NAMES: Final = (
    "fullname",
    "name",
    "literal",
    "displayname",
    "collectivename",
    "rawauthorname",
)


def paper_of_object(record: object, provenance: Provenance) -> Publication:
    """Make a publication of a JSON object.

    Raises:
        ValueError: It is no object, or has neither title nor abstract.
    """
    if not isinstance(record, dict):
        raise ValueError("no object")
    record = {**record, **_unwrapped(record)}
    fields = _fields(record) | own_fields(record)
    paper = paper_of(fields, provenance, sections_of(record))
    links = tuple(dict.fromkeys((*_links(record), *links_of(record))))
    kinds = {kind for kind, _ in links}
    version = str(record.get("version", "1"))
    concern = "ExpressionOfConcernIn" in kinds or "Expression of Concern" in paper.publication_types
    return replace(
        paper,
        is_retracted=paper.is_retracted or "RetractionIn" in kinds or _flag(record, "isretracted"),
        has_concern=concern,
        links=links,
        mesh=tuple(dict.fromkeys((*_mesh(record), *mesh_of(record)))),
        chemicals=(*_pairs(record.get("chemicals")), *chemicals_of(record)),
        version=int(version) if version.isdecimal() and len(version) < 6 else 1,
    )


def is_by_key(text: str) -> bool:
    """Tell the start of a document that holds papers under their keys (CSL) from one paper."""
    opening = _FIRST_OBJECT.match(text)
    if opening is None or opening[1] in _WRAPPERS | _INNER:
        return False
    try:
        value, _ = json.JSONDecoder().raw_decode(text, opening.end())
    except (ValueError, RecursionError):
        return False
    return is_reference_header(list(value))


def by_key(document: Mapping[str, object]) -> list[object]:
    """Return the papers of a document that holds each under its key; none if it holds others."""
    papers = [it for it in document.values() if isinstance(it, dict)]
    is_all = len(papers) == len(document) and all(is_reference_header(list(it)) for it in papers)
    return [*papers] if is_all and not _INNER & document.keys() else []


def is_no_reference(record: object) -> bool:
    """Tell what Zotero keeps beside its references: notes, files, marks in files."""
    inner = record.get("data", record) if isinstance(record, dict) else None
    return isinstance(inner, dict) and str(inner.get("itemType")) in _BESIDE


def _unwrapped(record: Mapping[str, object]) -> dict[str, object]:
    inner = (record.get(name) for name in sorted(_INNER))
    return {key: value for it in inner if isinstance(it, dict) for key, value in it.items()}


def _fields(record: Mapping[str, object]) -> Fields:
    found: dict[str, list[tuple[int, list[str]]]] = {}
    for name, value in _flattened(record, "", 0):
        if field := field_of(name):
            values = _names(value) if field == "authors" else _texts(value)
            if field == "keywords" and isinstance(value, str):
                values = _PARTS.split(value)
            if field == "doi" and plain_name(name).startswith("ids"):
                values = values[:1]
            found.setdefault(field, []).append((rank_of(name), values))
    fields: Fields = {}
    for field, ranked in found.items():
        ranked.sort(key=lambda it: it[0])
        held = [values for _, values in ranked if values]
        # Keywords and types of several names count together; of the others the best name counts.
        joined = [value for values in held for value in values]
        fields[field] = joined if field in {"keywords", "types"} else (held or [[]])[0]
    return fields


def _flattened(
    record: Mapping[str, object], prefix: str, depth: int
) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        name = "" if key in _WRAPPERS and not prefix else f"{prefix}{key}"
        if isinstance(value, dict) and depth < _MOST_DEPTH:
            yield name, value
            yield from _flattened(value, f"{name}." if name else "", depth + 1)
        else:
            yield name, value


def _text(value: object) -> str:
    """Read a scalar as text; nothing else has one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _texts(value: object) -> list[str]:
    """Read a text, a list of texts, or a date in parts (``{"date-parts": [[2020, 1]]}``)."""
    if isinstance(value, dict):
        parts = value.get("date-parts")
        while isinstance(parts, list) and parts:
            parts = parts[0]
        parts = parts or value.get("raw") or value.get("literal")
        return [text] if (text := _text(parts)) else []
    if isinstance(value, list):
        return [text for item in value if (text := _text(_value_of(item)))]
    return [text] if (text := _text(value)) else []


def _value_of(item: object) -> object:
    if not isinstance(item, dict):
        return item
    named = {plain_name(str(key)): value for key, value in item.items()}
    return next(
        (
            named[key]
            for key in ("name", "displayname", "term", "value", "tag", "title")
            if key in named
        ),
        "",
    )


def _names(value: object) -> list[str]:
    from ingest.author_lists import split_authors

    if isinstance(value, str):
        return split_authors(value)
    if isinstance(value, dict):
        value = next((inner for inner in value.values() if isinstance(inner, list)), [])
    return [name for item in value if (name := _name(item))] if isinstance(value, list) else []


def _name(item: object) -> str:
    from ingest.author_lists import split_authors

    if isinstance(item, list):  # arXiv: [family, given, suffix]
        return f"{_text(item[0])}, {_text(item[1])}" if len(item) > 1 else ""
    if not isinstance(item, dict):
        return next(iter(split_authors(f"{_text(item)};")), "")
    named = {plain_name(str(key)): value for key, value in item.items()}
    if named.get("creatortype", "author") != "author":  # Zotero lists editors among them
        return ""
    if isinstance(named.get("author"), dict):  # OpenAlex: authorships[].author
        return _name(named["author"])
    for families, givens in _NAME_PARTS:
        family = next((_text(named[key]) for key in families if named.get(key)), "")
        given = next((_text(named[key]) for key in givens if named.get(key)), "")
        given = " ".join([given, *_texts(named.get("middle"))]).strip()
        if family:
            family = f"{_text(named.get('nondroppingparticle'))} {family}".strip()
            return f"{family}, {given}" if given else family
    whole = next((_text(named[key]) for key in _WHOLE_NAMES if named.get(key)), "")
    return next(iter(split_authors(f"{whole};")), "")


def _links(record: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Read links as [relation, PMID, source] or [relation, "PMID:1"]."""
    links = record.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, list) and len(link) >= 2 and _text(link[0]):
            target = _text(link[1])
            if target.isdecimal():
                yield _text(link[0]), f"PMID:{target}"
            elif target or (len(link) > 2 and _text(link[2])):
                yield _text(link[0]), target or _text(link[2])


def _mesh(record: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    names, uis = record.get("mesh"), record.get("mesh_ui")
    if isinstance(names, list) and isinstance(uis, list) and len(names) == len(uis):
        for name, ui in zip(names, uis, strict=True):
            yield _text(ui), _text(name)


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    for pair in value if isinstance(value, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            number, name = map(_text, pair)
            yield ("" if number == "0" else number), name


def _flag(record: Mapping[str, object], name: str) -> bool:
    return any(plain_name(str(key)) == name and value is True for key, value in record.items())
