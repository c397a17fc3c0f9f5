from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calibration import load_calibration
from assistant.ranking import (
    BY_CHANCE,
    NO_EVIDENCE,
    NO_HOMOLOG,
    NO_SEQUENCE,
    ONLY_UNCHARACTERISED,
    rank,
)
from assistant.scoring import score
from assistant.votes import cast_votes
from ingest.vocab import ec_level
from retrieval.evidence.base import Evidence, Metrics, Terms
from tests.assistant import cases

CALIBRATION = load_calibration()


def scored(evidence):
    votes = cast_votes(cases.GENE, evidence)
    return score(votes, CALIBRATION) if votes else []


def ranked(evidence, gene=cases.GENE):
    return rank(gene, evidence, CALIBRATION)


def test_agreeing_close_relatives_give_the_whole_number_with_high_confidence():
    ranking = ranked(cases.CLEAR)
    first = ranking.candidates[0]
    assert (first.product, first.ec_number) == ("beta-galactosidase", "3.2.1.23")
    assert ranking.tier == "high"
    assert len(ranking.candidates) == 1
    assert set(first.supporting) == {item.id for item in cases.CLEAR}
    assert ranking.flags == ()


def test_two_close_functions_are_cut_to_the_digits_they_share():
    ranking = ranked(cases.CLOSE)
    assert {one.ec_number for one in ranking.candidates} == {"2.7.1.-"}
    assert "conflicting_functions" in ranking.flags
    assert all(one.product.endswith("family protein") for one in ranking.candidates)
    assert {one.ec_levels[-1].ec_number for one in ranking.candidates} == {"2.7.1.17", "2.7.1.30"}


def test_a_domain_alone_never_gives_a_whole_number():
    ranking = ranked(cases.DOMAIN)
    first = ranking.candidates[0]
    assert ec_level(first.ec_number) <= 3
    assert first.product.endswith("domain-containing protein")
    assert "domain_only" in ranking.flags
    assert ranking.tier != "high"


@pytest.mark.parametrize("side", ["qcov", "scov"])
def test_either_coverage_below_half_makes_a_domain(side):
    ranking = ranked([cases.hit("P1", "Xylulose kinase", "2.7.1.17", pident=90, **{side: 0.49})])
    assert "domain_only" in ranking.flags


def test_uncharacterised_homologs_abstain():
    ranking = ranked(cases.UNCHARACTERISED)
    assert (ranking.tier, ranking.abstain_reason) == ("abstain", ONLY_UNCHARACTERISED)
    assert ranking.candidates == ()


def test_no_evidence_abstains():
    assert ranked(()).abstain_reason == NO_EVIDENCE
    literature = replace(cases.CLEAR[0], kind="literature")
    assert ranked([literature]).abstain_reason == NO_HOMOLOG
    nothing = replace(cases.GENE, translation="")
    assert ranked((), nothing).abstain_reason == NO_SEQUENCE


def test_literature_and_abundance_do_not_vote():
    told = [replace(cases.CLOSE[0], kind=kind) for kind in ("literature", "abundance")]
    assert ranked([*cases.CLEAR, *told]).candidates == ranked(cases.CLEAR).candidates


def test_a_bifunctional_protein_votes_for_both_without_conflict():
    ranking = ranked(cases.BIFUNCTIONAL)
    assert {one.ec_number for one in ranking.candidates} == {"2.7.7.23", "2.3.1.157"}
    assert "conflicting_functions" not in ranking.flags
    assert {one.probability for one in ranking.candidates} == {ranking.probability}


def test_an_unconfirmed_embedding_neighbour_is_low_at_best():
    near = cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=99, evalue=0.5,
                     kind="embedding_neighbours", bits=800)  # fmt: skip
    ranking = ranked([near])
    assert ranking.tier in {"low", "abstain"}
    confirmed = replace(near, metrics=replace(near.metrics, evalue=1e-80))
    assert ranked([confirmed]).tier == "high"


def test_earlier_annotations_alone_are_low_at_best():
    one = ranked([cases.prior("Alpha-amylase", ["3.2.1.1"])])
    two = ranked(
        [cases.prior("Alpha-amylase", ["3.2.1.1"]), cases.prior("Alpha-amylase", (), "KofamScan")]
    )
    alike = ranked(
        [cases.prior("Alpha-amylase", ["3.2.1.1"]), cases.prior("Alpha-amylase", (), "Prokka")]
    )
    assert (one.tier, two.tier) == ("low", "low")
    # Prokka and Bakta both search UniProt: the second adds nothing to the first.
    assert two.probability > alike.probability == one.probability


def family(kind, accession="KOfam:K01190", **changed):
    metrics = Metrics(bitscore=500.0, threshold=300.0, scov=0.98, qcov=0.95, evalue=1e-150)
    return Evidence(
        gene_id=cases.GENE.id,
        kind="families",
        eco="ECO:0000256",
        statement="Residues 1-390 match the family.",
        reference=accession,
        terms=Terms("Beta-galactosidase", ec_numbers=("3.2.1.23",), ko=("K01190",)),
        metrics=replace(metrics, **changed),
        family_kind=kind,
    )


def test_a_family_above_its_cut_off_names_a_function_with_medium_confidence():
    ranking = ranked([family("equivalog")])
    first = ranking.candidates[0]
    assert (first.product, first.ec_number, first.ko) == (
        "putative beta-galactosidase",
        "3.2.1.23",
        ("K01190",),
    )
    assert ranking.tier == "medium"
    assert ranked([family("equivalog"), *cases.CLEAR]).tier == "high"


@pytest.mark.parametrize("changed", [{"threshold": None}, {"bitscore": 200.0}, {"scov": 0.3}])
def test_a_family_without_cut_off_or_below_it_speaks_for_a_domain_only(changed):
    ranking = ranked([family("equivalog", **changed)])
    assert ranking.tier in {"low", "abstain"}
    assert ec_level(ranking.candidates[0].ec_number) <= 3


def test_a_domain_names_a_part_and_opposes_nothing():
    domain = replace(
        family("domain", "Pfam:PF00001"),
        terms=Terms(go_terms=("GO:0004565",)),
        title="PF00001: Concanavalin lectin fold",
    )
    ranking = ranked([domain])
    assert ranking.candidates[0].product.endswith("domain-containing protein")
    assert ranking.tier == "low"
    with_it, without = ranked([domain, *cases.CLEAR]), ranked(cases.CLEAR)
    assert with_it.candidates[0].probability == without.candidates[0].probability


def test_what_chance_may_give_is_shown_and_not_proposed():
    weak = cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=44, bits=30, evalue=2.0)
    ranking = ranked([weak, replace(weak, id="ev-2", reference="UniProtKB:P2")])
    assert (ranking.tier, ranking.abstain_reason) == ("abstain", BY_CHANCE)
    assert ranking.candidates[0].ec_levels[-1].ec_number == "3.2.1.23"


def test_an_identical_protein_is_no_chance_match_however_short():
    twin = cases.hit("P1", "Leader peptide PepL", pident=100, bits=12, evalue=0.05)
    assert ranked([twin]).abstain_reason != BY_CHANCE


def test_terms_have_the_probability_of_the_votes_that_state_them():
    ranking = ranked(
        [
            cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=80, go=("GO:1", "GO:2")),
            cases.hit("P2", "Beta-galactosidase", "3.2.1.23", pident=40, go=("GO:1",)),
            cases.hit("P3", "Beta-galactosidase", "3.2.1.23", pident=60),
        ]
    )
    first = ranking.candidates[0]
    assert first.go_terms == ("GO:1", "GO:2")
    assert first.go_probabilities[0] == first.probability
    assert 0 < first.go_probabilities[1] < first.probability


def test_an_out_of_date_number_counts_as_the_one_of_today():
    old = cases.hit("P1", "ATP synthase subunit beta", "3.6.3.14", pident=70)
    new = cases.hit("P2", "ATP synthase subunit beta", "7.1.2.2", pident=68)
    ranking = ranked([old, new])
    assert [one.ec_number for one in ranking.candidates] == ["7.1.2.2"]


def test_of_equal_functions_the_one_that_the_neighbours_fit_goes_first():
    one = cases.hit("P1", "Histidinol dehydrogenase", pident=50)
    other = cases.hit("P2", "Sorbitol dehydrogenase", pident=50)
    beside = cases.neighbour("Histidinol-phosphate aminotransferase")
    assert ranked([one, other]).candidates[0].product.startswith("histidinol")
    fitting = cases.neighbour("Sorbitol transporter")
    ranking = ranked([one, other, fitting])
    assert ranking.candidates[0].product.startswith("sorbitol")
    assert "1 neighbour on the contig fits it" in ranking.candidates[0].reasons
    assert ranked([one, other, beside]).candidates[0].product.startswith("histidinol")


def test_names_with_the_same_informative_words_are_one_function():
    ranking = ranked(
        [
            cases.hit("P1", "Putative sugar binding protein", pident=70),
            cases.hit("P2", "Sugar-binding family protein", pident=60),
        ]
    )
    assert len(ranking.candidates) == 1
    assert len(ranking.candidates[0].supporting) == 2


def test_one_source_alone_is_medium_unless_it_is_the_same_protein():
    single = [cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=85)]
    assert ranked(single).tier == "medium"
    assert "single_source" in ranked(single).flags
    same = [cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=99)]
    assert ranked(same).tier == "high"


def test_a_cluster_and_its_representative_vote_once():
    both = [
        cases.CLEAR[0],
        replace(cases.CLEAR[0], reference="UniRef:UniRef90_P00722", taxon="Enterobacteriaceae"),
    ]
    assert len(ranked(both).candidates[0].supporting) == 1


def test_toxins_are_flagged():
    assert {"biosecurity_review", "toxin"} <= set(ranked(cases.TOXIN).flags)


# --- Properties ---------------------------------------------------------------------------------

FUNCTIONS = [
    ("Xylulose kinase", ("2.7.1.17",)),
    ("Glycerol kinase", ("2.7.1.30",)),
    ("Hexokinase", ("2.7.1.1",)),
    ("Sugar phosphatase", ("3.1.3.23",)),
    ("Kinase of some kind", ("2.7.-.-",)),
    ("Bifunctional enzyme", ("2.7.1.17", "3.1.3.23")),
    ("Sugar-binding protein", ()),
    ("Uncharacterized protein", ()),
]


@st.composite
def hits(draw):
    product, ec = draw(st.sampled_from(FUNCTIONS))
    return cases.hit(
        f"A{draw(st.integers(1, 60)):04d}",
        product,
        ec,
        pident=draw(st.floats(20, 100)),
        qcov=draw(st.floats(0.1, 1)),
        scov=draw(st.floats(0.1, 1)),
        bits=draw(st.floats(30, 900)),
        evalue=draw(st.sampled_from([1e-80, 1e-5, 0.1])),
        kind=draw(st.sampled_from(["similarity", "embedding_neighbours"])),
        taxon=draw(st.sampled_from(["", "Escherichia coli", "Bacillus subtilis", "Bacteria"])),
        reviewed=draw(st.booleans()),
    )


# A gene has each item of evidence once (assistant.annotate).
evidence_lists = st.lists(hits(), max_size=12, unique_by=lambda item: item.id)


@settings(max_examples=60, deadline=None)
@given(evidence_lists)
def test_probability_never_grows_with_depth(evidence):
    for candidate in ranked(evidence).candidates:
        values = [level.probability for level in candidate.ec_levels]
        assert values == sorted(values, reverse=True)
        assert all(0 <= value <= 1 for value in values)


@settings(max_examples=60, deadline=None)
@given(evidence_lists, st.randoms(use_true_random=False))
def test_the_order_of_evidence_makes_no_difference(evidence, random):
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert ranked(shuffled) == ranked(evidence)


@settings(max_examples=100, deadline=None)
@given(evidence_lists, st.floats(20, 100), st.floats(0.1, 1), st.floats(30, 900))
def test_an_agreeing_independent_item_never_lowers_a_candidate(evidence, pident, cov, bits):
    for before in scored(evidence):
        number = before.ec_number
        if not number or ec_level(number) < 4:
            continue
        name = next(product for product, ec in FUNCTIONS if ec == (number,))
        agreeing = cases.hit("Z9999", name, number, pident=pident, qcov=cov, scov=cov, bits=bits)
        after = next(one for one in scored([*evidence, agreeing]) if one.ec_number == number)
        for old, new in zip(before.levels, after.levels, strict=True):
            assert new >= old - 1e-9
        assert after.order <= before.order


@settings(max_examples=40, deadline=None)
@given(evidence_lists)
def test_what_is_reported_meets_its_bar(evidence):
    ranking = ranked(evidence)
    bars = CALIBRATION.bars
    for candidate in ranking.candidates:
        if candidate.tier == "high":
            assert candidate.probability >= bars.high
        if candidate.tier != "abstain":
            assert candidate.probability >= bars.low
        if candidate.ec_number:
            stated = {level.ec_number: level.probability for level in candidate.ec_levels}
            assert stated[candidate.ec_number] == candidate.probability
    assert bool(ranking.abstain_reason) == (ranking.tier == "abstain")


def test_a_whole_protein_match_names_what_a_domain_match_only_refines():
    """AhpF is 1.8.1.- over its whole length; thioredoxin reductase (1.8.1.9) is one domain."""
    evidence = [
        cases.hit("P1", "alkyl hydroperoxide reductase, F subunit", "1.8.1.-", pident=54, qcov=1.0),
        cases.hit("P2", "alkyl hydroperoxide reductase", "1.8.1.-", pident=54, qcov=1.0),
        cases.hit("P3", "thioredoxin reductase", "1.8.1.9", pident=36, qcov=0.59),
        cases.hit("P4", "dihydrolipoyl dehydrogenase", "1.8.1.4", pident=24, qcov=0.54),
    ]
    ranking = ranked(evidence)
    assert ranking.candidates[0].ec_number == "1.8.1.-"
    assert "alkyl hydroperoxide reductase" in ranking.candidates[0].product
    said = [(one.product, one.ec_number) for one in ranking.candidates]
    assert len(said) == len(set(said))
    assert [one.rank for one in ranking.candidates] == list(range(1, len(said) + 1))
