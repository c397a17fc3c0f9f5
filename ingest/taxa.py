"""Ranks and lineages as profilers write them, and rows that would be counted twice.

Every tool has its own words for ranks (codes of Kraken, words of NCBI, prefixes of MetaPhlAn and
GTDB). They become the letters of ``Feature.rank``; what has no letter keeps its word, so that it
is never taken for a rank that is summed.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Source

#: Word or prefix of a rank, in lower case -> our letter. Below the domain a kingdom is a rank of
#: its own (Fungi, Bacillati): it must not be summed with the domains.
RANKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("superkingdom", "domain", "acellular root", "d", "k", "sk", "d_0"), "k"),
        **dict.fromkeys(("phylum", "p", "d_1"), "p"),
        **dict.fromkeys(("class", "c", "d_2"), "c"),
        **dict.fromkeys(("order", "o", "d_3"), "o"),
        **dict.fromkeys(("family", "f", "d_4"), "f"),
        **dict.fromkeys(("genus", "g", "d_5"), "g"),
        **dict.fromkeys(("species", "s", "d_6"), "s"),
        **dict.fromkeys(("strain", "t"), "t"),
    }
)
#: Columns of ranks -> prefix of a name that has none.
RANK_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "superkingdom": "sk",
        "domain": "d",
        "kingdom": "k",
        "phylum": "p",
        "class": "c",
        "order": "o",
        "family": "f",
        "genus": "g",
        "species": "s",
    }
)
#: The seven ranks of a lineage without prefixes, from the top.
SEVEN: Final = ("k", "p", "c", "o", "f", "g", "s")
NO_RANK: Final = "no rank"
ROOT: Final = "root"
UNCLASSIFIED: Final = "unclassified"
#: Name that profiles give to reads of no taxon.
UNCLASSIFIED_NAMES: Final = frozenset({"unclassified", "unassigned", "unknown", "unmapped", "-1"})

_PREFIXED: Final = re.compile(r"(sk|[dkpcofgst]|D_[0-6])__(.*)", re.DOTALL)


class Taxon(NamedTuple):
    """The last named taxon of a lineage; ``id`` is the lineage without its empty end."""

    id: str
    name: str
    rank: str


def rank_of(word: str) -> str:
    """Return the letter of a rank, its own word where there is no letter, "no rank" for none.

    >>> rank_of("Species"), rank_of("subspecies"), rank_of("-")
    ('s', 'subspecies', 'no rank')
    """
    word = word.strip().lower().replace("_", " ")
    return RANKS.get(word, NO_RANK if word in {"", "-", "no rank", "na", "clade"} else word)


def taxon_id(taxid: str) -> str:
    """Name a taxon by its number, which is text and holds within one database.

    >>> taxon_id("562")
    'taxid:562'
    """
    return f"taxid:{taxid}"


def lineage_of(parts: Sequence[str]) -> Taxon:
    """Find the last named taxon of a lineage, with prefixes (``s__X``) or in the seven ranks.

    Raises:
        ValueError: No part names a taxon, or there are more parts than ranks.

    >>> lineage_of(["d__Bacteria", "p__Bacillota_A", "c__"])
    Taxon(id='d__Bacteria;p__Bacillota_A', name='Bacillota A', rank='p')
    """
    parts = [part.strip() for part in parts]
    found = [_PREFIXED.fullmatch(part) for part in parts]
    named = [n for n, match in enumerate(found) if (match.group(2) if match else parts[n]).strip()]
    if not named:
        raise ValueError("the lineage names no taxon")
    last = named[-1]
    match = found[last]
    identifier = ";".join(parts[: last + 1])
    if match:
        return Taxon(identifier, match.group(2).replace("_", " "), rank_of(match.group(1)))
    if any(found) or last >= len(SEVEN) + 1:
        raise ValueError("the lineage has no ranks that are known")
    return Taxon(identifier, parts[last], (*SEVEN, "t")[last])


class Once:
    """Refuses an id that comes a second time: its values would be counted twice."""

    def __init__(self, what: str = "the taxon") -> None:
        """Start with nothing seen; ``what`` is how a row is called in messages."""
        self._what = what
        self._lines: dict[str, int] = {}

    def take(self, key: str, line: int) -> None:
        """Note an id.

        Raises:
            ValueError: It stood on an earlier line.
        """
        first = self._lines.setdefault(key, line)
        if first != line:
            message = f"{self._what} occurs twice, first on line {first}"
            raise ValueError(message)


def features_of(
    rows: Iterable[tuple[int, Sequence[str]]],
    source: Source,
    parse: Callable[[int, Sequence[str]], Feature | None],
    *,
    name_at: int = 0,
) -> Iterator[Feature | BadRecord]:
    """Parse the rows of a profile; a row that cannot be used is a ``BadRecord``.

    Args:
        rows: Line and cells of each row that is neither header nor comment.
        source: The file, for messages.
        parse: Makes the record of a row, None where it holds none or is kept for later; raises
            ValueError.
        name_at: The cell that names a row in messages.

    Raises:
        FormatError: There were rows, and none could be used: it is another format.
    """
    good = bad = 0
    for line, cells in rows:
        try:
            feature = parse(line, cells)
        except ValueError as error:
            bad += 1
            name = cells[name_at].strip()[:120] if name_at < len(cells) else ""
            yield BadRecord(source.path_name, line, name, str(error))
            continue
        good += 1
        if feature is not None:
            yield feature
    if bad and not good:
        hint = "Name another format with --format; `metalumen formats` lists them"
        raise FormatError("no row can be used", path_name=source.path_name, hint=hint)
    if not good:
        source.warnings.append("the table has no rows")


def summed(records: Iterable[Feature | BadRecord], source: Source) -> Iterator[Feature | BadRecord]:
    """Hand records on, and keep the sum of all values as the file's total."""
    source.total = 0.0
    for record in records:
        if isinstance(record, Feature):
            source.total += sum(value for _, value in record.values)
        yield record


def tab_rows(handle: TextIO, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is neither blank nor a comment."""
    for line, text in enumerate(handle, first_line):
        if text.strip() and not text.startswith("#"):
            yield line, text.rstrip("\n").split("\t")


def refuse_width(cells: Sequence[str], width: int) -> None:
    """Raise when a row has more or fewer fields than the header.

    Raises:
        ValueError: It has.
    """
    if len(cells) != width:
        message = f"{len(cells)} fields where the header has {width}"
        raise ValueError(message)


def near(first: float, second: float, tolerance: float) -> bool:
    """Tell whether two sums are equal but for rounding; ``tolerance`` is a share of the larger."""
    return abs(first - second) <= tolerance * max(abs(first), abs(second), 1e-12)
