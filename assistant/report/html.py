"""One HTML file that opens from disk, asks nothing of the network and prints well.

All text is escaped by the template engine, styles are inside, there is no script, and a
Content-Security-Policy forbids what escaping might miss. Links go to three public sites only.
"""

from __future__ import annotations

from functools import cache
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
        template = _environment().get_template("report.html.j2")
        for piece in template.generate(report=report_view(report)):
            handle.write(piece.encode())


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


def style_sheet() -> str:
    """Return the styles of the report."""
    return _environment().get_template("style.css").render()


def furnish(environment: Environment) -> Environment:
    """Give templates the words and the number formats that all readable reports share."""
    environment.globals.update(
        STATES=words.STATES,
        TIERS=words.TIERS,
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
        ec_level=ec_level,
        eco=words.eco_words,
    )
    return environment


def _finalize(value: object) -> object:
    """Drop characters that do not show from all text; escaping comes after."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return printable(str(value)) if is_text else value


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return furnish(
        Environment(
            loader=PackageLoader("assistant.report"),
            autoescape=True,
            finalize=_finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )
