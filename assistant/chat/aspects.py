"""What is asked of a subject: its neighbours, its tests, its abundance ... by words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.evidence.base import EvidenceKind

Aspect: TypeAlias = Literal[
    "neighbours", "tests", "unknowns", "abundance", "papers", "relatives", "alternatives", ""
]

_WORDS: Final[tuple[tuple[Aspect, str], ...]] = (
    ("neighbours", r"neighbou?r|operon|gene cluster|genomic context|next to|beside|flank"
                   r"|around (?:it|this)|upstream|downstream"),
    ("tests", r"test\b|tested|experiment|assay|(?:dis)?prove|refut|proof|validate|falsif"
              r"|at the bench"),
    ("unknowns", r"unknown|not known|open question|uncertain|unsure|missing"),
    ("alternatives", r"alternative|instead|other function|what else|could it be"),
    ("abundance", r"abundan|cohort|prevalen|sample|differential|how (?:much|common)|patients"),
    ("papers", r"paper|literature|publication|published|stud(?:y|ies)\b|cite|reference"),
    ("relatives", r"relative|homolog|ortholog|similar (?:protein|sequence|gene)|hits?\b|align"),
)  # fmt: skip
_PATTERNS: Final = tuple(
    (aspect, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for aspect, words in _WORDS
)

#: Kinds of evidence that an aspect is about.
EVIDENCE: Final[Mapping[Aspect, frozenset[EvidenceKind]]] = {
    "neighbours": frozenset({"genomic_context"}),
    "abundance": frozenset({"abundance"}),
    "papers": frozenset({"literature"}),
    "relatives": frozenset({"similarity", "embedding_neighbours", "families"}),
}

#: Aspects of a gene that its draft and its place answer, or nothing does.
OF_THE_DRAFT: Final[frozenset[Aspect]] = frozenset(
    {"neighbours", "tests", "unknowns", "alternatives"}
)


def aspect_of(question: str) -> Aspect:
    """Say what a question asks of its subject; "" for everything.

    >>> aspect_of("What about its neighbours?"), aspect_of("What does it do?")
    ('neighbours', '')
    """
    return next((aspect for aspect, pattern in _PATTERNS if pattern.search(question)), "")
