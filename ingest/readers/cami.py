"""Profiles in CAMI's format: MetaPhlAn, mOTUs, KMCP, sourmash, ganon write it on request.

    @SampleID:S1
    @Ranks:superkingdom|phylum|class|order|family|genus|species|strain
    @@TAXID<TAB>RANK<TAB>TAXPATH<TAB>TAXPATHSN<TAB>PERCENTAGE
    1239<TAB>phylum<TAB>2|1239<TAB>Bacteria|Bacillota<TAB>60.0

Kept: each taxon of each rank in percent, samples that stand one below the other side by side.
Dropped: other columns. Every rank repeats the whole community: sum one rank only. What is missing
to 100 is of no taxon. See github.com/bioboxes/rfc, data-format/profiling.mkd.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of, refuse_missing
from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import features_of, rank_of, refuse_width, taxon_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "percent"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "taxid": ("taxid",),
    "rank": ("rank",),
    "path": ("taxpath",),
    "names": ("taxpathsn",),
    "percent": ("percentage",),
}
_NEEDED: Final = tuple(ALIASES)
_HEADER: Final = re.compile(r"@@TAXID\tRANK\t", re.IGNORECASE)
_TAG: Final = re.compile(r"@(SampleID|Ranks|__program__)\s*:\s*(.*)", re.IGNORECASE)
#: Percentages may pass 100 by rounding, not by more; parts may pass their clade by less than this.
_MOST: Final = 100.01
_GAP: Final = 0.05


class CamiReader:
    """Taxonomic profiles of one sample or several."""

    name = "cami"
    kind: Kind = "abundance"
    description = "CAMI (bioboxes) profile: MetaPhlAn, mOTUs, KMCP, sourmash, ganon"

    def sniff(self, head: str) -> bool:
        """Look for the header among the first lines."""
        lines = head.splitlines()[:30]
        return any(map(_HEADER.match, lines)) and any(map(_TAG.match, lines))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon when all samples are known.

        Raises:
            FormatError: A column is absent, one sample comes twice, or no row can be used.
        """
        source.unit = UNIT
        table = _Table(source)
        yield from features_of(table.rows(handle), source, table.take)
        yield from table.features()


@dataclass(slots=True)
class _Taxon:
    line: int
    name: str
    rank: str
    path: tuple[str, ...]
    lineage: str
    values: dict[str, float] = field(default_factory=dict)


class _Table:
    def __init__(self, source: Source) -> None:
        self._taxa: dict[tuple[str, str], _Taxon] = {}
        self._source = source
        self._columns: Columns | None = None
        self._ranks: list[str] = []
        self._tool = ""
        self._sample = ""
        self._samples: dict[str, None] = {}

    def rows(self, handle: TextIO) -> Iterator[tuple[int, list[str]]]:
        """Yield line and cells of each taxon; take what stands in the heads between."""
        for line, text in enumerate(handle, 1):
            if text.startswith("@"):
                self._tag(line, text)
            elif text.strip() and not text.startswith("#"):
                yield line, text.rstrip("\n").split("\t")

    def _tag(self, line: int, text: str) -> None:
        """Take a line of the head: the sample, the ranks, the program, or the columns.

        Raises:
            FormatError: A column is absent, or the sample had a profile before.
        """
        if text.startswith("@@"):
            self._columns = columns_of(text[2:].rstrip("\n").split("\t"), ALIASES)
            refuse_missing(self._columns, _NEEDED, ALIASES, self._source)
            self._start(line)
            return
        found = _TAG.match(text.strip())
        if found is None:
            return
        name, value = found.group(1).lower(), found.group(2).strip()
        if name == "sampleid":
            # Each profile has its own header: rows of another sample may not follow this one's.
            self._sample, self._columns = value, None
        elif name == "ranks":
            self._ranks = [rank_of(rank) for rank in value.split("|")]
        else:
            self._tool = value

    def _start(self, line: int) -> None:
        self._sample = self._sample or sample_of_file(self._source.path_name)
        if self._sample in self._samples:
            what = f"sample {self._sample!r} has two profiles"
            raise FormatError(what, path_name=self._source.path_name, line=line)
        self._samples[self._sample] = None

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take a taxon of a sample.

        Raises:
            ValueError: The row cannot be used, or the taxon had one before.
            FormatError: No header stands above it.
        """
        if self._columns is None:
            what = "there is no header (@@TAXID ...) above the rows"
            raise FormatError(what, path_name=self._source.path_name, line=line)
        refuse_width(cells, self._columns.width)
        row = self._columns.row(cells)
        taxid, rank = cells[self._columns.places["taxid"]].strip(), row.text("rank")
        names = [name.strip() for name in row.text("names").split("|")]
        path = tuple(part.strip() for part in row.text("path").split("|"))
        percent = abundance(cells[self._columns.places["percent"]], self._source, line)
        if not taxid or not rank or not names[-1] or percent > _MOST:
            message = "the row names no taxon or rank, or its percentage passes 100"
            raise ValueError(message)
        taxon = _Taxon(line, names[-1], rank_of(rank), path, self._lineage(names))
        kept = self._taxa.setdefault((rank, taxid), taxon)
        if self._sample in kept.values:
            message = f"the taxon occurs twice in this sample, first on line {kept.line}"
            raise ValueError(message)
        kept.values[self._sample] = percent

    def _lineage(self, names: Sequence[str]) -> str:
        """Write the names with the prefixes of their ranks; a name may have one already."""
        pairs = zip(self._ranks, names, strict=False)
        return ";".join(
            name if "__" in name else f"{rank}__{name}" for rank, name in pairs if name and rank
        )

    def features(self) -> Iterator[Feature]:
        """Give the taxa in the order in which they came first; what is not there is zero."""
        for (_, taxid), taxon in self._taxa.items():
            yield Feature(
                id=taxon_id(taxid) if taxid.isdigit() else taxid,
                name=taxon.name.split("__")[-1].replace("_", " "),
                kind="taxon",
                unit=UNIT,
                values=tuple((name, taxon.values.get(name, 0.0)) for name in self._samples),
                rank=taxon.rank,
                tool=self._tool or "CAMI profile",
                lineage=taxon.lineage,
                provenance=self._source.provenance(CamiReader.name, taxon.line),
            )
        if not self._samples:
            raise FormatError("the file has no profile", path_name=self._source.path_name)
        self._compare()

    def _compare(self) -> None:
        """Tell of clades that are less than their parts, and of ranks that pass 100."""
        whole = {taxon.path: sum(taxon.values.values()) for taxon in self._taxa.values()}
        parts: dict[tuple[str, ...], float] = {}
        ranks: dict[tuple[str, str], float] = {}
        for taxon in self._taxa.values():
            if taxon.path[:-1] in whole:
                above = taxon.path[:-1]
                parts[above] = parts.get(above, 0.0) + sum(taxon.values.values())
            for sample, value in taxon.values.items():
                ranks[sample, taxon.rank] = ranks.get((sample, taxon.rank), 0.0) + value
        slack = _GAP * max(1, len(self._samples))
        told = [f"clade {'|'.join(it)}" for it in parts if parts[it] > whole[it] + slack]
        told += [f"{rank} of {name}" for (name, rank), it in ranks.items() if it > 100 + _GAP]
        if told:
            self._source.warnings.append(
                f"sums that do not hold: {len(told)}, the first is {told[0][:80]}: is it whole?"
            )
