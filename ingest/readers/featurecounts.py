"""featureCounts: reads per gene, and the summary of what became of all reads.

    # Program:featureCounts v2.0.3; Command:"featureCounts" "-a" "genes.gtf" "-o" "out.txt" "a.bam"
    Geneid<TAB>Chr<TAB>Start<TAB>End<TAB>Strand<TAB>Length<TAB>a.bam
    gene_1<TAB>c1;c1<TAB>1;900<TAB>800;950<TAB>+;+<TAB>851<TAB>12

Kept: the reads of each gene and sample; samples are named after their BAM files. Dropped: places,
lengths, extra attributes. In the summary (Status, Assigned, Unassigned_...) every row is special:
they are reads, not features. See subread.sourceforge.net.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import (
    abundance,
    names_of_files,
    refuse_duplicates,
    refuse_semicolons,
    sample_of_file,
)
from ingest.taxa import Once, features_of, refuse_width, summed, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
_HEADER: Final = ("geneid", "chr", "start", "end", "strand", "length")
_PROGRAM: Final = re.compile(r"#\s*Program:featureCounts v?([\w.]+)")
_SORTED: Final = re.compile(r"(?:[._](?:sorted|sort|dedup|markdup|filtered))+$", re.IGNORECASE)
_STATUS: Final = re.compile(r"(?:Assigned|Unassigned_\w+)")


class FeaturecountsReader:
    """Reads per gene."""

    name = "featurecounts"
    kind: Kind = "abundance"
    description = "featureCounts table of reads per gene"

    def sniff(self, head: str) -> bool:
        """Look for the header's first six names."""
        lines = (line for line in head.splitlines() if line.strip() and not line.startswith("#"))
        cells = [cell.strip().lower() for cell in next(lines, "").split("\t")]
        return tuple(cells[: len(_HEADER)]) == _HEADER and len(cells) > len(_HEADER)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per gene.

        Raises:
            FormatError: The header is absent, two samples have one name, or no row can be used.
        """
        version, line, header = _header(handle, source)
        rows = tab_rows(handle, line + 1)
        first = next(rows, None)
        places = _samples(header, first[1] if first else [])
        samples = sample_names([header[place] for place in places], source, line)
        source.unit = UNIT
        once = Once("the gene")
        tool = f"featureCounts {version}".strip()

        def feature(line: int, cells: Sequence[str]) -> Feature:
            refuse_width(cells, len(header))
            gene = cells[0].strip()
            if not gene:
                raise ValueError("the row has no gene")
            values = [abundance(cells[place], source, line) for place in places]
            once.take(gene, line)
            return Feature(
                id=gene,
                name=gene,
                kind="gene",
                unit=UNIT,
                values=tuple(zip(samples, values, strict=True)),
                tool=tool,
                provenance=source.provenance(FeaturecountsReader.name, line),
            )

        yield from features_of(chain([first] if first else [], rows), source, feature)


class FeaturecountsSummaryReader:
    """What became of the reads of each sample."""

    name = "featurecounts_summary"
    kind: Kind = "abundance"
    description = "featureCounts summary of assigned and unassigned reads"

    def sniff(self, head: str) -> bool:
        """Look for the column Status and a row of a status."""
        rows = [_words(line) for line in head.splitlines() if line.strip()][:2]
        if len(rows) < 2 or not rows[0] or rows[0][0] != "Status":
            return False
        return any(_STATUS.fullmatch(cell) for cell in rows[1][:2])

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a special Feature per status.

        Raises:
            FormatError: The header is absent, two samples have one name, or no row can be used.
        """
        header = _words(handle.readline())
        if header[:1] != ["Status"] or len(header) < 2:
            what = "the first line does not begin with Status and samples"
            raise FormatError(what, path_name=source.path_name, line=1)
        samples = sample_names(header[1:], source, 1)
        source.unit = UNIT
        once = Once("the status")

        def feature(line: int, cells: Sequence[str]) -> Feature:
            # R writes the number of the row before it.
            cells = cells[1:] if len(cells) == len(header) + 1 else cells
            refuse_width(cells, len(header))
            if not _STATUS.fullmatch(cells[0]):
                message = f"{cells[0][:40]!r} is no status of featureCounts"
                raise ValueError(message)
            values = [abundance(cell, source, line) for cell in cells[1:]]
            once.take(cells[0], line)
            return Feature(
                id=cells[0],
                name=cells[0].replace("_", " "),
                kind="other",
                unit=UNIT,
                values=tuple(zip(samples, values, strict=True)),
                special=True,
                tool="featureCounts",
                provenance=source.provenance(FeaturecountsSummaryReader.name, line),
            )

        rows = ((n, _words(text)) for n, text in enumerate(handle, 2) if text.strip())
        seen: set[str] = set()
        for record in summed(features_of(rows, source, feature), source):
            seen.add(record.id if isinstance(record, Feature) else "")
            yield record
        if "Assigned" not in seen:
            source.warnings.append("there is no row Assigned: is the summary whole?")


def sample_names(names: Sequence[str], source: Source, line: int) -> list[str]:
    """Name samples after their BAM files; files of one name keep their paths.

    Raises:
        FormatError: Two columns are of one file.
    """
    names = [name.strip() for name in names]
    refuse_duplicates(names, source, line)
    short = {it: _SORTED.sub("", sample_of_file(it.rsplit("/", 1)[-1])) or it for it in names}
    return list(names_of_files(short).values())


def _header(handle: TextIO, source: Source) -> tuple[str, int, list[str]]:
    version = ""
    for line, text in enumerate(handle, 1):
        refuse_semicolons(line, text if not text.startswith("#") else "", source)
        if found := _PROGRAM.match(text):
            version = found.group(1)
        elif text.strip() and not text.startswith("#"):
            header = [cell.strip() for cell in text.rstrip("\n").split("\t")]
            if tuple(cell.lower() for cell in header[: len(_HEADER)]) == _HEADER:
                return version, line, header
            break
    what = "there is no header Geneid, Chr, Start, End, Strand, Length"
    raise FormatError(what, path_name=source.path_name)


def _samples(header: Sequence[str], first: Sequence[str]) -> list[int]:
    """Find the columns of samples: extra attributes of the genes stand before them, as text."""
    places = list(range(len(_HEADER), len(header)))
    while len(places) > 1 and places[0] < len(first) and not _is_number(first[places[0]]):
        places.pop(0)
    return places


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _words(text: str) -> list[str]:
    """Split at tabs, or at spaces where R wrote the table with quotes."""
    cells = text.rstrip("\n").split("\t") if "\t" in text else text.split()
    return [cell.strip().strip('"') for cell in cells]
