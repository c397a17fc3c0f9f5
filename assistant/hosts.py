"""Where a test at the bench can be made: tractable relatives, proxies, mutants that exist.

A gene of a metagenome has no strain. What is known is the taxon of its nearest relatives; where
that genus cannot be modified, or is not cultured, a proxy of the same group is named. The tables
are short on purpose: organisms with published, widely used genetics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.evidence.base import Evidence

#: Species whose single-gene deletions are kept as collections: Keio (Baba et al. 2006, doi
#: 10.1038/msb4100050) and BKE (Koo et al. 2017, doi 10.1016/j.cels.2016.12.013).
COLLECTIONS: Final[Mapping[str, str]] = {
    "Escherichia coli": "the Keio collection (Escherichia coli K-12)",
    "Bacillus subtilis": "the BKE collection (Bacillus subtilis 168)",
}
#: Genera with routine deletion of genes, and a strain that stands for them.
_TRACTABLE: Final[Mapping[str, str]] = {
    "Escherichia": "Escherichia coli K-12",
    "Bacillus": "Bacillus subtilis 168",
    "Bacteroides": "Bacteroides thetaiotaomicron VPI-5482",
    "Phocaeicola": "Phocaeicola vulgatus ATCC 8482",
    "Bifidobacterium": "Bifidobacterium breve UCC2003",
    "Lactiplantibacillus": "Lactiplantibacillus plantarum WCFS1",
    "Lactobacillus": "Lactobacillus acidophilus NCFM",
    "Lactococcus": "Lactococcus lactis MG1363",
    "Streptococcus": "Streptococcus thermophilus LMD-9",
    "Pseudomonas": "Pseudomonas putida KT2440",
    "Corynebacterium": "Corynebacterium glutamicum ATCC 13032",
    "Streptomyces": "Streptomyces coelicolor A3(2)",
    "Synechocystis": "Synechocystis sp. PCC 6803",
    "Clostridium": "Clostridium sporogenes ATCC 15579",
    "Methanococcus": "Methanococcus maripaludis S2",
    "Haloferax": "Haloferax volcanii DS2",
    "Saccharomyces": "Saccharomyces cerevisiae BY4741",
}
#: Genera that are hard to culture or to modify -> the genus above that stands in for them.
_PROXIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Bacteroides": (
        "Prevotella", "Segatella", "Parabacteroides", "Alistipes", "Odoribacter", "Barnesiella",
        "Paraprevotella", "Butyricimonas", "Muribaculum", "Porphyromonas",
    ),
    "Clostridium": (
        "Faecalibacterium", "Roseburia", "Eubacterium", "Ruminococcus", "Blautia", "Coprococcus",
        "Dorea", "Lachnospira", "Butyrivibrio", "Anaerostipes", "Agathobacter", "Oscillibacter",
        "Subdoligranulum", "Clostridioides", "Lachnoclostridium",
    ),
    "Escherichia": ("Klebsiella", "Enterobacter", "Citrobacter", "Salmonella", "Shigella",
                    "Serratia", "Proteus", "Cronobacter", "Hafnia", "Raoultella"),
    "Bacillus": ("Staphylococcus", "Listeria", "Paenibacillus", "Lysinibacillus", "Geobacillus"),
    "Lactiplantibacillus": ("Limosilactobacillus", "Lacticaseibacillus", "Ligilactobacillus",
                            "Enterococcus", "Leuconostoc", "Pediococcus", "Weissella"),
    "Methanococcus": ("Methanobrevibacter", "Methanosphaera", "Methanomassiliicoccus",
                      "Methanobacterium"),
    "Bifidobacterium": ("Collinsella", "Gardnerella", "Eggerthella", "Gordonibacter", "Slackia"),
}  # fmt: skip
_STAND_IN: Final = {genus: proxy for proxy, genera in _PROXIES.items() for genus in genera}
DEFAULT: Final = "Escherichia coli K-12"


@dataclass(frozen=True, slots=True)
class Host:
    """A strain for tests in living cells.

    ``genus`` is that of the nearest relative; ``is_proxy`` says that the strain only stands in
    for it, ``is_known`` that the relatives name a genus of the tables at all.
    """

    strain: str = DEFAULT
    genus: str = ""
    is_proxy: bool = True
    is_known: bool = False

    @property
    def words(self) -> str:
        """Name the strain and what it is to the gene."""
        if not self.is_known:
            return f"{self.strain}, as a general host: the gene's own organism is not known"
        if self.is_proxy:
            return f"{self.strain}, as a proxy for {self.genus}"
        return f"{self.strain}, of the genus of the nearest relative"


UNKNOWN_HOST: Final = Host()


def host_of(evidence: Sequence[Evidence]) -> Host:
    """Choose a host by the taxa of the relatives, nearest first."""
    for item in _nearest(evidence):
        genus = item.taxon.split()[0]
        if genus in _TRACTABLE:
            return Host(_TRACTABLE[genus], genus, is_proxy=False, is_known=True)
        if genus in _STAND_IN:
            return Host(_TRACTABLE[_STAND_IN[genus]], genus, is_known=True)
    return UNKNOWN_HOST


def mutant_of(evidence: Iterable[Evidence], supporting: Sequence[str]) -> tuple[str, str]:
    """Find a mutant that lacks the function: where a relative of a collection's species has it.

    Args:
        evidence: All evidence on the gene.
        supporting: Ids of what speaks for the function.

    Returns:
        The collection, and the reference of the relative; two empty texts when there is none.
    """
    for item in evidence:
        if item.id not in supporting:
            continue
        for species, collection in COLLECTIONS.items():
            if item.taxon.startswith(species):
                return collection, item.reference
    return "", ""


def _nearest(evidence: Sequence[Evidence]) -> list[Evidence]:
    named = [item for item in evidence if item.taxon.strip()]
    return sorted(named, key=lambda item: (-(item.metrics.pident or 0.0), item.id))
