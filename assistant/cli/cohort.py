"""The command cohort: what differs, changes and goes together in a table of samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.cli.console import counted, print_json, print_table, say
from assistant.cli.options import FormatName, Json, Seed, Threads
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.cohort.loading import CohortFiles
    from retrieval.cohort.analysis import CohortResult
    from retrieval.cohort.learners import Learner
    from retrieval.cohort.normalise import Transform
    from retrieval.cohort.question import Question

_NO_MODELS = "none"
_ROWS_SHOWN = 20
Q_LEVEL = 0.05  # as in retrieval.cohort.differential, which is costly to import

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="TABLE...|KB", help="A table, files of one kind to be joined, or a knowledge base."
    ),
]
MetadataFile = Annotated[Path | None, typer.Option("--metadata", help="Sample metadata.")]
Group = Annotated[str, typer.Option("--group", help="Column of groups, or of an outcome.")]
Folder = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write.")]
Subject = Annotated[str, typer.Option("--subject", help="Column that says who was sampled.")]
Time = Annotated[str, typer.Option("--time", help="Column of times: numbers, dates, 'week 4'.")]
Covariates = Annotated[
    list[str] | None,
    typer.Option("--covariate", "--covariates", help="Column to adjust for; repeat, or A,B."),
]
Ignored = Annotated[
    list[str] | None,
    typer.Option("--ignore", help="Column that is no confounder, on your word; repeat, or A,B."),
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="CONDITION", help="Only samples with e.g. 'month<=3'; repeat."),
]
Reference = Annotated[str, typer.Option(help="Group to compare with.")]
Metabolites = Annotated[Path | None, typer.Option(help="Metabolites of the samples.")]
Taxonomy = Annotated[Path | None, typer.Option(help="Lineages of the features.")]
Rank = Annotated[str, typer.Option(help="Rank to compare at: p, c, o, f, g, s.")]
TableName = Annotated[
    str, typer.Option("--table", help="File, or group of files, of a knowledge base.")
]
Donor = Annotated[str, typer.Option(help="Column that names each sample's donor.")]
Baseline = Annotated[
    float | None, typer.Option(help="Last time that is baseline; else each first time.")
]
Averaged = Annotated[
    bool, typer.Option("--per-subject-mean", help="Average each subject's samples first.")
]
Independent = Annotated[
    bool, typer.Option("--samples-are-independent", help="No subject gave several samples.")
]
TransformName = Annotated[str, typer.Option("--transform", help="clr|ast|relative|log|none")]
Models = Annotated[str, typer.Option(help="linear,forest,network or none.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(cohort)


def cohort(
    sources: Sources,
    *,
    out: Folder,
    group: Group = "",
    metadata: MetadataFile = None,
    subject: Subject = "",
    time: Time = "",
    covariate: Covariates = None,
    ignore: Ignored = None,
    reference: Reference = "",
    where: Where = None,
    metabolites: Metabolites = None,
    taxonomy: Taxonomy = None,
    rank: Rank = "",
    table: TableName = "",
    donor: Donor = "",
    baseline_until: Baseline = None,
    per_subject_mean: Averaged = False,
    samples_are_independent: Independent = False,
    transform: TransformName = "",
    min_prevalence: Annotated[float, typer.Option(min=0, max=1)] = 0.1,
    detection_limit: Annotated[float, typer.Option(min=0)] = 0.0,
    models: Models = "linear,forest,network",
    permutations: Annotated[int, typer.Option(min=99)] = 999,
    reader_name: FormatName = None,
    seed: Seed = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Compare groups of samples: tables, drawings and a page, in one folder."""
    from assistant.cohort.loading import CohortFiles
    from assistant.settings import load_settings
    from retrieval.cohort.question import Question
    from retrieval.threads import set_threads

    settings = load_settings(threads=threads, seed=seed)
    set_threads(settings.threads)
    question = Question(
        group=group, subject=subject, time=time, covariates=_listed(covariate),
        reference=reference, where=tuple(where or ()), donor=donor,
        baseline_until=baseline_until, per_subject_mean=per_subject_mean,
        samples_are_independent=samples_are_independent, transform=_transform(transform),
        min_prevalence=min_prevalence, detection_limit=detection_limit,
        learners=_learners(models), permutations=permutations, seed=settings.seed,
        threads=settings.threads, ignored=_listed(ignore),
    )  # fmt: skip
    files = CohortFiles(tuple(sources), metadata, metabolites, taxonomy, table, reader_name, rank)
    _run(files, question, out, as_json=as_json)


def _run(files: CohortFiles, question: Question, out: Path, *, as_json: bool) -> None:
    from assistant.cohort.folder import PAGE, document_of, write_folder
    from assistant.cohort.loading import load_cohort
    from retrieval.cohort.analysis import analyse

    first = files.sources[0].name
    many = len(files.sources)
    say(f"reading {first}" + (f" and {many - 1:,} more files" if many > 1 else ""))
    loaded = load_cohort(files, threads=question.threads)
    result = analyse(
        loaded.table, loaded.metadata, question, metabolites=loaded.metabolites,
        told=lambda stage: say(f"{stage} ..."),
    )  # fmt: skip
    for warning in (*loaded.warnings, *result.warnings):
        say(f"warning: {warning}")
    write_folder(out, result, say)
    say(f"Written: {out / PAGE}")
    if as_json:
        print_json(document_of(result))
    else:
        _print(result)


def _listed(values: Sequence[str] | None) -> tuple[str, ...]:
    """Accept ``--covariate A --covariate B`` and ``--covariates A,B``."""
    parts = (part.strip() for value in values or () for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _transform(name: str) -> Transform | None:
    from retrieval.cohort.normalise import TRANSFORMS

    if name and name not in TRANSFORMS:
        what = f"--transform {name!r} is none of {', '.join(TRANSFORMS)}"
        raise UserError(what, where="cohort", hint="Name one of them")
    return next((it for it in TRANSFORMS if it == name), None)


def _learners(text: str) -> tuple[Learner, ...]:
    from retrieval.cohort.learners import LEARNERS

    names = [] if text.strip() == _NO_MODELS else [it.strip() for it in text.split(",")]
    if unknown := [name for name in names if name not in LEARNERS]:
        what = f"--models {unknown[0]!r} is none of {', '.join(LEARNERS)}, {_NO_MODELS}"
        raise UserError(what, where="cohort", hint="Name one of them")
    return tuple(cast("Learner", name) for name in names)


def _print(result: CohortResult) -> None:
    """Print what was found, in brief: counts, the first rows, tests, models."""
    from retrieval.cohort.summaries import model_sentence, p_text

    comparison = result.comparison
    significant = sum(row.q < Q_LEVEL for row in comparison.rows)
    typer.echo(
        f"{counted(len(result.table.samples), 'samples')}, {comparison.tested:,} features tested:"
        f" {significant:,} differences at q < {Q_LEVEL}, {len(comparison.findings):,} findings"
    )
    columns = ("feature", "contrast", "effect", "95 % interval", "q", "told as")
    rows = (
        (
            row.name, row.contrast, f"{row.effect:.2f}", f"{row.low:.2f} to {row.high:.2f}",
            p_text(row.q), row.status or "finding",
        )
        for row in comparison.rows[:_ROWS_SHOWN]
    )  # fmt: skip
    print_table(columns, rows)
    for test in result.permanova:
        typer.echo(
            f"PERMANOVA {test.metric}: R2 {test.r2:.3f}, p {p_text(test.p)}"
            f" (permuted: {test.restricted}); dispersion p {p_text(test.dispersion_p)}"
        )
    for model in result.models.results:
        typer.echo(model_sentence(model))
    for name, pairs in (("metabolites", result.associations), ("clinical", result.clinical)):
        if pairs is not None:
            typer.echo(
                f"Associations, {name}: {pairs.significant:,} of {pairs.tested:,} at q < 0.05"
            )
