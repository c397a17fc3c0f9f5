"""What a user may ask of a search: filters, synonyms, modes, feedback, a reranker, folding."""

from __future__ import annotations

import pytest

from ingest.errors import MissingDependencyError, UserError
from retrieval import spaces, text_ranking
from retrieval.search_options import Filters, SearchOptions
from tests.retrieval.bases import empty_base, jsonl, written

ABSTRACT = "It makes toxins A and B in the colon after antibiotics, and spores that persist."
PAPERS = [
    {
        "pmid": "1",
        "title": "Toxins of Clostridium difficile",
        "abstract": ABSTRACT,
        "year": "1999",
    },
    {
        "pmid": "2",
        "title": "Clostridioides difficile in hospitals",
        "abstract": "Spores of the pathogen persist on floors. Hands carry them to patients.",
        "year": "2019",
        "pub_types": ["Review"],
    },
    {
        "pmid": "3",
        "title": "Lactose and its enzyme",
        "abstract": "The enzyme EC 3.2.1.23 splits lactose in the gut of infants.",
        "year": "2010",
    },
    {
        "pmid": "4",
        "title": "Galactosidases of Bifidobacterium",
        "abstract": "Beta-galactosidase of bifidobacteria acts on milk sugar, and lacZ encodes it.",
        "year": "",
    },
    {
        "pmid": "5",
        "title": "A bile salt hydrolase and the locus BT_4294",
        "abstract": "The locus BT_4294 lies beside susC. It was deleted in one strain.",
        "year": "2021",
    },
    {
        "pmid": "6",
        "title": "A retracted report on spores",
        "abstract": "Spores were said to be harmless.",
        "year": "2015",
        "pub_types": ["Retracted Publication"],
    },
]
PROTEINS = (
    "accession\tec\tname\tgene\tsequence\n"
    "P00722\t3.2.1.23\tBeta-galactosidase\tlacZ\tMTMITDSLAVVLQRRDWENPGVTQLNRLAAHPPFASWRNSEEART\n"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with empty_base(folder / "kb") as opened:
        opened.add(written(folder / "in", p__jsonl=jsonl(PAPERS), r__tsv=PROTEINS))
        yield opened


def found(base, query, **options):
    filters = Filters(**options.pop("filters", {}))
    hits = base.search(query, 10, "literature", SearchOptions(filters=filters, **options))
    return [hit.reference.removeprefix("PMID:") for hit in hits]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"year_from": 2010}, {"2", "3", "5"}),
        ({"year_to": 2010}, {"1", "3"}),
        ({"year_from": 2000, "year_to": 2011}, {"3"}),
        ({"publication_type": "review"}, {"2"}),
        ({"taxon": "Clostridioides difficile"}, {"1", "2"}),
        ({"taxon": "C. difficile"}, {"1", "2"}),
        ({"taxon": "Bifidobacterium"}, {"4"}),
        ({"taxon": "Bifidobacterium", "year_from": 1900}, set()),
        ({"taxon": "?!"}, set()),
        ({}, {"1", "2", "3", "4", "5"}),
        ({"include_retracted": True}, {"1", "2", "3", "4", "5", "6"}),
        ({"include_retracted": True, "year_to": 2015, "year_from": 2012}, {"6"}),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_filters_hold_in_both_searches(base, filters, expected, mode):
    assert set(found(base, "spores enzyme gut", filters=filters, mode=mode)) == expected


def test_a_renamed_species_is_found_by_either_name(base):
    for query in ("Clostridium difficile", "Clostridioides difficile"):
        hits = base.search(query, 2, "literature", SearchOptions(mode="lexical"))
        assert {hit.reference for hit in hits} == {"PMID:1", "PMID:2"}


def test_synonyms_are_told_and_shown_with_the_hit(base):
    (told,) = base.expansions("toxins of Clostridium difficile")
    assert told.found == "Clostridium difficile"
    assert "Clostridioides difficile" in told.synonyms
    hits = base.search("Clostridium difficile", 5, "literature")
    hit = next(it for it in hits if it.reference == "PMID:2")
    assert hit.synonyms == ("Clostridioides difficile",)
    assert hit.expansion > 0
    assert "synonyms" in hit.why
    assert "Clostridioides difficile" in hit.why


def test_quotes_and_the_option_switch_synonyms_off(base):
    assert base.expansions('"Clostridium difficile" spores') == []
    assert base.expansions("Clostridium difficile", SearchOptions(expand=False)) == []
    hits = base.search("Clostridium difficile", 9, "literature", SearchOptions(expand=False))
    assert all(hit.expansion is None for hit in hits)


@pytest.mark.parametrize(
    ("query", "synonyms"),
    [
        ("what does EC 3.2.1.23 split?", ("Beta-galactosidase",)),
        ("beta-galactosidase of infants", ("EC 3.2.1.23",)),
        ("β-galactosidase", ("EC 3.2.1.23",)),
        ("the lacZ gene", ("Beta-galactosidase",)),
        ("LacZ fusions", ("Beta-galactosidase",)),
    ],
)
def test_enzymes_by_number_name_and_symbol(base, query, synonyms):
    assert [it.synonyms for it in base.expansions(query)] == [synonyms]


@pytest.mark.parametrize(
    "query", ["bar", "the map of can", "era IL6", "bsh", "EC 9.9.9.9", "a new phylum", "kinase", ""]
)
def test_what_is_never_expanded(base, query):
    assert base.expansions(query) == []


def test_an_enzyme_is_found_by_its_number_and_by_its_name(base):
    assert set(found(base, "EC 3.2.1.23", mode="lexical")) == {"3", "4"}
    assert set(found(base, "beta-galactosidase", mode="lexical")) == {"3", "4"}
    assert found(base, "BT4294", mode="lexical") == ["5"]


def test_modes_use_what_they_say(base):
    for mode, dense, lexical in (("dense", True, False), ("lexical", False, True)):
        hits = base.search("spores", 9, "literature", SearchOptions(mode=mode, expand=False))
        assert all((hit.dense is not None) == dense for hit in hits)
        assert all((hit.lexical is not None) == lexical for hit in hits)
    scores = [it.score for it in base.search("spores", 9, "literature", SearchOptions(mode="rrf"))]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical", "rrf"])
def test_feedback_reaches_papers_without_the_words(base, mode):
    options = SearchOptions(mode=mode, feedback=True)
    (plain,) = base.rank_publications(["toxins"], 9, SearchOptions(mode=mode))
    (fed,) = base.rank_publications(["toxins"], 9, options)
    assert {name for name, _ in plain} <= {name for name, _ in fed}
    assert [score for _, score in fed] == sorted((score for _, score in fed), reverse=True)


def test_words_alone_without_the_embedder(base, monkeypatch):
    def missing(spec):
        raise MissingDependencyError("the text model is not installed")

    monkeypatch.setattr(spaces, "load_embedder", missing)
    monkeypatch.setitem(base._embedders, "text", spaces.SpaceEmbedder(base._store.spaces()["text"]))
    hits = base.search("spores", 3, "literature")
    assert hits
    assert all(hit.dense is None for hit in hits)
    assert base.dense_off == "the text model is not installed"
    with pytest.raises(UserError, match="not installed"):
        base.search("spores", 3, "literature", SearchOptions(mode="dense"))
    assert base.search("spores", 3, "literature", SearchOptions(mode="lexical"))
    assert base.dense_off == ""


class Backwards:
    """Likes short texts."""

    def scores(self, query, texts):
        return [1 / (1 + len(text)) for text in texts]


def test_a_reranker_orders_the_best(base, monkeypatch):
    monkeypatch.setattr(text_ranking, "load_reranker", lambda folder: Backwards())
    hits = base.search("spores", 9, "literature", SearchOptions(reranker="some folder"))
    lengths = [len(f"{hit.title} {hit.text}") for hit in hits]
    assert lengths == sorted(lengths)
    assert all(hit.rerank is not None and "reranker" in hit.why for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_folder_without_safetensors_is_no_reranker(base, tmp_path):
    with pytest.raises(UserError, match="safetensors"):
        base.search("spores", 3, "literature", SearchOptions(reranker=str(tmp_path)))


def test_nearly_equal_texts_are_shown_once(tmp_path):
    long = (
        "Bile salt hydrolases of gut bacteria free bile acids from glycine and taurine. Their"
        " activity differs between people and follows the diet, the age and the drugs they take."
    )
    papers = [
        {"_id": "a", "title": "Hydrolases in people", "text": long},
        {"_id": "b", "title": "Other title, same text", "text": f"{long} Copyright held."},
        {"_id": "c", "title": "Bile acids", "text": "Bile acids differ between people."},
    ]
    with empty_base(tmp_path / "kb") as base:
        base.add(written(tmp_path / "in", p__jsonl=jsonl(papers)))
        hits = base.search("bile salt hydrolases", 9, "literature")
        assert {hit.reference for hit in hits} in ({"a", "c"}, {"b", "c"})
        twin = next(hit for hit in hits if hit.reference != "c")
        assert twin.also_in == (("b",) if twin.reference == "a" else ("a",))
        every = base.search("bile salt hydrolases", 9, "literature", SearchOptions(fold=False))
        assert len(every) == 3
        assert len(base.rank_publications(["bile salt hydrolases"], 9)[0]) == 3
