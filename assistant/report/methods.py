"""The Methods text of a report, written from what the run recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.report.survival import survival_of

if TYPE_CHECKING:
    from assistant.claims import RunInfo
    from assistant.report.base import Report


#: Files of the knowledge base that are named.
MOST_FILES: Final = 12


def methods_text(report: Report) -> tuple[str, ...]:
    """Write paragraphs that can be pasted into a paper; only what was recorded is stated."""
    run = report.run
    return tuple(
        paragraph
        for paragraph in (_annotation(report), _model(report), _review(report), _versions(run))
        if paragraph
    )


def _annotation(report: Report) -> str:
    run = report.run
    total = len(report.records) + len(report.failed)
    held = sorted(run.knowledge_base_counts.items())
    counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in held if n)
    embedders = "; ".join(f"{space}: {name}" for space, name in sorted(run.embedders.items()))
    parts = [
        f"{_count(total, 'gene')} of {run.input_name} (SHA-256 {run.input_sha256[:12]}) went "
        f"through Metalumen {run.software_version}.",
        f"Evidence came from a knowledge base (digest {run.knowledge_base_sha256[:12]}"
        f"{f'; {counts}' if counts else ''}){_made_of(run)}.",
        f"Vectors were made with {embedders}." if embedders else "",
        "Candidate functions were ranked by stated rules.",
        f"Probabilities from alignments were calibrated with {run.calibration}; those from "
        "families, domains and earlier annotations alone were set by rule."
        if run.calibration
        else "",
        f"The random seed was {run.seed}.",
        _listed("Parameters", run.parameters),
    ]
    return " ".join(part for part in parts if part)


def _made_of(run: RunInfo) -> str:
    """Name the files of the knowledge base; ``run.json`` has all of them with their digests."""
    names = sorted(set(run.knowledge_base_files.values()))
    if not names:
        return ""
    more = len(names) - MOST_FILES
    rest = f" and {_count(more, 'more file')}, listed in run.json" if more > 0 else ""
    return f" made of {', '.join(names[:MOST_FILES])}{rest}"


def _model(report: Report) -> str:
    run = report.run
    if run.llm in {"", "none"}:
        return "No language model was used; all statements were drafted by rule."
    model = f"{run.llm_model} ({run.llm})" if run.llm_model else run.llm
    prompts = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(run.prompts.items()))
    digests = f" (prompt templates by SHA-256: {prompts})" if prompts else ""
    drafted = (
        f"Additional statements were drafted by the language model {model}{digests}. Each was "
        "checked against the evidence that it cites; statements that failed a check were kept "
        "apart and are not part of the annotations."
    )
    return f"{drafted} {survival_of(report.records).text}".strip()


def _review(report: Report) -> str:
    counts = report.state_counts()
    accepted = counts.get("accepted", 0) + counts.get("accepted_with_changes", 0)
    open_drafts = counts.get("draft", 0) + counts.get("deferred", 0)
    reviewers = sorted({review.reviewer for review in report.reviews.values()})
    by_whom = f" by {', '.join(reviewers)}" if reviewers else ""
    return (
        f"Reviewed{by_whom}: {_count(len(report.reviews), 'gene')}; accepted: {accepted} "
        f"({counts.get('accepted_with_changes', 0)} of them with changes); rejected: "
        f"{counts.get('rejected', 0)}. Not decided: {_count(open_drafts, 'draft')}. Without a "
        f"proposal, as the evidence carried none: {_count(counts.get('abstained', 0), 'gene')}. "
        f"Could not be processed: {_count(len(report.failed), 'gene')}. Proposals were not "
        "verified experimentally."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _versions(run: RunInfo) -> str:
    return _listed("Software versions", run.versions)


def _listed(title: str, values: dict[str, str]) -> str:
    if not values:
        return ""
    return f"{title}: {', '.join(f'{name} {value}' for name, value in sorted(values.items()))}."
