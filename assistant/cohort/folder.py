"""The folder that a cohort analysis is written to.

differences.tsv    one row per feature and contrast: effect, interval, q, and why it is no finding
*.tsv              the other tables, each with a header
summaries.jsonl    one text per feature and sample, to be added to a knowledge base
cohort.json        what was asked, counts, warnings
*.svg, *.png       drawings
index.html         all of it on one page, without a script
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from assistant.atomic import replacing, write_text
from assistant.cohort.charts import drawings
from assistant.cohort.tables import tables_of, without
from assistant.evaluation.charts import as_png, as_svg
from assistant.report.cells import number
from assistant.report.html import style_sheet
from retrieval.cohort.summaries import model_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jinja2 import Template

    from retrieval.cohort.analysis import CohortResult
    from retrieval.cohort.differential import Comparison

PAGE: Final = "index.html"
DOCUMENT: Final = "cohort.json"
SUMMARIES: Final = "summaries.jsonl"
#: First field of every line of the summaries' file; the reader knows the file by it.
SUMMARY_FORMAT: Final = "metalumen_cohort_summary"
_SHOWN: Final = 60  # rows of a table on the page; files hold all


def write_folder(
    folder: Path, result: CohortResult, told: Callable[[str], None] | None = None
) -> list[str]:
    """Write all files and return their names; a file that is there already is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    tell = told or (lambda _: None)
    names = []
    for table in tables_of(result):
        write_text(folder / table.name, table.text)
        names.append(table.name)
    write_text(folder / SUMMARIES, summaries_text(result))
    tell("drawing")
    images = _draw(folder, result)
    names += [SUMMARIES, *(f"{name}.svg" for name in images)]
    document = document_of(result)
    write_text(folder / DOCUMENT, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    write_text(folder / PAGE, page(result, images))
    return [*names, DOCUMENT, PAGE]


def summaries_text(result: CohortResult) -> str:
    """Write the summaries, one JSON object a line."""
    lines = []
    for one in result.summaries:
        content = {"format": SUMMARY_FORMAT, "version": 1, **asdict(one)}
        del content["provenance"]
        lines.append(json.dumps(content, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def document_of(result: CohortResult) -> dict[str, Any]:
    """Say in one document what was asked and found: what ``--json`` prints."""
    table, design = result.table, result.design
    content: dict[str, Any] = {
        "schema_version": "1",
        "question": asdict(result.question),
        "source": table.source,
        "sources": list(table.sources),
        "unit": table.unit,
        "kind": table.kind,
        "samples": len(table.samples),
        "subjects": len(set(design.subject.tolist())) if design.subject is not None else None,
        "features": len(table.features),
        "levels": {it: int((design.group == at).sum()) for at, it in enumerate(design.levels)},
        "contrasts": list(design.contrasts),
        "warnings": list(result.warnings),
        "blocked_columns": [asdict(it) for it in result.blocked],
        "confounders": [asdict(it) for it in result.comparison.confounders],
        "differences": _counted(result.comparison),
        "beta_diversity": [asdict(it) for it in result.permanova],
        "alpha_diversity": [asdict(it) for it in result.alpha_tests],
        "models": [_brief(asdict(it)) for it in result.models.results],
        "models_from_metadata": [_brief(asdict(it)) for it in result.models.from_metadata],
    }  # fmt: skip
    if result.metabolites is not None:
        content["metabolites"] = _counted(result.metabolites)
    for name, pairs in (("associations", result.associations), ("clinical", result.clinical)):
        if pairs is not None:
            content[name] = {"tested": pairs.tested, "significant": pairs.significant, "n": pairs.n}
    if result.question.time:
        content["trends"] = {
            "tested": len(result.over_time.trends),
            "significant": sum(it.q < 0.05 for it in result.over_time.trends),
        }
        content["time_to_return"] = [asdict(it) for it in result.over_time.return_summaries]
    return content


def _counted(comparison: Comparison) -> dict[str, Any]:
    return {
        "tested": comparison.tested,
        "left_out": comparison.left_out,
        "significant": sum(row.q < 0.05 for row in comparison.rows),
        "findings": len(comparison.findings),
        "test": comparison.test,
        "normalisation": comparison.normalisation,
        "top": [
            {
                "feature": row.feature, "name": row.name, "contrast": row.contrast,
                "effect": row.effect, "low": row.low, "high": row.high, "q": row.q,
                "direction": row.direction, "is_finding": row.is_finding, "status": row.status,
            }
            for row in comparison.rows[:20]
        ],
    }  # fmt: skip


def _brief(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "predictions"}


def page(result: CohortResult, images: Mapping[str, str]) -> str:
    """Write the page; all text is escaped by the template engine.

    Args:
        result: The analysis.
        images: SVG text by name.
    """
    encoded = {name: base64.b64encode(svg.encode()).decode("ascii") for name, svg in images.items()}
    tables = {table.name: table for table in tables_of(result)}
    return _template().render(
        result=result,
        document=document_of(result),
        findings=result.comparison.findings[:_SHOWN],
        doubtful=[it for it in result.comparison.rows if it.status and it.q < 0.05][:_SHOWN],
        metabolites=(result.metabolites.findings[:_SHOWN] if result.metabolites else ()),
        model_sentences=[model_sentence(it) for it in result.models.results],
        tables=tables,
        shown=_SHOWN,
        images=encoded,
        style=style_sheet(),
    )


def _draw(folder: Path, result: CohortResult) -> dict[str, str]:
    drawn = {}
    for name, chart in drawings(result).items():
        drawn[name] = as_svg(chart)
        write_text(folder / f"{name}.svg", drawn[name])
        with replacing(folder / f"{name}.png") as handle:
            handle.write(as_png(chart))
    return drawn


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("assistant", "cohort/templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["without"] = without
    environment.filters["number"] = lambda value: number(value, 3)
    return environment.get_template("cohort.html.j2")
