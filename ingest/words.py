"""Cut texts into the words that full-text search compares; names stay whole.

Two kinds of tokens, in two columns:

- words, lower case, in reading order: the index stems them. ``tdcA`` gives ``tdca``,
  ``beta-galactosidase`` gives ``beta galactosidase``, ``3.2.1.23`` stays one token;
- names, never stemmed and with ``_`` behind them: what holds digits or inner capitals (``il6_``,
  ``tdca_``), and compounds in one piece (``BT_4294`` and ``BT4294`` are both ``bt4294_``,
  ``TNF-α`` and ``TNFalpha`` both ``tnfalpha_``), and abbreviated species (``e.coli_``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_LETTERS: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "gamma", "Δ": "delta", "Θ": "theta",
    "Λ": "lambda", "Π": "pi", "Σ": "sigma", "Φ": "phi", "Ψ": "psi", "Ω": "omega",
    # Dashes and primes that mean the same as the ASCII ones.
    **dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("’ʹ′‘", "'"),
}  # fmt: skip
_SAME: Final = str.maketrans(_LETTERS)
#: Letters that are no others with an accent.
_STROKES: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "œ": "oe"}
)

#: Letters and digits, joined within a word by hyphens, dots and the like; ``1,2-`` by its comma.
_COMPOUND: Final = re.compile(r"[^\W_]+(?:(?:[-._:'+]+|,(?=\d))[^\W_]+)*")
_PIECE: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")
#: E. coli: a species whose genus is cut to its letter.
_SHORT_SPECIES: Final = re.compile(r"\b([A-Z])\.\s?([a-z]{3,})\b")
#: WP_011091234.1: identifiers are cited with and without their version.
_VERSIONED: Final = re.compile(r"([A-Za-z]+_?[A-Za-z]*\d{4,})\.\d{1,2}")
_IDENTIFIER: Final = re.compile(r"(?=.*\d{4})[A-Za-z][A-Za-z0-9]*(?:[-._:][A-Za-z0-9]+)*")
#: EC:3.2.1.23 and EC3.2.1.23: the number is a word of its own.
_EC_PREFIX: Final = re.compile(r"\bEC[:=_-]?(?=\d\.\d)")
_PLURAL_OF_CAPITALS: Final = re.compile(r"\w*[A-Z]{2,}s")
#: Compounds beyond this length are chemical names, URLs and damage: their pieces are enough.
_LONGEST_NAME: Final = 40
#: Compounds that are remembered with what they give: a few thousand make up most of all texts.
_REMEMBERED: Final = 1 << 15


def plain_words(text: str) -> list[str]:
    """Return the words of a text, in order, in lower case.

    >>> plain_words("β-galactosidase (EC 3.2.1.23) of E. coli")
    ['beta', 'galactosidase', 'ec', '3.2.1.23', 'e', 'coli']
    """
    return [word for match in _COMPOUND.findall(_folded(text)) for word in _words_of(match)]


def names(text: str) -> list[str]:
    """Return the names of a text, in order of their places, abbreviated species last.

    >>> names("BT_4294 of B. thetaiotaomicron binds TNF-α")
    ['bt4294_', 'tnfalpha_', 'tnf_', 'b.thetaiotaomicron_']
    """
    text = _folded(text)
    found = [name for match in _COMPOUND.findall(text) for name in _names_of(match)]
    species = (f"{letter.lower()}.{rest}_" for letter, rest in _SHORT_SPECIES.findall(text))
    return [*found, *species]


def identifiers(text: str) -> dict[str, tuple[str, ...]]:
    """Return the names that are identifiers (``BT_4294``, ``K01190``), with their pieces as words.

    A letter first and four digits in a row: whoever writes one wants it, not its pieces.

    >>> identifiers("BT_4294 and GO:0008150")
    {'bt4294_': ('bt', '4294'), 'go0008150_': ('go', '0008150')}
    """
    compounds = _COMPOUND.findall(_folded(text))
    return {_name(_pieces(it)): _words_of(it) for it in compounds if _IDENTIFIER.fullmatch(it)}


def register(connection: sqlite3.Connection) -> None:
    """Teach a connection the two functions that the triggers of the full-text index call."""
    for name, cut in (("plain_words", plain_words), ("name_words", names)):
        connection.create_function(
            name, 1, lambda text, cut=cut: " ".join(cut(text)), deterministic=True
        )


def spelled_plainly(text: str) -> str:
    """Write a text without accents, and with the names of Greek letters; case stays.

    >>> spelled_plainly("α-Amylase of Ångström, in CO₂")
    'alpha-Amylase of Angstrom, in CO2'
    """
    plain = unicodedata.normalize("NFKD", text).translate(_SAME).translate(_STROKES)
    return "".join(char for char in plain if not unicodedata.combining(char))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return _EC_PREFIX.sub("EC ", plain)


@lru_cache(_REMEMBERED)
def _words_of(compound: str) -> tuple[str, ...]:
    if _NUMBER.fullmatch(compound):
        return (compound,)
    return tuple(_singular(piece).lower() for piece in _pieces(compound))


def _pieces(compound: str) -> list[str]:
    """Part a compound; the s of a genitive is none of its parts."""
    first, *rest = _PIECE.findall(compound)
    return [first, *(piece for piece in rest if piece != "s")]


@lru_cache(_REMEMBERED)
def _names_of(compound: str) -> tuple[str, ...]:
    return tuple(_each_name_of(compound))


def _each_name_of(compound: str) -> Iterator[str]:
    if not any(it.isalpha() for it in compound):
        return
    pieces = _pieces(compound)
    if len(pieces) > 1 and len(compound) <= _LONGEST_NAME:
        yield _name(pieces)
        if versioned := _VERSIONED.fullmatch(compound):
            yield _name([versioned.group(1).replace("_", "")])
    yield from (_name([piece]) for piece in pieces if _is_name(piece))


def _name(pieces: list[str]) -> str:
    return f"{''.join(pieces[:-1])}{_singular(pieces[-1])}".lower() + "_"


def _singular(piece: str) -> str:
    """Cut the s of SNPs and miRNAs, which no stemmer would see once the case is gone."""
    return piece[:-1] if _PLURAL_OF_CAPITALS.fullmatch(piece) else piece


def _is_name(piece: str) -> bool:
    """Tell names from words: digits among letters, or capitals past the first letter."""
    if len(piece) < 2 or piece.isdigit():
        return False
    return any(it.isdigit() for it in piece) or any(it.isupper() for it in piece[1:])
