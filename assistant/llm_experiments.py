"""Experiments that a model may add: a choice from the catalogue, worded by the catalogue.

The model names a type and says what for. Design, controls and both outcomes are those of the
rules, so no protocol of a model reaches a bench. Where a safety flag is set it is offered
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.biosecurity import SAFETY_FLAGS
from assistant.designs import (
    enzyme_design,
    fold_design,
    growth_design,
    neighbourhood_design,
    reporter_design,
    subject_of,
    tree_design,
    uptake_design,
)
from assistant.designs_in_cells import (
    complementation_design,
    deletion_design,
    fitness_design,
    product_design,
)
from assistant.experiments import experiment_of
from assistant.function_class import class_of
from assistant.hosts import host_of, mutant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.claims import Experiment, Hypothesis
    from assistant.designs import Design, Subject
    from assistant.function_class import FunctionClass
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

_DESIGNS: Final[Mapping[str, Callable[[Subject], Design]]] = {
    "homolog_tree": tree_design,
    "structure_prediction": fold_design,
    "gene_neighbourhood": neighbourhood_design,
    "pooled_fitness": fitness_design,
    "enzyme_assay": enzyme_design,
    "growth_assay": growth_design,
    "complementation": complementation_design,
    "deletion": deletion_design,
    "mass_spectrometry": product_design,
    "uptake_assay": uptake_design,
    "reporter": reporter_design,
}
_ALWAYS: Final = ("structure_prediction", "gene_neighbourhood", "pooled_fitness")
_BY_CLASS: Final[Mapping[FunctionClass, tuple[str, ...]]] = {
    "enzyme": (
        "homolog_tree",
        "enzyme_assay",
        "growth_assay",
        "complementation",
        "deletion",
        "mass_spectrometry",
    ),
    "transporter": ("homolog_tree", "uptake_assay", "growth_assay", "complementation"),
    "regulator": ("homolog_tree", "reporter"),
    "binding": ("homolog_tree",),
    "other": ("homolog_tree",),
}


def offered_types(hypothesis: Hypothesis, evidence: Sequence[Evidence] = ()) -> tuple[str, ...]:
    """List the types that fit the leading function and are not proposed by rule yet.

    A mutant is offered where one is kept, a deletion where the relatives' genus can be modified.
    """
    if not SAFETY_FLAGS.isdisjoint(hypothesis.flags):
        return ()
    leading = hypothesis.leading
    fitting = (*_ALWAYS, *(_BY_CLASS[class_of(leading)] if leading else ()))
    proposed = {experiment.type for experiment in hypothesis.experiments}
    cannot = {
        *(() if leading and mutant_of(evidence, leading.supporting)[0] else ("complementation",)),
        *(("deletion",) if host_of(evidence).is_proxy else ()),
    }
    return tuple(key for key in _DESIGNS if key in fitting and key not in proposed | cannot)


def chosen_experiment(
    key: str, hypothesis: Hypothesis, gene: Gene, evidence: Sequence[Evidence]
) -> Experiment:
    """Fill in a type that the model chose; ``key`` is one of those offered."""
    subject = subject_of(hypothesis.candidates, gene, evidence, hypothesis.flags)
    notes = {experiment.safety_note for experiment in hypothesis.experiments}
    note = " ".join(sorted(notes - {""}))
    made = experiment_of(_DESIGNS[key](subject), subject, note)
    return made.model_copy(update={"origin": "llm"})
