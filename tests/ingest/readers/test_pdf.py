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


def pdf_of(pages, *, properties="", packet=b"", head=b"%PDF-1.5\n"):
    """Write a PDF by hand: pages are lists of (x, y, points, text, is_sideways)."""

    def stream(data, extra=""):
        return f"<< {extra} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"

    def shown(x, y, points, text, sideways):
        matrix = "0 1 -1 0" if sideways else "1 0 0 1"
        return f"BT /F1 {points} Tf {matrix} {x} {y} Tm ({text}) Tj ET\n".encode()

    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    numbers = range(4, 4 + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    end = 4 + 2 * len(pages)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Metadata {end + 1} 0 R >>".encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        font,
    ]
    for number, page in zip(numbers, pages, strict=True):
        parts = "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {parts} /Contents {number + 1} 0 R >>".encode()
        )
        objects.append(stream(b"".join(shown(*it) for it in page)))
    objects += [f"<< {properties} >>".encode(), stream(packet, "/Type /Metadata /Subtype /XML")]
    body, places = head, []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        body
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R"
            f" /Info {end} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )


PROSE = "of them it is known that bile flows in the gut of mice and that it is made by the liver."
COUNTED = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")
PAGE = [
    (50, 740, 18, "Bile flows in the gut of mice", False),
    (50, 700, 11, "Introduction", False),
    *((50, 680 - 12 * n, 9, f"{COUNTED[n]} {PROSE}", False) for n in range(4)),
]
NEXT = [(50, 680 - 12 * n, 9, f"{COUNTED[n + 4]} {PROSE}", False) for n in range(4)]
STAMP = (20, 300, 24, "arXiv:2001.00001v1 [q-bio] 1 Jan 2020", True)


def read_pdf(tmp_path, content):
    (tmp_path / "a.pdf").write_bytes(content)
    (paper,) = read_records(tmp_path / "a.pdf").records
    return paper


@pytest.mark.parametrize("page", [[*PAGE, STAMP], [STAMP, *PAGE]])
def test_a_stamp_up_the_margin_is_neither_title_nor_text(tmp_path, page):
    paper = read_pdf(tmp_path, pdf_of([page]))
    assert paper.title == "Bile flows in the gut of mice"
    assert [name for name, _ in paper.sections] == ["Introduction"]
    assert "arXiv" not in paper.sections[0][1]


def test_a_page_on_its_side_is_read(tmp_path):
    page = [(30 + 40 * n, 40, points, text, True) for n, (_, _, points, text, _) in enumerate(PAGE)]
    assert read_pdf(tmp_path, pdf_of([page])).title == "Bile flows in the gut of mice"


def test_what_is_before_the_head_of_a_pdf_is_passed_over(tmp_path):
    content = b"\r\n" + pdf_of([PAGE])
    assert read_pdf(tmp_path, content).title == "Bile flows in the gut of mice"


PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:p="urn:p" xmlns:dc="urn:dc"%s><dc:creator><rdf:Seq>'
    b"<rdf:li>Anna B. Doe</rdf:li><rdf:li>Carl Roe</rdf:li></rdf:Seq></dc:creator>%s"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize(
    ("attribute", "element"),
    [(b"", b"<p:doi>10.5555/a</p:doi>"), (b' p:doi="10.5555/a"', b""),
     (b"", b"<dc:identifier>doi:10.5555/a</dc:identifier>")],
)  # fmt: skip
def test_the_packet_of_xmp_fills_gaps(tmp_path, attribute, element):
    packet = PACKET % (attribute, element)
    paper = read_pdf(tmp_path, pdf_of([PAGE], packet=packet))
    assert (paper.doi, paper.authors) == ("10.5555/a", ("Doe AB", "Roe C"))
    paper = read_pdf(tmp_path, pdf_of([PAGE], packet=packet, properties="/Author (Eve Poe)"))
    assert paper.authors == ("Poe E",)
    assert read_pdf(tmp_path, pdf_of([PAGE], packet=packet[:-9])).doi == ""


@pytest.mark.parametrize(
    "mark",
    [(200, 400, 60, "RETRACTED", False), (590, 100, 12, "RETRACTED ARTICLE", True)],
)
def test_the_mark_of_a_retraction_on_the_pages(tmp_path, mark):
    assert read_pdf(tmp_path, pdf_of([[*PAGE, mark], [*NEXT, mark]])).is_retracted
    assert not read_pdf(tmp_path, pdf_of([[*PAGE, mark], NEXT])).is_retracted


def test_the_mark_of_a_retraction_above_the_title(tmp_path):
    above = (50, 770, 10, "RETRACTED ARTICLE: Bile flows in the gut of mice", False)
    assert read_pdf(tmp_path, pdf_of([[above, *PAGE], NEXT])).is_retracted
    assert not read_pdf(tmp_path, pdf_of([PAGE, NEXT])).is_retracted


def test_a_pdf_locked_with_aes_says_so(tmp_path, monkeypatch):
    from pypdf import PageObject
    from pypdf.errors import DependencyError

    def locked(*_, **__):
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(PageObject, "extract_text", locked)
    with pytest.raises(FormatError, match=r"a\.pdf.*locked with AES.*new PDF"):
        read_pdf(tmp_path, pdf_of([PAGE]))


def test_glyphs_without_letters_are_refused(tmp_path):
    page = [(50, 700 - 12 * n, 9, " ".join(f"/g{n}/g2/g{word}" for word in range(20)), False)
            for n in range(9)]  # fmt: skip
    with pytest.raises(FormatError, match=r"a\.pdf.*which letters they show.*OCR"):
        read_pdf(tmp_path, pdf_of([page]))


def test_letters_that_make_no_words_are_told(tmp_path):
    shifted = [
        (*it[:3], "".join(chr(ord(char) + 3) if char.isalpha() else char for char in it[3]), False)
        for it in [*PAGE, *NEXT]
    ]
    (tmp_path / "a.pdf").write_bytes(pdf_of([shifted]))
    opened = read_records(tmp_path / "a.pdf")
    assert len(list(opened.records)) == 1
    assert any("common words" in it for it in opened.source.warnings)
    (tmp_path / "b.pdf").write_bytes(pdf_of([[*PAGE, *NEXT]]))
    opened = read_records(tmp_path / "b.pdf")
    list(opened.records)
    assert not any("common words" in it for it in opened.source.warnings)
