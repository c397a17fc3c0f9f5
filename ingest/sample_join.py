"""Join the samples of tables with what is known of them, and say what did not match.

Names are compared as they are: two samples are one only if their names are the same. Names that
differ in case, punctuation or a file's suffix are told, never joined. Columns get a type and a
part in the study: who gave the sample, and when.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ingest.tables import sample_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.records import Sample

#: "constant" has one value for all samples, "identifier" another one for each.
ColumnType: TypeAlias = Literal["numeric", "categorical", "date", "identifier", "constant", "empty"]
#: Names that messages show.
_SHOWN: Final = 5
#: What parts the words of a sample's name.
_PUNCTUATION: Final = re.compile(r"[\s._:/|-]+")
#: Names of columns that tell who gave a sample, in words.
_SUBJECT: Final = re.compile(
    r"(?:host[ _.-]?)?(?:subject|patient|participant|individual|donor|animal|mouse)"
    r"(?:[ _.-]?(?:id|no|number|name|code))?|pid",
    re.IGNORECASE,
)
#: Dates as databases and spreadsheets write them; day and month of "2/7/14" cannot be told apart.
_DATES: Final = (
    *("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m"),
    *("%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%Y/%m/%d"),
)
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: Numbers of this few different values may be codes of groups.
_FEW_CODES: Final = 2
#: Share of the values that decides what a column is.
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the metadata; ``missing`` counts samples without a value."""

    name: str
    type: ColumnType
    missing: int
    values: int
    is_subject: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampleJoin:
    """Which samples of tables have metadata.

    ``matched`` keeps the order of the tables. ``near`` pairs a name without metadata with one
    without a table that is spelled almost the same. ``repeated`` are subjects with several of the
    matched samples, by the first column that names subjects.
    """

    matched: tuple[str, ...]
    without_metadata: tuple[str, ...]
    without_table: tuple[str, ...]
    near: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    repeated: Mapping[str, int]

    @property
    def subject_column(self) -> str:
        """The first column that names subjects, "" where there is none."""
        return next((column.name for column in self.columns if column.is_subject), "")

    def report(self) -> list[str]:
        """Say what did not match, in lines for the user; empty where all did."""
        lines = []
        if self.without_metadata:
            lines.append(f"samples without metadata: {_listed(self.without_metadata)}")
        if self.without_table and self.matched:
            lines.append(f"metadata of samples in no table: {_listed(self.without_table)}")
        if (self.without_table or self.without_metadata) and not self.matched:
            lines.append("no sample of the metadata is in a table")
        if self.near:
            pairs = [f"{first} and {second}" for first, second in self.near]
            lines.append(f"names that are almost the same, not joined: {_listed(pairs)}")
        if self.repeated:
            most = max(self.repeated.values())
            lines.append(
                f"subjects with several samples (column {self.subject_column}): "
                f"{len(self.repeated)}, at most {most} each"
            )
        return lines


def join_samples(samples: Iterable[Sample], table_samples: Iterable[str]) -> SampleJoin:
    """Compare the names of samples with metadata with those of tables.

    >>> from ingest.records import Sample
    >>> join = join_samples([Sample("S1"), Sample("s2")], ["S1", "S2", "S3"])
    >>> join.matched, join.without_metadata, join.near
    (('S1',), ('S2', 'S3'), (('S2', 's2'),))
    """
    known = {sample.samp_name: dict(sample.attributes) for sample in samples}
    names = dict.fromkeys(table_samples)
    matched = tuple(name for name in names if name in known)
    missing = tuple(name for name in names if name not in known)
    surplus = tuple(name for name in known if name not in names)
    described = [known[name] for name in matched] or list(known.values())
    columns = tuple(columns_of(described))
    subject = next((column.name for column in columns if column.is_subject), "")
    counts = Counter(known[name].get(subject, "") for name in matched if subject)
    return SampleJoin(
        matched=matched,
        without_metadata=missing,
        without_table=surplus,
        near=_near(missing, surplus),
        columns=columns,
        repeated={name: count for name, count in sorted(counts.items()) if name and count > 1},
    )


def columns_of(attributes: Sequence[Mapping[str, str]]) -> list[Column]:
    """Find the type of each column from its values, in the order in which columns first occur."""
    names = dict.fromkeys(name for sample in attributes for name in sample)
    columns = []
    for name in names:
        values = [text for sample in attributes if (text := sample.get(name, "").strip())]
        kind, note = _type_of(values)
        columns.append(
            Column(
                name=name,
                type=kind,
                missing=len(attributes) - len(values),
                values=len(set(values)),
                is_subject=_SUBJECT.fullmatch(name) is not None and kind != "empty",
                note=note,
            )
        )
    return columns


def _type_of(values: Sequence[str]) -> tuple[ColumnType, str]:
    """Type of a column, and what is to be known of it."""
    different = set(values)
    if len(different) < 2:
        return ("constant", "") if different else ("empty", "")
    if all(_NUMBER.fullmatch(value) and math.isfinite(float(value)) for value in different):
        is_coded = len(different) <= _FEW_CODES and all(float(it).is_integer() for it in different)
        return "numeric", "two whole numbers: perhaps codes of groups" if is_coded else ""
    if all(parse_date(value) is not None for value in different):
        return "date", ""
    if all(_SLASHED.fullmatch(value) for value in different):
        return "date", "" if _day_first(different) is not None else "day or month first: not told"
    if len(different) == len(values):
        return "identifier", ""
    twice = sum(count == 2 for count in Counter(values).values())
    return "categorical", "its values come in pairs" if twice > _MOST * len(different) else ""


def parse_date(text: str) -> date | None:
    """Read a date that can be read in one way only; None for others.

    >>> parse_date("2014-07-02"), parse_date("02/07/14")
    (datetime.date(2014, 7, 2), None)
    """
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def _day_first(texts: Iterable[str]) -> bool | None:
    """Tell whether the day stands first in dates with slashes; None where nothing shows it."""
    parts = [match.groups() for text in texts if (match := _SLASHED.fullmatch(text))]
    if any(int(first) > 12 for first, _, _ in parts):
        return True
    return False if any(int(second) > 12 for _, second, _ in parts) else None


def _near(missing: Sequence[str], surplus: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pair names that differ in spelling only; a spelling that several share is left out."""
    spelled: dict[str, list[str]] = {}
    for name in surplus:
        spelled.setdefault(_spelling(name), []).append(name)
    found = [(name, spelled.get(_spelling(name), [])) for name in missing]
    return tuple((name, others[0]) for name, others in found if len(others) == 1)


def _spelling(name: str) -> str:
    return _PUNCTUATION.sub("_", sample_of_file(name)).strip("_").casefold()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    rest = len(names) - _SHOWN
    return f"{len(names)} ({shown}{f' and {rest} more' if rest > 0 else ''})"
