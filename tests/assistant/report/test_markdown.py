import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.report.cells import one_line
from assistant.report.markdown import MarkdownExporter, escape, gene_section
from assistant.report.view import DRAFT_NOTICE
from tests.assistant.sample_nasty import NASTY
from tests.assistant.sample_records import claimed, clear_enzyme
from tests.assistant.sample_reports import sample_report, sample_reviews
from tests.contracts.exporter import ExporterContract, letters, written

ALLOWED = ("https://www.uniprot.org/", "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/")


def tokens(text):
    """Read Markdown with an independent reader: all tokens, inline ones too."""
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    return [token for block in blocks for token in (block, *(block.children or ()))]


class TestMarkdown(ExporterContract):
    @pytest.fixture
    def exporter(self):
        return MarkdownExporter()

    def outside_marked(self, text):
        return "\n".join(line for line in text.splitlines() if not line.startswith(">"))

    def test_holds_no_html_no_images_and_known_links_only(self, exporter, reviewed):
        found = tokens(written(exporter, reviewed))
        kinds = {token.type for token in found}
        assert not {"html_block", "html_inline", "image", "code_block"} & kinds
        links = [token.attrGet("href") for token in found if token.type == "link_open"]
        assert links
        assert all(link.startswith(ALLOWED) for link in links)

    def test_tables_keep_their_columns(self, exporter, reviewed):
        found = tokens(written(exporter, reviewed))
        widths, width = [], 0
        for token in found:
            if token.type == "tr_open":
                width = 0
            if token.type in {"td_open", "th_open"}:
                width += 1
            if token.type == "tr_close":
                widths.append(width)
        assert set(widths) == {7, 6, 2}

    def test_nasty_text_is_shown_as_text(self, exporter, reviewed):
        found = tokens(written(exporter, reviewed))
        shown = letters("".join(token.content for token in found if token.type == "text"))
        for text in NASTY:
            assert letters(text) in shown

    def test_the_failed_ones_stand_under_a_heading_of_their_own(self, exporter, reviewed):
        assert "> **✕ Not supported: kept out of the facts**" in written(exporter, reviewed)


def test_one_gene_for_a_terminal():
    draft = gene_section(claimed(), None)
    assert draft.startswith("### GUT_00038")
    assert DRAFT_NOTICE in draft
    signed = gene_section(clear_enzyme(), sample_reviews()["GUT_00012"])
    assert "Accepted by Ada Weber" in signed


@given(st.one_of(st.text(), st.text(alphabet="\\`*_[]()<>#+-!|~&:/=1. \tawhtps")))
def test_escaped_text_is_one_paragraph_of_plain_text(text):
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(escape(text))
    shown = one_line(text)
    if not shown:
        assert not parsed
        return
    assert [token.type for token in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    children = parsed[1].children
    assert {token.type for token in children} <= {"text", "text_special"}
    assert "".join(token.content for token in children).strip() == shown


def test_report_without_drafts_names_the_genes():
    report = sample_report(reviews=sample_reviews(), include_drafts=False)
    text = written(MarkdownExporter(), report)
    assert "Draft, 2: GUT_00038, GUT_00066" in text
