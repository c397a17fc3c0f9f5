"""Hybrid search over texts, its documents, and the ranking of papers."""

from __future__ import annotations

import pytest

from ingest.records import Feature, Protein, Provenance
from retrieval.documents import RecordDescriber, embedding_text, feature_label, feature_summary
from retrieval.embedders import load_embedder
from retrieval.fusion import convex
from retrieval.lexical_index import LexicalIndex, wording_of
from retrieval.search_options import Filters, SearchOptions
from retrieval.text_search import TextSearch
from tests.retrieval.bases import PAPERS, empty_base, full_base, jsonl, written

WITH_RETRACTED = SearchOptions(filters=Filters(include_retracted=True))
ALL = SearchOptions(per_paper=99, fold=False)
ONE = SearchOptions(per_paper=1, fold=False)
LONG = {
    "pmid": "50",
    "title": "Starch everywhere",
    "abstract": " ".join(
        f"Starch sentence number {n} tells of starch granules." for n in range(200)
    ),
}


@pytest.fixture
def base(tmp_path):
    with full_base(tmp_path / "kb", tmp_path / "in") as opened:
        yield opened


@pytest.fixture
def texts(base):
    return TextSearch(base._store.connection, base._indexes["text"], base._embedders["text"])


def test_a_hit_says_all_that_is_needed_to_cite_it(base):
    hit = base.search("Bacteroides degrades starch", 1, "literature")[0]
    assert (hit.kind, hit.reference, hit.source_id, hit.year) == ("passage", "PMID:1", "1", "2010")
    assert hit.title == PAPERS[0]["title"]
    assert (hit.section, hit.text) == ("abstract", PAPERS[0]["abstract"][hit.start : hit.end])
    paper = base.publication(hit.owner_id)
    assert paper.pmid == "1"
    assert hit.score == 1.0
    assert "meaning" in hit.why
    assert "words" in hit.why


def test_scores_are_those_of_both_searches_fused(base, texts):
    query = "starch in the gut"
    rows = base._store.connection.execute(
        "SELECT id, document_id, title, text FROM documents"
        " WHERE kind = 'passage' AND NOT is_retracted"
    ).fetchall()
    embedder = load_embedder("hashing")
    vectors = embedder.embed_documents([embedding_text(row["title"], row["text"]) for row in rows])
    cosines = vectors.astype(float) @ embedder.embed_queries([query])[0].astype(float)
    dense = {row["id"]: round(float(c), 6) for row, c in zip(rows, cosines, strict=True)}
    lexical = LexicalIndex(base._store.connection).search(wording_of(query), 99, ["passage"])
    names = {row["id"]: row["document_id"] for row in rows}
    expected = [(names[it.id], pytest.approx(it.score, abs=1e-6)) for it in convex(dense, lexical)]
    (hits,) = texts.search([query], 99, ["passage"])
    assert [(hit.id, hit.score) for hit in hits] == expected


def test_retracted_papers_are_left_out_unless_asked_for(texts):
    query = "a retracted tale of starch"
    (hits,) = texts.search([query], 9, ["passage"])
    assert not any(hit.is_retracted for hit in hits)
    (hits,) = texts.search([query], 9, ["passage"], WITH_RETRACTED)
    assert (hits[0].reference, hits[0].is_retracted) == ("PMID:2", True)
    assert "2" not in [name for name, _ in texts.rank_publications([query], 9)[0]]


def test_at_most_three_passages_of_a_paper(base, texts, tmp_path):
    base.add(written(tmp_path / "x", p__jsonl=jsonl([LONG])))
    hits = base.search("starch granules sentence", 10, "literature")
    references = [hit.reference for hit in hits]
    assert references.count("PMID:50") == 3
    assert "PMID:1" in references
    (more,) = texts.search(["starch granules sentence"], 10, ["passage"], ALL)
    assert [hit.reference for hit in more].count("PMID:50") > 3


def test_the_answer_does_not_depend_on_the_batch_or_on_k(texts):
    queries = [f"starch {n} gut lactose bacteroides"[n % 9 :] for n in range(70)]
    kinds = ["passage", "protein", "feature", "sample"]
    together = texts.search(queries, 9, kinds)
    for query, hits in zip(queries, together, strict=True):
        assert texts.search([query], 9, kinds) == [hits]
        assert texts.search([query], 2, kinds) == [hits[:2]]


def test_an_empty_query_finds_nothing(texts):
    assert texts.search(["", "  \n"], 5, ["passage"]) == [[], []]
    assert texts.search([], 5, ["passage"]) == []


def test_a_query_without_words_goes_by_meaning_alone(texts):
    (hits,) = texts.search(["?!"], 5, ["passage"])
    assert all(hit.lexical is None for hit in hits)


def test_words_alone_when_there_are_no_vectors(base, texts):
    base._indexes["text"].use([], {})
    (hits,) = texts.search(["starch Bacteroides"], 5, ["passage"])
    assert hits[0].reference == "PMID:1"
    assert hits[0].dense is None
    assert hits[0].score == 1.0


def test_a_preprint_gives_way_to_its_article(tmp_path):
    title = "Bile salt hydrolases of Bacteroides in the human gut"
    preprint = {"pmid": "70", "title": title, "abstract": "Hydrolases free bile acids, we find."}
    article = {"pmid": "71", "title": title, "abstract": "Hydrolases of Bacteroides free bile."}
    with empty_base(tmp_path / "kb") as base:
        base.add(written(tmp_path / "in", p__jsonl=jsonl([preprint, article])))
        with base._store.transaction() as connection:
            connection.execute(
                "UPDATE publications SET superseded_by ="
                " (SELECT id FROM publications WHERE pmid = '71') WHERE pmid = '70'"
            )
        hits = base.search("bile salt hydrolases", 9, "literature")
        assert {hit.reference for hit in hits} == {"PMID:71"}


def test_papers_are_ranked_by_their_best_passage(base, texts, tmp_path):
    base.add(written(tmp_path / "x", p__jsonl=jsonl([LONG])))
    queries = ["starch granules", "lactose infant"]
    ranked = base.rank_publications(queries, 100)
    assert [name for name, _ in ranked[0]][:1] == ["50"]
    assert [name for name, _ in ranked[1]][:1] == ["s3"]
    for query, papers in zip(queries, ranked, strict=True):
        (hits,) = texts.search([query], 1000, ["passage"], ONE)
        assert papers == [(hit.source_id, hit.score) for hit in hits]
    assert base.rank_publications(queries, 1) == [papers[:1] for papers in ranked]


def test_a_collection_keeps_its_own_ids(tmp_path):
    corpus = [
        {"_id": "doc1", "title": "The same long title of two documents", "text": "Text one."},
        {"_id": "doc2", "title": "The same long title of two documents", "text": "Text one."},
    ]
    with empty_base(tmp_path / "kb") as base:
        base.add(written(tmp_path / "in", c__jsonl=jsonl(corpus)))
        (ranked,) = base.rank_publications(["text one"], 10)
    assert sorted(name for name, _ in ranked) == ["doc1", "doc2"]


# descriptions


def test_a_protein_is_described_by_what_is_known():
    describe = RecordDescriber().protein
    protein = Protein(
        "P1", "MK", "Lactase", "lacZ", ("3.2.1.23",), taxon="E. coli", function="Splits lactose."
    )
    document = describe(protein)
    assert (document.title, document.text) == (
        "Lactase",
        "gene lacZ. EC 3.2.1.23. Splits lactose. E. coli",
    )
    assert describe(Protein("P2", "MK", "hypothetical protein")) is None
    assert (
        describe(Protein("P2", "MK", "hypothetical protein", ec_numbers=("1.1.1.1",))).title == "P2"
    )
    same = Protein("P9", "MV", *(getattr(protein, n) for n in ("name", "gene", "ec_numbers")))
    assert describe(same).id == describe(Protein("P8", "MA", "Lactase", "lacZ", ("3.2.1.23",))).id


def feature(**changes):
    fields = {"id": "PWY-1", "name": "making things", "kind": "pathway", "unit": "CPM"}
    values = (("S1", 1.0), ("S2", 0.0), ("S3", 12.06))
    return Feature(**{**fields, "values": values, "tool": "HUMAnN", **changes})


def test_features_that_are_described_and_those_that_are_not():
    describe = RecordDescriber().feature
    assert describe(feature()).title == "Pathway PWY-1: making things"
    assert describe(feature()).text == "HUMAnN, CPM"
    species = feature(id="k__B|s__X_y", name="X y", kind="taxon", rank="s", unit="percent")
    assert (describe(species).title, describe(species).text) == (
        "Taxon X y",
        "k__B|s__X_y, HUMAnN, %",
    )
    for left_out in (
        feature(special=True),
        feature(stratum="s__X"),
        feature(kind="taxon", rank="g"),
        feature(kind="gene_family", name="PWY-1"),
        feature(kind="gene_family", name="uncharacterized protein"),
    ):
        assert describe(left_out) is None
    assert describe(feature(kind="gene_family", name="Lactase")) is not None


def test_the_numbers_of_a_feature_worked_out_by_hand():
    assert (
        feature_summary([feature()])
        == "found in 2 of 3 samples, mean 4.35 CPM, highest in S3 (12.1)"
    )
    assert feature_summary([feature(values=(("S1", 0.0),))]) == "found in 0 of 1 sample"
    tables = [feature(values=(("S1", 2.0),)), feature(values=(("S2", 4.0),))]
    assert feature_summary(tables) == "found in 2 of 2 samples, mean 3 CPM, highest in S2 (4)"
    assert feature_summary([]) == ""
    assert feature_label(feature()) == "PWY-1: making things"


def test_a_feature_of_many_tables_is_one_text_with_the_numbers_of_all(tmp_path):
    table = "#mpa_v30\nclade_name\t{}\nk__Bacteria|s__Bacteroides_uniformis\t{}\n"
    first, second = written(
        tmp_path / "in", a__tsv=table.format("S1", 10), b__tsv=table.format("S2", 30)
    )
    with empty_base(tmp_path / "kb") as base:
        base.add([first])
        (hit,) = base.search("uniformis", 5, "features")[:1]
        assert "found in 1 of 1 sample" in hit.text
        base.add([second])
        hits = [it for it in base.search("uniformis", 5, "features") if it.kind == "feature"]
        assert [it.id for it in hits] == [hit.id]
        assert "found in 2 of 2 samples, mean 20 %, highest in S2 (30)" in hits[0].text


def test_numbers_in_two_units_are_never_put_together():
    """A pathway has an abundance and a coverage; counts and shares of one taxon have one id."""
    rows = [
        feature(values=(("S1", 2.0), ("S2", 0.0)), provenance=Provenance("cpm.tsv")),
        feature(values=(("S3", 900.0),), unit="counts", provenance=Provenance("counts.tsv")),
        feature(values=(("S4", 4.0),), provenance=Provenance("more.tsv")),
    ]
    assert feature_summary(rows) == (
        "found in 2 of 3 samples, mean 2 CPM, highest in S4 (4), from cpm.tsv and more.tsv;"
        " found in 1 of 1 sample, mean 900 counts, highest in S3 (900), from counts.tsv"
    )
