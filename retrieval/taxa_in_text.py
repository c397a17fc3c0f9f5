"""Taxa that a text names: binomials of known genera, genera, renamed groups, E. coli and the like.

A word pair is a species when its first word is a known genus, or is abbreviated elsewhere in the
same paper (``Smaragdinus novus`` ... ``S. novus``), and its second ends like an epithet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.entities import Entity
from retrieval.entity_names import genera, no_epithets, taxon_key
from retrieval.renamed_taxa import renamed_taxa

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_PAIR: Final = re.compile(r"(?<![\w.-])([A-Z][a-z]{2,})(?:[ \u00a0]+([A-Za-z][a-z-]{2,}))?(?![\w])")
_SHORT: Final = re.compile(r"(?<![\w.-])([A-Z])\.[ \u00a0]?([a-z][a-z-]{2,})(?!\w)")
_EPITHET: Final = re.compile(
    r"[a-z-]*(?:us|um|a|is|i|ae|ens|ans|ense|ile|ale|eve|ere|orme|genes|tes|ques|ax|ex|ix|yx|on|ar)"
)
_DISEASE: Final = re.compile(r"\w{3,}(?:itis|osis|aemia|emia|esis|ysis|tion|sion|ation)")
_NOT_DISEASE: Final = frozenset({"tuberculosis", "paratuberculosis", "pseudotuberculosis"})
#: Species that are written short more often than whole. Renamed ones are in their own table.
_KNOWN_SHORT: Final = {
    f"{name[0]}. {name.split()[1]}".lower(): name
    for name in (
        *(
            "Escherichia coli",
            "Staphylococcus aureus",
            "Bacillus subtilis",
            "Listeria monocytogenes",
        ),
        *("Pseudomonas aeruginosa", "Klebsiella pneumoniae", "Helicobacter pylori"),
        *("Mycobacterium tuberculosis", "Akkermansia muciniphila", "Bacteroides fragilis"),
        *("Bacteroides thetaiotaomicron", "Faecalibacterium prausnitzii", "Vibrio cholerae"),
        *("Campylobacter jejuni", "Acinetobacter baumannii", "Enterococcus faecalis"),
        *("Enterococcus faecium", "Streptococcus pneumoniae", "Saccharomyces cerevisiae"),
        *("Candida albicans", "Bifidobacterium longum", "Neisseria gonorrhoeae"),
    )
}


def taxa_in(text: str, known: Collection[str] = ()) -> Iterator[Entity]:
    """Yield the taxa of a paper's text, in the order of their places, abbreviated ones last.

    Args:
        text: Title and abstract, or more.
        known: Genera beside those that ship.
    """
    short = {f"{letter}. {epithet}".lower() for letter, epithet in _SHORT.findall(text)}
    whole: dict[str, str] = {}
    for match in _PAIR.finditer(text):
        genus, epithet = match[1], match[2] or ""
        name = _taxon(genus, epithet, short, known)
        if name:
            whole.setdefault(f"{genus[0]}. {epithet}".lower(), name)
            yield Entity(taxon_key(name), name)
    for name in sorted(short):
        if name not in whole and (species := _of_short(name)):
            yield Entity(taxon_key(species), species)


def _taxon(genus: str, epithet: str, short: Collection[str], known: Collection[str]) -> str:
    if f"{genus} {epithet}".lower() in renamed_taxa():  # in titles also Clostridium Difficile
        return f"{genus} {epithet.lower()}"
    is_known = genus in genera() or genus in known
    if is_epithet(epithet) and (is_known or f"{genus[0]}. {epithet}".lower() in short):
        return f"{genus} {epithet}"
    return genus if is_known or genus.lower() in renamed_taxa() else ""


def is_epithet(word: str) -> bool:
    """Tell whether a word can be the second of a species' name.

    >>> [is_epithet(it) for it in ("coli", "strains", "tuberculosis", "colitis")]
    [True, False, True, False]
    """
    if word in no_epithets() or not _EPITHET.fullmatch(word):
        return False
    return word in _NOT_DISEASE or not _DISEASE.fullmatch(word)


def _of_short(name: str) -> str:
    if group := renamed_taxa().get(name):
        epithet = name.split()[1]
        return next((it for it in group if it.lower().split()[-1] == epithet), group[0])
    return _KNOWN_SHORT.get(name, "")
