"""Many genes: shards, a ledger, resume, and workers. Count in = count out.

The answer for a gene does not depend on its shard, on the number of workers or on whether the
run was interrupted, so every way to the end gives the same bytes (without a language model).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from assistant.atomic import sweep_leftovers
from assistant.inputs import surroundings_of
from assistant.ledger import Journal, Ledger
from assistant.llm import NO_LLM
from assistant.report.html_pages import remove_pages
from assistant.results import write_results
from assistant.run_folder import (
    ANNOTATIONS,
    FAILED,
    GFF3,
    HYPOTHESES,
    MULTIQC,
    REPORT,
    REVIEWS,
    RUN_INFO,
    WORK,
)
from assistant.searching import NO_FAULT_OF_A_GENE, search_ahead, together
from assistant.workers import run_shards
from ingest.errors import MetalumenError, RunError
from ingest.records import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assistant.annotate import Annotator
    from assistant.claims import RunInfo
    from assistant.inputs import QueryGenes
    from assistant.results import Outcome
    from assistant.searching import SearchableBase
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence, Surroundings

# Genes per shard: what a kill makes a run do again, and what workers share. With a language model
# shards are smaller, so that several workers share a short list.
SHARD_SIZE = 256
SHARD_SIZE_WITH_LLM = 32

# Stages, as a user sees them.
SEARCHING, ANNOTATING = "searching", "annotating"


class FailedGene(BaseModel):
    """The line of a gene that could not be annotated."""

    failed_gene: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the batch with all that its genes' answers depend on.

    ``searched`` is the file of what was searched ahead for it, which need not be there.
    """

    number: int
    genes: tuple[Gene, ...]
    surroundings: Surroundings
    journal: Path | None = None
    searched: Path | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What to annotate, where to, and what is recorded about the run."""

    query: QueryGenes
    folder: Path
    info: RunInfo
    shard_size: int = SHARD_SIZE

    @property
    def shard_count(self) -> int:
        """Number of shards."""
        return -(-len(self.query.genes) // self.shard_size)

    def shards(self) -> Iterator[Shard]:
        """Cut the genes into shards, in input order."""
        genes = self.query.genes
        for number, start in enumerate(range(0, len(genes), self.shard_size)):
            members = genes[start : start + self.shard_size]
            seqids = frozenset(gene.location.seqid for gene in members if gene.location)
            surroundings = surroundings_of(genes, seqids)
            yield Shard(
                number, members, surroundings, self._journal(number), self._searched(number)
            )

    def _journal(self, number: int) -> Path | None:
        """Name the journal of a shard: a language model's answers are too dear to lose."""
        if self.info.llm == NO_LLM:
            return None
        return self.folder.resolve() / WORK / f"shard-{number:06d}.journal"

    def _searched(self, number: int) -> Path:
        return self.folder.resolve() / WORK / f"shard-{number:06d}.searched"

    @property
    def plan_digest(self) -> str:
        """Digest of all that decides the result."""
        genes = (f"{gene.id} {gene.sequence_sha256}" for gene in self.query.genes)
        return digest_of(self.info.model_dump_json(), str(self.shard_size), *genes)


def annotate_shard(
    shard: Shard, annotator: Annotator, tick: Callable[[int], None] | None = None
) -> tuple[str, ...]:
    """Annotate one shard into one JSON line per gene, in order; ``tick`` is told how many."""
    journal = Journal(shard.journal) if shard.journal else None
    lines = journal.lines() if journal else []
    genes = shard.genes[len(lines) :]
    if shard.searched:
        annotator.use_searched(shard.searched)
    evidence = _gather(genes, shard.surroundings, annotator)
    for gene in genes:
        lines.append(_line(gene, evidence[gene.id], annotator))
        if journal:
            journal.append(lines[-1])
        if tick:
            tick(len(lines))
    return tuple(lines)


def _gather(
    genes: Sequence[Gene], surroundings: Surroundings, annotator: Annotator
) -> dict[str, tuple[Evidence, ...] | Exception]:
    """Gather for all genes at once; when that fails, halve until the bad ones stand alone.

    Raises:
        UserError, OSError: The knowledge base, the installation or the disk is at fault.
        MetalumenError: A tool failed for every gene of several: none of them is to blame.
    """
    evidence = _gather_some(genes, surroundings, annotator) if genes else {}
    faults = [item for item in evidence.values() if isinstance(item, MetalumenError)]
    if len(faults) == len(genes) > 1:
        raise faults[0]
    return evidence


def _gather_some(
    genes: Sequence[Gene], surroundings: Surroundings, annotator: Annotator
) -> dict[str, tuple[Evidence, ...] | Exception]:
    try:
        return dict(annotator.gather(genes, surroundings))
    except NO_FAULT_OF_A_GENE:
        raise
    except Exception as error:  # noqa: BLE001 - one gene must not stop the others
        if len(genes) == 1:
            return {genes[0].id: error}
    half = len(genes) // 2
    return _gather_some(genes[:half], surroundings, annotator) | _gather_some(
        genes[half:], surroundings, annotator
    )


def _line(gene: Gene, evidence: tuple[Evidence, ...] | Exception, annotator: Annotator) -> str:
    try:
        if isinstance(evidence, Exception):
            raise evidence
        return annotator.draft(gene, evidence).model_dump_json()
    except Exception as error:  # noqa: BLE001 - kept as this gene's reason
        reason = f"{type(error).__name__}: {error}"
        return FailedGene(failed_gene=gene.id, reason=reason).model_dump_json()


def run_batch(
    batch: Batch,
    build: Callable[[], Annotator],
    *,
    open_base: Callable[[], SearchableBase] | None = None,
    keeps_searches: bool = False,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    """Annotate what is not done yet, then write the results.

    Args:
        batch: What to do; its folder was prepared by ``prepare_folder``.
        build: Makes an annotator; called once in each worker, so it must be importable.
        open_base: Opens the knowledge base with all threads, to search ahead; None: each shard
            searches for itself.
        keeps_searches: Use the answers that are kept in the knowledge base's cache, and keep
            new ones there.
        workers: Processes; 1 works in this one.
        progress: Called with the stage, genes done, and genes in all.

    Raises:
        RunError: The folder holds the unfinished run of another plan, or another process works
            on it.
    """
    with Ledger(batch.folder / WORK) as ledger:
        ledger.bind(batch.plan_digest)
        pending = [shard for shard in batch.shards() if not ledger.is_done(shard.number)]
        done = len(batch.query.genes) - sum(len(shard.genes) for shard in pending)

        def tick(of_this_shard: int, stage: str = ANNOTATING) -> None:
            if progress:
                progress(stage, done + of_this_shard, len(batch.query.genes))

        for group in together(pending):
            if open_base:
                tick(0, SEARCHING)
                search_ahead(group, open_base, keeps=keeps_searches)
            tick(0)
            for number, lines in run_shards(
                group, build, annotate_shard, workers=workers, tick=tick
            ):
                ledger.write(number, lines)
                done += len(lines)
                tick(0)
        sweep_leftovers(batch.folder)
        outcome = write_results(batch, ledger.lines(batch.shard_count))
    shutil.rmtree(batch.folder / WORK)
    return outcome


def check_same_run(found: RunInfo, wanted: RunInfo, folder: Path) -> None:
    """Refuse to take a finished run for one that was asked for with other arguments.

    Raises:
        RunError: Something that decides the result differs; the message names it.
    """
    # The files of the knowledge base are in its digest; runs of earlier versions do not list them.
    beside = {"counts", "knowledge_base_files"}
    have, want = (info.model_dump(exclude=beside) for info in (found, wanted))
    differing = [name for name in want if have[name] != want[name]]
    if differing:
        names = ", ".join(name.replace("_", " ") for name in differing)
        raise RunError(
            f"the folder holds a finished run that differs in: {names}",
            where=str(folder),
            hint="Add --force to replace it, or name another -o",
        )


def prepare_folder(folder: Path, *, resume: bool, force: bool) -> bool:
    """Make the run folder ready; tell whether there is anything to do.

    Raises:
        RunError: The folder is not empty and neither ``resume`` nor ``force`` was given, or both
            were, or ``force`` was given for a folder that is not a run or that holds reviews.
    """
    if resume and force:
        raise RunError("--resume and --force exclude each other", hint="Give one of them")
    if folder.exists() and not folder.is_dir():
        raise RunError("this is a file, not a folder", where=str(folder), hint="Name another -o")
    occupied = folder.is_dir() and any(folder.iterdir())
    is_run = (folder / RUN_INFO).is_file() or (folder / WORK).is_dir()
    if occupied and not is_run:
        raise RunError(
            "the folder is not empty and is not a run", where=str(folder), hint="Name another -o"
        )
    if occupied and force:
        _remove_run(folder)
    elif occupied and not resume:
        raise RunError(
            "the folder holds a run already",
            where=str(folder),
            hint="Add --resume to finish it, --force to replace it, or name another -o",
        )
    folder.mkdir(parents=True, exist_ok=True)
    finished = (folder / RUN_INFO).is_file()
    if finished and (folder / WORK).is_dir():  # killed between its last file and the clean-up
        shutil.rmtree(folder / WORK)
    return not finished


def _remove_run(folder: Path) -> None:
    """Remove the files of a run, and nothing else that may lie beside them.

    Raises:
        RunError: Experts have decided on genes of this run: that is not ours to remove.
    """
    if (folder / REVIEWS).exists():
        raise RunError(
            "the run has decisions of reviewers, which --force would remove",
            where=str(folder / REVIEWS),
            hint="Name another -o, or move this folder away first",
        )
    # run.json goes first: without it the folder is not taken for a finished run.
    for name in (RUN_INFO, ANNOTATIONS, HYPOTHESES, FAILED, GFF3, REPORT, MULTIQC):
        (folder / name).unlink(missing_ok=True)
    remove_pages(folder / REPORT)
    sweep_leftovers(folder)
    if (folder / WORK).is_dir():
        shutil.rmtree(folder / WORK)
