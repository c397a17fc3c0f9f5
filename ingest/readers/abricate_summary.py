"""ABRicate's summary: which genes were found in which report (abricate --summary).

    #FILE<TAB>NUM_FOUND<TAB>blaTEM-1<TAB>tet(A)
    a.tab<TAB>2<TAB>100.00<TAB>99.50;98.10
    b.tab<TAB>1<TAB>.<TAB>100.00

Kept: the covered share of each gene in each report, the best where there are several hits; "." is
zero. Dropped: NUM_FOUND, which must be the number of genes found. Shares have no total.
See github.com/tseemann/abricate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "percent covered"
_HEADER: Final = ("#file", "num_found")
_ABSENT: Final = "."


class AbricateSummaryReader:
    """Genes by report."""

    name = "abricate_summary"
    kind: Kind = "abundance"
    description = "ABRicate summary of several reports"

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        return _is_header(_cells(head.split("\n", 1)[0]))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per gene when all reports are known.

        Raises:
            FormatError: The header is absent, a gene or report comes twice, or no row is good.
        """
        header = _cells(handle.readline())
        if not _is_header(header):
            what = "the first line does not begin with #FILE and NUM_FOUND"
            raise FormatError(what, path_name=source.path_name, line=1)
        genes = header[2:]
        refuse_duplicates(genes, source, 1, what="gene")
        source.unit = UNIT
        reports: dict[str, list[float]] = {}
        bad = 0
        for line, cells in tab_rows(handle, 2):
            try:
                name, shares = _row(line, cells, len(header), source)
            except ValueError as error:
                bad += 1
                yield BadRecord(source.path_name, line, cells[0].strip()[:120], str(error))
                continue
            if name in reports:
                what = f"two rows are of the report {name!r}"
                raise FormatError(what, path_name=source.path_name, line=line)
            reports[name] = shares
        if bad and not reports:
            raise FormatError("no row can be used", path_name=source.path_name)
        if not reports or not genes:
            source.warnings.append("the reports have no hits")
        for at, gene in enumerate(genes):
            yield Feature(
                id=gene,
                name=gene,
                kind="gene_family",
                unit=UNIT,
                values=tuple((name, shares[at]) for name, shares in reports.items()),
                tool="ABRicate",
                provenance=source.provenance(self.name, 1),
            )


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.rstrip("\n").split("\t")]


def _is_header(cells: Sequence[str]) -> bool:
    return tuple(cell.lower() for cell in cells[:2]) == _HEADER


def _row(line: int, cells: Sequence[str], width: int, source: Source) -> tuple[str, list[float]]:
    refuse_width(cells, width)
    name = sample_of_file(cells[0].strip().rsplit("/", 1)[-1])
    shares = [_share(cell.strip(), source, line) for cell in cells[2:]]
    found = sum(cell.strip() != _ABSENT for cell in cells[2:])
    if not name or cells[1].strip() != str(found):
        message = f"{found} genes are found, NUM_FOUND is {cells[1].strip()[:20]!r}"
        raise ValueError(message if name else "the row names no report")
    return name, shares


def _share(cell: str, source: Source, line: int) -> float:
    if cell == _ABSENT:
        return 0.0
    share = max(abundance(part, source, line) for part in cell.split(";"))
    if share > 100:
        message = f"a covered share of {share:g} percent"
        raise ValueError(message)
    return share
