"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

KnowledgeBasePath = Annotated[Path, typer.Argument(metavar="KB", help="Knowledge base folder.")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
FormatName = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="Do not guess the format; see `formats`."),
]
LlmSpec = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="none | bundled | gguf:PATH | openai:BASE_URL#MODEL | ollama:MODEL | hf:PATH",
    ),
]
Entailment = Annotated[
    str | None,
    typer.Option(
        "--entailment",
        metavar="PATH",
        help="Folder of a model of natural-language inference that judges claims.",
    ),
]
Aligner = Annotated[
    str | None,
    typer.Option(
        "--aligner",
        metavar="NAME",
        help="Program of the search: mmseqs, diamond (on the PATH) or mmseqs-profiles.",
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of the language model.")]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="Threads for search and models.")
]
Online = Annotated[
    bool | None,
    typer.Option("--online", help="Allow addresses outside this machine and its network."),
]
