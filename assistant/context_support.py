"""Context support: whether a gene's neighbours speak for a candidate function. Pure rules.

A neighbour never names a function; it may support one that other evidence names. Three rules,
each simple enough to check by eye:

* subunit: both names are of one enzyme or complex and name different parts of it
  ("urease subunit alpha" beside "urease subunit gamma");
* gene_symbol: the gene symbols share their first three letters and differ in the fourth
  (pdxA beside pdxB), as symbols are given to genes of one pathway;
* shared_word: the names share a word for a substrate, product or structure ("histidinol
  dehydrogenase" beside "histidinol-phosphate aminotransferase"), not one for a kind of protein.

Only neighbours of the same operon-like run count, not divergent ones. Measured on the names of
E. coli K-12 in the order of its genes: the rules join 15 % of the named genes next to each
other and 0.2 % of pairs drawn at random. Neighbours that share no word are no evidence against
a function; a theme of several neighbours is, weakly (``theme_of``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from assistant.votes import informative_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.evidence.base import Evidence, Terms

SupportRule: TypeAlias = Literal["subunit", "gene_symbol", "shared_word"]

#: Words that name a part of a complex, and what tells the parts apart.
_PART: Final = re.compile(
    r"\b(?:(?:large|small|catalytic|regulatory|accessory|assembly|binding|permease|[ivx]+|[a-z]\d?"
    r"|alpha|beta|gamma|delta|epsilon|\d+)[ -])?(?:subunit|chain|component)"
    r"(?:[ -](?:[ivx]+|[a-z]\d?|alpha|beta|gamma|delta|epsilon|\w{1,6}))?\b"
)
#: Symbols of genes without a known function say where they lie (yaaA to yjjZ).
_SYMBOL: Final = re.compile(r"(?!y)([a-z]{3})([A-Z])\d?")
#: Words for kinds of proteins or reactions: they join genes that share no process. Words that
#: end in "-ase" are kinds of enzymes and left out by that.
_KIND_WORDS: Final = """
    abc accessory acid activator active acyl adenine alpha amino anti antiporter antitoxin
    assembly associated atp bacterial beta bifunctional binding biosynthesis biosynthetic
    carrier cell chain channel chaperone chaperonin class coenzyme cofactor complex component
    cyclic cytoplasmic delta dependent dinucleotide dna domain dual effector efflux element
    energy export exporter extracellular facilitator factor fad ferredoxin flavin flavoprotein
    fold fused fusion gamma gene group gtp helix hydroxy induced inducible inhibitor inner input
    insertion integral integrase iron kinases large leader lectin lipid lipoprotein low major
    maturation mediated membrane metal methyl minor mobile modulator module molecular motif
    multidrug nad nadh nadp nadph nucleotide operon outer oxygen pathway peptide periplasmic
    permease phage phosphate plasmid porin protease proteins pump putative receptor regulated
    regulator regulatory repeat repressor response ribosomal rna secreted secretion sensor
    sensory shock sigma signal single site small solute specific stress structural structure
    substrate subunit sugar sulfur superfamily surface symporter system terminal toxin trans
    transcription transcriptional transduction transfer translocating transmembrane transport
    transporter trna turn two uniporter unit uptake utilization winged zinc
"""
_KINDS: Final = frozenset(_KIND_WORDS.split())
#: Shorter words are symbols, cofactors or parts of chemical names.
_SHORTEST_WORD: Final = 5
#: Neighbours that must agree before they speak for one process.
THEME_SIZE: Final = 3


@dataclass(frozen=True, slots=True)
class Support:
    """One neighbour that speaks for a candidate: by which rule, and on which words."""

    rule: SupportRule
    evidence_id: str
    shared: str


def context_support(terms: Terms, evidence: Iterable[Evidence]) -> tuple[Support, ...]:
    """List the neighbours that support a candidate with these terms, each by its first rule.

    Args:
        terms: The candidate's product name and gene symbol; other terms play no part.
        evidence: All evidence on the gene; items without context are passed over.
    """
    found = []
    for item in evidence:
        if item.context is not None and item.context.relation == "operon":
            rule, shared = related(terms, item.context.terms)
            if rule is not None:
                found.append(Support(rule, item.id, shared))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Theme:
    """What at least three neighbours, on both sides of a gene, have in common."""

    shared: str
    evidence_ids: tuple[str, ...]


def theme_of(evidence: Iterable[Evidence]) -> Theme | None:
    """Find what joins the neighbours of a gene; None when fewer than three agree.

    The largest group wins, then the first word by alphabet.
    """
    groups: dict[str, dict[str, bool]] = {}
    for item in evidence:
        if item.context is not None and item.context.relation == "operon":
            for word in _marks(item.context.terms):
                groups.setdefault(word, {})[item.id] = item.context.is_upstream
    whole = {
        word: sides
        for word, sides in groups.items()
        if len(sides) >= THEME_SIZE and len(set(sides.values())) > 1
    }
    if not whole:
        return None
    word = min(whole, key=lambda key: (-len(whole[key]), key))
    return Theme(word, tuple(sorted(whole[word])))


def _marks(terms: Terms) -> frozenset[str]:
    """List what a neighbour may share with others: process words, stem, complex."""
    symbol = _SYMBOL.fullmatch(terms.gene)
    part = _whole_and_part(terms.product)
    marks = {*([symbol.group(1)] if symbol else []), *([part[0]] if part else [])}
    return process_words(terms.product) | marks


def related(one: Terms, other: Terms) -> tuple[SupportRule | None, str]:
    """Tell by which rule two functions go together, and on which words; None when by none."""
    complex_name = _shared_complex(one.product, other.product)
    if complex_name:
        return "subunit", complex_name
    stem = _shared_stem(one.gene, other.gene)
    if stem:
        return "gene_symbol", stem
    words = sorted(process_words(one.product) & process_words(other.product))
    return ("shared_word", ", ".join(words)) if words else (None, "")


def process_words(product: str) -> frozenset[str]:
    """List the words of a name that tell a process: substrates, products, structures.

    >>> sorted(process_words("Histidinol-phosphate aminotransferase"))
    ['histidinol']
    """
    return frozenset(
        word
        for word in informative_words(product)
        if len(word) >= _SHORTEST_WORD
        and word.isalpha()
        and word not in _KINDS
        and not word.endswith(("ase", "ases", "like"))
    )


def _shared_complex(one: str, other: str) -> str:
    """Return the name that two parts of one complex share, empty when they are not such."""
    ours, theirs = _whole_and_part(one), _whole_and_part(other)
    if not (ours and theirs) or ours[0] != theirs[0] or ours[1] == theirs[1]:
        return ""
    return ours[0]


def _whole_and_part(product: str) -> tuple[str, str] | None:
    name = product.lower()
    part = _PART.search(name)
    if part is None:
        return None
    whole = " ".join(informative_words(name[: part.start()] + " " + name[part.end() :]))
    return (whole, part.group().strip()) if whole else None


def _shared_stem(one: str, other: str) -> str:
    ours, theirs = _SYMBOL.fullmatch(one), _SYMBOL.fullmatch(other)
    if ours is None or theirs is None or ours.group(2) == theirs.group(2):
        return ""
    return ours.group(1) if ours.group(1) == theirs.group(1) else ""
