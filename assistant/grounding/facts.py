"""Identifiers, numbers and names: each one of a claim must stand in the cited evidence."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from assistant.grounding.alignment import is_broader_ec
from assistant.grounding.concepts import abbreviated, american, concepts
from assistant.grounding.names import is_epithet, is_name
from assistant.grounding.numbers import is_said_loosely, measures_of
from assistant.grounding.words import Token, fold, tokens_of
from ingest.vocab import IDENTIFIER_PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.grounding.cited import Cited

_PATTERNS: Final = {
    name: pattern for name, pattern in IDENTIFIER_PATTERNS.items() if name not in {"pmid", "ec"}
}
_EC: Final = IDENTIFIER_PATTERNS["ec"]
#: EC numbers given without all four fields, with the label: "EC 3.2".
_SHORT_EC: Final = re.compile(r"\bEC[\s:]*([1-7](?:\.\d{1,3}){0,2})(?![\d.]*\d|\.-)", re.IGNORECASE)
#: Accessions and locus tags: letters, then at least two digits, perhaps with _ or a version.
_ACCESSION: Final = re.compile(r"\b[A-Za-z]{1,10}_?\d{2,}(?:[._]?[A-Za-z\d]+)*\b|\b\w+_\w*\d\w*\b")
#: Residues: Glu537, His-12, E537, C145A.
_RESIDUE: Final = re.compile(
    r"\b(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val)"
    r"-?\d{1,4}\b|\b[ACDEFGHIKLMNPQRSTVWY]\d{2,4}[ACDEFGHIKLMNPQRSTVWY]?\b"
)
#: Gene symbols: lacZ, susD, SusD, tetX2.
_SYMBOL: Final = re.compile(r"\b[A-Za-z][a-z]{2}[A-Z]{1,2}\d{0,2}\b")
# No model is asked for sequences; one that it writes is invented or was smuggled in.
_PROTEIN_RUN: Final = re.compile(r"\b[ACDEFGHIKLMNPQRSTVWY]{11,}\b")
_PROTEIN_GROUPS: Final = re.compile(r"(?:\b[ACDEFGHIKLMNPQRSTVWY]{3,}\b[\s-]*){4,}")
_SPACED: Final = re.compile(r"(?:\b[ACDEFGHIKLMNPQRSTVWY]\b[\s,-]+){9,}[A-Z]\b")
_THREE_LETTERS: Final = re.compile(
    r"(?:\b(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val)"
    r"\b[\s,-]*){6,}",
    re.IGNORECASE,
)
_NUCLEOTIDES: Final = re.compile(
    r"(?<![A-Za-z])(?:(?:[ACGTUN][\s-]?){16,}|(?:[acgtun][\s-]?){16,})(?![A-Za-z])"
)
_LEAST_GROUPED: Final = 16


def sequences_in(text: str) -> tuple[str, ...]:
    """Find runs of more than 10 residues or 15 nucleotides, however they are spaced."""
    folded = fold(text)
    found = [
        match.group().strip()
        for pattern in (_PROTEIN_RUN, _NUCLEOTIDES, _SPACED, _THREE_LETTERS)
        for match in pattern.finditer(folded)
    ]
    grouped = (match.group() for match in _PROTEIN_GROUPS.finditer(folded))
    found += [one for one in grouped if sum(map(str.isalpha, one)) >= _LEAST_GROUPED]
    return tuple(found)


def invented_identifiers(text: str, cited: Cited) -> tuple[str, ...]:
    """List identifiers, residues and gene symbols that the cited evidence does not have."""
    folded, said = fold(text), cited.text
    found = [one for one in sequences_in(folded) if one not in said]
    for pattern in (*_PATTERNS.values(), _ACCESSION, _RESIDUE, _SYMBOL):
        new = [match.group() for match in pattern.finditer(folded)]
        new = [one for one in new if one.lower() not in cited.words]
        if new:
            known = {match.group().lower() for match in pattern.finditer(said)}
            found += [one for one in new if one.lower() not in known]
    found += [f"EC {number}" for number in _invented_ecs(folded, said)]
    found += [token.text for token in tokens_of(text) if _is_new_pmid(token, cited)]
    return tuple(dict.fromkeys(found))


def invented_numbers(text: str, cited: Cited) -> tuple[str, ...]:
    """List numbers that the cited evidence does not have, in that unit or another for the same."""
    return tuple(
        f"{measure[0]} {measure[1]}".strip()
        for measure in measures_of(tokens_of(text))
        if not is_said_loosely(measure, cited.tokens)
    )


def invented_names(text: str, cited: Cited) -> tuple[str, ...]:
    """List names of organisms, genes, enzymes, substances that the evidence does not have."""
    tokens = tokens_of(text)
    found = [
        token.surface
        for before, token in zip((None, *tokens), tokens, strict=False)
        if token.kind == "word"
        and (is_name(token) or is_epithet(before, token))
        and not _is_known(token, cited)
    ]
    return tuple(dict.fromkeys([*found, *_mixed_scripts(text)]))


def _is_known(token: Token, cited: Cited) -> bool:
    """Tell whether the evidence has a name: as it is, initialled, abbreviated, by synonym."""
    if token.text in cited.words:
        return True
    initial = token.surface if len(token.surface) == 1 else ""
    if initial:
        return any(one.surface[:1] == initial and len(one.surface) > 1 for one in cited.tokens)
    if american(token.text) in {american(word) for word in cited.words}:
        return True
    synonyms = concepts(token.text)
    if synonyms and any(synonyms & concepts(word) for word in cited.words):
        return True
    return bool(abbreviated(token.surface, cited.tokens)) or _is_spelled_out(token, cited)


def _is_spelled_out(token: Token, cited: Cited) -> bool:
    """Tell whether a genus is what an initial before the same species stands for."""
    if not token.surface[1:].islower() or not token.surface[:1].isupper():
        return False
    return any(
        one.surface == token.surface[:1] and other.surface.islower() and len(other.surface) > 3
        for one, other in pairwise(cited.tokens)
    )


def _invented_ecs(text: str, said: str) -> Iterator[str]:
    known = set(_EC.findall(said))
    for number in _EC.findall(text):
        if not any(number == other or is_broader_ec(number, other) for other in known):
            yield number
    for number in _SHORT_EC.findall(text):
        if not any(is_broader_ec(f"{number}.-", other) for other in known):
            yield number


def _is_new_pmid(token: Token, cited: Cited) -> bool:
    if not token.text.startswith("pmid:"):
        return False
    numbers = {pmid for item in cited.items for pmid in item.pmids}
    return token.text not in cited.words and token.text.removeprefix("pmid:") not in numbers


def _mixed_scripts(text: str) -> Iterator[str]:
    """Yield words that hold letters of two alphabets: a look-alike of another word."""
    for word in re.findall(r"[^\W\d_]{2,}", fold(text)):
        latin = sum("a" <= char.lower() <= "z" or "\u00c0" <= char <= "\u024f" for char in word)
        if 0 < latin < len(word):
            yield word
