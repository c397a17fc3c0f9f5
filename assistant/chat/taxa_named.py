"""Taxa in a question: renamed ones under all names, binomials, genera and great groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.question_words import FIELD, STOP
from ingest.words import plain_words
from retrieval.renamed_taxa import other_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.store_reader import StoreReader

#: Great groups that a lineage or a text names in several ways; a name here matches as a beginning.
GROUPS: Final = {
    "Archaea": ("archae", "methanogen", "methanobrevi", "methanosph", "methanomassili"),
    "Fungi": ("fungi", "fungal", "fungus", "yeast", "candida", "saccharomyc", "malassezia"),
    "Viruses": ("virus", "viral", "virome", "phage", "bacteriophage", "prophage"),
}
_GROUP_WORDS: Final = {
    "archaea": "Archaea", "archaeon": "Archaea", "archaeal": "Archaea", "archaebacteria": "Archaea",
    "methanogens": "Archaea", "fungi": "Fungi", "fungal": "Fungi", "yeasts": "Fungi",
    "viruses": "Viruses", "viral": "Viruses", "phages": "Viruses", "bacteriophages": "Viruses",
}  # fmt: skip
_RUNS: Final = re.compile(r"[,;:|?!()\[\]{}/\"“”]+")
_WORD: Final = re.compile(r"[^\W\d_][\w.'-]*")
_EPITHET: Final = re.compile(r"[a-z]{4,}(?:us|a|um|is|i|ae|ens|ans|or|ax|ix|yi|ii|ense|ale)")
_SHORT_GENUS: Final = re.compile(r"[A-Z]\.")
#: Endings of genera and higher ranks that hardly any other capitalised word has.
_ENDINGS: Final = (
    "bacter", "bacterium", "bacteria", "coccus", "bacillus", "monas", "oides", "aceae", "ales",
    "ota", "etes", "spira", "vibrio", "ella", "plasma", "myces", "clostridium", "vorans", "genes",
)  # fmt: skip
_LONGEST: Final = 4
_NO_TAXA: Final = STOP | FIELD | {"bacteria", "drug", "drugs", "bile", "microbiota"}


def taxa_named(question: str, facts: StoreReader) -> list[tuple[str, ...]]:
    """List the taxa that a question names: each with its other names behind it."""
    found: dict[str, tuple[str, ...]] = {}
    for part in _RUNS.split(question):
        words = [_unpointed(word) for word in _WORD.findall(part)]
        for name, others in _in_run(words, facts):
            found.setdefault(name.lower(), (name, *others))
    return list(found.values())


def _in_run(words: Sequence[str], facts: StoreReader) -> Iterator[tuple[str, tuple[str, ...]]]:
    start = 0
    while start < len(words):
        name, others, size = _at(words[start:], facts)
        if size:
            yield name, others
        start += max(1, size)


def _at(words: Sequence[str], facts: StoreReader) -> tuple[str, tuple[str, ...], int]:
    """Find the taxon that begins here: its name, other names, and how many words it takes."""
    for size in range(min(_LONGEST, len(words)), 0, -1):
        name = " ".join(words[:size])
        if others := other_names(name):
            return name, others, size
    group = _GROUP_WORDS.get(words[0].lower())
    if group:
        return group, (), 1
    if _is_binomial(words):
        return " ".join(words[:2]), (), 2
    if _is_genus(words[0], facts):
        return words[0], (), 1
    return "", (), 0


def _is_binomial(words: Sequence[str]) -> bool:
    if len(words) < 2 or not _EPITHET.fullmatch(words[1]) or words[1] in _NO_TAXA:
        return False
    first = words[0]
    is_name = first.istitle() and first.isalpha() and first.lower() not in _NO_TAXA
    return bool(_SHORT_GENUS.fullmatch(first)) or (is_name and len(first) > 3)


def _is_genus(word: str, facts: StoreReader) -> bool:
    """Tell a capitalised word that is a taxon by its ending, or by what the base holds."""
    if not (word.istitle() and word.isalpha()) or word.lower() in _NO_TAXA or len(word) < 4:
        return False
    if word.lower().endswith(_ENDINGS):
        return True
    wanted = word.lower()
    titles = (plain_words(title) for _, title in facts.lookup.features_called(word))
    return any(title[:2] == ["taxon", wanted] for title in titles) or bool(
        facts.lookup.proteins_of(word, 1).count
    )


def is_named_in(names: Sequence[str], text: str) -> bool:
    """Tell whether a text names a taxon, whole or with its genus cut to the letter.

    >>> is_named_in(("Clostridium difficile", "Clostridioides difficile"), "C. difficile toxins")
    True
    >>> is_named_in(("Archaea",), "The methanogenic archaeon grows."), is_named_in(
    ...     ("Archaea",), "Bacteria grow."
    ... )
    (True, False)
    """
    words = plain_words(text)
    if beginnings := next((GROUPS[name] for name in names if name in GROUPS), ()):
        return any(word.startswith(beginnings) for word in words)
    joined = f" {' '.join(words)} "
    return any(f" {form} " in joined for name in names for form in _forms(name))


def _forms(name: str) -> Iterator[str]:
    words = plain_words(name)
    yield " ".join(words)
    if len(words) == 2:
        yield f"{words[0][:1]} {words[1]}"


def _unpointed(word: str) -> str:
    return word if _SHORT_GENUS.fullmatch(word) else word.rstrip(".")
