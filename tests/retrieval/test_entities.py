"""Tags of papers: found, kept in step with the papers, linked to the base's proteins."""

from __future__ import annotations

import json

import pytest

from ingest.entities import ec_key, entities_by_form, locus_key
from ingest.records import Publication
from retrieval.asked import entities_asked
from retrieval.entity_names import dictionary, drug_key, enzyme_names, genera, taxon_key
from retrieval.expansion import Expander
from retrieval.knowledge_base import KnowledgeBase
from retrieval.removing import remove_records
from retrieval.tagging import Tagger
from retrieval.taxa_in_text import taxa_in
from tests.retrieval.bases import LACTASE, empty_base, jsonl, written

PAPERS = [
    {"pmid": "1", "title": "BT_4294 of Bacteroides thetaiotaomicron", "abstract": "It binds."},
    {
        "pmid": "2",
        "title": "A neutral title",
        "abstract": "The enzyme was studied in rumen fluid.",
        "chemicals": [["EC 3.2.1.23", "beta-Galactosidase"]],
    },
    {"pmid": "3", "title": "Acetaminophen and the gut", "abstract": "The drug was measured."},
    {"pmid": "4", "title": "Growth of Novobacter mirus", "abstract": "It grows in the cold."},
    {"pmid": "5", "title": "Crystals of a sugar hydrolase", "abstract": "Solved at 2 angstrom."},
]
UNIPROT = f"""ID   BGAL_ECOLI              Reviewed;         102 AA.
AC   P00722;
DE   RecName: Full=Beta-galactosidase;
DE            EC=3.2.1.23;
GN   Name=lacZ;
OS   Escherichia coli (strain K12).
RN   [1]
RX   PubMed=999001;
RN   [2]
RX   PubMed=5; DOI=10.1/x;
SQ   SEQUENCE   102 AA;  11000 MW;  0000000000000000 CRC64;
     {LACTASE}
//
"""


def keys(text, **fields):
    return {tag.key for tag in Tagger()(Publication("x", text, **fields))}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("beta-galactosidase (EC 3.2.1.23)", "ec:3.2.1.23"),
        ("a lipase (3.1.1.3) of", "ec:3.1.1.3"),
        ("NADH dehydrogenase EC:1.6.5.3", "ec:7.1.1.2"),
        ("β-glucuronidases of the gut", "ec:3.2.1.31"),
        ("the gene BT_4294", "locus:bt4294"),
        ("BT4294 of Bacteroides", "locus:bt4294"),
        ("the genes BT_3701-BT_3704", "locus:bt3704"),
        ("toxin CD0663 of Clostridioides difficile", "locus:cd0663"),
        ("slr1234 of Synechocystis", "locus:slr1234"),
        ("cellulases (EC 3.2.1.4, 3.2.1.21 and 3.2.1.91)", "ec:3.2.1.91"),
        ("EC 3.2.1.4/3.2.1.8", "ec:3.2.1.8"),
        ("M. tuberculosis Rv1819c, Mycobacterium tuberculosis", "locus:rv1819c"),
        ("KO K01190", "ko:k01190"),
        ("GO:0004565", "go:0004565"),
        ("PF00703 domains", "family:pf00703"),
        ("lacZ was deleted", "gene:lacz"),
        ("the protein TdcA", "gene:tdca"),
        ("blaTEM carriers", "gene:blatem"),
        ("WP_011091234.1", "protein:wp_011091234"),
        ("Clostridium difficile", "taxon:clostridioides difficile"),
        ("C. difficile", "taxon:clostridioides difficile"),
        ("Firmicutes", "taxon:bacillota"),
        ("strains of E. coli", "taxon:escherichia coli"),
        ("rifampin", "drug:rifampicin"),
        ("penicillins", "drug:penicillin"),
    ],
)
def test_what_a_text_names_is_tagged(text, key):
    assert key in keys(text)


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4 of the software",
        "on 3.2.1.23 of the scale",
        "Bin_055, OTU_1234, NM_000492 and rs1234",
        "ORF PA1234 without its organism",
        "cut by EcoRI in HepG2 cells",
        "families GH13_36 and PL8_3, UniRef90_1234 and H1N1_2009",
        "ATCC_29148, DSM_2079 and covid_2019",
        "in EC 3.2.1, 1.2.3.4.5 and 12.5.1.2",
        "sus, bsh and cat are bare symbols",
        "Recent studies of the host. Proteins were separated.",
    ],
)
def test_what_only_looks_like_an_entity_is_not(text):
    assert keys(text) == set()


def test_the_record_gives_numbers_names_and_places():
    paper = Publication(
        "x",
        "Levodopa in the gut",
        chemicals=(("EC 4.1.1.25", "Tyrosine Decarboxylase"), ("46627O600J", "Levodopa")),
        mesh=(("D001439", "Bacteroides fragilis"), ("D006801", "Humans")),
        mentions=(("Chemical", "MESH:D007980", "L-dopa"),),
    )
    tags = {tag.key: tag for tag in Tagger()(paper)}
    assert tags["ec:4.1.1.25"].name == "Tyrosine Decarboxylase"
    assert (tags["drug:levodopa"].place, tags["ec:4.1.1.25"].place) == ("title", "record")
    assert {"chemical:46627o600j", "mesh:d001439", "mesh:d007980"} < set(tags)
    assert "taxon:bacteroides fragilis" in tags
    assert "mesh:d006801" not in tags


def test_an_unknown_genus_counts_where_the_paper_shortens_it():
    text = "Smaragdinella nova grows. S. nova was found twice."
    assert [it.name for it in taxa_in(text)] == ["Smaragdinella nova"]
    assert list(taxa_in("Smaragdinella nova grows.")) == []
    assert [it.name for it in taxa_in("Novobacter mirus", {"Novobacter"})] == ["Novobacter mirus"]


def test_tables_agree_with_themselves():
    assert ec_key("3.6.3.14") == ec_key("7.1.2.2")
    assert locus_key("BT_4294") == locus_key("bt4294")
    assert taxon_key("Lactobacillus reuteri") == taxon_key("Limosilactobacillus reuteri")
    assert drug_key("aspirin") == drug_key("acetylsalicylic acid")
    assert dictionary()["bile salt hydrolase"] == "ec:3.5.1.24"
    assert "Blautia" in genera()
    assert len(enzyme_names()) > 400
    assert not {name for name in dictionary() if len(name) < 3}


def test_a_question_in_the_form_of_a_number_is_one():
    assert [it.key for it in entities_by_form("3.2.1.23", is_question=True)] == ["ec:3.2.1.23"]


@pytest.fixture
def base(tmp_path):
    with empty_base(tmp_path / "kb") as opened:
        opened.add(written(tmp_path / "in", papers__jsonl=jsonl(PAPERS)))
        yield opened


def first(base, query):
    return base.search(query, 1, "literature")[0]


@pytest.mark.parametrize(
    ("query", "pmid", "asked_for"),
    [
        ("EC:3.2.1.23", "2", "ec 3.2.1.23 (beta-Galactosidase)"),
        ("3.2.1.23", "2", "ec 3.2.1.23 (beta-Galactosidase)"),
        ("beta-galactosidase", "2", "ec 3.2.1.23 (beta-Galactosidase)"),
        ("BT4294", "1", "locus BT_4294"),
        ("paracetamol", "3", "drug acetaminophen"),
        ("B. thetaiotaomicron", "1", "taxon Bacteroides thetaiotaomicron"),
    ],
)
def test_papers_are_found_by_number_and_by_other_names(base, query, pmid, asked_for):
    hit = first(base, query)
    assert hit.reference == f"PMID:{pmid}"
    assert asked_for in hit.asked_for
    assert "entity" in hit.why


def test_quotes_and_no_expand_mean_the_words_as_they_are(base):
    with_quotes = entities_asked('"paracetamol"', base._store.connection)
    assert with_quotes.asked == ()


@pytest.mark.parametrize("symbol", ["bsh", "sus", "cat", "LPS"])
def test_a_bare_symbol_of_three_letters_is_no_entity(base, symbol):
    assert entities_asked(symbol, base._store.connection).asked == ()
    assert Expander(base._store.connection).expansions(symbol) == []


def test_a_genus_of_the_users_tables_tags_papers_that_were_there_before(base, tmp_path):
    assert not first(base, "Novobacter mirus").asked_for
    table = "#mpa_v30\nclade_name\tS1\nk__Bacteria\t100\n" + (
        "k__Bacteria|p__P|c__C|o__O|f__F|g__Novobacter|s__Novobacter_mirus\t100\n"
    )
    base.add(written(tmp_path / "more", profile__tsv=table))
    assert first(base, "Novobacter mirus").asked_for == ("taxon Novobacter mirus",)
    paper = {"pmid": "6", "title": "More on Novobacter mirus", "abstract": "It is rare."}
    base.add(written(tmp_path / "later", papers__jsonl=jsonl([paper])))
    assert "taxon Novobacter mirus" in first(base, "more on Novobacter mirus").entities


@pytest.mark.parametrize("papers_first", [True, False])
def test_a_protein_finds_the_papers_that_it_cites(tmp_path, papers_first):
    files = written(tmp_path / "in", papers__jsonl=jsonl(PAPERS), swiss__dat=UNIPROT)
    with empty_base(tmp_path / "kb") as base:
        base.add(files if papers_first else files[::-1])
        for query in ("P00722", "lacZ", "EC 3.2.1.23"):
            hits = base.search(query, 9, "literature")
            cited = next(hit for hit in hits if hit.reference == "PMID:5")
            assert "cited by P00722" in cited.asked_for
            assert hits.index(cited) <= 1
        by_name = base.search("Beta-galactosidase", 2, "literature")
        assert {hit.reference for hit in by_name} == {"PMID:2", "PMID:5"}


def tags_in(path):
    with KnowledgeBase.open(path) as base:
        rows = base._store.connection.execute("SELECT key FROM publication_entities").fetchall()
    return {row[0] for row in rows}


def test_tags_follow_a_paper_that_changes_and_go_with_it(base, tmp_path):
    old = {"pmid": "9", "title": "On lacZ", "abstract": "Text.", "version": 1}
    new = old | {"title": "On tdcA", "version": 2}
    base.add(written(tmp_path / "old", papers__jsonl=jsonl([old])))
    assert "gene:lacz" in tags_in(base.path)
    base.add(written(tmp_path / "new", papers__jsonl=jsonl([new])))
    assert {"gene:tdca"} == {key for key in tags_in(base.path) if key.startswith("gene:")}
    assert first(base, "tdcA").reference == "PMID:9"
    base.close()
    remove_records(base.path, ["9"])
    assert not {key for key in tags_in(base.path) if key.startswith("gene:")}


def test_rebuilding_finds_the_same_tags(base):
    before = tags_in(base.path)
    base.close()
    KnowledgeBase.rebuild(base.path)
    assert tags_in(base.path) == before


def test_all_tags_of_a_hit_are_in_json(base):
    from dataclasses import asdict

    told = json.loads(json.dumps(asdict(first(base, "BT_4294"))))
    assert told["asked_for"] == ["locus BT_4294"]
    assert "taxon Bacteroides thetaiotaomicron" in told["entities"]
