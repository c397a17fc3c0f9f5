"""What a question names: entities by their form, by the dictionaries, by the base's own records.

A question that is nothing but names ("3.5.1.24", "lacZ", "Clostridium difficile and metformin")
is answered by tags, too, and so are numbers in a sentence: see ``retrieval.entity_search``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.entities import entities_by_form, spelled
from ingest.store_entities import genera_among, keys_named
from ingest.words import plain_words
from retrieval.cited_papers import proteins_called
from retrieval.entity_names import (
    LONGEST_NAME,
    dictionary,
    first_words,
    genera,
    singular,
    taxon_key,
)
from retrieval.lexical_index import STOP_WORDS
from retrieval.renamed_taxa import renamed_taxa
from retrieval.taxa_in_text import taxa_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

_QUOTED: Final = re.compile(r'"[^"]*"')
#: taxon:Blautia and gene:lacZ are questions for Blautia and lacZ.
_PREFIX: Final = re.compile(
    r"\b(?:taxon|species|organism|gene|protein|drug|chemical|enzyme|locus|locus_tag|pfam|uniprot"
    r"|unii|cas|kegg|interpro)\s*:\s*",
    re.IGNORECASE,
)
_REGISTRY: Final = re.compile(
    r"(?<![\w-])(\d{2,7}-\d{2}-\d|(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{10})(?![\w-])"
)
_RUNS: Final = re.compile(r"[,;|?!()\[\]{}\"]+|\.\s*$")
_WORD: Final = re.compile(r"[^\W_][\w.:'/+()-]*")
#: Words beside names that do not make a question more than its names.
_AROUND: Final = """
    ec ko go cas unii kegg pfam number no locus tag gene genes protein proteins enzyme enzymes drug
    drugs species taxon paper papers literature study studies publication publications abstract
    abstracts article articles about find all
"""
_FILLERS: Final = STOP_WORDS | frozenset(_AROUND.split())
#: Longer questions are sentences: the base is not asked for each of their word runs.
_MOST_WORDS: Final = 6
_NUMBERS: Final = frozenset({"ec", "ko", "go", "family", "locus", "protein"})
#: Bare symbols of fewer letters name too many things.
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """An entity of a question: as written, its keys, and whether it is a number or symbol."""

    found: str
    keys: tuple[str, ...]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The entities of a question; ``is_pure`` where it is nothing but them."""

    asked: tuple[Asked, ...] = ()
    is_pure: bool = False

    @property
    def is_ranked_by_tags(self) -> bool:
        """Whether tags count in the ranking: for bare names, and for numbers in a sentence."""
        return self.is_pure or any(_is_number(it) for it in self.asked)

    @property
    def counted(self) -> tuple[Asked, ...]:
        """The entities whose tags count in the ranking."""
        return self.asked if self.is_pure else tuple(filter(_is_number, self.asked))

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all entities."""
        return frozenset(key for it in self.asked for key in it.keys)


def _is_number(asked: Asked) -> bool:
    """Tell numbers from symbols, which other words may look like."""
    return asked.is_number and any(key.split(":")[0] in _NUMBERS for key in asked.keys)


def entities_asked(query: str, connection: sqlite3.Connection) -> Question:
    """Find the entities of a question; what stands in double quotes is meant as it is written."""
    text = _PREFIX.sub(" ", _QUOTED.sub(" | ", query))
    found, rest = _by_form(text)
    names, left = _by_name(rest, connection)
    asked = (*found, *names)
    is_pure = bool(asked) and not left and '"' not in query
    return Question(asked, is_pure)


def _by_form(text: str) -> tuple[list[Asked], str]:
    """Find numbers and symbols; return them and what is left of the text."""
    found = []
    text = re.sub(r"\bGO_(?=\d{7})", "GO:", text, flags=re.IGNORECASE)
    rest = text
    for entity in entities_by_form(text, is_question=True):
        found.append(Asked(entity.name, (entity.key,), is_number=True))
        rest = re.sub(re.escape(entity.name), " ", rest, flags=re.IGNORECASE)
    numbers = _REGISTRY.findall(rest)
    found += [Asked(it, (f"chemical:{it.lower()}",), is_number=True) for it in numbers]
    return found, _REGISTRY.sub(" ", rest)


def _by_name(text: str, connection: sqlite3.Connection) -> tuple[list[Asked], list[str]]:
    """Find names, the longest at each place; return them and the words that are none."""
    found: list[Asked] = []
    left: list[str] = []
    runs = [_WORD.findall(run) for run in _RUNS.split(text)]
    known = genera_among(connection, (word for words in runs for word in words))
    is_short = sum(map(len, runs)) <= _MOST_WORDS
    base = connection if is_short else None
    for words in runs:
        start = 0
        while start < len(words):
            asked = _at(words[start : start + LONGEST_NAME], base, known)
            if asked is None:
                left += [word for word in plain_words(words[start]) if word not in _FILLERS]
            else:
                found.append(asked)
            start += len(asked.found.split(" ")) if asked else 1
    return found, left


def _at(
    words: list[str], connection: sqlite3.Connection | None, known: Collection[str]
) -> Asked | None:
    """Find the longest name that begins with the first word."""
    if connection is None and not _may_begin(words[0], known):
        return None
    for size in range(len(words), 0, -1):
        phrase = " ".join(words[:size])
        if size == 1 and phrase.lower() in _FILLERS:
            return None
        keys = dict.fromkeys(_keys_of(phrase, known))
        if connection is not None and len(phrase) >= _SHORTEST:
            keys |= dict.fromkeys(keys_named(connection, phrase))
            if proteins_called(connection, phrase):
                is_symbol = size == 1 and any(letter.isdigit() for letter in phrase)
                return Asked(phrase, tuple(keys), is_number=is_symbol)
        if keys:
            return Asked(phrase, tuple(keys))
    return None


def _may_begin(word: str, known: Collection[str]) -> bool:
    """Tell words that no name of the dictionaries begins with, cheaply."""
    opener = next(iter(plain_words(word)), "")
    if opener in first_words() or word.title() in genera() or word.title() in known:
        return True
    return word.lower() in renamed_taxa() or "." in word


def _keys_of(phrase: str, known: Collection[str]) -> Iterator[str]:
    """Yield what the dictionaries say of a whole phrase."""
    plain = " ".join(phrase.lower().split())
    if plain in renamed_taxa():
        yield taxon_key(plain)
    else:
        written = phrase[:1].upper() + phrase[1:].lower()
        for taxon in taxa_in(written, known):
            if taxon.name.lower() == plain or re.fullmatch(r"[a-z]\. ?[a-z-]+", plain):
                yield taxon.key
    name = spelled(phrase)
    if key := dictionary().get(name) or dictionary().get(singular(name)):
        yield key
