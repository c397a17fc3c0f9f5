"""Abundance: prevalence, mean and highest sample as stated."""

from __future__ import annotations

import math

import pytest

from ingest.records import Feature, Gene, Provenance
from ingest.store_rows import Document
from retrieval.evidence.abundance import AbundanceInSamples
from retrieval.evidence.base import Evidence, Metrics, Surroundings, Terms
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract


def row(feature_id, *values, unit="CPM", table="t.tsv", **more):
    pairs = tuple((f"S{n}", value) for n, value in enumerate(values))
    return Feature(
        *(feature_id, feature_id, "gene", unit, pairs), provenance=Provenance(table), **more
    )


def gather(*rows):
    view = FakeView(features=rows)
    return AbundanceInSamples().gather([Gene("g1")], view, {}, Surroundings()).get("g1", [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return AbundanceInSamples()

    @pytest.fixture
    def genes(self):
        return [Gene("g1"), Gene("g2"), Gene("g3")]

    @pytest.fixture
    def view(self):
        rows = [row("g1", 1.0, 0.0), row("g1", 5.0, unit="reads", table="u.tsv"), row("g2", 0.0)]
        return FakeView(features=rows)


def test_numbers_are_those_of_the_row():
    (item,) = gather(row("g1", 0.0, 10.0, 1250.0, 0.0))
    assert item.statement == (
        "Detected in 2 of 4 samples (50 %) of t.tsv, mean over all samples 315 CPM,"
        " highest 1,250 CPM in S2; no test of association was made."
    )
    assert item.metrics.prevalence == 0.5
    assert item.metrics.mean_abundance == 315.0
    assert item.terms == Terms()
    assert item.eco == "ECO:0007257"


def test_absence_is_a_finding():
    (item,) = gather(row("g1", 0.0, 0.0))
    assert item.statement.startswith("Not detected in any of 2 samples of t.tsv;")
    assert item.metrics.prevalence == 0


def test_missing_values_are_no_samples():
    (item,) = gather(row("g1", math.nan, 4.0))
    assert "1 of 1 sample (100 %)" in item.statement
    assert gather(row("g1", math.nan)) == []


def test_a_missing_unit_is_said():
    (item,) = gather(row("g1", 4.0, unit=""))
    assert "mean over all samples 4 (unit not stated)" in item.statement


def test_strata_and_special_rows_are_not_the_gene():
    assert gather(row("g1", 4.0, stratum="s__X"), row("g1", 4.0, special=True)) == []


def test_ties_name_the_first_sample():
    (item,) = gather(row("g1", 4.0, 4.0))
    assert "highest 4 CPM in S0" in item.statement


def relative(pident=95.0, cover=0.9, reference="UniProtKB:P12345"):
    metrics = Metrics(pident=pident, qcov=cover, scov=cover, evalue=1e-90)
    return Evidence("g1", "similarity", "ECO:0000249", "s.", reference, metrics=metrics)


def of_family(*, kind="families", family_kind="equivalog", ko=("K01190",)):
    terms = Terms(ko=ko)
    reference = "KOfam:K01190" if ko else "Pfam:PF00703"
    return Evidence(
        *("g1", kind, "ECO:0000256", "s.", reference), terms=terms, family_kind=family_kind
    )


def gather_with(found, *rows, summaries=()):
    view = FakeView(features=rows, summaries=summaries)
    return (
        AbundanceInSamples().gather([Gene("g1")], view, {"g1": found}, Surroundings()).get("g1", [])
    )


@pytest.mark.parametrize(
    ("found", "row_id"),
    [
        (relative(), "UniRef90_P12345"),
        (relative(60.0), "UniRef50_P12345"),
        (relative(reference="UniRef:UniRef90_P12345"), "UniRef90_P12345"),
        (of_family(), "K01190"),
        (of_family(kind="prior_annotation", family_kind=""), "K01190"),
        (of_family(family_kind="domain", ko=()), "PF00703"),
    ],
)
def test_a_family_stands_for_a_gene_without_rows_and_is_named(found, row_id):
    (item,) = gather_with([found], row(row_id, 1.0, 0.0))
    assert item.reference.startswith(f"feature:{row_id}@")
    assert f"{row_id}" in item.statement.partition("(counts of")[2]


@pytest.mark.parametrize("found", [relative(89.0), relative(cover=0.5)])
def test_a_relative_below_the_bar_of_the_cluster_is_no_member(found):
    assert gather_with([found], row("UniRef90_P12345", 1.0)) == []


def test_own_counts_come_before_those_of_the_family():
    (item,) = gather_with([relative()], row("g1", 2.0), row("UniRef90_P12345", 9.0))
    assert item.reference == "feature:g1@t.tsv"
    assert "(counts" not in item.statement


def test_what_a_cohort_showed_is_repeated_word_for_word_as_an_association():
    text = (
        "CD vs nonIBD: found in 9.52 % of 42 samples (CD) and in 79.6 % of 54 (nonIBD); mean 1 "
        "CPM and 5 CPM. Lower in CD: log2 ratio -3.61, q 4.6e-07 (Mann-Whitney U). More."
    )
    told = Document("doc-1", "feature", "g1", "Gene g1 by diagnosis", text, "cohort 06c7")
    count, item = gather_with([], row("g1", 1.0), summaries=[told])
    assert "no test" not in count.statement
    assert item.quote in text
    assert "q 4.6e-07" in item.statement
    assert item.statement.endswith("An association, not a cause.")
    assert item.terms == Terms()
