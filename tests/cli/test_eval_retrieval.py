"""The command eval retrieval on a small collection; figures against scikit-learn's."""

from __future__ import annotations

import json

import numpy as np
import pytest
import zstandard
from sklearn.metrics import ndcg_score

from retrieval.knowledge_base import KnowledgeBase
from retrieval.search_options import Filters, SearchOptions

SUBJECTS = ("starch", "lactose", "urease", "bile", "mucin", "pectin", "iron", "sulfate")


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "tiny"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {
            "_id": f"d{n}",
            "title": f"On {subject} number {n}",
            "text": f"Gut bacteria and {subject}. The {SUBJECTS[n % 3]} is split in sample {n}.",
        }
        for n, subject in enumerate(SUBJECTS * 3)
    ]
    queries = [{"_id": f"q{s}", "text": f"how is {s} split in the gut"} for s in SUBJECTS]
    judged = [
        f"q{s}\td{n}\t{1 + n % 2}" for n, s in enumerate(SUBJECTS * 3) if n < 2 * len(SUBJECTS)
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(it) + "\n" for it in documents))
    (folder / "queries.jsonl").write_text("".join(json.dumps(it) + "\n" for it in queries))
    (folder / "qrels" / "test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]))
    return folder


HASHING = ("--text-embedder", "hashing", "--draws", "200")


def test_figures_are_those_of_scikit_learn(told, collection, tmp_path):
    kb = tmp_path / "kb"
    answer = told("eval", "retrieval", collection, "--kb", kb, "--json", *HASHING)
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    assert (document["queries"], document["documents"]) == (8, 24)
    judged = {}
    for line in (collection / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, name, grade = line.split("\t")
        judged.setdefault(query, {})[name] = int(grade)
    options = SearchOptions(expand=False, filters=Filters(include_retracted=True))
    texts = [f"how is {subject} split in the gut" for subject in SUBJECTS]
    with KnowledgeBase.open(kb) as base:
        rankings = base.rank_publications(texts, 100, options)
    expected = []
    for subject, ranking in zip(SUBJECTS, rankings, strict=True):
        scores = {name: 1 / rank for rank, (name, _) in enumerate(ranking, start=1)}
        names = [f"d{n}" for n in range(24)]
        truth = [[judged[f"q{subject}"].get(name, 0) for name in names]]
        expected.append(ndcg_score(truth, [[scores.get(name, 0.0) for name in names]], k=10))
    found = document["settings"]["hybrid"]["nDCG@10"]["value"]
    assert found == pytest.approx(np.mean(expected))


def test_the_table_has_every_setting_and_paired_tests(told, collection):
    answer = told("eval", "retrieval", collection, "--expand", "--feedback", *HASHING)
    assert answer.code == 0, answer.err
    settings = [line.split("\t")[0] for line in answer.out.split("\n\n")[0].splitlines()[1:]]
    assert settings == [
        *("lexical", "dense", "rrf", "hybrid"),
        *("hybrid + synonyms", "hybrid + feedback"),
    ]
    assert "p (Holm)" in answer.out
    assert "--kb" in answer.err


def test_a_kept_index_is_reused_and_gives_the_same(told, collection, tmp_path):
    call = ("eval", "retrieval", collection, "--kb", tmp_path / "kb", "--json", *HASHING)
    first, second = told(*call), told(*call)
    assert first.out == second.out


def test_without_the_embedder_words_alone_are_measured(told, collection, tmp_path, monkeypatch):
    kb = tmp_path / "kb"
    assert told("eval", "retrieval", collection, "--kb", kb, *HASHING).code == 0
    from ingest.errors import MissingDependencyError
    from retrieval import spaces

    def missing(spec):
        raise MissingDependencyError("the text model is not installed")

    monkeypatch.setattr(spaces, "load_embedder", missing)
    answer = told("eval", "retrieval", collection, "--kb", kb, "--draws", "200")
    assert answer.code == 0, answer.err
    assert "Dense search is off: the text model is not installed" in answer.err
    assert [line.split("\t")[0] for line in answer.out.splitlines()] == ["setting", "lexical"]


def test_an_unknown_split_is_a_users_error(told, collection):
    answer = told("eval", "retrieval", collection, "--split", "dev", *HASHING)
    assert answer.code == 2
    assert "test" in answer.err


def test_a_collection_with_all_that_is_odd(told, tmp_path):
    """Ids as numbers, no titles, empty and double documents, questions that are documents."""
    folder = tmp_path / "odd"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": 1, "text": "Starch is split by gut bacteria into short sugars."},
        {"_id": 2, "title": None, "text": "Urease makes ammonia from urea.", "metadata": {}},
        {"_id": "3", "title": "", "text": ""},
        {"_id": "q/4 ü", "title": "Lactose", "text": "乳糖 is split by beta-galactosidase."},
        {"_id": "5", "text": "Pectin is split.", "metadata": {"pubmed_id": "77"}},
        {"_id": "6", "text": "Pectin is split.", "metadata": {"pubmed_id": "77"}},
    ]
    queries = [
        {"_id": 1, "text": "Starch is split by gut bacteria"},  # the document itself is no answer
        {"_id": "b", "text": "pectin split"},
        {"_id": "c", "text": "乳糖"},
        {"_id": "d", "text": "what has no judgement"},
    ]
    corpus = "\ufeff" + "".join(json.dumps(it, ensure_ascii=False) + "\r\n" for it in documents)
    packed = zstandard.ZstdCompressor().compress(corpus.encode())
    (folder / "corpus.jsonl.zst").write_bytes(packed)
    lines = "".join(json.dumps(it) + "\n" for it in queries)
    (folder / "queries.jsonl").write_text(lines, encoding="utf-8-sig")
    judged = "1\t5\t1\nb\t5\t2\nb\t6\t1\nb\t3\t1\nb\tgone\t1\nc\tq/4 ü\t1\nx\t1\t1\n"
    (folder / "qrels" / "dev.tsv").write_text(judged, encoding="utf-8")
    answer = told("eval", "retrieval", folder, "--split", "dev", "--json", *HASHING)
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    assert (document["queries"], document["documents"]) == (3, 5)
    words = {name: it["value"] for name, it in document["settings"]["lexical"].items()}
    # Question 1: document 5 is found behind 1, which does not count; b: two of four; c: found.
    assert words["Recall@100"] == pytest.approx((1 + 2 / 4 + 1) / 3)
    assert words["MRR@10"] == pytest.approx(1)
    told_of = " ".join(document["warnings"])
    assert "2 relevant documents are not in the corpus" in told_of
    assert "1 documents are empty" in told_of
    assert "1 queries without a text" in told_of
