"""Columns of tables of hits: BLAST, DIAMOND, MMseqs2 and their kin, by name or by content.

Without a header only layouts that can be told apart by their numbers are accepted: the twelve
columns of outfmt 6, with or without more behind them, and short ones that end in E-value, score
and perhaps a title.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Our field -> its names in BLAST's comments, DIAMOND, MMseqs2 and eggNOG-mapper's hits.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "query": (
            *("query id", "query acc.ver", "query acc.", "qseqid", "qaccver", "qacc", "query"),
            *("queryid", "query_id", "query_name", "qid", "gene id"),
        ),
        "subject": (
            *("subject id", "subject acc.ver", "subject acc.", "sseqid", "saccver", "sacc"),
            *("target", "subject", "subjectid", "subject_id", "subject ids", "target_name", "sid"),
            "cazy id",
        ),
        "pident": (
            *("% identity", "pident", "percentage of identical matches", "perc_identity"),
            *("percent_identity", "identity", "%identity", "id%"),
            "% identical",
        ),
        "fident": ("fident",),
        "length": (
            *("alignment length", "length", "alnlen", "alignment_length", "align_length"),
            "aln-len",
        ),
        "qstart": ("q. start", "qstart", "start of alignment in query", "q_start", "q.start"),
        "qend": ("q. end", "qend", "end of alignment in query", "q_end", "q.end"),
        "evalue": ("evalue", "expected value", "e-value", "expect", "e value"),
        "log_evalue": ("log(e-value)",),
        "score": ("bit score", "bitscore", "bits", "bit_score", "bit-score"),
        "title": (
            *("subject title", "stitle", "salltitles", "subject titles", "theader"),
            *("subject_title", "target_header", "title"),
        ),
        "qlen": ("query length", "qlen", "query_length"),
        "qcov": (
            *("% query coverage per subject", "qcovs", "% query coverage per hsp", "qcovhsp"),
            *("query coverage per hsp", "qcov", "query_coverage"),
        ),
    }
)
NEEDED: Final = ("query", "subject")

_STANDARD: Final = (
    *("qseqid", "sseqid", "pident", "length", "mismatch", "gapopen"),
    *("qstart", "qend", "sstart", "send", "evalue", "bitscore"),
)
#: RAPSearch writes logarithms to the base of ten instead, which are negative.
_LOGARITHMS: Final = tuple("log(e-value)" if name == "evalue" else name for name in _STANDARD)
#: Layouts without a header and with fewer columns, longest first.
_SHORT: Final = (
    ("qseqid", "sseqid", "pident", "length", "evalue", "bitscore"),
    ("qseqid", "sseqid", "pident", "evalue", "bitscore"),
    ("qseqid", "sseqid", "evalue", "bitscore"),
)
_WORD: Final = re.compile(r"\S{1,300}")
_WHOLE: Final = re.compile(r"\d{1,9}")
_NUMBER: Final = re.compile(r"\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_SIGNED: Final = re.compile(r"-?\d+(?:\.\d*)?")
_SMALL: Final = re.compile(r"\d+(?:\.\d*)?[eE]-\d+|0(?:\.0*)?")
_TITLE: Final = re.compile(r"\S+\s+\S.*")
#: What a cell of each column looks like.
_CELLS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("qseqid", "sseqid"), _WORD),
        **dict.fromkeys(("pident", "evalue", "bitscore"), _NUMBER),
        "log(e-value)": _SIGNED,
        **dict.fromkeys(("length", "mismatch", "gapopen"), _WHOLE),
        **dict.fromkeys(("qstart", "qend", "sstart", "send"), _WHOLE),
        "stitle": _TITLE,
    }
)
#: Share of the rows that must fit a layout.
_ENOUGH: Final = 0.9
#: Bits that the weakest hit of a search has: less tells another column.
_LEAST_BITS: Final = 10.0
_BASES_A_RESIDUE: Final = 3
#: An expected number of chance hits that no search reports.
_WORST: Final = 1e4


def named(cells: Sequence[str]) -> Columns | None:
    """Read a header, None where it is none: query, subject, E-value and a figure of the hit."""
    columns = columns_of([cell.strip('"') for cell in cells], ALIASES)
    figures = ("pident", "fident", "score", "length")
    is_header = are_enough(columns) and any(columns.has(name) for name in figures)
    return columns if is_header else None


def are_enough(columns: Columns) -> bool:
    """Tell whether columns name query, subject and the E-value or its logarithm."""
    return columns.has(*NEEDED) and (columns.has("evalue") or columns.has("log_evalue"))


def is_without_hit(cells: Sequence[str]) -> bool:
    """Tell a row of DIAMOND (--unal 1) for a query that found nothing: "*" and -1."""
    return len(cells) > 3 and cells[1].strip() == "*" and cells[2].strip() in {"-1", "*", "0"}


def guessed(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Tell the layout of rows without a header, None where none fits nearly all of them."""
    rows = [row for row in rows if not is_without_hit(row)]
    width = len(rows[0]) if rows else 0
    if len(rows) > 1 and not any(_NUMBER.fullmatch(cell.strip()) for cell in rows[0]):
        return None  # a header of names that are not known: what the columns hold it says itself
    if width >= len(_STANDARD) and (fitting := _fitting(rows, width, _STANDARD)):
        return _columns(_STANDARD + _extra(fitting), width)
    if width == len(_STANDARD) and (fitting := _fitting(rows, width, _LOGARITHMS)):
        return _columns(_LOGARITHMS, width) if _has_logarithms(fitting) else None
    for layout in _SHORT:
        for names in (layout, (*layout, "stitle")):
            fitting = _fitting(rows, width, names) if len(names) == width else []
            if fitting and _is_search(fitting, names):
                return _columns(names, width)
    return None


def _columns(names: Sequence[str], width: int) -> Columns:
    return Columns(columns_of(names, ALIASES).places, width)


def _fitting(
    rows: Sequence[Sequence[str]], width: int, names: Sequence[str]
) -> list[Sequence[str]]:
    """List the rows that fit a layout, none where too few do: a bad row must not hide the rest."""
    found = [row for row in rows if len(row) == width and _row_fits(row, names)]
    return found if len(found) >= _ENOUGH * len(rows) else []


def _row_fits(row: Sequence[str], names: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row]
    if not all(_CELLS[name].fullmatch(cell) for name, cell in zip(names, cells, strict=False)):
        return False
    places = {name: float(cells[n]) for n, name in enumerate(names) if _CELLS[name] is _NUMBER}
    if places.get("pident", 0.0) > 100 or places.get("evalue", 0.0) > _WORST:
        return False
    return _is_alignment(dict(zip(names, cells, strict=False))) if "qstart" in names else True


def _is_alignment(cell: Mapping[str, str]) -> bool:
    """Tell an alignment from a row of any twelve numbers: it is as long as what it spans.

    Either side may be nucleotides, three of which are one residue.
    """
    length = int(cell["length"])
    places = [int(cell[name]) for name in ("qstart", "qend", "sstart", "send")]
    spans = [abs(places[n + 1] - places[n]) + 1 for n in (0, 2)]
    inside = max(int(cell["mismatch"]), int(cell["gapopen"])) <= length
    return min(places[:2]) >= 1 and inside and max(spans) <= _BASES_A_RESIDUE * length


def _is_search(rows: Sequence[Sequence[str]], names: Sequence[str]) -> bool:
    """Tell whether E-value and score look like it: some E-value is tiny, every score is not."""
    evalues = [row[names.index("evalue")].strip() for row in rows]
    scores = [float(row[names.index("bitscore")]) for row in rows]
    return any(map(_SMALL.fullmatch, evalues)) and min(scores) >= _LEAST_BITS


def _has_logarithms(rows: Sequence[Sequence[str]]) -> bool:
    """Tell logarithms of E-values: most are below zero, none above that of 10 by chance."""
    values = [float(row[_LOGARITHMS.index("log(e-value)")]) for row in rows]
    return max(values) <= 2 and 2 * sum(value < 0 for value in values) > len(values)


def _extra(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Name what stands behind the twelve: two lengths, and a title at the end."""
    behind = [[cell.strip() for cell in row[len(_STANDARD) :]] for row in rows]
    names = [""] * len(behind[0])
    pairs = zip(rows, behind, strict=True)
    if len(names) >= 2 and all(_are_lengths(row, more) for row, more in pairs):
        names[:2] = ["qlen", "slen"]
    if names and names[-1] == "" and any(_TITLE.fullmatch(more[-1]) for more in behind):
        names[-1] = "stitle"
    return tuple(names)


def _are_lengths(row: Sequence[str], more: Sequence[str]) -> bool:
    if not (_WHOLE.fullmatch(more[0]) and _WHOLE.fullmatch(more[1])):
        return False
    ends = [int(row[n]) for n in range(6, 10)]
    return int(more[0]) >= max(ends[:2]) and int(more[1]) >= max(ends[2:])
