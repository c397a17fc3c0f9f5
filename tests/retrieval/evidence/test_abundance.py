"""Abundance: prevalence, mean and highest sample as stated."""

from __future__ import annotations

import math

import pytest

from ingest.records import Feature, Gene, Provenance
from retrieval.evidence.abundance import AbundanceInSamples
from retrieval.evidence.base import Surroundings, Terms
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
