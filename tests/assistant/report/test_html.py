import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from assistant.claims import Citation, Claim
from assistant.report.html import HtmlExporter
from assistant.report.links import ALLOWED_HOSTS
from tests.assistant.sample_nasty import NASTY
from tests.assistant.sample_records import sample_records
from tests.assistant.sample_reports import review, sample_report, sample_reviews
from tests.contracts.exporter import ExporterContract, letters, written

VOID = {"meta", "br", "img", "link", "input", "hr", "base"}
ACTIVE = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "audio", "video"}
LOADING = {"src", "srcset", "data", "poster", "background", "xlink:href", "action"}


class Page(HTMLParser):
    """Elements, attributes and texts; texts of the marked section are kept apart."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.outside, self.inside = [], [], [], []
        self.ids, self._open, self._marked = [], [], 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag in VOID:
            return
        self._open.append(tag)
        if dict(attrs).get("class") == "not-supported" and not self._marked:
            self._marked = len(self._open)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag
        if len(self._open) < self._marked:
            self._marked = 0

    def handle_data(self, data):
        (self.inside if self._marked else self.outside).append(data)

    @property
    def is_balanced(self):
        return not self._open


class TestHtml(ExporterContract):
    @pytest.fixture
    def exporter(self):
        return HtmlExporter()

    @pytest.fixture
    def page(self, exporter, reviewed):
        return Page(written(exporter, reviewed))

    def decoded(self, text):
        return unescape(text)

    def outside_marked(self, text):
        return " ".join(Page(text).outside)

    def test_every_element_is_closed_and_every_id_is_unique(self, page):
        assert page.is_balanced
        assert len(page.ids) == len(set(page.ids))

    def test_holds_nothing_that_runs_or_loads(self, page):
        assert not ACTIVE & set(page.tags)
        names = {name for _, name, _ in page.attributes}
        assert not LOADING & names
        assert not [name for name in names if name.startswith("on")]

    def test_links_lead_to_the_page_itself_or_to_three_sites(self, page):
        for _, name, value in page.attributes:
            if name != "href":
                continue
            if value.startswith("#"):
                assert value[1:] in page.ids
            else:
                assert urlsplit(value).scheme == "https"
                assert urlsplit(value).hostname in ALLOWED_HOSTS

    def test_styles_ask_for_nothing(self, exporter, reviewed):
        style = re.search(r"<style>(.*?)</style>", written(exporter, reviewed), re.S).group(1)
        assert "url(" not in style
        assert "@import" not in style

    def test_forbids_what_it_does_not_use(self, page):
        policies = [value for _, name, value in page.attributes if "default-src" in value]
        assert policies
        assert policies[0].startswith(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )

    def test_nasty_text_is_shown_as_text(self, page):
        shown = letters(" ".join(page.outside + page.inside))
        for text in NASTY:
            assert letters(text) in shown

    def test_a_state_is_a_sign_and_a_word(self, page):
        text = " ".join(" ".join(page.outside).split())
        for words in ("✓ Accepted", "✎ Draft", "✕ Rejected", "– Abstained"):
            assert words in text

    def test_drawings_repeat_their_numbers(self, exporter, reviewed):
        text = written(exporter, reviewed)
        assert text.count("<svg") == text.count("<title id=")
        assert "3.2.1.23 0.93" in text
        assert "E1 covers 98 % at 61.5 % identity" in text

    def test_counts_the_states(self, page):
        text = " ".join(" ".join(page.outside).split())
        assert "1 ✓ Accepted 1 ✓ Accepted with changes 2 ✎ Draft 1 ✕ Rejected 1 – Abstained" in text
        assert "2 ! Failed" in text

    def test_a_rejected_function_is_not_in_the_summary(self, exporter, reviewed):
        text = written(exporter, reviewed)
        summary = text[text.index('id="summary"') : text.index('id="reading"')]
        assert "fragilysin" not in summary

    def test_failed_genes_and_methods_are_told(self, page):
        text = " ".join(page.outside)
        assert "Not a protein: ACGT" in text
        assert "SmolLM2-135M-Instruct" in text
        assert "Written from what the run recorded" in text

    def test_all_decisions_are_in_the_history(self, exporter, reviewed):
        first = review("GUT_00012", "deferred", "hyp-00012", reviewer="Jon Li", reason="Wait")
        both = (first, sample_reviews()["GUT_00012"])
        text = written(exporter, replace(reviewed, histories={"GUT_00012": both}))
        assert "Jon Li: deferred – Wait" in text

    def test_hidden_drafts_are_counted_and_named(self, exporter):
        report = sample_report(reviews=sample_reviews(), include_drafts=False)
        text = written(exporter, report)
        assert "✎ Draft: 2" in text
        assert "GUT_00020" in text
        assert len(re.findall("<article", text)) == 3

    def test_genes_are_chosen_by_confidence_and_state_without_a_script(self, exporter, reviewed):
        text = written(exporter, reviewed)
        page = Page(text)
        for name in ("tier", "state"):
            values = [value for _, key, value in page.attributes if key == f"data-{name}"]
            chosen = {f"only-{name}-{value}" for value in values}
            assert len(values) == 2 * len(reviewed.records)  # a row and a card each
            assert chosen < set(page.ids)
            assert all(f"#{button}:checked" in text for button in chosen)

    def test_choosing_looks_into_little(self, exporter, reviewed):
        # "main:has(...)" made browsers look through the page again for each element of it: a
        # report on 5,000 genes did not open.
        style = re.search(r"<style>(.*?)</style>", written(exporter, reviewed), re.S).group(1)
        looking = re.findall(r"([^\s{},]*):has\(", style.replace("selector(:has(*))", ""))
        assert set(looking) == {".filters"}

    def test_one_gene_needs_no_choice(self, exporter, reviewed):
        assert "<fieldset" not in written(exporter, replace(reviewed, records=reviewed.records[:1]))

    def test_the_first_test_of_a_draft_is_open(self, exporter, reviewed):
        record = reviewed.records[0]
        both = (*record.hypothesis.experiments[:1], *record.hypothesis.experiments[:1])
        hypothesis = record.hypothesis.model_copy(update={"experiments": both})
        report = replace(reviewed, records=(record.model_copy(update={"hypothesis": hypothesis}),))
        text = written(exporter, report)
        assert re.findall(r"<details class=.experiment.( open)?>", text) == [" open", ""]

    def test_a_claim_that_repeats_a_row_of_the_evidence_is_shown_once(self, exporter, reviewed):
        record = reviewed.records[0]
        item = record.evidence[0]
        claim = Claim(
            id="c1", text=item.statement, verdict="supported", origin="rule",
            citations=(Citation(evidence_id=item.id),),
        )  # fmt: skip
        hypothesis = record.hypothesis.model_copy(update={"claims": (claim,)})
        report = replace(reviewed, records=(record.model_copy(update={"hypothesis": hypothesis}),))
        assert unescape(written(exporter, report)).count(item.statement) == 1

    def test_a_test_that_rests_on_a_failed_claim_says_so(self, exporter, reviewed):
        record = sample_records()[3]
        test = sample_records()[0].hypothesis.experiments[0]
        hypothesis = record.hypothesis.model_copy(
            update={"experiments": (test.model_copy(update={"claim_ids": ("l3",)}),)}
        )
        report = replace(reviewed, records=(record.model_copy(update={"hypothesis": hypothesis}),))
        assert "rests on a statement that the checks turned down" in written(exporter, report)
