"""Names that are known beforehand: enzymes by EC number, drugs, genera. Tables that ship."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from ingest.entities import ec_key, spelled
from retrieval.drugs import transformations
from retrieval.renamed_taxa import renamed_taxa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENZYMES: Final = "enzyme_names.tsv"
_DRUGS: Final = "drug_names.tsv"
_GENERA: Final = "genera.txt"
_NO_EPITHETS: Final = "no_epithets.txt"
#: Words of the longest name that is looked for in a text.
LONGEST_NAME: Final = 6


@cache
def genera() -> frozenset[str]:
    """Return the genera that ship, those of renamed species among them."""
    renamed = {name.split()[0].title() for name in renamed_taxa() if " " in name}
    return frozenset(_lines(_GENERA)) | {name for name in renamed if "." not in name}


@cache
def no_epithets() -> frozenset[str]:
    """Return the words that end like the second word of a species' name and are none."""
    return frozenset(_lines(_NO_EPITHETS))


@cache
def enzyme_names() -> Mapping[str, tuple[str, ...]]:
    """Return the names of enzymes by EC key, the accepted one first."""
    return {ec_key(number): tuple(names) for number, *names in _rows(_ENZYMES)}


@cache
def drug_groups() -> Mapping[str, tuple[str, ...]]:
    """Return all names of a drug by the spelling of each."""
    return {spelled(name): tuple(names) for names in _rows(_DRUGS) for name in names}


@cache
def dictionary() -> Mapping[str, str]:
    """Return the key of each name of an enzyme or a drug, by the name's spelling.

    A name of several enzymes tells none of them.
    """
    found: dict[str, set[str]] = {}
    for key, names in enzyme_names().items():
        for name in names:
            found.setdefault(spelled(name), set()).add(key)
    known = {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}
    known = {name: key for name, key in known.items() if len(name.split()) <= LONGEST_NAME}
    return known | {spelled(name): drug_key(name) for name in _drug_names()}


@cache
def first_words() -> frozenset[str]:
    """Return the words that names of the dictionary begin with, also those of a plural."""
    openers = {name.split()[0] for name in dictionary()}
    return frozenset(openers | {f"{word}s" for word in openers})


def drug_key(name: str) -> str:
    """Make the key of a drug: all its names have one."""
    names = drug_groups().get(spelled(name)) or (singular(name),)
    return f"drug:{spelled(names[0])}"


def singular(name: str) -> str:
    """Cut the s of a plural.

    >>> singular("penicillins"), singular("abscess")
    ('penicillin', 'abscess')
    """
    return name.removesuffix("s") if name.endswith("s") and not name.endswith("ss") else name


def taxon_key(name: str) -> str:
    """Make the key of a taxon: all its names have one.

    >>> taxon_key("Clostridium difficile") == taxon_key("Clostridioides difficile")
    True
    """
    plain = " ".join(name.lower().split())
    group = renamed_taxa().get(plain)
    return f"taxon:{(group[1] if group else plain).lower()}"


def names_of(key: str) -> tuple[str, ...]:
    """List the names that a key has in the tables; none for a key that they do not hold."""
    kind, _, identifier = key.partition(":")
    if kind == "ec":
        return enzyme_names().get(key, ())
    if kind == "drug":
        return drug_groups().get(identifier, ())
    return renamed_taxa().get(identifier, ()) if kind == "taxon" else ()


def _drug_names() -> Iterator[str]:
    for names in _rows(_DRUGS):
        yield from names
    for one in transformations():
        yield from (name for name in (one.drug, *one.also) if len(name) > _SHORTEST)


#: Bare abbreviations of three letters name too many things.
_SHORTEST: Final = 3


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(name)]


def _lines(name: str) -> list[str]:
    text = files("retrieval").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
