"""Folders in the layout of BEIR, as they occur."""

from __future__ import annotations

import gzip
import json

import pytest

from assistant.evaluation.collection import read_collection
from ingest.errors import FormatError, InputError, UserError


def made(folder, qrels="query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t0\n", split="test"):
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "T", "text": "t"}\n')
    queries = [{"_id": f"q{n}", "text": f"question {n}"} for n in (1, 2, 3)]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)) + "\n\n")
    (folder / "qrels" / f"{split}.tsv").write_text(qrels)
    return folder


def test_queries_with_a_relevant_document_are_kept(tmp_path):
    collection = read_collection(made(tmp_path / "set"))
    assert (collection.name, collection.split) == ("set", "test")
    assert collection.queries == {"q1": "question 1"}
    assert collection.judgements == {"q1": {"d1": 1}}
    assert collection.unjudged == 1


@pytest.mark.parametrize(
    "qrels",
    ["q1\td1\t2\n", "q1 0 d1 2\n", "q1\t0\td1\t2\n\n", "query-id\tcorpus-id\tscore\nq1\td1\t2.0\n"],
)
def test_judgements_in_their_dialects(tmp_path, qrels):
    assert read_collection(made(tmp_path, qrels)).judgements == {"q1": {"d1": 2}}


def test_the_corpus_and_qrels_may_be_compressed(tmp_path):
    folder = made(tmp_path)
    for path in (folder / "corpus.jsonl", folder / "qrels" / "test.tsv"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    collection = read_collection(folder)
    assert collection.corpus.name == "corpus.jsonl.gz"
    assert collection.judgements == {"q1": {"d1": 1}}


def test_an_unknown_split_names_those_that_are_there(tmp_path):
    with pytest.raises(UserError, match="dev") as caught:
        read_collection(made(tmp_path), "dev")
    assert "test" in str(caught.value)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path, missing):
    folder = made(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(InputError, match="BEIR"):
        read_collection(folder)


def test_a_path_that_is_no_folder(tmp_path):
    with pytest.raises(InputError, match="no folder"):
        read_collection(tmp_path / "absent")


def test_a_damaged_line_is_told_with_its_number(tmp_path):
    folder = made(tmp_path, "q1\td1\t1\nq1\td1\n")
    with pytest.raises(FormatError, match="line 2"):
        read_collection(folder)
    folder = made(tmp_path, "q1\td1\t1\n")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "a"}\n[1]\n')
    with pytest.raises(FormatError, match="line 2"):
        read_collection(folder)


def test_ids_that_do_not_agree(tmp_path):
    with pytest.raises(UserError, match="relevant"):
        read_collection(made(tmp_path, "other\td1\t1\n"))
