"""Families: what is told of a protein's domains, and what of it names a function."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.records import Gene
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.families import Families
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract
from tests.retrieval.hmm_profiles import DOMAINS, domain_profile, family_of
from tests.retrieval.proteins import protein, relative

LINKER = protein(60, seed=77)
COPIES = [relative(base, 0.3, seed=n) for n, base in enumerate(DOMAINS)]
PFAM = [
    replace(
        family_of(domain_profile(n, f"Dom_{n}", accession=f"PF9900{n}.1", gathering=(20.0, 20.0))),
        kind="domain",
    )
    for n in range(3)
]
KO = replace(
    family_of(domain_profile(1, "K99001", description="lactase [EC:3.2.1.23]")),
    kind="equivalog",
    threshold=60.0,
)


def gather(gene, *families):
    view = FakeView(families=families)
    return Families().gather([gene], view, {}, Surroundings()).get(gene.id, [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return Families()

    @pytest.fixture
    def genes(self):
        return [
            Gene("g1", COPIES[0]),
            Gene("g2", COPIES[1] + LINKER + COPIES[2]),
            Gene("g3", COPIES[0].lower() + "*"),
            Gene("g4", protein(150, seed=99)),
            Gene("g5"),
        ]

    @pytest.fixture
    def view(self):
        return FakeView(families=[*PFAM, KO])


def test_one_batch_call_for_distinct_sequences():
    view = FakeView(families=PFAM)
    genes = [Gene("g1", COPIES[0]), Gene("g2", COPIES[0]), Gene("g3", COPIES[1])]
    assert set(Families().gather(genes, view, {}, Surroundings())) == {"g1", "g2", "g3"}
    assert view.calls["families"] == 1


def test_a_function_above_its_threshold_is_named_with_its_numbers():
    (item,) = gather(Gene("g", COPIES[1]), KO)
    numbers = item.metrics
    assert item.statement == (
        f"Residues {numbers.query_start}-{numbers.query_end} match the KOfam family K99001"
        f" (lactase, EC 3.2.1.23): score {numbers.bitscore:.1f} of the whole protein, above its"
        f" KOfam threshold of 60.0, E-value {numbers.evalue:.1g}; it covers"
        f" {100 * numbers.scov:.0f} % of the model and {100 * numbers.qcov:.0f} % of this protein."
    )
    assert item.terms == Terms("lactase", ec_numbers=("3.2.1.23",), ko=("K99001",))
    assert (item.family_kind, item.eco) == ("equivalog", "ECO:0000256")
    assert (numbers.threshold, item.reference, item.tool) == (60.0, "KOfam:K99001", "HMMER")


def test_below_the_threshold_it_is_shown_without_its_function():
    half = COPIES[1][: len(COPIES[1]) // 2]
    far = replace(KO, threshold=1.5 * gather(Gene("g", half), KO)[0].metrics.bitscore)
    (item,) = gather(Gene("g", half, partial=True), far)
    assert "below its KOfam threshold of" in item.statement
    assert "not a member by that bar" in item.statement
    assert "a partial match" in item.statement
    assert "as this gene is incomplete" in item.statement
    assert (item.terms, item.family_kind) == (Terms(), "family")
    assert item.metrics.bitscore < item.metrics.threshold


def test_a_domain_of_pfam_has_go_terms_and_no_product():
    dom = replace(PFAM[0], go_terms=("GO:0003824",), description="Made-up domain")
    (item,) = gather(Gene("g", COPIES[0]), dom)
    assert "match the Pfam domain PF99000 (Dom_0: Made-up domain)" in item.statement
    assert "above its gathering threshold of 20.0" in item.statement
    assert item.terms == Terms(go_terms=("GO:0003824",))
    assert (item.family_kind, item.reference) == ("domain", "Pfam:PF99000")


def test_your_own_family_says_its_file_and_that_no_cut_off_is_known():
    own = family_of(domain_profile(0, "mine"))
    (item,) = gather(Gene("g", COPIES[0]), own)
    assert "match the family mine of families.hmm" in item.statement
    assert "no curated cut-off is known" in item.statement
    assert (item.metrics.threshold, item.reference) == (None, "family:mine")


def test_architecture_in_one_line_with_what_is_left():
    gene = Gene("g", COPIES[1] + LINKER + COPIES[2])
    first, second, order = gather(gene, *PFAM)
    by_family = {item.reference: item.metrics for item in (first, second)}
    one, two = by_family["Pfam:PF99001"], by_family["Pfam:PF99002"]
    assert order.reference == "architecture:PF99001+PF99002"
    assert order.statement == (
        f"Architecture along the {len(gene.translation)} residues:"
        f" PF99001 ({one.query_start}-{one.query_end})"
        f" + PF99002 ({two.query_start}-{two.query_end});"
        f" residues {one.query_end + 1}-{two.query_start - 1} match no Pfam family."
    )
    assert order.terms == Terms()


def test_repeats_are_one_item_and_each_is_in_the_architecture():
    gene = Gene("g", COPIES[0] + LINKER + relative(DOMAINS[0], 0.3, seed=50))
    item, order = gather(gene, PFAM[0])
    assert "the same family is also at residues" in item.statement
    assert order.reference == "architecture:PF99000+PF99000"


def test_a_fused_protein_is_told():
    other = replace(
        family_of(domain_profile(2, "K99002", description="amylase [EC:3.2.1.1]")),
        kind="equivalog",
        threshold=60.0,
    )
    *items, order = gather(Gene("g", COPIES[1] + LINKER + COPIES[2]), KO, other)
    assert {item.terms.ec_numbers for item in items} == {("3.2.1.23",), ("3.2.1.1",)}
    assert "K99001 and K99002 lie on different parts: a fused or bifunctional" in order.statement


def test_an_inserted_stretch_makes_two_pieces_of_one_match():
    half = len(COPIES[2]) // 2
    gene = Gene("g", COPIES[2][:half] + protein(150, seed=3) + COPIES[2][half:])
    item = gather(gene, PFAM[2])[0]
    assert ", in 2 pieces, match" in item.statement
    assert item.metrics.scov > 0.9
    assert item.metrics.query_end - item.metrics.query_start > len(COPIES[2]) + 100


def test_weaker_families_for_the_same_residues_are_named():
    rival = replace(
        family_of(domain_profile(1, "K99009")), accession="K99009", kind="equivalog", threshold=10.0
    )
    (item,) = gather(Gene("g", COPIES[1]), KO, rival)
    assert item.reference == "KOfam:K99001"
    assert item.statement.endswith("; K99009 matches the same residues less well.")
