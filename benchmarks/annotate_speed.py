"""Measure whole runs of ``metalumen annotate --llm none``: genes a second, memory, tiers.

    python -m benchmarks.annotate_speed KB GENES.faa[.xz] ... [--workers 2] [-o TABLE.tsv]

Every run is checked: as many answers as genes, each one with a tier.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.run_folder import ANNOTATIONS, RunFolder
from benchmarks.spent import spend
from benchmarks.tables import parser_of, write_table

if TYPE_CHECKING:
    from benchmarks.spent import Spent

TIERS: Final = ("high", "medium", "low", "abstain")
COLUMNS: Final = (
    "genes", "answers", "seconds", "CPU seconds", "peak GB", "genes/s", *TIERS, "failed",
)  # fmt: skip
_PROGRAM: Final = "import sys; from assistant.cli import main; sys.exit(main())"


def annotate(knowledge_base: Path, genes: Path, run: Path, workers: int) -> Spent:
    """Annotate a file as a user does, in a process of its own."""
    command = [sys.executable, "-c", _PROGRAM, "annotate", str(knowledge_base), str(genes)]
    options = ["-o", str(run), "--llm", "none", "--workers", str(workers)]
    anew = {"METALUMEN_SEARCH_CACHE": "false"}
    return spend([*command, *options], log=run.with_suffix(".log"), extra=anew)


def tiers_of(run: Path, prefix: str = "") -> Counter[str]:
    """Count the tiers in ``annotations.tsv``, of genes whose id begins with ``prefix``."""
    with (run / ANNOTATIONS).open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        return Counter(row["tier"] for row in rows if row["gene_id"].startswith(prefix))


def row_of(run: Path, spent: Spent) -> list[str]:
    """Lay out what a run cost and gave.

    Raises:
        RuntimeError: The run does not answer each gene once.
    """
    counts, tiers = RunFolder.open(run).info().counts, tiers_of(run)
    answers = sum(tiers.values()) + counts["failed"]
    unknown = set(tiers) - set(TIERS)
    if answers != counts["input"] or unknown:
        raise RuntimeError(f"{counts['input']} genes, {answers} answers, tiers {dict(tiers)}")
    rate = f"{answers / spent.seconds:.1f}"
    found = [str(tiers[tier]) for tier in TIERS]
    return [str(answers), *spent.cells, rate, *found, str(counts["failed"])]


def main() -> None:
    """Annotate every file and print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("kb", type=Path)
    parser.add_argument("genes", type=Path, nargs="+")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    lines = ["\t".join(COLUMNS)]
    for path in given.genes:
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / "run"
            spent = annotate(given.kb, path, run, given.workers)
            lines.append("\t".join([path.name, *row_of(run, spent)]))
        # After each file, so that a broken run keeps what is measured.
        write_table(lines, given.output)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
