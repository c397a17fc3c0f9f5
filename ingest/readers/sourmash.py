"""sourmash: genomes found by gather, with or without lineages, and tables of `tax metagenome`.

    intersect_bp,f_orig_query,f_match,f_unique_to_query,f_unique_weighted, ... name,filename ...
    442000,0.0881,0.0843,0.0881,0.0581, ... "GCF_001881345.1 Escherichia coli strain=SF-596, x" ...

Kept: f_unique_weighted of each genome (abundance) as a fraction of the query, or the fraction of
each lineage; queries stand side by side. Dropped: other shares, ANI, MD5. What is missing to one
is unclassified. Columns are found by name: their order differs between versions. ``unclassified``
of `tax metagenome` is a special row. See sourmash.readthedocs.io.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of, refuse_missing
from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import UNCLASSIFIED, features_of, lineage_of, rank_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "fraction"
#: Our field -> its names in gather, fastgather and `tax metagenome`, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "weighted": ("f_unique_weighted",),
    "match": ("name", "match_name"),
    "overlap": ("intersect_bp", "unique_intersect_bp"),
    "query": ("query_name",),
    "query_file": ("query_filename",),
    "order": ("gather_result_rank", "rank"),
    "rank": ("rank",),
    "fraction": ("f_weighted_at_rank", "fraction"),
    "lineage": ("lineage",),
}
_GATHER: Final = ("weighted", "match", "overlap")
_SUMMARY: Final = ("query", "rank", "fraction", "lineage")
#: Rank of a genome among the rows of this file; each is counted once.
GENOME: Final = "genome"
#: Shares of one query may pass one by rounding, not by more.
_MOST: Final = 1.0001


class SourmashReader:
    """Genomes or lineages of metagenomes."""

    name = "sourmash"
    kind: Kind = "abundance"
    description = "sourmash gather, tax annotate, tax metagenome (csv_summary, lineage_summary)"

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        cells = _cells(head.split("\n", 1)[0])
        columns = columns_of(cells, ALIASES)
        return columns.has(*_GATHER) or columns.has(*_SUMMARY) or _is_wide(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per genome or lineage once all queries are known.

        Raises:
            FormatError: A column is absent, or no row can be used.
        """
        source.unit = UNIT
        header = _cells(handle.readline().rstrip("\r\n"))
        columns = columns_of(header, ALIASES)
        is_wide = header[0].strip().lower() == "lineage" and len(header) > 1
        table = _Table(source, columns, header)
        if not is_wide:
            needed = _SUMMARY if columns.has("rank", "fraction") else _GATHER
            refuse_missing(columns, needed, ALIASES, source)
        take = (
            table.take_wide
            if is_wide
            else table.take_lineage
            if columns.has(*_SUMMARY)
            else table.take_genome
        )

        def row(line: int, cells: Sequence[str]) -> None:
            refuse_width(cells, columns.width)
            take(line, cells)

        rows = _rows(handle, source, "\t" if is_wide and "," not in header[0] else "")
        yield from features_of(rows, source, row)
        yield from table.features()


def _is_wide(head: str) -> bool:
    lines = head.splitlines()[:2]
    if len(lines) < 2 or not lines[0].startswith("lineage\t"):
        return False
    first = lines[1].split("\t")
    return ";" in first[0] or first[0] == UNCLASSIFIED


def _cells(text: str) -> list[str]:
    separator = "\t" if "\t" in text else ","
    try:
        return next(csv.reader([text], delimiter=separator), [""]) or [""]
    except csv.Error:
        return [""]


def _rows(handle: TextIO, source: Source, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of CSV rows; a name may be quoted, and may hold commas.

    Raises:
        FormatError: A quote has no end.
    """
    for line, text in enumerate(handle, 2):
        if not text.strip():
            continue
        try:
            yield line, next(csv.reader([text.rstrip("\n")], delimiter=separator or ","), [""])
        except csv.Error as error:
            raise FormatError(str(error), path_name=source.path_name, line=line) from error


@dataclass(slots=True)
class _Row:
    line: int
    name: str
    rank: str
    lineage: str = ""
    is_special: bool = False
    values: dict[str, float] = field(default_factory=dict)


class _Table:
    def __init__(self, source: Source, columns: Columns, header: Sequence[str]) -> None:
        self._rows: dict[str, _Row] = {}
        self._source = source
        self._columns = columns
        self._samples: dict[str, None] = {}
        self._orders: dict[str, set[str]] = {}
        self._wide = [sample_of_file(name.strip()) for name in header[1:]]
        if header[0].strip().lower() == "lineage":
            refuse_duplicates(self._wide, source, 1)

    def take_genome(self, line: int, cells: Sequence[str]) -> None:
        """Take a genome that gather found."""
        row = self._columns.row(cells)
        name, lineage = row.text("match"), row.text("lineage")
        if not name:
            raise ValueError("the row names no genome")
        identifier, _, title = name.partition(" ")
        taxon = lineage.split(";")[-1].strip() if lineage else ""
        self._put(
            identifier,
            _Row(line, taxon or title or identifier, GENOME, lineage),
            row.text("query") or row.text("query_file"),
            self._share(line, cells, "weighted"),
        )
        if row.text("order"):
            self._orders.setdefault(row.text("query"), set()).add(row.text("order"))

    def take_lineage(self, line: int, cells: Sequence[str]) -> None:
        """Take a lineage at its rank."""
        row = self._columns.row(cells)
        share = self._share(line, cells, "fraction")
        self._put_lineage(line, row.text("lineage"), row.text("rank"), row.text("query"), share)

    def take_wide(self, line: int, cells: Sequence[str]) -> None:
        """Take a lineage with a column for each query."""
        for sample, cell in zip(self._wide, cells[1:], strict=True):
            share = abundance(cell, self._source, line)
            if share > _MOST:
                message = f"the fraction is {share:g}"
                raise ValueError(message)
            self._put_lineage(line, cells[0].strip(), "", sample, share)

    def _put_lineage(self, line: int, lineage: str, rank: str, sample: str, share: float) -> None:
        if lineage.lower() == UNCLASSIFIED:
            name = f"{UNCLASSIFIED} ({rank})" if rank else UNCLASSIFIED
            self._put(name, _Row(line, name, "", is_special=True), sample, share)
            return
        taxon = lineage_of(lineage.split(";"))
        if rank and rank_of(rank) != taxon.rank:
            message = f"the lineage ends at {taxon.rank!r}, the rank is {rank[:40]!r}"
            raise ValueError(message)
        self._put(taxon.id, _Row(line, taxon.name, taxon.rank, taxon.id), sample, share)

    def _put(self, identifier: str, row: _Row, query: str, share: float) -> None:
        sample = sample_of_file(query.rsplit("/", 1)[-1] or self._source.path_name)
        kept = self._rows.setdefault(identifier, row)
        if sample in kept.values:
            message = f"{identifier[:80]} occurs twice, first on line {kept.line}"
            raise ValueError(message)
        kept.values[sample] = share
        self._samples[sample] = None

    def _share(self, line: int, cells: Sequence[str], name: str) -> float:
        share = abundance(cells[self._columns.places[name]], self._source, line)
        if share > _MOST:
            message = f"the fraction is {share:g}"
            raise ValueError(message)
        return share

    def features(self) -> Iterator[Feature]:
        """Give the rows in the order in which they came first; what is not found is zero."""
        for identifier, row in self._rows.items():
            yield Feature(
                id=identifier,
                name=row.name,
                kind="taxon",
                unit=UNIT,
                values=tuple((name, row.values.get(name, 0.0)) for name in self._samples),
                rank="" if row.rank == GENOME else row.rank,
                special=row.is_special,
                tool="sourmash",
                lineage=row.lineage,
                provenance=self._source.provenance(SourmashReader.name, row.line),
            )
        self._finish()

    def _finish(self) -> None:
        rank = _base_rank({row.rank for row in self._rows.values() if not row.is_special})
        shares = dict.fromkeys(self._samples, 0.0)
        for row in self._rows.values():
            for sample, value in row.values.items():
                shares[sample] += value if row.rank == rank else 0.0
        self._source.total = sum(shares.values())
        for sample, share in shares.items():
            if share > _MOST:
                self._source.warnings.append(f"sample {sample}: fractions sum to {share:.6g}")
            elif rank == GENOME:
                told = f"{100 * (1 - share):.4g} percent of the query is of no genome in the table"
                self._source.warnings.append(f"sample {sample}: {told}")
        for query, orders in self._orders.items():
            wanted = {str(number) for number in range(len(orders))}
            if orders != wanted:
                told = f"query {query}: ranks of results are missing: is the table whole?"
                self._source.warnings.append(told)


def _base_rank(ranks: set[str]) -> str:
    return next((rank for rank in ("s", GENOME, "g", "f", "o", "c", "p", "k") if rank in ranks), "")
