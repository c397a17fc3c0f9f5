"""The samples of a table that is not in the knowledge base, made comparable with those that are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import UserError
from ingest.files import read_records
from ingest.records import BadRecord
from retrieval.profiles.composition import compositions_of, rows_of
from retrieval.profiles.search import AskedSample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrieval.profiles.composition import Composition, TableRow


@dataclass(frozen=True, slots=True, eq=False)
class TableProfiles:
    """The compositions of a table by sample, and the names of its features by part and key."""

    path_name: str
    samples: Mapping[str, tuple[Composition, ...]]
    names: Mapping[tuple[str, int], str]
    warnings: tuple[str, ...]

    def asked(self, sample: str, kind: str = "", columns: Sequence[str] = ()) -> AskedSample:
        """Ask about one of the samples.

        Raises:
            UserError: The table has no such sample.
        """
        if sample not in self.samples:
            known = ", ".join(list(self.samples)[:5])
            what = f"the table has no sample {sample!r}"
            raise UserError(what, where=self.path_name, hint=f"It has, e.g.: {known}")
        made = self.samples[sample]
        return AskedSample(sample, kind, tuple(columns), made, self.names, self.path_name)


def read_profiles(
    path: Path,
    reader_name: str | None = None,
    *,
    lineages: Callable[[Sequence[str]], Mapping[str, str]] = lambda _: {},
) -> TableProfiles:
    """Read a table of any known format.

    Args:
        path: The file.
        reader_name: Name of a reader, to skip recognition.
        lineages: Gives lineages by feature id, for rows that have none.

    Raises:
        InputError: The file cannot be read.
        UserError: It holds nothing to compare samples by.
    """
    opened = read_records(path, reader_name)
    records = list(opened.records)
    bad = sum(isinstance(it, BadRecord) for it in records)
    rows: list[TableRow] = rows_of(records)
    known = lineages([row.id for row in rows if not row.lineage])
    made, names = compositions_of(rows, own=opened.source.sha256, lineages=known)
    by_sample: dict[str, tuple[Composition, ...]] = {}
    for it in made:
        by_sample[it.sample] = (*by_sample.get(it.sample, ()), it)
    if not by_sample:
        what = f"it is read as {opened.reader} and has no sample that can be compared"
        hint = "Give a table of taxa, pathways or gene families whose values are parts of a whole"
        raise UserError(what, where=path.name, hint=hint)
    told = [f"{bad:,} rows cannot be read and are left out"] if bad else []
    order = dict.fromkeys(sample for row in rows for sample in row.samples)
    samples = {name: by_sample[name] for name in order if name in by_sample}
    return TableProfiles(path.name, samples, names, (*opened.source.warnings, *told))
