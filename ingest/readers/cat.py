"""CAT and BAT: the taxonomy of contigs and of bins, with names (add_names).

    # contig<TAB>classification<TAB>reason<TAB>lineage<TAB>lineage scores (f: 0.5)<TAB>superkingdom ...
    c1<TAB>taxid assigned<TAB>based on 2/2 ORFs<TAB>1;131567;2<TAB>1.00;1.00;0.63<TAB>Bacteria: 0.95 ...

Kept: the named ranks with support, the reason and the score of the last rank; unclassified
contigs without a lineage. Dropped: taxon numbers. Where ORFs disagree a contig has two rows, of
which the second is bad: neither can be chosen. See github.com/MGXlab/CAT_pack.
"""  # noqa: E501 - a whole line of the format

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ingest.annotation_tables import Row, columns_of, refuse_missing
from ingest.genome_tables import genome_id, genomes_of
from ingest.records import Genome
from ingest.taxa import SEVEN, rank_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its names, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("contig", "bin"),
    "classification": ("classification",),
    "reason": ("reason",),
    "lineage": ("lineage",),
}
_NEEDED: Final = tuple(ALIASES)
_NOTHING: Final = frozenset({"", "no support", "na", "not classified"})
#: "Evtepia*: 0.87": a name, a mark for suggestive, the score.
_NAMED: Final = re.compile(r"(.+?)\*?(?::\s*(\d+(?:\.\d+)?))?\*?")


class CatReader:
    """Lineages of contigs or bins."""

    name = "cat"
    kind: Kind = "genomes"
    description = "CAT or BAT classification of contigs or bins"

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        first = head.split("\n", 1)[0]
        return first.startswith("#") and columns_of(first.split("\t"), ALIASES).has(*_NEEDED)

    def read(self, handle: TextIO, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per row.

        Raises:
            FormatError: A column is absent, or no row can be used.
        """
        header = [cell.strip() for cell in handle.readline().rstrip("\n").split("\t")]
        columns = columns_of(header, ALIASES)
        refuse_missing(columns, _NEEDED, ALIASES, source)
        ranks = {n: rank_of(name) for n, name in enumerate(header) if rank_of(name) in SEVEN}
        kind: Literal["genome", "contig"] = "genome" if "bin" in header[0] else "contig"
        if not ranks:
            source.warnings.append("the table has no names of taxa: run `CAT add_names` first")
        rows = (
            (line, text.rstrip("\n").split("\t"))
            for line, text in enumerate(handle, 2)
            if text.strip() and not text.startswith("# ")
        )
        yield from genomes_of(
            rows, columns, source, self.name, parse=lambda row: _genome(row, ranks, kind)
        )


def _genome(row: Row, ranks: Mapping[int, str], kind: Literal["genome", "contig"]) -> Genome:
    status, cells = row.text("classification"), row.cells
    is_assigned = status.startswith("taxid assigned")
    if not is_assigned and not status.startswith("no taxid assigned"):
        message = f"the classification is {status[:40]!r}"
        raise ValueError(message)
    if len(cells) > row.columns.width or (is_assigned and len(cells) != row.columns.width):
        message = f"{len(cells)} fields where the header has {row.columns.width}"
        raise ValueError(message)
    lineage, score = _lineage(cells, ranks) if is_assigned else ("", "")
    told = ["" if is_assigned else status, row.text("reason"), score and f"last score {score}"]
    return Genome(
        id=genome_id(row),
        tool="CAT" if kind == "contig" else "BAT",
        kind=kind,
        lineage=lineage,
        note="; ".join(filter(None, told)),
    )


def _lineage(cells: Sequence[str], ranks: Mapping[int, str]) -> tuple[str, str]:
    """Join the ranks with support; a rank without a name in between stays empty."""
    parts: list[str] = []
    named, score = 0, ""
    for place, rank in ranks.items():
        text = cells[place].strip()
        found = _NAMED.fullmatch(text) if text.lower() not in _NOTHING else None
        parts.append(f"{rank}__{found.group(1).strip() if found else ''}")
        if found:
            named, score = len(parts), found.group(2) or ""
    return ";".join(parts[:named]), score
