"""How functions and probabilities are written in hypotheses and experiments. No decisions here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.nomenclature import DEFAULT_NAME
from ingest.vocab import ec_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import CandidateFunction, Tier

TIER_WORDS: Final[Mapping[Tier, str]] = {
    "high": "high confidence",
    "medium": "medium confidence",
    "low": "low confidence",
    "abstain": "too little to propose it",
}
_FAMILY: Final = re.compile(r"(?:-like)? (?:family|domain-containing) protein$|-like protein$")
#: Letters that English words begin with as vowels; "u" and "e" before these sound otherwise.
_CONSONANT_STARTS: Final = (
    "uni",
    "ure",
    "ura",
    "ubi",
    "uri",
    "eu",
    "one",
    "use",
    "UDP",
    "UTP",
    "UMP",
)
_SPELLED_VOWELS: Final = "AEFHILMNORSX"


def with_article(noun: str) -> str:
    """Put "a" or "an" before a noun by its sound.

    >>> with_article("oxidoreductase"), with_article("urease"), with_article("NADH oxidase")
    ('an oxidoreductase', 'a urease', 'an NADH oxidase')
    """
    first = noun.split("-", maxsplit=1)[0].split(maxsplit=1)[0] if noun.strip() else ""
    if noun.startswith(_CONSONANT_STARTS):
        vowel = False
    elif first.isalpha() and first.isupper():
        vowel = first[0] in _SPELLED_VOWELS
    else:
        vowel = noun[:1].lower() in "aeiou8"
    return f"{'an' if vowel else 'a'} {noun}"


def candidate_name(candidate: CandidateFunction) -> str:
    """Name a candidate without the "putative" that "may be" says already."""
    return candidate.product.removeprefix("putative ")


def shown_name(candidate: CandidateFunction) -> str:
    """Name a candidate for a reader; one whose EC class is already unlikely by what it is near.

    Its product is then "hypothetical protein", which is no function to weigh against another.
    """
    is_unnamed = candidate.product == DEFAULT_NAME and not candidate.ec_number
    if is_unnamed and candidate.ec_levels:
        return f"near EC {candidate.ec_levels[-1].ec_number}, but not even that class is likely"
    return candidate.product


def function_label(candidate: CandidateFunction) -> str:
    """Name a candidate with its EC number: ``beta-galactosidase (EC 3.2.1.23)``."""
    name = candidate_name(candidate)
    return f"{name} (EC {candidate.ec_number})" if candidate.ec_number else name


def activity_label(candidate: CandidateFunction) -> str:
    """Name the activity to test, most specific: ``xylulose kinase (EC 2.7.1.17)``.

    A family or a domain is tested for what its relatives do; of a class of reactions nothing
    more specific is known.
    """
    name = _FAMILY.sub("", candidate_name(candidate))
    if ec_level(candidate.ec_number) >= 3:
        return f"{name} ({specific_ec(candidate)})"
    return f"{name} (EC {candidate.ec_number})" if candidate.ec_number else name


def specific_ec(candidate: CandidateFunction) -> str:
    """Write the most specific EC number that was considered, empty for a name alone."""
    return f"EC {candidate.ec_levels[-1].ec_number}" if candidate.ec_levels else ""


def probability_text(value: float) -> str:
    """Write a probability with two decimals, never as 0 or 1.

    >>> probability_text(0.876), probability_text(0.999)
    ('0.88', 'above 0.99')
    """
    if value > 0.99:
        return "above 0.99"
    return "below 0.01" if value < 0.01 else f"{value:.2f}"


def level_words(ec_number: str) -> str:
    """Say how specific an EC number is, in words."""
    return {
        1: "the class of the reaction",
        2: "the class and subclass of the reaction",
        3: "the kind of reaction, not the substrate",
        4: "the reaction with its substrate",
    }.get(ec_level(ec_number), "no reaction")
