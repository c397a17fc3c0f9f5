"""Splicing and translation against Biopython's own whole-CDS translation."""

from __future__ import annotations

import pytest
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st

from ingest.coding import UniqueIds, reverse_complement, splice, terms_of, translate

CODON = st.text("ACGT", min_size=3, max_size=3).filter(lambda c: c not in {"TAA", "TAG", "TGA"})
GENES = st.builds(
    lambda start, body, stop: start + "".join(body) + stop,
    st.sampled_from(["ATG", "GTG", "TTG"]),
    st.lists(CODON, max_size=60),
    st.sampled_from(["TAA", "TAG", "TGA"]),
)


@given(gene=GENES, before=st.text("ACGT", max_size=30), after=st.text("ACGT", max_size=30))
def test_translation_equals_biopythons_on_both_strands(gene, before, after):
    expected = str(Seq(gene).translate(table=11, cds=True))
    start, end = len(before) + 1, len(before) + len(gene)
    assert translate(splice(before + gene + after, [(start, end)], "+")) == expected
    contig = before + str(Seq(gene).reverse_complement()) + after
    assert translate(splice(contig, [(start, end)], "-")) == expected


@given(gene=GENES, cut=st.integers(1, 200))
def test_gene_across_the_origin(gene, cut):
    contig = "CCGGTTAA" + gene
    cut = 9 + cut % (len(gene) - 1)
    turned = contig[cut:] + contig[:cut]
    start = len(contig) - cut + 8 + 1
    expected = str(Seq(gene).translate(table=11, cds=True))
    assert translate(splice(turned, [(start, start + len(gene) - 1)], "+")) == expected


@given(dna=st.text("ACGTUNRYSWKMBDHV", max_size=50))
def test_reverse_complement_equals_biopythons(dna):
    dna = dna.replace("U", "T")
    assert reverse_complement(dna) == str(Seq(dna).reverse_complement())


def test_partial_genes():
    assert translate("GTGAAATAA") == "MK"
    assert translate("GTGAAATAA", starts_inside=True) == "VK"
    assert translate("GTGAAATA") == "MK"


def test_recoded_stop_is_selenocysteine():
    assert translate("ATGTGAAAATAA", recoded="(pos:4..6,aa:Sec)") == "MUK"
    with pytest.raises(ValueError, match="a stop inside"):
        translate("ATGTGAAAATAA")
    assert translate("ATGTGAAAATAA", 4) == "MWK"


@pytest.mark.parametrize(("dna", "table"), [("ATG!!!TAA", 11), ("ATGTAA", 99)])
def test_untranslatable(dna, table):
    with pytest.raises(ValueError, match=r"genetic code|odon"):
        translate(dna, table)


@pytest.mark.parametrize("part", [(0, 3), (11, 12), (2, 12)])
def test_parts_outside_the_contig_are_refused(part):
    with pytest.raises(ValueError, match="outside the contig of 10 bases"):
        splice("ACGTACGTAC", [part], "+")


def test_identifiers_are_sorted_out_of_cross_references():
    terms = terms_of(["3.2.1", "junk"], ["EC:1.1.1.1", "GO:0004565", "ko:K01190", "COG:COG1"])
    assert terms.ec_numbers == ("3.2.1.-", "1.1.1.1")
    assert terms.go_terms == ("GO:0004565",)
    assert terms.ko == ("K01190",)
    assert terms.dbxrefs == ("EC:1.1.1.1", "GO:0004565", "ko:K01190", "COG:COG1")


def test_ids_are_given_once():
    ids = UniqueIds()
    assert [ids.take(("a", "b")) for _ in range(3)] == ["a", "b", ""]
