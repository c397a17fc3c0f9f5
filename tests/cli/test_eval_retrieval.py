"""The command eval retrieval on a small collection; figures against scikit-learn's."""

from __future__ import annotations

import json

import numpy as np
import pytest
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
