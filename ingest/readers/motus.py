"""mOTUs profiles 1 to 4: species clusters (mOTUs) or taxa of one rank, single or merged.

    # git tag version 3.0.3 |  motus version 3.0.3 | ... calc_motu 3.0.3 -k mOTU -C no_CAMI -g 3 -c
    #consensus_taxonomy<TAB>NCBI_tax_id<TAB>sample_1
    Leptospira alexanderi [ref_mOTU_v3_00001]<TAB>100053<TAB>0

Kept: every row with its mOTU id; "unassigned" as a special row. Counts where the profile was
made with -c, else fractions of the whole. Dropped: taxon numbers. Most rows are zero.
See github.com/motu-tool/mOTUs/wiki.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates, refuse_semicolons, sample_of_file
from ingest.taxa import (
    UNCLASSIFIED_NAMES,
    Once,
    features_of,
    lineage_of,
    near,
    rank_of,
    refuse_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

_TOOL_LINE: Final = re.compile(r"#.*\b(?:motus version|mOTUs2?|calc_motu|map_tax)\b", re.I)
_VERSION: Final = re.compile(r"motus version\s+v?([\d.]+)", re.IGNORECASE)
_RANK: Final = re.compile(r"calc_motu\b[^|]*?\s-k\s+(\w+)")
_AS_COUNTS: Final = re.compile(r"\s-c\b")
#: Version 4 writes one comment of pairs, and a header without "#".
_VERSION_4: Final = re.compile(r"#\s*tool_version=(\S+)")
_VALUES: Final = re.compile(r"\bvalue_type=(\w+)")
_MOTU: Final = re.compile(r"(.*?)\s*\[(\w*mOTU\w*)\]")
_ID: Final = re.compile(r"(?:(?:ref|meta|ext)_)?mOTU[\w.]*", re.IGNORECASE)
_HEADER_4: Final = re.compile(r"#?mOTU\tTaxonomy\t")
_PARTS: Final = re.compile(r"[|;]")
#: First columns of profiles; what follows and is none of these is a sample.
_NAMES: Final = frozenset(
    {"consensus_taxonomy", "ncbi_tax_id", "motu", "full_taxonomy", "taxonomy"}
)
_RANKS: Final = frozenset({"kingdom", "phylum", "class", "order", "family", "genus", "species"})
#: A value that no fraction has: a whole number above one.
_COUNT: Final = re.compile(r"(?:[2-9]|[1-9]\d+)(?:\.\d*)?")
#: Rows of a whole profile by version 3 (33,570 mOTUs and unassigned), and how many may be missing
#: before a profile is taken for one that was cut down on purpose.
_ROWS_3: Final = 33_571
_FEW: Final = 500
#: Fractions are rounded to ten decimals.
_ROUNDING: Final = 0.001


class MotusReader:
    """Abundance of mOTUs."""

    name = "motus"
    kind: Kind = "abundance"
    description = "mOTUs profile, single or merged, counts or fractions"

    def sniff(self, head: str) -> bool:
        """Look for the header line among the comments."""
        lines = head.splitlines()[:20]
        if any(map(_HEADER_4.match, lines)) or (lines and _VERSION_4.match(lines[0])):
            return True
        comments = [line for line in lines if line.startswith("#")]
        cells = next((line[1:].split("\t") for line in comments if "\t" in line), [""])
        named = {cell.strip().lower() for cell in cells}
        if "consensus_taxonomy" in named or "motu" in named:
            return True
        is_tool = any(_TOOL_LINE.match(line) for line in comments)
        return is_tool and cells[0].strip().lower() in _RANKS

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: The header is absent, two samples have one name, or no row can be used.
        """
        table = _Table(source)
        line, text = 0, ""
        for line, text in enumerate(handle, 1):
            if _HEADER_4.match(text):
                table.header(line, text)
            elif text.strip() and not text.startswith("#"):
                break
            else:
                table.comment(line, text)
        else:
            text = ""
        rows = table.with_unit(_rows(line, text, handle, source))
        yield from features_of(rows, source, table.feature)
        table.finish()


def _rows(
    line: int, text: str, handle: TextIO, source: Source
) -> Iterator[tuple[int, Sequence[str]]]:
    while text:
        if text.strip() and not text.startswith("#"):
            refuse_semicolons(line, text, source)
            yield line, text.rstrip("\n").split("\t")
        line, text = line + 1, handle.readline()


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._header: list[str] = []
        self._samples: list[tuple[int, str]] = []
        self._version = ""
        self._rank = ""
        self._as_counts: bool | None = None
        self._once = Once("the mOTU")
        self._sums: dict[str, float] = {}
        self._has_unassigned = False
        self._rows = 0

    def comment(self, line: int, text: str) -> None:
        """Learn version, rank and unit from a comment, the samples from the header."""
        if found := _VERSION.search(text):
            self._version = found.group(1)
        if found := _VERSION_4.match(text):
            self._version = found.group(1)
            values = _VALUES.search(text)
            self._as_counts = None if values is None else values.group(1).lower() == "counts"
            return
        if found := _RANK.search(text):
            self._rank = found.group(1)
            self._as_counts = _AS_COUNTS.search(text[found.start() :]) is not None
        if text.startswith("#") and "\t" in text:
            self.header(line, text)

    def header(self, line: int, text: str) -> None:
        """Take the names of the samples.

        Raises:
            FormatError: Two samples have one name.
        """
        cells = [cell.strip() for cell in text.removeprefix("#").rstrip("\n").split("\t")]
        self._header = cells
        is_name = [name.lower() in _NAMES for name in cells]
        self._samples = [
            (place, sample_of_file(name))
            for place, name in enumerate(cells)
            if place and not is_name[place]
        ]
        refuse_duplicates([name for _, name in self._samples], self._source, line)

    def with_unit(
        self, rows: Iterator[tuple[int, Sequence[str]]]
    ) -> Iterable[tuple[int, Sequence[str]]]:
        """Give the rows; where no comment tells the unit, look at all of them first."""
        if self._as_counts is not None:
            return rows
        kept = list(rows)
        cells = (cells[n] for _, cells in kept for n, _ in self._samples if n < len(cells))
        self._as_counts = any(_COUNT.fullmatch(cell.strip()) for cell in cells)
        if kept and self._header:
            told = "counts" if self._as_counts else "fractions"
            self._source.warnings.append(f"no comment tells the unit: {told}, by the values")
        return kept

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        if not self._samples:
            what = "there is no header that names samples"
            raise FormatError(what, path_name=self._source.path_name, line=line)
        refuse_width(cells, len(self._header))
        values = tuple(
            (sample, abundance(cells[place], self._source, line)) for place, sample in self._samples
        )
        identifier, name = self._names(cells)
        is_special = identifier.lower() in UNCLASSIFIED_NAMES
        self._once.take(identifier, line)
        self._rows += 1
        for sample, value in values:
            self._sums[sample] = self._sums.get(sample, 0.0) + value
        self._has_unassigned = self._has_unassigned or is_special
        return Feature(
            id=identifier,
            name=name,
            kind="taxon",
            unit=self._unit(),
            values=values,
            rank="" if is_special else self._rank_of(),
            special=is_special,
            tool=f"mOTUs {self._version}".strip(),
            lineage=self._lineage(cells),
            provenance=self._source.provenance(MotusReader.name, line),
        )

    def _lineage(self, cells: Sequence[str]) -> str:
        """Take the lineage of version 4, "" where a column has none."""
        column = [name.lower() for name in self._header].index("taxonomy") if self._is_new() else 0
        text = cells[column].strip() if column else ""
        try:
            return lineage_of(text.split(";")).id if ";" in text else ""
        except ValueError:
            return ""

    def _is_new(self) -> bool:
        return "taxonomy" in {name.lower() for name in self._header}

    def _names(self, cells: Sequence[str]) -> tuple[str, str]:
        """Find id and name: in brackets, in two columns, or one name for both."""
        first = cells[0].strip()
        if found := _MOTU.fullmatch(first):
            return found.group(2), found.group(1) or found.group(2)
        columns = {name.lower(): cells[n].strip() for n, name in enumerate(self._header)}
        if not first:
            raise ValueError("the row has no name")
        named = columns.get("consensus_taxonomy") or columns.get("taxonomy")
        last = _PARTS.split(named if named and _ID.fullmatch(first) else first)[-1]
        return first, last.split("__")[-1].strip() or first

    def _rank_of(self) -> str:
        word = self._rank if self._rank != "mOTU" else "species"
        word = word or (self._header[0] if self._header[0].lower() in _RANKS else "species")
        return "k" if word.lower() == "kingdom" else rank_of(word)

    def _unit(self) -> str:
        return "counts" if self._as_counts else "fraction"

    def finish(self) -> None:
        """Set unit and total, and warn where fractions do not sum to one.

        Raises:
            FormatError: The file has no header.
        """
        if not self._header:
            raise FormatError("there is no header", path_name=self._source.path_name)
        self._source.unit = self._unit()
        self._source.total = sum(self._sums.values())
        # Version 4 may have no such row.
        if self._sums and not self._has_unassigned and not self._is_new():
            self._source.warnings.append("there is no row 'unassigned': is the profile whole?")
        missing = _ROWS_3 - self._rows
        if self._version.startswith("3.") and 0 < missing < _FEW:
            told = f"{missing} of {_ROWS_3} rows of mOTUs 3 are missing: is the profile whole?"
            self._source.warnings.append(told)
        for sample, whole in self._sums.items():
            if self._unit() == "fraction" and whole and not near(whole, 1.0, _ROUNDING):
                self._source.warnings.append(f"sample {sample}: fractions sum to {whole:.6g}")
