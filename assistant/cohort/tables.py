"""The tables of a cohort analysis: a file name, its columns, its rows."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from assistant.report.cells import number, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.cohort.analysis import CohortResult
    from retrieval.cohort.models import ModelResult

#: Significant digits of numbers in tables.
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class TsvTable:
    """One table: every row has a cell per column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def text(self) -> str:
        """Write it as tab-separated lines with a header."""
        lines = ["\t".join(self.columns)]
        lines += ["\t".join(_cell(value) for value in row) for row in self.rows]
        return "\n".join(lines) + "\n"


def without(table: TsvTable, hidden: Sequence[str]) -> TsvTable:
    """Leave out columns of a table: a page has less room than a file."""
    kept = [at for at, name in enumerate(table.columns) if name not in hidden]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return TsvTable(table.name, tuple(table.columns[at] for at in kept), rows)


def tables_of(result: CohortResult) -> list[TsvTable]:
    """Make all tables; those without rows are left out, the differences never are."""
    over_time = result.over_time
    tables = [
        _of_records("confounders.tsv", result.comparison.confounders),
        _alpha(result),
        _of_records("alpha_tests.tsv", result.alpha_tests),
        _of_records("beta_diversity.tsv", result.permanova),
        _ordination(result),
        _of_records("trends.tsv", over_time.trends),
        _of_records("distances_over_time.tsv", over_time.courses),
        _of_records("time_to_return.tsv", over_time.returns),
        _models("models.tsv", result.models.results),
        _models("models_from_metadata.tsv", result.models.from_metadata),
        _subgroups(result),
        _predictions(result),
        _of_records("associations.tsv", result.associations.rows if result.associations else ()),
        _of_records("clinical_associations.tsv", result.clinical.rows if result.clinical else ()),
        _of_records("co_abundant.tsv", result.neighbours),
        _of_records("similar_samples.tsv", result.similar),
        _of_records("blocked_columns.tsv", result.blocked),
    ]
    if result.metabolites is not None:
        tables.insert(0, _differences("metabolite_differences.tsv", result.metabolites.rows))
    first = _differences("differences.tsv", result.comparison.rows)
    return [first, *(table for table in tables if table.rows)]


def _differences(name: str, rows: Iterable[Any]) -> TsvTable:
    made = _of_records(name, rows)
    extra = tuple((*row, it.is_finding) for row, it in zip(made.rows, rows, strict=True))
    return TsvTable(name, (*made.columns, "is_finding"), extra)


def _of_records(name: str, rows: Iterable[Any]) -> TsvTable:
    """Make a table of dataclasses: its columns are their fields."""
    records = list(rows)
    if not records:
        return TsvTable(name, (), ())
    columns = tuple(field.name for field in fields(records[0]))
    return TsvTable(name, columns, tuple(astuple(it) for it in records))


def _alpha(result: CohortResult) -> TsvTable:
    columns = ("sample", *(it.index for it in result.alpha))
    rows = tuple(
        (sample, *(float(it.values[at]) for it in result.alpha))
        for at, sample in enumerate(result.table.samples)
    )
    return TsvTable("alpha_diversity.tsv", columns, rows if result.alpha else ())


def _ordination(result: CohortResult) -> TsvTable:
    rows = tuple(
        (sample, level, float(result.points[at, 0]), float(result.points[at, 1]))
        for at, (sample, level) in enumerate(
            zip(result.table.samples, groups_of(result), strict=True)
        )
    )
    return TsvTable("ordination.tsv", ("sample", "group", "axis_1", "axis_2"), rows)


def groups_of(result: CohortResult) -> Sequence[str]:
    """Return the group of each sample as text."""
    return result.design.metadata.column(result.design.column)


_MODEL_COLUMNS: Final = (
    *("outcome", "learner", "metric", "value", "low", "high", "p", "baseline", "n", "subjects"),
    *("folds", "features", "half_width", "covered", "is_better_than_chance", "top_features"),
)


def _models(name: str, results: Iterable[ModelResult]) -> TsvTable:
    rows = tuple(
        (*(getattr(one, column) for column in _MODEL_COLUMNS[:-1]),
         tuple(dict.fromkeys(feature for feature, _ in one.top_features)))
        for one in results
    )  # fmt: skip
    return TsvTable(name, _MODEL_COLUMNS, rows)


def _subgroups(result: CohortResult) -> TsvTable:
    columns = ("outcome", "learner", "column", "level", "n", "value", "low", "high", "differs")
    rows = tuple(
        (one.outcome, one.learner, *astuple(part))
        for one in result.models.results
        for part in one.subgroups
    )
    return TsvTable("model_subgroups.tsv", columns, rows)


def _predictions(result: CohortResult) -> TsvTable:
    rows = tuple(
        (one.outcome, one.learner, sample, value)
        for one in result.models.results
        for sample, value in one.predictions
    )
    return TsvTable("predictions.tsv", ("outcome", "learner", "sample", "predicted"), rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value, _DIGITS)
    if isinstance(value, (tuple, list)):
        return ";".join(_cell(it) for it in value)
    return one_line(str(value))
