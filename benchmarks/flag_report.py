"""Count how often drafts with each flag are wrong, on a run over genes of known function.

    python -m benchmarks.flag_report RUN TRUTH.tsv

TRUTH.tsv has the columns gene_id and ec (several EC numbers joined by ";"). Only drafts that
propose an EC number for a gene of the table count; one is right when it agrees with a true number
as far as it goes. A flag is worth its line when its share of wrong drafts is above that of all.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.flags.classes import class_of
from assistant.run_folder import RunFolder
from assistant.votes import common_level
from ingest.vocab import ec_level, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.claims import AnnotationRecord

ALL = "(all)"


@dataclass(frozen=True, slots=True)
class FlagCount:
    """Drafts with one flag, and how many of them are wrong."""

    flag: str
    drafts: int
    wrong: int

    @property
    def share_wrong(self) -> float:
        """Share of wrong drafts, 0 to 1."""
        return self.wrong / self.drafts if self.drafts else 0.0


def count_flags(
    records: Iterable[AnnotationRecord], truth: Mapping[str, Sequence[str]]
) -> list[FlagCount]:
    """Count per flag, all drafts first, then the flags with the largest share of wrong ones."""
    drafts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for record in records:
        leading = record.hypothesis.leading
        known = truth.get(record.gene.id, ())
        if leading is None or not leading.ec_number or not known:
            continue
        level = ec_level(leading.ec_number)
        is_wrong = all(common_level(leading.ec_number, ec) < level for ec in known)
        for flag in (ALL, *record.hypothesis.flags):
            drafts[flag] += 1
            wrong[flag] += is_wrong
    counts = [FlagCount(flag, drafts[flag], wrong[flag]) for flag in drafts]
    return sorted(counts, key=lambda one: (one.flag != ALL, -one.share_wrong, one.flag))


def read_truth(path: Path) -> dict[str, tuple[str, ...]]:
    """Read true EC numbers by gene id."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["gene_id"]: ec_numbers_of(row["ec"].split(";")) for row in rows}


def table(counts: Iterable[FlagCount]) -> str:
    """Write the counts as a Markdown table."""
    lines = ["| flag | class | drafts | wrong, % |", "|---|---|---|---|"]
    lines += [
        f"| {one.flag} | {class_of(one.flag)} | {one.drafts:,} | {100 * one.share_wrong:.1f} |"
        for one in counts
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table of one run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("truth", type=Path, metavar="TRUTH.tsv")
    given = parser.parse_args()
    counts = count_flags(RunFolder.open(given.run).records(), read_truth(given.truth))
    print(table(counts))


if __name__ == "__main__":
    main()
