from assistant.evaluation.answers import best_hit
from tests.assistant.evaluation.made import candidate, hit, known, prediction

LEVELS = (0.9, 0.8, 0.7, 0.3)


def views(candidates=(), evidence=(), tier="high"):
    return prediction(known("1.1.1.1"), candidates, evidence, tier).views


def test_the_best_hit_has_most_bits_and_gives_all_its_ec_numbers():
    evidence = [hit("2.2.2.2", bits=90), hit("1.1.1.1", "1.1.1.2", bits=200, pident=40)]
    answer = views(evidence=evidence)["best_hit"]
    assert answer.ec_numbers == ("1.1.1.1", "1.1.1.2")
    assert answer.scores == (1.0, 1.0)
    assert answer.levels == (0.4, 0.4, 0.4, 0.4)


def test_the_same_sequence_is_better_than_any_alignment():
    evidence = [hit("2.2.2.2", bits=9000), hit("1.1.1.1", bits=None, pident=100)]
    assert best_hit(evidence).terms.ec_numbers == ("1.1.1.1",)


def test_a_protein_of_unknown_function_gives_nothing_and_is_passed_over():
    evidence = [hit(product="", bits=500), hit("1.1.1.1", bits=100)]
    assert views(evidence=evidence)["best_hit"].first == "1.1.1.1"


def test_a_best_hit_that_is_no_enzyme_names_no_ec():
    evidence = [hit(product="Porin", bits=500), hit("1.1.1.1", bits=100)]
    assert views(evidence=evidence)["best_hit"].ec_numbers == ()


def test_forced_is_full_and_reported_is_cut():
    found = views([candidate("1.1.1.1", LEVELS, cut=3)])
    assert found["forced"].ec_numbers == ("1.1.1.1",)
    assert found["forced"].levels == LEVELS
    assert found["reported"].ec_numbers == ("1.1.1.-",)
    assert found["reported"].levels == LEVELS[:3]
    assert found["reported"].confidence == 0.7


def test_forced_answers_where_the_tool_abstains():
    found = views([candidate("1.1.1.1", (0.2, 0.1, 0.1, 0.1), cut=0)], tier="abstain")
    assert found["forced"].first == "1.1.1.1"
    assert found["reported"].ec_numbers == ()


def test_forced_passes_over_names_and_reported_does_not():
    found = views([candidate(probability=0.8), candidate("1.1.1.1", LEVELS)])
    assert found["forced"].first == "1.1.1.1"
    assert found["reported"].ec_numbers == ()


def test_further_candidates_are_named_when_they_are_probable_enough():
    sure, unsure = (0.9, 0.9, 0.9, 0.4), (0.9, 0.9, 0.9, 0.2)
    leading = candidate("1.1.1.1", (0.9, 0.9, 0.9, 0.8))
    found = views([leading, candidate("1.1.1.2", sure), candidate("1.1.1.3", unsure)])
    assert found["forced"].ec_numbers == ("1.1.1.1", "1.1.1.2")
    assert found["forced"].scores == (0.8, 0.4)


def test_nothing_found_nothing_said():
    assert all(answer.first == "" and answer.levels == () for answer in views().values())
