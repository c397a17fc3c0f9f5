"""What is known of the samples of a table: columns of text, read as numbers where all are."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ingest.records import Sample
    from retrieval.cohort.table import Bools, Floats, Indices

#: What tables write for a value that is not known.
MISSING: Final = frozenset(
    {
        *("", "na", "n/a", "nan", "null", "none given", "-", "missing", "not applicable"),
        *("not collected", "not provided", "restricted access", "unspecified", "unknown"),
        *("n.a.", "#n/a", "<na>", ".", "..", "?", "not reported", "not available", "not known"),
        *("not recorded", "not determined", "nd", "n.d.", "n/d", "no data", "no_data", "unk"),
        *(
            "not specified",
            "undefined",
            "labcontrol test",
            "lab control test",
            "--",
            "-99",
            "-999",
            "-9999",
        ),
    }
)
_MISSING_PREFIX: Final = re.compile(
    r"(?:missing|not applicable|not collected|not provided|restricted access) *:", re.IGNORECASE
)
#: Words of columns whose numbers name things and measure nothing.
ID_WORDS: Final = frozenset(
    {"id", "ids", "num", "number", "sample", "subject", "studyid", "barcode", "run", "index"}
)
_CONDITION: Final = re.compile(r"\s*(?P<column>.+?)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>.*)")
_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Columns of text beside samples; "" is a missing value.

    ``unmatched`` names samples of the metadata that are not in the table, ``undescribed`` those of
    the table that have no metadata and are left out.
    """

    samples: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    unmatched: tuple[str, ...] = ()
    undescribed: tuple[str, ...] = ()

    def column(self, name: str) -> tuple[str, ...]:
        """Return a column as text.

        Raises:
            UserError: There is none of that name.
        """
        if name not in self.columns:
            known = ", ".join(sorted(self.columns)[:20])
            what = f"the metadata have no column {name!r}"
            raise UserError(what, where="cohort", hint=f"Columns: {known}")
        return self.columns[name]

    def present(self, name: str) -> Bools:
        """Tell which samples have a value."""
        return np.array([value != "" for value in self.column(name)], dtype=bool)

    def numbers(self, name: str) -> Floats:
        """Return a column as numbers, NaN where there is none.

        Raises:
            UserError: It holds something else.
        """
        values = [number_of(value) for value in self.column(name)]
        for text, value in zip(self.column(name), values, strict=True):
            if text and value is None:
                what = f"column {name!r} holds {text!r}, which is no number"
                raise UserError(what, where="cohort")
        return np.array([math.nan if value is None else value for value in values])

    def is_numeric(self, name: str) -> bool:
        """Whether every value is a number, and there is one."""
        known = [value for value in self.column(name) if value]
        return bool(known) and all(number_of(value) is not None for value in known)

    def take(self, kept: Sequence[int] | Indices | Bools) -> Metadata:
        """Return the metadata of some samples, by mask or by positions."""
        rows = np.flatnonzero(kept) if np.asarray(kept).dtype == bool else np.asarray(kept)
        places = [int(row) for row in rows.tolist()]
        return Metadata(
            samples=tuple(self.samples[row] for row in places),
            columns={
                name: tuple(values[row] for row in places) for name, values in self.columns.items()
            },
            unmatched=self.unmatched,
            undescribed=self.undescribed,
        )


def per_unit(metadata: Metadata, units: Sequence[Sequence[int]]) -> Metadata:
    """Make one row of several samples: means of numbers, texts where all samples agree.

    The row is named by the first sample of its unit.
    """
    columns = {}
    for name, values in metadata.columns.items():
        numeric = metadata.is_numeric(name)
        columns[name] = tuple(
            _united([values[at] for at in unit], numeric=numeric) for unit in units
        )
    names = tuple(metadata.samples[unit[0]] for unit in units)
    return Metadata(names, columns, metadata.unmatched, metadata.undescribed)


def _united(values: Sequence[str], *, numeric: bool) -> str:
    known = [value for value in values if value]
    if len(set(known)) <= 1:
        return known[0] if known else ""
    if not numeric:
        return ""
    numbers = [number for value in known if (number := number_of(value)) is not None]
    return repr(math.fsum(numbers) / len(numbers))


def number_of(text: str) -> float | None:
    """Read a number; None for anything else, infinities and decimal commas included.

    >>> number_of("1e-3"), number_of("1,5"), number_of("inf")
    (0.001, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def joined(samples: Sequence[Sample], table_samples: Sequence[str]) -> Metadata:
    """Join metadata to the samples of a table by name, in the table's order.

    Raises:
        UserError: No name of the metadata is in the table.
    """
    known = {sample.samp_name: dict(sample.attributes) for sample in samples}
    shared = [name for name in table_samples if name in known]
    if not shared:
        shown = f"{', '.join(list(known)[:3])} ... against {', '.join(list(table_samples)[:3])} ..."
        what = f"no sample of the metadata is in the table: {shown}"
        raise UserError(what, where="cohort", hint="Sample names must be the same in both")
    names = dict.fromkeys(name for sample in shared for name in known[sample])
    columns = {
        name: tuple(_cleaned(known[sample].get(name, "")) for sample in shared) for name in names
    }
    inside = set(table_samples)
    return Metadata(
        samples=tuple(shared),
        columns=columns,
        unmatched=tuple(name for name in known if name not in inside),
        undescribed=tuple(name for name in table_samples if name not in known),
    )


def is_missing(text: str) -> bool:
    """Tell what stands for a value that is not known.

    >>> is_missing("Missing: not collected"), is_missing("LabControl test"), is_missing("none")
    (True, True, False)
    """
    return text.strip().lower() in MISSING or _MISSING_PREFIX.match(text.strip()) is not None


def _cleaned(value: str) -> str:
    text = " ".join(value.split())
    return "" if is_missing(text) else text


def selected(metadata: Metadata, conditions: Sequence[str]) -> Metadata:
    """Keep the samples for which all conditions hold: ``month<=3``, ``mom_child=C``, ``sex!=M``.

    Raises:
        UserError: A condition cannot be read, or no sample is left.
    """
    for condition in conditions:
        match = _CONDITION.fullmatch(condition)
        if match is None:
            what = f"the condition {condition!r} cannot be read"
            raise UserError(what, where="--where", hint="Write COLUMN=VALUE or COLUMN<=NUMBER")
        metadata = metadata.take(_holds(metadata, match["column"], match["sign"], match["value"]))
        if not metadata.samples:
            raise UserError(f"no sample has {condition}", where="--where")
    return metadata


def _holds(metadata: Metadata, column: str, sign: str, value: str) -> Bools:
    texts = metadata.column(column)
    if sign in {"=", "!="}:
        return np.array([(text == value.strip()) == (sign == "=") for text in texts])
    limit = number_of(value.strip())
    if limit is None:
        raise UserError(f"{value!r} is no number", where=f"--where {column}{sign}{value}")
    compare = _COMPARE[sign]
    return np.array([not math.isnan(it) and compare(it, limit) for it in metadata.numbers(column)])
