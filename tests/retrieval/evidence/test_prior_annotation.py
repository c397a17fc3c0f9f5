"""Prior annotation: whose word counts, and whether tools agree."""

from __future__ import annotations

import pytest

from ingest.records import Gene, Provenance
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.prior_annotation import PriorAnnotation
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract


def gather(gene, *stored):
    view = FakeView(genes=stored)
    return PriorAnnotation().gather([gene], view, {}, Surroundings()).get(gene.id, [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return PriorAnnotation()

    @pytest.fixture
    def genes(self):
        return [
            Gene("g1", "MKLV", product="Lactase", source="Bakta"),
            Gene("g2", "MKLW", product="hypothetical protein"),
            Gene("g3", "MKLY"),
        ]

    @pytest.fixture
    def view(self):
        return FakeView(
            genes=[
                Gene("g1", "MKLV", product="Lactase (EC 3.2.1.23)", source="Prokka 1.14"),
                Gene("other", "MKLW", ko=("K01575",), source="KofamScan"),
            ]
        )


def test_what_the_file_says_with_its_tool_and_grounds():
    gene = Gene(
        *("g1", "MKLV"),
        product="Tyrosine decarboxylase",
        gene="tdcA",
        ec_numbers=("4.1.1.25",),
        ko=("K22330",),
        inference="similar to AA sequence:UniProtKB:P12345",
        source="Prokka",
        provenance=Provenance("my.gff"),
    )
    (item,) = gather(gene)
    assert item.statement == (
        'This gene is already named "Tyrosine decarboxylase" (gene tdcA, EC 4.1.1.25, KO K22330)'
        ' by Prokka in my.gff, inferred from "similar to AA sequence:UniProtKB:P12345".'
    )
    assert item.eco == "ECO:0000313"
    assert item.reference == "Prokka:g1"


def test_a_gene_without_information_has_no_evidence():
    assert gather(Gene("g1", "MKLV", product="hypothetical protein")) == []


def test_terms_without_a_name():
    (item,) = gather(Gene("g1", "MKLV", product="DUF12 protein", ko=("K1", "K2"), source="X"))
    assert (
        item.statement
        == "This gene is already given KO K1 and KO K2 but no informative name" + (" by X.")
    )
    assert item.terms == Terms(ko=("K1", "K2"))


def test_the_same_id_with_another_sequence_is_another_gene():
    stored = Gene("gene_1", "MWWW", product="Lactase", source="Bakta")
    assert gather(Gene("gene_1", "MKLV"), stored) == []


def test_the_same_id_without_a_sequence_counts_and_says_so():
    stored = Gene("g1", ko=("K01575",), source="KofamScan")
    (item,) = gather(Gene("g1", "MKLV"), stored)
    assert item.statement.startswith("A gene of this id (no sequence to compare) is already given")


def test_an_identical_protein_under_another_id():
    stored = Gene("ABC_1", "MKLV", product="Lactase", source="Bakta")
    (item,) = gather(Gene("g1", "MKLV*"), stored)
    assert item.statement == ('An identical protein, ABC_1, is already named "Lactase" by Bakta.')


def test_a_stored_copy_of_the_gene_adds_nothing():
    gene = Gene("g1", "MKLV", product="Lactase", source="Bakta")
    assert len(gather(gene, gene)) == 1


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        ({"ec_numbers": ("3.2.1.23",)}, "Prokka agrees on EC 3.2.1.23"),
        ({"ec_numbers": ("3.2.1.-",)}, "Prokka is compatible: EC 3.2.1.-"),
        ({"ec_numbers": ("3.2.1.2",)}, "Prokka disagrees: EC 3.2.1.2 (both are 3.2.1.-)"),
        ({"ko": ("K01190",)}, "Prokka agrees on KO K01190"),
        ({"ko": ("K00001",)}, "Prokka disagrees: KO K00001"),
        ({"product": "putative lactase"}, "Prokka gives the same name"),
        ({"product": "Esterase"}, 'Prokka calls it "Esterase"'),
    ],
)
def test_tools_are_compared(other, relation):
    gene = Gene(
        *("g1", "MKLV"),
        product="Lactase",
        ec_numbers=("3.2.1.23",),
        ko=("K01190",),
        source="Bakta",
    )
    first, second = gather(gene, Gene("g1", "MKLV", source="Prokka", **other))
    assert first.statement.endswith(f"; {relation}.")
    assert "; Bakta " in second.statement


def test_one_function_from_many_strains_is_said_three_times_at_most():
    stored = [Gene(f"s{n}", "MKLV", product="Lactase", source="Bakta") for n in range(9)]
    assert len(gather(Gene("g1", "MKLV"), *stored)) == 3


def test_a_file_without_a_tool_is_named():
    gene = Gene("g1", "MKLV", product="Lactase", provenance=Provenance("my.faa"))
    (item,) = gather(gene)
    assert (
        item.statement == 'This gene is already named "Lactase" in my.faa (naming tool not stated).'
    )
    assert item.reference == "gene:g1"


def test_a_gene_caller_names_nothing():
    gene = Gene(
        *("g1", "MKLV"),
        product="Lactase",
        inference="ab initio prediction:Prodigal:002006; similar to AA sequence:UniProtKB:P12345",
        source="Prodigal:002006",
        provenance=Provenance("my.gff"),
    )
    (item,) = gather(gene)
    assert item.statement == (
        'This gene is already named "Lactase" in my.gff (naming tool not stated),'
        ' inferred from "similar to AA sequence:UniProtKB:P12345".'
    )
    assert item.tool == ""


def test_two_files_that_say_the_same_name_are_one_item():
    names = [
        Gene("g1", "MKLV", product="Lactase", ko=ko, provenance=Provenance(path_name))
        for path_name, ko in (("a.faa", ()), ("b.faa", ("K01190",)))
    ]
    (item,) = gather(*names)
    assert item.statement.endswith("; b.faa gives the same name.")
