"""Known microbial transformations of drugs: a curated table, and what in it fits a text or a gene.

    drug<TAB>also<TAB>enzyme<TAB>genes<TAB>ec<TAB>organisms<TAB>change<TAB>effect<TAB>shown_in...
    levodopa<TAB>L-dopa<TAB>tyrosine decarboxylase<TAB>tyrDC<TAB>4.1.1.25<TAB>Enterococcus...

The table is ``retrieval/data/drug_transformations.tsv``; lists are parted by ``;``. It says what
was seen of an enzyme, a strain or a community, never what a gene of the user does.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from ingest.records import Provenance
from ingest.vocab import ec_level
from retrieval.evidence.subjects import name_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.evidence.base import Terms

TABLE: Final = "drug_transformations.tsv"

Effect: TypeAlias = Literal["inactivates", "activates", "reactivates", "makes toxic", "changes"]
#: What the observation was made with: the enzyme or its gene, a pure strain, a community.
ShownIn: TypeAlias = Literal["enzyme", "strain", "community"]

#: An EC number this deep names one reaction.
_WHOLE: Final = 4
_SHOWN: Final[Mapping[ShownIn, str]] = {
    "enzyme": "shown with the enzyme",
    "strain": "shown with a strain",
    "community": "shown with a community",
}


@dataclass(frozen=True, slots=True)
class Transformation:
    """One published transformation of a drug by microbes.

    ``enzyme``, ``genes`` and ``ec_numbers`` are empty where the publication names none;
    ``effect`` is on the drug's action; ``limits`` says what the match of an enzyme leaves open.
    """

    drug: str
    also: tuple[str, ...]
    enzyme: str
    genes: tuple[str, ...]
    ec_numbers: tuple[str, ...]
    organisms: tuple[str, ...]
    change: str
    effect: Effect
    shown_in: ShownIn
    limits: str
    citation: str
    doi: str

    @property
    def reference(self) -> str:
        """The public identifier of the publication, or the drug's name in the table."""
        return f"DOI:{self.doi}" if self.doi else f"Drug:{self.drug.replace(' ', '_')}"

    @property
    def told(self) -> str:
        """Say what was seen, with where it was shown and the citation."""
        shown = f"{_SHOWN[self.shown_in]} of {' and '.join(self.organisms)}"
        return f"{self.change} ({self.effect}; {shown}; {self.citation})"

    @property
    def statement(self) -> str:
        """Say what was seen in one sentence."""
        by = f" by {self.enzyme}" if self.enzyme else ""
        limits = f". Note: {self.limits}" if self.limits else ""
        return f"{self.drug[:1].upper()}{self.drug[1:]}{by}: {self.told}{limits}."

    def fits(self, terms: Terms) -> bool:
        """Tell whether a function is that of the enzyme: by whole EC number, name, or symbol.

        A gene symbol counts only where the names share a word: symbols are used twice.
        """
        whole = {ec for ec in self.ec_numbers if ec_level(ec) == _WHOLE}
        if whole & set(terms.ec_numbers):
            return True
        ours, theirs = _words(self.enzyme), _words(terms.product)
        if ours and ours <= theirs:
            return not terms.ec_numbers or not whole
        symbols = {gene.casefold() for gene in self.genes}
        return terms.gene.casefold() in symbols and bool(ours & theirs)


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(name_key(name).split()) - {"protein", "family", "of", "the"}


@lru_cache(maxsize=1)
def table_provenance() -> Provenance:
    """Say which file the transformations come from."""
    content = resources.files("retrieval").joinpath("data", TABLE).read_bytes()
    return Provenance(TABLE, hashlib.sha256(content).hexdigest(), "shipped table")


@lru_cache(maxsize=1)
def transformations() -> tuple[Transformation, ...]:
    """Read the table that ships, in its order."""
    text = resources.files("retrieval").joinpath("data", TABLE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(_transformation(row) for row in rows)


def _transformation(row: Mapping[str, str]) -> Transformation:
    return Transformation(
        drug=row["drug"],
        also=_list(row["also"]),
        enzyme=row["enzyme"],
        genes=_list(row["genes"]),
        ec_numbers=_list(row["ec"]),
        organisms=_list(row["organisms"]),
        change=row["change"],
        effect=cast("Effect", row["effect"]),
        shown_in=cast("ShownIn", row["shown_in"]),
        limits=row["limits"],
        citation=row["citation"],
        doi=row["doi"],
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def fitting(terms: Terms) -> tuple[Transformation, ...]:
    """List the transformations by the enzyme that ``terms`` name, in the order of the table."""
    return tuple(one for one in transformations() if one.fits(terms))


def drugs_named(text: str) -> tuple[Transformation, ...]:
    """List the transformations of the drugs that a text names, in the order of the table.

    >>> sorted({one.drug for one in drugs_named("Which genes may inactivate Digoxin?")})
    ['digoxin']
    """
    return tuple(one for one in transformations() if _is_named(one, text))


def _is_named(one: Transformation, text: str) -> bool:
    return any(_pattern(name).search(text) for name in (one.drug, *one.also))


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str]:
    # A plural of the question ("penicillins") and the singular of the table are one name.
    return re.compile(rf"(?<![\w-]){re.escape(name.rstrip('s'))}s?(?![\w-])", re.IGNORECASE)


def by_enzyme(found: Sequence[Transformation]) -> dict[str, list[Transformation]]:
    """Group transformations by enzyme, those shown with the enzyme itself first."""
    order: tuple[ShownIn, ...] = ("enzyme", "strain", "community")
    groups: dict[str, list[Transformation]] = {}
    for one in sorted(found, key=lambda one: order.index(one.shown_in)):
        groups.setdefault(one.enzyme, []).append(one)
    return groups
