"""The readable report as plain Markdown: the content of the HTML one, without its drawings.

All text from outside is escaped by the template engine itself, on one line, so that it can make
neither markup nor live links. ``gene_section`` gives the part of one gene, for a terminal.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final

from assistant.claims import DRAFT_NOTICE
from assistant.report.cells import one_line
from assistant.report.html import furnish
from assistant.report.view import NumberedEvidence, Reference, gene_view, report_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment

    from assistant.claims import AnnotationRecord, Claim, Review
    from assistant.report.base import Report

# CommonMark 0.31, section 2.4: ASCII punctuation may be escaped by a backslash. Those that can
# begin or end markup anywhere are; "&" and "<" become entities, as HTML may pass through.
_MARKUP: Final = re.compile(r"[\\`*\[\]|~$#!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Lists and rules begin a block, at the start of a line only; a list needs a space after its mark.
_BLOCK_START: Final = re.compile(r"^(?:[-+](?=\s|$)|[-=](?=[-=\s]*$)|\d+[.)](?=\s|$))")
# GitHub turns these into links by itself.
_AUTOLINK: Final = re.compile(r"://|\bwww\.|@", re.IGNORECASE)


class _Markdown(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


class MarkdownExporter:
    """Write the report as Markdown."""

    name = "markdown"
    suffix = ".md"

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the document piece by piece."""
        template = _environment().get_template("report.md.j2")
        for piece in template.generate(report=report_view(report), notice=DRAFT_NOTICE):
            handle.write(piece.encode())


def gene_section(record: AnnotationRecord, review: Review | None) -> str:
    """Write the section of one gene, draft or not, with the latest decision on it."""
    view = gene_view(record, review)
    return _environment().get_template("gene.md.j2").render(view=view, notice=DRAFT_NOTICE)


def filled(name: str, **values: object) -> str:
    """Fill in a template of this package; all text is escaped."""
    return _environment().get_template(name).render(**values)


def escape(text: str) -> str:
    r"""Make text inert in Markdown and keep it on one line; a space at its ends stays.

    >>> escape("<b> a_b *c* http://x")
    '&lt;b&gt; a_b \\*c\\* http\\://x'
    """
    line = _MARKUP.sub(lambda match: f"\\{match.group()}", one_line(text))
    for character, entity in _ENTITIES.items():
        line = line.replace(character, entity)
    line = _AUTOLINK.sub(_broken_link, line)
    start, end = (" " if edge == " " else "" for edge in (text[:1], text[-1:]))
    return f"{start}{_BLOCK_START.sub(_escaped_start, line)}{end if line else ''}"


def _broken_link(match: re.Match[str]) -> str:
    found = match.group()
    return found.replace(".", "\\.") if found.endswith(".") else f"\\{found}"


def _escaped_start(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}"


def _finalize(value: object) -> str:
    """Escape whatever a template prints, unless it is Markdown already."""
    return value if isinstance(value, _Markdown) else escape(str(value))


def _link(entry: NumberedEvidence | Reference) -> _Markdown:
    """Write a reference as a link, where it has an address."""
    reference = entry.reference if isinstance(entry, Reference) else entry.item.reference
    text = escape(reference)
    return _Markdown(f"[{text}](<{entry.link}>)" if entry.link else text)


def _cites(evidence_ids: Iterable[str], keys: Mapping[str, str]) -> str:
    return ", ".join(keys[name] for name in evidence_ids if name in keys)


def _cited(claim: Claim, keys: Mapping[str, str]) -> str:
    return _cites((citation.evidence_id for citation in claim.citations), keys)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(  # noqa: S701 - HTML escapes are wrong here; _finalize escapes all
        loader=PackageLoader("assistant.report"),
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(link=_link, cites=_cites, cited=_cited)
    return furnish(environment)
