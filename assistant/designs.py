"""The words of experiments: one function per kind of test, filled with the gene's own facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.assays import UNSPECIFIED, Assay, assay_for
from assistant.hosts import UNKNOWN_HOST, Host, host_of, mutant_of
from assistant.nomenclature import DEFAULT_NAME
from assistant.wording import activity_label, with_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import CandidateFunction
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence


@dataclass(frozen=True, slots=True)
class Design:
    """An experiment in words, before its catalogue entry is added.

    ``host``, ``decision`` and ``effort`` take the place of the catalogue's where it does not fit;
    ``note`` is said of safety where nothing is modified.
    """

    type: str
    title: str
    aim: str
    design: str
    expected_if_true: str
    expected_if_false: str
    controls: tuple[str, ...] = ()
    host: str = ""
    decision: str = ""
    effort: Literal["low", "medium", "high", ""] = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the words are about: the gene, its leading function and the next best rival.

    ``host`` is where its role can be tested, ``mutant`` the collection that has a mutant without
    the function and the relative whose gene it is; empty where none is known.
    """

    gene_id: str
    first: CandidateFunction | None = None
    rival: CandidateFunction | None = None
    relative: str = ""
    is_partial: bool = False
    host: Host = UNKNOWN_HOST
    mutant: tuple[str, str] = ("", "")

    @property
    def function(self) -> str:
        """The leading function, as it is tested."""
        return activity_label(self.first) if self.first else "a function"

    @property
    def other(self) -> str:
        """What else it may be, as it is tested."""
        return activity_label(self.rival) if self.rival else ""


def subject_of(
    candidates: Sequence[CandidateFunction],
    gene: Gene,
    evidence: Sequence[Evidence],
    flags: Sequence[str],
) -> Subject:
    """Gather what the words need; an abstention leaves the function open."""
    first = candidates[0] if candidates and candidates[0].tier != "abstain" else None
    rival = None
    if first is not None and "conflicting_functions" in flags:
        others = [one for one in candidates[1:] if one.product != DEFAULT_NAME]
        rival = next((one for one in others if not _same_proteins(one, first)), None)
    wanted = first.supporting[:1] if first else ()
    relative = next((item.reference for item in evidence if item.id in wanted), "")
    mutant = mutant_of(evidence, first.supporting) if first else ("", "")
    return Subject(
        gene.id, first, rival, relative, gene.partial, host=host_of(evidence), mutant=mutant
    )


def _same_proteins(one: CandidateFunction, other: CandidateFunction) -> bool:
    return not set(one.supporting).isdisjoint(other.supporting)


# --- Computation ----------------------------------------------------------------------------


def tree_design(subject: Subject) -> Design:
    """Place the protein among relatives whose function was measured."""
    relatives = f"proteins known as {subject.function}"
    if subject.rival:
        relatives += f" or with those known as {subject.other}"
    known = relatives.replace("or with those", "and those")
    anchor = f", {subject.relative} among them" if subject.relative else ""
    other = f"with {subject.other}" if subject.rival else "outside that group"
    return Design(
        type="homolog_tree",
        title="Place the protein in a tree of characterised relatives",
        aim=f"Tell whether {subject.gene_id} groups with {relatives}",
        design=(
            f"Collect {known}, as far as their function was measured{anchor}, and their nearest "
            "relatives of other function; align, build a maximum-likelihood tree with support "
            "values, and compare the residues that are known to bind the substrate or to "
            "catalyse, column by column."
        ),
        expected_if_true=(
            f"{subject.gene_id} falls inside the group of {subject.function} with good support, "
            "and the functional residues are the same"
        ),
        expected_if_false=f"It groups {other}, or functional residues differ",
    )


def fold_design(subject: Subject) -> Design:
    """Predict the structure and search for the same fold."""
    return Design(
        type="structure_prediction",
        title="Predict the structure and search for the same fold",
        aim=f"Find relatives of {subject.gene_id} that the sequence no longer shows",
        design=(
            "Predict the structure (with the confidence per residue), leave out parts of low "
            "confidence, and search structure databases for the same fold; look for a pocket "
            "with conserved residues."
        ),
        expected_if_true=(
            "A confident fold matches proteins of known function over most of its length, with "
            "the residues of the active or binding site in place"
        ),
        expected_if_false=(
            "No confident model, or a fold without a known function, or a match without the "
            "functional residues"
        ),
    )


def neighbourhood_design(subject: Subject) -> Design:
    """Look at the neighbours of the gene in more genomes."""
    return Design(
        type="gene_neighbourhood",
        title="Compare the gene's neighbourhood across genomes",
        aim=f"Find genes that stay beside {subject.gene_id} and tell its pathway",
        design=(
            "Search genomes and contigs for relatives of the protein, collect ten genes on "
            "either side, and list the families that stay beside it in at least 20 % "
            "of them, in genomes that are not close kin."
        ),
        expected_if_true=(
            "The same families of one pathway or system stay beside it in distant genomes"
        ),
        expected_if_false="The neighbours change from genome to genome",
    )


# --- At the bench ---------------------------------------------------------------------------


def assay_of(subject: Subject) -> Assay:
    """Return the assay of the leading function."""
    one = subject.first
    return assay_for(one.ec_number, one.product) if one else UNSPECIFIED


def enzyme_design(subject: Subject) -> Design:
    """Measure the activity of the purified protein."""
    assay = assay_of(subject)
    rival = ""
    if subject.rival:
        rival = f", and the substrates of {subject.other} beside them"
    whole = " Obtain the whole gene first: this one is incomplete." if subject.is_partial else ""
    return Design(
        type="enzyme_assay",
        title="Express the protein and measure its activity",
        aim=f"Test whether the protein has the activity of {subject.function}",
        design=(
            "Clone a codon-adapted gene with a His tag in Escherichia coli BL21(DE3), purify by "
            f"affinity and gel filtration. Offer {assay.substrates}{rival}. Follow "
            f"{assay.readout}, in triplicate and at three enzyme concentrations; with an active "
            f"substrate, determine kcat and Km.{whole}"
        ),
        expected_if_true=_activity_if_true(subject),
        expected_if_false=_activity_if_false(subject),
    )


def _activity_if_true(subject: Subject) -> str:
    instead = f", and at least ten times faster than with those of {subject.other}"
    return (
        f"Turnover of the substrates of {subject.function}, in proportion to the enzyme and well "
        f"above all controls{instead if subject.rival else ''}"
    )


def _activity_if_false(subject: Subject) -> str:
    if subject.rival:
        return f"The substrates of {subject.other} are turned over faster, or none is"
    return (
        "A soluble, folded protein (one peak in gel filtration) turns over none of them more "
        "than the controls do"
    )


def uptake_design(subject: Subject) -> Design:
    """Measure transport in another host."""
    rival = f" and of {subject.other}" if subject.rival else ""
    return Design(
        type="uptake_assay",
        title="Measure uptake or export in a host that lacks it",
        aim=f"Test whether the protein transports the substrate of {subject.function}",
        design=(
            "Express the gene (with its partner genes, if it is part of a complex) in an "
            "Escherichia coli mutant without the transporter for the substrate; measure uptake "
            f"of the labelled substrate of {subject.function}{rival} over five minutes, and "
            "compete with a tenfold excess of related substrates."
        ),
        expected_if_true=(
            "Uptake (or loss, for an exporter) that can be saturated, is competed by the "
            "substrate itself and stops when the energy source is taken away"
        ),
        expected_if_false=(
            f"The substrate of {subject.other} is carried instead, or none"
            if subject.rival
            else "No more uptake than with the empty vector, although the protein is in the "
            "membrane (Western blot)"
        ),
    )


def reporter_design(subject: Subject) -> Design:
    """Measure regulation with a reporter gene."""
    return Design(
        type="reporter",
        title="Measure regulation with a reporter gene",
        aim=f"Test whether the protein acts as {with_article(subject.function)}",
        design=(
            "Fuse the promoters of the gene itself and of its neighbours to a fluorescent "
            "reporter in Escherichia coli; express the protein from an inducible promoter and "
            "test a panel of likely ligands (sugars, metals, drugs, bile acids)."
        ),
        expected_if_true=(
            "At least one promoter changes more than twofold with the protein, and a ligand "
            "changes that again"
        ),
        expected_if_false="No promoter changes when the protein is made, with or without ligands",
    )


def binding_design(subject: Subject) -> Design:
    """Find a ligand by the melting temperature."""
    return Design(
        type="thermal_shift",
        title="Find a ligand by its effect on the melting temperature",
        aim=f"Test what the protein binds, as {with_article(subject.function)} would",
        design=(
            "Purify the protein; measure its melting temperature with a panel of the likely "
            "ligands (nucleotides, metals, sugars, amino acids, lipids) at three concentrations "
            "each; confirm hits by isothermal titration calorimetry."
        ),
        expected_if_true=(
            f"Ligands of {subject.function} raise the melting temperature by 2 °C or more, the "
            "more the higher the concentration"
        ),
        expected_if_false="No ligand of the panel does, or unrelated ones do as much",
    )


def growth_design(subject: Subject) -> Design:
    """Let a host live on the substrate."""
    other = f" and of {subject.other}" if subject.rival else ""
    return Design(
        type="growth_assay",
        title="Grow a host on the substrate",
        aim=f"Test whether the gene lets a cell use the substrate of {subject.function}",
        design=(
            "Express the gene (with its signal peptide, or a host's) in a strain that cannot use "
            f"the substrate; grow it in minimal medium with the substrate of {subject.function}"
            f"{other} as the only carbon source, six replicates, 48 hours."
        ),
        expected_if_true=f"Growth on the substrate of {subject.function} with the gene only",
        expected_if_false=(
            f"Growth on the substrate of {subject.other} instead, or none"
            if subject.rival
            else "No growth, while the same strain grows on glucose"
        ),
    )


def inhibition_design(subject: Subject) -> Design:
    """Measure the zone of inhibition."""
    return Design(
        type="disk_diffusion",
        title="Compare inhibition zones with and without the gene",
        aim=f"Test whether the gene protects a cell as {with_article(subject.function)} would",
        design=(
            "Express the gene in a susceptible laboratory strain of Escherichia coli; measure "
            "inhibition zones and minimum inhibitory concentrations for a panel of drug classes."
        ),
        expected_if_true="The zone shrinks for drugs of the expected class and for no other",
        expected_if_false="No zone changes, or those of unrelated classes change as much",
    )


def expression_design(subject: Subject) -> Design:
    """Look for the gene and its transcript in samples."""
    return Design(
        type="qrt_pcr",
        title="Look for the gene and its transcript in the samples",
        aim=f"Tell in which samples {subject.gene_id} is present and read",
        design=(
            "Design primers for a part that no relative shares; measure DNA and transcript in "
            "the samples at hand, against a single-copy reference gene. Nothing is cloned."
        ),
        expected_if_true="DNA and transcript in the samples where reads map to the gene",
        expected_if_false="No DNA (an assembly artefact) or DNA without transcript",
    )
