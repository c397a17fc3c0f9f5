"""SingleM: coverage of taxa by single-copy genes, a row per sample and taxon.

    sample<TAB>coverage<TAB>taxonomy
    S1<TAB>2.5<TAB>Root; d__Bacteria; p__Bacillota

Kept: the coverage of each taxon and sample, samples side by side. It is what was found of a taxon
and of none below it, so that no coverage is there twice: rows have no rank, and add up to that of
the sample. Dropped: full coverage, shares. OTU tables (a row per sequence) are refused. See
wwood.github.io/singlem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance
from ingest.taxa import lineage_of, refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "coverage"
_HEADER: Final = ("sample", "coverage", "taxonomy")
_OTUS: Final = ("gene", "sample", "sequence", "num_hits", "coverage", "taxonomy")
_ROOT: Final = "Root"


class SinglemReader:
    """Coverage of taxa in any number of samples."""

    name = "singlem"
    kind: Kind = "abundance"
    description = "SingleM taxonomic profile (singlem pipe -p, condense)"

    def sniff(self, head: str) -> bool:
        """Look for the header."""
        cells = head.split("\n", 1)[0].strip().split("\t")
        return (cells[:2] == list(_HEADER[:2]) and set(_HEADER) <= set(cells)) or _are_otus(cells)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon when all rows are known.

        Raises:
            FormatError: It is a table of OTUs, or no row can be used.
        """
        cells = handle.readline().strip().split("\t")
        if _are_otus(cells) or not set(_HEADER) <= set(cells):
            what = "this is a table of OTUs" if _are_otus(cells) else "no such header"
            hint = "Give the taxonomic profile (singlem pipe --taxonomic-profile, singlem condense)"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        source.unit = UNIT
        places = [cells.index(name) for name in _HEADER]
        taxa: dict[str, tuple[int, dict[str, float]]] = {}
        samples: dict[str, None] = {}
        bad = 0
        for line, row in tab_rows(handle, 2):
            try:
                refuse_width(row, len(cells))
                sample, lineage, value = _row(line, [row[at] for at in places], source)
                first, values = taxa.setdefault(lineage, (line, {}))
                if sample in values:
                    message = f"the taxon occurs twice in sample {sample}, first on line {first}"
                    raise ValueError(message)
            except ValueError as error:
                bad += 1
                yield BadRecord(source.path_name, line, row[0][:80], str(error))
                continue
            values[sample] = value
            samples[sample] = None
        if bad and not samples:
            raise FormatError("no row can be used", path_name=source.path_name)
        if not samples:
            source.warnings.append("the table has no rows")
        for lineage, (line, values) in taxa.items():
            measured = tuple((it, values.get(it, 0.0)) for it in samples)
            yield _feature(lineage, measured, source, line)


def _are_otus(header: Sequence[str]) -> bool:
    return tuple(header[: len(_OTUS)]) == _OTUS


def _row(line: int, cells: Sequence[str], source: Source) -> tuple[str, str, float]:
    sample, coverage, taxonomy = (cell.strip() for cell in cells)
    parts = [part.strip() for part in taxonomy.split(";") if part.strip()]
    parts = parts[1:] if parts[:1] == [_ROOT] else parts
    if not sample or (not parts and taxonomy != _ROOT):
        raise ValueError("the row names no sample or no taxon")
    if parts:
        lineage_of(parts)  # raises for what is no lineage
    return sample, ";".join(parts), abundance(coverage, source, line)


def _feature(
    lineage: str, values: tuple[tuple[str, float], ...], source: Source, line: int
) -> Feature:
    return Feature(
        id=lineage or _ROOT,
        name=lineage_of(lineage.split(";")).name if lineage else _ROOT,
        kind="taxon",
        unit=UNIT,
        values=values,
        special=not lineage,
        tool="SingleM",
        lineage=lineage,
        provenance=source.provenance(SinglemReader.name, line),
    )
