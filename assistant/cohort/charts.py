"""The drawings of a cohort: ordination, effects, diversity, models, courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from assistant.cohort.tables import groups_of
from assistant.evaluation.charts import finished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair

    from retrieval.cohort.analysis import CohortResult
    from retrieval.cohort.differential import Difference

#: Colours that differ in lightness too (Okabe & Ito 2008, without yellow).
_COLOURS: Final = ("#0a5f56", "#d08a2e", "#0072b2", "#b5446e", "#7a7a7a", "#56b4e9", "#8c564b")
_SIDE: Final = 340  # pixels
_MOST_EFFECTS: Final = 24
_MOST_SUBJECTS: Final = 60
_MOST_LEVELS: Final = len(_COLOURS)
_LABEL_PIXELS: Final = 460


def drawings(result: CohortResult) -> Mapping[str, altair.TopLevelMixin]:
    """Make the drawings that there is something to draw for, by name."""
    made = {
        "ordination": _ordination(result),
        "effects": _effects(result),
        "diversity": _diversity(result),
        "models": _models(result),
        "over_time": _courses(result),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def _ordination(result: CohortResult) -> altair.TopLevelMixin:
    import altair as alt

    rows = [
        {"x": float(point[0]), "y": float(point[1]), "group": group, "sample": sample}
        for point, group, sample in zip(
            result.points, groups_of(result), result.table.samples, strict=True
        )
    ]
    first, second = (f"{100 * share:.1f} %" for share in result.explained)
    drawn = (
        alt.Chart(alt.InlineData(values=_numbers(rows, result)))
        .mark_circle(size=36, opacity=0.75)
        .encode(
            x=alt.X("x:Q", title=f"axis 1 ({first})"),
            y=alt.Y("y:Q", title=f"axis 2 ({second})"),
            color=_colour(result),
            tooltip=["sample:N", "group:N"],
        )
        .properties(width=_SIDE * 1.3, height=_SIDE)
    )
    tests = "; ".join(
        f"{it.metric.replace('_', '-')}: R² {it.r2:.3f}, p {it.p:.2g}" for it in result.permanova
    )
    return finished(drawn, "Samples by composition", tests or "Principal coordinates")


def _effects(result: CohortResult) -> altair.TopLevelMixin | None:
    import altair as alt

    rows = result.comparison.rows[:_MOST_EFFECTS]
    several = len(result.design.contrasts) > 1
    values = [
        {
            "feature": _label(row, several=several),
            "at": place, "effect": row.effect, "low": row.low, "high": row.high,
            "told": _judged(row.status),
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    if not values:
        return None
    base = alt.Chart(alt.InlineData(values=values))
    labels = alt.Axis(labelLimit=_LABEL_PIXELS)
    y = alt.Y("feature:N", sort=alt.SortField("at"), title=None, axis=labels)
    domain = ["finding", "significant, but no finding", "not significant"]
    colour = alt.Color(
        "told:N",
        scale=alt.Scale(domain=domain, range=["#0a5f56", "#d08a2e", "#a9b3af"]),
        legend=alt.Legend(title=None, orient="bottom"),
    )
    bars = base.mark_rule(strokeWidth=2).encode(y=y, x="low:Q", x2="high:Q", color=colour)
    dots = base.mark_circle(size=60, opacity=1).encode(
        y=y, x=alt.X("effect:Q", title=rows[0].effect_unit), color=colour
    )
    origin = alt.Chart(alt.InlineData(values=[{"at": 0}]))
    zero = origin.mark_rule(strokeDash=[4, 4]).encode(x="at:Q")
    drawn = alt.layer(zero, bars, dots).properties(width=_SIDE, height=17 * len(values) + 20)
    text = "95 % intervals; by q-value"
    if several:
        text += f"; each against {_short(result.design.levels[0])}"
    return finished(drawn, "Largest evidence of a difference", text)


def _label(row: Difference, *, several: bool) -> str:
    """Name a feature, and the group that it is compared in; the ends of long names are kept."""
    name = _short(row.name)
    return f"{name} · {_short(row.contrast.partition(' vs ')[0], 24)}" if several else name


def _short(text: str, most: int = 44) -> str:
    """Cut the middle out of a long name: taxa differ at their ends.

    >>> _short("k__Bacteria|p__Firmicutes|g__Blautia", 21)
    'k__Bacteri…g__Blautia'
    """
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[: most - 1 - half]}…{text[-half:]}"


def _judged(status: str) -> str:
    if not status:
        return "finding"
    return status if status == "not significant" else "significant, but no finding"


def _diversity(result: CohortResult) -> altair.TopLevelMixin | None:
    import altair as alt

    if result.design.scale is not None or not result.alpha:
        return None
    panels = []
    for one in result.alpha[:4]:
        values = [
            {"group": group, "value": float(value)}
            for group, value in zip(groups_of(result), one.values, strict=True)
            if value == value  # noqa: PLR0124 - drops what is not a number
        ]
        panels.append(
            alt.Chart(alt.InlineData(values=values))
            .mark_boxplot(size=22)
            .encode(
                x=alt.X("group:N", title=None, sort=list(result.design.levels)),
                y=alt.Y("value:Q", title=one.index, scale=alt.Scale(zero=False)),
                color=_colour(result, legend=False),
            )
            .properties(width=40 * len(result.design.levels) + 30, height=_SIDE * 0.6)
        )
    return finished(alt.hconcat(*panels, spacing=24), "Diversity within samples", "")


def _models(result: CohortResult) -> altair.TopLevelMixin | None:
    import altair as alt

    found = [*result.models.results, *result.models.from_metadata]
    rest = len(result.models.results)
    values = [
        {
            "model": it.learner if at < rest else "metadata alone",
            "outcome": it.outcome, "value": it.value, "low": it.low, "high": it.high,
        }
        for at, it in enumerate(found)
    ]  # fmt: skip
    if not values:
        return None
    metric = found[0].metric
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("model:N", title=None, sort=None, axis=alt.Axis(labelLimit=_LABEL_PIXELS))
    bars = base.mark_rule(strokeWidth=2, color=_COLOURS[0]).encode(y=y, x="low:Q", x2="high:Q")
    dots = base.mark_circle(size=70, opacity=1, color=_COLOURS[0]).encode(
        y=y, x=alt.X("value:Q", title=metric)
    )
    header = alt.Header(labelAngle=0, labelAlign="left")
    chance = 0.5 if metric == "AUC" else 0.0
    line = base.mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(chance))
    drawn = (
        alt.layer(line, bars, dots)
        .properties(width=_SIDE, height=24 * min(len(values), 4))
        .facet(row=alt.Row("outcome:N", title=None, header=header))
    )
    text = "Unseen samples, by subject; 95 % by bootstrap; dashed: chance"
    return finished(drawn, "How well profiles predict", text)


def _courses(result: CohortResult) -> altair.TopLevelMixin | None:
    import altair as alt

    courses = result.over_time.courses
    kinds = sorted({it.kind for it in courses})
    panels = []
    for kind in kinds:
        shown = sorted({it.subject for it in courses if it.kind == kind})[:_MOST_SUBJECTS]
        values = [
            {"time": it.time, "distance": it.distance, "subject": it.subject, "group": it.group}
            for it in courses
            if it.kind == kind and it.subject in set(shown)
        ]
        panels.append(
            alt.Chart(alt.InlineData(values=_numbers(values, result)))
            .mark_line(opacity=0.55, strokeWidth=1.2, point=alt.OverlayMarkDef(size=12))
            .encode(
                x=alt.X("time:Q", title=result.question.time),
                y=alt.Y("distance:Q", title=f"distance {kind}", scale=alt.Scale(zero=False)),
                color=_colour(result),
                detail="subject:N",
            )
            .properties(width=_SIDE, height=_SIDE * 0.7)
        )
    if not panels:
        return None
    return finished(alt.hconcat(*panels, spacing=30), "Each subject over time", "")


def _numbers(rows: Sequence[dict[str, Any]], result: CohortResult) -> list[dict[str, Any]]:
    """Give an outcome on a scale as numbers, so that its colours are in order."""
    if result.design.scale is None:
        return list(rows)
    return [row | {"group": float(row["group"])} for row in rows if row["group"]]


def _colour(result: CohortResult, *, legend: bool = True) -> altair.Color:
    import altair as alt

    title = result.design.column
    if result.design.scale is not None:
        return alt.Color("group:Q", scale=alt.Scale(scheme="viridis"), title=title)
    levels = list(result.design.levels)
    colours = [_COLOURS[at % _MOST_LEVELS] for at in range(len(levels))]
    scale = alt.Scale(domain=levels, range=colours)
    key = alt.Legend(title=title, orient="bottom") if legend else None
    return alt.Color("group:N", scale=scale, legend=key)
