"""Answer for proteins whose function is known, from a knowledge base or from a finished run."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from assistant.annotate import Annotator
from assistant.evaluation.answers import predict
from assistant.ranking import rank
from ingest.errors import InputError
from ingest.records import Gene
from retrieval.evidence.base import Surroundings
from retrieval.held_out_view import HeldOutView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.calibration import Calibration
    from assistant.claims import AnnotationRecord
    from assistant.evaluation.answers import Prediction
    from assistant.evaluation.truth import Known
    from retrieval.evidence.base import KnowledgeView
    from retrieval.held_out_view import Hidden

    Tick = Callable[[int, int], None]

#: Proteins searched in one call: a search has fixed costs, its hits need memory.
BATCH: Final = 1000


def predict_held_out(
    proteins: Sequence[Known],
    hidden: Sequence[Hidden],
    view: KnowledgeView,
    calibration: Calibration,
    tick: Tick | None = None,
) -> list[Prediction]:
    """Answer for each protein as if what is hidden from it had never been read.

    Args:
        proteins: The test proteins.
        hidden: What each may not see, in the same order.
        view: The whole knowledge base.
        calibration: The fitted curves.
        tick: Told how many are done, and how many there are.
    """
    found: dict[int, Prediction] = {}
    if tick is not None:
        tick(0, len(proteins))
    for batch in batches(proteins):
        genes = {place: _gene(proteins[place], place) for place in batch}
        held = {genes[place].sequence_sha256: hidden[place] for place in batch}
        annotator = Annotator(HeldOutView(view, held), calibration)
        evidence = annotator.gather(list(genes.values()), Surroundings())
        for place, gene in genes.items():
            ranking = rank(gene, evidence[gene.id], calibration)
            found[place] = predict(
                proteins[place], ranking.candidates, ranking.tier, evidence[gene.id]
            )
            if tick is not None:
                tick(len(found), len(proteins))
    return [found[place] for place in range(len(proteins))]


def batches(proteins: Sequence[Known]) -> Iterator[list[int]]:
    """Part the proteins so that no batch has one sequence twice: it may see two things then."""
    rounds: dict[int, list[int]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for place, known in enumerate(proteins):
        rounds[seen[known.sequence]].append(place)
        seen[known.sequence] += 1
    for places in rounds.values():
        for start in range(0, len(places), BATCH):
            yield places[start : start + BATCH]


def predict_from_run(
    proteins: Sequence[Known], records: Iterable[AnnotationRecord]
) -> tuple[list[Prediction], tuple[str, ...]]:
    """Take the answers from a run; also say which proteins the run does not have.

    Raises:
        InputError: The run has none of the proteins.
    """
    by_id = {record.gene.id: record for record in records}
    known = [one for one in proteins if one.accession in by_id]
    if not known:
        what = f"the run has no gene of the truth table, {proteins[0].accession!r} for one"
        raise InputError(what, hint="Use the run's gene_id as accession")
    predictions = []
    for one in known:
        record = by_id[one.accession]
        draft = record.hypothesis
        predictions.append(predict(one, draft.candidates, draft.tier, record.evidence))
    return predictions, tuple(one.accession for one in proteins if one.accession not in by_id)


def _gene(known: Known, place: int) -> Gene:
    # A name of its own: evidence sources leave out entries that have the gene's name, and here
    # only what was asked for may be left out.
    return Gene(id=f"test protein {place + 1}", translation=known.sequence)
