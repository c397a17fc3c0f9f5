"""Tag a paper with the entities that it names: by form, by dictionary, and from its own record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.entities import Entity, ec_key, entities_by_form, spelled
from ingest.store_entities import Tag
from ingest.words import plain_words
from retrieval.entity_names import LONGEST_NAME, dictionary, drug_key, first_words, singular
from retrieval.taxa_in_text import taxa_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ingest.records import Publication
    from ingest.store_entities import Place

_WHOLE_EC: Final = re.compile(r"(?:EC\s*)?(\d\.\d{1,2}\.\d{1,2}\.n?\d{1,4})")
#: Headings that most records have: they are on whom was studied.
_ON_WHOM: Final = """
    Humans Animals Male Female Adult Aged Mice Rats Child Infant Adolescent Middle-Aged
    Young-Adult Child,-Preschool Aged,-80-and-over Infant,-Newborn Pregnancy Swine Cattle
    Rabbits Dogs Cats
"""
_CHECK_TAGS: Final = frozenset(_ON_WHOM.split())
#: Characters of the sections that are read: a book is not.
_MOST_TEXT: Final = 200_000


class Tagger:
    """Find the entities of papers.

    Args:
        genera: Genera of the knowledge base's own tables, beside those that ship.
    """

    def __init__(self, genera: Collection[str] = ()) -> None:
        """Keep the genera."""
        self._genera = frozenset(genera)

    def __call__(self, paper: Publication) -> list[Tag]:
        """List the paper's entities, each once: by its best place, named as the record names it."""
        found: dict[str, Tag] = {}
        title = {it.key for it in self._in_text(paper.title, "")}
        for entity in of_record(paper):
            place: Place = "title" if entity.key in title else "record"
            found.setdefault(entity.key, Tag(entity.key, entity.name, place))
        for place, text in _texts(paper):
            for entity in self._in_text(text, paper.title):
                found.setdefault(entity.key, Tag(entity.key, entity.name, place))
        return list(found.values())

    def _in_text(self, text: str, context: str) -> Iterator[Entity]:
        yield from entities_by_form(text, context=context)
        yield from taxa_in(text, self._genera)
        yield from named_in(text)


def _texts(paper: Publication) -> Iterator[tuple[Place, str]]:
    yield "title", paper.title
    yield "abstract", paper.abstract
    yield "record", ". ".join(paper.keywords)
    yield "text", "\n".join(text for _, text in paper.sections)[:_MOST_TEXT]


def named_in(text: str) -> Iterator[Entity]:
    """Yield enzymes and drugs that a text names, the longest name at each place."""
    words, known, openers = plain_words(text), dictionary(), first_words()
    start = 0
    while start < len(words):
        if words[start] not in openers:
            start += 1
            continue
        size = 1
        for length in range(min(LONGEST_NAME, len(words) - start), 0, -1):
            name = " ".join(words[start : start + length])
            if key := known.get(name) or known.get(singular(name)):
                yield Entity(key, name)
                size = length
                break
        start += size


def of_record(paper: Publication) -> Iterator[Entity]:
    """Yield what the record itself lists: chemicals with their numbers, MeSH, annotations."""
    for number, name in paper.chemicals:
        if ec := _WHOLE_EC.fullmatch(number.strip()):
            yield Entity(ec_key(ec[1]), name)
        else:
            registry = number.strip() if number.strip() not in {"", "0"} else spelled(name)
            yield Entity(f"chemical:{registry.lower()}", name)
        if spelled(name) in dictionary() and dictionary()[spelled(name)] == drug_key(name):
            yield Entity(drug_key(name), name)
    for ui, heading in paper.mesh:
        if heading and heading.replace(" ", "-") not in _CHECK_TAGS:
            yield Entity(f"mesh:{(ui or spelled(heading)).lower()}", heading.split("/")[0])
            yield from taxa_in(heading)
            yield from named_in(heading)
    for _, identifier, text in paper.mentions:
        if identifier and text:
            yield Entity(_mention_key(identifier), text)
            yield from taxa_in(text)
            yield from named_in(text)


def _mention_key(identifier: str) -> str:
    """Write a source's identifier as a key; a MeSH number as ours."""
    plain = identifier.strip().lower()
    plain = plain if ":" in plain else f"id:{plain}"
    return f"mesh:{plain[3:]}" if re.fullmatch(r"id:[cd]\d{6,9}", plain) else plain
