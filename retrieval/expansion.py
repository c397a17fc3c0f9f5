"""Synonyms of the entities in a question, from what is known: renamed taxa and the base itself.

- a taxon: its older and newer names (``renamed_taxa``);
- an EC number: the names of the base's proteins that have it, and the number by their names;
- a gene symbol such as ``tdcA``: the names of the proteins of that gene. A bare symbol of two or
  three letters is never expanded: it is a word, or another gene elsewhere;
- a KO, GO or family identifier: its name in the base's tables.

What stands in double quotes is meant as it is written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.entities import ec_key, spelled
from ingest.store_entities import names_given
from ingest.vocab import is_uncharacterized, split_name
from ingest.words import plain_words
from retrieval.entity_names import dictionary, names_of
from retrieval.renamed_taxa import other_names
from retrieval.tagging import named_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    _Read = Callable[[str], list[str]]

#: Synonyms of one entity.
MOST_SYNONYMS: Final = 5
#: Names of proteins that one number or symbol brings.
_MOST_NAMES: Final = 2
#: Entries looked at for one number, symbol or name.
_LOOKED_AT: Final = 50
#: Words of the longest name that is looked up, taxa (with a subspecies) and enzymes.
_LONGEST_TAXON: Final = 4
_LONGEST_ENZYME: Final = 4

_QUOTED: Final = re.compile(r'"[^"]*"')
_WORD: Final = re.compile(r"[^\W_][\w.'-]*")
_EC: Final = re.compile(r"(?<![\d.])\d+\.\d+\.\d+\.(?:n?\d+)(?![\d.]*\d)")
#: Demerec symbols with their locus letter, as proteins have them too (TdcA).
_SYMBOL: Final = re.compile(r"\b[A-Za-z][a-z]{2,3}[A-Z][A-Za-z0-9]{0,2}\b")
_IDENTIFIER: Final = re.compile(r"\b(?:K\d{5}|GO:\d{7}|PF\d{5}|TIGR\d{5}|NF\d{6}|IPR\d{6})\b")
_ENZYME: Final = re.compile(r"ase$", re.IGNORECASE)
_EC_IN_ENTRY: Final = re.compile(r"\bEC ([\d.,\sn-]+\d)")


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was found in a question, and what else is looked for."""

    found: str
    synonyms: tuple[str, ...]


class Expander:
    """Find synonyms with the help of a store.

    Args:
        connection: A connection for reading.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
        self._connection = connection

    def expansions(self, query: str) -> list[Expansion]:
        """List the entities of a question that have synonyms, in a fixed order."""
        text = _QUOTED.sub(" | ", query)
        present = set(_phrases(text))
        found: dict[str, Expansion] = {}
        for entity, synonyms in self._all(text):
            by_words: dict[str, str] = {}  # names that differ by case or hyphens alone are one
            for name in synonyms:
                by_words.setdefault(" ".join(plain_words(name)), name)
            fresh = tuple(name for words, name in by_words.items() if words not in present)
            if fresh and entity.lower() not in found:
                found[entity.lower()] = Expansion(entity, fresh[:MOST_SYNONYMS])
        return list(found.values())

    def _all(self, text: str) -> Iterator[tuple[str, Sequence[str]]]:
        yield from _taxa(text)
        for match in _EC.findall(text):
            names = self._names(f'text : "{match}"', f"EC {match}", _ecs_of)
            yield f"EC {match}", [*names, *self._names_of_key(ec_key(match))]
        yield from _named(text)
        for match in _IDENTIFIER.findall(text):
            yield match, self._names_of_identifier(match)
        for match in _SYMBOL.findall(text):
            symbol = match[0].lower() + match[1:]
            yield match, self._names(f'text : "gene {symbol.lower()}"', f"gene {symbol}", _genes_of)
        yield from self._enzymes(text)

    def _entries(self, expression: str) -> list[tuple[str, str]]:
        """Return titles and texts of the base's proteins."""
        rows = self._connection.execute(
            "SELECT title, text FROM documents WHERE kind = 'protein' AND id IN"
            " (SELECT rowid FROM entries_fts WHERE entries_fts MATCH ? LIMIT ?) ORDER BY id",
            (expression, _LOOKED_AT),
        )
        return [(row[0], row[1]) for row in rows]

    def _names(self, expression: str, wanted: str, read: _Read) -> list[str]:
        """Return the commonest names of the proteins that have a number or symbol."""
        names = Counter(
            split_name(title)[0]
            for title, text in self._entries(expression)
            if wanted in read(f"{title}. {text}") and not is_uncharacterized(title)
        )
        by_count = sorted(names.items(), key=lambda it: (-it[1], it[0]))
        return [name for name, _ in by_count if name][:_MOST_NAMES]

    def _names_of_key(self, key: str) -> list[str]:
        """Return the names of an enzyme in the tables that ship and in the papers' records."""
        given = names_given(self._connection, key, _MOST_NAMES)
        found = {spelled(it): it for it in (*given, *names_of(key)) if not _EC.fullmatch(it)}
        return list(found.values())

    def _enzymes(self, text: str) -> Iterator[tuple[str, Sequence[str]]]:
        """Find names of enzymes, the longest first, and give their EC numbers."""
        for words in _runs(text):
            ends = [n for n, word in enumerate(words, start=1) if _ENZYME.search(word)]
            for end in ends:
                for start in range(max(0, end - _LONGEST_ENZYME), end):
                    name = " ".join(words[start:end])
                    if numbers := self._ecs_of_name(name):
                        yield name, numbers
                        break

    def _ecs_of_name(self, name: str) -> list[str]:
        wanted = " ".join(plain_words(name))
        found: Counter[str] = Counter()
        for title, text in self._entries(f'title : ^"{wanted}"'):
            if " ".join(plain_words(split_name(title)[0])) == wanted:
                found.update(_ecs_of(f"{title}. {text}"))
        by_count = sorted(found.items(), key=lambda it: (-it[1], it[0]))
        numbers = [number for number, _ in by_count][:_MOST_NAMES]
        key = dictionary().get(wanted, "")
        if not numbers and key.startswith("ec:"):
            numbers = [f"EC {key.removeprefix('ec:')}"]
        return [*numbers, *(names_of(key) if key.startswith("ec:") else ())]

    def _names_of_identifier(self, identifier: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT name FROM features WHERE feature_id = ?1 AND name NOT IN ('', ?1)"
            " UNION SELECT description FROM families WHERE accession = ?1"
            " UNION SELECT description FROM family_notes WHERE accession = ?1 ORDER BY 1",
            (identifier,),
        )
        names = (split_name(row[0])[0] for row in rows)
        return [name for name in names if name and not is_uncharacterized(name)][:_MOST_NAMES]


def _taxa(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Find renamed taxa, the longest name first; a part of a found name is not looked up again."""
    for words in _runs(text):
        start = 0
        while start < len(words):
            sizes = range(min(_LONGEST_TAXON, len(words) - start), 0, -1)
            named = (" ".join(words[start : start + size]) for size in sizes)
            name = next((it for it in named if other_names(it)), "")
            if name:
                yield name, other_names(name)
            start += max(1, len(name.split()))


def _named(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Find drugs that have other names, and enzymes that are not called by an -ase."""
    for entity in named_in(text):
        if entity.kind == "ec" and _ENZYME.search(entity.name):
            continue
        names = [it for it in names_of(entity.key) if spelled(it) != spelled(entity.name)]
        number = entity.key.removeprefix("ec:")
        yield entity.name, [f"EC {number}", *names] if entity.kind == "ec" else names


def _runs(text: str) -> list[list[str]]:
    """Cut a question into runs of words with nothing but spaces between them."""
    parts = re.split(r"[,;:|?!()\[\]{}/\"]+", text)
    return [[_unpointed(word) for word in _WORD.findall(part)] for part in parts]


def _unpointed(word: str) -> str:
    """Cut the full stop of a sentence, but not that of an abbreviated genus."""
    return word if re.fullmatch(r"[A-Za-z]\.", word) else word.rstrip(".")


def _phrases(text: str) -> Iterator[str]:
    words = plain_words(text)
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 6) + 1):
            yield " ".join(words[start:end])


def _ecs_of(entry: str) -> list[str]:
    """List the EC numbers of an entry as ``EC 3.2.1.23``."""
    return [
        f"EC {number}" for listed in _EC_IN_ENTRY.findall(entry) for number in _EC.findall(listed)
    ]


def _genes_of(entry: str) -> list[str]:
    return re.findall(r"\bgene \w+", entry)
