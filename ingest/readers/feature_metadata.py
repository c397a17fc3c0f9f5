"""What features are: taxonomy of OTUs and ASVs, identifiers of metabolites.

    Feature ID<TAB>Taxon<TAB>Confidence
    4b5eeb30<TAB>k__Bacteria; p__Bacteroidetes<TAB>0.99

Kept: id, name, lineage, identifiers of databases. Dropped: confidence, everything else. The rows
have no values: they say what the rows of other tables are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.feature_kinds import PARTS, is_lineage
from ingest.records import BadRecord, Feature
from ingest.taxa import RANK_PREFIXES, Once, lineage_of
from ingest.wide_tables import MISSING, cells_of, delimiter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Headers of the first column, in lower case, without "#", space, "-" and "_".
_ID_COLUMNS: Final = frozenset({"featureid", "otuid", "otu", "asv", "asvid"})
_COMPOUND_COLUMNS: Final = frozenset({"compound", "metabolite", "compoundname"})
_LINEAGE_COLUMNS: Final = frozenset({"taxon", "taxonomy", "lineage", "consensuslineage"})
#: Columns of identifiers -> the database.
_DATABASES: Final = {
    "hmdb": "HMDB",
    "hmdbid": "HMDB",
    "kegg": "KEGG",
    "keggid": "KEGG",
    "chebi": "CHEBI",
    "pubchem": "PubChem",
    "inchikey": "InChIKey",
}
#: mothur writes how sure it is of each rank: Bacteria(100).
_BOOTSTRAP: Final = re.compile(r"\(\d{1,3}\)$")
#: Columns of ranks that make a table one of taxa, whatever heads its first column.
_FEWEST_RANKS: Final = 3
_COMMENT: Final = re.compile(r"#(?!(?:otu|feature)[ _-]?id\b)", re.IGNORECASE)


class FeatureMetadataReader:
    """What the features of other tables are."""

    name = "feature_metadata"
    kind: Kind = "metadata"
    description = "Taxonomy of OTUs or ASVs, or a map of metabolites to HMDB and KEGG (TSV)"

    def sniff(self, head: str) -> bool:
        """Look for a header with an id column and a column that this reader keeps."""
        lines = [it for it in head.splitlines() if it.strip() and not _COMMENT.match(it)]
        if not lines:
            return False
        return _columns_of(lines[0].split(delimiter_of(lines[0]))) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature without values per row.

        Raises:
            FormatError: No header of such a table, or no row.
        """
        yield from feature_metadata(handle, source, self.name, "")


class _Columns(NamedTuple):
    """Where the parts of a row are."""

    is_compound: bool
    lineage: int | None
    ranks: tuple[tuple[int, str], ...]
    databases: tuple[tuple[int, str], ...]


def _columns_of(header: Sequence[str]) -> _Columns | None:
    keys = [re.sub(r"[#\s_.-]", "", cell.strip('"')).lower() for cell in header]
    is_compound = keys[0] in _COMPOUND_COLUMNS
    # R writes no name above the names of rows.
    is_of_taxa = keys[0] == "" and len(keys) > _FEWEST_RANKS and all(map(_is_rank, keys[1:]))
    if not is_compound and keys[0] not in _ID_COLUMNS and not is_of_taxa:
        return None
    lineage = next((at for at, key in enumerate(keys) if at and key in _LINEAGE_COLUMNS), None)
    ranks = tuple((at, RANK_PREFIXES[key]) for at, key in enumerate(keys) if key in RANK_PREFIXES)
    found = [(at, _DATABASES[key]) for at, key in enumerate(keys) if key in _DATABASES]
    columns = _Columns(is_compound, lineage, ranks, tuple(found))
    known = {0, lineage, *(at for at, _ in (*ranks, *found))} - {None}
    rest = [key for at, key in enumerate(keys) if at not in known and key]
    if len(known) < 2 or any(key not in _OTHERS for key in rest):
        return None
    return columns


def _is_rank(key: str) -> bool:
    return key in RANK_PREFIXES


#: Columns that may stand beside; a table with others is one of samples.
_OTHERS: Final = frozenset(
    {
        *("confidence", "consensus", "sequence", "superpathway", "subpathway", "chemid"),
        *("highconfidenceannotation", "score", "method", "name", "mz", "rt", "formula", "length"),
        "size",
    }
)


def feature_metadata(
    handle: TextIO, source: Source, reader: str, tool: str
) -> Iterator[Feature | BadRecord]:
    """Read a table of features; see ``FeatureMetadataReader.read``."""
    lines = ((line, text) for line, text in enumerate(handle, 1) if text.strip())
    line, header = next(((n, it) for n, it in lines if not _COMMENT.match(it)), (0, ""))
    delimiter = delimiter_of(header)
    cells = header.rstrip("\n").split(delimiter)
    columns = _columns_of(cells)
    if columns is None:
        hint = "The first column is Feature ID or Compound, another one Taxon, HMDB or KEGG"
        raise FormatError("no table of features", path_name=source.path_name, line=line, hint=hint)
    once, count = Once("the row"), 0
    for number, row in cells_of(handle, delimiter, source, line + 1):
        if row[0].startswith("#"):
            continue
        try:
            feature = _feature(row, columns, len(cells))
            once.take(feature.id, number)
        except ValueError as error:
            yield BadRecord(source.path_name, number, row[0][:80], str(error))
            continue
        count += 1
        yield _from(feature, source, reader, tool, number)
    if not count:
        raise FormatError("the table has no feature", path_name=source.path_name, line=line)


def _feature(cells: list[str], columns: _Columns, width: int) -> Feature:
    cells = [cell.strip() for cell in cells]
    if not cells[0]:
        raise ValueError("the row names no feature")
    if len(cells) > width:
        message = f"{len(cells)} fields where the header has {width}"
        raise ValueError(message)
    cells += [""] * (width - len(cells))
    dbxrefs = tuple(
        f"{database}:{cells[at].removeprefix(database + ':')}"
        for at, database in columns.databases
        if cells[at].lower() not in MISSING
    )
    if columns.is_compound:
        return Feature(cells[0], cells[0], "metabolite", "", (), dbxrefs=dbxrefs)
    name, lineage = _taxon(_lineage(cells, columns))
    return Feature(cells[0], name or cells[0], "taxon", "", (), lineage=lineage, dbxrefs=dbxrefs)


def _lineage(cells: list[str], columns: _Columns) -> list[str]:
    if columns.lineage is not None:
        parts = PARTS.split(cells[columns.lineage])
        return [_BOOTSTRAP.sub("", part) for part in parts if part]
    return [
        cells[at] if is_lineage(cells[at]) else f"{prefix}__{cells[at]}"
        for at, prefix in columns.ranks
        if cells[at].lower() not in MISSING
    ]


def _taxon(parts: list[str]) -> tuple[str, str]:
    """Name and lineage, as far as the lineage has names."""
    try:
        taxon = lineage_of(parts)
    except ValueError:
        return parts[-1].replace("_", " ").strip() if parts else "", ";".join(parts)
    return taxon.name, taxon.id


def _from(feature: Feature, source: Source, reader: str, tool: str, line: int) -> Feature:
    return replace(feature, tool=tool, provenance=source.provenance(reader, line))
