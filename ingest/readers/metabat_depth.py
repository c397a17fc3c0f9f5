"""MetaBAT's depth table (jgi_summarize_bam_contig_depths, CoverM --methods metabat).

    contigName<TAB>contigLen<TAB>totalAvgDepth<TAB>S1.bam<TAB>S1.bam-var<TAB>S2.bam<TAB>S2.bam-var
    k141_1<TAB>5000<TAB>12.5<TAB>10<TAB>3.1<TAB>2.5<TAB>1

Kept: the mean depth of each contig in each sample. Dropped: lengths, variances, and the total,
which must be the sum of the depths. Depths are no parts of a whole and have no total.
See bitbucket.org/berkeleylab/metabat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.readers.featurecounts import sample_names
from ingest.records import Feature
from ingest.tables import abundance
from ingest.taxa import Once, features_of, refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "coverage"
_HEADER: Final = ("contigname", "contiglen", "totalavgdepth")
_VARIANCE: Final = "-var"
#: Depths have six significant digits; sums are off by less than this share.
_ROUNDING: Final = 1e-3


class MetabatDepthReader:
    """Mean depths of contigs."""

    name = "metabat_depth"
    kind: Kind = "abundance"
    description = "MetaBAT depth table (jgi_summarize_bam_contig_depths, CoverM metabat)"

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        return _is_header(_cells(head.split("\n", 1)[0]))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per contig.

        Raises:
            FormatError: The header is absent, two samples have one name, or no row can be used.
        """
        header = _cells(handle.readline())
        if not _is_header(header):
            what = "the first line does not begin with contigName, contigLen, totalAvgDepth"
            raise FormatError(what, path_name=source.path_name, line=1)
        places = [n for n in range(len(_HEADER), len(header)) if not _is_variance(header, n)]
        samples = sample_names([header[n] for n in places], source, 1)
        source.unit = UNIT
        once = Once("the contig")

        def feature(line: int, cells: Sequence[str]) -> Feature:
            refuse_width(cells, len(header))
            contig = cells[0].strip()
            if not contig:
                raise ValueError("the row has no contig")
            total, *depths = (abundance(cells[n], source, line) for n in (2, *places))
            if abs(sum(depths) - total) > _ROUNDING * max(1.0, total):
                message = f"the depths sum to {sum(depths):g}, totalAvgDepth is {total:g}"
                raise ValueError(message)
            once.take(contig, line)
            return Feature(
                id=contig,
                name=contig,
                kind="other",
                unit=UNIT,
                values=tuple(zip(samples, depths, strict=True)),
                tool="MetaBAT",
                provenance=source.provenance(MetabatDepthReader.name, line),
            )

        yield from features_of(tab_rows(handle, 2), source, feature)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.rstrip("\n").split("\t")]


def _is_header(cells: Sequence[str]) -> bool:
    width = len(_HEADER)
    return tuple(cell.lower() for cell in cells[:width]) == _HEADER and len(cells) > width


def _is_variance(header: Sequence[str], at: int) -> bool:
    """Tell the variance of the sample that stands before it."""
    return header[at] == header[at - 1] + _VARIANCE
