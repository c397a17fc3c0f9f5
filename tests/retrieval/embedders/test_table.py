"""The table of embedders against the folder of embedders."""

import pytest

from ingest.errors import UserError
from retrieval import embedders
from retrieval.embedders import (
    DEFAULT_PROTEIN,
    DEFAULT_TEXT,
    EMBEDDERS,
    have_equal_vectors,
    load_embedder,
)
from tests.conftest import REPOSITORY

NOT_EMBEDDERS = {"__init__", "base", "bert_openvino", "bert_torch", "bert_weights"}


def test_every_file_is_in_the_table():
    folder = REPOSITORY / "retrieval" / "embedders"
    files = {path.stem for path in folder.glob("*.py")} - NOT_EMBEDDERS
    factories = [EMBEDDERS.get(name) for name in EMBEDDERS.names()]
    modules = {factory.__module__.rpartition(".")[2] for factory in factories}
    assert modules == files


def test_the_defaults_are_in_the_table():
    assert {DEFAULT_TEXT, DEFAULT_PROTEIN} <= set(EMBEDDERS.names())


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UserError, match=r"no embedder named 'word2vec'.*minilm"):
        load_embedder("word2vec:/some/path")


def test_only_the_first_colon_splits_a_spec(monkeypatch):
    seen = []
    monkeypatch.setattr(embedders.EMBEDDERS, "get", lambda name: seen.append)
    load_embedder("st:C:/models/x")
    assert seen == ["C:/models/x"]


@pytest.mark.parametrize(
    ("spec", "other", "equal"),
    [
        ("minilm", "minilm:bf16", True),
        ("minilm:openvino", "minilm:torch", True),
        ("st:a", "st:a", True),
        ("st:a", "st:b", False),
        ("minilm", "st:a", False),
        ("minilm", "hashing", False),
    ],
)
def test_only_ways_to_compute_one_model_have_equal_vectors(spec, other, equal):
    assert have_equal_vectors(spec, other) is equal
    assert have_equal_vectors(other, spec) is equal
