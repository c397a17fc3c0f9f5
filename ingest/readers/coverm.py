"""CoverM: coverage or abundance of contigs, genes or genomes, wide or in long form.

    Contig<TAB>ref.fna/a.fq.gz Mean<TAB>ref.fna/a.fq.gz Covered Fraction
    c1<TAB>1.4117647<TAB>0.93
    Sample<TAB>Genome<TAB>Relative Abundance (%)          (long form)

Kept: each row and method; the method is the unit, so that a row with two methods is two records;
"unmapped" as a special row. Dropped: nothing. A mean coverage or a covered fraction is no part
of a whole and has no total. See github.com/wwood/CoverM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import Once, refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import FeatureKind

#: CoverM's methods in lower case -> the unit.
METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "relative abundance (%)": "percent",
        "mean": "coverage",
        "trimmed mean": "trimmed mean coverage",
        "covered fraction": "covered fraction",
        "covered bases": "covered bases",
        "variance": "variance of coverage",
        "length": "length",
        "read count": "counts",
        "count": "counts",
        "reads per base": "reads per base",
        "rpkm": "RPKM",
        "tpm": "TPM",
        "anir": "ANI of reads",
    }
)
_ADDITIVE: Final = frozenset({"percent", "counts", "TPM", "RPKM"})
_KINDS: Final[Mapping[str, FeatureKind]] = MappingProxyType(
    {"contig": "other", "gene": "gene", "genome": "taxon"}
)
#: Percentages have seven digits; samples of many genomes sum to 100 but for this.
_ROUNDING: Final = 0.01
_UNMAPPED: Final = "unmapped"
_READS: Final = re.compile(r"\.(?:fastq|fq|fasta|fa|fna)$")
_READ_1: Final = re.compile(r"[._]R?1(?:_001)?$")


@dataclass(slots=True)
class _Item:
    line: int
    values: dict[str, float] = field(default_factory=dict)


class CovermReader:
    """Coverage of contigs, genes or genomes."""

    name = "coverm"
    kind: Kind = "abundance"
    description = "CoverM contig, gene or genome table (dense or sparse)"

    def sniff(self, head: str) -> bool:
        """Look for a first column Contig, Gene or Genome and columns that name a method."""
        return _columns(head.split("\n", 1)[0].split("\t")) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row and method, when all rows are known.

        Raises:
            FormatError: The header names no method, two columns are one, or no row can be used.
        """
        header = [cell.strip() for cell in handle.readline().rstrip("\n").split("\t")]
        columns = _columns(header)
        if columns is None:
            what = "the header names no Contig, Gene or Genome and no method of CoverM"
            raise FormatError(what, path_name=source.path_name, line=1)
        refuse_duplicates(header, source, 1)
        table = _Table(columns, len(header), source)
        bad = 0
        for line, cells in tab_rows(handle, 2):
            try:
                table.take(line, cells)
            except ValueError as error:
                bad += 1
                name = cells[columns.name_at] if columns.name_at < len(cells) else ""
                yield BadRecord(source.path_name, line, name.strip()[:120], str(error))
        if bad and not table.rows:
            raise FormatError("no row can be used", path_name=source.path_name)
        yield from table.features()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Values: (place, sample, unit) each; the sample is "" in the long form."""

    kind: FeatureKind
    name_at: int
    values: tuple[tuple[int, str, str], ...]
    sample_at: int = -1


def _columns(header: Sequence[str]) -> _Columns | None:
    names = [name.strip() for name in header]
    lower = [name.lower() for name in names]
    if lower[0] == "sample" and len(lower) > 2 and lower[1] in _KINDS:
        units = [METHODS.get(name, "") for name in lower[2:]]
        values = tuple((n, "", unit) for n, unit in enumerate(units, 2) if unit)
        return _Columns(_KINDS[lower[1]], 1, values, 0) if all(units) else None
    if lower[0] not in _KINDS or len(lower) < 2:
        return None
    parted = [_parted(name) for name in names[1:]]
    if not all(unit for _, unit in parted):
        return None
    files = list(dict.fromkeys(name for name, _ in parted))
    short = {name: _sample(name) for name in files}
    is_unique = len(set(short.values())) == len(files)
    values = tuple(
        (n, short[name] if is_unique else name, unit) for n, (name, unit) in enumerate(parted, 1)
    )
    return _Columns(_KINDS[lower[0]], 0, values)


def _parted(name: str) -> tuple[str, str]:
    """Part a column's name into file and unit, ("", "") where there is no method."""
    for method in sorted(METHODS, key=len, reverse=True):
        if name.lower().endswith(f" {method}"):
            return name[: -len(method) - 1].strip(), METHODS[method]
    return "", ""


def _sample(name: str) -> str:
    """Name a sample after its reads: what follows the reference and a slash."""
    reads = name.rsplit("/", 1)[-1]
    return _READ_1.sub("", _READS.sub("", sample_of_file(reads))) or name


class _Table:
    def __init__(self, columns: _Columns, width: int, source: Source) -> None:
        self.rows: dict[tuple[str, str], _Item] = {}
        self._columns = columns
        self._width = width
        self._source = source
        self._once = Once("the row")
        self._samples: dict[str, None] = {sample: None for _, sample, _ in columns.values if sample}

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take a row: a contig, or in the long form a contig of one sample."""
        refuse_width(cells, self._width)
        name = cells[self._columns.name_at].strip()
        own = cells[self._columns.sample_at].strip() if self._columns.sample_at >= 0 else ""
        if not name or (self._columns.sample_at >= 0 and not own):
            raise ValueError("the row has no name or no sample")
        values = [
            (sample or own, unit, _value(cells[place], unit, self._source, line))
            for place, sample, unit in self._columns.values
        ]
        self._once.take(f"{own}\t{name}", line)
        for sample, unit, value in values:
            self._samples[sample] = None
            if value is not None:
                self.rows.setdefault((name, unit), _Item(line)).values[sample] = value

    def features(self) -> Iterator[Feature]:
        """Give the records; in the long form an absent row is a zero."""
        units = list(dict.fromkeys(unit for _, unit in self.rows))
        for (name, unit), item in self.rows.items():
            is_special = name.lower() == _UNMAPPED
            yield Feature(
                id=name,
                name=name,
                kind=self._columns.kind,
                unit=unit,
                values=tuple((sample, item.values.get(sample, 0.0)) for sample in self._samples),
                special=is_special,
                tool="CoverM",
                provenance=self._source.provenance(CovermReader.name, item.line),
            )
        if not self.rows:
            self._source.warnings.append("the table has no rows")
        self._source.unit = "; ".join(units)
        self._compare()
        if len(units) == 1 and units[0] in _ADDITIVE:
            values = (value for item in self.rows.values() for value in item.values.values())
            self._source.total = sum(values)

    def _compare(self) -> None:
        """Tell of samples whose relative abundances, with what is unmapped, are not 100 percent."""
        rows = {name: item for (name, unit), item in self.rows.items() if unit == "percent"}
        for sample in self._samples if rows else ():
            whole = sum(item.values.get(sample, 0.0) for item in rows.values())
            if abs(whole - 100) > _ROUNDING and whole:
                told = f"sample {sample}: percentages sum to {whole:.6g}: is the table whole?"
                self._source.warnings.append(told)


def _value(text: str, unit: str, source: Source, line: int) -> float | None:
    """Read a value; unmapped reads have no coverage, which CoverM writes as NA or NaN."""
    if text.strip().lower() in {"na", "nan", ""}:
        return None
    value = abundance(text, source, line)
    most = {"percent": 100.01, "covered fraction": 1.0001}.get(unit)
    if most is not None and value > most:
        message = f"a {unit} of {value:g}"
        raise ValueError(message)
    return value
