"""PDF: one paper as it was printed; its text layer is read.

    %PDF-1.6 ... /Title (Untitled) ... BT /F1 18 Tf (Lactase in the gut) Tj ET

Kept: title (the largest letters of the first page, or the title of the metadata where the page
has it), abstract, sections by their headings, captions, DOI and year of the first page. Dropped:
running heads and feet, page numbers, references and other back matter, pictures. Columns come in
the order in which the file has them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from ingest.author_lists import split_authors
from ingest.errors import FormatError
from ingest.paper_fields import paper_of
from ingest.paper_ids import normal_doi, year_in
from ingest.pdf_metadata import doi_of, properties_of
from ingest.pdf_text import (
    after_title,
    blocks_of_lines,
    clean_lines,
    letters,
    without_names,
    without_running_lines,
    without_side_notes,
)
from ingest.text_sections import paper_of_blocks, share_of_small_words

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
#: Share of a page's letters from which on its upright text is the page.
_UPRIGHT: Final = 0.5
#: Names of glyphs in place of letters, and characters that stand for none.
_GLYPHS: Final = re.compile(r"/[A-Za-z]{0,5}\d{1,5}(?![\w.])|\(cid:\d+\)|[\ufffd\ue000-\uf8ff]")
#: Share of all characters from which on glyphs are no signs among text.
_MOST_UNKNOWN: Final = 0.05
#: Words from which on the share of small words ("the", "und") says something, and that share.
_LEAST_LATIN: Final = 100
_LEAST_SMALL: Final = 0.01
#: What publishers print across the pages, or above the title, of a paper that they retracted.
_RETRACTED: Final = re.compile(
    r"(?:THIS ARTICLE (?:HAS BEEN|IS) )?RETRACTED(?: ARTICLE| PAPER)?\W*"
)
_RETRACTED_TITLE: Final = re.compile(r"RETRACTED(?: ARTICLE)?\s*[:–—-]|Retracted(?: article)?: ")
_TOP_LINES: Final = 12
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


class _PageText(NamedTuple):
    """A page's text without and with what runs up its margin."""

    upright: str
    whole: str


class PdfPaperReader:
    """One paper per PDF, from its text layer."""

    name = "pdf"
    kind: Kind = "literature"
    description = "PDF of one paper (its text layer)"
    magic = (b"%PDF-", b"\n%PDF-", b"\r\n%PDF-", b"\r\n\r\n%PDF-", b"\xef\xbb\xbf%PDF-")

    def sniff_file(self, handle: BinaryIO) -> bool:
        """Look for a PDF that has pages."""
        start = handle.read(4096)
        return b"%PDF-" in start[:16] and b"obj" in start

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
        read = _read_pages(pages, source)
        texts = [it.upright for it in read]
        paper = _publication(texts, _largest(pages[0]), properties_of(document), source)
        is_retracted = paper.is_retracted or _is_retracted([it.whole for it in read])
        yield replace(paper, is_retracted=is_retracted)


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


def _read_pages(pages: Sequence[PageObject], source: Source) -> list[_PageText]:
    """Read the text of each page; a page that cannot be read is told and left out."""
    from pypdf.errors import DependencyError

    texts, broken = [], []
    for number, page in enumerate(pages, 1):
        try:
            texts.append(_upright(page))
        except DependencyError as error:
            what = "the PDF is locked with AES, even if it opens without a password"
            hint = "Print it into a new PDF, or install the package cryptography"
            raise FormatError(what, path_name=source.path_name, hint=hint) from error
        except Exception:  # noqa: BLE001 - a damaged page can raise anything; the others are read
            texts.append(_PageText("", ""))
            broken.append(number)
    if broken:
        source.warnings.append(f"pages that could not be read: {', '.join(map(str, broken))}")
    counts = [sum(char.isalpha() for char in text.upright) for text in texts]
    if sum(counts) < _LEAST_LETTERS * min(len(texts), 3):
        what = "the PDF has no text: it holds pictures of pages"
        hint = "Recognise its text first, for example with OCRmyPDF"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    _check_letters(" ".join(text.upright for text in texts), source)
    if empty := [n for n, count in enumerate(counts, 1) if not count and n not in broken]:
        source.warnings.append(f"pages without text: {', '.join(map(str, empty))}")
    return texts


def _check_letters(text: str, source: Source) -> None:
    """Refuse glyphs without letters; warn of letters that make no words of a common language."""
    words = text.split()
    unknown = len(_GLYPHS.findall(text))
    if unknown > _MOST_UNKNOWN * sum(map(len, words)):
        what = "the fonts of the PDF do not say which letters they show"
        hint = "Recognise its text, for example with OCRmyPDF --force-ocr"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    latin = [it.lower() for it in words if it.isascii() and it.isalpha()]
    if len(latin) >= _LEAST_LATIN and share_of_small_words(latin) < _LEAST_SMALL:
        source.warnings.append(
            "the text has none of the common words of a language: its letters may not be those"
            " that the pages show"
        )


def _upright(page: PageObject) -> _PageText:
    """Read a page, and once more without what is printed up its margin, as arXiv's stamp is."""
    sideways: set[bool] = set()

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:  # noqa: ARG001 - pypdf's signature
        if text.strip():
            sideways.add(_is_sideways(cm, tm))

    whole = page.extract_text(visitor_text=visit)
    if sideways != {True, False}:
        return _PageText(whole, whole)
    upright = page.extract_text(orientations=(0,))
    is_page = len(letters(upright)) > _UPRIGHT * len(letters(whole))
    return _PageText(upright if is_page else whole, whole)


def _is_sideways(cm: Sequence[float], tm: Sequence[float]) -> bool:
    """Tell whether text runs up or down the page."""
    along, across = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
    return abs(across) > abs(along)


def _largest(page: PageObject) -> list[str]:
    """List the runs of text on a page by the size of their letters, largest first.

    What runs up the margin is left out, unless the whole page lies on its side.
    """
    runs: list[tuple[bool, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:  # noqa: ARG001 - pypdf's signature
        scale = abs(tm[3] or tm[1]) * (abs(cm[3] or cm[1]) or 1.0)
        points, sideways = abs(size) * (scale or 1.0), _is_sideways(cm, tm)
        if runs and runs[-1][0] == sideways and abs(runs[-1][1] - points) < _SAME_SIZE:
            runs[-1] = (sideways, runs[-1][1], runs[-1][2] + text)
        elif text.strip():
            runs.append((sideways, points, text))

    try:
        page.extract_text(visitor_text=visit)
    except Exception:  # noqa: BLE001 - without sizes the title is looked for elsewhere
        return []
    of_page = [run for run in runs if not run[0]] or runs
    ranked = sorted(of_page, key=lambda run: -run[1])
    return [" ".join(" ".join(clean_lines(text)).split()) for _, _, text in ranked]


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
    if doi := doi_of(known):
        return doi
    # A link that is broken at the end of a line goes on in the next one.
    named = re.search(r"(?:doi(?:\.org)?[:/ ]{1,3})(10\.\d{4,}/[^\s]+)", front, re.IGNORECASE)
    return normal_doi(named.group(1)) if named else ""


def _is_retracted(texts: Sequence[str]) -> bool:
    """Look for the publisher's mark on most pages, or above the title."""
    marked = sum(any(map(_RETRACTED.fullmatch, clean_lines(text))) for text in texts)
    top = clean_lines(texts[0])[:_TOP_LINES]
    return 2 * marked > len(texts) or any(map(_RETRACTED_TITLE.match, top))


def _year(front: str) -> str:
    match = _PUBLISHED.search(front)
    if match:
        return match.group(1)
    volume = _VOLUME_YEAR.search(front)
    return year_in(volume.group()) if volume else ""
