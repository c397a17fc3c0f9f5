"""The words of tests in living cells: with a mutant, a host that can be modified, or a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.designs import (
    Design,
    assay_of,
    binding_design,
    enzyme_design,
    expression_design,
    growth_design,
    inhibition_design,
    reporter_design,
    uptake_design,
)
from assistant.function_class import class_of

if TYPE_CHECKING:
    from assistant.designs import Subject


def complementation_design(subject: Subject) -> Design:
    """Rescue a mutant that lacks the function; only where such a mutant is kept."""
    collection, relative = subject.mutant
    rival = f" and, beside it, a mutant without {subject.other}" if subject.rival else ""
    return Design(
        type="complementation",
        title="Rescue a mutant that lacks the function",
        aim=f"Test whether the gene does the work of {subject.function} in a living cell",
        design=(
            f"Take the knock-out of the gene of {relative} from {collection or 'a collection'}"
            f"{rival}, if the gene is not essential there; express this gene from an inducible "
            "plasmid, and compare growth or the missing product under the condition where the "
            "mutant fails."
        ),
        expected_if_true=(
            "The gene restores growth or product, only with inducer"
            + (f", and does not rescue the mutant without {subject.other}" if rival else "")
        ),
        expected_if_false=(
            f"Only the mutant without {subject.other} is rescued, or neither"
            if rival
            else "The mutant stays as with the empty vector, although the protein is made"
        ),
    )


def deletion_design(subject: Subject) -> Design:
    """Delete the ortholog in a strain that can be modified."""
    other = f" or of {subject.other}" if subject.rival else ""
    return Design(
        type="deletion",
        title="Delete the ortholog in a strain that can be modified",
        aim=f"Test whether {subject.function} is the gene's role in a living cell",
        design=(
            f"Find the ortholog in {subject.host.strain} (reciprocal best hit, same neighbours); "
            "delete it without polar effects, bring this gene back on a plasmid, and compare "
            f"growth and products where {subject.function}{other} is needed. Without an ortholog "
            "there, leave this test out."
        ),
        expected_if_true=(
            f"The mutant fails where {subject.function} is needed, and the gene brings it back"
        ),
        expected_if_false=(
            f"The mutant fails where {subject.other} is needed instead, or nowhere"
            if subject.rival
            else "The mutant is as the wild type in each of these conditions"
        ),
    )


def product_design(subject: Subject) -> Design:
    """Look for the product in a host that is given the gene."""
    other = f" and of {subject.other}" if subject.rival else ""
    return Design(
        type="mass_spectrometry",
        title="Look for the product in cells that are given the gene",
        aim=f"Test whether a cell with the gene makes the product of {subject.function}",
        design=(
            f"Express the gene in {subject.host.strain}; feed the substrates of "
            f"{subject.function}{other}, take samples over 24 hours, and compare substrate and "
            "products by LC-MS/MS with cells that carry the empty vector."
        ),
        expected_if_true=(
            f"The substrate of {subject.function} falls and its product appears, with the gene only"
        ),
        expected_if_false=(
            f"The product of {subject.other} appears instead, or none"
            if subject.rival
            else "Substrate and products are as with the empty vector, although the protein is made"
        ),
    )


def fitness_design(subject: Subject) -> Design:
    """Find the condition in which the gene matters."""
    return Design(
        type="pooled_fitness",
        title="Find the condition in which the gene matters",
        aim=f"Find a phenotype of {subject.gene_id} or of its nearest culturable relative",
        design=(
            f"In {subject.host.words}, if it has an ortholog of this gene, or in any culturable "
            "strain that has one, use a transposon library with barcodes (RB-TnSeq) or CRISPR "
            "interference; grow it in 30 or more conditions (carbon and nitrogen sources, stress, "
            "bile acids, drugs) for four to eight doublings."
        ),
        expected_if_true=(
            "Log2 fitness below -2 in a few related conditions, in replicates: they name the "
            "pathway to test next"
        ),
        expected_if_false="Fitness between -1 and 1 everywhere: not needed in these conditions",
    )


def role_design(subject: Subject) -> Design:
    """Choose how the role in a cell is tested: by what can be had for this gene."""
    if subject.mutant[0]:
        return complementation_design(subject)
    if subject.host.is_known and not subject.host.is_proxy:
        return deletion_design(subject)
    # DNA, RNA, proteins and polymers of the wall cannot be fed to a cell.
    return product_design(subject) if assay_of(subject).is_fed else fitness_design(subject)


_BENCH = {
    "enzyme": (enzyme_design, role_design),
    "transporter": (uptake_design, growth_design),
    "regulator": (reporter_design, expression_design),
    "binding": (binding_design, fitness_design),
    "other": (binding_design, fitness_design),
}


def bench_designs(subject: Subject) -> tuple[Design, Design]:
    """Choose the two tests at the bench for the leading function."""
    first = subject.first
    direct, in_cell = _BENCH[class_of(first) if first else "other"]
    if first and first.ec_number.startswith("3.2.1"):
        in_cell = growth_design
    if first and any(word in first.product for word in ("resistance", "lactamase", "efflux")):
        in_cell = inhibition_design
    return direct(subject), in_cell(subject)
