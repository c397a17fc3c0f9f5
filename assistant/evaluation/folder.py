"""The folder that an evaluation is written to.

metrics.json       everything, machine-readable
predictions.tsv    one row a protein: truth, best hit, our candidates with probabilities
reliability.svg, reliability.png, risk_coverage.svg, risk_coverage.png
index.html         tables and drawings on one page, without a script
"""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from assistant.atomic import replacing, write_text
from assistant.evaluation.charts import as_png, as_svg, reliability_chart, risk_coverage_chart
from assistant.evaluation.document import ALL
from assistant.evaluation.wording import (
    CALIBRATION_ROWS,
    COLUMNS,
    EC_ROWS,
    NOTES,
    share_text,
    table_rows,
)
from assistant.report.cells import number, one_line
from assistant.report.html import style_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Template

    from assistant.evaluation.answers import Prediction
    from assistant.evaluation.document import Evaluation

METRICS: Final = "metrics.json"
PREDICTIONS: Final = "predictions.tsv"
PAGE: Final = "index.html"

PREDICTION_COLUMNS: Final = (
    "accession", "split", "true_ec", "best_hit_ec", "best_hit_reference", "best_hit_pident",
    "forced_ec", "forced_probability", "reported_ec", "reported_probability", "tier",
    "candidates_ec", "candidates_probability", "true_go", "true_ko",
)  # fmt: skip


def write_folder(folder: Path, evaluation: Evaluation) -> None:
    """Write all files; a file that is there already is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(evaluation.document, ensure_ascii=False, indent=1, allow_nan=False)
    write_text(folder / METRICS, f"{text}\n")
    rows = (prediction_row(one) for one in evaluation.predictions)
    lines = ["\t".join(PREDICTION_COLUMNS), *("\t".join(map(one_line, row)) for row in rows)]
    write_text(folder / PREDICTIONS, "\n".join(lines) + "\n")
    drawings = _draw(folder, evaluation.document["splits"])
    write_text(folder / PAGE, page(evaluation.document, drawings))


def prediction_row(one: Prediction) -> tuple[str, ...]:
    """Make the row of one protein; lists are parted by ``;`` and go side by side."""
    forced, reported = one.views["forced"], one.views["reported"]
    full = [it.ec_levels[-1] for it in one.candidates if it.ec_levels]
    truth = ";".join(one.known.ec_numbers) or ("none" if one.known.is_enzyme is False else "")
    return (
        one.known.accession,
        one.known.split,
        truth,
        ";".join(one.views["best_hit"].ec_numbers),
        one.hit.reference if one.hit else "",
        number(one.hit.metrics.pident) if one.hit else "",
        ";".join(forced.ec_numbers),
        ";".join(map(number, forced.scores)),
        ";".join(reported.ec_numbers),
        ";".join(map(number, reported.scores)),
        one.tier,
        ";".join(it.ec_number for it in full),
        ";".join(number(it.probability) for it in full),
        ";".join(one.known.go_terms),
        ";".join(one.known.ko),
    )


def page(document: Mapping[str, Any], drawings: Mapping[str, str]) -> str:
    """Write the page; all text is escaped by the template engine.

    Args:
        document: The evaluation.
        drawings: SVG text by name.
    """
    images = {
        name: base64.b64encode(svg.encode()).decode("ascii") for name, svg in drawings.items()
    }
    return _template().render(
        document=document,
        columns=COLUMNS,
        ec_rows=table_rows(document, EC_ROWS),
        calibration_rows=table_rows(document, CALIBRATION_ROWS),
        notes=NOTES,
        images=images,
        style=style_sheet(),
    )


def _draw(folder: Path, splits: Mapping[str, Any]) -> dict[str, str]:
    """Write the drawings; return the SVGs by name, none when no EC number was judged."""
    if "figures" not in splits[ALL]:
        return {}
    charts = {
        "reliability": reliability_chart(splits[ALL]),
        "risk_coverage": risk_coverage_chart(splits),
    }
    drawn = {name: as_svg(chart) for name, chart in charts.items()}
    for name, svg in drawn.items():
        write_text(folder / f"{name}.svg", svg)
        with replacing(folder / f"{name}.png") as handle:
            handle.write(as_png(charts[name]))
    return drawn


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("assistant", "evaluation/templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["share"] = share_text
    return environment.get_template("evaluation.html.j2")
