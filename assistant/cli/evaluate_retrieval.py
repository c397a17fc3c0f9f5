"""The command eval retrieval: how well literature search finds what is relevant."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.console import print_json, print_table, progress_bar, say
from assistant.cli.options import Json, Threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings
    from retrieval.knowledge_base import KnowledgeBase


def retrieval(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Collection in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.",
        ),
    ],
    *,
    split: Annotated[str, typer.Option(help="Name of the qrels file.")] = "test",
    kb: Annotated[
        Path | None,
        typer.Option(help="Keep the index here, or reuse it; without, it is made for this once."),
    ] = None,
    text_embedder: Annotated[
        str | None, typer.Option(help="minilm | st:PATH_OR_NAME | hashing | none, for a new index.")
    ] = None,
    expand: Annotated[bool, typer.Option("--expand", help="Also with synonyms.")] = False,
    feedback: Annotated[bool, typer.Option("--feedback", help="Also with feedback.")] = False,
    reranker: Annotated[
        Path | None, typer.Option(help="Also with this cross-encoder (a folder).")
    ] = None,
    draws: Annotated[int, typer.Option(min=100, help="Draws of the paired tests.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the tests.")] = 0,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """nDCG@10, Recall@100 and MRR@10 by words, by meaning, and fused."""
    from assistant.evaluation.retrieval import RetrievalRequest, evaluate_retrieval
    from assistant.settings import load_settings

    request = RetrievalRequest(
        folder,
        split,
        expand=expand,
        feedback=feedback,
        reranker=str(reranker or ""),
        draws=draws,
        seed=seed,
    )
    index = _index(kb, text_embedder, load_settings(threads=threads))
    with index as base, progress_bar("items") as tick:
        document = evaluate_retrieval(request, base, tick)
    if as_json:
        print_json(document)
        return
    _print(document)


@contextmanager
def _index(kb: Path | None, embedder: str | None, settings: Settings) -> Iterator[KnowledgeBase]:
    """Open or make the index; one without a name is deleted at the end."""
    from assistant.services import open_or_create_base

    if kb is not None:
        with open_or_create_base(kb, settings, text_embedder=embedder) as base:
            yield base
        return
    with tempfile.TemporaryDirectory(prefix="metalumen-") as temporary:
        say("The index is made for this once; --kb KB keeps it")
        path = Path(temporary) / "kb"
        with open_or_create_base(path, settings, text_embedder=embedder) as base:
            yield base


def _print(document: dict[str, Any]) -> None:
    from assistant.evaluation.ranking_metrics import FIGURES

    about = f"{document['collection']} {document['split']}"
    say(f"{about}: {document['queries']:,} queries, {document['documents']:,} documents")
    for warning in document["warnings"]:
        say(f"warning: {warning}")
    if document["dense_off"]:
        say(f"Dense search is off: {document['dense_off']}")
    rows = [
        (name, *(_estimate(its[figure]) for figure in FIGURES))
        for name, its in document["settings"].items()
    ]
    print_table(("setting", *FIGURES), rows)
    if document["comparisons"]:
        typer.echo()
        columns = ("figure", "setting", "against", "difference", "p", "p (Holm)")
        print_table(columns, [_comparison(it) for it in document["comparisons"]])


def _estimate(it: dict[str, float | None]) -> str:
    value = f"{it['value']:.4f}"
    return value if it["low"] is None else f"{value} ({it['low']:.3f}-{it['high']:.3f})"


def _comparison(it: dict[str, Any]) -> tuple[str, ...]:
    numbers = (f"{it['difference']:+.4f}", f"{it['p']:.4f}", f"{it['p_holm']:.4f}")
    return it["figure"], it["setting"], it["against"], *numbers
