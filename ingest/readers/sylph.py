"""sylph's own tables: genomes found by profile, and their ANI by query.

    Sample_file<TAB>Genome_file<TAB>Taxonomic_abundance<TAB>Sequence_abundance<TAB>Adjusted_ANI ...
    a_1.fq.gz<TAB>db/GCA_910577315.1_genomic.fna.gz<TAB>10.6258<TAB>10.1684<TAB>97.66 ...

Kept: the taxonomic abundance of each genome in percent of what was found, of a query the adjusted
ANI, which is no part of a whole; samples stand side by side. Dropped: sequence abundance, coverage,
k-mers. Genomes have no lineage here: sylph-tax adds it (.sylphmpa).
See github.com/bluenote-1577/sylph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader, refuse_missing
from ingest.headed_readers import HeadedReader
from ingest.records import Feature
from ingest.tables import abundance, names_of_files, sample_of_file
from ingest.taxa import features_of, near, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

PERCENT: Final = "percent"
ANI: Final = "ANI percent"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "sample": ("sample_file",),
    "genome": ("genome_file",),
    "percent": ("taxonomic_abundance",),
    "sequences": ("sequence_abundance",),
    "ani": ("adjusted_ani",),
    "contig": ("contig_name",),
}
_READS: Final = re.compile(r"(?:\.paired)?(?:\.sylsp)?$")
_PAIR: Final = re.compile(r"(?:[._]R?1)?(?:_001)?\.(?:fastq|fq|fasta|fa|fna)(?:\.gz)?$", re.I)
_GENOME: Final = re.compile(r"(?:_genomic)?\.(?:fna|fasta|fa|fas)(?:\.gz)?$", re.I)
#: Abundances have four decimals and sum to 100 in each sample.
_ROUNDING: Final = 1e-3


class SylphReader(HeadedReader):
    """Genomes in samples."""

    name = "sylph"
    kind: Kind = "abundance"
    description = "sylph profile or query (its .sylphmpa is read as metaphlan)"
    header = TableHeader(ALIASES, needed=("sample", "genome", "ani"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per genome when all samples are known."""
        # A profile has both abundances, a query none.
        if columns.has("sequences"):
            refuse_missing(columns, ("percent",), ALIASES, source)
        source.unit = PERCENT if columns.has("percent") else ANI
        table = _Table(columns, source)
        yield from features_of(rows, source, table.take, name_at=columns.places["genome"])
        yield from table.features()


@dataclass(slots=True)
class _Genome:
    line: int
    title: str
    values: dict[str, float] = field(default_factory=dict)


class _Table:
    def __init__(self, columns: Columns, source: Source) -> None:
        self._genomes: dict[str, _Genome] = {}
        self._columns = columns
        self._source = source
        self._samples: dict[str, str] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take a genome of a sample.

        Raises:
            ValueError: The row cannot be used, or the genome had one of this sample.
        """
        refuse_width(cells, self._columns.width)
        row = self._columns.row(cells)
        file, genome = row.text("sample"), row.text("genome")
        place = self._columns.places["percent" if self._source.unit == PERCENT else "ani"]
        value = abundance(cells[place], self._source, line)
        if not file or not genome or value > 100 + _ROUNDING:
            raise ValueError("the row names no sample or genome, or its percentage passes 100")
        identifier = _GENOME.sub("", genome.rsplit("/", 1)[-1]) or genome
        kept = self._genomes.setdefault(identifier, _Genome(line, row.text("contig")))
        if file in kept.values:
            message = f"the genome occurs twice in this sample, first on line {kept.line}"
            raise ValueError(message)
        kept.values[file] = value
        self._samples.setdefault(file, _sample(file))

    def features(self) -> Iterator[Feature]:
        """Give the genomes in the order in which they came first; what is not found is zero."""
        samples = names_of_files(self._samples)
        for identifier, genome in self._genomes.items():
            yield Feature(
                id=identifier,
                name=genome.title.partition(" ")[2] or identifier,
                kind="taxon",
                unit=self._source.unit,
                values=self._values(genome, samples),
                tool="sylph",
                provenance=self._source.provenance(SylphReader.name, genome.line),
            )
        if self._source.unit == PERCENT:
            self._sum(samples)

    def _values(self, genome: _Genome, samples: Mapping[str, str]) -> tuple[tuple[str, float], ...]:
        """Give the values of a genome; where it is not found it has no ANI, but no abundance."""
        if self._source.unit == PERCENT:
            return tuple((samples[it], genome.values.get(it, 0.0)) for it in samples)
        return tuple((samples[it], value) for it, value in genome.values.items())

    def _sum(self, samples: Mapping[str, str]) -> None:
        sums = {
            name: sum(genome.values.get(file, 0.0) for genome in self._genomes.values())
            for file, name in samples.items()
        }
        self._source.total = sum(sums.values())
        for name, whole in sums.items():
            if not near(whole, 100, _ROUNDING):
                told = f"sample {name}: abundances sum to {whole:.6g}: is the table whole?"
                self._source.warnings.append(told)


def _sample(file: str) -> str:
    """Name a sample after its reads."""
    base = _READS.sub("", file.replace("\\", "/").rsplit("/", 1)[-1])
    return _PAIR.sub("", base) or sample_of_file(base)
