"""Papers by the entities that they are tagged with, and by the proteins that cite them.

A question that is nothing but names puts the papers that have them first: for a number or a
symbol (``3.5.1.24``, ``BT_4294``, ``lacZ``) the tag decides and the other searches order; for a
name (``Clostridium difficile``, ``paracetamol``) the tag is a bonus, and so it is for numbers in
a sentence. Any other question is ranked without tags; they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.store_entities import places_of, tags_of
from ingest.store_rows import to_json
from retrieval.asked import Question, entities_asked
from retrieval.cited_papers import cited_rows, proteins_called, proteins_with_ec
from retrieval.fusion import Fused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ingest.store_entities import Place
    from retrieval.cited_papers import Citing
    from retrieval.filtering import Hidden

#: How much a paper is on an entity, by where it names it.
_WEIGHT: Final[dict[Place, float]] = {"title": 1.0, "record": 0.8, "abstract": 0.7, "text": 0.4}
#: ... and where a protein of the base cites the paper.
_CITED: Final = 0.5
#: ... and what is not a paper, where it has all of the words.
_ENTRY: Final = 0.7
#: Part of the fused score where a tag decides.
_REST: Final = 0.5
#: Parts of tag and citation where they are a bonus: a name is found by its words, too.
_BONUS: Final = 0.25
_CITED_BONUS: Final = 0.4
#: Papers that one question brings by tags alone.
_MOST: Final = 1000
#: Tags shown with a hit.
_SHOWN: Final = 30


class EntitySearch:
    """Find papers by entities.

    Args:
        connection: A connection for reading.
        hidden: What may not be found.
    """

    def __init__(self, connection: sqlite3.Connection, hidden: Hidden) -> None:
        """Keep the connection."""
        self._connection = connection
        self._hidden = hidden

    def question(self, query: str) -> Question:
        """Find the entities of a question."""
        return entities_asked(query, self._connection)

    def ranked(self, fused: Sequence[Fused], question: Question) -> list[Fused]:
        """Order what was found by the entities of the question, and add what they alone find."""
        paper_of = self._papers_of([it.id for it in fused])
        places = places_of(self._connection, question.keys, None, _MOST)
        places |= places_of(self._connection, question.keys, set(paper_of.values()), _MOST * 10)
        cited = cited_by(self._connection, question)
        fresh = (places.keys() | cited.keys()) - set(paper_of.values())
        added = self._first_passages(fresh)
        scored = [*fused, *(Fused(row, 0.0) for row in added)]
        decides = question.is_pure and any(it.is_number for it in question.asked)
        score = _decided if decides else _favoured
        paper_of |= added
        most_words = max((it.lexical or 0.0 for it in fused), default=0.0) or 1.0
        found = []
        for it in scored:
            paper = paper_of.get(it.id, 0)
            strength = _strength(question, places.get(paper, {}))
            if not paper:  # a protein's or feature's own text: it has no tags, but words
                strength = _ENTRY * (it.lexical or 0.0) / most_words
            found.append(it._replace(score=score(it.score, strength, cited=paper in cited)))
        return sorted(found, key=lambda it: (-it.score, it.id))

    def _papers_of(self, rows: Collection[int]) -> dict[int, int]:
        query = (
            "SELECT id, publication_id FROM documents WHERE publication_id IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))"
        )
        found = self._connection.execute(query, (to_json(sorted(rows)),))
        return {row[0]: row[1] for row in found}

    def _first_passages(self, papers: Collection[int]) -> dict[int, int]:
        """Return the first passage of each paper that may be found: passage row -> paper row."""
        # Only our own conditions are put into the statement; all values are bound.
        query = f"""
            SELECT MIN(id), publication_id FROM documents
            WHERE publication_id IN (SELECT value FROM json_each(?))
            AND publication_id NOT IN ({self._hidden.papers}) GROUP BY publication_id"""  # noqa: S608 - see above
        values = (to_json(sorted(papers)), *self._hidden.values)
        return {row[0]: row[1] for row in self._connection.execute(query, values)}


def cited_by(connection: sqlite3.Connection, question: Question) -> dict[int, str]:
    """Return the papers that the question's proteins cite: paper row -> accession."""
    return cited_rows(connection, _citing(connection, question))


def _citing(connection: sqlite3.Connection, question: Question) -> Iterator[Citing]:
    for it in question.asked if question.is_pure else ():
        yield from proteins_called(connection, it.found)
        for key in it.keys if it.is_number else ():
            if key.startswith("ec:"):
                yield from proteins_with_ec(connection, key.removeprefix("ec:"))


def _decided(fused: float, strength: float, *, cited: bool) -> float:
    return (max(strength, _CITED * cited) + _REST * fused) / (1 + _REST)


def _favoured(fused: float, strength: float, *, cited: bool) -> float:
    return (fused + _BONUS * strength + _CITED_BONUS * cited) / (1 + _BONUS + _CITED_BONUS)


def _strength(question: Question, places: Mapping[str, Place]) -> float:
    """Say how much of the question a paper is tagged with, 0 to 1."""
    if not places:
        return 0.0
    weights = [
        max((_WEIGHT[places[key]] for key in it.keys if key in places), default=0.0)
        for it in question.counted
    ]
    return sum(weights) / len(weights)


class EntityLabels:
    """Say of papers which entities they have, and which of them a question asks for.

    Args:
        connection: A connection for reading.
        question: What was asked.
    """

    def __init__(self, connection: sqlite3.Connection, question: Question) -> None:
        """Look up which papers the question's proteins cite, once."""
        self._connection = connection
        self._keys = question.keys
        self._cited = cited_by(connection, question)

    def of(self, rows: Sequence[int]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return, by paper row, all entities as they are shown, and those that were asked for."""
        tags = tags_of(self._connection, rows)
        found = {}
        for row in rows:
            its = tags.get(row, [])
            asked = [tag.entity.shown for tag in its if tag.key in self._keys]
            if row in self._cited:
                asked.append(f"cited by {self._cited[row]}")
            found[row] = tuple(it.entity.shown for it in its[:_SHOWN]), tuple(asked)
        return found
