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
from ingest.feature_kinds import BINOMIAL, is_amplicon, is_lineage, kind_of_functions, share
from ingest.records import BadRecord
from ingest.strata import label_of
from ingest.table_features import About, features_of_table
from ingest.tables import refuse_duplicates
from ingest.taxa import RANK_PREFIXES
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
    **dict.fromkeys(("hmdb", "hmdbid", "biochemical", "chemical", "rowid"), "metabolite"),
    **dict.fromkeys(("geneid", "genecallersid", "gene", "key"), "gene"),
    **dict.fromkeys(("taxonomyid", "superkingdom", "domain", "kingdom"), "taxon"),
    **dict.fromkeys(
        ("headers", "feature", "featureidentifier", "name", "variable", "rowname"), "other"
    ),
}
#: Headers that only tables of OTUs have: one sample is enough.
_CERTAIN: Final = frozenset({"otuid", "featureid", "asvid"})
#: Columns that are no samples, in the same spelling -> what they hold.
_LINEAGES: Final = frozenset({"taxonomy", "taxon", "lineage", "consensuslineage", "otumetadata"})
_NAMES: Final = frozenset({"description", "name", "annotation", "definition"})
_TAXIDS: Final = frozenset({"taxid", "ncbitaxid", "taxonomyid", "cladetaxid"})
_SUMS: Final = frozenset({"total", "sum", "rowsum", "totalcounts"})
#: Numbers about a feature, not about a sample of it.
_TRAITS: Final = frozenset(
    {
        *("m/z", "mz", "rt", "rtmin", "retentiontime", "mass", "ri", "exactmass", "mw", "charge"),
        *("rowm/z", "rowretentiontime", "rowionmobility", "rowccs", "correlationgroupid"),
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
        *("pvalues", "qvalues", "logfc", "foldchange", "estimate", "stderror", "intercept"),
        *("diffabn", "logcpm", "aveexpr", "adjpvalue", "padjusted", "effectsize"),
    }
)
#: Ids of OTUs that samples and bins have, too.
_BIN: Final = re.compile(r"(?:seq|bin)", re.IGNORECASE)
#: Names of samples of two words.
_PERSON: Final = re.compile(
    r"(?:sample|patient|subject|participant|control|case|healthy|donor|day|week|visit|group)\W?",
    re.IGNORECASE,
)
#: Columns of one contrast each, as ANCOM-BC and MaAsLin name them.
_CONTRAST: Final = re.compile(r"(?:lfc|log2?fold|log2?fc|logfc|pval|qval|padj|stderr|coef).*")
#: Names of compounds that stand behind numbers of the laboratory (Metabolon).
_COMPOUNDS: Final = frozenset({"biochemical", "chemicalname", "compoundname", "metabolitename"})
#: First columns of tables whose samples have a row of groups below the header (MetaboAnalyst).
_OF_SAMPLES: Final = frozenset({"sample", "samples", "sampleid", "samplename"})
_GROUPS: Final = frozenset({"label", "labels", "class", "group", "groups"})
#: Share of ids that are told by themselves, under a first column of any name.
_MOST: Final = 0.8
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
        if at >= len(lines):
            return False
        delimiter = delimiter_of(lines[at])
        header, move = _in_front(lines[at].split(delimiter))
        if at + 1 == len(lines):
            return len(header) > 1 and _key(header[0]) in _CERTAIN and head.endswith("\n")
        rows = [_moved(it.split(delimiter), move) for it in lines[at + 1 : at + 1 + _LOOKED_AT]]
        if _has_groups(header, rows[0]):
            rows = rows[1:]
            return len(rows) > 1 and all(map(is_number, rows[0][1:]))
        # The last line of the head may be cut.
        is_cut = len(rows) > 1 and not head.endswith("\n")
        return _is_table(header, rows[:-1] if is_cut else rows)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: No header, no sample, two samples of one name, decimal commas.
        """
        lines = ((line, text) for line, text in enumerate(handle, 1) if text.strip())
        line, header = next(((n, it) for n, it in lines if not _is_comment(it)), (0, ""))
        delimiter = delimiter_of(header)
        parsed = cells_of([header], delimiter, source, line)
        names, move = _in_front([cell.strip() for cell in next(parsed, (0, [""]))[1]])
        first = next(((n, it) for n, it in lines), None)
        rows = ((n, _moved(it, move)) for n, it in _rows(handle, first, delimiter, source))
        head = list(islice(rows, _LOOKED_AT))
        if head and _has_groups(names, head[0][1]):
            source.warnings.append(f"the row {head.pop(0)[1][0]} names groups and is left out")
        columns = _columns(names, [cells for _, cells in head], source, line)
        table = _table(columns, chain(head, rows), source)
        about = About("", self.name, default=_kind_of(names))
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

    @property
    def is_ranked(self) -> bool:
        """Tell whether the first column is a rank: the ranks together name a row."""
        return bool(self.ranks) and self.ranks[0][0] == 0


def _in_front(header: list[str]) -> tuple[list[str], int]:
    """Move the names of compounds before their numbers; also say where they stood."""
    keys = [_key(cell) for cell in header]
    at = next((n for n, key in enumerate(keys) if key in _COMPOUNDS), 0)
    at = at if keys[0] in _TRAITS else 0
    return _moved(header, at), at


def _moved(cells: list[str], at: int) -> list[str]:
    return [cells[at], *cells[:at], *cells[at + 1 :]] if 0 < at < len(cells) else cells


def _has_groups(header: Sequence[str], row: Sequence[str]) -> bool:
    """Tell MetaboAnalyst's tables with a sample per column: groups stand below the samples."""
    is_table = _key(header[0]) in _OF_SAMPLES and _key(row[0]) in _GROUPS
    return is_table and len(row) > 1 and not any(map(is_number, row[1:]))


def _kind_of(names: Sequence[str]) -> FeatureKind:
    """What the header says of the rows: its first name, or numbers of taxa beside it."""
    first = _key(names[0])
    found = _HEADS.get(first, "metabolite" if first in _OF_SAMPLES else "other")
    has_taxids = any(_key(name) in _TAXIDS for name in names[1:])
    return "taxon" if found == "other" and has_taxids else found


def _is_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    keys = [_key(cell) for cell in header]
    if keys[0] not in _HEADS and not (rows and _are_features(keys[0], rows)):
        return False
    others = [at for at in range(1, len(keys)) if keys[at] not in _NO_SAMPLES]
    samples = [at for at in others if _is_measured(rows, at)]
    words = [at for at in others if at not in samples]
    if not samples or _are_results([keys[at] for at in others]):
        return False
    if keys[0] not in _HEADS and all(is_number(header[at]) for at in samples):
        return False  # the line above is a row, too
    is_certain = keys[0] in _CERTAIN or len(samples) > 1
    return (
        is_certain
        and len(words) < len(samples) + 3
        and any(_has_value(row, samples) for row in rows)
    )


def _are_results(keys: Sequence[str]) -> bool:
    """Tell columns of tests from samples."""
    are_tests = any(key in _STATISTICS or _CONTRAST.fullmatch(key) for key in keys)
    return are_tests or {"p", "q"} <= set(keys)


def _are_features(key: str, rows: Sequence[Sequence[str]]) -> bool:
    """Tell rows that name features by themselves, whatever stands above them."""
    names = [row[0].strip().strip('"') for row in rows]
    if key == "" and all(is_lineage(name) or is_amplicon(name) for name in names):
        return True
    if key == "" and all(BINOMIAL.fullmatch(name) and not _PERSON.match(name) for name in names):
        return len(names) > 1
    ids = [label_of(name).id for name in names]
    are_taxa = share(names, is_lineage) >= _MOST
    are_amplicons = key == "id" and all(is_amplicon(it) and not _BIN.match(it) for it in names)
    return len(names) > 1 and (are_taxa or are_amplicons or kind_of_functions(ids) is not None)


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
    is_ranked = len(keys) > 2 and keys[0] in RANK_PREFIXES and keys[1] in RANK_PREFIXES
    places = [0, *words] if is_ranked else words
    ranks = tuple((at, RANK_PREFIXES[keys[at]]) for at in places if keys[at] in RANK_PREFIXES)
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
        row.id = row.lineage or row.id if columns.is_ranked else row.id
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


_NO_SAMPLES: Final = _LINEAGES | _NAMES | _SUMS | _TRAITS | frozenset(RANK_PREFIXES)


def _is_comment(line: str) -> bool:
    """Tell a comment from a header that starts with "#"."""
    if not line.startswith("#"):
        return False
    cells = line.split("\t")
    return len(cells) < 2 or _key(cells[0]) not in _HEADS


def _refuse(what: str, source: Source, line: int) -> NoReturn:
    hint = "The first row names the samples, the first column the features"
    raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
