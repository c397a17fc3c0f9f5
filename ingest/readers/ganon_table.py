"""ganon table: counts or shares of the taxa of one rank, a report (.tre) per row.

    <TAB>Bacteroides<TAB>Escherichia<TAB>unclassified_genus<TAB>unclassified<TAB>filtered
    results/S1.tre<TAB>120<TAB>30<TAB>4<TAB>12<TAB>0

Kept: every taxon and sample; reads without a taxon of the rank, unclassified and filtered ones as
special rows. The rank is told by the column unclassified_RANK, where it was asked for. See
pirovc.github.io/ganon/table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord
from ingest.table_features import About, features_of_table
from ingest.tables import refuse_duplicates, sample_of_file
from ingest.taxa import rank_of
from ingest.wide_tables import by_samples, cells_of, delimiter_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Feature

_REPORT: Final = re.compile(r"(?:.*[/\\])?[^/\\]+\.tre")
_SPECIAL: Final = re.compile(r"unclassified(?:_(\w[\w ]*))?|filtered")


class GanonTableReader:
    """Taxa of one rank in many samples."""

    name = "ganon_table"
    kind: Kind = "abundance"
    description = "ganon table (TSV, CSV)"

    def sniff(self, head: str) -> bool:
        """Look for a header without a first name, above rows named as reports."""
        lines = [line for line in head.split("\n") if line.strip()]
        if len(lines) < 2:
            return False
        delimiter = delimiter_of(lines[0])
        firsts = [line.split(delimiter, 1)[0].strip() for line in lines]
        return firsts[0] == "" and all(map(_REPORT.fullmatch, firsts[1:]))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per column.

        Raises:
            FormatError: No sample, two samples or taxa of one name.
        """
        text = handle.readline()
        delimiter = delimiter_of(text)
        header = next(cells_of([text], delimiter, source), (0, [""]))[1]
        header = [cell.strip() for cell in header]
        if len(header) < 2 or "" in header[1:]:
            hint = "The first row names the taxa, the first column the reports"
            what = "a column has no name" if len(header) > 1 else "there is no table"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        table = by_samples(header, cells_of(handle, delimiter, source, 2), source)
        if not table.samples:
            raise FormatError("no sample can be used", path_name=source.path_name)
        table.samples = tuple(map(_sample, table.samples))
        refuse_duplicates(table.samples, source, 1)
        found = [match for name in header[1:] if (match := _SPECIAL.fullmatch(name))]
        rank = next((rank_of(it.group(1)) for it in found if it.group(1)), "")
        about = About("ganon", self.name, kind="taxon")
        for record in features_of_table(table, source, about):
            yield record if isinstance(record, BadRecord) else _ranked(record, rank)


def _sample(path: str) -> str:
    base = re.split(r"[/\\]", path)[-1]
    return sample_of_file(base)


def _ranked(feature: Feature, rank: str) -> Feature:
    is_special = _SPECIAL.fullmatch(feature.id) is not None
    return replace(feature, special=is_special, rank="" if is_special else rank)
