"""sourmash's table for reading by eye (tax metagenome --output-format human).

    sample name    proportion   cANI   lineage
    -----------    ----------   ----   -------
    test1             86.9%     -      unclassified
    test1              5.8%     92.5%  d__Bacteria;p__Bacteroidota

Kept: the percentage of each lineage in each sample, unclassified as a special row. Dropped: ANI.
Percentages are rounded to one decimal: take csv_summary for numbers. See sourmash.readthedocs.io.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance
from ingest.taxa import UNCLASSIFIED, Taxon, lineage_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "percent"
_HEADER: Final = re.compile(r"sample name\s+proportion\s+(?:cANI\s+)?lineage\s*$")
_LINE: Final = re.compile(r"[-\s]+$")
_ROW: Final = re.compile(r"(\S.*?)\s+(\S+)%\s+(?:(?:-|[\d.]+%)\s+)?(\S.*?)\s*$")
#: Each percentage is off by at most this after rounding.
_ROUNDING: Final = 0.05


class SourmashHumanReader:
    """Lineages of metagenomes, rounded."""

    name = "sourmash_human"
    kind: Kind = "abundance"
    description = "sourmash tax metagenome, output format human"

    def sniff(self, head: str) -> bool:
        """Look for the header and the line below it."""
        lines = head.splitlines()[:2]
        return len(lines) > 1 and bool(_HEADER.match(lines[0]) and _LINE.match(lines[1]))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per lineage when all samples are known.

        Raises:
            FormatError: The header is absent, or no row can be used.
        """
        if not _HEADER.match(handle.readline()):
            what = "the first line does not name sample, proportion and lineage"
            raise FormatError(what, path_name=source.path_name, line=1)
        source.unit = UNIT
        table = _Table(source)
        bad = 0
        for line, text in enumerate(handle, 2):
            if not text.strip() or _LINE.match(text):
                continue
            try:
                table.take(line, text)
            except ValueError as error:
                bad += 1
                yield BadRecord(source.path_name, line, text.split()[0][:120], str(error))
        if bad and not table.rows:
            raise FormatError("no row can be used", path_name=source.path_name)
        yield from table.features()


@dataclass(slots=True)
class _Row:
    line: int
    taxon: Taxon
    values: dict[str, float] = field(default_factory=dict)


class _Table:
    def __init__(self, source: Source) -> None:
        self.rows: dict[str, _Row] = {}
        self._source = source
        self._samples: dict[str, int] = {}

    def take(self, line: int, text: str) -> None:
        """Take a lineage of a sample.

        Raises:
            ValueError: The row cannot be used, or the lineage had one of this sample.
        """
        found = _ROW.match(text)
        if found is None:
            raise ValueError("the row has no sample, proportion and lineage")
        sample, proportion, lineage = found.groups()
        percent = abundance(proportion, self._source, line)
        if percent > 100:
            message = f"the proportion is {percent:g} percent"
            raise ValueError(message)
        is_special = lineage.lower() == UNCLASSIFIED
        taxon = Taxon(UNCLASSIFIED, UNCLASSIFIED, "") if is_special else _taxon(lineage)
        kept = self.rows.setdefault(taxon.id, _Row(line, taxon))
        if sample in kept.values:
            message = f"the lineage occurs twice in this sample, first on line {kept.line}"
            raise ValueError(message)
        kept.values[sample] = percent
        self._samples[sample] = self._samples.get(sample, 0) + 1

    def features(self) -> Iterator[Feature]:
        """Give the lineages in the order in which they came first."""
        for identifier, row in self.rows.items():
            is_special = identifier == UNCLASSIFIED
            yield Feature(
                id=identifier,
                name=row.taxon.name,
                kind="taxon",
                unit=UNIT,
                values=tuple((name, row.values.get(name, 0.0)) for name in self._samples),
                rank=row.taxon.rank,
                special=is_special,
                tool="sourmash",
                lineage="" if is_special else identifier,
                provenance=self._source.provenance(SourmashHumanReader.name, row.line),
            )
        if not self.rows:
            self._source.warnings.append("the table has no rows")
        for name, number in self._samples.items():
            whole = sum(row.values.get(name, 0.0) for row in self.rows.values())
            if abs(whole - 100) > _ROUNDING * (number + 1):
                told = f"sample {name}: percentages sum to {whole:.4g}: is the table whole?"
                self._source.warnings.append(told)


def _taxon(lineage: str) -> Taxon:
    return lineage_of(lineage.split(";"))
