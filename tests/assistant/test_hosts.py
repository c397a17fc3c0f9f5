"""Hosts, proxies and mutants by the taxa of relatives; tests that only exist where those do."""

import pytest

from assistant.calibration import load_calibration
from assistant.decisions import decision_of
from assistant.experiments import EXPERIMENT_TYPES, plan
from assistant.hosts import host_of, mutant_of
from assistant.ranking import rank
from ingest.records import Gene
from retrieval.evidence.base import Evidence, Metrics, Terms
from tests.assistant import cases

KINASE = Terms(product="galactokinase", ec_numbers=("2.7.1.6",))
GENE = Gene("g1", translation="MKV" * 100)


def relative(taxon, pident=70.0, number=1):
    metrics = Metrics(pident=pident, qcov=0.98, scov=0.98, evalue=1e-90, bitscore=400.0)
    return Evidence(
        gene_id="g1", kind="similarity", eco="ECO:0000249", statement=f"Like that of {taxon}.",
        reference=f"UniProtKB:P0000{number}", terms=KINASE, metrics=metrics, taxon=taxon,
        reviewed=True,
    )  # fmt: skip


def planned(*evidence):
    ranking = rank(GENE, evidence, load_calibration())
    return plan(ranking.candidates, GENE, evidence, ranking.flags)


@pytest.mark.parametrize(
    ("taxon", "strain", "is_proxy"),
    [
        ("Bacteroides uniformis", "Bacteroides thetaiotaomicron", False),
        ("Prevotella copri", "Bacteroides thetaiotaomicron", True),
        ("Faecalibacterium prausnitzii", "Clostridium sporogenes", True),
        ("Methanobrevibacter smithii", "Methanococcus maripaludis", True),
        ("uncultured bacterium", "Escherichia coli", True),
        ("", "Escherichia coli", True),
    ],
)
def test_the_host_is_of_the_relatives_genus_or_a_proxy(taxon, strain, is_proxy):
    host = host_of([relative(taxon)])
    assert host.strain.startswith(strain)
    assert host.is_proxy is is_proxy


def test_the_nearest_relative_decides():
    items = [relative("Bacillus subtilis", 40.0), relative("Bacteroides ovatus", 80.0, 2)]
    assert host_of(items).genus == "Bacteroides"


def test_complementation_only_where_a_mutant_is_kept():
    types = {one.type: one for one in planned(relative("Escherichia coli (strain K12)"))}
    assert "Keio" in types["complementation"].design
    assert "UniProtKB:P00001" in types["complementation"].design


def test_deletion_where_the_genus_can_be_modified_and_a_product_otherwise():
    assert "deletion" in {one.type for one in planned(relative("Bacteroides ovatus"))}
    from_roseburia = {one.type: one for one in planned(relative("Roseburia hominis"))}
    assert "complementation" not in from_roseburia
    assert "proxy for Roseburia" in from_roseburia["mass_spectrometry"].host


def test_a_mutant_must_be_of_a_relative_that_speaks_for_the_function():
    item = relative("Escherichia coli")
    assert mutant_of([item], [item.id])[1] == "UniProtKB:P00001"
    assert mutant_of([item], []) == ("", "")


@pytest.mark.parametrize("key", EXPERIMENT_TYPES)
def test_every_type_has_a_rule_of_decision(key):
    rule = decision_of(key)
    assert rule.rule
    assert rule.host
    assert 0 < rule.power <= 1


@pytest.mark.parametrize("name", cases.ALL)
def test_every_experiment_says_host_rule_and_what_it_tells(name):
    ranking = rank(cases.GENE, cases.ALL[name], load_calibration())
    for one in plan(ranking.candidates, cases.GENE, cases.ALL[name], ranking.flags):
        assert one.host
        assert one.decision_rule
        assert one.discriminates
        assert one.biosafety
        if EXPERIMENT_TYPES[one.type].is_computation:
            assert one.biosafety == "computer_only"
        if name == "toxin":
            assert one.biosafety in {"computer_only", "officer_first"}
