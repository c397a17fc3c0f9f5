"""Kaiju's table (kaiju2table): reads per taxon of one rank, of one sample or many.

    file<TAB>percent<TAB>reads<TAB>taxon_id<TAB>taxon_name
    a_kaiju.out<TAB>22.902338<TAB>6133128<TAB>1239<TAB>Firmicutes
    a_kaiju.out<TAB>2.806271<TAB>751505<TAB>NA<TAB>unclassified

Kept: reads of each taxon and sample, samples side by side; "unclassified" and "cannot be
assigned ..." as special rows. Dropped: percentages. The row "Viruses" gathers viruses of all
ranks and has no rank. See github.com/bioinformatics-centre/kaiju.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.headed_readers import HeadedReader
from ingest.records import Feature
from ingest.tables import abundance, names_of_files, sample_of_file
from ingest.taxa import NO_RANK, UNCLASSIFIED, features_of, rank_of, refuse_width, taxon_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("file",),
    "percent": ("percent",),
    "reads": ("reads",),
    "taxid": ("taxon_id",),
    "name": ("taxon_name",),
}
_UNASSIGNED: Final = re.compile(r"cannot be assigned to a (?:\(non-viral\) )?(\w+)")
_SUFFIX: Final = re.compile(r"[-_.]kaiju(?:[-_.]\w+)*$", re.IGNORECASE)
_VIRUSES: Final = "10239"
#: Percentages have six decimals; more than this is no rounding (in percent).
_ROUNDING: Final = 2e-6


class KaijuReader(HeadedReader):
    """Reads per taxon, in any number of samples."""

    name = "kaiju"
    kind: Kind = "abundance"
    description = "Kaiju table (kaiju2table)"
    header = TableHeader(ALIASES, needed=tuple(ALIASES))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon when all rows are known: samples stand one below the other."""
        source.unit = UNIT
        table = _Table(columns, source)
        yield from features_of(rows, source, table.take, name_at=columns.places["name"])
        yield from table.features()


@dataclass(slots=True)
class _Taxon:
    line: int
    name: str
    reads: dict[str, float] = field(default_factory=dict)


class _Table:
    def __init__(self, columns: Columns, source: Source) -> None:
        self._columns = columns
        self._source = source
        self._taxa: dict[str, _Taxon] = {}
        self._files: dict[str, str] = {}
        self._percent: dict[str, list[tuple[float, float]]] = {}
        self._rank = NO_RANK

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take a row.

        Raises:
            ValueError: It cannot be used, or its taxon had a row of this sample.
        """
        refuse_width(cells, self._columns.width)
        row = {name: cells[place].strip() for name, place in self._columns.places.items()}
        reads, percent = (abundance(row[name], self._source, line) for name in ("reads", "percent"))
        if not row["name"] or not row["file"] or reads != int(reads):
            raise ValueError("the row names no taxon or file, or its reads are no count")
        sample = self._files.setdefault(row["file"], _sample(row["file"]))
        taxon = self._taxa.setdefault(_id_of(row["taxid"], row["name"]), _Taxon(line, row["name"]))
        if row["file"] in taxon.reads:
            raise ValueError("the taxon occurs twice in this sample")
        taxon.reads[row["file"]] = reads
        self._percent.setdefault(sample, []).append((percent, reads))
        if found := _UNASSIGNED.match(row["name"]):
            self._rank = rank_of(found.group(1))

    def features(self) -> Iterator[Feature]:
        """Give the taxa in the order of their first rows; a taxon without a row has no reads."""
        samples = names_of_files(self._files)
        for identifier, taxon in self._taxa.items():
            is_special = identifier == UNCLASSIFIED or _UNASSIGNED.match(taxon.name) is not None
            is_mixed = identifier in {taxon_id(_VIRUSES)} and self._rank != "k"
            yield Feature(
                id=identifier,
                name=_last(taxon.name),
                kind="taxon",
                unit=UNIT,
                values=tuple((samples[file], taxon.reads.get(file, 0.0)) for file in samples),
                rank="" if is_special else NO_RANK if is_mixed else self._rank,
                special=is_special,
                tool="Kaiju",
                provenance=self._source.provenance(KaijuReader.name, taxon.line),
            )
        reads = (value for taxon in self._taxa.values() for value in taxon.reads.values())
        self._source.total = sum(reads)
        self._warn()

    def _warn(self) -> None:
        if self._rank == NO_RANK and self._taxa:
            self._source.warnings.append("the table does not say of which rank its taxa are")
        for sample, rows in self._percent.items():
            reads = sum(count for _, count in rows)
            # Percentages are of all reads of the sample, or (-u) of the classified ones.
            off = sum(abs(share - 100 * count / (reads or 1)) > _ROUNDING for share, count in rows)
            if off:
                self._source.warnings.append(
                    f"sample {sample}: {off} percentages are not those of the reads in the table: "
                    "rows were left out (-m, -c, -u) or changed"
                )


def _sample(path: str) -> str:
    base = path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return _SUFFIX.sub("", sample_of_file(base)) or base


def _id_of(taxid: str, name: str) -> str:
    if taxid.isascii() and taxid.isdigit() and taxid != "0":
        return taxon_id(taxid)
    if name.lower() == UNCLASSIFIED:
        return UNCLASSIFIED
    if not _UNASSIGNED.match(name):
        message = f"the taxon has no number, but {taxid[:20]!r}"
        raise ValueError(message)
    return name


def _last(name: str) -> str:
    """Take the taxon from a path ("Bacteria; Firmicutes;")."""
    parts = [part.strip() for part in name.split(";") if part.strip()]
    return parts[-1] if parts else name
