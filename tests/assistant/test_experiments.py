from __future__ import annotations

import re

import pytest

from assistant.assays import ASSAYS, assay_for
from assistant.biosecurity import REVIEW_FLAG, TOXIN_FLAG
from assistant.calibration import load_calibration
from assistant.experiments import EXPERIMENT_TYPES, plan
from assistant.ranking import rank
from ingest.vocab import EC_CLASSES
from tests.assistant import cases

CALIBRATION = load_calibration()
MEASURED = {"enzyme_assay", "uptake_assay", "reporter", "thermal_shift"}


def planned(evidence):
    ranking = rank(cases.GENE, evidence, CALIBRATION)
    return plan(ranking.candidates, cases.GENE, evidence, ranking.flags)


@pytest.mark.parametrize("entry", EXPERIMENT_TYPES.values(), ids=lambda entry: entry.key)
def test_every_type_is_complete(entry):
    assert re.fullmatch(r"ECO:\d{7}", entry.eco)
    assert len(entry.controls) >= 2
    assert entry.answers
    assert entry.title
    assert EXPERIMENT_TYPES[entry.key] is entry


@pytest.mark.parametrize("name", cases.ALL)
def test_two_or_three_that_start_with_a_computation(name):
    experiments = planned(cases.ALL[name])
    assert 2 <= len(experiments) <= 3
    assert EXPERIMENT_TYPES[experiments[0].type].is_computation
    assert experiments[0].effort == "low"
    assert len({one.type for one in experiments}) == len(experiments)
    for one in experiments:
        assert one.eco == EXPERIMENT_TYPES[one.type].eco
        assert one.controls
        assert one.expected_if_true != one.expected_if_false
        assert not re.search(r"\bNone\b|\{|\}|  |\(\)| \.", one.design + one.aim)


def test_rivals_are_told_apart_in_both_outcomes():
    for one in planned(cases.CLOSE):
        whole = one.design + one.expected_if_true + one.expected_if_false
        assert "2.7.1.17" in whole, one.type
        assert "2.7.1.30" in whole, one.type


def test_an_abstention_gets_tests_that_would_find_a_function():
    types = [one.type for one in planned(())]
    assert types == ["structure_prediction", "gene_neighbourhood", "pooled_fitness"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("clear", "enzyme_assay"), ("transporter", "uptake_assay"), ("regulator", "reporter")],
)
def test_the_test_fits_the_kind_of_function(name, expected):
    assert expected in {one.type for one in planned(cases.ALL[name])}
    assert not (MEASURED - {expected}) & {one.type for one in planned(cases.ALL[name])}


def test_a_toxin_is_neither_cloned_nor_expressed():
    experiments = planned(cases.TOXIN)
    allowed = {"homolog_tree", "structure_prediction", "qrt_pcr"}
    assert {one.type for one in experiments} <= allowed
    assert all("permit" in one.safety_note for one in experiments)
    assert not any(re.search(r"\bClone\b|\b[Ee]xpress\b", one.design) for one in experiments)


@pytest.mark.parametrize("flag", [REVIEW_FLAG, TOXIN_FLAG])
def test_the_flag_alone_limits_the_choice(flag):
    experiments = plan((), cases.GENE, (), [flag])
    assert {one.type for one in experiments} == {"structure_prediction", "qrt_pcr"}
    assert all(one.safety_note for one in experiments)


def test_every_enzyme_class_has_an_assay():
    assert set(EC_CLASSES) <= set(ASSAYS)
    assert assay_for("3.5.2.6").substrates.startswith("nitrocefin")
    assert assay_for("2.7.1.17") == ASSAYS["2.7"]
    assert "guanidino" in assay_for("3.5.3.6").substrates
    assert "DNA" in assay_for("3.1.11.-", "exonuclease SbcD").substrates
    assert assay_for("", "N-acetylmuramoyl-L-alanine amidase").substrates
    assert "reduced forms" in assay_for("", "short chain dehydrogenase").substrates
    assert assay_for("2.7.-.-") == ASSAYS["2.7"]
    assert assay_for("3.20.1.1") == ASSAYS["3"]
    assert assay_for("").readout


@pytest.mark.parametrize(
    ("ec_number", "name"),
    [
        ("3.1.11.5", "exonuclease V"),
        ("2.7.7.7", "DNA polymerase III subunit beta"),
        ("6.1.1.9", "valyl-tRNA synthetase"),
        ("2.1.1.177", "23S rRNA pseudouridine methyltransferase"),
        ("2.7.13.3", "sensor histidine kinase"),
        ("3.4.21.92", "ATP-dependent Clp protease"),
        ("", "DEAD/DEAH box helicase"),
    ],
)
def test_what_cannot_be_fed_is_not_fed(ec_number, name):
    assert not assay_for(ec_number, name).is_fed


@pytest.mark.parametrize(
    ("ec_number", "name"), [("3.2.1.23", "beta-galactosidase"), ("", "lipase")]
)
def test_small_substrates_can_be_fed(ec_number, name):
    assert assay_for(ec_number, name).is_fed
