"""HTML that opens from disk, asks nothing of the network and prints well.

One file; ``html_pages`` makes an index with pages of a long report.

All text is escaped by the template engine, styles are inside, there is no script, and a
Content-Security-Policy forbids what escaping might miss. Links go to three public sites only.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO

from assistant.claims import DRAFT_NOTICE
from assistant.report import words
from assistant.report.cells import printable
from assistant.report.view import (
    gene_view,
    percent,
    probability,
    rank_words,
    report_view,
    scientific,
)
from assistant.review.states import REASON_CODES
from assistant.wording import shown_name
from ingest.vocab import ec_level

if TYPE_CHECKING:
    from jinja2 import Environment

    from assistant.claims import AnnotationRecord, Review
    from assistant.report.base import Report


class HtmlExporter:
    """Write the report for reading and printing, one card per gene."""

    name = "html"
    suffix = ".html"

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the page piece by piece, so that a large run is never held as one text."""
        view = report_view(report)
        write_filled(handle, "report.html.j2", report=view, pages=(), places={})


def gene_section(record: AnnotationRecord, history: tuple[Review, ...]) -> str:
    """Write one gene as a part of a page, without the drawings; all text is escaped.

    Args:
        record: The gene with its draft.
        history: All decisions on it, oldest first.
    """
    view = gene_view(record, history[-1] if history else None, history=history)
    notice = {"notice": DRAFT_NOTICE}
    return _environment().get_template("gene.html.j2").render(view=view, report=notice, drawn=False)


def filled(name: str, **values: object) -> str:
    """Fill in a template of this package; all text is escaped."""
    return _environment().get_template(name).render(**values)


def write_filled(handle: BinaryIO, name: str, **values: object) -> None:
    """Fill in a template of this package piece by piece; all text is escaped."""
    for piece in _environment().get_template(name).generate(**values):
        handle.write(piece.encode())


def style_sheet() -> str:
    """Return the styles of the report."""
    return _environment().get_template("style.css").render()


def furnish(environment: Environment) -> Environment:
    """Give templates the words and the number formats that all readable reports share."""
    environment.globals.update(
        STATES=words.STATES,
        TIERS=words.TIERS,
        CALIBRATED=words.CALIBRATED,
        VERDICTS=words.VERDICTS,
        KINDS=words.KINDS,
        CHECKS=words.CHECKS,
        EFFORTS=words.EFFORTS,
        BIOSAFETY=words.BIOSAFETY,
        REASONS=REASON_CODES,
        NOT_SUPPORTED=words.NOT_SUPPORTED,
        OUTDONE=words.OUTDONE,
    )
    environment.filters.update(
        percent=percent,
        probability=probability,
        scientific=scientific,
        rank_words=rank_words,
        shown_name=shown_name,
        ec_level=ec_level,
        eco=words.eco_words,
    )
    return environment


def _finalize(value: object) -> object:
    """Drop characters that do not show from all text; escaping comes after."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return printable(str(value)) if is_text else value


def _compact_source(name: str) -> str | None:
    """Read a template without the indentation of its lines, a twentieth of a long report."""
    path = files("assistant.report") / "templates" / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
    return "".join(line.lstrip(" ") for line in lines) or None


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return furnish(
        Environment(
            loader=FunctionLoader(_compact_source),
            autoescape=True,
            finalize=_finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )
