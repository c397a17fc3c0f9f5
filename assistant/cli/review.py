"""The commands of review: list, show, next, accept, edit, reject, defer, undo, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from assistant.cli.console import print_json, print_table
from assistant.cli.options import Json, RunPath
from ingest.errors import UserError

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord, Review, State
    from assistant.review_desk import ReviewDesk

GeneId = Annotated[str, typer.Argument(metavar="GENE", help="Gene id.")]
Reviewer = Annotated[
    str | None,
    typer.Option(help="Your name; it signs the decision. Also METALUMEN_REVIEWER."),
]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]
# How a decision is told, where its name does not say it.
_TOLD = {"accepted_with_changes": "accepted with changes", "draft": "decision taken back"}
_COLUMNS = ("gene_id", "state", "tier", "probability", "product", "flags")


def register(app: typer.Typer) -> None:
    """Add the group ``review`` (``metalumen review RUN COMMAND``)."""
    group = typer.Typer(help="Review drafts: a named person decides.", no_args_is_help=True)
    group.callback()(_open_run)
    for command in (list_genes, show, next_gene, accept, edit, reject, defer, undo, history):
        name = command.__name__.removesuffix("_genes").removesuffix("_gene")
        group.command(name)(command)
    app.add_typer(group, name="review")


def _open_run(context: typer.Context, run: RunPath) -> None:
    """Review drafts: a named person decides."""
    context.obj = run


def _desk(context: typer.Context) -> ReviewDesk:
    from assistant.services import open_desk
    from assistant.settings import load_settings

    return open_desk(context.obj, load_settings())


def list_genes(
    context: typer.Context,
    *,
    state: Annotated[str | None, typer.Option(help="Only this state.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only this tier.")] = None,
    flag: Annotated[
        str | None, typer.Option(help="Only this flag or error class, as PLI; see docs/review.md.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the genes in the order in which they need a look."""
    from assistant.claims import State, Tier
    from assistant.flags.classes import CLASS_WORDS
    from assistant.report.words import FLAGS

    _check_choice("--state", state, get_args(State))
    _check_choice("--tier", tier, get_args(Tier))
    _check_choice("--flag", flag, tuple(sorted({*FLAGS, *CLASS_WORDS})))
    desk = _desk(context)
    latest = desk.reviews.latest()
    rows = [_row(record, latest) for record in desk.queue(state=state, tier=tier, flag=flag)]
    if as_json:
        print_json(rows)
        return
    print_table(_COLUMNS, (_cells(row) for row in rows))


def _check_choice(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UserError(f"no such value: {value!r}", where=option, hint=f"Use {', '.join(known)}")


def _row(record: AnnotationRecord, latest: dict[str, Review]) -> dict[str, object]:
    """Say what stands or is proposed; no probability where the tool gave none to that."""
    from assistant.report.tsv import NO_PRODUCT
    from assistant.report.view import gene_view
    from assistant.review.states import standing_state

    draft = record.hypothesis
    review = latest.get(record.gene.id)
    row = gene_view(record, review).row
    values = (
        record.gene.id,
        standing_state(record, review),
        draft.tier,
        row.probability,
        row.product or NO_PRODUCT,
        ";".join(draft.flags),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _cells(row: dict[str, object]) -> list[str]:
    return [
        f"{value:.2f}" if isinstance(value, float) else "" if value is None else str(value)
        for value in row.values()
    ]


def show(context: typer.Context, gene: GeneId, *, as_json: Json = False) -> None:
    """Show one gene's draft, its checks and its evidence."""
    desk = _desk(context)
    record = desk.run.record(gene)
    if as_json:
        print_json(record.model_dump(mode="json"))
        return
    _print_record(desk, record)


def next_gene(context: typer.Context) -> None:
    """Show the draft that needs a look most."""
    desk = _desk(context)
    waiting = desk.queue(state="draft")
    if not waiting:
        typer.echo("Every gene of this run has been reviewed.")
        return
    _print_record(desk, waiting[0])


def _print_record(desk: ReviewDesk, record: AnnotationRecord) -> None:
    from assistant.report.markdown import gene_section

    typer.echo(gene_section(record, desk.reviews.latest().get(record.gene.id)))


def accept(
    context: typer.Context, gene: GeneId, *, reviewer: Reviewer = None, reason: Reason = ""
) -> None:
    """Accept a draft as it is."""
    _decide(context, gene, "accepted", reviewer=reviewer, reason=reason)


def edit(
    context: typer.Context,
    gene: GeneId,
    *,
    product: Annotated[str, typer.Option(help="The right product name.")] = "",
    ec_number: Annotated[str, typer.Option("--ec", help="The right EC number.")] = "",
    reviewer: Reviewer = None,
    reason: Reason = "",
) -> None:
    """Accept a draft with changes."""
    if not product and not ec_number:
        raise UserError("say what changes", where="review edit", hint="Add --product or --ec")
    _decide(
        context,
        gene,
        "accepted_with_changes",
        reviewer=reviewer,
        reason=reason,
        product=product,
        ec_number=ec_number,
    )


def reject(
    context: typer.Context,
    gene: GeneId,
    *,
    code: Annotated[str, typer.Option(help="Reason code; see docs/review.md.")] = "",
    reviewer: Reviewer = None,
    reason: Reason = "",
) -> None:
    """Reject a draft, with a reason."""
    _decide(context, gene, "rejected", reviewer=reviewer, reason=reason, reason_code=code)


def defer(
    context: typer.Context, gene: GeneId, *, reviewer: Reviewer = None, reason: Reason = ""
) -> None:
    """Put a draft off until there is more data."""
    _decide(context, gene, "deferred", reviewer=reviewer, reason=reason)


def undo(
    context: typer.Context, gene: GeneId, *, reviewer: Reviewer = None, reason: Reason = ""
) -> None:
    """Take back the decision on a gene; it is a draft again, and the history keeps both."""
    if gene not in _desk(context).reviews.latest():
        hint = "`metalumen review RUN history GENE` lists decisions"
        raise UserError("nobody has decided on it yet", where=f"gene {gene}", hint=hint)
    _decide(context, gene, "draft", reviewer=reviewer, reason=reason)


def _decide(
    context: typer.Context, gene: str, state: State, *, reviewer: str | None, **changes: str
) -> None:
    from assistant.review.states import Decision
    from assistant.settings import load_settings

    name = load_settings(reviewer=reviewer).reviewer
    if not name.strip():
        hint = "Add --reviewer 'Your Name' or set METALUMEN_REVIEWER"
        raise UserError("a decision needs the name of a person", where=f"gene {gene}", hint=hint)
    review = _desk(context).decide(gene, Decision(state=state, reviewer=name, **changes))
    typer.echo(f"{gene}: {_TOLD.get(review.state, review.state)} by {review.reviewer}")


def history(context: typer.Context, gene: GeneId, *, as_json: Json = False) -> None:
    """List all decisions on a gene, oldest first."""
    desk = _desk(context)
    desk.run.record(gene)  # a mistyped name is no gene without decisions
    events = desk.reviews.history(gene)
    if as_json:
        print_json([event.model_dump(mode="json") for event in events])
        return
    columns = ("decided_at", "reviewer", "state", "reason_code", "reason", "product", "ec_number")
    print_table(columns, ([getattr(event, name) for name in columns] for event in events))
