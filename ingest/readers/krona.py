"""Krona's text of counts and lineages: MGnify, sourmash (krona), kreport2krona.

    # Count Kingdom Phylum  Class ...                      (a header, or none)
    469<TAB>sk__Bacteria
    4491<TAB>sk__Bacteria<TAB>k__<TAB>p__Acidobacteriota

Taxa without prefixes stand below "root" (kaiju2krona).

Kept: every row: what was counted at that very taxon and not below it, so that all rows may be
summed; unassigned as a special row. Dropped: nothing. Rows end at different ranks.
See github.com/marbl/Krona/wiki and docs.mgnify.org.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import (
    NO_RANK,
    ROOT,
    UNCLASSIFIED_NAMES,
    Once,
    Taxon,
    features_of,
    lineage_of,
    summed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

_HEADER: Final = re.compile(r"#?\s*(count|fraction)\s+(?:superkingdom|kingdom|domain)\b", re.I)
#: kreport2krona writes taxa without a rank as x__.
_TAXON: Final = re.compile(r"(?:sk|[dkpcofgstx])__")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
#: What lineages without prefixes begin with, in lower case.
_DOMAINS: Final = frozenset(
    {"bacteria", "archaea", "eukaryota", "eukarya", "viruses", "cellular organisms"}
)
#: Rows of the head that are looked at.
_LOOKED_AT: Final = 20
_SUFFIX: Final = re.compile(r"[._]krona$", re.IGNORECASE)


class KronaReader:
    """Taxa of one sample, each counted once."""

    name = "krona"
    kind: Kind = "abundance"
    description = "Krona text of counts and lineages (MGnify, sourmash, kreport2krona)"

    def sniff(self, head: str) -> bool:
        """Look at the first row: a number, then taxa with prefixes or under a header of ranks."""
        lines = [line for line in head.splitlines() if line.strip()]
        has_header = bool(lines) and _HEADER.match(lines[0]) is not None
        rows = [line for line in lines if not line.startswith("#")]
        rows = rows[1:] if has_header and not lines[0].startswith("#") else rows
        if not rows:
            return has_header
        cells = [cell.strip() for cell in rows[0].split("\t")]
        if not _NUMBER.fullmatch(cells[0]) or len(cells) < 2:
            return False
        if cells[1].lower() in UNCLASSIFIED_NAMES:
            # The reads of no taxon stand first in kreport2krona's output: the next row tells.
            following = rows[1].rstrip().split("\t")[1:] if len(rows) > 1 else []
            are_taxa = bool(following) and all(map(_TAXON.match, following))
            is_rooted = following[:1] == [ROOT]
            return len(cells) == 2 and (has_header or are_taxa or is_rooted)
        if cells[1] == ROOT or _are_domains(rows):
            return True
        return has_header or all(_TAXON.match(cell) for cell in cells[1:] if cell)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: No row can be used.
        """
        table = _Table(source)
        records = features_of(table.rows(handle), source, table.feature, name_at=-1)
        yield from summed(records, source)
        table.finish()


def _are_domains(rows: Sequence[str]) -> bool:
    """Tell rows of ktImportText without prefixes: each begins with a domain, or with no taxon."""
    cells = [[cell.strip() for cell in row.split("\t")] for row in rows[:_LOOKED_AT]]
    firsts = [row[1].lower() for row in cells if len(row) > 1 and _NUMBER.fullmatch(row[0])]
    are_known = all(it in _DOMAINS | UNCLASSIFIED_NAMES for it in firsts)
    return len(firsts) == len(cells) > 1 and are_known and any(len(row) > 2 for row in cells)


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._sample = _SUFFIX.sub("", sample_of_file(source.path_name))
        self._once = Once()
        self._seen = 0
        source.unit = "counts"

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the rows after the header, which tells the unit."""
        for line, text in enumerate(handle, 1):
            if found := _HEADER.match(text):
                self._source.unit = "counts" if found.group(1).lower() == "count" else "fraction"
                self._seen += 1
            elif text.strip() and not text.startswith("#"):
                self._seen += 1
                yield line, [cell.strip() for cell in text.rstrip("\n").split("\t")]

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        value = abundance(cells[0], self._source, line)
        if len(cells) < 2:
            raise ValueError("the row names no taxon")
        is_special = len(cells) == 2 and cells[1].lower() in UNCLASSIFIED_NAMES
        if self._source.unit == "fraction" and value > 1.0001:
            message = f"the fraction is {value:g}"
            raise ValueError(message)
        taxon = _taxon(cells[1:]) if not is_special else None
        identifier = taxon.id if taxon else cells[1]
        self._once.take("\t".join(cells[1:]), line)
        return Feature(
            id=identifier,
            name=taxon.name if taxon else cells[1],
            kind="taxon",
            unit=self._source.unit,
            values=((self._sample, value),),
            special=is_special,
            tool="Krona text",
            lineage="" if taxon is None or taxon.rank in {ROOT, NO_RANK} else taxon.id,
            provenance=self._source.provenance(KronaReader.name, line),
        )

    def finish(self) -> None:
        """Check that there was anything.

        Raises:
            FormatError: The file is blank.
        """
        if not self._seen:
            raise FormatError("the file is blank", path_name=self._source.path_name)


def _taxon(parts: Sequence[str]) -> Taxon:
    """Find the taxon of a row; one without a rank (x__) is named with all that stands above it."""
    if parts[0] == ROOT:
        # kaiju2krona names what stands above a taxon, whatever its rank.
        return Taxon(";".join(parts), parts[-1], NO_RANK)
    if not any(part.startswith("x__") for part in parts):
        return lineage_of(parts)
    known = [part for part in parts if not part.startswith("x__")]
    if parts[-1].startswith("x__"):
        rank = ROOT if parts[-1] == "x__root" else NO_RANK
        return Taxon(";".join(parts), parts[-1][3:].replace("_", " "), rank)
    return lineage_of(known)
