"""Microbes that were renamed: a paper uses the name of its year, a question any of them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = "data/renamed_taxa.tsv"


@cache
def renamed_taxa() -> Mapping[str, tuple[str, ...]]:
    """Return all names of a taxon by each of them, in lower case: an older one, then the present.

    Species are also listed with their genus cut to its letter ("c. difficile") where no other
    renamed species is called so.
    """
    groups = [tuple(line.split("\t")) for line in _lines() if not line.startswith("#")]
    by_name = {name.lower(): group for group in groups for name in group}
    by_short: dict[str, set[tuple[str, ...]]] = {}
    for name, group in by_name.items():
        if len(words := name.split()) == 2:
            by_short.setdefault(f"{words[0][0]}. {words[1]}", set()).add(group)
    short = {name: min(them) for name, them in by_short.items() if len(them) == 1}
    return short | by_name


def other_names(taxon: str) -> tuple[str, ...]:
    """List the other names of a taxon; none for one that was never renamed, as far as we know.

    >>> other_names("Clostridium difficile")
    ('Clostridioides difficile', 'Peptoclostridium difficile')
    """
    wanted = " ".join(taxon.lower().split())
    return tuple(name for name in renamed_taxa().get(wanted, ()) if name.lower() != wanted)


def _lines() -> list[str]:
    return files("retrieval").joinpath(_FILE).read_text(encoding="utf-8").splitlines()
