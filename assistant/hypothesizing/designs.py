"""The words of tests on clusters, pathways, taxa and rows of a cohort; types of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.designs import Design, Subject
from assistant.experiments import experiment_of

if TYPE_CHECKING:
    from assistant.claims import Experiment
    from assistant.hosts import Host


#: Nothing is modified here, but the organisms are as they come.
ISOLATES: Final = (
    "Look up the risk group of each strain first; samples of people need their consent."
)


def as_experiment(design: Design, host: Host, tells: str, safety_note: str = "") -> Experiment:
    """Complete a design by the catalogue; ``tells`` says between what a result decides."""
    made = experiment_of(design, Subject("", host=host), safety_note)
    where = made.host
    if design.note and host.is_known and host.is_proxy:
        where = f"{where}; where no isolate can be grown, {host.words}"
    return made.model_copy(update={"discriminates": tells, "host": where})


def conserved_run(name: str) -> Design:
    """See whether the run of genes is kept in other genomes."""
    return Design(
        type="gene_neighbourhood",
        title="See whether the run of genes is kept in other genomes",
        aim=f"Tell a unit that is kept together from chance neighbours: {name}",
        design=(
            "Search genomes and contigs for relatives of each protein of the run; count how often "
            "two or more of them lie within ten genes of each other, in genomes that are not "
            "close kin, and list which members are always there."
        ),
        expected_if_true="Most members lie together in distant genomes, in the same order",
        expected_if_false="Each member has other neighbours in other genomes",
    )


def read_together(name: str) -> Design:
    """Look for one transcript across the gaps."""
    return Design(
        type="qrt_pcr",
        title="Look for one transcript across the gaps",
        aim=f"Tell whether the genes are read together: {name}",
        design=(
            "Design primers that span each gap between two genes of the run; measure transcript "
            "in the samples at hand with and without reverse transcriptase. Nothing is cloned."
        ),
        expected_if_true="A product across each gap, as abundant as within the genes",
        expected_if_false="Products within the genes only",
        decision=(
            "Keep it if each gap gives a product within one cycle of those inside the genes, and "
            "none without reverse transcriptase; drop it for a gap that gives none"
        ),
    )


def moved_cluster(name: str, substrate: str) -> Design:
    """Give the whole run to a host."""
    return Design(
        type="growth_assay",
        title="Give the whole run of genes to a host",
        aim=f"Test whether the genes together let a cell use {substrate}",
        design=(
            f"Clone the whole run ({name}) and, beside it, the run without its first enzyme, on a "
            f"low-copy plasmid; grow both in minimal medium with {substrate} as the only source, "
            "six replicates, 48 hours."
        ),
        expected_if_true=f"Growth on {substrate} with the whole run, and less or none without part",
        expected_if_false="No growth with the whole run, though its proteins are made",
        controls=("empty vector", "the run without one gene", "glucose"),
        effort="medium",
    )


def measured_in_samples(name: str, contrast: str) -> Design:
    """Measure it again in samples that were not used."""
    return Design(
        type="qrt_pcr",
        title="Measure it again in samples that were not used to find it",
        aim=f"Test whether {name} {contrast} elsewhere, too",
        design=(
            "Fix the direction and the size of effect before; design primers for a marker gene "
            "of it; measure it against a single-copy reference gene in a cohort of its own, blind "
            "to the groups, with as many subjects as the effect needs (power 80 %)."
        ),
        expected_if_true="The same direction, with an interval that leaves out no effect",
        expected_if_false="No effect or the other direction, with enough samples to see it",
    )


def found_otherwise(name: str) -> Design:
    """Look for it in the same samples by another method."""
    return Design(
        type="qrt_pcr",
        title="Look for it in the same samples by another method",
        aim=f"Tell whether {name} is there or reads were matched wrongly",
        design=(
            "Design two primer pairs in regions that no relative shares; measure DNA in samples "
            "where the table has it and in samples where it does not, and sequence the products."
        ),
        expected_if_true="Products of the right sequence where the table has it, and only there",
        expected_if_false="No product, products of a relative, or products in the blanks as well",
    )


def grown_alone(name: str, what: str) -> Design:
    """Grow it alone and measure what it makes."""
    return Design(
        type="mass_spectrometry",
        title="Grow it alone and measure what it takes and makes",
        aim=f"Test whether {name} itself {what}",
        design=(
            f"Grow an isolate of {name} from a culture collection, or one from these samples, "
            "without oxygen in a defined medium with what the sentence names; sample over 48 hours "
            "and measure substrates and products by LC-MS/MS or GC-MS beside sterile medium. Where "
            "no isolate grows alone, grow it with one helper strain and measure that alone, too."
        ),
        expected_if_true="Substrate falls and product rises with growth, in three cultures",
        expected_if_false="Growth without that change, or a change in sterile medium as well",
        controls=(
            "sterile medium",
            "heat-killed cells",
            "a strain known not to do it",
            "authentic standard",
        ),
        host=f"an isolate of {name} itself, not modified",
        decision=(
            "Keep it if the change is five times that of sterile medium or more in three cultures "
            "and follows growth; drop it if the strain grows well and nothing changes"
        ),
        note=ISOLATES,
    )


def fed_community(name: str) -> Design:
    """Feed a community a labelled precursor."""
    return Design(
        type="mass_spectrometry",
        title="Feed the community a labelled precursor",
        aim=f"Tell whether the pathway runs, not only whether its genes are there: {name}",
        design=(
            "Incubate fresh samples without oxygen with the pathway's first substrate labelled "
            "with carbon-13; follow label in intermediates and product by LC-MS/MS over 24 hours, "
            "beside killed samples."
        ),
        expected_if_true="Label passes through the intermediates into the product",
        expected_if_false="The precursor stays, or label turns up elsewhere",
        controls=("killed samples", "unlabelled precursor", "time zero"),
        host="the community of fresh samples itself",
        decision=(
            "Keep it if label in the product rises over time in three samples and stays at the "
            "natural level in killed ones; drop it if the precursor is used and the product "
            "carries none"
        ),
        note=ISOLATES,
    )


def complete_in_one(name: str, taxon: str) -> Design:
    """See whether one genome has all steps."""
    return Design(
        type="gene_neighbourhood",
        title="See whether one genome has all steps",
        aim=f"Tell whether {taxon} has the whole of {name}",
        design=(
            f"In genomes and bins of {taxon}, search for each enzyme of the pathway; count the "
            "steps that are there, and where they lie. Missing steps count against it only in "
            "genomes that are 90 % complete or more."
        ),
        expected_if_true="All steps, or all but one, in most genomes, partly side by side",
        expected_if_false="Several steps are missing in complete genomes",
    )


def condition_growth(name: str) -> Design:
    """Change the condition and count."""
    return Design(
        type="growth_assay",
        title="Change the condition and see whether it follows",
        aim=f"Tell cause from company: does {name} follow the condition, or bring it about",
        design=(
            "Grow a defined community with and without it, and with and without the condition "
            "(diet component, drug, pH), six replicates each; count by plating or qPCR."
        ),
        expected_if_true="Its share follows the condition, in each replicate",
        expected_if_false="Its share stays, whatever the condition",
        host=f"a defined community of unmodified strains with {name}",
        effort="medium",
        decision=(
            "It follows the condition if its share changes twofold or more in five of six "
            "replicates; it brings the change about if the read-out changes only where it is "
            "present; else open"
        ),
        note=ISOLATES,
        controls=("community without it", "condition without community", "time zero"),
    )
