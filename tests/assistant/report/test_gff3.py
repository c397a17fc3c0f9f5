from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.report.cells import one_line
from assistant.report.gff3 import Gff3Exporter, escape_value
from tests.assistant.sample_records import clear_enzyme
from tests.assistant.sample_reports import sample_report, sample_reviews
from tests.contracts.exporter import ExporterContract, written

GOLDEN = Path(__file__).parents[2] / "golden" / "annotations.gff3"
RESERVED = {"ID", "Note", "Dbxref", "Ontology_term"}


def parsed(text):
    """Read GFF3 by the words of its specification: features by decoded ID."""
    features = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        assert len(columns) == 9
        attributes = {}
        for pair in columns[8].split(";"):
            tag, _, values = pair.partition("=")
            attributes[unquote(tag)] = [unquote(value) for value in values.split(",")]
        features[attributes["ID"][0]] = ([unquote(columns[0]), *columns[1:8]], attributes)
    return features


class TestGff3(ExporterContract):
    states_facts = True
    needs_coordinates = True

    def decoded(self, text):
        return unquote(text)

    @pytest.fixture
    def exporter(self):
        return Gff3Exporter()

    @pytest.fixture
    def features(self, exporter):
        return parsed(written(exporter, sample_report(reviews=sample_reviews())))

    def test_begins_with_its_version(self, exporter):
        assert written(exporter, sample_report()).startswith("##gff-version 3\n")

    def test_places_are_those_of_the_genes(self, features):
        report = sample_report()
        placed = {r.gene.id: r.gene.location for r in report.records if r.gene.location}
        assert set(features) == set(placed)
        for gene_id, (columns, _) in features.items():
            place = placed[gene_id]
            expected = [place.seqid, "CDS", str(place.start), str(place.end), place.strand]
            assert [columns[i] for i in (0, 2, 3, 4, 6)] == expected

    def test_own_tags_begin_in_lower_case(self, features):
        for _, attributes in features.values():
            assert all(tag in RESERVED or tag[0].islower() for tag in attributes)

    def test_a_draft_keeps_the_old_product(self, features):
        attributes = features["GUT_00038"][1]
        assert attributes["product"] == ["TonB-dependent receptor"]
        assert attributes["Note"][0].startswith("draft: SusC/RagA family")
        assert not {"ec_number", "Dbxref", "Ontology_term", "inference"} & set(attributes)

    def test_an_accepted_gene_has_what_was_signed(self, features):
        attributes = features["GUT_00012"][1]
        assert attributes["product"] == ["beta-galactosidase"]
        assert attributes["ec_number"] == ["3.2.1.23"]
        assert attributes["Ontology_term"] == ["GO:0004565"]
        assert attributes["Dbxref"] == ["KEGG:K01190"]
        assert attributes["inference"] == ["similar to AA sequence:UniProtKB:P00722"]
        assert attributes["metalumen_eco"] == ["ECO:0000305"]

    def test_a_changed_one_does_not_inherit_terms_or_inference(self, features):
        attributes = features["GUT_00031"][1]
        assert attributes["product"] == ["Ntn-hydrolase family protein"]
        assert not {"Dbxref", "Ontology_term", "inference"} & set(attributes)

    def test_a_rejected_one_says_nothing_of_the_draft(self, features):
        attributes = features["GUT_00052"][1]
        assert attributes["product"] == ["hypothetical protein"]
        assert attributes["metalumen_state"] == ["rejected"]
        assert "Note" not in attributes

    def test_nasty_text_comes_back_whole(self, features):
        columns, attributes = features["GUT_00066|=x"]
        assert columns[0] == "contig|9;x y"
        assert attributes["product"] == ["a|b c d;e=f&g,h%0A"]

    def test_order_does_not_depend_on_the_input(self, exporter):
        report = sample_report()
        turned = replace(report, records=report.records[::-1])
        assert written(exporter, report) == written(exporter, turned)

    def test_genes_without_place_are_left_out(self, exporter):
        record = clear_enzyme()
        homeless = record.model_copy(update={"gene": replace(record.gene, location=None)})
        text = written(exporter, replace(sample_report(), records=(homeless,)))
        assert not parsed(text)

    def test_golden(self, exporter):
        report = sample_report(reviews=sample_reviews())
        assert written(exporter, report) == GOLDEN.read_text(encoding="utf-8")


@given(st.text())
def test_any_value_decodes_to_itself_on_one_line(text):
    escaped = escape_value(text)
    assert unquote(escaped) == one_line(text)
    assert not set(";=&,\t\n\r") & set(escaped)
