"""What each type of experiment decides: the host, the rule of decision, what it tells apart.

``power`` says how far a result tells a function from its alternatives: 1 for the activity itself,
seen with the purified protein, down to 0.2 for mere presence. Our estimate, the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.designs import Subject

OWN_HOST: Final = "HOST"
NO_HOST: Final = "none: a computation"
PURIFIED: Final = "Escherichia coli BL21(DE3) makes the protein; the test is without cells"
LABORATORY: Final = "Escherichia coli K-12, a disabled laboratory strain"


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a type decides; ``host`` is ``OWN_HOST`` where it depends on the gene's relatives."""

    host: str
    rule: str
    power: float


_RULES: Final[Mapping[str, DecisionRule]] = {
    "homolog_tree": DecisionRule(
        NO_HOST, "Keep the function if the support of its group is 90 % or more and all functional "
        "residues are kept; drop it if the protein lies in another supported group; else open", 0.4,
    ),
    "gene_neighbourhood": DecisionRule(
        NO_HOST, "Keep the link if a family stays beside the gene in 20 % or more of distant "
        "genomes and in fewer than 5 % of random places; else open", 0.3,
    ),
    "structure_prediction": DecisionRule(
        NO_HOST, "Keep it if the model is confident (mean pLDDT 70 or more), the fold matches over "
        "60 % of the length and the site is there; a match without the site speaks against it", 0.3,
    ),
    "enzyme_assay": DecisionRule(
        PURIFIED, "Keep it if turnover is ten times the empty vector or more in three preparations "
        "and is lost in the mutant; drop it if a known enzyme works beside it and this does not",
        1.0,
    ),
    "site_directed_mutant": DecisionRule(
        PURIFIED, "Keep the residue if its mutant has less than 1 % of the activity and folds "
        "alike", 0.8,
    ),
    "complementation": DecisionRule(
        OWN_HOST, "Keep it if growth or product returns with inducer in three transformants and "
        "not with the empty vector; drop it if the protein is made and nothing returns", 0.8,
    ),
    "cross_species_complementation": DecisionRule(
        OWN_HOST, "Keep it if growth or product returns with inducer and not with the empty vector",
        0.7,
    ),
    "deletion": DecisionRule(
        OWN_HOST, "Keep it if the mutant lacks growth or product and the gene on a plasmid brings "
        "it back; drop it if the mutant is as the wild type where the wild type needs it", 0.8,
    ),
    "pooled_fitness": DecisionRule(
        OWN_HOST, "A condition counts if the log2 fitness is below -2 in two replicates; between "
        "-1 and 1 everywhere leaves the function open", 0.5,
    ),
    "growth_assay": DecisionRule(
        LABORATORY, "Keep it if the final density is three times the empty vector's or more in all "
        "replicates; drop it if the strain grows on glucose and not here", 0.7,
    ),
    "mass_spectrometry": DecisionRule(
        OWN_HOST, "Keep it if the product has the mass, fragments and retention time of the "
        "standard, and grows with time; drop it if the substrate stays and a known enzyme works",
        0.9,
    ),
    "hplc": DecisionRule(PURIFIED, "Keep it if a peak at the standard's time grows with time", 0.7),
    "thin_layer": DecisionRule(PURIFIED, "Keep it if a spot runs with the standard", 0.5),
    "thermal_shift": DecisionRule(
        PURIFIED, "A ligand counts if it moves the melting point by 2 degrees or more, with dose, "
        "and does not move an unrelated protein's", 0.6,
    ),
    "calorimetry": DecisionRule(PURIFIED, "A ligand counts if the affinity is below 100 uM", 0.7),
    "uptake_assay": DecisionRule(
        LABORATORY, "Keep it if uptake is three times the empty vector's or more, needs energy and "
        "is competed by the unlabelled substrate; drop it if the protein is made and none is", 0.9,
    ),
    "reporter": DecisionRule(
        LABORATORY, "Keep it if a promoter changes twofold or more with the protein in three "
        "replicates and an unrelated promoter does not", 0.7,
    ),
    "rna_seq": DecisionRule(OWN_HOST, "A gene counts at twofold or more, q below 0.05", 0.5),
    "qrt_pcr": DecisionRule(
        "none: nucleic acids of the samples, nothing is cloned", "Present if the product appears "
        "five cycles or more before the blank in both replicates; else not detected", 0.2,
    ),
    "crystal_structure": DecisionRule(PURIFIED, "Keep the site if density shows the ligand", 0.7),
    "biofilm": DecisionRule(OWN_HOST, "A trait counts at twofold or more in six replicates", 0.5),
    "disk_diffusion": DecisionRule(
        LABORATORY, "Keep it if the inhibitory concentration rises fourfold or more for the "
        "expected class alone; drop it if no class changes though the protein is made", 0.8,
    ),
}  # fmt: skip


def decision_of(key: str) -> DecisionRule:
    """Return how a type of the catalogue decides."""
    return _RULES[key]


def host_words(key: str, subject: Subject) -> str:
    """Name the host of a test."""
    host = _RULES[key].host
    return subject.host.words if host == OWN_HOST else host


def told_apart(subject: Subject, answers: str) -> str:
    """Say between what a result decides."""
    if subject.first is None:
        return f"It narrows an open question: {answers}"
    other = subject.other or "another function of the same family, or none"
    return f"{subject.function} from {other}"
