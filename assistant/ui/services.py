"""What the pages share between reruns and sessions: an open knowledge base, a run, a model."""

from __future__ import annotations

import io
import re
import secrets
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant import services
from assistant.chat import Chat
from assistant.chat.conversation import add_turn, read_conversation
from assistant.cohort.loading import cohort_of, stored_tables
from assistant.finding import find, types_held
from assistant.llm import load_backend
from assistant.paper_states import paper_states, paper_years, states_told
from assistant.report import EXPORTERS
from assistant.review.queue import in_order
from assistant.review.states import standing_state
from assistant.run_folder import RunFolder
from assistant.settings import listed, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.chat.answers import Answer, Source
    from assistant.claims import AnnotationRecord, State
    from assistant.cohort.loading import Cohort, StoredTable
    from assistant.finding import Found
    from assistant.llm.base import LLMBackend
    from assistant.report.base import Report
    from assistant.review_desk import ReviewDesk
    from retrieval.description import Info
    from retrieval.knowledge_base import AddReport, KnowledgeBase
    from retrieval.profiles.search import AskedSample, SimilarSamples
    from retrieval.search_options import SearchOptions
    from retrieval.spaces import Progress

_CONVERSATION_NAME: Final = re.compile(r"[0-9a-f]{32}")

# What a knowledge base is said to hold: the name of its count, and the word for it.
HELD = (
    ("publications", "papers"),
    ("proteins", "reference proteins"),
    ("genes", "own genes"),
    ("features", "community features"),
    ("samples", "samples"),
    ("files", "files"),
)


def info(path: Path) -> Info:
    """Count what a knowledge base holds."""
    return _base(path).info()


def papers_told(path: Path) -> str:
    """Say how many papers are retracted or in doubt, and of what years they are."""
    connection = _base(path).facts.connection
    return states_told(paper_states(connection), paper_years(connection))


def search(path: Path, query: str, scope: str, k: int, options: SearchOptions) -> Found:
    """Search a knowledge base; say what else was looked for, and what the hits are worth."""
    base = _base(path)
    found = find(base, query, k, scope, options)
    told = [
        f"Also searched: {', '.join(it.synonyms)}, for “{it.found}”."
        for it in base.expansions(query, options)
        if not found.is_lookup
    ]
    if taxon := base.taxon_told(options.filters.taxon):
        told.append(f"Taxon: {taxon}.")
    if base.dense_off:
        told.append(f"Dense search is off, by words alone: {base.dense_off}")
    return replace(found, notes=(*told, *found.notes))


def paper_types(path: Path) -> list[str]:
    """List the types of papers that a knowledge base holds, the commonest first."""
    return types_held(_base(path).facts.connection)


def add(
    path: Path, files: Sequence[Path], reader_name: str | None, progress: Progress
) -> list[AddReport]:
    """Add files, through an opening of its own: other sessions go on searching meanwhile."""
    with services.open_base(path, load_settings()) as base:
        return base.add(files, reader_name=reader_name, progress=progress)


def ask(
    question: str,
    path: Path,
    run: Path | None,
    llm: str,
    given: Sequence[Source] = (),
    earlier: Sequence[Answer] = (),
) -> Answer:
    """Answer a question from a knowledge base and, if one is open, a run.

    ``given`` comes first; ``earlier`` are the answers that the question may point back to.
    """
    chat = Chat(
        base=_base(path),
        records=records(run) if run else (),
        backend=_backend(llm),
        seed=load_settings().seed,
        prompt_columns=listed(load_settings().prompt_columns),
        run_name=run.name if run else "",
    )
    return chat.ask(question, given, earlier)


def new_conversation() -> str:
    """Make a name that nobody can guess: whoever has it can read the conversation."""
    return secrets.token_hex(16)


def conversation(path: Path, name: str) -> list[Answer]:
    """Read the answers of a conversation that was kept; none for a name that is none."""
    file = _conversation_file(path, name)
    return [turn.answer for turn in read_conversation(file)] if file else []


def keep_turn(path: Path, name: str, answer: Answer) -> None:
    """Keep an answer in the knowledge base's cache, where a reload of the page finds it."""
    if file := _conversation_file(path, name):
        file.parent.mkdir(parents=True, exist_ok=True)
        add_turn(file, answer)


def _conversation_file(path: Path, name: str) -> Path | None:
    # The name comes from the page's address: what is none could lead to any file.
    is_name = bool(_CONVERSATION_NAME.fullmatch(name))
    return path / "cache" / "conversations" / f"{name}.jsonl" if is_name else None


def promote(answer: Answer, run: Path) -> str:
    """Put an answer into the review queue of a run; return the draft's name there."""
    return services.promote_answer(answer, run).gene.id


def cohort_tables(path: Path) -> list[StoredTable]:
    """List the tables of samples that a knowledge base holds."""
    return stored_tables(_base(path))


def read_cohort(path: Path, table: StoredTable) -> Cohort:
    """Read one of them with the metadata of its samples."""
    return cohort_of(_base(path), table)


def compared_samples(path: Path) -> list[str]:
    """List the samples that others can be compared with."""
    return _base(path).compared_samples()


def similar(path: Path, asked: AskedSample, k: int) -> SimilarSamples:
    """List the samples most like one."""
    return _base(path).similar_samples(asked, k)


def records(run: Path) -> tuple[AnnotationRecord, ...]:
    """Read the records of a run once for all sessions; anew after the run was made again."""
    return _records(str(RunFolder.open(run).path), _stamp(run / "run.json"))


def queue(run: Path, state: State) -> list[AnnotationRecord]:
    """List the records that are in a state, those that need a look most first."""
    return in_order(_with_drafts(run), desk(run).reviews.latest(), state=state)


def state_counts(run: Path) -> Counter[State]:
    """Count the genes of a run by the state in which they stand."""
    latest = desk(run).reviews.latest()
    return Counter(
        standing_state(record, latest.get(record.gene.id)) for record in _with_drafts(run)
    )


def _with_drafts(run: Path) -> tuple[AnnotationRecord, ...]:
    """Take answers that were made drafts, too; they are read anew each time."""
    return (*records(run), *RunFolder.open(run).drafts())


def desk(run: Path) -> ReviewDesk:
    """Open a run's reviews; cheap, so done anew each time and never stale."""
    return services.open_desk(run, load_settings())


def report(run: Path, *, include_drafts: bool) -> Report:
    """Read a run with its reviews for an export."""
    read = records(run)
    folder = RunFolder.open(run)
    return services.load_report(
        folder, load_settings(), include_drafts=include_drafts, records=read
    )


def _base(path: Path) -> KnowledgeBase:
    # An open base follows files that are added; one that was replaced on disk is opened anew.
    return _opened_base(str(path), _inode(path / "kb.sqlite"))


@st.cache_resource(
    show_spinner="Opening the knowledge base ...",
    max_entries=2,
    on_release=lambda base: base.close(),
)
def _opened_base(path: str, inode: int) -> KnowledgeBase:  # noqa: ARG001 - part of the key
    return services.open_base(Path(path), load_settings())


@st.cache_resource(show_spinner="Reading the run ...", max_entries=2)
def _records(run: str, stamp: int) -> tuple[AnnotationRecord, ...]:  # noqa: ARG001 - part of the key
    return tuple(RunFolder.open(Path(run)).records())


@st.cache_resource(
    show_spinner="Loading the language model ...",
    max_entries=1,
    on_release=lambda backend: backend.close() if backend else None,
)
def _backend(llm: str) -> LLMBackend | None:
    settings = load_settings(llm=llm)
    return load_backend(settings.llm, online=settings.online, threads=settings.threads)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def _inode(path: Path) -> int:
    return path.stat().st_ino if path.is_file() else 0


def exported(report: Report, format_name: str) -> bytes:
    """Write a report in one format."""
    content = io.BytesIO()
    EXPORTERS.get(format_name)().write(report, content)
    return content.getvalue()
