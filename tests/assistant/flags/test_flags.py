from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.calibration import load_calibration
from assistant.flags import Case, review_flags
from assistant.flags.classes import CLASS_WORDS, CLASSES, class_of
from assistant.flags.support import _conflict_reason
from assistant.ranking import rank
from assistant.report import words
from assistant.scoring import Scored, score
from assistant.votes import cast_votes
from ingest.records import Location
from tests.assistant import cases

CALIBRATION = load_calibration()


def ranked(evidence, gene=cases.GENE):
    return rank(gene, evidence, CALIBRATION)


def test_gene_flags():
    gene = replace(
        cases.GENE,
        translation="MKT",
        partial=True,
        product="Beta-galactosidase",
        location=Location("c1", 1, 12),
        contig_length=500,
    )
    flags = ranked((), gene).flags
    assert set(flags) == {"partial", "contig_edge", "short_protein", "already_annotated"}
    inside = replace(cases.GENE, location=Location("c1", 100, 400), contig_length=5000)
    assert ranked((), inside).flags == ()


def test_an_earlier_annotation_that_disagrees_is_flagged():
    ranking = ranked([*cases.CLEAR, cases.prior("Ribosomal protein L2")])
    assert "prior_annotation_disagrees" in ranking.flags
    assert ranking.candidates[0].ec_number == "3.2.1.23"
    agreeing = ranked([*cases.CLEAR, cases.prior("putative beta-galactosidase")])
    assert "prior_annotation_disagrees" not in agreeing.flags


def test_copies_in_one_species_count_once():
    copies = [
        cases.hit(f"P{n}", "Beta-galactosidase", "3.2.1.23", pident=70, taxon="Escherichia coli")
        for n in range(4)
    ]
    assert "single_source" in ranked(copies).flags


# --- Error classes --------------------------------------------------------------------------


def reason_of(flag, evidence, gene=cases.GENE):
    """Why the flag was raised, "" when it was not."""
    notes = {note.flag: note.reason for note in ranked(evidence, gene).notes}
    return notes.get(flag, "")


def test_each_flag_is_raised_once_with_one_sentence():
    evidence = [*cases.CLOSE, cases.prior("Ribosomal protein L2")]
    notes = ranked(evidence).notes
    assert len({note.flag for note in notes}) == len(notes) > 0
    for note in notes:
        assert note.reason.endswith(".")
        assert "  " not in note.reason
        assert note.flag in words.FLAGS


def test_what_the_own_file_says_already_is_not_new():
    gene = replace(cases.GENE, product="Beta-galactosidase (EC 3.2.1.23)")
    reason = reason_of("already_known", cases.CLEAR, gene)
    assert reason == (
        'The gene\'s own record already says "Beta-galactosidase" with EC 3.2.1.23, '
        "so this is not new."
    )
    assert "already_annotated" not in ranked(cases.CLEAR, gene).flags


def test_an_earlier_annotation_or_an_identical_protein_makes_it_known():
    assert "Bakta" in reason_of("already_known", [*cases.CLEAR, cases.prior("beta-galactosidase")])
    identical = cases.hit("P00722", "Beta-galactosidase", "3.2.1.23", pident=100, qcov=1, scov=1)
    assert "UniProtKB:P00722" in reason_of("already_known", [identical])
    near = cases.hit("P00722", "Beta-galactosidase", "3.2.1.23", pident=99)
    assert reason_of("already_known", [near]) == ""


def test_a_broader_annotation_leaves_news_to_tell():
    broad = cases.prior("Glycosidase", ["3.2.1.-"])
    assert "already_known" not in ranked([*cases.CLEAR, broad]).flags
    assert "less_specific" not in ranked([*cases.CLEAR, broad]).flags
    assert "prior_annotation_disagrees" not in ranked([*cases.CLEAR, broad]).flags


def test_more_digits_known_elsewhere_are_told():
    prior = cases.prior("Xylulose kinase", ["2.7.1.17"])
    ranking = ranked([*cases.CLOSE, prior])
    if ranking.candidates[0].ec_number != "2.7.1.17":
        assert "2.7.1.17" in reason_of("less_specific", [*cases.CLOSE, prior])


def test_earlier_ec_numbers_are_compared_digit_by_digit():
    other = cases.prior("Alpha-galactosidase", ["3.2.1.22"])
    reason = reason_of("prior_annotation_disagrees", [*cases.CLEAR, other])
    assert reason.endswith('says "Alpha-galactosidase" with EC 3.2.1.22, not EC 3.2.1.23.')


def test_two_functions_of_one_family_as_near_may_be_paralogs():
    reason = reason_of("paralog_subfamily", cases.CLOSE)
    assert "2.7.1.17 (40 % identical, 300 bits)" in reason
    assert "2.7.1.30 (40 % identical, 299 bits)" in reason
    distant = [cases.CLOSE[0], replace(cases.CLOSE[1], metrics=replace(
        cases.CLOSE[1].metrics, bitscore=200.0))]  # fmt: skip
    assert reason_of("paralog_subfamily", distant) == ""


def test_other_families_and_bifunctional_proteins_are_no_paralogs():
    other = [cases.CLOSE[0], cases.hit("P2", "Alpha-amylase", "3.2.1.1", pident=40, bits=299)]
    assert reason_of("paralog_subfamily", other) == ""
    assert reason_of("paralog_subfamily", cases.BIFUNCTIONAL) == ""


def test_nothing_is_called_a_proposal_where_none_is_made():
    evidence = [cases.hit("P1", "Xylulose kinase", "2.7.1.17", pident=20, bits=30)]
    votes = cast_votes(cases.GENE, evidence)
    scored = score(votes, CALIBRATION)
    notes = review_flags(Case(cases.GENE, evidence, votes, scored, level=4, tier="abstain"))
    assert [note.reason for note in notes] == [
        "A single source speaks for the nearest candidate, EC 2.7.1.17, which is not proposed: "
        "UniProtKB:P1, 20 % identical."
    ]


def test_a_low_tier_is_uncertain_and_gives_its_probability():
    prior = [cases.prior("Alpha-amylase", ["3.2.1.1"])]
    ranking = ranked(prior)
    assert ranking.tier == "low"
    assert f"{ranking.probability:.2f}" in reason_of("uncertain", prior)


def neighbours(*names):
    places = (-2, -1, 1, 2)
    return [cases.neighbour(name, place=place) for name, place in zip(names, places, strict=False)]


FLAGELLAR = neighbours(*(f"flagellar protein Flg{letter}" for letter in "ABDE"))
#: One relative only, so that the tier stays below "high".
LACTASE = [cases.hit("P1", "Beta-galactosidase", "3.2.1.23", pident=85)]


def test_neighbours_that_agree_among_themselves_speak_against():
    reason = reason_of("context_disagrees", [*LACTASE, *FLAGELLAR])
    assert reason.startswith("4 neighbours in the same operon-like run, on both sides,")
    assert '"flagellar"' in reason


@pytest.mark.parametrize(
    "evidence",
    [
        [*LACTASE, *FLAGELLAR[:2]],
        [*LACTASE, *FLAGELLAR[:3], cases.neighbour("Glucosidase", ec=["3.2.1.21"], place=2)],
        [cases.hit("P1", "Flagellar hook protein", pident=85), *FLAGELLAR],
        [*cases.CLEAR, *FLAGELLAR],
    ],
    ids=["two neighbours", "one of its kind", "same process", "high tier"],
)
def test_the_context_is_silent(evidence):
    assert reason_of("context_disagrees", evidence) == ""


def test_neighbours_never_change_the_answer():
    assert ranked([*cases.CLEAR, *FLAGELLAR]).candidates == ranked(cases.CLEAR).candidates


def test_every_class_of_the_curators_has_a_flag():
    assert set(CLASSES.values()) == set(CLASS_WORDS) == {"CNN", "LSP", "PLI", "NPI", "REP", "UNC"}
    assert set(CLASSES) <= set(words.FLAGS)
    assert class_of("single_source") == "UNC"
    assert class_of("short_protein") == ""


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (
            ("4.4.1.24", (0.99, 0.8, 0.78, 0.7)),
            ("4.2.1.42", (0.99, 0.71, 0.66, 0.37)),
            "EC 4.2.-.- (EC 4.2.1.42 in it) has a probability of 0.71 where EC 4.4.-.- "
            "(EC 4.4.1.24 in it) has 0.80.",
        ),
        (
            ("2.3.1.197", (0.9, 0.9, 0.9, 0.32)),
            ("2.3.1.201", (0.9, 0.9, 0.9, 0.29)),
            "EC 2.3.1.201 has a probability of 0.29 where EC 2.3.1.197 has 0.32.",
        ),
    ],
)
def test_a_conflict_names_what_its_probabilities_are_of(ours, theirs, told):
    leader, rival = (Scored(ec, (), (), levels, (), 1.0) for ec, levels in (ours, theirs))
    assert _conflict_reason(leader, rival) == told
