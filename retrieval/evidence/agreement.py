"""Whether two annotations say the same: by EC level, KO, GO, and the words of the name.

Pure comparison of terms, both ways alike but for the wording. What cannot be compared is not
called a contradiction: a name against an EC number, two GO terms without the ontology, or two
names without a shared word, which may be synonyms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, TypeAlias

from ingest.vocab import normalise_ec
from retrieval.evidence.subjects import name_key
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.evidence.base import Terms

Stance: TypeAlias = Literal["agrees", "compatible", "unclear", "contradicts"]
#: Best first: of several things that a tool says, the one that agrees most is its stance.
STANCES: tuple[Stance, ...] = ("agrees", "compatible", "unclear", "contradicts")

MOST_CODES = 4  # identifiers written out
#: The roots of GO: every annotated protein has them.
GO_ROOTS = frozenset({"GO:0003674", "GO:0005575", "GO:0008150"})
#: Words of names that say nothing of a function; "putative" and its kin are gone before.
_EMPTY_WORDS = frozenset(
    {
        *("protein", "family", "superfamily", "domain", "containing", "subunit", "chain", "type"),
        *("like", "related", "homolog", "enzyme", "class", "of", "the", "and", "conserved"),
    }
)
#: Two names of which this share of all informative words is shared are called similar.
SIMILAR = 0.5


@dataclass(frozen=True, slots=True)
class Relation:
    """How another annotation stands to one: ``verb`` and what follows it.

    ``one`` and ``several`` are the verb for one tool and for several.
    """

    stance: Stance
    one: str
    several: str
    rest: str

    def told(self, tools: Sequence[str]) -> str:
        """Say it of these tools."""
        verb = self.one if len(tools) == 1 else self.several
        return " ".join(filter(None, (listed(sorted(tools)), verb))) + self.rest


def relation(own: Terms, other: Terms) -> Relation | None:
    """Compare two annotations; None when they cannot be compared.

    EC numbers and KOs come first, and where both can be compared both are told; then GO terms;
    names only where nothing else can be compared.
    """
    codes = [found for found in (_by_ec(own, other), _by_ko(own, other)) if found]
    if codes:
        return _both(*codes) if codes[1:] else codes[0]
    named = _by_name(own.product, other.product) if own.product and other.product else None
    if named and named.stance != "unclear":
        return named
    return _by_go(own, other) or named


def closest(own: Terms, others: Iterable[Terms]) -> Relation | None:
    """Return the relation to what agrees most of all that a tool says."""
    found = [known for other in others if (known := relation(own, other))]
    return min(found, key=lambda known: STANCES.index(known.stance), default=None)


def comparisons(own: Terms, others: Mapping[str, Sequence[Terms]]) -> list[str]:
    """Say of each other tool whether it agrees; tools that say the same are said together."""
    groups: dict[Relation, list[str]] = {}
    for tool, terms in others.items():
        if known := closest(own, terms):
            groups.setdefault(known, []).append(tool)
    ordered = sorted(groups, key=lambda known: (STANCES.index(known.stance), known.rest, known.one))
    return [known.told(groups[known]) for known in ordered]


def contradict(first: Sequence[Terms], second: Sequence[Terms]) -> bool:
    """Tell whether two lists of terms cannot be of one gene: by codes, or by names if all differ.

    Stricter than ``relation``: here names without a shared word count as a contradiction.
    """
    known = [found for one in first for other in second if (found := relation(one, other))]
    return bool(known) and all(found.stance in {"contradicts", "unclear"} for found in known)


def common_ec(one: str, other: str) -> str:
    """Return what two EC numbers share: ``3.2.1.-`` for 3.2.1.23 and 3.2.1.22, "" for nothing.

    >>> common_ec("3.2.1.23", "3.2.1.22"), common_ec("3.2.1.23", "2.7.1.1")
    ('3.2.1.-', '')
    """
    pairs = zip(_digits(one), _digits(other), strict=False)
    shared = [left for left, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    return normalise_ec(".".join(shared)) if shared else ""


def _digits(ec_number: str) -> list[str]:
    return [field for field in ec_number.split(".") if field != "-"]


def _by_ec(own: Terms, other: Terms) -> Relation | None:
    if not own.ec_numbers or not other.ec_numbers:
        return None
    if shared := [ec for ec in own.ec_numbers if ec in other.ec_numbers]:
        return _agree("EC", shared)
    theirs = listed(other.ec_numbers, most=MOST_CODES)
    common = [common_ec(mine, its) for mine in own.ec_numbers for its in other.ec_numbers]
    # One number is the other said less precisely when what they share is the whole of one.
    if any(ec and (ec in own.ec_numbers or ec in other.ec_numbers) for ec in common):
        return Relation("compatible", "is", "are", f" compatible: EC {theirs}")
    deepest = max(common, key=lambda ec: (len(_digits(ec)), ec))
    both = f" (both are {deepest})" if deepest else ""
    return Relation("contradicts", "disagrees", "disagree", f": EC {theirs}{both}")


def _by_ko(own: Terms, other: Terms) -> Relation | None:
    if not own.ko or not other.ko:
        return None
    if shared := [ko for ko in own.ko if ko in other.ko]:
        return _agree("KO", shared)
    theirs = listed(other.ko, most=MOST_CODES)
    return Relation("contradicts", "disagrees", "disagree", f": KO {theirs}")


def _agree(kind: str, shared: Sequence[str]) -> Relation:
    return Relation("agrees", "agrees", "agree", f" on {kind} {listed(shared, most=MOST_CODES)}")


def _both(by_ec: Relation, by_ko: Relation) -> Relation:
    """Join what EC and KO say; "agrees" only when neither contradicts."""
    if by_ec.one == by_ko.one:
        rest = f"{by_ec.rest} and{by_ko.rest}".replace(" and on ", " and ").replace(" and:", " and")
        return Relation(by_ec.stance, by_ec.one, by_ec.several, rest)
    stances = (by_ec.stance, by_ko.stance)
    if "contradicts" not in stances:
        return Relation("agrees", by_ec.one, by_ec.several, f"{by_ec.rest} and agrees{by_ko.rest}")
    joint = " but disagrees" if by_ko.stance == "contradicts" else " but agrees"
    rest = f"{by_ec.rest}{joint}{by_ko.rest}"
    return Relation("unclear", by_ec.one, by_ec.several, rest)


def _by_go(own: Terms, other: Terms) -> Relation | None:
    mine = set(own.go_terms) - GO_ROOTS
    shared = [term for term in other.go_terms if term in mine]
    if not shared:
        return None
    return Relation("compatible", "shares", "share", f" {listed(shared, most=2)}")


def _by_name(own: str, other: str) -> Relation:
    if name_key(own) == name_key(other):
        return Relation("agrees", "gives", "give", " the same name")
    mine, theirs = _words(own), _words(other)
    if mine and len(mine & theirs) / len(mine | theirs) >= SIMILAR:
        return Relation("compatible", "gives", "give", f' a similar name, "{other}"')
    return Relation("unclear", "calls", "call", f' it "{other}"')


def _words(product: str) -> frozenset[str]:
    return frozenset(name_key(product).split()) - _EMPTY_WORDS
