"""Texts as words: how a claim and its evidence are made comparable. No judgement here.

Letters are lower-cased, Greek letters spelled, ligatures and hyphens at line breaks undone,
British and American spelling made one, inflections cut. Numbers and identifiers stay whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.chunking import sentences
from ingest.vocab import IDENTIFIER_PATTERNS

# No NFKC: it would turn the superscript in 10⁵ into 105.
_FOLDED: Final = str.maketrans(
    {
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "ε": "epsilon",
        "κ": "kappa",
        "λ": "lambda",
        "σ": "sigma",
        "ω": "omega",
        "θ": "theta",
        "Δ": "delta",
        "τ": "tau",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬀ": "ff",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "æ": "ae",
        "œ": "oe",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": " - ",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u00ad": "",
        "⁻": "-",
        "⁰": "0",
        "¹": "1",
        "²": "2",
        "³": "3",
        "⁴": "4",
        "⁵": "5",
        "⁶": "6",
        "⁷": "7",
        "⁸": "8",
        "⁹": "9",
        "µ": "u",
        "μ": "u",
    }
)
# "galac-\ntosidase", or "galac- tosidase" once lines were joined; "pre- and post-" stays.
_LINE_HYPHEN: Final = re.compile(r"(?<=[a-z])-\s+(?=[a-z])(?!(?:and|or|to)\b)")
# A sentence that begins with a gene symbol: "... was cloned. arcABC encodes ...".
_SYMBOL_START: Final = re.compile(r"(?<=[a-z)\"]\.)\s+(?=[a-z]{3}[A-Z])")
_NOT: Final = re.compile(r"\bcan(?:not|'t)\b|(?<=[a-z])n't\b", re.IGNORECASE)
_SUPERSCRIPT: Final = re.compile(r"(?<=\d)(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])")

_NUMBER: Final = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])"
    r"|\d+(?:\.\d+)?(?:[eE][-+]?\d+|\s?[x×]\s?10\s?\^?\s?[-+]?\d+|\^[-+]?\d+)?"
)
#: What may stand right behind a number without a space.
_UNIT: Final = r"%|°C|kDa|Da|aa|bp|kbp|kb|Mb|mM|uM|nM|pM|mg|ug|ng|ml|ul|min|h|fold|x|nt|residues"
_TOKEN: Final = re.compile(
    r"(?P<code>"
    + "|".join(f"(?:{IDENTIFIER_PATTERNS[name].pattern})" for name in ("doi", "ec", "go"))
    + r"|\b(?:PMID|PubMed)\b:?\s?\d{1,8}\b)"
    rf"|(?P<number>(?<![\w.)\]])[-+]?(?:{_NUMBER})(?={_UNIT}\b|%|°|[^\w.]|\.(?!\d)|$))"
    r"|(?P<word>[^\W_](?:\w|\.(?=\d))*)"
    r"|(?P<mark>[;,()\[\]\"?!]|:(?=\s|$)|[<>]=?|[≤≥≈~±%]|°C)",
)
_COUNTS: Final = {
    word: str(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2
    )
}
# Irregular families, to one form each.
_STEMS: Final = {
    **dict.fromkeys(("identity", "identities", "identical", "identically"), "identical"),
    **dict.fromkeys(("similarity", "similarities", "similarly"), "similar"),
    **dict.fromkeys(("homologue", "homologous", "homology", "homologues"), "homolog"),
    **dict.fromkeys(("orthologue", "orthologous", "orthology"), "ortholog"),
    **dict.fromkeys(("bacteria", "bacterial", "bacterium"), "bacteri"),
    **dict.fromkeys(("hydrolysis",), "hydrolys"),
    **dict.fromkeys(("catalysis",), "catalys"),
    **dict.fromkeys(("analyses", "analysis"), "analys"),
    **dict.fromkeys(("were", "was", "are", "is", "been", "being", "be"), "be"),
    **dict.fromkeys(("has", "had", "having", "have"), "have"),
    **dict.fromkeys(("does", "did", "done", "do"), "do"),
    **dict.fromkeys(("bound", "binds", "binding", "bind"), "bind"),
    **dict.fromkeys(("found", "finding", "finds", "find"), "find"),
    **dict.fromkeys(("shown", "shows", "showed", "show"), "show"),
    **dict.fromkeys(("lies", "lying", "lie"), "lie"),
}
_SHORTEST_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, identifier or mark; ``text`` is what is compared."""

    text: str
    surface: str
    kind: str
    initial: bool = False


def fold(text: str) -> str:
    """Undo typography: Greek, ligatures, dashes, superscripts, hyphens at line breaks."""
    folded = _SUPERSCRIPT.sub("^", text).translate(_FOLDED)
    joined = _LINE_HYPHEN.sub("", " ".join(folded.split()))
    return _NOT.sub(lambda match: "can not" if match.group()[0] in "cC" else " not", joined)


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut a text into tokens; ``initial`` marks the first word of each sentence."""
    found: list[Token] = []
    for sentence in sentence_texts(text):
        found.extend(_tokens(sentence))
    return tuple(found)


def sentence_texts(text: str) -> list[str]:
    """Cut a text into its sentences, folded."""
    folded = fold(text)
    parts = (folded[start:end] for start, end in sentences(folded))
    return [piece for part in parts for piece in _SYMBOL_START.split(part)]


def _tokens(sentence: str) -> list[Token]:
    found = []
    is_first = True
    for match in _TOKEN.finditer(sentence):
        kind, surface = str(match.lastgroup), match.group()
        found.append(Token(_compared(kind, surface), surface, _kind(kind, surface), is_first))
        is_first = is_first and kind == "mark"
    return found


def _kind(kind: str, surface: str) -> str:
    return "number" if surface.lower() in _COUNTS else kind


def _compared(kind: str, surface: str) -> str:
    if kind == "number":
        return surface.replace(",", "").lstrip("+")
    if kind == "code":
        return re.sub(r"^(?:pubmed|pmid):?\s?", "pmid:", surface.lower())
    return stem(surface) if kind == "word" else surface


def stem(word: str) -> str:
    """Cut inflections, gently: ``hydrolyses``, ``hydrolyzed`` and ``hydrolysing`` are one.

    >>> stem("hydrolyzed") == stem("hydrolyses") == stem("hydrolysing")
    True
    >>> stem("phosphorylase") == stem("phosphorylates"), stem("active") == stem("inactive")
    (False, False)
    """
    lower = word.lower()
    if lower in _COUNTS:
        return _COUNTS[lower]
    if lower in _STEMS:
        return _STEMS[lower]
    if not lower.isalpha() or len(lower) <= _SHORTEST_STEM - 1:
        return lower
    return _without_ending(lower.replace("yz", "ys").replace("iz", "is"))


def _without_ending(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ing") and len(word) > 6:
        word = word[:-3]
    elif word.endswith("ed") and not word.endswith("eed") and len(word) > 5:
        word = word[:-2]
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word
