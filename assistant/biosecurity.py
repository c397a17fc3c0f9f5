"""Biosecurity: names that ask for a person's look before anything is done at the bench.

The rules are a small sourced list in ``assistant/data/biosecurity_rules.json``. They read
names and GO terms only; they find neither disguised nor unknown toxins.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.claims import CandidateFunction
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

#: A toxin of a control list is named: regulated in many countries.
REVIEW_FLAG: Final = "biosecurity_review"
#: Some toxin is named.
TOXIN_FLAG: Final = "toxin"
SAFETY_FLAGS: Final = frozenset({REVIEW_FLAG, TOXIN_FLAG})

#: Kinds of evidence that say what the protein itself may be.
_OWN_KINDS: Final = frozenset(
    {"similarity", "embedding_neighbours", "families", "prior_annotation"}
)


@dataclass(frozen=True, slots=True)
class _Rules:
    listed: tuple[tuple[re.Pattern[str], str], ...]
    toxins: tuple[tuple[re.Pattern[str], str], ...]
    go_terms: frozenset[str]
    exceptions: re.Pattern[str]


def screen(
    gene: Gene, evidence: Sequence[Evidence], candidates: Sequence[CandidateFunction] = ()
) -> tuple[str, ...]:
    """Return ``toxin``, and ``biosecurity_review`` where a control list names the toxin.

    The gene's own name, its candidates and the names of its relatives and families are read.
    """
    names = set(_names(gene, evidence, candidates))
    flags = {flag for name in names for flag in _flags_of(name)}
    own = [item for item in evidence if item.kind in _OWN_KINDS]
    go_terms = {term for item in own for term in item.terms.go_terms}
    if go_terms & _rules().go_terms:
        flags.add(TOXIN_FLAG)
    return tuple(sorted(flags))


def matched_rules(name: str) -> tuple[str, ...]:
    """Name the sources of the rules that a product name meets, for the reader.

    >>> matched_rules("type II toxin-antitoxin system RelE family toxin")
    ()
    """
    rules = _rules()
    if rules.exceptions.search(name):
        return ()
    found = [source for pattern, source in (*rules.listed, *rules.toxins) if pattern.search(name)]
    return tuple(dict.fromkeys(found))


def _names(
    gene: Gene, evidence: Sequence[Evidence], candidates: Sequence[CandidateFunction]
) -> Iterable[str]:
    yield gene.product
    yield from (candidate.product for candidate in candidates)
    yield from (item.terms.product for item in evidence if item.kind in _OWN_KINDS)
    # A domain has a name and no product; a toxin's domain is reason enough to look.
    yield from (item.title for item in evidence if item.kind == "families")


def _flags_of(name: str) -> tuple[str, ...]:
    rules = _rules()
    if not name or rules.exceptions.search(name):
        return ()
    if any(pattern.search(name) for pattern, _ in rules.listed):
        return (REVIEW_FLAG, TOXIN_FLAG)
    return (TOXIN_FLAG,) if any(pattern.search(name) for pattern, _ in rules.toxins) else ()


@cache
def _rules() -> _Rules:
    source = resources.files("assistant").joinpath("data", "biosecurity_rules.json")
    content = json.loads(source.read_text(encoding="utf-8"))
    named = content["sources"]
    exceptions = "|".join(rule["pattern"] for rule in content["not_toxins"])

    def compiled(group: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        rules = [rule for rule in content[group] if "pattern" in rule]
        return tuple((re.compile(r["pattern"], re.IGNORECASE), named[r["source"]]) for r in rules)

    return _Rules(
        listed=compiled("listed"),
        toxins=compiled("toxins"),
        go_terms=frozenset(rule["go"] for rule in content["toxins"] if "go" in rule),
        exceptions=re.compile(exceptions, re.IGNORECASE),
    )
