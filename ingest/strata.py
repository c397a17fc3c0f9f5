"""HUMAnN's conventions: rows "family: name|taxon", special rows, units in sample names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.readers.base import Source

RPK: Final = "RPK"
COVERAGE: Final = "coverage"
#: Between an accession and its name; Tax4Fun has a semicolon.
_NAMED: Final = re.compile(r": |(?<=^K\d{5}); ")
_SUFFIX: Final = re.compile(r"_(Abundance|Coverage)(?:-(RPKs?|CPM|RELAB|COPM))?$", re.IGNORECASE)
#: What the header says -> the unit.
UNITS: Final = {
    "rpk": RPK,
    "rpks": RPK,
    "cpm": "CPM",
    "copm": "CPM",
    "relab": "relab",
    "coverage": COVERAGE,
    "adjusted cpms": "CPM",
}


class Label(NamedTuple):
    """The first cell of a row: ``PWY-1: a pathway|g__X.s__Y`` in its parts."""

    id: str
    name: str
    stratum: str


def label_of(text: str) -> Label:
    """Part the first cell of a row.

    >>> label_of("K00001: alcohol dehydrogenase|unclassified")
    Label(id='K00001', name='alcohol dehydrogenase', stratum='unclassified')
    """
    named, _, stratum = text.strip().partition("|")
    feature_id, *name = _NAMED.split(named, maxsplit=1)
    return Label(feature_id.strip(), "".join(name).strip(), stratum.strip())


def sample_of(column: str) -> str:
    """Cut the quantity from a column's name: only then tables of one sample join."""
    return _SUFFIX.sub("", column)


def unit_of_columns(columns: Sequence[str], source: Source, *others: str) -> str:
    """Find the unit in the suffixes of columns ("_Abundance-CPM"); "" where there is none.

    Args:
        columns: Names of columns as the file has them.
        source: The file, for messages.
        others: Units that the file states elsewhere.

    Raises:
        FormatError: There are columns of different units.
    """
    named = {_unit_of(column) for column in columns}
    found = {*named, *others} - {""}
    is_mixed = COVERAGE in named and any(_is_abundance(column) for column in columns)
    if is_mixed:
        found |= {"abundance"}
    if len(found) > 1:
        what = f"columns of different units: {', '.join(sorted(found))}"
        hint = "Split the table by unit"
        raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
    return found.pop() if found else ""


def _is_abundance(column: str) -> bool:
    match = _SUFFIX.search(column)
    return match is not None and match.group(1).lower() == "abundance"


def _unit_of(column: str) -> str:
    match = _SUFFIX.search(column)
    return UNITS.get((match.group(2) or match.group(1)).lower(), "") if match else ""
