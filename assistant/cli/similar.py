"""What ``search --sample`` and ``search --profile`` print: the samples most like one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import typer

from assistant.cli.console import counted, print_json, say
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.settings import Settings
    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.profiles.search import AskedSample, SimilarSample, SimilarSamples
    from retrieval.profiles.similarity import FeatureShares


@dataclasses.dataclass(frozen=True, slots=True)
class SampleQuestion:
    """What a user asks: a stored sample, or those of a table; by which kind; what to show."""

    sample: str = ""
    profile: Path | None = None
    kind: str = ""
    columns: tuple[str, ...] = ()
    reader_name: str | None = None
    k: int = 10


def check_kind(kind: str) -> None:
    """Refuse a kind that there is not.

    Raises:
        UserError: It is none.
    """
    from ingest.store_vectors import SPACES

    if kind and kind not in SPACES["profile"]:
        what = f"there is no --by {kind!r}"
        raise UserError(what, where="search", hint=f"Known: {', '.join(SPACES['profile'])}")


def print_similar(kb: Path, question: SampleQuestion, settings: Settings, *, as_json: bool) -> None:
    """Answer and print; without columns to show, those that a person allowed for prompts."""
    from assistant.services import open_base
    from assistant.settings import listed

    columns = listed(",".join(question.columns) or settings.prompt_columns)
    question = dataclasses.replace(question, columns=columns)
    with open_base(kb, settings) as base:
        answers = [base.similar_samples(it, question.k) for it in _asked(base, question)]
    if as_json:
        content = [document_of(it) for it in answers]
        print_json(content if question.profile and not question.sample else content[0])
        return
    for answer in answers:
        _print(answer)


def _asked(base: KnowledgeBase, question: SampleQuestion) -> Iterator[AskedSample]:
    from retrieval.profiles.search import AskedSample

    if question.profile is None:
        yield AskedSample(question.sample, question.kind, question.columns)
        return
    table = base.read_profiles(question.profile, question.reader_name)
    for warning in table.warnings:
        say(f"warning: {warning}")
    for name in (question.sample,) if question.sample else table.samples:
        yield table.asked(name, question.kind, question.columns)


def document_of(answer: SimilarSamples) -> dict[str, object]:
    """Lay an answer out for JSON; metadata as an object."""
    content = dataclasses.asdict(answer)
    for hit in (*content["found"], *content["itself"]):
        hit["metadata"] = dict(hit["metadata"])
    return content


def _print(answer: SimilarSamples) -> None:
    from retrieval.profiles.vocabulary import LABELS

    what = LABELS[answer.kind] if answer.kind != "family" else f"{answer.level} families"
    typer.echo(
        f"{answer.sample}: {answer.features:,} {what} in {', '.join(answer.sources)};"
        f" compared with {counted(answer.compared, 'samples')}"
    )
    if not answer.found:
        say("No other sample has anything in common with it")
    for number, hit in enumerate(answer.found, start=1):
        _print_hit(f"{number:>2}  ", hit, what)
    for hit in answer.itself:
        _print_hit("the same sample in another file:  ", hit, what)
    others = [it for it in answer.kinds if it != answer.kind]
    if others:
        say(f"It can also be compared --by {', '.join(others)}")
    for note in answer.notes:
        say(note)


def _print_hit(number: str, hit: SimilarSample, what: str) -> None:
    tool = f", another tool ({hit.reader})" if hit.is_other_tool else ""
    typer.echo(
        f"{number}{hit.sample}  Hellinger {hit.hellinger:.3f}  Bray-Curtis {hit.bray_curtis:.3f}"
        f"  {hit.shared:,} of its {hit.features:,} {what} shared  [{hit.source}{tool}]"
    )
    if hit.alike:
        typer.echo(f"    in common: {shares_text(hit.alike)}")
    if hit.differing:
        typer.echo(f"    different: {shares_text(hit.differing)}")
    if hit.also_in:
        typer.echo(f"    also in: {', '.join(hit.also_in)}")
    if hit.metadata:
        typer.echo(f"    {'; '.join(f'{name}: {value}' for name, value in hit.metadata)}")


def shares_text(features: Sequence[FeatureShares]) -> str:
    """Write features with their shares in the asked sample and in the other.

    >>> from retrieval.profiles.similarity import FeatureShares
    >>> shares_text([FeatureShares("Roseburia faecis", 0.25, 0.0)])
    'Roseburia faecis 25 % and 0 %'
    """
    from retrieval.evidence.wording import number

    return "; ".join(
        f"{it.name} {number(100 * it.share)} % and {number(100 * it.other_share)} %"
        for it in features
    )
