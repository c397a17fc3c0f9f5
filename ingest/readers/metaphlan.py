"""MetaPhlAn 2, 3 and 4: relative abundance of clades, one sample or a merged table.

    #mpa_v30_CHOCOPhlAn_201901
    #clade_name<TAB>NCBI_tax_id<TAB>relative_abundance<TAB>additional_species
    k__Bacteria|p__Bacteroidetes<TAB>2|976<TAB>65.30411<TAB>

Kept: every clade of every rank with its percentage; UNKNOWN and UNCLASSIFIED as special rows.
Dropped: taxon numbers, coverage, read counts. Every rank repeats the whole community: sum one
rank only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, refuse_duplicates, refuse_semicolons, sample_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "percent"
_CLADE: Final = re.compile(r"[kdr]__[^|;\t]*(?:\|[kpcofgst]__[^|;\t]*)*|NO_TAXONOMY\|t__[^|;\t]+")
#: Clades in GTDB's names (sgb_to_gtdb_profile.py) are parted by semicolons.
_GTDB_CLADE: Final = re.compile(r"d__[^|;\t]*(?:; ?[pcofgst]__[^|;\t]*)+")
#: Tables of one rank are often cut down to the last name of each clade.
_SHORT_CLADE: Final = re.compile(r"[pcofgst]__[^|;\t]+")
_PARTS: Final = re.compile(r"[|;] ?")
_RANK: Final = {"d": "k"}
#: sylph-tax has NO_TAXONOMY for genomes that its taxonomy does not know.
_SPECIAL: Final = frozenset({"UNKNOWN", "UNCLASSIFIED", "NO_TAXONOMY"})
_HEADER: Final = re.compile(r"^#?clade_name[\t ;]", re.MULTILINE)
#: Rows of the head that are looked at.
_LOOKED_AT: Final = 50
_CLADE_COLUMNS: Final = frozenset({"clade_name", "id", "sampleid", "#sampleid"})
#: Columns of a profile that are no samples.
_NOT_SAMPLES: Final = frozenset(
    {
        *("ncbi_tax_id", "clade_taxid", "taxid", "additional_species", "coverage"),
        *("estimated_number_of_reads_from_the_clade", "clade_taxonomy"),
        *("estimated_number_of_reads", "#clade_taxid"),
    }
)
#: A column that only sylph's profiles have.
_SYLPH: Final = "sequence_abundance"
#: Column names that stand for "the one sample of this file".
_ONE_SAMPLE: Final = "relative_abundance"
_NAMELESS: Final = re.compile(rf"metaphlan\d?_analysis|{_ONE_SAMPLE}", re.IGNORECASE)
#: Percentages may pass 100 by rounding, not by more.
_MOST: Final = 101.0
#: Percentage points that the parts of a clade may be off it: MetaPhlAn 4 itself writes clades that
#: are 0.1 more than their parts.
_GAP: Final = 0.5
#: Percentage points per sample that all species may be off all kingdoms by rounding.
_ROUNDING: Final = 0.02
#: Ends of names of files of reads.
_READS: Final = re.compile(r"(?:[._]R?[12])?\.(?:fastq|fq|fasta|fa)(?:\.gz)?\b.*", re.IGNORECASE)
_DATABASE: Final = re.compile(r"#(mpa_v\S+|mpa_\S+|v\d\d_CHOCOPhlAn\S*)$", re.MULTILINE)
#: Ranks of tables that were cut down to species.
_FINEST: Final = frozenset("st")


class _Columns(NamedTuple):
    """Where the samples are: (position, name) each; and how many columns the header has."""

    samples: tuple[tuple[int, str], ...]
    width: int


class MetaphlanReader:
    """Taxonomic profiles of MetaPhlAn."""

    name = "metaphlan"
    kind: Kind = "abundance"
    description = "MetaPhlAn 2, 3, 4 profile, single or merged"

    def sniff(self, head: str) -> bool:
        """Look for a first row that names a clade, or UNKNOWN under MetaPhlAn's header."""
        rows = [line for line in head.splitlines() if line.strip() and line[0] != "#"]
        firsts = [_first_cell(row) for row in rows[:3]]
        is_header = _HEADER.search(head) is not None
        # Tables of markers have MetaPhlAn's comments too: the reader says what is wrong with them.
        if _DATABASE.match(head) or (is_header and any(_is_clade(first) for first in firsts)):
            return True
        # Semicolons part the lineages of other tools, whose first rows may be kingdoms.
        others = any(";" in row.split("\t", 1)[0] for row in rows[:_LOOKED_AT] if "\t" in row)
        if not others and any(_CLADE.fullmatch(first) for first in firsts):
            return True
        return is_header and (not firsts or any(first in _SPECIAL for first in firsts))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per clade and special row.

        Raises:
            FormatError: No sample column, a duplicate sample, ``;`` or decimal commas.
        """
        table = _Table(source)
        for line, text in enumerate(handle, 1):
            if text.startswith("#"):
                table.comment(text)
            elif text.strip():
                refuse_semicolons(line, text, source)
                record = table.row(line, _cells(text))
                if record is not None:
                    yield record
        table.finish()


def _is_clade(text: str) -> bool:
    return bool(_CLADE.fullmatch(text) or _GTDB_CLADE.fullmatch(text))


def _first_cell(row: str) -> str:
    cell = row.split("\t", maxsplit=1)[0] if "\t" in row else re.split(r"[; ]", row)[0]
    return cell.strip()


def _cells(text: str) -> list[str]:
    """Split a row; some files pad the header and UNKNOWN with spaces instead of tabs."""
    stripped = text.rstrip("\n")
    return stripped.split("\t") if "\t" in stripped else stripped.split()


def _sample(name: str) -> str:
    """Name a sample as its file is named; sylph-tax merges tables by files of reads."""
    if _READS.search(name):
        return _READS.sub("", name.rsplit("/", 1)[-1]) or name
    return sample_of_file(name)


class _Table:
    """Reads rows once the columns are known."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._header: list[str] = []
        self._own_name = ""
        self._comment: list[str] = []
        self._fault = ""
        self._columns: _Columns | None = None
        self._database = ""
        self._first_lines: dict[str, int] = {}
        self._special: dict[str, float] = {}
        self._sums: dict[tuple[str, ...], float] = {}
        source.unit = UNIT

    def comment(self, text: str) -> None:
        """Take the database, the sample's name or the header from a comment line."""
        if match := _DATABASE.match(text):
            self._database = match.group(1)
        cells = [cell.strip() for cell in _cells(text[1:])]
        if len(cells) < 2:
            return
        self._comment = cells if "\t" in text else self._comment
        if len(cells) == 2 and _NAMELESS.fullmatch(cells[1]) and cells[0] != "clade_name":
            # "#SampleID" stands there until someone names the sample.
            self._own_name = "" if cells[0] == "SampleID" else cells[0]
            self._header = self._header or ["clade_name", cells[1]]
        elif cells[0] == "SampleID" and ("/" in cells[1] or _READS.search(cells[1])):
            # sylph names the reads, and what it was run on, beside it.
            self._own_name = _READS.sub("", cells[1].split()[0].rsplit("/", 1)[-1])
        elif cells[0].lower() in _CLADE_COLUMNS:
            self._header = cells

    def row(self, line: int, cells: list[str]) -> Feature | BadRecord | None:
        """Read one row; a header without ``#`` gives None."""
        if cells[0].strip().lower() in _CLADE_COLUMNS and self._columns is None:
            self._header = [cell.strip() for cell in cells]
            self._columns = self._samples_of(line, self._header)
            return None
        if self._columns is None:
            self._columns = self._samples_of(line, self._header or self._header_for(line, cells))
        clade = cells[0].strip()
        try:
            return self._feature(line, clade, cells, self._columns)
        except ValueError as error:
            self._fault = self._fault or str(error)
            return BadRecord(self._source.path_name, line, clade[:120], str(error))

    def _header_for(self, line: int, cells: list[str]) -> list[str]:
        """Take another comment of this width for the header, or none for a single column.

        Raises:
            FormatError: There are more columns, and nothing names them.
        """
        # MetaPhlAn 2 may have no header at all: then the second column is the one sample.
        width = len(cells)
        if width <= 2:
            return ["clade_name", _ONE_SAMPLE]
        if len(self._comment) == width:
            return self._comment
        what = f"no header names the {width} columns"
        hint = "Give the table with its header: clade_name, then the samples"
        raise FormatError(what, path_name=self._source.path_name, line=line, hint=hint)

    def _samples_of(self, line: int, header: list[str]) -> _Columns:
        found = [
            (position, name)
            for position, name in enumerate(header)
            if position and name and name.lower() not in _NOT_SAMPLES
        ]
        # A profile of one sample names its column so; what stands beside it is no sample.
        found = [pair for pair in found if pair[1].lower() == _ONE_SAMPLE] or found
        if not found:
            what = f"no abundance column in the header {' '.join(header)[:200]!r}"
            raise FormatError(what, path_name=self._source.path_name, line=line)
        if len(found) == 1 and _NAMELESS.fullmatch(found[0][1]):
            found = [(found[0][0], self._own_name or self._source.path_name)]
        refuse_duplicates([name for _, name in found], self._source, line)
        short = [_sample(name) for _, name in found]
        names = short if len(set(short)) == len(short) else [name for _, name in found]
        places = (position for position, _ in found)
        return _Columns(tuple(zip(places, names, strict=True)), len(header))

    def _feature(self, line: int, clade: str, cells: list[str], columns: _Columns) -> Feature:
        is_special = clade.upper() in _SPECIAL
        if not is_special and not _is_clade(clade) and not _SHORT_CLADE.fullmatch(clade):
            message = "the first column names no clade (k__...|p__...)"
            raise ValueError(message)
        if clade in self._first_lines:
            message = f"the clade occurs twice, first on line {self._first_lines[clade]}"
            raise ValueError(message)
        if len(cells) <= columns.samples[-1][0] or any(map(str.strip, cells[columns.width :])):
            message = f"{len(cells)} fields where the header has {columns.width}"
            raise ValueError(message)
        values = tuple(
            (name, abundance(cells[position], self._source, line))
            for position, name in columns.samples
        )
        if max(value for _, value in values) > _MOST:
            what = "a value is above 100 percent: is this a table of counts?"
            hint = "MetaPhlAn's relative abundances are read, not read counts"
            raise FormatError(what, path_name=self._source.path_name, line=line, hint=hint)
        self._first_lines[clade] = line
        if is_special:
            self._special[clade] = sum(value for _, value in values)
        parts = tuple(_PARTS.split(clade))
        prefix, _, name = parts[-1].partition("__")
        if not is_special:
            self._sums[parts] = sum(value for _, value in values)
        return Feature(
            id=clade,
            name=clade if is_special else name.replace("_", " "),
            kind="taxon",
            unit=UNIT,
            values=values,
            rank="" if is_special else _RANK.get(prefix, prefix),
            special=is_special,
            tool=self._tool(),
            lineage="" if is_special else ";".join(parts),
            provenance=self._source.provenance(MetaphlanReader.name, line),
        )

    def _tool(self) -> str:
        is_sylph = _SYLPH in self._header
        return "sylph" if is_sylph else f"MetaPhlAn {self._database}".strip()

    def finish(self) -> None:
        """Check that there was a table, and say what lies outside the total.

        Raises:
            FormatError: The file has neither header nor row.
        """
        if not self._header and not self._first_lines and not self._fault:
            what = "no header and no clade was found"
            raise FormatError(what, path_name=self._source.path_name)
        if self._fault and not self._first_lines:
            what = f"no row is a clade: {self._fault}"
            hint = "Tables of markers are not read: give the profile (-t rel_ab)"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        self._check_sums()
        for clade, value in self._special.items():
            self._source.warnings.append(
                f"{clade} ({value:g} percent) is no clade: not in the total"
            )

    def _check_sums(self) -> None:
        """Tell where the parts of a clade do not add up to it: a line is missing or was changed."""
        below: dict[tuple[str, ...], list[float]] = {}
        for parts, value in self._sums.items():
            if parts[:-1] in self._sums:
                below.setdefault(parts[:-1], []).append(value)
        misfits = [
            clade for clade, values in below.items() if abs(self._sums[clade] - sum(values)) > _GAP
        ]
        if not misfits:
            self._compare_species()
        else:
            self._source.warnings.append(
                f"clades that are not the sum of their parts: {len(misfits)}, the first is "
                f"{misfits[0][-1]}: is the table whole?"
            )

    def _compare_species(self) -> None:
        """Tell where the species do not add up to the kingdoms, though each clade nearly does."""
        whole = sum(value for parts, value in self._sums.items() if len(parts) == 1)
        species = [value for parts, value in self._sums.items() if parts[-1].startswith("s__")]
        samples = len(self._columns.samples) if self._columns else 1
        has_others = any(parts[-1][0] not in _FINEST for parts in self._sums)
        if species and has_others and abs(sum(species) - whole) > _ROUNDING * samples:
            told = f"all species sum to {sum(species):.7g}, all kingdoms to {whole:.7g}"
            self._source.warnings.append(f"{told}: is the table whole?")
