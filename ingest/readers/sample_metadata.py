"""Sample metadata: one row per sample, the first column is its name (QIIME 2, MIxS, CSV).

    #SampleID<TAB>BodySite<TAB>Subject
    #q2:types<TAB>categorical<TAB>categorical
    L1S8<TAB>gut<TAB>subject-1

Kept: every column as text without the space around it. Dropped: comment lines, empty cells and the
INSDC terms for a missing value. A line of column types is checked: what it calls numeric must be.
QIIME 2's rules hold where its names head the first column: UTF-8, no row without an id.
"""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.feature_kinds import is_lineage, share
from ingest.records import BadRecord, Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: Headers of the first column, in lower case with "-" and space read as "_".
ID_COLUMNS: Final = frozenset(
    {
        *("sample_id", "sampleid", "#sampleid", "#sample_id", "sid", "sample", "samp_name"),
        *("sample_name", "#sample", "id", "run_accession", "sample_accession", "run", "biosample"),
        *("subject_id", "subjectid", "patient_id", "patientid", "participant_id", "participantid"),
    }
)
#: Names that mark a table of subjects: it joins tables whose samples are named after them.
_SUBJECTS: Final = frozenset(
    {"subject_id", "subjectid", "patient_id", "patientid", "participant_id", "participantid"}
)
#: Names that mark the sample column wherever it stands.
_LATER_ID_COLUMNS: Final = frozenset({"sample", "sample_id", "sampleid", "samp_name"})
#: "id" also heads tables of features: such a table is metadata only if it holds words, or little.
_AMBIGUOUS: Final = frozenset({"id"})
#: Columns of an ambiguous table that may all be numbers, and names that they may not have.
_FEW_MEASURES: Final = 2
_COUNTED: Final = frozenset({"count", "counts", "reads", "abundance", "rpk", "tpm", "cpm", "value"})
_SHARES: Final = frozenset(
    {"relative_abundance", "rel_abundance", "fraction", "percent", "percentage", "coverage"}
)
#: Sample, taxon, value.
_LONG_WIDTH: Final = 3
#: Columns of a long table; a sample sheet, too, may have a taxon and its number of reads.
_FEATURES: Final = frozenset({"otu", "asv", "feature", "feature_id", "clade_name"})
_TAXA: Final = frozenset({"taxon", "taxa", "taxonomy"})
_ABUNDANCES: Final = frozenset({"abundance", "relative_abundance", "rel_abundance"})
#: Names of the first column that QIIME 2 knows, in lower case.
_QIIME_IDS: Final = frozenset(
    {
        *("id", "sampleid", "sample id", "sample-id", "featureid", "feature id", "feature-id"),
        *("#sampleid", "#sample id", "#otuid", "#otu id", "sample_name"),
    }
)
#: What a column may write for a missing value: the words of ``#q2:missing``.
_SCHEMES: Final = frozenset({"", "blank", "insdc:missing", "no-missing"})
#: Share of lineages in the first column that makes the rows taxa.
_MOST_TAXA: Final = 0.5
#: More columns than these, all of them numbers, are measurements (metabolites), not metadata.
MOST_MEASURES: Final = 30
#: INSDC missing-value reporting terms, and what spreadsheets and R write.
_MISSING: Final = frozenset(
    {
        *("", "na", "n/a", "nan", "null", "-", "missing", "not applicable", "not collected"),
        *("not provided", "restricted access", "unspecified"),
    }
)
_MISSING_PREFIX: Final = re.compile(r"(?:missing|not applicable|not collected|not provided)\s*:")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_DIRECTIVE: Final = re.compile(r"#(?:q2|sk):", re.IGNORECASE)
_DIRECTIVES: Final = frozenset({"#q2:types", "#sk:types", "#q2:missing", "#sk:missing"})
_COLUMN_TYPES: Final = frozenset({"", "categorical", "numeric"})
#: Names of the id column of feature metadata: a table of samples has no such column.
_FEATURE_ID_COLUMNS: Final = frozenset({"featureid", "feature_id", "#otu_id", "#otuid"})
_DELIMITERS: Final = ("\t", ",", ";")


class SampleMetadataReader:
    """Samples with what is known about them."""

    name = "sample_metadata"
    kind: Kind = "metadata"
    description = "Sample metadata, TSV or CSV, with a column named sample_id, #SampleID, SID ..."

    def sniff(self, head: str) -> bool:
        """Look for a header with a sample column, and a row below it."""
        lines = [line for line in head.splitlines() if line.strip() and not _is_comment(line)]
        if len(lines) < 2:
            # Only a header: its reader says that there is no sample.
            return bool(lines) and "\t" in lines[0] and _is_qiime(lines[0].split("\t")[0])
        delimiter = _delimiter_of(lines[0])
        rows = [[cell.strip() for cell in line.split(delimiter)] for line in lines]
        position = _sample_column(rows[0])
        if position is None or _is_long(rows[0]) or _are_features([row[0] for row in rows[1:]]):
            return False
        if position:
            # In a long table, one row per sample and feature, the samples repeat.
            names = [row[position] for row in rows[1:-1] if len(row) > position]
            return len(names) == len(set(names))
        most = MOST_MEASURES
        if _key(rows[0][0]) in _AMBIGUOUS:
            most = 1 if _key(rows[0][-1]) in _COUNTED else _FEW_MEASURES
        is_wide = len(rows[0]) > most
        return not is_wide or _has_words(rows[1:]) or not _has_values(rows[1:])

    def read(self, handle: TextIO, source: Source) -> Iterator[Sample | BadRecord]:
        """Yield a Sample per row.

        Raises:
            FormatError: No sample column, a bad header, one sample twice, or no sample.
        """
        _refuse_utf16(handle, source)
        first_line, header_text = _header_of(handle, source)
        delimiter = _delimiter_of(header_text)
        # The header is read with the rows: a quoted name may run over several lines.
        rows = _rows(chain([header_text], handle), delimiter, first_line - 1, source)
        header_line, header = next(rows, (0, []))
        table = _Table(header, header_line, source)
        for line, cells in rows:
            if _DIRECTIVE.match(cells[0]):
                table.check_directive(line, cells)
            elif cells[0].startswith("#"):
                table.had_comment = True
            elif any(cells):
                yield table.record(line, cells)
        if not table.first_lines:
            table.refuse(0, "the table has no sample")
        table.finish()


class _Table:
    """The header of a table, and the samples seen so far."""

    def __init__(self, header: list[str], line: int, source: Source) -> None:
        """Check the header.

        Raises:
            FormatError: No sample column, a column without a name, or two of one name.
        """
        self._source = source
        self._columns = header
        self._directives: set[str] = set()
        self.had_comment = False
        self._numeric: list[int] = []
        self._has_words = False
        self.first_lines: dict[str, int] = {}
        while header and not header[-1]:
            header.pop()
        position = _sample_column(header)
        # R writes names of rows without a name above them; the samples have their own column.
        self._row_names = 0 if position and header[0] == "" else None
        if position is None:
            what = f"no column names the sample (first column: {(header or [''])[0][:40]!r})"
            hint = "Name the first column sample_id"
            raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
        self._position = position
        self._is_qiime = position == 0 and _is_qiime(header[0])
        if _key(header[position]) in _AMBIGUOUS:
            source.warnings.append(
                "the first column is called 'id': its rows are taken for samples"
            )
        if _key(header[position]) in _SUBJECTS:
            source.warnings.append(
                f"the table is about subjects ({header[position]}): it joins only tables whose "
                "samples have the names of subjects"
            )
        first = 0 if self._row_names is None else 1
        if "" in header[first:]:
            self.refuse(line, f"column {header.index('', first) + 1} has no name")
        for name in header:
            if _key(name) in _FEATURE_ID_COLUMNS:
                self.refuse(line, f"column {name!r} names features, not samples")
            if header.count(name) > 1:
                self.refuse(line, f"two columns have the name {name!r}")

    def finish(self) -> None:
        """Tell of a table that may be one of measurements."""
        if len(self._columns) > _FEW_MEASURES + 1 and not self._has_words:
            self._source.warnings.append(
                "all columns are numbers and taken for metadata: --format sample_table reads them "
                "as measurements"
            )

    def refuse(self, line: int, what: str) -> None:
        """Raise FormatError."""
        hint = "Mend the table: one row per sample, one name per column"
        raise FormatError(what, path_name=self._source.path_name, line=line, hint=hint)

    def check_directive(self, line: int, cells: list[str]) -> None:
        """Check a line about the columns: their types, or how missing values are written."""
        name = cells[0].lower()
        if name not in _DIRECTIVES:
            self.refuse(line, f"no directive is called {cells[0]!r}")
        if name in self._directives:
            self.refuse(line, f"the directive {cells[0]} is there twice")
        if self.first_lines or (self._is_qiime and self.had_comment):
            self.refuse(line, f"the directive {cells[0]} does not stand right below the header")
        self._directives.add(name)
        if len(cells) > len(self._columns):
            self.refuse(line, "more column types than columns")
        is_types = name.endswith(":types")
        words, what = (_COLUMN_TYPES, "column type") if is_types else (_SCHEMES, "missing scheme")
        unknown = [it for it in cells[1:] if it.lower() not in words]
        if unknown:
            self.refuse(line, f"no {what} is called {unknown[0]!r}")
        if name.endswith(":types"):
            self._numeric = [at for at, it in enumerate(cells) if it.lower() == "numeric"]

    def _fault(self, name: str, cells: list[str]) -> str:
        """Say what is wrong with a row; QIIME 2 refuses a table for it."""
        width = len(self._columns)
        if any(cells[width:]):
            return f"{len(cells)} fields where the header has {width}"
        if not name:
            return "the row names no sample"
        if self._is_qiime and _is_qiime(name):
            return f"a sample is called {name!r}, as the header of a first column"
        return ""

    def _check_numbers(self, line: int, cells: list[str]) -> None:
        for at in self._numeric:
            if not _is_missing(cells[at]) and not _NUMBER.fullmatch(cells[at]):
                what = f"{cells[at]!r} is no number, though column {self._columns[at]!r} is numeric"
                self.refuse(line, what)

    def record(self, line: int, cells: list[str]) -> Sample | BadRecord:
        """Read one row."""
        path_name, width = self._source.path_name, len(self._columns)
        cells = cells + [""] * (width - len(cells))
        name = cells[self._position]
        if fault := self._fault(name, cells):
            if self._is_qiime:
                self.refuse(line, fault)
            return BadRecord(path_name, line, name[:80], fault)
        self._check_numbers(line, cells)
        first = self.first_lines.setdefault(name, line)
        if first != line:
            self.refuse(line, f"sample {name!r} is also on line {first}")
        attributes = tuple(
            (column, value)
            for position, (column, value) in enumerate(zip(self._columns, cells, strict=False))
            if position not in {self._position, self._row_names} and not _is_missing(value)
        )
        words = (text for _, text in attributes if not _NUMBER.fullmatch(text))
        self._has_words = self._has_words or any(words)
        return Sample(name, attributes, self._source.provenance(SampleMetadataReader.name, line))


def _refuse_utf16(handle: TextIO, source: Source) -> None:
    """Refuse what QIIME 2 and most tools refuse: a table in another encoding reads as noise there.

    Raises:
        FormatError: The file is UTF-16.
    """
    encoding = getattr(handle, "encoding", None) or ""
    if encoding.startswith("utf-16"):
        hint = "Save it as UTF-8 text"
        raise FormatError("the file is UTF-16, not UTF-8", path_name=source.path_name, hint=hint)


def _is_qiime(name: str) -> bool:
    return name.strip().lower() in _QIIME_IDS


def _sample_column(header: list[str]) -> int | None:
    """Find the column that names the sample: the first, or a later one named so."""
    keys = [_key(cell) for cell in header]
    later = next((n for n, key in enumerate(keys) if key in _LATER_ID_COLUMNS), None)
    if keys and keys[0] in ID_COLUMNS:
        return later if keys[0] in _SUBJECTS and later is not None else 0
    return later


def _are_features(names: Sequence[str]) -> bool:
    """Tell lineages, which tables of taxa have below "#SampleID", from names of samples."""
    return share(names, lambda name: is_lineage(name.removeprefix("Root;"))) > _MOST_TAXA


def _is_long(header: Sequence[str]) -> bool:
    """Tell tables with a row per sample and feature (psmelt), whose samples may occur once."""
    keys = {_key(cell) for cell in header}
    values = _COUNTED | _SHARES
    # With nothing else beside, a taxon and a number are a row of a profile.
    numbers = values if len(header) == _LONG_WIDTH else _ABUNDANCES
    return bool((keys & _TAXA and keys & numbers) or (keys & _FEATURES and keys & values))


def _is_missing(value: str) -> bool:
    lower = value.lower()
    return lower in _MISSING or _MISSING_PREFIX.match(lower) is not None


def _is_comment(text: str) -> bool:
    """Tell a comment from a header that starts with "#" and from a line of types."""
    first = re.split(r"[\t,;]", text, maxsplit=1)[0]
    return first.lstrip().startswith("#") and _key(first) not in ID_COLUMNS


def _has_words(rows: list[list[str]]) -> bool:
    cells = (cell.strip() for row in rows for cell in row[1:])
    return any(cell and not _NUMBER.fullmatch(cell) for cell in cells)


def _has_values(rows: list[list[str]]) -> bool:
    return any(cell.strip() for row in rows for cell in row[1:])


def _key(cell: str) -> str:
    return re.sub(r"[- ]", "_", cell.strip().strip('"').lower())


def _delimiter_of(header: str) -> str:
    """Choose the delimiter that the header has most of: guessing from rows goes wrong."""
    return max(_DELIMITERS, key=header.count)


def _header_of(handle: TextIO, source: Source) -> tuple[int, str]:
    """Find the line of the header, after comments and empty lines."""
    for line, text in enumerate(handle, 1):
        if _DIRECTIVE.match(text):
            what = "a directive stands before the header"
            hint = "Move it below the header"
            raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
        if text.strip() and not _is_comment(text):
            return line, text
    return 0, ""


def _rows(
    handle: Iterable[str], delimiter: str, header_line: int, source: Source
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(handle, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield header_line + reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        line = header_line + reader.line_num
        hint = "Check its quotes"
        message = f"no table: {error}"
        raise FormatError(message, path_name=source.path_name, line=line, hint=hint) from error
