"""Papers on a taxon: by the tags that they were given when they were added, not by their words.

A taxon's papers are those tagged with it under an old or a new name, with what its name opens
(species of a genus, subspecies of a species), and with what lies below it in the lineages of the
base's own profiles and genomes. A name that papers are not tagged with (a family without
profiles, a strain) is looked for as words, and whoever asks is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.entities import spelled
from ingest.store_entities import genera_among
from retrieval.entity_names import taxon_key
from retrieval.renamed_taxa import renamed_taxa
from retrieval.taxa_in_text import taxa_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_PREFIX: Final = re.compile(r"(?:taxon|species|genus|organism)\s*:\s*|(?:sk|[dkpcofgst])__", re.I)
#: GTDB parts polyphyletic names: Clostridium_AQ.
_GTDB_PART: Final = re.compile(r"_[A-Z]{1,3}(?=_|$| )")
_NO_NAME: Final = re.compile(r"(?i)^(?:un\w+|uncultured.*|other|none|.*\d{3,}.*|[a-z]__)?$")
#: The character behind a space: names from "bacteroides " to "bacteroides!" open with it.
_AFTER_SPACE: Final = "!"


@dataclass(frozen=True, slots=True)
class TaxonPapers:
    """Which papers are on a taxon: tagged with one of the keys, or, without any, by words."""

    name: str
    keys: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def told(self) -> str:
        """What is to be said where words had to do; "" where tags decide."""
        if self.keys:
            return ""
        return f'no paper is tagged with "{self.name}": those that hold these words are taken'


def papers_on(taxon: str, connection: sqlite3.Connection) -> TaxonPapers | None:
    """Find the tags of a taxon and of what is below it; None where none is asked for."""
    if not taxon.strip():
        return None
    plain = _plain(taxon)
    known = genera_among(connection, plain.split()[:1])
    names = dict.fromkeys((plain, *_other_names(plain)))
    below = dict.fromkeys(it for name in names for it in _below(name, connection))
    keys = dict.fromkeys(it.key for name in names for it in taxa_in(_written(name), known))
    for name in (*names, *below):
        keys |= dict.fromkeys(_keys(name, connection))
    phrases = dict.fromkeys(spelled(name) for name in names)
    return TaxonPapers(plain, tuple(keys), tuple(it for it in phrases if it))


def _plain(name: str) -> str:
    return " ".join(_GTDB_PART.sub("", _PREFIX.sub("", name.strip())).replace("_", " ").split())


def _other_names(name: str) -> Iterator[str]:
    """Yield old, new and whole names: of ``C. difficile`` both genera, of ``E. coli`` its own."""
    yield from renamed_taxa().get(name.lower(), ())
    if re.match(r"[A-Z]\. ?[a-z]", written := _written(name)):
        yield from (it.name for it in taxa_in(written))


def _written(name: str) -> str:
    return name[:1].upper() + name[1:].lower()


def _keys(name: str, connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the keys of tags that are the name or open with it, as written or as it is today."""
    for column, start in (("key", taxon_key(name)), ("spelled", spelled(name))):
        # Only our own column names are put into the statement; all values are bound.
        query = (
            f"SELECT DISTINCT key FROM publication_entities WHERE ({column} = ?1"  # noqa: S608
            f" OR ({column} >= ?1 || ' ' AND {column} < ?1 || ?2)) AND key LIKE 'taxon:%'"
        )
        if start not in {"", "taxon:"}:
            yield from (row[0] for row in connection.execute(query, (start, _AFTER_SPACE)))


def _below(name: str, connection: sqlite3.Connection) -> Iterable[str]:
    """List what stands below a taxon in the lineages that the base holds, once each."""
    query = (
        "SELECT lineage FROM features WHERE lineage LIKE ?1"
        " UNION SELECT lineage FROM genomes WHERE lineage LIKE ?1"
    )
    found: dict[str, None] = {}
    # The underscore stands for any character: lineages are written with and without spaces.
    for (lineage,) in connection.execute(query, (f"%{name.replace(' ', '_')}%",)):
        parts = [_plain(part) for part in lineage.split(";")]
        places = [n for n, part in enumerate(parts) if part.lower() == name.lower()]
        under = parts[places[0] + 1 :] if places else []
        found |= dict.fromkeys(part for part in under if not _NO_NAME.match(part))
    return [it for it in found if it.partition(" ")[0] == it or it.partition(" ")[0] not in found]
