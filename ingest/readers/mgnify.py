"""MGnify's tables: taxa and functions over the samples of a study, and functions of one sample.

    taxonomy<TAB>ERR1<TAB>ERR2                               (or #SampleID, in older studies)
    sk__Bacteria;k__;p__Nanoarchaeota<TAB>0<TAB>2
    KO<TAB>description<TAB>ERZ1<TAB>ERZ2                     (GO, IPR, Pfam ... likewise)
    # function  read_count  coverage_depth  coverage_breadth (one sample)
    completeness<TAB>module_accession<TAB>pathway_name ...   (one sample, in percent)
    asv<TAB>count                                            (one sample)

Kept: every row with its counts; taxa are counted at that very taxon and not below it. Dropped:
depth and breadth, descriptions of classes, KOs of a module. See docs.mgnify.org.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import (
    UNCLASSIFIED_NAMES,
    Once,
    Taxon,
    features_of,
    lineage_of,
    refuse_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, FeatureKind

#: First column of a table of functions, in lower case -> what its rows are.
_FUNCTIONS: Final[Mapping[str, FeatureKind]] = MappingProxyType(
    {
        "ko": "gene_family",
        "kegg_ortholog": "gene_family",
        "pfam": "gene_family",
        "pfam_id": "gene_family",
        "ipr": "gene_family",
        "interpro": "gene_family",
        "interpro_accession": "gene_family",
        "go": "other",
        "go_id": "other",
        "goslim": "other",
        "antismash": "other",
        "sanntis": "other",
        "nearest_mibig": "other",
        "label": "other",
        "bgc_type": "other",
        "module_accession": "pathway",
        "function": "gene_family",
        "rhea": "other",
        "rhea_id": "other",
    }
)
#: Columns that describe a row.
_TEXT: Final = frozenset(
    {
        *("description", "term", "category", "name", "pathway_name", "pathway_class"),
        *("class", "nearest_mibig_class", "matching_ko", "missing_ko"),
    }
)
#: Columns of one sample's table that are no abundance of their own.
_DROPPED: Final = frozenset({"coverage_depth", "coverage_breadth"})
#: The one column of values in tables of one sample -> the unit.
_SINGLE: Final[Mapping[str, str]] = MappingProxyType(
    {"read_count": "counts", "count": "counts", "completeness": "percent complete"}
)
#: What tables of modules hold over the samples of a study, too.
_COMPLETENESS: Final = "percent complete"
_MODULES: Final = "module_accession"
_ACCESSION: Final = re.compile(
    r"(?:K\d{5}|PF\d{5}(?:\.\d+)?|IPR\d{6}|GO:\d{7}|M\d{5}|RHEA:\d+|[\w.-]+(?:,[\w.-]+)*)"
)
_LINEAGE: Final = re.compile(
    r"(?:Root(?:;|$))?(?:(?:sk|[dk])__[^;|\t]*(?:;[^|\t]*)?)?|unclassified|unassigned", re.I
)
#: The first versions of the pipeline begin lineages with it; alone it holds reads of no domain.
_ROOT: Final = "Root"
_DECIMALS: Final = re.compile(r"\d*\.\d*[1-9]\d*(?:[eE][-+]?\d+)?")
#: Rows of the head that are looked at.
_LOOKED_AT: Final = 50
_SUFFIX: Final = re.compile(
    r"_(?:pfam|ko|go|goslim|interpro|kegg_modules_summary|asv_read_counts)(?:_\w+)?$"
)


class _Layout(NamedTuple):
    """Where id, name and values are: (place, sample) each."""

    kind: FeatureKind
    id_at: int
    name_at: int
    values: tuple[tuple[int, str], ...]
    unit: str
    first_dropped: int


class MgnifyReader:
    """Taxa or functions of a study or a sample."""

    name = "mgnify"
    kind: Kind = "abundance"
    description = "MGnify study summaries, function counts, KEGG modules, ASV counts"

    def sniff(self, head: str) -> bool:
        """Look for the header of one of the tables and a row that fits it."""
        lines = [line for line in head.splitlines() if line.strip()]
        if not lines:
            return False
        header = _header(lines[0])
        layout = _layout(header, "x")
        if layout is None or not _are_whole(layout, lines[1:]):
            return False
        if layout.kind != "taxon" or header[0].lower() == "asv":
            return True
        # The last line of the head may be cut; MetaPhlAn has the same header and other lineages.
        firsts = [line.split("\t", 1)[0].strip() for line in lines[1:-1] or lines[1:]]
        is_mgnify = all(first and _LINEAGE.fullmatch(first) for first in firsts)
        return is_mgnify and any(";" in first for first in firsts)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: The header is none of MGnify's, or no row can be used.
        """
        header = _header(handle.readline())
        layout = _layout(header, _SUFFIX.sub("", sample_of_file(source.path_name)))
        if layout is None:
            what = "the header is none of MGnify's tables"
            raise FormatError(what, path_name=source.path_name, line=1)
        refuse_duplicates([name for _, name in layout.values], source, 1)
        table = _Table(layout, len(header), source)
        rows = (
            (line, text.rstrip("\n").split("\t"))
            for line, text in enumerate(handle, 2)
            if text.strip()
        )
        yield from features_of(rows, source, table.feature, name_at=layout.id_at)


def _are_whole(layout: _Layout, lines: Sequence[str]) -> bool:
    """Tell counts from other values under the same names: counts are whole numbers."""
    rows = [line.split("\t") for line in lines[:_LOOKED_AT]]
    cells = (row[at].strip() for row in rows for at, _ in layout.values if at < len(row))
    return layout.unit != "counts" or not any(map(_DECIMALS.fullmatch, cells))


def _header(text: str) -> list[str]:
    """Split the header; with "#" it may be padded with spaces."""
    bare = text.rstrip("\n").lstrip("#").strip()
    cells = bare.split("\t") if "\t" in bare else re.split(r"\s{2,}|\s(?=Kingdom)", bare)
    return [cell.strip() for cell in cells]


def _layout(header: Sequence[str], own_name: str) -> _Layout | None:
    lower = [name.lower() for name in header]
    if lower[0] in {"taxonomy", "sampleid"} and len(lower) > 1:
        return _Layout("taxon", 0, 0, tuple(enumerate(header))[1:], "counts", len(header))
    if lower == ["asv", "count"]:
        return _Layout("taxon", 0, 0, ((1, own_name),), "counts", len(header))
    id_at = next((n for n, name in enumerate(lower) if name in _FUNCTIONS), -1)
    single = next((n for n, name in enumerate(lower) if name in _SINGLE), -1)
    if id_at == 0 or (id_at == 1 and single == 0):
        return _of_functions(header, id_at, single, own_name)
    return None


def _of_functions(header: Sequence[str], id_at: int, single: int, own_name: str) -> _Layout | None:
    lower = [name.lower() for name in header]
    name_at = next((n for n, name in enumerate(lower) if name in _TEXT), id_at)
    others = {id_at, *(n for n, name in enumerate(lower) if name in _TEXT | _DROPPED)}
    values = [(n, name) for n, name in enumerate(header) if n not in others]
    kind = _FUNCTIONS[lower[id_at]]
    if single >= 0 and values == [(single, header[single])]:
        last = max(id_at, single, name_at)
        unit = _SINGLE[lower[single]]
        return _Layout(kind, id_at, name_at, ((single, own_name),), unit, last + 1)
    # PICRUSt2 heads its tables of several samples with "function".
    if single >= 0 or name_at == id_at or not values or lower[id_at] == "function":
        return None
    unit = _COMPLETENESS if lower[id_at] == _MODULES else "counts"
    return _Layout(kind, id_at, name_at, tuple(values), unit, len(header))


class _Table:
    def __init__(self, layout: _Layout, width: int, source: Source) -> None:
        self._layout = layout
        self._width = width
        self._source = source
        self._once = Once("the row")
        source.unit = layout.unit
        source.total = 0.0 if layout.unit == "counts" else None

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row; empty cells at its end may be absent."""
        # Modules without missing KOs have no last field; in other tables none may be absent.
        is_single = self._layout.first_dropped < self._width
        is_short = is_single and self._layout.kind == "pathway" and len(cells) < self._width
        if not is_short or len(cells) < self._layout.first_dropped:
            refuse_width(cells, self._width)
        identifier = cells[self._layout.id_at].strip()
        values = tuple(
            (sample, abundance(cells[place], self._source, line))
            for place, sample in self._layout.values
        )
        if self._layout.unit == _COMPLETENESS and (most := max(it for _, it in values)) > 100:
            message = f"{most:g} percent are complete"
            raise ValueError(message)
        taxon = self._taxon(identifier)
        self._once.take(taxon.id, line)
        if self._source.total is not None:
            self._source.total += sum(value for _, value in values)
        name = cells[self._layout.name_at].strip() if self._layout.kind != "taxon" else taxon.name
        return Feature(
            id=taxon.id,
            name=name or taxon.name,
            kind=self._layout.kind,
            unit=self._layout.unit,
            values=values,
            special=identifier.lower() in UNCLASSIFIED_NAMES or identifier == _ROOT,
            tool="MGnify",
            lineage=taxon.id if taxon.rank else "",
            provenance=self._source.provenance(MgnifyReader.name, line),
        )

    def _taxon(self, identifier: str) -> Taxon:
        if self._layout.kind == "taxon" and identifier.startswith(f"{_ROOT};"):
            identifier = identifier.removeprefix(f"{_ROOT};")
        is_lineage = self._layout.kind == "taxon" and "__" in identifier
        if is_lineage and identifier.lower() not in UNCLASSIFIED_NAMES:
            return lineage_of(identifier.split(";"))
        if not identifier or not _ACCESSION.fullmatch(identifier.replace(" ", "_")):
            message = f"{identifier[:40]!r} is no accession"
            raise ValueError(message)
        return Taxon(identifier, identifier, "")
