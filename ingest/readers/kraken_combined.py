"""Several Kraken reports in one table (KrakenTools' combine_kreports).

    #S1<TAB>a.kreport                                     (comments and header may be absent)
    #perc<TAB>tot_all<TAB>tot_lvl<TAB>1_all<TAB>1_lvl<TAB>2_all<TAB>2_lvl<TAB>lvl_type<TAB>taxid<TAB>name
    75.2<TAB>657<TAB>7<TAB>388<TAB>3<TAB>269<TAB>4<TAB>R<TAB>1<TAB>root

Kept: the reads of each clade in each sample, unclassified as a special row; the total counts each
read once. Dropped: percentages, and the columns of all samples together, which must be the sums of
the others. With --only-combined those columns are all there is: one sample, called combined.
See github.com/jenniferlu717/KrakenTools.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.clades import LEAST_PERCENT, UNIT, CladeCounts
from ingest.errors import FormatError
from ingest.readers.kraken import clade_of
from ingest.records import Feature
from ingest.tables import refuse_duplicates, sample_of_file
from ingest.taxa import features_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

COMBINED: Final = "combined"
_SAMPLE: Final = re.compile(r"#\s*S(\d+)\t(.+)")
_HEADER: Final = re.compile(
    r"#?\s*perc\ttot_all\ttot_lvl\t(?:\d+_all\t\d+_lvl\t)*lvl_type\ttaxid\t"
)
_NUMBER: Final = re.compile(r"#\s*Number of Samples:\s*\d+")
_TOTAL: Final = re.compile(r"#\s*Total Number of Reads:\s*(\d{1,15})\s*$")
_ROW: Final = re.compile(
    r"\s*\d{1,3}(?:\.\d+)?\t\d+\t\d+\t(?:\d+\t\d+\t){2,}(?:-|[URDKPCOFGST]\d{0,3})\t\d+\t *[^\t]+"
)
#: Percentage and two columns before those of the samples; rank, number and name behind them.
_BEFORE, _BEHIND = 3, 3


class KrakenCombinedReader:
    """Reads per clade, samples side by side."""

    name = "kraken_combined"
    kind: Kind = "abundance"
    description = "Kraken reports of several samples (combine_kreports)"

    def sniff(self, head: str) -> bool:
        """Look for the comments, the header, or rows with reads of two samples or more."""
        first = next((line for line in head.splitlines() if line.strip()), "")
        is_named = _NUMBER.match(first) or _HEADER.match(first)
        return is_named is not None or _ROW.fullmatch(first) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per line.

        Raises:
            FormatError: Two samples have one name, or no line is as combine_kreports writes it.
        """
        source.unit = UNIT
        table = _Table(source)
        yield from features_of(table.rows(handle), source, table.feature, name_at=-1)
        table.finish()


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._names: list[str] = []
        self._counts: list[CladeCounts] = []
        self._width = 0
        self._seen = False
        self._stated: float | None = None
        self._percent = 0.0

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the rows; comments before them name the samples."""
        for line, text in enumerate(handle, 1):
            self._seen = self._seen or bool(text.strip())
            if stated := _TOTAL.match(text):
                self._stated = float(stated.group(1))
            if found := _SAMPLE.match(text):
                self._names.append(found.group(2).strip())
            elif text.strip() and not text.startswith("#") and not _HEADER.match(text):
                cells = text.rstrip("\n").split("\t")
                self._start(line, len(cells))
                yield line, cells

    def _start(self, line: int, width: int) -> None:
        """Name the samples once the first row tells how many there are.

        Raises:
            FormatError: Two samples have one name, or the comments name other samples.
        """
        if self._counts:
            return
        self._width = width
        number = (width - _BEFORE - _BEHIND) // 2
        names = [sample_of_file(name.rsplit("/", 1)[-1]) for name in self._names]
        if number == 0:
            names = [COMBINED]
            told = "the table has the reads of all samples together only"
            self._source.warnings.append(told)
        elif not names:
            names = [f"sample_{at + 1}" for at in range(number)]
            told = "the file does not name its samples: they are called sample_1 and so on"
            self._source.warnings.append(told)
        if len(names) != max(1, number) or width % 2:
            what = f"{len(names)} samples are named, the rows have {width} columns"
            hint = "Give the table as combine_kreports wrote it"
            raise FormatError(what, path_name=self._source.path_name, line=line, hint=hint)
        refuse_duplicates(names, self._source, line)
        reader = KrakenCombinedReader.name
        self._counts = [CladeCounts(self._source, name, "Kraken report", reader) for name in names]

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row: a report's line for each sample."""
        if len(cells) != self._width:
            message = f"{len(cells)} fields where the first row has {self._width}"
            raise ValueError(message)
        start, percent = [cells[0], *cells[1:_BEFORE]], cells[0]
        own = cells[_BEFORE:-_BEHIND] or cells[1:_BEFORE]
        pairs = [own[at : at + 2] for at in range(0, len(own), 2)]
        clades = [clade_of(line, [percent, *pair, *cells[-_BEHIND:]]) for pair in pairs]
        whole = clade_of(line, [*start, *cells[-_BEHIND:]])
        if (summed := sum(it.reads for it in clades)) != whole.reads:
            message = f"{whole.reads:.10g} reads together, {summed:.10g} in all samples"
            raise ValueError(message)
        if whole.is_root or whole.is_unclassified:
            self._percent += whole.percent or 0.0
        for clade in clades:
            clade.percent = None  # it is of all samples together
        pieces = [counts.feature(it) for counts, it in zip(self._counts, clades, strict=True)]
        first = pieces[0]
        return Feature(
            id=first.id,
            name=first.name,
            kind="taxon",
            unit=UNIT,
            values=tuple(value for piece in pieces for value in piece.values),
            rank=first.rank,
            special=first.special,
            tool=first.tool,
            lineage=first.lineage,
            provenance=first.provenance,
        )

    def finish(self) -> None:
        """Set the total over all samples; what does not add up is told sample by sample.

        Raises:
            FormatError: The file is blank.
        """
        if not self._seen:
            raise FormatError("the file is blank", path_name=self._source.path_name)
        total = 0.0
        told: list[str] = []
        for counts in self._counts:
            before = len(self._source.warnings)
            counts.finish()
            total += self._source.total or 0.0
            new = self._source.warnings[before:]
            del self._source.warnings[before:]
            told += [f"sample {counts.sample}: {it}" for it in new]
        self._source.total = total
        self._source.warnings += told
        if self._stated is not None and self._stated != total:
            told_of = f"the file says {self._stated:.10g} reads, its lines hold {total:.10g}"
            self._source.warnings.append(f"{told_of}: is the table whole?")
        elif 0 < self._percent < LEAST_PERCENT:
            self._source.warnings.append(
                f"root and unclassified are {self._percent:.4g} percent of the reads: where are "
                "the others?"
            )
