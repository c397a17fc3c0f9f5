"""Kinds of function, as far as the choice of an experiment depends on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from assistant.claims import CandidateFunction

FunctionClass: TypeAlias = Literal["enzyme", "transporter", "regulator", "binding", "other"]

#: Looked for in this order; the first that matches decides. Transport comes before the EC
#: number, since class 7 and many ATPases carry one.
_WORDS: Final[tuple[tuple[FunctionClass, re.Pattern[str]], ...]] = (
    (
        "transporter",
        re.compile(
            r"\b(?:transport(?:er)?|permease|symport(?:er)?|antiport(?:er)?|uniport(?:er)?|porin"
            r"|efflux|exporter|importer|channel|exchanger|flippase|translocase|uptake"
            r"|TonB-dependent receptor|SusC|SusD)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "regulator",
        re.compile(
            r"\b(?:\w*regulat(?:or|ory)|repressor|activator|sigma(?:-\d+)? factor"
            r"|response regulator|sensor (?:histidine )?kinase|histidine kinase"
            r"|transcription\w* factor|DNA-binding|riboswitch)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "binding",
        re.compile(
            r"\b(?:ribosomal|chaperon\w*|\w*binding|flagell\w+|pilin|fimbri\w+|pilus|capsid"
            r"|S-layer|adhesin|structural|scaffold\w*|cohesin|dockerin|ferritin|lipoprotein)\b",
            re.IGNORECASE,
        ),
    ),
)
_ENZYME: Final = re.compile(r"\w+ase\b", re.IGNORECASE)


def class_of(candidate: CandidateFunction) -> FunctionClass:
    """Choose the kind of function by EC number and name."""
    if candidate.ec_number and not candidate.ec_number.startswith("7"):
        return "enzyme"
    if candidate.ec_number:
        return "transporter"
    for kind, pattern in _WORDS:
        if pattern.search(candidate.product):
            return kind
    return "enzyme" if _ENZYME.search(candidate.product) else "other"
