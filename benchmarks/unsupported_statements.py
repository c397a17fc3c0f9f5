"""Look in all outputs of a run for statements of the language model that its check turned down.

    python -m benchmarks.unsupported_statements RUN

Tables, GFF3 and the MultiQC section may hold no statement that is not supported; the readable
reports only in the boxes that say so; the JSON lines each with its verdict. Prints genes in and
out, statements by verdict, the share that survived, and every statement found where facts stand.
Ends with exit code 1 when there is one.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.report import EXPORTERS
from assistant.report.base import Report
from assistant.report.multiqc import multiqc_table
from assistant.report.survival import survival_of
from assistant.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS: Final = ("tsv", "gff3")
READABLE: Final = ("html", "markdown")
SHOWN: Final = 40  # characters of a statement that are looked for
_BOX: Final = re.compile(r'<section class="not-supported".*?</section>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")


def found_in_facts(report: Report) -> Iterator[tuple[str, str]]:
    """Yield (output, statement) for each rejected statement that stands among facts."""
    drafts = [record.hypothesis for record in report.records]
    standing = " ".join(claim.text for one in drafts for claim in one.claims if claim.stands)
    told = " ".join(item.statement for record in report.records for item in record.evidence)
    rejected = {
        claim.text
        for one in drafts
        for claim in one.claims
        if claim.origin == "llm" and not claim.stands
    }
    for name, text in _outputs(report):
        for statement in sorted(rejected):
            part = statement[:SHOWN]
            # What evidence or a supported statement says in these words is no leak.
            if part in text and part not in standing and part not in told:
                yield name, statement


def _outputs(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the text of each output without what is marked as not supported."""
    yield "multiqc", multiqc_table(report)
    for name in (*FACTS, *READABLE):
        handle = BytesIO()
        EXPORTERS.get(name)().write(report, handle)
        text = handle.getvalue().decode()
        if name == "html":
            text = html.unescape(_TAG.sub("", _BOX.sub("", text)))
        if name == "markdown":
            lines = (line for line in text.splitlines() if not line.startswith(">"))
            text = html.unescape("\n".join(lines).replace("\\", ""))
        yield name, text


def report_of(run: Path) -> Report:
    """Read a run with its drafts, as if all were asked for."""
    folder = RunFolder.open(run)
    records = tuple(folder.records())
    return Report(run.name, folder.info(), records, failed=folder.failed(), include_drafts=True)


def main() -> None:
    """Print what was counted and found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run", type=Path)
    report = report_of(parser.parse_args().run)
    told = survival_of(report.records)
    leaks = list(found_in_facts(report))
    counts = {
        "genes_in": report.run.counts.get("input"),
        "genes_out": len(report.records) + len(report.failed),
        "asked": told.asked,
        "llm_failed": told.failed,
        "states": dict(Counter(one.hypothesis.llm.status for one in report.records)),
        "verdicts": dict(told.verdicts),
        "survived": told.share,
        "among_facts": leaks,
    }
    print(json.dumps(counts, indent=1))
    sys.exit(1 if leaks else 0)


if __name__ == "__main__":
    main()
