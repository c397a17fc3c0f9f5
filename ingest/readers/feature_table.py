"""Tables with a feature per row and a sample per column: OTU tables, study summaries, MLRepo.

    #OTU ID<TAB>S1<TAB>S2<TAB>taxonomy
    otu1<TAB>10<TAB>0<TAB>k__Bacteria; p__Firmicutes

Kept: every row with its lineage or description; cells without a number are missing, not zero.
Dropped: comment lines, sums over samples. What the rows are, and in which unit, is told by all
rows together (``ingest.table_features``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.feature_kinds import is_amplicon, is_lineage
from ingest.records import BadRecord
from ingest.table_features import About, features_of_table
from ingest.tables import refuse_duplicates
from ingest.wide_tables import (
    MISSING,
    WideRow,
    WideTable,
    cells_of,
    delimiter_of,
    fill_row,
    is_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import NoReturn, TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Feature, FeatureKind

#: Headers of the first column, in lower case without "#", space, "-", "_" and "." -> kind of rows.
_HEADS: Final[dict[str, FeatureKind]] = {
    **dict.fromkeys(("otuid", "otu", "asv", "asvid", "asvs", "otus", "featureid"), "taxon"),
    **dict.fromkeys(("taxonomy", "taxon", "taxa", "lineage", "clade", "cladename"), "taxon"),
    **dict.fromkeys(
        ("species", "genus", "family", "order", "class", "phylum", "bacteria"), "taxon"
    ),
    **dict.fromkeys(
        ("ko", "kegg", "keggko", "keggortholog", "ec", "ecnumber", "go"), "gene_family"
    ),
    **dict.fromkeys(("pfam", "interpro", "cog", "cazy", "cazyme", "genefamily"), "gene_family"),
    **dict.fromkeys(("ipr", "goterm", "antismash", "reaction", "function"), "gene_family"),
    **dict.fromkeys(("pathway", "module", "keggmodule", "metacyc"), "pathway"),
    **dict.fromkeys(("compound", "metabolite", "compoundname", "metabolitename"), "metabolite"),
    **dict.fromkeys(("hmdb", "hmdbid", "biochemical", "chemical"), "metabolite"),
    **dict.fromkeys(("feature", "featureidentifier", "name", "variable", "rowname"), "other"),
}
#: Headers that only tables of OTUs have: one sample is enough.
_CERTAIN: Final = frozenset({"otuid", "featureid", "asvid"})
#: Columns that are no samples, in the same spelling -> what they hold.
_LINEAGES: Final = frozenset({"taxonomy", "taxon", "lineage", "consensuslineage", "otumetadata"})
_NAMES: Final = frozenset({"description", "name", "annotation", "definition"})
_RANKS: Final = {
    "superkingdom": "sk",
    "domain": "d",
    "kingdom": "k",
    "phylum": "p",
    "class": "c",
    "order": "o",
    "family": "f",
    "genus": "g",
    "species": "s",
}
_SUMS: Final = frozenset({"total", "sum", "rowsum", "totalcounts"})
#: Numbers about a feature, not about a sample of it.
_TRAITS: Final = frozenset(
    {
        *("m/z", "mz", "rt", "rtmin", "retentiontime", "mass", "ri", "exactmass", "mw", "charge"),
        *(
            "compid",
            "chemicalid",
            "pubchem",
            "pubchemid",
            "cas",
            "hmdb",
            "hmdbid",
            "kegg",
            "keggid",
        ),
        *("chebi", "chebiid", "inchikey", "formula", "smiles", "superpathway", "subpathway"),
        *("pathwaysortorder", "platform", "taxid", "ncbitaxid", "taxonomyid", "cladetaxid"),
        *("confidence", "sequence", "size", "id", "category", "chemid"),
    }
)
#: Columns of results and of coordinates: their tables hold no samples.
_STATISTICS: Final = frozenset(
    {
        *("pval", "pvalue", "qval", "qvalue", "padj", "adjpval", "fdr", "coef", "stderr", "stat"),
        *("basemean", "log2foldchange", "lfcse", "effect", "score", "evalue", "bitscore", "start"),
        *("end", "strand", "length", "identity", "coverage", "rank", "count", "readcount", "n"),
        *("mean", "median", "sd", "std", "variance", "metadata", "value", "percentage", "percent"),
        *("fraction", "reads", "abundance", "relativeabundance", "completeness", "matchingko"),
    }
)
_SPELLING: Final = re.compile(r"[#\s_.\"-]")
#: Rows of the head that are looked at.
_LOOKED_AT: Final = 20


class FeatureTableReader:
    """Tables of features by samples."""

    name = "feature_table"
    kind: Kind = "abundance"
    description = "OTU, taxon, function or metabolite table, a feature per row, a sample per column"

    def sniff(self, head: str) -> bool:
        """Look for a header that names features, and rows of numbers below it."""
        lines = [line for line in head.split("\n") if line.strip()]
        at = next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))
        if at + 1 >= len(lines):
            return False
        delimiter = delimiter_of(lines[at])
        header = lines[at].split(delimiter)
        rows = [line.split(delimiter) for line in lines[at + 1 : at + 1 + _LOOKED_AT]]
        # The last line of the head may be cut.
        return _is_table(header, rows[:-1] if len(rows) > 1 else rows)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: No header, no sample, two samples of one name, decimal commas.
        """
        lines = ((line, text) for line, text in enumerate(handle, 1) if text.strip())
        line, header = next(((n, it) for n, it in lines if not _is_comment(it)), (0, ""))
        delimiter = delimiter_of(header)
        parsed = cells_of([header], delimiter, source, line)
        names = [cell.strip() for cell in next(parsed, (0, [""]))[1]]
        first = next(((n, it) for n, it in lines), None)
        rows = _rows(handle, first, delimiter, source)
        head = list(islice(rows, _LOOKED_AT))
        columns = _columns(names, [cells for _, cells in head], source, line)
        table = _table(columns, chain(head, rows), source)
        about = About("", self.name, default=_HEADS.get(_key(names[0]), "other"))
        yield from features_of_table(table, source, about)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts of a row are, and how the first column is headed."""

    head: str
    width: int
    samples: tuple[str, ...]
    positions: tuple[int, ...]
    lineage: int | None
    name: int | None
    ranks: tuple[tuple[int, str], ...]


def _is_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    keys = [_key(cell) for cell in header]
    is_blank = keys[0] == ""
    if keys[0] not in _HEADS and not (is_blank and rows and all(_is_row(row) for row in rows)):
        return False
    others = [at for at in range(1, len(keys)) if keys[at] not in _NO_SAMPLES]
    samples = [at for at in others if _is_measured(rows, at)]
    words = [at for at in others if at not in samples]
    if not samples or any(keys[at] in _STATISTICS for at in others):
        return False
    is_certain = keys[0] in _CERTAIN or len(samples) > 1
    return (
        is_certain
        and len(words) < len(samples) + 3
        and any(_has_value(row, samples) for row in rows)
    )


def _is_row(row: Sequence[str]) -> bool:
    """Tell a row that names a feature by itself, under a header without a first cell."""
    name = row[0].strip().strip('"')
    return is_lineage(name) or is_amplicon(name)


def _is_measured(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Tell a column of numbers; a broken row or two do not make it one of words."""
    good = sum(at < len(row) and is_number(row[at]) for row in rows)
    return 2 * good > len(rows)


def _has_value(row: Sequence[str], samples: Sequence[int]) -> bool:
    return any(at < len(row) and row[at].strip().lower() not in MISSING for at in samples)


def _columns(
    names: list[str], rows: Sequence[Sequence[str]], source: Source, line: int
) -> _Columns:
    """Tell samples from columns of words by their names and by the first rows.

    Raises:
        FormatError: There is no sample, or two of one name.
    """
    while names and not names[-1]:
        names.pop()
    keys = [_key(name) for name in names]
    if not keys or "" in keys[1:]:
        _refuse("a column has no name" if keys else "there is no header", source, line)
    words = [
        at
        for at in range(1, len(keys))
        if keys[at] in _NO_SAMPLES or (rows and not _is_measured(rows, at))
    ]
    positions = [at for at in range(1, len(keys)) if at not in words]
    samples = [names[at] for at in positions]
    if not samples:
        _refuse("no column holds the values of a sample", source, line)
    refuse_duplicates(samples, source, line)
    unknown = [names[at] for at in words if keys[at] not in _NO_SAMPLES - _SUMS - _TRAITS]
    if unknown:
        source.warnings.append(f"columns that are no samples are left out: {', '.join(unknown)}")
    ranks = tuple((at, _RANKS[keys[at]]) for at in words if keys[at] in _RANKS)
    return _Columns(
        keys[0] or "-",
        len(names),
        tuple(samples),
        tuple(positions),
        next((at for at in words if keys[at] in _LINEAGES), None),
        next((at for at in words if keys[at] in _NAMES), None),
        ranks,
    )


def _rows(
    handle: TextIO, first: tuple[int, str] | None, delimiter: str, source: Source
) -> Iterator[tuple[int, list[str]]]:
    if first is not None:
        yield from cells_of(chain([first[1]], handle), delimiter, source, first[0])


def _table(columns: _Columns, rows: Iterable[tuple[int, list[str]]], source: Source) -> WideTable:
    table = WideTable(columns.samples)
    for line, cells in rows:
        if cells[0].startswith("#") and len(cells) < 2:
            continue
        row = WideRow(cells[0].strip(), line)
        try:
            if _key(row.id) == columns.head:
                raise ValueError("the header comes again")
            if any(cell.strip() for cell in cells[columns.width :]):
                message = f"{len(cells)} fields where the header has {columns.width}"
                raise ValueError(message)
            fill_row(row, cells, columns.positions, source)
        except ValueError as error:
            table.bad.append(BadRecord(source.path_name, line, row.id[:120], str(error)))
            continue
        row.lineage, row.name = _lineage(cells, columns), _cell(cells, columns.name)
        table.rows.append(row)
    if not table.rows and table.bad:
        _refuse(f"no row can be used: {table.bad[0].reason}", source, table.bad[0].line)
    return table


def _lineage(cells: list[str], columns: _Columns) -> str:
    if columns.lineage is not None:
        return _cell(cells, columns.lineage)
    parts = [(prefix, _cell(cells, at)) for at, prefix in columns.ranks]
    return ";".join(
        name if is_lineage(name) else f"{prefix}__{name}"
        for prefix, name in parts
        if name.lower() not in MISSING
    )


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _key(cell: str) -> str:
    return _SPELLING.sub("", cell).lower()


_NO_SAMPLES: Final = _LINEAGES | _NAMES | _SUMS | _TRAITS | frozenset(_RANKS)


def _is_comment(line: str) -> bool:
    """Tell a comment from a header that starts with "#"."""
    if not line.startswith("#"):
        return False
    cells = line.split("\t")
    return len(cells) < 2 or _key(cells[0]) not in _HEADS


def _refuse(what: str, source: Source, line: int) -> NoReturn:
    hint = "The first row names the samples, the first column the features"
    raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
