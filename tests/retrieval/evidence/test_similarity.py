"""Similarity: which hits become evidence, and what is said of them."""

from __future__ import annotations

import pytest

from ingest.records import Gene, Protein, Provenance, protein_of
from retrieval.alignment import SIGNIFICANT_EVALUE, Alignment
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.similarity import MOST_ITEMS, MOST_PER_FUNCTION, Similarity
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract


def gather(gene, *proteins):
    view = FakeView(proteins=proteins)
    return Similarity().gather([gene], view, {}, Surroundings()).get(gene.id, [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return Similarity()

    @pytest.fixture
    def genes(self, made):
        twins = made.random(1)
        return [
            Gene("g1", twins),
            Gene("g2", made.random(2)),
            Gene("g3", twins.lower() + "*"),
            Gene("g4", made.random(4)),
            Gene("g5"),
        ]

    @pytest.fixture
    def view(self, made):
        names = ["Tyrosine decarboxylase", "hypothetical protein", "Lactase (EC 3.2.1.23)"]
        return FakeView(
            proteins=[
                Protein(f"P1234{n}", made.mutated(made.random(1 + n % 2), 60, n), name=name)
                for n, name in enumerate(names)
            ]
        )


def test_one_batch_call_for_distinct_sequences(made):
    view = FakeView(proteins=[Protein("P12345", made.random(1), name="Lactase")])
    genes = [Gene("g1", made.random(1)), Gene("g2", made.random(1)), Gene("g3", made.random(3))]
    answer = Similarity().gather(genes, view, {}, Surroundings())
    assert view.calls["align"] == 1
    assert [item.metrics.pident for gene in ("g1", "g2") for item in answer[gene]] == [100, 100]


def test_statement_gives_identity_coverage_function_and_evalue(made):
    sequence = made.random(1)
    protein = Protein(
        *("P12345", made.mutated(sequence, 60)),
        name="Tyrosine decarboxylase",
        ec_numbers=("4.1.1.25",),
        taxon="Enterococcus faecalis",
        reviewed=True,
        pmids=("12345",),
    )
    (item,) = gather(Gene("g1", sequence), protein)
    # 120 of 200 residues are the same; the ends may fall outside the local alignment.
    assert item.metrics.pident == pytest.approx(60, abs=2)
    assert item.statement.startswith(
        f"{item.metrics.pident:.0f} % identical to "
        '"Tyrosine decarboxylase" of Enterococcus faecalis (UniProtKB:P12345, EC 4.1.1.25) over '
    )
    assert ", E-value " in item.statement
    assert item.terms == Terms("Tyrosine decarboxylase", ec_numbers=("4.1.1.25",))
    assert (item.taxon, item.reviewed, item.pmids) == ("Enterococcus faecalis", True, ("12345",))


def test_identical_protein_is_said_to_be_identical(made):
    (item,) = gather(Gene("g1", made.random(1)), Protein("P12345", made.random(1), name="Lactase"))
    assert item.statement == 'Identical over its full length to "Lactase" (UniProtKB:P12345).'


def test_a_protein_too_short_to_search_finds_its_twin():
    (item,) = gather(Gene("g1", "MKLV"), Protein("P12345", "MKLV", name="Leader peptide PepL"))
    assert item.statement.startswith("Identical over its full length to")
    assert item.metrics.evalue is None
    assert item.metrics.pident == 100


def test_the_gene_itself_is_no_evidence(made):
    own = Protein("g1", made.random(1), name="Lactase")
    twin = Protein("other", made.random(1), name="Lactase", database="mine")
    assert gather(Gene("g1", made.random(1)), own) == []
    (item,) = gather(Gene("g1", made.random(1)), own, twin)
    assert item.reference == "mine:other"


def test_partial_coverage_of_either_protein_is_said(made):
    domain, rest, other = made.random(1, 80), made.random(2, 160), made.random(3, 160)
    both, one = rest + domain, domain + other
    (item,) = gather(Gene("g1", both), Protein("P12345", one, name="Lactase"))
    assert "but the match covers only 33 % of this protein and 33 % of that one" in item.statement
    (item,) = gather(Gene("g1", domain), Protein("P12345", one, name="Lactase"))
    assert "covers only 33 % of that protein (100 % of this one), E-value" in item.statement
    (item,) = gather(Gene("g1", domain, partial=True), Protein("P12345", one, name="Lactase"))
    assert "as this gene is incomplete" in item.statement


def test_every_function_is_shown_before_copies_of_one(made):
    sequence = made.random(1)
    copies = [Protein(f"c{n:02}", made.mutated(sequence, 90, n), name="Lactase") for n in range(40)]
    others = [
        Protein(f"o{n:02}", made.mutated(sequence, 50, n), name=f"Enzyme {n}") for n in range(10)
    ]
    items = gather(Gene("g1", sequence), *copies, *others)
    names = [item.terms.product for item in items]
    assert len(items) <= MOST_ITEMS
    assert names.count("Lactase") == MOST_PER_FUNCTION
    assert {f"Enzyme {n}" for n in range(10)} <= set(names)
    bits = [item.metrics.bitscore for item in items]
    assert bits == sorted(bits, reverse=True)


def test_uncharacterised_hits_are_few_and_speak_for_nothing(made):
    sequence = made.random(1)
    proteins = [
        Protein(f"c{n}", made.mutated(sequence, 80, n), name="Uncharacterized protein")
        for n in range(5)
    ]
    items = gather(Gene("g1", sequence), *proteins)
    assert len(items) == 2
    assert all(item.terms == Terms() for item in items)
    assert all("no known function either" in item.statement for item in items)


def test_reviewed_entries_of_one_sequence_come_first(made):
    proteins = [
        Protein("a1", made.random(1), name="Lactase"),
        Protein("z1", made.random(1), name="Lactase", reviewed=True),
    ]
    items = gather(Gene("g1", made.mutated(made.random(1), 70)), *proteins)
    assert [item.reference for item in items] == ["protein:z1", "protein:a1"]


def test_genes_of_the_user_are_called_that(made):
    sequence = made.random(1)
    named = Gene(
        *("ABC_1", made.mutated(sequence, 70)),
        product="Lactase",
        source="Prokka",
        provenance=Provenance("mine.gff"),
    )
    twin = Gene("ABC_2", sequence, product="Lactase", source="Prokka")
    view = FakeView(genes=[named, twin], proteins=[protein_of(named), protein_of(twin)])
    (item,) = Similarity().gather([Gene("g1", sequence)], view, {}, Surroundings())["g1"]
    assert item.reference == "gene:ABC_1"
    assert 'to "Lactase", as annotated in mine.gff (gene:ABC_1) over' in item.statement


class ByProfile(FakeView):
    """A base whose search finds everything by profile, with an E-value that looks certain."""

    def align(self, queries, max_hits=150):
        return {
            name: [
                Alignment(
                    *(name, target, 90.0, 1.0, 1.0, 1e-30, 200.0, 100, 1, 100, 1, 100, "100M"),
                    by_profile=True,
                    program="MMseqs2",
                )
                for target in self._sequences
            ]
            for name in queries
        }


def test_what_a_profile_finds_is_judged_by_the_two_sequences_alone(made):
    view = ByProfile(proteins=[Protein("P12345", made.random(2), name="Lactase")])
    (item,) = Similarity().gather([Gene("g1", made.random(1))], view, {}, Surroundings())["g1"]
    assert item.statement.startswith("Found by a profile of weak matches (E-value 1e-30)")
    assert "not significant, chance alone may give such a match" in item.statement
    assert item.metrics.evalue > SIGNIFICANT_EVALUE
    assert item.metrics.pident < 60
    assert item.tool == "MMseqs2, by profile"
    assert not item.shared_columns


def test_a_match_by_profile_that_the_sequences_bear_out_is_significant(made):
    sequence = made.random(1)
    view = ByProfile(proteins=[Protein("P12345", made.mutated(sequence, 60), name="Lactase")])
    (item,) = Similarity().gather([Gene("g1", sequence)], view, {}, Surroundings())["g1"]
    assert item.metrics.evalue <= SIGNIFICANT_EVALUE
    assert "not significant" not in item.statement
