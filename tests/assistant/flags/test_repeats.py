from __future__ import annotations

import random
from dataclasses import replace

import pytest

from assistant.claims import AnnotationRecord, CandidateFunction, Hypothesis
from assistant.flags.repeats import FLAG, flag_repeats, repeated_functions
from ingest.records import Gene, Provenance
from tests.assistant import cases


def record(number, ec, references, *, tier="medium", file="genome.faa", kind="similarity"):
    """A gene with a proposal that rests on these references."""
    gene = Gene(f"g{number:03d}", "MKTAYIAKQR", provenance=Provenance(path_name=file))
    items = tuple(
        replace(cases.hit(name, "Some enzyme", ec, pident=35), gene_id=gene.id, kind=kind)
        for name in references
    )
    candidate = CandidateFunction(
        rank=1,
        product="some enzyme",
        ec_number=ec,
        probability=0.7,
        tier=tier,
        supporting=tuple(item.id for item in items),
    )
    hypothesis = Hypothesis(
        id=f"hyp-{gene.id}",
        gene_id=gene.id,
        statement="It may be.",
        tier=tier,
        probability=0.7,
        candidates=(candidate,),
        flags=("single_source",),
    )
    return AnnotationRecord(gene=gene, hypothesis=hypothesis, evidence=items)


def others(count, file="genome.faa"):
    """Genes that each have a function of their own."""
    return [record(500 + n, f"1.1.1.{n}", [f"Q{n}"], file=file) for n in range(1, count)]


def flagged(records):
    return [one.gene.id for one in flag_repeats(records) if FLAG in one.hypothesis.flags]


#: Nine genes that all lean on one relative.
DRAWN = [record(n, "3.1.3.26", ["A0A1N4CJ02"]) for n in range(9)]


def test_many_genes_that_lean_on_one_relative_are_flagged_with_the_numbers():
    records = [*DRAWN, *others(20)]
    assert flagged(records) == [one.gene.id for one in DRAWN]
    hypothesis = flag_repeats(records)[0].hypothesis
    assert hypothesis.flags == ("single_source", FLAG)
    (note,) = hypothesis.flag_notes
    assert note.reason == (
        "EC 3.1.3.26 is proposed for 9 of 28 genes of genome.faa, which have 1 relative of that "
        "function between them: it may be given too often."
    )


@pytest.mark.parametrize("each", [2, 3])
def test_a_large_family_with_relatives_of_its_own_is_not(each):
    family = [record(n, "2.7.13.3", [f"P{n}{k}" for k in range(each)]) for n in range(30)]
    assert flagged([*family, *others(20)]) == []


def test_four_genes_are_not_many():
    assert flagged([*DRAWN[:4], *others(20)]) == []
    assert len(flagged([*DRAWN[:5], *others(20)])) == 5


def test_a_sure_gene_and_one_that_a_family_model_supports_are_left_alone():
    sure = record(90, "3.1.3.26", ["A0A1N4CJ02"], tier="high")
    modelled = record(91, "3.1.3.26", ["PF00496"], kind="families")
    assert flagged([*DRAWN, sure, modelled, *others(20)]) == [one.gene.id for one in DRAWN]


def test_abstentions_and_broad_numbers_are_no_proposal_of_a_function():
    abstained = [record(n, "3.1.3.26", ["P1"], tier="abstain") for n in range(9)]
    broad = [record(n, "3.1.3.-", ["P1"]) for n in range(9)]
    assert flagged([*abstained, *others(20)]) == flagged([*broad, *others(20)]) == []


def test_names_count_where_there_is_no_ec_number():
    named = [record(n, "", ["P1"]) for n in range(6)]
    assert set(repeated_functions([*named, *others(20)])) == {'"some enzyme"'}


def test_in_a_metagenome_a_function_may_be_as_frequent_as_others():
    genomes = 12
    common = [
        record(100 * k + n, f"1.1.1.{k}", [f"R{k}{r}" for r in range(3)])
        for k in range(1, 8)
        for n in range(genomes)
    ]
    assert flagged([*common, *DRAWN]) == []
    drawn = [record(3000 + n, "3.1.3.26", ["A0A1N4CJ02"]) for n in range(6 * genomes)]
    assert len(flagged([*common, *drawn])) == 6 * genomes
    reason = flag_repeats([*common, *drawn])[-1].hypothesis.flag_notes[0].reason
    assert "(12 is usual for a function here)" in reason


def test_each_file_is_counted_by_itself():
    spread = [record(n, "3.1.3.26", ["P1"], file=f"genome{n % 3}.faa") for n in range(9)]
    files = [one for n in range(3) for one in others(9, file=f"genome{n}.faa")]
    assert flagged([*spread, *files]) == []


def test_the_order_of_the_genes_and_a_second_pass_change_nothing():
    records = [*DRAWN, *others(20)]
    shuffled = list(records)
    random.Random(1).shuffle(shuffled)
    by_id = {one.gene.id: one for one in flag_repeats(shuffled)}
    assert [by_id[one.gene.id] for one in records] == flag_repeats(records)
    assert flag_repeats(flag_repeats(records)) == flag_repeats(records)
    assert flag_repeats([]) == []
