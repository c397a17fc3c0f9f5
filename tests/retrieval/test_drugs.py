"""The table of drug transformations: its form, and what it fits."""

import pytest

from ingest.vocab import ec_level, normalise_ec
from retrieval.drugs import by_enzyme, drugs_named, fitting, transformations
from retrieval.evidence.base import Terms

TABLE = transformations()


def test_sixty_transformations_and_more_are_known_each_with_a_citation():
    assert len({(one.drug, one.enzyme) for one in TABLE}) >= 60
    assert len(TABLE) == len(set(TABLE))
    for one in TABLE:
        assert one.drug
        assert one.change
        assert one.organisms
        assert one.citation[-1].isdigit() or one.citation.rpartition(":")[2]
        assert any(
            part.isdigit() and 1900 < int(part) < 2030
            for part in one.citation.replace(",", "").split()
        )
        assert one.effect in {"inactivates", "activates", "reactivates", "makes toxic", "changes"}
        assert one.shown_in in {"enzyme", "strain", "community"}
        assert not one.doi or one.doi.startswith("10.")


def test_ec_numbers_are_written_as_everywhere():
    for one in TABLE:
        for ec in one.ec_numbers:
            assert normalise_ec(ec) == ec
            assert ec_level(ec) >= 3


def test_no_row_speaks_of_doses():
    words = " ".join(f"{one.change} {one.limits}" for one in TABLE).casefold()
    assert not {"mg", "dose", "dosage", "tablet"} & set(words.split())


@pytest.mark.parametrize(
    ("terms", "drug"),
    [
        (Terms("beta-glucuronidase", ec_numbers=("3.2.1.31",)), "irinotecan"),
        (Terms("putative tyrosine decarboxylase"), "levodopa"),
        (Terms("Cardiac glycoside reductase 2", gene="cgr2"), "digoxin"),
        (
            Terms(
                "dihydropyrimidine dehydrogenase subunit A", gene="preA", ec_numbers=("1.3.1.1",)
            ),
            "fluorouracil",
        ),
        (Terms("nitroimidazole resistance protein", gene="nimA"), "dimetridazole"),
        (Terms("subclass B1 metallo-beta-lactamase NDM-1", ec_numbers=("3.5.2.6",)), "carbapenems"),
    ],
)
def test_a_function_is_known_by_number_name_or_symbol(terms, drug):
    assert drug in {one.drug for one in fitting(terms)}


@pytest.mark.parametrize(
    "terms",
    [
        Terms("fatty acid desaturase", gene="desA"),  # desA is also a steroid desmolase
        Terms("ribonuclease PH", gene="rph"),  # rph is also a rifampicin phosphotransferase
        Terms("transcriptional activator", gene="vgb"),
        Terms("alpha-glucuronidase", ec_numbers=("3.2.1.139",)),
        Terms("tyrosine decarboxylase", ec_numbers=("4.1.1.28",)),
        Terms(),
    ],
)
def test_a_shared_symbol_or_another_number_does_not_fit(terms):
    assert fitting(terms) == ()


def test_a_common_beta_lactamase_is_not_said_to_take_carbapenems():
    found = {one.drug for one in fitting(Terms("class A beta-lactamase", ec_numbers=("3.5.2.6",)))}
    assert found == {"penicillins"}


@pytest.mark.parametrize(
    ("question", "drug"),
    [
        ("Which genes of this cohort may inactivate digoxin?", "digoxin"),
        ("does E. faecalis eat L-DOPA", "levodopa"),
        ("What about penicillin?", "penicillins"),
        ("5-FU resistance", "fluorouracil"),
        ("Is SN-38 glucuronide cut?", "irinotecan"),
    ],
)
def test_drugs_are_recognised_in_questions(question, drug):
    assert drug in {one.drug for one in drugs_named(question)}


def test_parts_of_words_name_no_drug():
    assert drugs_named("the nicotinamide pool and cholinergic neurons") == ()


def test_what_was_shown_with_the_enzyme_comes_first():
    groups = by_enzyme(fitting(Terms(ec_numbers=("3.2.1.31",))))
    shown = [one.shown_in for one in groups["beta-glucuronidase"]]
    assert shown == sorted(shown, key=["enzyme", "strain", "community"].index)
