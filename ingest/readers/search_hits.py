"""Tables of hits: BLAST outfmt 6, 7 and 10, DIAMOND, MMseqs2, RAPSearch, with or without a header.

    gene_1<TAB>UniRef90_A0A1<TAB>57.3<TAB>410<TAB>170<TAB>2<TAB>1<TAB>408<TAB>4<TAB>411<TAB>1e-150<TAB>437
    # BLASTP 2.15.0+                                        (outfmt 7 and DIAMOND --header)
    # Fields: query acc.ver, subject acc.ver, % identity, alignment length, ...

Kept: subject, identity in percent (MMseqs2 writes a fraction), E-value, bits, place in the query,
a name where the table has the subjects' titles. Dropped: mismatches, gaps, place in the subject.
A subject's id is no name: without titles a row names no function. Columns are found by name, else
by what twelve columns, or few, hold. See the BLAST+ manual, options -outfmt 6 and 7.
"""

from __future__ import annotations

import csv
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import (
    Columns,
    Row,
    bad_row,
    columns_of,
    evalue_of,
    gene_id_of,
    placed,
)
from ingest.errors import FormatError
from ingest.records import Annotation
from ingest.search_columns import ALIASES, are_enough, guessed, is_without_hit, named
from ingest.taxa import refuse_width
from ingest.vocab import is_uncharacterized, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: How a search is called whose file does not say which tool made it.
UNNAMED: Final = "sequence search"
#: Hits that a search reports by default go up to 10 expected by chance; this is the usual bar.
MOST_EVALUE: Final = 1e-5

_PROGRAM: Final = re.compile(
    r"#\s*((?:T?BLAST[NPX]|(?:RPST?|DELTA|PSI)-?(?:T?BLASTN|BLAST))\b\S*|DIAMOND|RAPSearch)"
    r"(?:\s+v?(\S+))?"
)
_DATABASE: Final = re.compile(r"#\s*(?:Database|Target database):\s*(.+?)\s*$")
_FIELDS: Final = re.compile(r"#\s*Fields:\s*(.+?)\s*$")
#: Programs whose query is nucleotides: their places are no residues.
_OF_BASES: Final = frozenset({"BLASTN", "BLASTX", "TBLASTX"})
_TAG: Final = re.compile(r"\s+\b(?:OS|OX|GN|PE|SV|n|Tax|TaxID|RepID|RheaID)=")
_GENE: Final = re.compile(r"\bGN=(\S+)")
_SPECIES: Final = re.compile(r"\s*\[[^\[\]]*\]\s*$")
#: Ids of databases that say so themselves.
_DATABASES: Final = (
    (re.compile(r"(UniRef\d+)_"), r"\1"),
    (re.compile(r"(?:sp|tr)\|"), "UniProtKB"),
    (re.compile(r"[NWXY]P_\d+"), "RefSeq"),
)
#: Tables of counts, which may look like hits; BIOM's converter and QIIME begin them so.
_OF_COUNTS: Final = re.compile(r"#\s*(?:OTU ID|Constructed from biom)", re.IGNORECASE)
#: Powers of ten that E-values have: doubles end at -308, and no search reports 10,000 by chance.
_LEAST_POWER: Final = 400
_MOST_POWER: Final = 4
#: Commas of a row of twelve columns.
_FEWEST_COMMAS: Final = 11
#: Rows that the layout is told by where there is no header.
_LOOKED_AT: Final = 200


class SearchHitsReader:
    """Hits of sequence searches."""

    name = "search_hits"
    kind: Kind = "annotations"
    description = "BLAST outfmt 6, 7 and 10, DIAMOND, MMseqs2 tables of hits"

    def sniff(self, head: str) -> bool:
        """Look for comments of a search, a header of known names, or rows of hits."""
        lines = [line for line in head.splitlines() if line.strip()]
        if not lines or _OF_COUNTS.match(lines[0]):
            return False
        if _PROGRAM.match(lines[0]) or any(map(_FIELDS.match, lines[:10])):
            return True
        rows = [line.lstrip("#") for line in lines if not line.startswith("##")]
        # The last line of the head may be cut.
        rows = (rows[:-1] if len(rows) > 1 and not head.endswith("\n") else rows)[:_LOOKED_AT]
        cells = [_split(row, _delimiter_of(rows[0])) for row in rows]
        return bool(cells) and (named(cells[0]) is not None or guessed(cells) is not None)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per hit.

        Raises:
            FormatError: The columns cannot be told, or no row can be used.
        """
        yield from placed(_Table(source).rows(handle), source, self.name)


def _delimiter_of(row: str) -> str:
    """Tell outfmt 10, and what spreadsheets wrote, from tables with tabs."""
    return "," if "\t" not in row and row.count(",") >= _FEWEST_COMMAS else "\t"


def _split(row: str, delimiter: str) -> list[str]:
    """Split a row; only CSV has quotes, and a row with one that never ends is one field."""
    if delimiter == "\t":
        return row.rstrip("\n").split("\t")
    try:
        return next(csv.reader([row.rstrip("\n")], strict=True), [""])
    except csv.Error:
        return [row]


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tool = UNNAMED
        self._version = self._database = ""
        self._columns: Columns | None = None
        self._is_fraction: bool | None = None
        self._has_comments = False
        self._without = 0

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Annotation | BadRecord]]:
        """Yield each hit with its line.

        Raises:
            FormatError: The columns cannot be told.
        """
        lines = self._data(enumerate(handle, 1))
        start = list(islice(lines, _LOOKED_AT))
        if start and self._columns is None:
            self._columns = named(start[0][1])
            start = start[1:] if self._columns else start
            self._columns = self._columns or guessed([cells for _, cells in start])
        if self._columns is None and (start or not self._has_comments):
            what = "the columns cannot be told" if start else "the file is blank"
            hint = "Write outfmt 6 in its default order, or a header with the names of the columns"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        for line, cells in chain(start, lines):
            if is_without_hit(cells):
                self._without += 1
                continue
            try:
                yield line, self._annotation(cells)
            except ValueError as error:
                yield line, bad_row(self._source, line, cells[0].strip(), error)
        if self._without:
            self._source.warnings.append(f"queries without a hit: {self._without}")

    def _data(self, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
        delimiter = ""
        for line, text in lines:
            if text.startswith("#") and not self._is_header(text):
                self._comment(text)
            elif text.strip():
                delimiter = delimiter or _delimiter_of(text)
                yield line, _split(text, delimiter)

    def _is_header(self, text: str) -> bool:
        return self._columns is None and named(_split(text[1:], _delimiter_of(text))) is not None

    def _comment(self, text: str) -> None:
        self._has_comments = True
        if found := _PROGRAM.match(text):
            self._tool, self._version = found.group(1), (found.group(2) or "").rstrip(".")
            self._tool = UNNAMED if self._tool == "RAPSearch" else self._tool
        elif found := _DATABASE.match(text):
            self._database = re.split(r"[/\\]", found.group(1))[-1]
        elif found := _FIELDS.match(text):
            names = found.group(1)
            columns = columns_of(names.split("\t" if "\t" in names else ","), ALIASES)
            self._columns = columns if are_enough(columns) else self._columns

    def _annotation(self, cells: Sequence[str]) -> Annotation:
        columns = self._columns
        assert columns is not None
        refuse_width(cells, columns.width)
        row = columns.row(cells)
        subject = cells[columns.places["subject"]].strip()
        if not subject:
            raise ValueError("the row has no subject")
        start, end = self._place(row)
        evalue = _evalue(row)
        # RPS-BLAST finds domains, whose titles name no protein.
        is_domain = self._tool.startswith("RPS")
        title = "" if is_domain else row.text("title")
        product, gene, ec_numbers = _named(title, subject)
        identity = self._identity(row)
        length = row.whole("qlen") if columns.has("qlen") else 0
        return Annotation(
            gene_id=gene_id_of(cells[columns.places["query"]].strip()),
            tool="MMseqs2" if self._tool == UNNAMED and self._is_fraction else self._tool,
            version=self._version,
            database=self._database or _database_of(subject),
            accession=subject,
            name=row.text("title"),
            product=product,
            gene=gene,
            ec_numbers=ec_numbers,
            family_kind="domain" if is_domain else "",
            start=start,
            end=end,
            protein_length=length if start else 0,
            score=row.number("score"),
            evalue=evalue,
            pident=identity,
            coverage=self._coverage(row, start, end, length),
            is_significant=evalue <= MOST_EVALUE,
        )

    def _identity(self, row: Row) -> float | None:
        """Read the identity in percent; the first row tells whether the table has fractions."""
        field = "fident" if row.columns.has("fident") else "pident"
        value = row.number(field)
        if value is None:
            return None
        if self._is_fraction is None:
            self._is_fraction = field == "fident" or value <= 1
        most = 1 if self._is_fraction else 100
        if not 0 <= value <= most:
            message = f"the identity is {value:g} in a table of values up to {most}"
            raise ValueError(message)
        return round(value * 100, 6) if self._is_fraction else value

    def _place(self, row: Row) -> tuple[int, int]:
        """Residues of the query; none where it is nucleotides."""
        start, end = row.whole("qstart"), row.whole("qend")
        if self._tool in _OF_BASES or start > end:
            return 0, 0
        return start, end

    def _coverage(self, row: Row, start: int, end: int, length: int) -> float | None:
        if start and end and length:
            return round(100 * (end - start + 1) / length, 2) if end <= length else None
        value = row.number("qcov")
        if value is None or not 0 <= value <= 100:
            return None
        return value * 100 if self._is_fraction else value


def _evalue(row: Row) -> float:
    """Read the E-value, or raise ten to its logarithm (RAPSearch).

    Raises:
        ValueError: There is none, it is negative, or no number.
    """
    power = row.number("log_evalue")
    if power is not None and not row.columns.has("evalue"):
        if not -_LEAST_POWER <= power <= _MOST_POWER:
            message = f"the logarithm of the E-value is {power:g}"
            raise ValueError(message)
        return float(10**power)
    evalue = evalue_of(row.number("evalue"))
    if evalue is None:
        raise ValueError("the row has no E-value")
    return evalue


def _named(title: str, subject: str) -> tuple[str, str, tuple[str, ...]]:
    """Take product, gene symbol and EC numbers from a title of UniProt, UniRef or NCBI.

    >>> _named("UniRef90_A Ribose-5-phosphate isomerase B n=3 Tax=X TaxID=5", "UniRef90_A")
    ('Ribose-5-phosphate isomerase B', '', ())
    """
    first, _, rest = title.partition(" ")
    text = rest if rest and (first in {subject, f">{subject}"} or "|" in first) else title
    tags = _GENE.search(text)
    name = _TAG.split(text)[0].split("\x01")[0].split("<>")[0]
    name = _SPECIES.sub("", name.removeprefix("Cluster: ").removeprefix("MULTISPECIES: "))
    product, ec_numbers = split_name(name.removeprefix("RecName: Full=").strip())
    if not product or is_uncharacterized(product) or product == subject:
        return "", "", ec_numbers
    return product, tags.group(1) if tags else "", ec_numbers


def _database_of(subject: str) -> str:
    for pattern, name in _DATABASES:
        if found := pattern.match(subject):
            return found.expand(name)
    return ""
