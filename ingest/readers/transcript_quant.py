"""Reads per gene of one sample, under a header: Salmon, kallisto, RSEM; HTSeq without one.

    Name<TAB>Length<TAB>EffectiveLength<TAB>TPM<TAB>NumReads                    (Salmon, quant.sf)
    target_id<TAB>length<TAB>eff_length<TAB>est_counts<TAB>tpm                  (kallisto)
    gene_1<TAB>120                     (HTSeq, which ends in __no_feature<TAB>34 and other sums)

Kept: the reads of each gene, estimated ones as they are; what HTSeq counts beside the genes as
special rows. Dropped: TPM, lengths. The sample is named by the file: names that the tools give to
every file are refused. See salmon.readthedocs.io, pachterlab.github.io/kallisto.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of
from ingest.errors import FormatError
from ingest.feature_kinds import is_special
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import Once, refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "counts"
#: Our field -> its names, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("name", "target_id", "gene_id"),
    "effective": ("effectivelength", "eff_length", "effective_length"),
    "tpm": ("tpm",),
    "reads": ("numreads", "est_counts", "expected_count"),
}
#: Tool by the name of its column of reads.
_TOOLS: Final = {"numreads": "Salmon", "est_counts": "kallisto", "expected_count": "RSEM"}
_HTSEQ: Final = "HTSeq"
#: What the tools call every file, and what is left of a name in front of it.
_SUFFIX: Final = re.compile(
    r"(?:^|[._-])(?:quant(?:\.genes)?(?:\.sf)?|abundance|(?:genes|isoforms)\.results|htseq\w*|counts)"
    r"(?=\.|$)",
    re.IGNORECASE,
)


class TranscriptQuantReader:
    """Reads per gene of one sample."""

    name = "transcript_quant"
    kind: Kind = "abundance"
    description = "Reads per gene: Salmon quant.sf, kallisto abundance.tsv, RSEM, HTSeq"

    def sniff(self, head: str) -> bool:
        """Look for the header's names, or for HTSeq's sums below two columns."""
        lines = [line for line in head.split("\n") if line.strip()]
        if not lines:
            return False
        if columns_of(lines[0].split("\t"), ALIASES).has(*ALIASES):
            return True
        # The last line of the head may be cut.
        rows = [line.split("\t") for line in lines[: len(lines) - (not head.endswith("\n"))]]
        are_pairs = all(len(row) == 2 and row[1].strip().isdigit() for row in rows)
        return are_pairs and any(row[0].startswith("__") and is_special(row[0]) for row in rows)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per gene.

        Raises:
            FormatError: No row can be used.
        """
        first = handle.readline()
        columns = columns_of(first.rstrip("\n").split("\t"), ALIASES)
        is_headed = columns.has(*ALIASES)
        table = _Table(columns if is_headed else Columns({"id": 0, "reads": 1}, 2), source)
        table.tool = _tool(first) if is_headed else _HTSEQ
        rows: list[tuple[int, Sequence[str]]] = []
        if not is_headed and first.strip():
            rows.append((1, first.rstrip("\n").split("\t")))
        for part in (rows, tab_rows(handle, 2)):
            for line, cells in part:
                yield table.record(line, cells)
        table.finish()


def _tool(header: str) -> str:
    names = header.lower().split("\t")
    return next((tool for name, tool in _TOOLS.items() if name in map(str.strip, names)), "")


def _sample(source: Source) -> str:
    """Name the sample after the file.

    Raises:
        FormatError: The name is that of the tool's every file.
    """
    name = sample_of_file(_SUFFIX.sub("", source.path_name)).strip("._-")
    if _SUFFIX.search(source.path_name) and name in {"", "tsv", "txt", "sf", "results"}:
        what = "every sample's file is called so: nothing names the sample"
        hint = f"Name it after its sample, as S1.{source.path_name}"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    return name


class _Table:
    def __init__(self, columns: Columns, source: Source) -> None:
        self.tool = ""
        self._columns = columns
        self._source = source
        self._sample = _sample(source)
        self._once = Once("the gene")
        self._values: list[float] = []
        self._bad = 0
        source.unit = UNIT

    def record(self, line: int, cells: Sequence[str]) -> Feature | BadRecord:
        """Read a row."""
        row = self._columns.row(cells)
        name = cells[self._columns.places["id"]].strip() if len(cells) > 1 else ""
        try:
            refuse_width(cells, self._columns.width)
            if not name:
                raise ValueError("the row names no gene")
            value = abundance(row.text("reads"), self._source, line)
            self._once.take(name, line)
        except ValueError as error:
            self._bad += 1
            return BadRecord(self._source.path_name, line, (name or cells[0])[:120], str(error))
        self._values.append(value)
        return Feature(
            id=name,
            name=name,
            kind="gene",
            unit=UNIT,
            values=((self._sample, value),),
            special=is_special(name),
            tool=self.tool,
            provenance=self._source.provenance(TranscriptQuantReader.name, line),
        )

    def finish(self) -> None:
        """Set the total.

        Raises:
            FormatError: No row can be used.
        """
        if not self._values:
            what = "no row can be used" if self._bad else "the table has no gene"
            hint = "Name another format with --format; `metalumen formats` lists them"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        self._source.total = round(math.fsum(self._values), 9)
