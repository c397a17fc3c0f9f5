"""What questions name, and what later ones keep of it."""

import pytest

from assistant.chat.aspects import aspect_of
from assistant.chat.following import Before, understand
from assistant.chat.subjects import Subject, subjects_of
from tests.assistant.sample_records import sample_records
from tests.retrieval.bases import METADATA, PROFILE, PROTEINS, empty_base, written

PATHWAYS = "# Pathway\tS1\tS2\nPWY-2942: L-lysine biosynthesis III\t3\t5\nUNMAPPED\t1\t1\n"
RECORDS = {record.gene.id: record for record in sample_records()}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("subjects")
    files = written(
        folder / "in", proteins__tsv=PROTEINS, profile__tsv=PROFILE, paths__tsv=PATHWAYS
    )
    (metadata,) = written(folder / "in", metadata__tsv=METADATA)
    with empty_base(folder / "kb") as base:
        base.add(files, metadata=metadata)
        yield base.facts


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which gut bacteria inactivate digoxin?", {("drug", "digoxin")}),
        ("What may @GUT_00012 do?", {("gene", "GUT_00012")}),
        ("What does EC 3.5.1.24 do in B. dorei?", {("ec", "3.5.1.24"), ("taxon", "B. dorei")}),
        ("Is 3.2.1.- common?", {("ec", "3.2.1.-")}),
        ("K01442, PF00128 and GO:0004553", {("ko", "K01442"), ("family", "PF00128"),
                                           ("go", "GO:0004553")}),
        ("Who carries L-lysine biosynthesis?", {("pathway", "PWY-2942")}),
        ("PWY-2942 and PWY-9999?", {("pathway", "PWY-2942"), ("pathway", "PWY-9999")}),
        ("Is Roseburia faecis in S2?", {("taxon", "Roseburia faecis"), ("sample", "S2")}),
        ("Which archaea do that?", {("taxon", "Archaea")}),
        ("Which bacteria degrade resistant starch?", set()),
        ("Who won the football world cup in 2014?", set()),
        ("Human gut bacteria degrade mucin", set()),
    ],
)  # fmt: skip
def test_what_a_question_names(facts, question, named):
    assert {(it.kind, it.name) for it in subjects_of(question, facts, RECORDS)} == named


def test_old_names_and_old_numbers_stand_beside_the_new(facts):
    taxon, number = sorted(
        subjects_of("Clostridium difficile with EC 1.10.3.10", facts, {}),
        key=lambda it: -len(it.name),
    )
    assert "Clostridioides difficile" in taxon.also
    assert (number.name, number.also) == ("7.1.1.3", ("1.10.3.10",))


DIGOXIN = Subject(kind="drug", name="digoxin")
GENE = Subject(kind="gene", name="GUT_1")
ARCHAEA = Subject(kind="taxon", name="Archaea")
PREVOTELLA = Subject(kind="taxon", name="Prevotella")
FIRST = Before("Which Prevotella inactivate digoxin?", (DIGOXIN, PREVOTELLA))


def test_a_new_taxon_takes_the_place_of_the_old_and_the_drug_stays():
    asked = understand("and in archaea?", (ARCHAEA,), (FIRST,))
    assert asked.carried == (DIGOXIN,)
    assert "Prevotella" not in asked.text
    assert "digoxin" in asked.text
    assert not asked.is_about("Prevotella copri and digoxin")
    assert asked.is_about("A methanogenic archaeon reduced digoxin")


def test_it_keeps_the_gene():
    asked = understand("What about its neighbours?", (), (Before("What does GUT_1 do?", (GENE,)),))
    assert (asked.carried, asked.aspect) == ((GENE,), "neighbours")


def test_a_turn_without_subjects_is_passed_over():
    turns = (FIRST, Before("Thank you", ()))
    assert understand("And what makes it stop?", (), turns).carried == (DIGOXIN, PREVOTELLA)


@pytest.mark.parametrize(
    "question",
    [
        "How do gut bacteria change bile acids?",
        "Which species make butyrate from resistant starch?",
    ],
)
def test_a_question_of_its_own_keeps_nothing(question):
    assert understand(question, (), (FIRST,)).carried == ()


def test_the_aspect_goes_on_with_another_gene():
    turns = (Before("How would I test GUT_1?", (GENE,)),)
    other = Subject(kind="gene", name="GUT_2")
    asked = understand("and GUT_2?", (other,), turns)
    assert (asked.subjects, asked.aspect) == ((other,), "tests")


def test_aspects():
    assert aspect_of("Which assay would prove it?") == "tests"
    assert aspect_of("How common is it in the samples?") == "abundance"
