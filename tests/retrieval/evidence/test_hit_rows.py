"""Rows of searches, resistance reports and gene clusters: what they may say of a gene."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.records import Annotation, Gene, Location
from retrieval.evidence.base import Surroundings
from retrieval.evidence.prior_annotation import PriorAnnotation
from retrieval.fake_view import FakeView
from tests.contracts.reader import DATA, records_of

GENE = Gene("g_1", "MKLVTWYHE" * 60)
HIT = Annotation(
    *("g_1", "DIAMOND"),
    database="UniRef90",
    accession="UniRef90_A0A1",
    name="UniRef90_A0A1 Beta-galactosidase n=3 Tax=X",
    product="Beta-galactosidase",
    pident=57.3,
    coverage=97.1,
    evalue=1e-150,
    score=437.0,
)


def gather(*annotations, gene=GENE):
    view = FakeView(annotations=annotations)
    return list(PriorAnnotation().gather([gene], view, {}, Surroundings()).get(gene.id, []))


def test_the_best_hit_names_the_gene_when_most_of_it_is_alike():
    worse = replace(HIT, accession="UniRef90_B", product="Lipase", name="x Lipase", score=80.0)
    (item,) = gather(worse, HIT)
    assert item.terms.product == "Beta-galactosidase"
    assert "by its best hit UniRef90_A0A1, 57 % identical" in item.statement
    assert item.metrics.bitscore == 437.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"coverage": None}, "does not tell how much"),
        ({"coverage": 30.0}, "too little of the gene"),
        ({"pident": 25.0}, "too little of the gene"),
        ({"product": ""}, "no informative name"),
    ],
)
def test_a_hit_that_is_not_close_is_quoted_and_supports_nothing(changes, words):
    (item,) = gather(replace(HIT, **changes))
    assert item.terms.product == ""
    assert "most like" in item.statement
    assert words in item.statement


def test_a_hit_without_a_title_says_nothing():
    assert gather(replace(HIT, name="", product="")) == []
    assert gather(replace(HIT, name="", product="", is_significant=False)) == []


def test_profiles_are_domains_and_never_products():
    rows = records_of(DATA / "hmmscan.domtblout")
    (item,) = gather(*rows, gene=Gene("g_1"))
    assert 'has the domain or family "Globin" (Pfam:PF00042) at residues 7 to 112' in item.statement
    assert item.family_kind == "domain"
    assert item.terms.product == ""


def test_a_resistance_gene_is_named_and_a_mutation_is_not():
    named, _, variant = records_of(DATA / "rgi.txt")
    gene = Gene("c1_7")
    (item,) = gather(named, gene=gene)
    assert (item.terms.gene, item.terms.product) == ("NDM-1", "NDM beta-lactamase")
    assert "perfect hit, antibiotic inactivation, carbapenem; penam" in item.statement
    (other,) = gather(replace(variant, gene_id="c1_7"), gene=gene)
    assert other.terms.product == ""
    assert "a mutation is no name of a function" in other.statement


def test_a_contigs_hit_is_the_genes_by_its_place():
    gene = Gene("p_1", "M" * 99, location=Location("c1", 101, 400, "+"))
    items = gather(*records_of(DATA / "abricate.tsv"), gene=gene)
    assert [item.terms.gene for item in items] == ["eat(A)"]
    assert "resistance: PLEUROMUTILIN" in items[0].statement


def test_a_loose_hit_and_a_partial_one_are_weak():
    _, loose, _ = records_of(DATA / "rgi.txt")
    (item,) = gather(loose, gene=Gene("c1_9"))
    assert "weak hit" in item.statement
    assert item.terms.gene == ""


def test_a_region_is_told_and_supports_nothing():
    rows = records_of(DATA / "antismash.gff")
    (item,) = gather(*rows, gene=Gene("g_516"))
    assert "predicted biosynthetic region of the type arylpolyene, resorcinol" in item.statement
    assert "enoyl-CoA hydratase" in item.statement
    assert item.terms.product == ""


def test_a_cluster_for_carbohydrates_is_told():
    rows = records_of(DATA / "dbcan.gff")
    (item,) = gather(*rows, gene=Gene("g_77"))
    assert 'as "CAZyme" (GH13_e122+GH13_31)' in item.statement
    assert "predicted substrate starch" in item.statement


def test_a_term_that_was_ruled_out_is_no_weak_hit():
    _, ruled_out, _ = records_of(DATA / "terms.gaf")
    assert gather(ruled_out, gene=Gene("P12345")) == []
