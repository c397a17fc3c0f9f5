from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.biosecurity import REVIEW_FLAG, TOXIN_FLAG, matched_rules, screen
from tests.assistant import cases


def flags_for(name):
    return screen(cases.GENE, [cases.hit("P1", name)])


@pytest.mark.parametrize(
    "name",
    [
        "Botulinum neurotoxin type B",
        "Bontoxilysin A",
        "Ricin",
        "Shiga-like toxin 1 subunit A",
        "Shiga toxin 2",
        "Staphylococcal enterotoxin B",
        "Enterotoxin type A",
        "Epsilon-toxin type B",
        "Alpha-hemolysin",
        "Toxic shock syndrome toxin-1",
        "Alpha-conotoxin GI",
    ],
)
def test_toxins_of_control_lists_ask_for_review(name):
    assert set(flags_for(name)) == {REVIEW_FLAG, TOXIN_FLAG}
    assert matched_rules(name)


@pytest.mark.parametrize(
    "name", ["Cytolethal distending toxin subunit B", "Hemolysin", "Leukocidin F", "Aerolysin"]
)
def test_other_toxins_are_flagged(name):
    assert flags_for(name) == (TOXIN_FLAG,)


@pytest.mark.parametrize(
    "name",
    [
        "type II toxin-antitoxin system RelE family toxin",
        "Antitoxin MazE",
        "mRNA interferase toxin RelE",
        "Thioredoxin",
        "Beta-galactosidase",
        "Detoxification protein",
        "Multidrug and toxin extrusion transporter",
        "Ricinoleate hydroxylase",
    ],
)
def test_harmless_names_are_not(name):
    assert flags_for(name) == ()
    assert matched_rules(name) == ()


def test_the_go_term_is_enough():
    assert screen(cases.GENE, [cases.hit("P1", "Protein X", go=["GO:0090729"])]) == (TOXIN_FLAG,)


def test_the_gene_itself_is_read_and_papers_are_not():
    assert screen(replace(cases.GENE, product="hemolysin"), ()) == (TOXIN_FLAG,)
    paper = replace(cases.hit("P1", "Botulinum neurotoxin type A"), kind="literature")
    assert screen(cases.GENE, [paper]) == ()


def test_the_domains_of_a_toxin_are_read():
    domain = replace(
        cases.hit("P1", ""), kind="families", title="Toxin_trans: Clostridium neurotoxin, domain"
    )
    assert screen(cases.GENE, [domain]) == (TOXIN_FLAG,)
    harmless = replace(domain, title="RelE: toxin of a toxin-antitoxin system")
    assert screen(cases.GENE, [harmless]) == ()
