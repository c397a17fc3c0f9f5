"""Preprints and earlier versions of papers: each row points to the one that replaced it.

Both stay stored. A search shows the newer one in place of the older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.paper_identity import is_article_of, sketch_of
from ingest.store_rows import publication_of_row, title_key, to_json

if TYPE_CHECKING:
    import sqlite3

    from ingest.records import Publication

#: (older, newer) by PubMed's links, which either of the two may carry, from either end.
_BY_LINKS: Final = """
    SELECT l.publication_id AS older, k.publication_id AS newer
    FROM publication_links AS l JOIN publication_keys AS k ON k.key = l.key
    WHERE l.publication_id = ?1 AND l.relation = 'UpdateIn'
    UNION SELECT l.publication_id, k.publication_id
    FROM publication_keys AS k JOIN publication_links AS l ON l.key = k.key
    WHERE k.publication_id = ?1 AND l.relation = 'UpdateIn'
    UNION SELECT k.publication_id, l.publication_id
    FROM publication_links AS l JOIN publication_keys AS k ON k.key = l.key
    WHERE l.publication_id = ?1 AND l.relation = 'UpdateOf'
    UNION SELECT k.publication_id, l.publication_id
    FROM publication_keys AS k JOIN publication_links AS l ON l.key = k.key
    WHERE k.publication_id = ?1 AND l.relation = 'UpdateOf'
"""
#: Papers of the other sort (preprint or not) with the same title or nearly the same abstract.
_ALIKE: Final = """
    SELECT * FROM publication_facts WHERE is_preprint = ?1 AND id != ?2 AND (
        (?3 != '' AND title_key = ?3) OR id IN (SELECT publication_id FROM publication_sketches
        WHERE key IN (SELECT value FROM json_each(?4)))) ORDER BY id
"""


def relate_versions(connection: sqlite3.Connection, row_id: int, publication: Publication) -> None:
    """Join a stored paper with its preprint or article, if that is stored too."""
    pairs = [(row["older"], row["newer"]) for row in connection.execute(_BY_LINKS, (row_id,))]
    values = (
        int(not publication.is_preprint),
        row_id,
        title_key(publication.title),
        to_json(sketch_of(publication)),
    )
    for row in connection.execute(_ALIKE, values).fetchall():
        other = publication_of_row(row)
        if is_article_of(publication, other):
            pairs.append((row["id"], row_id))
        elif is_article_of(other, publication):
            pairs.append((row_id, row["id"]))
    for older, newer in pairs:
        # What is linked first counts: PubMed's own links come before likeness.
        connection.execute(
            "UPDATE publications SET superseded_by = ?2 WHERE id = ?1 AND superseded_by IS NULL"
            " AND id != ?2 AND NOT EXISTS"
            " (SELECT 1 FROM publications WHERE id = ?2 AND superseded_by = ?1)",
            (older, newer),
        )
