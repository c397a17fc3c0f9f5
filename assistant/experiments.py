"""Experiments: the closed catalogue, and the choice of two or three that fit a candidate.

The cheapest discriminating computation comes first, then one or two tests at the bench. Where
a toxin may be involved, only computation and detection are proposed. The words of the tests
are in ``assistant.designs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from assistant.biosecurity import REVIEW_FLAG, SAFETY_FLAGS
from assistant.claims import BiosafetyClass, Experiment
from assistant.decisions import decision_of, host_words, told_apart
from assistant.designs import (
    Design,
    Subject,
    expression_design,
    fold_design,
    neighbourhood_design,
    subject_of,
    tree_design,
)
from assistant.designs_in_cells import bench_designs, fitness_design

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.claims import CandidateFunction
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence


@dataclass(frozen=True, slots=True)
class ExperimentType:
    """A kind of experiment: what it answers, what it must control, what it costs.

    ``eco`` is the base term of the Evidence & Conclusion Ontology for its result. Effort: low =
    hours at a computer or a day at the bench, medium = one to four weeks, high = months.
    """

    key: str
    title: str
    eco: str
    answers: str
    controls: tuple[str, ...]
    effort: Literal["low", "medium", "high"]
    is_computation: bool = False


#: Types that handle nucleic acids of the samples and no living modified cell.
_ON_SAMPLES: Final = frozenset({"qrt_pcr"})

#: ECO terms: eco.obo, release 2024-07-19.
_TYPES: Final = (
    ExperimentType(
        "homolog_tree", "Tree of characterised relatives", "ECO:0000080",
        "which group of known function a protein belongs to",
        ("an outgroup", "branch support from at least 1,000 replicates"),
        "low", is_computation=True,
    ),
    ExperimentType(
        "gene_neighbourhood", "Gene neighbourhood across genomes", "ECO:0000084",
        "pathway or system that the gene belongs to",
        ("random genes of the same genomes", "close kin counted once"),
        "low", is_computation=True,
    ),
    ExperimentType(
        "structure_prediction", "Predicted structure and fold search", "ECO:0006341",
        "fold, and the place of functional residues",
        ("a protein of known structure and like length", "confidence per residue shown"),
        "low", is_computation=True,
    ),
    ExperimentType(
        "enzyme_assay", "Heterologous expression and enzyme assay", "ECO:0000005",
        "substrate and product; third and fourth digit of the EC number",
        ("empty vector, purified alike", "mutant of the proposed catalytic residue",
         "heat-killed enzyme", "a known enzyme of this function"),
        "medium",
    ),
    ExperimentType(
        "site_directed_mutant", "Site-directed mutant", "ECO:0005528",
        "which residues catalyse or bind",
        ("wild type", "mutant of a residue far from the site", "folding by circular dichroism"),
        "medium",
    ),
    ExperimentType(
        "complementation", "Complementation of a mutant", "ECO:0000012",
        "the same role in a living cell",
        ("empty vector", "the wild-type gene of the host", "no inducer"),
        "medium",
    ),
    ExperimentType(
        "cross_species_complementation", "Complementation in another species", "ECO:0000064",
        "the same role in a distant host",
        ("empty vector", "the wild-type gene of the host", "no inducer"),
        "medium",
    ),
    ExperimentType(
        "deletion", "Deletion phenotype", "ECO:0001091",
        "role in the organism itself",
        ("wild type", "complemented mutant", "polar effects on neighbours excluded"),
        "high",
    ),
    ExperimentType(
        "pooled_fitness", "Pooled fitness (RB-TnSeq, CRISPR interference)", "ECO:0007000",
        "condition in which the gene matters",
        ("inserts in neutral genes", "time-zero sample", "replicates", "a known essential pathway"),
        "high",
    ),
    ExperimentType(
        "growth_assay", "Growth assay", "ECO:0001563",
        "use of a nutrient, or resistance",
        ("empty vector", "no carbon source", "glucose"),
        "low",
    ),
    ExperimentType(
        "mass_spectrometry", "LC-MS/MS of the product", "ECO:0001580",
        "identity of a product",
        ("authentic standard", "no enzyme", "time points"),
        "medium",
    ),
    ExperimentType(
        "hplc", "HPLC of the product", "ECO:0001052",
        "amount of a product",
        ("authentic standard", "no enzyme", "time points"),
        "medium",
    ),
    ExperimentType(
        "thin_layer", "Thin-layer chromatography", "ECO:0000140",
        "kind of a product",
        ("authentic standard", "no enzyme"),
        "low",
    ),
    ExperimentType(
        "thermal_shift", "Thermal shift", "ECO:0006260",
        "binding of a ligand",
        ("no ligand (vehicle)", "an unrelated protein with the same ligands"),
        "medium",
    ),
    ExperimentType(
        "calorimetry", "Isothermal titration calorimetry", "ECO:0001825",
        "affinity and stoichiometry of binding",
        ("ligand into buffer", "an unrelated ligand"),
        "medium",
    ),
    ExperimentType(
        "uptake_assay", "Uptake in another host", "ECO:0000162",
        "transport, direction and substrate",
        ("empty vector", "no energy source", "excess of unlabelled substrate"),
        "high",
    ),
    ExperimentType(
        "reporter", "Reporter gene", "ECO:0000049",
        "regulation of a promoter",
        ("empty vector", "promoter of an unrelated gene", "vehicle instead of ligand"),
        "medium",
    ),
    ExperimentType(
        "rna_seq", "RNA-seq", "ECO:0000295",
        "genes whose transcripts change",
        ("wild type", "three replicates", "complemented mutant"),
        "high",
    ),
    ExperimentType(
        "qrt_pcr", "Quantitative PCR of DNA and transcript", "ECO:0001566",
        "presence and expression in samples",
        ("no reverse transcriptase", "no template", "single-copy reference gene"),
        "low",
    ),
    ExperimentType(
        "crystal_structure", "Structure by X-ray crystallography", "ECO:0001823",
        "fold and site",
        ("a mutant of the site", "with and without ligand"),
        "high",
    ),
    ExperimentType(
        "biofilm", "Biofilm assay", "ECO:0007069",
        "role in biofilm",
        ("wild type", "empty vector", "a known biofilm mutant"),
        "low",
    ),
    ExperimentType(
        "disk_diffusion", "Disk diffusion", "ECO:0005605",
        "resistance to a class of drugs",
        ("empty vector", "reference strain", "disk without drug"),
        "low",
    ),
)  # fmt: skip

EXPERIMENT_TYPES: Final[Mapping[str, ExperimentType]] = MappingProxyType(
    {entry.key: entry for entry in _TYPES}
)

TOXIN_NOTE: Final = (
    "A toxin is named among the relatives. Stay with computation and detection: do not clone or "
    "express the gene before the biosafety officer has agreed."
)
LISTED_NOTE: Final = (
    "A toxin of an official control list is named among the relatives. Cloning, expression or "
    "transfer may need a permit: ask the biosafety officer first. Only computation and detection "
    "are proposed."
)
RESISTANCE_NOTE: Final = (
    "The gene may give resistance to antibiotics: use a disabled laboratory strain and contained "
    "disposal."
)


def plan(
    candidates: Sequence[CandidateFunction],
    gene: Gene,
    evidence: Sequence[Evidence],
    flags: Sequence[str],
) -> tuple[Experiment, ...]:
    """Choose two or three experiments, cheapest first.

    Args:
        candidates: Best first. Empty, or led by one with the tier "abstain", when no function
            is proposed: then tests are chosen that would find one.
        gene: The gene in question.
        evidence: What is known of it.
        flags: Flags of the ranking; a toxin limits the choice.
    """
    subject = subject_of(candidates, gene, evidence, flags)
    note = _safety_note(subject, flags)
    return tuple(experiment_of(design, subject, note) for design in _designs(subject, flags))


def _designs(subject: Subject, flags: Sequence[str]) -> tuple[Design, ...]:
    if not SAFETY_FLAGS.isdisjoint(flags):
        computed = tree_design(subject) if subject.first else fold_design(subject)
        return (computed, expression_design(subject))
    if subject.first is None:
        return (fold_design(subject), neighbourhood_design(subject), fitness_design(subject))
    computed = fold_design(subject) if "domain_only" in flags else tree_design(subject)
    return (computed, *bench_designs(subject))


def _safety_note(subject: Subject, flags: Sequence[str]) -> str:
    if REVIEW_FLAG in flags:
        return LISTED_NOTE
    if not SAFETY_FLAGS.isdisjoint(flags):
        return TOXIN_NOTE
    product = subject.first.product if subject.first else ""
    may_resist = any(word in product for word in ("resistance", "lactamase", "efflux"))
    return RESISTANCE_NOTE if may_resist else ""


def experiment_of(design: Design, subject: Subject, safety_note: str) -> Experiment:
    """Complete a design by its entry of the catalogue and its rule of decision."""
    entry = EXPERIMENT_TYPES[design.type]
    return Experiment(
        type=entry.key,
        eco=entry.eco,
        title=design.title,
        aim=design.aim,
        design=design.design,
        controls=design.controls or entry.controls,
        expected_if_true=design.expected_if_true,
        expected_if_false=design.expected_if_false,
        effort=design.effort or entry.effort,
        safety_note=safety_note or design.note,
        host=design.host or host_words(entry.key, subject),
        decision_rule=design.decision or decision_of(entry.key).rule,
        discriminates=told_apart(subject, entry.answers),
        biosafety="isolates" if design.note and not safety_note else _biosafety(entry, safety_note),
    )


def _biosafety(entry: ExperimentType, safety_note: str) -> BiosafetyClass:
    if entry.is_computation:
        return "computer_only"
    if safety_note in {TOXIN_NOTE, LISTED_NOTE}:
        return "officer_first"
    return "samples" if entry.key in _ON_SAMPLES else "level_1"
