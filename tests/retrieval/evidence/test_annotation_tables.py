"""Prior annotation from tools' tables: whose row it is, what counts, and who agrees."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from ingest.records import Annotation, Gene, Location, Provenance
from ingest.vocab import is_uncharacterized
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.group_descriptions import is_protein_name
from retrieval.evidence.prior_annotation import PriorAnnotation, is_annotated
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract
from tests.contracts.reader import DATA, records_of

SEQUENCE = "MKLVTWYHE" * 30
MD5 = hashlib.md5(SEQUENCE.encode(), usedforsecurity=False).hexdigest()
GENE = Gene("g1", SEQUENCE)
KOFAM = Annotation(
    *("g1", "KofamScan"),
    database="KOfam",
    accession="K01190",
    product="beta-galactosidase",
    ec_numbers=("3.2.1.23",),
    ko=("K01190",),
    family_kind="equivalog",
    score=745.8,
    threshold=645.5,
    evalue=1e-200,
    provenance=Provenance("kofam.txt", "1"),
)
EGGNOG = Annotation(
    *("g1", "eggNOG-mapper"),
    version="2.1.12",
    database="eggNOG",
    accession="511145.b0344",
    name="Beta-galactosidase",
    ko=("K01190",),
    score=700.0,
    evalue=1e-90,
    provenance=Provenance("x.emapper.annotations", "2"),
)
PROKKA = Annotation("g1", "Prokka", product="Esterase", provenance=Provenance("p.tsv", "3"))
PFAM = Annotation(
    *("g1", "InterProScan"),
    database="Pfam",
    accession="PF00703",
    name="Glycosyl hydrolases family 2",
    go_terms=("GO:0004553",),
    dbxrefs=("InterPro:IPR006102",),
    family_kind="domain",
    start=20,
    end=130,
    protein_length=270,
    sequence_md5=MD5,
    evalue=1e-22,
)


def gather(*annotations, gene=GENE, genes=()):
    view = FakeView(genes=genes, annotations=annotations)
    return list(PriorAnnotation().gather([gene], view, {}, Surroundings()).get(gene.id, []))


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return PriorAnnotation()

    @pytest.fixture
    def genes(self):
        return [Gene(gene_id, "MKLV" * 300) for gene_id in ("c1_1", "c1_2", "c1_3", "c1_10")]

    @pytest.fixture
    def view(self):
        names = ("eggnog.annotations", "kofamscan.txt", "dbcan.tsv")
        return FakeView(annotations=[row for name in names for row in records_of(DATA / name)])


# whose row it is


def test_a_row_of_the_id_alone_says_so():
    (item,) = gather(KOFAM)
    assert item.statement == (
        "A gene of this id (no sequence to compare) is already named "
        '"beta-galactosidase" (EC 3.2.1.23, KO K01190) by KofamScan in kofam.txt, '
        "score 745.8 against a threshold of 645.5, E-value 1e-200."
    )
    assert (item.reference, item.tool) == ("KofamScan:K01190", "KofamScan (KOfam)")
    assert item.terms == Terms("beta-galactosidase", "", ("3.2.1.23",), (), ("K01190",))
    assert item.metrics.evalue == 1e-200
    assert (item.metrics.bitscore, item.metrics.threshold) == (745.8, 645.5)


def test_the_md5_of_the_sequence_settles_it():
    assert gather(PFAM)[0].statement.startswith("This gene has the domain or family")
    assert gather(replace(PFAM, sequence_md5="0" * 32)) == []
    (item,) = gather(replace(PFAM, gene_id="another"))
    assert item.statement.startswith("An identical protein, another, has the domain")


@pytest.mark.parametrize(("length", "is_kept"), [(270, True), (271, True), (250, False), (0, True)])
def test_another_length_is_another_gene(length, is_kept):
    assert bool(gather(replace(PROKKA, protein_length=length))) is is_kept


def test_a_match_beyond_the_protein_is_of_another_gene():
    assert gather(replace(KOFAM, start=10, end=400)) == []


def test_an_id_of_a_stored_gene_with_the_same_sequence_leads_to_its_table():
    twin = Gene("LOCUS_7", SEQUENCE)
    (item,) = gather(replace(KOFAM, gene_id="LOCUS_7"), genes=[twin])
    assert item.statement.startswith("An identical protein, LOCUS_7, is already named")


@pytest.mark.parametrize(
    ("place", "is_kept"),
    [
        (Location("c1", 101, 913, "+"), True),
        (Location("c1", 101, 910, "+"), True),  # without the stop codon
        (Location("c1", 101, 913, "-"), False),
        (Location("c1", 102, 912, "+"), False),  # another frame
        (Location("c1", 101, 400, "+"), False),  # less than most of it
        (Location("c2", 101, 913, "+"), False),
    ],
)
def test_a_row_without_id_counts_by_its_place(place, is_kept):
    gene = replace(GENE, location=Location("c1", 101, 913, "+"))
    row = replace(PROKKA, tool="AMRFinderPlus", gene_id="", location=place, accession="WP_1.1")
    items = gather(row, gene=gene)
    assert bool(items) is is_kept
    if items:
        assert items[0].statement.startswith("A gene at the place of this one is already named")


def test_whether_any_table_has_a_gene():
    view = FakeView(annotations=[KOFAM])
    assert is_annotated(GENE, view)
    assert not is_annotated(Gene("g2", SEQUENCE), view)


def test_files_of_one_tool_that_disagree_about_an_id_support_nothing():
    other = replace(
        *(KOFAM,),
        accession="K00001",
        ko=("K00001",),
        ec_numbers=("1.1.1.1",),
        product="alcohol dehydrogenase",
        provenance=Provenance("other.txt", "9"),
    )
    items = gather(KOFAM, other)
    assert len(items) == 2
    assert all(item.terms == Terms() for item in items)
    assert all("kofam.txt and other.txt disagree" in item.statement for item in items)
    assert gather(EGGNOG, KOFAM, other)[0].statement.count("KofamScan") == 0


def test_files_of_one_tool_that_agree_are_one_item():
    copy = replace(KOFAM, provenance=Provenance("copy.txt", "9"))
    (item,) = gather(KOFAM, copy)
    assert item.terms.ko == ("K01190",)


# agreement


def test_who_agrees_and_who_says_something_else():
    first, second, third = gather(EGGNOG, KOFAM, PROKKA)
    assert first.statement.endswith('; KofamScan agrees on KO K01190; Prokka calls it "Esterase".')
    assert 'eggNOG-mapper agrees on KO K01190; Prokka calls it "Esterase".' in second.statement
    assert third.statement.endswith(
        '; eggNOG-mapper calls it "Beta-galactosidase"; KofamScan calls it "beta-galactosidase".'
    )


def test_a_tool_that_knew_no_name_is_told():
    row = replace(PROKKA, product="hypothetical protein")
    (item,) = gather(KOFAM, row)
    assert item.statement.endswith("; Prokka names no function.")


def test_a_tool_by_gff_and_by_table_is_one_tool():
    gff = Gene(
        *("g1", SEQUENCE),
        product="Esterase",
        source="Prodigal:002006",
        inference="ab initio prediction:Prodigal:002006; similar to AA sequence:UniProtKB:P12345",
        provenance=Provenance("p.gff"),
    )
    (item,) = gather(PROKKA, genes=[gff])
    assert item.tool == "Prokka (UniProtKB)"
    assert 'inferred from "similar to AA sequence:UniProtKB:P12345"' in item.statement
    named = replace(gff, source="Prokka 1.14.6")
    (item,) = gather(PROKKA, genes=[named])
    assert item.tool == "Prokka (UniProtKB)"


def test_two_names_from_an_unnamed_file_and_a_tool_stay_two():
    gff = Gene("g1", SEQUENCE, product="Lactase", source="Prodigal")
    assert len(gather(PROKKA, genes=[gff])) == 2


def test_domains_take_no_part_in_comparisons_and_name_nothing():
    domain, named = sorted(gather(PFAM, KOFAM), key=lambda item: item.reference)
    assert "agree" not in named.statement + domain.statement
    assert (domain.family_kind, domain.terms) == ("domain", Terms(go_terms=("GO:0004553",)))
    assert domain.title == "Glycosyl hydrolases family 2"
    assert "at residues 20 to 130 of 270" in domain.statement


# what counts


def test_below_the_threshold_supports_nothing_and_is_shown_only_alone():
    weak = replace(KOFAM, accession="K12111", ko=("K12111",), is_significant=False, score=600.0)
    assert len(gather(KOFAM, weak)) == 1
    weaker = replace(weak, accession="K00002", score=10.0)
    (item,) = gather(weaker, weak)
    assert item.reference == "KofamScan:K12111"
    assert item.terms == Terms()
    assert "only a weak hit" in item.statement
    assert "score 600 against a threshold of 645.5" in item.statement
    assert item.statement.endswith("the tool does not count it, so it supports nothing.")


@pytest.mark.parametrize("name", ["kofamscan.txt", "dbcan.tsv", "amrfinderplus.tsv"])
def test_no_row_that_its_tool_does_not_count_has_terms(name):
    for row in records_of(DATA / name):
        if not row.is_significant:
            gene = Gene(row.gene_id, "")
            assert all(item.terms == Terms() for item in gather(row, gene=gene))


def test_a_family_over_the_whole_protein_may_name_it():
    whole = replace(
        *(PFAM,),
        database="Hamap",
        accession="MF_01687",
        product="Beta-galactosidase",
        family_kind="equivalog",
        start=1,
        end=270,
    )
    (item,) = gather(whole)
    assert (item.terms.product, item.family_kind) == ("Beta-galactosidase", "equivalog")
    (part,) = gather(replace(whole, start=1, end=100))
    assert part.terms.product == ""


def test_signatures_of_one_interpro_entry_are_one_item():
    other = replace(PFAM, database="CDD", accession="cd1", go_terms=("GO:0005975",))
    (item,) = gather(PFAM, other)
    assert item.terms.go_terms == ("GO:0004553", "GO:0005975")


def test_low_confidence_terms_of_eggnog_3_are_left_out():
    row = replace(EGGNOG, name="", gene="lacZ", note="low confidence: KEGG_ko, GOs")
    (item,) = gather(row)
    assert item.terms == Terms(gene="lacZ")
    assert "low confidence: KEGG_ko, GOs" in item.statement


def test_a_sentence_about_a_group_is_quoted_and_names_nothing():
    row = replace(EGGNOG, name="Catalyzes the hydrolysis of lactose. It is essential for growth")
    (item,) = gather(row)
    assert item.terms.product == ""
    assert 'described as "Catalyzes the hydrolysis of lactose"' in item.statement
    (bare,) = gather(replace(row, ko=(), name="NUDIX domain"))
    assert bare.terms == Terms()


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("EC 3.2.1.23 35", ("3.2.1.23",)),
        ("EC 3.2.1.23 1", ("3.2.1.-",)),  # one characterised member
        ("EC 3.2.1.37 92, EC 3.2.1.55 39", ("3.2.1.-",)),
        ("EC 3.2.1.22 58, EC 2.4.1.- 1", ("3.2.1.22",)),  # more than nine in ten
        ("EC 3.2.1.8 5, EC 3.1.1.73 2", ("3.-.-.-",)),
        ("EC 4.2.2.23 2, EC 3.2.1.1 2", ()),
        ("found by 2 of 3 tools", ()),
    ],
)
def test_ec_numbers_of_a_cazy_sub_family_are_cut_to_what_its_members_share(note, expected):
    row = Annotation("g1", "run_dbcan", accession="GH2", family_kind="domain", note=note)
    (item,) = gather(row)
    assert item.terms.ec_numbers == expected
    assert item.family_kind == "domain"


def test_a_mutation_names_no_gene():
    (row,) = [row for row in records_of(DATA / "amrfinderplus.tsv") if "mutation" in row.note]
    (item,) = gather(replace(row, gene_id="g1", protein_length=0))
    assert item.terms == Terms()
    assert "a mutation is no name of a function" in item.statement


def test_figures_of_baktas_inference_are_its_grounds():
    features = replace(PROKKA, tool="Bakta", database="UniRef50", accession="UniRef50_A")
    inference = Annotation(
        *("g1", "Bakta"),
        database="UniRef90",
        accession="UniRef90_P00722",
        evalue=1e-150,
        pident=91.2,
        provenance=features.provenance,
    )
    (item,) = gather(features, inference)
    assert item.tool == "Bakta (UniRef90)"
    assert "UniRef90_P00722, 91 % identical, E-value 1e-150" in item.statement


@pytest.mark.parametrize(
    "description",
    [
        "Type I secretion membrane fusion protein, HlyD",
        "4-alpha-glucanotransferase",
        "GcrA cell cycle regulator",
        "Delta-aminolevulinic acid dehydratase",
    ],
)
def test_names_of_proteins(description):
    assert is_protein_name(description)


@pytest.mark.parametrize(
    "description",
    [
        "Aldehyde",
        "NUDIX domain",
        "four-way junction helicase activity",
        "negative regulation of transcription, DNA-templated",
        "Belongs to the peptidase S8 family",
        "Found in ATP-dependent protease La (LON)",
        "Displays ATPase and GTPase activities",
        "Binds directly to 16S ribosomal RNA",
        "",
    ],
)
def test_other_descriptions(description):
    assert not is_protein_name(description)


def test_all_rows_of_real_tables_give_whole_statements(shared):
    formats = shared / "formats"
    paths = (
        "eggnog/emapper_v2_no_header_comments.tsv.gz",
        "interproscan/interproscan_15col.tsv.gz",
        "dbcan/dbcan_v5_overview.tsv",
        "kofamscan/kofamscan_detail_excerpt.txt",
    )
    rows = [row for path in paths for row in records_of(formats / path)]
    genes = [Gene(gene_id) for gene_id in dict.fromkeys(row.gene_id for row in rows)]
    answers = PriorAnnotation().gather(genes[::7], FakeView(annotations=rows), {}, Surroundings())
    items = [item for found in answers.values() for item in found]
    assert len(items) > 100
    for item in items:
        assert item.statement.endswith(".")
        assert not is_uncharacterized(item.terms.product) or not item.terms.product
        assert item.family_kind != "domain" or not (item.terms.product or item.terms.ko)
