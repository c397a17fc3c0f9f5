"""PDF: what a page looks like tells what is title, text, and neither."""

from __future__ import annotations

import io

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.pdf_text import (
    after_title,
    blocks_of_lines,
    clean_lines,
    without_names,
    without_running_lines,
)
from tests.contracts.reader import DATA


def test_the_sample():
    (paper,) = read_records(DATA / "paper.pdf").records
    assert paper.title == "Lactase of Escherichia coli in the gut of mammals"  # not "Untitled"
    assert paper.authors == ("Doe J", "Roe R")
    assert (paper.doi, paper.year) == ("10.1000/test.41", "2021")
    assert paper.abstract.startswith(
        "Lactose is the sugar of milk and it is split by the lactase of mammals"
    )
    sections = dict(paper.sections)
    assert list(sections) == ["Introduction", "Methods", "Figure 1", "Results"]
    assert "in a well-known way. The well-known way" in sections["Introduction"]
    assert sections["Introduction"].endswith("before this work.")  # over the page's end
    assert sections["Figure 1"] == "Growth of the strain on lactose."
    whole = " ".join(sections.values())
    assert "J Test 2021" not in whole  # the running head
    assert "declare none" not in whole
    assert "cited and not read" not in whole


def written(change):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(DATA / "paper.pdf"))
    change(writer)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def test_a_protected_pdf_says_so(tmp_path):
    path = tmp_path / "locked.pdf"
    path.write_bytes(written(lambda writer: writer.encrypt("secret", algorithm="RC4-128")))
    with pytest.raises(FormatError, match=r"locked\.pdf.*protected by a password"):
        list(read_records(path).records)


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path):
    path = tmp_path / "open.pdf"
    path.write_bytes(written(lambda writer: writer.encrypt("", "owner", algorithm="RC4-128")))
    (paper,) = read_records(path).records
    assert paper.title.startswith("Lactase")


def test_a_scanned_pdf_says_so(tmp_path):
    def blank(writer):
        while len(writer.pages):
            writer.remove_page(0)
        writer.add_blank_page(200, 200)

    path = tmp_path / "scan.pdf"
    path.write_bytes(written(blank))
    with pytest.raises(FormatError, match=r"scan\.pdf.*no text.*OCR"):
        list(read_records(path).records)


def test_running_lines_and_page_numbers_are_dropped():
    words = ["one", "two", "three"]
    texts = [[f"Text of {word}.", f"More of {word}."] for word in words]
    pages = [[f"J Test, p. {n}", *texts[n], str(n), "(c) J Test"] for n in range(3)]
    assert without_running_lines(pages) == texts


def test_ligatures_and_loose_accents_are_letters():
    assert clean_lines("The eﬃcient Fe´de´rale of\nLu¨beck") == [
        "The efficient Féderale of".replace("Féderale", "Fédérale"),
        "Lübeck",
    ]


def test_hyphens_are_kept_where_the_paper_has_them():
    lines = ["A well-known gene. The charac-", "teristics of a well-", "known one are long-"]
    lines += ["chain ones. Long chain lengths."]
    (block,) = blocks_of_lines(lines)
    assert "characteristics of a well-known one" in block.text


def test_what_stands_above_the_text_is_cut():
    lines = [
        "Original Paper",
        "Lactase of",
        "E. coli",
        "Jane Doe1, John Roe",
        "1 University of the Tests",
    ]
    rest = after_title(lines, "Lactase of E. coli")
    assert rest == lines[3:]
    text = "We have looked at the lactase of this strain and found it."
    assert without_names([*rest, text]) == [text]


def test_a_heading_in_small_capitals_is_one():
    blocks = blocks_of_lines(["It was so.", "references", "1. A paper."])
    assert [(block.text, block.level) for block in blocks][1] == ("References", 1)
