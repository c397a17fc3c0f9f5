"""Hypotheses on a gene (one for each candidate) and on a cluster of genes of one run."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from assistant.arguing import alternatives_of, assumptions_of, prediction_of, rank_parts
from assistant.biosecurity import SAFETY_FLAGS
from assistant.experiments import TOXIN_NOTE, plan
from assistant.function_class import class_of
from assistant.hosts import host_of
from assistant.hypothesizing.designs import (
    as_experiment,
    conserved_run,
    moved_cluster,
    read_together,
)
from assistant.hypothesizing.drafting import Draft, drafted
from assistant.wording import function_label, probability_text, with_article
from ingest.records import digest_of
from retrieval.evidence.base import Evidence, Terms
from retrieval.evidence.gene_order import LARGEST_GAP
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import AnnotationRecord, CandidateFunction, Experiment, Hypothesis
    from assistant.hypothesizing.records import HypothesisSubject

MOST_CANDIDATES: Final = 3
MOST_NAMED: Final = 6
_OPEN: Final = "whether they work together"
#: Words of names -> what a run that has all of them may be (each known from many genomes).
_SYSTEMS: Final = (
    ((("susd", "rag"), ("susc", "tonb"), ("glycos", "glucan", "xylan", "hydrolase", "lyase")),
     "a locus for the use of a polysaccharide", "the polysaccharide that its enzymes cut"),
    ((("permease", "transport", "abc"), ("kinase", "dehydrogenase", "isomerase", "hydrolase",
      "aldolase", "lyase")), "a unit that takes up a substrate and breaks it down",
     "the substrate of its transporter"),
    ((("histidine kinase", "sensor"), ("response regulator",)),
     "a two-component system with the genes that it regulates", "the signal"),
    ((("synthase", "synthetase"), ("transferase", "reductase")),
     "a unit that makes a product in several steps", "a precursor of its product"),
)  # fmt: skip


def of_gene(record: AnnotationRecord) -> tuple[Hypothesis, ...]:
    """Draft one hypothesis for each of the first candidates; that of the run stays as it is."""
    first = record.hypothesis
    if first.leading is None:
        return (first,)
    others = first.candidates[1:MOST_CANDIDATES]
    return (first, *(_of_candidate(record, one) for one in others))


def _of_candidate(record: AnnotationRecord, one: CandidateFunction) -> Hypothesis:
    draft, gene = record.hypothesis, record.gene
    rest = [other for other in draft.candidates if other.rank != one.rank]
    ordered = (one, *rest)
    flags = tuple(dict.fromkeys((*draft.flags, "conflicting_functions")))
    experiments = plan(ordered, gene, record.evidence, flags)
    for_it = [item for item in record.evidence if item.id in one.supporting]
    label = with_article(function_label(one))
    statement = (
        f"{gene.id} may instead encode {label} (probability {probability_text(one.probability)})."
    )
    return draft.model_copy(
        update={
            "id": f"hyp-{digest_of(draft.id, str(one.rank), one.product)}",
            "statement": statement,
            "tier": one.tier,
            "probability": one.probability,
            "candidates": ordered,
            "claims": (),
            "experiments": experiments,
            "prediction": prediction_of(experiments),
            "assumptions": assumptions_of(for_it, flags),
            "alternatives": alternatives_of(ordered),
            "ranked_by": rank_parts(for_it, one.probability, experiments),
        }
    )


# --- Clusters -------------------------------------------------------------------------------


def of_cluster(
    subject: HypothesisSubject, records: Sequence[AnnotationRecord]
) -> tuple[tuple[Hypothesis, ...], tuple[Evidence, ...]]:
    """Draft what the genes of a cluster may do together, and that they may do nothing together.

    Args:
        subject: The cluster.
        records: Its genes in their order on the contig.

    Returns:
        The hypotheses, and the evidence that they cite.
    """
    layout = _layout(subject, records)
    members = [_member(subject, record) for record in records]
    evidence = (layout, *members)
    is_unsafe = any(not SAFETY_FLAGS.isdisjoint(it.hypothesis.flags) for it in records)
    names = [function_label(it.hypothesis.leading) for it in records if it.hypothesis.leading]
    system, substrate = _system(records)
    together = Draft(
        statement=_together(subject, records, names, system),
        evidence=evidence,
        experiments=_experiments(subject, records, substrate, is_unsafe=is_unsafe),
        assumptions=(
            "That genes in one run are read and work together; few of them were shown to.",
            "That each draft of its genes is right; each has its own probability.",
        ),
        alternatives=(
            "Neighbours by chance, each with a task of its own",
            "Two units that meet here, read apart",
        ),
        unknowns=_unknowns(records),
        flags=tuple(sorted({flag for it in records for flag in it.hypothesis.flags})),
        says=_layout_words(layout),
    )
    apart = Draft(
        statement=f"The genes {subject.name} may lie side by side without a common task.",
        evidence=(layout,),
        experiments=together.experiments[:2],
        assumptions=("That order on the contig is mostly history.",),
        alternatives=(f"They work together: {system}",),
        unknowns=_unknowns(records),
        flags=together.flags,
        says=_layout_words(layout),
    )
    return (drafted(subject, together), drafted(subject, apart)), evidence


def _experiments(
    subject: HypothesisSubject,
    records: Sequence[AnnotationRecord],
    substrate: str,
    *,
    is_unsafe: bool,
) -> tuple[Experiment, ...]:
    host = host_of([item for record in records for item in record.evidence])
    tells = "one unit from chance neighbours"
    # Without their places no primer can span a gap, and no run can be cloned.
    apart = _lie_apart(records)
    looked_at = (conserved_run(subject.name), *(() if apart else (read_together(subject.name),)))
    if is_unsafe:
        return tuple(as_experiment(one, host, tells, TOXIN_NOTE) for one in looked_at)
    moved = () if apart else (moved_cluster(subject.name, substrate),)
    designs = (*looked_at, *moved)
    return tuple(as_experiment(one, host, tells) for one in designs)


def _layout(subject: HypothesisSubject, records: Sequence[AnnotationRecord]) -> Evidence:
    """Say how the genes lie: one contig, one strand, how far apart."""
    statement = f"{counted(len(records), 'gene')}, {subject.name}, {_how_they_lie(records)}."
    return Evidence(
        gene_id=subject.id,
        kind="genomic_context",
        eco="ECO:0007327",
        statement=statement,
        reference=f"genes:{subject.name}",
        quote=statement,
    )


def _how_they_lie(records: Sequence[AnnotationRecord]) -> str:
    places = [record.gene.location for record in records]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or len({place.seqid for place in known}) != 1:
        return "are not known to lie on one contig"
    gaps = [later.start - earlier.end - 1 for earlier, later in pairwise(known)]
    strands = {place.strand for place in known}
    strand = "one strand" if len(strands) == 1 else "both strands"
    run = "an operon-like run" if is_operon_like(records) else "no operon-like run"
    return f"lie on {strand} of {known[0].seqid}, at most {max(gaps)} bp apart: {run}"


def is_operon_like(records: Sequence[AnnotationRecord]) -> bool:
    """Tell whether genes lie on one strand of one contig with small gaps."""
    places = [record.gene.location for record in records]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or len({(it.seqid, it.strand) for it in known}) != 1:
        return False
    return all(later.start - earlier.end - 1 <= LARGEST_GAP for earlier, later in pairwise(known))


def _lie_apart(records: Sequence[AnnotationRecord]) -> bool:
    """Tell whether genes have no place, or lie on several contigs."""
    places = [record.gene.location for record in records]
    return None in places or len({place.seqid for place in places if place}) != 1


def _layout_words(layout: Evidence) -> tuple[tuple[str, Evidence], ...]:
    return ((layout.statement, layout),)


def _member(subject: HypothesisSubject, record: AnnotationRecord) -> Evidence:
    leading = record.hypothesis.leading
    terms = Terms(product=leading.product, gene=leading.gene) if leading else Terms()
    return Evidence(
        gene_id=subject.id,
        kind="prior_annotation",
        eco="ECO:0000213",
        statement=record.hypothesis.statement,
        reference=f"gene:{record.gene.id}",
        terms=terms,
        quote=record.hypothesis.statement,
        tool="Metalumen draft",
    )


def _together(
    subject: HypothesisSubject,
    records: Sequence[AnnotationRecord],
    names: Sequence[str],
    system: str,
) -> str:
    unnamed = len(records) - len(names)
    told = listed(list(names), most=MOST_NAMED) or "none with a draft"
    rest = f", and {counted(unnamed, 'gene')} without a draft" if unnamed else ""
    if _lie_apart(records):
        return (
            f"The genes {subject.name} are not known to lie together; if they do, they may be "
            f"{system}: {told}{rest}."
        )
    how = "lie in an operon-like run" if is_operon_like(records) else "lie in no operon-like run"
    return f"The genes {subject.name} {how} and may be {system}: {told}{rest}."


def _system(records: Sequence[AnnotationRecord]) -> tuple[str, str]:
    """Name what such a set of functions often is, and what it would be tested with."""
    leading = [it.hypothesis.leading for it in records]
    names = [one.product.lower() for one in leading if one]
    for parts, system, substrate in _SYSTEMS:
        if all(any(word in name for word in words for name in names) for words in parts):
            return system, substrate
    kinds = sorted({class_of(one) for one in leading if one})
    shared = f"{kinds[0]} genes" if len(kinds) == 1 and kinds[0] != "other" else "genes"
    return f"a unit of {shared} with one task that their names do not tell", "likely substrates"


def _unknowns(records: Sequence[AnnotationRecord]) -> tuple[str, ...]:
    without = [it.gene.id for it in records if it.hypothesis.leading is None]
    told = [f"Open: {_OPEN}; no transcript was measured."]
    if without:
        told.append(f"What {listed(without, most=MOST_NAMED)} {_does(without)}.")
    return tuple(told)


def _does(names: Sequence[str]) -> str:
    return "does" if len(names) == 1 else "do"
