"""A long report in several HTML files: an index to choose from, and pages with the genes.

A browser takes half a minute to open 5,000 genes in one file, and seconds to search in it. Pages
lie in a folder beside the index, named after it, so that both can be moved together.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from assistant.atomic import replacing
from assistant.report.html import write_filled
from assistant.report.view import report_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from assistant.report.base import Report
    from assistant.report.view import GeneView, ReportView

#: Genes that one file holds at most: some 13 MB, and four seconds to open.
MOST_IN_ONE_FILE: Final = 1_000
#: Genes of one page: some 3 MB, and a second to open.
GENES_A_PAGE: Final = 250
_REFERENCES: Final = "references.html"
_PATTERNS: Final = ("genes-*.html", _REFERENCES)


@dataclass(frozen=True, slots=True)
class Page:
    """Some genes of a report; ``first`` and ``last`` count from 1 among those that are shown."""

    folder: str
    first: int
    genes: tuple[GeneView, ...]

    @property
    def last(self) -> int:
        """Number of the last gene."""
        return self.first + len(self.genes) - 1

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"genes-{self.first:06d}.html"

    @property
    def beside(self) -> str:
        """Address of the page, as seen from another page."""
        return f"./{self.name}"

    @property
    def href(self) -> str:
        """Address of the page, as seen from the index; a dot first, so that no name is a scheme."""
        return f"./{quote(self.folder)}/{self.name}"


def is_long(report: Report) -> bool:
    """Tell whether a report shows more genes than one file should hold."""
    return sum(map(report.shows, report.records)) > MOST_IN_ONE_FILE


def write_paged(report: Report, path: Path) -> int:
    """Write the pages of a report beside ``path``, and the index to it last.

    Pages of an earlier, longer report are removed.

    Returns:
        The number of pages.

    Raises:
        OSError: A file cannot be written.
    """
    view = report_view(report)
    folder = pages_folder(path)
    folder.mkdir(exist_ok=True)
    pages = tuple(_pages(view, folder.name))
    for number, page in enumerate(pages):
        _write_page(view, page, folder / page.name, path.name, _beside(pages, number))
    _write_page(view, None, folder / _REFERENCES, path.name, {})
    _write_index(view, pages, path)
    _remove_but(folder, {_REFERENCES, *(page.name for page in pages)})
    return len(pages)


def _write_index(view: ReportView, pages: Sequence[Page], path: Path) -> None:
    places = {one.anchor: page.href for page in pages for one in page.genes}
    references = f"./{quote(pages[0].folder)}/{_REFERENCES}"
    values = {"report": view, "pages": pages, "places": places, "references": references}
    with replacing(path) as handle:
        write_filled(handle, "report.html.j2", **values)


def remove_pages(path: Path) -> None:
    """Remove the pages that an earlier report left beside ``path``, and nothing else."""
    folder = pages_folder(path)
    if folder.is_dir():
        _remove_but(folder, set())
        with contextlib.suppress(OSError):  # something else lies there
            folder.rmdir()


def pages_folder(path: Path) -> Path:
    """Name the folder of a report's pages."""
    return path.with_name(f"{path.stem}_genes")


def _pages(view: ReportView, folder: str) -> Iterator[Page]:
    for start in range(0, len(view.genes), GENES_A_PAGE):
        yield Page(folder, start + 1, view.genes[start : start + GENES_A_PAGE])


def _beside(pages: Sequence[Page], number: int) -> dict[str, Page | None]:
    before = pages[number - 1] if number else None
    after = pages[number + 1] if number + 1 < len(pages) else None
    return {"before": before, "after": after}


def _write_page(
    view: ReportView, page: Page | None, path: Path, index: str, beside: Mapping[str, Page | None]
) -> None:
    turning = {"before": None, "after": None, **beside}
    values = {"report": view, "page": page, "total": len(view.genes), **turning}
    with replacing(path) as handle:
        write_filled(handle, "genes.html.j2", index=f"../{quote(index)}", **values)


def _remove_but(folder: Path, kept: set[str]) -> None:
    for pattern in _PATTERNS:
        for path in folder.glob(pattern):
            if path.name not in kept:
                path.unlink(missing_ok=True)
