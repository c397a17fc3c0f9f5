"""The command search: one question for a person, many for a benchmark, or similar samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from assistant.cli.console import print_json, say
from assistant.cli.options import FormatName, Json, KnowledgeBasePath, Threads
from assistant.cli.similar import SampleQuestion, check_kind, print_similar
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.search_options import SearchOptions


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(search)


Queries = Annotated[Path | None, typer.Option(help='JSON lines with "_id" and "text", for --trec.')]
Trec = Annotated[Path | None, typer.Option(help="Write a TREC run of publications to this file.")]
Mode = Annotated[
    str, typer.Option("--mode", help="hybrid | rrf | dense (by meaning) | lexical (by words)")
]
Expand = Annotated[
    bool, typer.Option("--expand/--no-expand", help="Look for synonyms of what is named, too.")
]
Feedback = Annotated[
    bool, typer.Option("--feedback", help="Search again with what the best say: to find all.")
]
Reranker = Annotated[
    Path | None, typer.Option(help="Folder of a cross-encoder that orders the best 50.")
]
PerPaper = Annotated[int, typer.Option(min=1, help="Passages of one paper, at most.")]
YearFrom = Annotated[int | None, typer.Option(min=1, help="Papers of this year or later.")]
YearTo = Annotated[int | None, typer.Option(min=1, help="Papers of this year or earlier.")]
Taxon = Annotated[str, typer.Option(help="Papers that name this taxon, by its old or new name.")]
PaperType = Annotated[str, typer.Option("--type", help="Papers of this type, such as Review.")]
Sample = Annotated[
    str, typer.Option("--sample", metavar="NAME", help="Samples most like this one.")
]
Profile = Annotated[
    Path | None, typer.Option("--profile", metavar="FILE", help="The same of a new table.")
]
By = Annotated[
    str, typer.Option("--by", help="species | genus | higher | pathway | ko | ec | family | otu")
]
Shown = Annotated[
    list[str] | None,
    typer.Option("--show", metavar="COLUMN", help="Metadata to show of samples; repeat, or A,B."),
]
Retracted = Annotated[bool, typer.Option("--include-retracted", help="Retracted papers, too.")]


def search(
    kb: KnowledgeBasePath,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What to look for.")] = None,
    *,
    k: Annotated[int, typer.Option("-k", min=1, help="How many hits.")] = 10,
    scope: Annotated[
        str, typer.Option("--in", help="literature | proteins | genes | features | all")
    ] = "all",
    queries: Queries = None,
    trec: Trec = None,
    mode: Mode = "hybrid",
    expand: Expand = True,
    feedback: Feedback = False,
    reranker: Reranker = None,
    per_paper: PerPaper = 3,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    taxon: Taxon = "",
    paper_type: PaperType = "",
    include_retracted: Retracted = False,
    sample: Sample = "",
    profile: Profile = None,
    by: By = "",
    show: Shown = None,
    reader_name: FormatName = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Search papers, proteins and features by meaning and by words, or for similar samples."""
    from assistant.cli.hits import hit_documents, print_hits
    from assistant.finding import find
    from assistant.services import open_base
    from assistant.settings import load_settings
    from retrieval.search_options import Filters, SearchOptions

    if sample or profile is not None:
        question = SampleQuestion(sample, profile, by, tuple(show or ()), reader_name, k)
        _check_alone(text, queries, by)
        print_similar(kb, question, load_settings(threads=threads), as_json=as_json)
        return
    _check(text, queries, trec, mode)
    options = SearchOptions(
        mode=cast("Any", mode),
        expand=expand,
        feedback=feedback,
        per_paper=per_paper,
        reranker=str(reranker or ""),
        filters=Filters(year_from, year_to, taxon, paper_type, include_retracted),
    )
    with open_base(kb, load_settings(threads=threads)) as base:
        if queries is not None and trec is not None:
            _run(base, queries, trec, k, options)
            return
        found = find(base, text or "", k, scope, options)
        _tell(base, text or "", options, found.notes)
    print_json(hit_documents(found)) if as_json else print_hits(found)


def _check_alone(text: str | None, queries: Path | None, by: str) -> None:
    if text is not None or queries is not None:
        raise UserError("give a TEXT, or --sample or --profile, not both", where="search")
    check_kind(by)


def _check(text: str | None, queries: Path | None, trec: Path | None, mode: str) -> None:
    from retrieval.search_options import MODES

    if (text is None) == (queries is None) or (queries is None) != (trec is None):
        raise UserError("give a TEXT, or --queries with --trec", where="search")
    if mode not in MODES:
        what = f"there is no mode {mode!r}"
        raise UserError(what, where="search", hint=f"Known: {', '.join(MODES)}")


def _run(base: KnowledgeBase, queries: Path, trec: Path, k: int, options: SearchOptions) -> None:
    from assistant.evaluation.collection import read_queries

    pairs = list(read_queries(queries))
    ranked = base.rank_publications([query for _, query in pairs], k, options)
    _write_trec(trec, [name for name, _ in pairs], ranked)
    _tell_dense(base)
    say(f"{len(pairs):,} queries written to {trec}")


def _tell(base: KnowledgeBase, text: str, options: SearchOptions, notes: Sequence[str]) -> None:
    """Say what else was looked for, what was not searched, and what the hits are worth."""
    for it in base.expansions(text, options):
        say(
            f'Also searched: {", ".join(it.synonyms)}, for "{it.found}". To look for that alone,'
            " put it in quotes or add --no-expand"
        )
    if told := base.taxon_told(options.filters.taxon):
        say(f"Filter --taxon: {told}")
    _tell_dense(base)
    for note in notes:
        say(note)


def _tell_dense(base: KnowledgeBase) -> None:
    if base.dense_off:
        say(f"Dense search is off, by words alone: {base.dense_off}")


def _write_trec(path: Path, names: list[str], ranked: list[list[tuple[str, float]]]) -> None:
    from assistant.atomic import replacing

    with replacing(path) as handle:
        for name, documents in zip(names, ranked, strict=True):
            for rank, (document, score) in enumerate(documents, start=1):
                handle.write(f"{name} Q0 {document} {rank} {score:.6f} metalumen\n".encode())
