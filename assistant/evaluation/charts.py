"""The two drawings of an evaluation, as SVG and PNG: reliability, and risk against coverage.

The home of Altair and of vl-convert, which draws without a browser.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair

    Split: TypeAlias = Mapping[str, Any]
    Panel: TypeAlias = altair.LayerChart | altair.FacetChart

#: View -> name in the drawings, colour; the colours differ in lightness too.
SERIES: Final = {
    "forced": ("Metalumen, leading candidate", "#0a5f56"),
    "best_hit": ("Best hit, by identity", "#d08a2e"),
}
_LEVELS: Final = {"l4": "EC level 4 (3.2.1.23)", "l3": "EC level 3 (3.2.1.-)"}
_PADDING: Final = {"left": 16, "top": 16, "right": 16, "bottom": 16}  # pixels
_SIDE: Final = 260  # pixels of a panel's side
_MOST_POINTS: Final = 400  # of one curve: more cannot be told apart
_FIRST_PROTEINS: Final = 10  # a share of fewer says nothing
_SCALE: Final = 2.0  # pixels of the PNG for each of the drawing
_INK, _QUIET, _LINE = "#1c272c", "#53626a", "#d9dfdd"
_Z: Final = 1.96  # of a 95 % interval


def reliability_chart(split: Split) -> altair.TopLevelMixin:
    """Draw the share right against the stated probability, at EC levels 4 and 3."""
    import altair as alt

    bins = [
        one for view in SERIES for level in _LEVELS for one in split["reliability"][view][level]
    ]
    most = max((one["n"] for one in bins), default=1)
    panels = [_reliability_panel(split, level, most) for level in _LEVELS]
    return finished(
        alt.hconcat(*panels, spacing=34),
        "Does a probability mean what it says?",
        "On the dashed line it does; below it, answers are surer than right. "
        "Bars: 95 % interval of the share.",
    )


def risk_coverage_chart(splits: Mapping[str, Split]) -> altair.TopLevelMixin:
    """Draw the share wrong against the share answered, surest first, for each split."""
    import altair as alt

    judged = {name: split for name, split in splits.items() if "figures" in split}
    risks = [row[1] for it in judged.values() for view in SERIES for row in _thinned(it, view)]
    top = min(1.0, math.ceil(10 * max(risks, default=0.0) + 0.01) / 10)
    panels = [_risk_panel(name, split, top) for name, split in judged.items()]
    return finished(
        alt.concat(*panels, columns=2, spacing=34),
        "How often wrong, if only the surest are answered?",
        "Full EC number; lower is better. AURC: area under the curve. "
        "Proteins without any answer count as wrong and come last: the straight end.",
    )


def as_svg(chart: altair.TopLevelMixin) -> str:
    """Draw as SVG text."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def as_png(chart: altair.TopLevelMixin) -> bytes:
    """Draw as PNG bytes."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=_SCALE))


# --- Panels ---------------------------------------------------------------------------------


def _reliability_panel(split: Split, level: str, most: int) -> Panel:
    import altair as alt

    rows = [_bin_row(view, one) for view in SERIES for one in split["reliability"][view][level]]
    base = alt.Chart(alt.InlineData(values=rows))
    x = _axis(alt.X("mean:Q"), "stated probability")
    colour = _colour()
    bars = base.mark_rule(opacity=0.45).encode(x=x, y="low:Q", y2="high:Q", color=colour)
    lines = base.mark_line(strokeWidth=1.5).encode(
        x=x, y=_axis(alt.Y("right:Q"), "share right"), color=colour
    )
    size = alt.Size("n:Q", scale=alt.Scale(domain=[0, most], range=[12, 240]), legend=_sizes(most))
    dots = base.mark_circle(opacity=1).encode(x=x, y="right:Q", size=size, color=colour)
    title = alt.Title(_LEVELS[level], subtitle=_errors(split, level))
    return alt.layer(_diagonal(), bars, lines, dots).properties(
        width=_SIDE, height=_SIDE, title=title
    )


def _risk_panel(name: str, split: Split, top: float) -> Panel:
    import altair as alt

    rows = [
        {"coverage": coverage, "risk": risk, "view": SERIES[view][0], "at": place}
        for view in SERIES
        for place, (coverage, risk, _) in enumerate(_thinned(split, view))
    ]
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2)
        .encode(
            x=_axis(alt.X("coverage:Q"), "share of proteins answered"),
            y=_axis(alt.Y("risk:Q"), "share of them wrong", top),
            order="at:Q",
            color=_colour(),
        )
    )
    heading = "all proteins" if name == "all" else f"split {name}"
    text = f"{heading} ({split['enzymes']:,})"
    title = alt.Title(text, subtitle=_areas(split))
    return alt.layer(lines).properties(width=_SIDE, height=_SIDE * 0.8, title=title)


def _bin_row(view: str, one: Mapping[str, float]) -> dict[str, Any]:
    low, high = wilson(one["share_right"], int(one["n"]))
    return {
        "view": SERIES[view][0],
        "mean": one["mean_probability"],
        "right": one["share_right"],
        "n": one["n"],
        "low": low,
        "high": high,
    }


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score (1927).

    >>> [round(end, 3) for end in wilson(0.5, 10)]
    [0.237, 0.763]
    """
    spread = _Z**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _thinned(split: Split, view: str) -> list[Sequence[float]]:
    """Leave out the first few proteins, and points that lie too close to be seen."""
    least = _FIRST_PROTEINS / max(1, split["enzymes"])
    kept = [point for point in split["risk_coverage"][view]["l4"] if point[0] >= least]
    step = max(1, len(kept) // _MOST_POINTS)
    return [*kept[::step], *kept[-1:]]


def _errors(split: Split, level: str) -> str:
    figures = split["figures"]
    shown = [
        f"{label} {_number(figures[view][f'ece_{level}']['value'])}"
        for view, label in (("forced", "ECE: Metalumen"), ("best_hit", "identity"))
    ]
    return ", ".join(shown)


def _areas(split: Split) -> str:
    figures = split["figures"]
    shown = [
        f"{label} {_number(figures[view]['aurc_l4']['value'])}"
        for view, label in (("forced", "AURC: Metalumen"), ("best_hit", "best hit"))
    ]
    return ", ".join(shown)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _diagonal() -> altair.Chart:
    import altair as alt

    ends = [{"at": 0.0}, {"at": 1.0}]
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(strokeDash=[4, 4], color=_QUIET)
    drawn: altair.Chart = line.encode(x="at:Q", y="at:Q")
    return drawn


def _axis(channel: Any, title: str, top: float = 1.0) -> Any:  # noqa: ANN401 - X or Y, whose types share no base
    import altair as alt

    return channel.scale(alt.Scale(domain=[0, top])).title(title).axis(format=".0%", tickCount=5)


def _sizes(most: int) -> altair.Legend:
    import altair as alt

    step = 10 ** max(0, len(str(most)) - 1)
    shown = sorted({max(1, step // 2), step, most // step * step})
    return alt.Legend(title="proteins", values=shown, symbolFillColor=_QUIET, symbolStrokeWidth=0)


def _colour() -> altair.Color:
    import altair as alt

    names, colours = zip(*SERIES.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    legend = alt.Legend(
        title=None, orient="bottom", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1
    )
    return alt.Color("view:N", scale=scale, legend=legend)


def finished(chart: Any, title: str, subtitle: str) -> altair.TopLevelMixin:  # noqa: ANN401 - any kind of chart
    """Give a drawing its title and the looks that all share."""
    import altair as alt

    heading = alt.Title(title, subtitle=subtitle, anchor="start", fontSize=17, offset=14)
    styled: altair.TopLevelMixin = (
        chart.properties(title=heading, padding=_PADDING, background="#ffffff")
        .configure(font="Liberation Sans, Arial, sans-serif")
        .configure_title(color=_INK, fontSize=13, subtitleColor=_QUIET, subtitleFontSize=11.5)
        .configure_view(stroke=_LINE)
        .configure_axis(
            gridColor="#eef1ef",
            domainColor=_QUIET,
            tickColor=_QUIET,
            labelColor=_QUIET,
            titleColor=_INK,
            titleFontWeight="normal",
            labelFontSize=11,
            titleFontSize=12,
        )
        .configure_legend(labelColor=_INK, titleColor=_QUIET, labelFontSize=12, labelLimit=260)
    )
    return styled
