"""``search --sample`` and ``search --profile``: similar samples for a person and as JSON."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.retrieval.bases import written
from tests.retrieval.profiles.communities import METADATA, community, two_communities
from tests.retrieval.profiles.tables import metaphlan


@pytest.fixture(scope="module")
def kb(tmp_path_factory):
    return two_communities(tmp_path_factory.mktemp("alike"))


def test_a_stored_sample(told, kb):
    said = told("search", kb, "--sample", "A0", "-k", "2", "--show", "diet,patient_name")
    assert said.code == 0
    assert said.out.startswith("A0: 16 species in taxa.tsv; compared with 7 samples")
    assert "Hellinger 0." in said.out
    assert "16 of its 16 species shared  [taxa.tsv]" in said.out
    assert "in common: Genus" in said.out
    assert "patient_name is not shown: it looks like a person's name" in said.err
    assert "--by genus, pathway" in said.err
    assert "Weber" not in said.out + said.err


def test_json(told, kb):
    said = told("search", kb, "--sample", "A0", "--by", "pathway", "--show", "diet", "--json")
    answer = json.loads(said.out)
    assert [hit["sample"] for hit in answer["found"]] == ["A1", "B0"]
    assert answer["found"][1]["metadata"] == {"diet": "meat"}
    assert answer["kinds"] == ["species", "genus", "pathway"]


def test_columns_that_are_allowed_for_prompts_are_shown(told, kb, monkeypatch):
    monkeypatch.setenv("METALUMEN_PROMPT_COLUMNS", "age")
    answer = json.loads(told("search", kb, "--sample", "A0", "--by", "pathway", "--json").out)
    assert answer["found"][0]["metadata"] == {"age": "40"}


def test_a_new_table(told, kb, tmp_path):
    (new,) = written(
        tmp_path, new__tsv=metaphlan({"N1": community("B", 9), "N2": community("A", 9)})
    )
    said = told("search", kb, "--profile", new, "-k", "1", "--json")
    one, other = json.loads(said.out)
    assert (one["found"][0]["sample"][0], other["found"][0]["sample"][0]) == ("B", "A")
    alone = told("search", kb, "--profile", new, "--sample", "N2", "-k", "1", "--json")
    assert json.loads(alone.out) == other


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sample", "A99"), "has the sample 'A99'. Samples are called"),
        (("--sample", "A3", "--by", "pathway"), "no profile of pathways. It has: species, genus"),
        (("--sample", "A0", "--by", "weight"), "Known: species, genus, higher"),
        (("starch", "--sample", "A0"), "not both"),
        (("--profile", "absent.tsv"), "absent.tsv"),
    ],
)
def test_what_cannot_be_answered(told, kb, arguments, message):
    said = told("search", kb, *arguments)
    assert said.code == 2
    assert message in said.err


def test_a_table_without_profiles(told, kb, tmp_path):
    (meta,) = written(tmp_path, meta__tsv=METADATA)
    said = told("search", kb, "--profile", meta)
    assert said.code == 2
    assert "no sample that can be compared" in said.err


def test_a_table_is_removed_by_its_name(told, kb, tmp_path):
    shutil.copytree(kb, tmp_path / "kb")
    said = told("remove", tmp_path / "kb", "taxa.tsv", "other.tsv")
    assert said.code == 0
    assert said.out == "removed: taxa.tsv, a table of 8 samples\n"
    assert "other.tsv: no paper or table" in said.err
    answer = json.loads(told("search", tmp_path / "kb", "--sample", "A0", "--json").out)
    assert answer["kinds"] == ["pathway"]
    assert told("search", tmp_path / "kb", "--sample", "A3").code == 2
