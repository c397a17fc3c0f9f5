"""Kraken's report, 6 or 8 columns, of Kraken 1 and 2, Bracken, Centrifuge and sourmash.

    99.98<TAB>787758<TAB>787758<TAB>U<TAB>0<TAB>unclassified
     0.02<TAB>119<TAB>0<TAB>R<TAB>1<TAB>root
     0.02<TAB>119<TAB>0<TAB>D<TAB>2759<TAB>    Eukaryota

Kept: the reads of each clade (column 2), unclassified as a special row; the total counts each
read once. Dropped: percentages, minimizers. Every rank repeats the reads below it. The sample is
named after the file. See github.com/DerrickWood/kraken2/wiki/Manual.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import number
from ingest.clades import UNIT, Clade, CladeCounts, depth_of
from ingest.errors import FormatError
from ingest.tables import refuse_semicolons, sample_of_file
from ingest.taxa import NO_RANK, RANKS, ROOT, UNCLASSIFIED, features_of, rank_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature

#: Percentage, reads of clade and taxon, two columns of minimizers or none, rank, taxid, name.
_ROW: Final = re.compile(
    r"\s*\d{1,3}(?:\.\d+)?\t\d+\t\d+\t(?:\d+\t\d+\t)?"
    r"(?:-|[URDKPCOFGST]\d{0,3}|[a-z][a-z ]*)\t[^\t]*\t *[^\t]+"
)
_CODE: Final = re.compile(r"([URDKPCOFGST])(\d{0,3})")
#: Codes without a number that are not ranks of ours.
_WORDS: Final = {"U": UNCLASSIFIED, "R": ROOT, "K": "kingdom"}
#: MMseqs2's taxonomyreport writes ranks as words.
_WORD: Final = re.compile(r"[a-z][a-z ]*")
#: Since NCBI calls them domains, Kraken 2 knows no code for them and writes steps from the root.
_DOMAINS: Final = frozenset({"Bacteria", "Archaea", "Eukaryota", "Viruses"})
_WIDTHS: Final = (6, 8)
#: A count of more digits is damage.
_LONGEST: Final = 15


class KrakenReader:
    """Reads per clade of one sample."""

    name = "kraken"
    kind: Kind = "abundance"
    description = "Kraken 1 and 2 report, kreport of Bracken, Centrifuge, MMseqs2, sourmash"

    def sniff(self, head: str) -> bool:
        """Look at the first line: percentage, two counts, a rank's code."""
        first = next((line for line in head.splitlines() if line.strip()), "")
        return _ROW.fullmatch(first) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per line.

        Raises:
            FormatError: No line is as Kraken writes it.
        """
        source.unit = UNIT
        counts = CladeCounts(source, sample_of_file(source.path_name), "Kraken report", self.name)
        rows = _rows(handle, source)
        yield from features_of(
            rows, source, lambda line, cells: counts.feature(clade_of(line, cells)), name_at=-1
        )
        counts.finish()


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, Sequence[str]]]:
    seen = False
    for line, text in enumerate(handle, 1):
        if text.strip():
            seen = True
            refuse_semicolons(line, text, source)
            yield line, text.rstrip("\n").split("\t")
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)


def clade_of(line: int, cells: Sequence[str]) -> Clade:
    """Read a line of a report.

    Raises:
        ValueError: It is none.
    """
    if len(cells) not in _WIDTHS:
        message = f"{len(cells)} fields where the report has 6 or 8"
        raise ValueError(message)
    code, taxid, name = cells[-3].strip(), cells[-2].strip(), cells[-1]
    if not name.strip():
        raise ValueError("the line names no taxon")
    return Clade(
        line,
        depth_of(name),
        taxid,
        name.strip(),
        _rank(code, name.strip()),
        _count(cells[1]),
        _count(cells[2]),
        percent=number(cells[0].strip(), "the percentage"),
    )


def _rank(code: str, name: str) -> str:
    if name in _DOMAINS and (code == "-" or code.startswith("R")):
        return "k"
    if code == "-" or _WORD.fullmatch(code):
        return rank_of(code)
    found = _CODE.fullmatch(code)
    if found is None:
        message = f"the rank is {code[:20]!r}"
        raise ValueError(message)
    letter, step = found.groups()
    if not step:
        return _WORDS.get(letter) or RANKS[letter.lower()]
    # R1, D1, S1: so many steps below a rank, with no rank of their own.
    return NO_RANK if letter == "R" else code.lower()


def _count(text: str) -> float:
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST:
        message = f"{text[:40]!r} is no count of reads"
        raise ValueError(message)
    return float(text)
