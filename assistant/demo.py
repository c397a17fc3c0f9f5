"""The demo: build the starter knowledge base, annotate real genes, compare with withheld names."""

from __future__ import annotations

import csv
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from assistant.name_verdict import Agreement, name_verdict
from assistant.run_folder import RUN_INFO, RunFolder
from assistant.services import AnnotationRequest, annotate_files, open_or_create_base
from ingest.errors import InputError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.claims import AnnotationRecord
    from assistant.settings import Settings

Verdict: TypeAlias = Agreement | Literal["proposed"]

STARTER = Path(__file__).parent / "starter"
REFERENCE_FILES = (
    "reference_proteins.tsv.xz",
    "literature.jsonl",
    "metaphlan_profile.tsv",
    "humann_pathabundance.tsv",
)
METADATA = "sample_metadata.tsv"
QUERY = "query_genes.faa"
TRUTH = "query_truth.tsv"

# Classes of the query genes, see starter/README.md: the name is informative; the source's own
# name says nothing; no relative of the family is in the reference.
NAMED, NAMELESS, WITHOUT_RELATIVES = "a", "b", "c"


@dataclass(frozen=True, slots=True)
class GeneVerdict:
    """One query gene: what was withheld, what was drafted, and whether they agree."""

    gene_id: str
    gene_class: str
    withheld_name: str
    draft: str
    tier: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made and how it came out."""

    verdicts: tuple[GeneVerdict, ...]
    summary: tuple[str, ...]


def run_demo(
    output: Path,
    settings: Settings,
    *,
    say: Callable[[str], None],
    progress: Callable[[str, int, int], None],
) -> DemoResult:
    """Make ``output/kb`` and ``output/run`` anew.

    Raises:
        RunError: ``output`` holds something else.
        InputError: The starter files are not installed.
    """
    started = time.monotonic()
    if not STARTER.is_dir():
        raise InputError("the starter files are missing", where=str(STARTER), hint="Reinstall")
    _clear(output)
    base, run = output / "kb", output / "run"
    say("Building the starter knowledge base ...")
    with open_or_create_base(base, settings) as opened:
        files = [STARTER / name for name in REFERENCE_FILES]
        opened.add(files, metadata=STARTER / METADATA, progress=progress)
    say(f"Annotating real genes whose names are withheld (language model: {settings.llm}) ...")
    annotate_files(
        base,
        AnnotationRequest((STARTER / QUERY,), run),
        settings,
        progress,
    )
    verdicts = tuple(judge(RunFolder.open(run)))
    minutes = (time.monotonic() - started) / 60
    return DemoResult(verdicts, (*summarise(verdicts), *_where(output, minutes)))


def judge(run: RunFolder) -> Iterator[GeneVerdict]:
    """Compare each draft with the withheld name."""
    records = {record.gene.id: record for record in run.records()}
    with (STARTER / TRUTH).open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            yield _judge(records[row["id"]], row)


def _judge(record: AnnotationRecord, truth: dict[str, str]) -> GeneVerdict:
    leading = record.hypothesis.leading
    draft = leading.product if leading else ""
    gene = leading.gene if leading else ""
    verdict: Verdict = name_verdict(draft, gene, truth["withheld_name"], truth["gene"])
    if truth["class"] == NAMELESS and verdict != "abstained":
        verdict = "proposed"
    return GeneVerdict(
        gene_id=record.gene.id,
        gene_class=truth["class"],
        withheld_name=truth["withheld_name"],
        draft=draft or "(abstains)",
        tier=record.hypothesis.tier,
        verdict=verdict,
    )


def summarise(verdicts: tuple[GeneVerdict, ...]) -> Iterator[str]:
    """Count the verdicts of each class, in words."""
    counts = {
        name: Counter(v.verdict for v in verdicts if v.gene_class == name)
        for name in (NAMED, NAMELESS, WITHOUT_RELATIVES)
    }
    named, nameless, strangers = (counts[name] for name in (NAMED, NAMELESS, WITHOUT_RELATIVES))
    yield (
        f"Withheld names, {named.total()} genes with an informative name: "
        f"{named['recovered']} recovered, {named['broader']} right but less specific, "
        f"{named['abstained']} abstained, {named['wrong']} wrong."
    )
    wrong = strangers["wrong"] + strangers["broader"]
    yield (
        f"Families without a relative in the reference, {strangers.total()} genes: "
        f"{strangers['abstained']} abstained (right), {strangers['recovered']} recovered, "
        f"{wrong} wrong."
    )
    yield (
        f"Genes whose own name says nothing, {nameless.total()} genes: "
        f"{nameless['abstained']} abstained, {nameless['proposed']} with a proposal for an expert."
    )
    yield "Wrong means that the names differ by a stated rule (synonyms too): look at each."


def _where(output: Path, minutes: float) -> tuple[str, ...]:
    return (
        f"Done in {minutes:.1f} min.",
        f"Report: {(output / 'run' / 'report.html').resolve()}",
        f"Pages:  metalumen ui --kb {output / 'kb'} --run {output / 'run'}    (or: make ui)",
    )


def _clear(output: Path) -> None:
    """Remove an earlier demo; refuse a folder that holds anything else."""
    if not output.exists():
        return
    known = {"kb", "run"}
    holds = {entry.name for entry in output.iterdir()} if output.is_dir() else {"a file"}
    finished_or_begun = (output / "run" / RUN_INFO).exists() or (output / "kb").exists()
    if holds - known or (holds and not finished_or_begun):
        raise RunError(
            "the folder holds something that is not a demo",
            where=str(output),
            hint="Name another with -o",
        )
    shutil.rmtree(output)
