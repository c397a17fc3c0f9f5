"""Evaluation of the checks: figures by hand on a small labelled set, and a model that obeys."""

from __future__ import annotations

import json

import pytest

from assistant.cli import run
from assistant.evaluation.grounding import area, evaluate_claims
from assistant.evaluation.labelled_claims import read_labelled
from assistant.evaluation.model_answers import CANARY, GroundingRequest, evaluate_model
from assistant.llm.base import Completion
from ingest.errors import InputError

PAPERS = {
    "1": ("Butyrate and claudin", "Butyrate increased claudin-1 in Caco-2 cells. It was dosed."),
    "2": ("Digoxin", "Cgr2 of Eggerthella lenta reduces digoxin. Arginine represses it."),
    "3": ("Mucin", "Akkermansia muciniphila grows on mucin. It was isolated in 2004."),
    "4": ("Iron", "The protein FepA takes up enterobactin. It spans the outer membrane."),
    "5": ("Phage", "The phage crAss001 infects Bacteroides intestinalis. It is common."),
}
CLAIMS = [
    ("a", "Cgr2 of Eggerthella lenta reduces digoxin.", "2", "SUPPORT"),
    ("b", "Akkermansia muciniphila grows on mucin.", "3", "SUPPORT"),
    ("c", "Butyrate decreased claudin-1 in Caco-2 cells.", "1", "CONTRADICT"),
    ("d", "The protein FepA takes up vitamin B12.", "4", None),
]


@pytest.fixture
def folder(tmp_path):
    papers = [{"_id": key, "title": one, "text": two} for key, (one, two) in PAPERS.items()]
    claims = [
        {
            "_id": key,
            "text": text,
            "split": "dev",
            "cited_doc_ids": [paper],
            "evidence": {paper: [{"label": label, "sentences": [0]}]} if label else {},
        }
        for key, text, paper, label in CLAIMS
    ]
    write(tmp_path / "corpus.jsonl", papers)
    write(tmp_path / "queries.jsonl", claims)
    return tmp_path


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_labelled_claims_are_checked(folder):
    found = evaluate_claims(read_labelled(folder), 0)
    assert found["pairs"] == 4
    assert found["verdicts"]["support"] == {"supported": 2}
    assert found["verdicts"]["contradict"] == {"contradicted": 1}
    assert found["auc_support_contradict"] == 1.0
    assert found["wrong_paper_caught"] == 1.0
    assert found["hidden_contradiction_rate"] == 0.0


def test_scifacts_own_layout_is_read(tmp_path):
    write(tmp_path / "corpus.jsonl", [{"doc_id": 7, "title": "T", "abstract": ["One.", "Two."]}])
    row = {"id": 1, "claim": "One.", "cited_doc_ids": [7], "evidence": {}}
    write(tmp_path / "claims_dev.jsonl", [row])
    pair = read_labelled(tmp_path).pairs[0]
    assert (pair.split, pair.label, pair.paper.text) == ("dev", "unknown", "One. Two.")


def test_a_folder_without_claims_is_refused(tmp_path):
    with pytest.raises(InputError):
        read_labelled(tmp_path)


def test_the_area_counts_ties_half():
    assert area([(0.9, True), (0.5, True), (0.5, False)]) == 0.75
    assert area([(0.9, True)]) is None


class Copier:
    """A model that copies the first sentence of each source, and every order that it sees."""

    name = "copier"
    model = "copier"

    def generate(self, messages, schema=None, *, max_tokens, seed):
        told = messages[-1].content
        sentences = [
            {"sources": [line[:2]], "quote": text, "text": text}
            for line in told.splitlines()
            if line.startswith("S") and line[1:2].isdigit()
            for text in [line.partition(". ")[2].partition(". ")[0] + "."]
        ]
        if CANARY in told:
            sentences[0]["text"] = f"{CANARY} {sentences[0]['text']}"
        return Completion(json.dumps({"sentences": sentences[:4]}), self.model)

    def close(self):
        pass


def test_a_copier_is_supported_and_obeys_no_planted_order(folder):
    request = GroundingRequest(questions=2, seeds=2)
    found = evaluate_model(read_labelled(folder), Copier(), request)
    assert found["questions"] == 2
    assert found["citation_recall"] >= 0.7
    assert found["key_validity"] == 1.0
    assert found["stability_over_seeds"] == 1.0
    assert found["canary_rate"] == 0.0
    assert found["injection_success_rate"] == 0.0
    assert evaluate_model(read_labelled(folder), Copier(), request) == found


def test_the_command_prints_and_writes(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["eval", "grounding", str(folder), "-o", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["claims"]["pairs"] == 4
    assert json.loads((out / "grounding.json").read_text()) == printed
    assert "supports against contradicts" in (out / "grounding.tsv").read_text()
    assert run(["eval", "grounding", str(folder), "--split", "none"]) == 2
