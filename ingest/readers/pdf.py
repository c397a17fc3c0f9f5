"""PDF: one paper as it was printed; its text layer is read.

    %PDF-1.6 ... /Title (Untitled) ... BT /F1 18 Tf (Lactase in the gut) Tj ET

Kept: title (the largest letters of the first page, or the title of the metadata where the page
has it), abstract, sections by their headings, captions, DOI and year of the first page. Dropped:
running heads and feet, page numbers, references and other back matter, pictures. Columns come in
the order in which the file has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from ingest.author_lists import split_authors
from ingest.errors import FormatError
from ingest.paper_fields import paper_of
from ingest.paper_ids import normal_doi, year_in
from ingest.pdf_text import (
    after_title,
    blocks_of_lines,
    clean_lines,
    letters,
    without_names,
    without_running_lines,
    without_side_notes,
)
from ingest.text_sections import paper_of_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pypdf import PageObject, PdfReader

    from ingest.readers.base import Kind, Source
    from ingest.records import Publication

#: Letters a page below which a PDF is a stack of pictures.
_LEAST_LETTERS: Final = 100
#: Pages that are read; a longer file is a book or a volume of abstracts.
_MOST_PAGES: Final = 500
_LEAST_TITLE: Final = 12  # letters; logos and labels are shorter
_LONGEST_TITLE: Final = 400
#: Sizes of letters within this many points are one size.
_SAME_SIZE: Final = 0.6
#: Titles and names that programs put into metadata.
_JUNK: Final = re.compile(
    r"untitled|unknown|none|anonymous|author|title|microsoft word\b.*|layout \d+|main|manuscript"
    r"|.*\.(?:docx?|tex|indd|qxd|pdf|dvi|rtf)|(?:doi:)?10\.\d+/\S+|[\w.-]*\d[\w.-]*|pii:.*"
    r"|admin(?:istrator)?|user",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"(?:published(?: online)?|©|\(c\)|copyright|accepted)[^\n]{0,60}?\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_VOLUME_YEAR: Final = re.compile(r"\(((?:19|20)\d\d)\)|\b(?:19|20)\d\d\s*[|;,]\s*(?:vol|\d)", re.I)


class PdfPaperReader:
    """One paper per PDF, from its text layer."""

    name = "pdf"
    kind: Kind = "literature"
    description = "PDF of one paper (its text layer)"
    magic = (b"%PDF-",)

    def sniff_file(self, handle: BinaryIO) -> bool:
        """Look for a PDF that has pages."""
        return handle.read(5) == b"%PDF-" and b"obj" in handle.read(4096)

    def read_file(self, handle: BinaryIO, source: Source) -> Iterator[Publication]:
        """Yield the one Publication.

        Raises:
            FormatError: The file is damaged, protected by a password, or pictures without text.
        """
        import logging

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        document = _opened(handle, source)
        pages = list(document.pages[:_MOST_PAGES])
        if len(document.pages) > _MOST_PAGES:
            source.warnings.append(f"only the first {_MOST_PAGES} pages are read")
        texts = _texts(pages, source)
        known = {key: str(value) for key, value in (document.metadata or {}).items() if value}
        yield _publication(texts, _largest(pages[0]), known, source)


def _opened(handle: BinaryIO, source: Source) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        document = PdfReader(handle)
        if document.is_encrypted and not document.decrypt(""):
            what, hint = "the PDF is protected by a password", "Save it without the password"
            raise FormatError(what, path_name=source.path_name, hint=hint)
        if not len(document.pages):
            hint = "Download it again"
            raise FormatError("the PDF has no pages", path_name=source.path_name, hint=hint)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"the PDF is damaged or cut short ({type(error).__name__})"
        hint = "Download it again, or print it into a new PDF"
        raise FormatError(what, path_name=source.path_name, hint=hint) from error
    return document


def _texts(pages: Sequence[PageObject], source: Source) -> list[str]:
    """Read the text of each page; a page that cannot be read is told and left out."""
    texts, broken = [], []
    for number, page in enumerate(pages, 1):
        try:
            texts.append(page.extract_text())
        except Exception:  # noqa: BLE001 - a damaged page can raise anything; the others are read
            texts.append("")
            broken.append(number)
    if broken:
        source.warnings.append(f"pages that could not be read: {', '.join(map(str, broken))}")
    counts = [sum(char.isalpha() for char in text) for text in texts]
    if sum(counts) < _LEAST_LETTERS * min(len(texts), 3):
        what = "the PDF has no text: it holds pictures of pages"
        hint = "Recognise its text first, for example with OCRmyPDF"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    if empty := [n for n, count in enumerate(counts, 1) if not count and n not in broken]:
        source.warnings.append(f"pages without text: {', '.join(map(str, empty))}")
    return texts


def _largest(page: PageObject) -> list[str]:
    """List the runs of text on a page by the size of their letters, largest first."""
    runs: list[tuple[float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:  # noqa: ARG001 - pypdf's signature
        scale = abs(tm[3] or tm[1]) * (abs(cm[3] or cm[1]) or 1.0)
        points = abs(size) * (scale or 1.0)
        if runs and abs(runs[-1][0] - points) < _SAME_SIZE:
            runs[-1] = (runs[-1][0], runs[-1][1] + text)
        elif text.strip():
            runs.append((points, text))

    try:
        page.extract_text(visitor_text=visit)
    except Exception:  # noqa: BLE001 - without sizes the title is looked for elsewhere
        return []
    ranked = sorted(runs, key=lambda run: -run[0])
    return [" ".join(" ".join(clean_lines(text)).split()) for _, text in ranked]


def _publication(
    texts: Sequence[str], largest: Sequence[str], known: Mapping[str, str], source: Source
) -> Publication:
    pages = without_running_lines([clean_lines(text) for text in texts])
    front = "\n".join(clean_lines(texts[0]))
    title = _title(front, largest, known.get("/Title", ""))
    first = without_names(without_side_notes(after_title(pages[0], title)))
    # Notes beside the text of the first page may go on beside that of the second.
    rest = [without_side_notes(page) for page in pages[1:2]] + pages[2:]
    lines = [*first, *(line for page in rest for line in page)]
    paper = paper_of_blocks(blocks_of_lines(lines), title)
    author = known.get("/Author", "")
    fields = {
        "title": [paper.title],
        "abstract": [paper.abstract],
        "doi": [_doi(front, known)],
        "year": [_year(front)],
        "authors": [] if _JUNK.fullmatch(author.strip()) else split_authors(author),
    }
    try:
        return paper_of(fields, source.provenance(PdfPaperReader.name, 1), tuple(paper.sections))
    except ValueError as error:
        what, hint = "no running text was found in the PDF", "Check that it is a paper"
        raise FormatError(what, path_name=source.path_name, hint=hint) from error


def _title(front: str, largest: Sequence[str], metadata: str) -> str:
    """Take the metadata's title where the page has it too; else the largest letters."""
    metadata = " ".join(metadata.split())
    page = letters(front)
    is_title = not _JUNK.fullmatch(metadata) and len(letters(metadata)) >= _LEAST_TITLE
    if is_title and letters(metadata) in page:
        return metadata
    for text in largest[:3]:
        size = len(letters(text))
        if size >= _LEAST_TITLE and len(text) <= _LONGEST_TITLE and len(text.split()) > 2:
            return text
    return ""


def _doi(front: str, known: Mapping[str, str]) -> str:
    """Find the paper's own DOI: in the metadata, else the first one on the first page."""
    for key in ("/doi", "/DOI", "/WPS-ARTICLEDOI", "/Subject", "/Title"):
        if doi := normal_doi(known.get(key, "")):
            return doi
    # A link that is broken at the end of a line goes on in the next one.
    named = re.search(r"(?:doi(?:\.org)?[:/ ]{1,3})(10\.\d{4,}/[^\s]+)", front, re.IGNORECASE)
    return normal_doi(named.group(1)) if named else ""


def _year(front: str) -> str:
    match = _PUBLISHED.search(front)
    if match:
        return match.group(1)
    volume = _VOLUME_YEAR.search(front)
    return year_in(volume.group()) if volume else ""
