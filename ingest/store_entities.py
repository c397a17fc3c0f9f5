"""The entities of each paper: put with it, changed with it, dropped with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ingest.entities import Entity, spelled
from ingest.store_rows import publication_of_row, to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ingest.records import Publication

#: Where a paper names an entity, the most telling place first.
Place: TypeAlias = Literal["title", "record", "abstract", "text"]

#: The genus that opens a species' name, with or without the prefix of its rank. A family or a
#: higher rank is none, nor is a placeholder (GGB9602, CAG-81).
_GENUS: Final = re.compile(
    r"(?:[gs]__|\[)?(?!\w+(?:aceae|ales|ota|etes|bacteria)\b)([A-Z][a-z]{3,})(?=\]?[ _]+[a-z]|$)"
)
#: Papers read at once when all are tagged anew.
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Tag:
    """An entity of a paper, its name there, and the best place where it stands."""

    key: str
    name: str
    place: Place

    @property
    def entity(self) -> Entity:
        """The entity alone."""
        return Entity(self.key, self.name)


def put_tags(connection: sqlite3.Connection, row_id: int, tags: Iterable[Tag]) -> None:
    """Store the entities of a paper in the place of those that it had."""
    connection.execute("DELETE FROM publication_entities WHERE publication_id = ?", (row_id,))
    connection.executemany(
        "INSERT OR IGNORE INTO publication_entities VALUES (?, ?, ?, ?, ?)",
        [(row_id, it.key, it.name, spelled(it.name), it.place) for it in tags],
    )


def tag_all(connection: sqlite3.Connection, tagger: Callable[[Publication], Sequence[Tag]]) -> None:
    """Find the entities of all papers anew, as they are found today."""
    rows = [row[0] for row in connection.execute("SELECT id FROM publications ORDER BY id")]
    _tag(connection, rows, tagger)


def tag_papers_with(
    connection: sqlite3.Connection,
    words: Collection[str],
    tagger: Callable[[Publication], Sequence[Tag]],
) -> None:
    """Find the entities anew of papers that have one of these words."""
    rows: set[int] = set()
    for word in sorted(words):
        query = "SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?"
        rows.update(row[0] for row in connection.execute(query, (f'"{spelled(word)}"',)))
    _tag(connection, sorted(rows), tagger)


def _tag(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    tagger: Callable[[Publication], Sequence[Tag]],
) -> None:
    query = (
        "SELECT * FROM publication_facts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    for start in range(0, len(rows), _BATCH):
        batch = connection.execute(query, (to_json(rows[start : start + _BATCH]),)).fetchall()
        for row in batch:
            put_tags(connection, row["id"], tagger(publication_of_row(row)))


# genera of the base's own tables


def stored_genera(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the genera that the base's proteins and profiles name."""
    return frozenset(row[0] for row in connection.execute("SELECT name FROM genera"))


def genera_among(connection: sqlite3.Connection, words: Iterable[str]) -> frozenset[str]:
    """Return the words that are such genera, in whatever case they are written."""
    written = to_json(sorted({word.title() for word in words}))
    query = "SELECT name FROM genera WHERE name IN (SELECT value FROM json_each(?))"
    return frozenset(row[0] for row in connection.execute(query, (written,)))


def put_genera(connection: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    """Note genera; return those that were not known, in order."""
    known = stored_genera(connection)
    fresh = sorted(set(names) - known)
    connection.executemany("INSERT OR IGNORE INTO genera VALUES (?)", [(it,) for it in fresh])
    return fresh


# questions


def tags_of(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, list[Tag]]:
    """Return the entities of papers by row id, those of the title first, then by key."""
    query = (
        "SELECT publication_id, key, name, place FROM publication_entities"
        " WHERE publication_id IN (SELECT value FROM json_each(?))"
        " ORDER BY publication_id, place != 'title', key"
    )
    found: dict[int, list[Tag]] = {}
    for row, key, name, place in connection.execute(query, (to_json(rows),)):
        found.setdefault(row, []).append(Tag(key, name, place))
    return found


def places_of(
    connection: sqlite3.Connection, keys: Collection[str], rows: Collection[int] | None, most: int
) -> dict[int, dict[str, Place]]:
    """Return where papers name entities: paper row -> key -> place.

    Args:
        connection: A connection for reading.
        keys: The entities.
        rows: Papers that are asked for; None for any, ``most`` rows of the table at most.
        most: Bounds the answer for any paper.
    """
    asked = "SELECT value FROM json_each(?)"
    query = f"SELECT publication_id, key, place FROM publication_entities WHERE key IN ({asked})"  # noqa: S608 - our own text
    values: list[object] = [to_json(sorted(keys))]
    if rows is not None:
        query += f" AND publication_id IN ({asked})"
        values.append(to_json(sorted(rows)))
    found: dict[int, dict[str, Place]] = {}
    for row, key, place in connection.execute(f"{query} ORDER BY 1 LIMIT ?", (*values, most)):
        found.setdefault(row, {})[key] = place
    return found


def keys_named(connection: sqlite3.Connection, name: str) -> list[str]:
    """List the keys that papers' records give to a name, the commonest first."""
    query = (
        "SELECT key FROM publication_entities WHERE spelled = ?"
        " GROUP BY key ORDER BY COUNT(*) DESC, key LIMIT 5"
    )
    return [row[0] for row in connection.execute(query, (spelled(name),))]


def names_given(connection: sqlite3.Connection, key: str, most: int) -> list[str]:
    """List the names that papers give to an entity, the commonest first."""
    query = (
        "SELECT MIN(name) FROM publication_entities WHERE key = ?"
        " GROUP BY spelled ORDER BY COUNT(*) DESC, spelled LIMIT ?"
    )
    return [row[0] for row in connection.execute(query, (key, most))]


class GenusWatch:
    """Learn genera from a file's proteins and profiles, and tag the papers that name them.

    Args:
        connection: A connection within its write transaction.
        entities: Finds the entities of a paper, given genera beside those that it knows itself.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        entities: Callable[[Publication, Collection[str]], Sequence[Tag]],
    ) -> None:
        """Read the genera that are known."""
        self._connection = connection
        self._entities = entities
        self._known = stored_genera(connection)
        self._seen: set[str] = set()

    def take(self, taxon: str) -> None:
        """Note the genus of a taxon: ``Escherichia coli (strain K12)``, ``s__Blautia_obeum``."""
        if match := _GENUS.match(taxon):
            self._seen.add(match[1])

    def tagged(self, publication: Publication) -> Sequence[Tag]:
        """Find the entities of a paper."""
        return self._entities(publication, self._known)

    def finish(self) -> None:
        """Keep the new genera; papers that name one of them are tagged anew."""
        fresh = put_genera(self._connection, self._seen)
        if fresh:
            self._known |= frozenset(fresh)
            tag_papers_with(self._connection, fresh, self.tagged)
