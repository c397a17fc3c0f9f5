"""HMMER3's tables: --tblout and --domtblout of hmmscan, hmmsearch and phmmer.

    #                                                            --- full sequence --- ...
    # target name        accession   tlen query name           accession   qlen   E-value  score ...
    Globin               PF00042.17   108 gene_1               -            154     6e-21   74.6 ...

Kept: profile, protein, score, E-value, residues of the protein, description of the profile;
significant by HMMER's own inclusion threshold, 0.01. Dropped: bias, accuracies, places in the
profile. hmmscan has the profile first, hmmsearch the protein: the comments at the end say which,
else the accessions. A profile names a domain or a family, never a product.
See the HMMER user's guide, "Tabular output formats".
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from ingest.annotation_tables import bad_row, evalue_of, gene_id_of, number, placed, whole
from ingest.errors import FormatError
from ingest.families import OWN, database_of, split_accession
from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

TOOL: Final = "HMMER"
#: HMMER's default inclusion threshold, for sequences and for domains (user's guide, --incE).
INCLUSION: Final = 0.01
#: Which side of the table the protein of the user stands on.
_Side: TypeAlias = Literal["target", "query"]

_COMMENT: Final = re.compile(r"#.*(?:--- full sequence ---|target name\s+accession)")
#: --pfamtblout names profiles, or proteins, but not what they were compared with.
_WITHOUT_QUERY: Final = re.compile(r"#\s*(?:Sequence|Domain) scores\s*$")
#: nhmmer's tables are of nucleotides.
_OF_BASES: Final = re.compile(r"#\s*target name\s+accession\s+query name.*hmmfrom\s+hmm to")
_PROGRAM: Final = re.compile(r"#\s*Program:\s*(\w+)")
_VERSION: Final = re.compile(r"#\s*Version:\s*(\S+)")
#: hmmscan's query is the protein, and so is phmmer's; hmmsearch's target is.
_SIDES: Final[dict[str, _Side]] = {"hmmscan": "query", "phmmer": "query", "hmmsearch": "target"}
_PROFILE: Final = re.compile(r".*\.hmm|(?:GH|GT|PL|CE|AA|CBM)\d+(?:_\w+)?", re.IGNORECASE)
_FLOAT: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
#: Fields before the description in each of the tables.
_TBL, _DOM = 18, 22
#: Rows that wait for the comments at the end where nothing else tells the sides.
_MOST_WAITING: Final = 1_000_000


class HmmerTableReader:
    """Hits of profile HMMs."""

    name = "hmmer_table"
    kind: Kind = "annotations"
    description = "HMMER3 tblout and domtblout (hmmscan, hmmsearch, phmmer)"

    def sniff(self, head: str) -> bool:
        """Look for the comments at the start, or for a row of either table."""
        lines = [line for line in head.splitlines() if line.strip()]
        if any(map(_COMMENT.match, lines[:3])) or (lines and _WITHOUT_QUERY.match(lines[0])):
            return True
        return bool(lines) and "\t" not in lines[0] and _width(lines[0].split()) > 0

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per hit (tblout) or domain (domtblout).

        Raises:
            FormatError: Profile and protein cannot be told apart, or no row can be used.
        """
        yield from placed(_Table(source).rows(handle), source, self.name)


def _width(cells: Sequence[str]) -> int:
    """Tell the table by a row: fields before the description, 0 for neither."""
    if len(cells) >= _DOM and all(cells[n].isdigit() for n in (2, 5, 9, 10, *range(15, 21))):
        return _DOM if all(map(_FLOAT.fullmatch, (*cells[6:9], *cells[11:15], cells[21]))) else 0
    if len(cells) >= _TBL and all(cells[n].isdigit() for n in range(11, 18)):
        return _TBL if all(map(_FLOAT.fullmatch, cells[4:11])) else 0
    return 0


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._version = self._program = ""
        self._side: _Side | None = None
        self._has_comments = False

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Annotation | BadRecord]]:
        """Yield each row once it is known which side the protein is on.

        Raises:
            FormatError: Nothing in the file tells it.
        """
        waiting: deque[tuple[int, str]] = deque()
        for line, text in enumerate(handle, 1):
            if text.startswith("#"):
                self._comment(text)
            elif text.strip():
                self._side = self._side or _side_of(text.split())
                waiting.append((line, text))
            while waiting and self._side:
                yield self._record(*waiting.popleft())
            if len(waiting) > _MOST_WAITING:
                break
        if waiting and self._side is None:
            self._refuse(waiting[0][1])
        while waiting:
            yield self._record(*waiting.popleft())
        if not self._has_comments and self._side is None:
            raise FormatError("the file is blank", path_name=self._source.path_name)

    def _refuse(self, text: str) -> None:
        is_row = _width(text.split()) > 0
        what = "nothing tells which column is the protein" if is_row else "this is no HMMER table"
        hint = "Keep the comments at the end (# Program: hmmscan), or use profiles with accessions"
        raise FormatError(what, path_name=self._source.path_name, hint=hint)

    def _comment(self, text: str) -> None:
        self._has_comments = True
        if _WITHOUT_QUERY.match(text) or _OF_BASES.match(text):
            is_dna = _OF_BASES.match(text) is not None
            what = "hits on nucleotides" if is_dna else "names no query"
            what = f"the table {'holds ' if is_dna else ''}{what}"
            hint = "Write --tblout or --domtblout of hmmscan or hmmsearch on proteins"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        if found := _VERSION.match(text):
            self._version = found.group(1)
        if found := _PROGRAM.match(text):
            self._program = found.group(1).lower()
            side = _SIDES.get(self._program)
            if side and self._side and side != self._side:
                what = f"the comments say {self._program}, the rows are the other way round"
                raise FormatError(what, path_name=self._source.path_name)
            self._side = self._side or side

    def _record(self, line: int, text: str) -> tuple[int, Annotation | BadRecord]:
        cells = text.split()
        try:
            return line, self._annotation(text)
        except ValueError as error:
            return line, bad_row(self._source, line, cells[0], error)

    def _annotation(self, text: str) -> Annotation:
        cells = text.split()
        width = _width(cells)
        if not width:
            raise ValueError("the row is neither of --tblout nor of --domtblout")
        description = (text.split(maxsplit=width)[width:] or [""])[0].strip()
        is_query = self._side == "query"
        at = 3 if width == _DOM else 2
        names = (cells[0], cells[1]), (cells[at], cells[at + 1])
        protein, profile = reversed(names) if is_query else names
        accession, version = split_accession(profile[1] if profile[1] != "-" else profile[0])
        database = database_of(accession)
        name = profile[0] if description in {"", "-"} or not is_query else description
        figures = _of_domain(cells, is_query=is_query) if width == _DOM else _of_sequence(cells)
        return Annotation(
            gene_id=gene_id_of(protein[0]),
            tool=TOOL,
            version=self._version,
            database="" if database == OWN else database,
            accession=accession,
            name=name,
            family_kind="domain" if database in {"Pfam", OWN} else "family",
            start=figures.start,
            end=figures.end,
            protein_length=figures.length,
            score=figures.score,
            evalue=figures.evalue,
            is_significant=figures.is_significant,
            dbxrefs=(f"{database}:{accession}.{version}",) if version else (),
        )


def _side_of(cells: Sequence[str]) -> _Side | None:
    """Tell the protein's side by the other one: profiles have accessions, proteins do not."""
    width = _width(cells)
    if not width:
        return None
    at = 3 if width == _DOM else 2
    target, query = (_is_profile(cells[n], cells[n + 1]) for n in (0, at))
    if target == query:
        return None
    return "query" if target else "target"


def _is_profile(name: str, accession: str) -> bool:
    bare, _ = split_accession(accession if accession != "-" else name)
    return database_of(bare) != OWN or _PROFILE.fullmatch(bare) is not None or accession != "-"


class _Figures(NamedTuple):
    """Residues of the protein (0 where the row gives none), score in bits, E-value."""

    start: int
    end: int
    length: int
    score: float | None
    evalue: float | None
    is_significant: bool


def _of_domain(cells: Sequence[str], *, is_query: bool) -> _Figures:
    """Figures of a domain: residues of the alignment, score and independent E-value."""
    evalue = evalue_of(number(cells[6], "the E-value"))
    domain = evalue_of(number(cells[12], "the i-Evalue"))
    start, end = whole(cells[17], "ali from"), whole(cells[18], "ali to")
    length = whole(cells[5] if is_query else cells[2], "the length")
    if not 1 <= start <= end <= length:
        message = f"the domain {start}..{end} lies outside a protein of {length} residues"
        raise ValueError(message)
    is_significant = max(evalue or 0.0, domain or 0.0) <= INCLUSION
    return _Figures(start, end, length, number(cells[13], "the score"), domain, is_significant)


def _of_sequence(cells: Sequence[str]) -> _Figures:
    """Figures of a whole sequence."""
    evalue = evalue_of(number(cells[4], "the E-value"))
    is_significant = evalue is not None and evalue <= INCLUSION
    return _Figures(0, 0, 0, number(cells[5], "the score"), evalue, is_significant)
