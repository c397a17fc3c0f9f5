from dataclasses import replace

from assistant.report.methods import methods_text
from tests.assistant.sample_records import sample_report, sample_reviews


def test_says_what_the_run_recorded():
    text = " ".join(methods_text(sample_report(reviews=sample_reviews())))
    for words in (
        "8 genes of mag7.hypotheticals.faa",
        "Metalumen 0.1.0",
        "27065 proteins",
        "ec-2026-11-15",
        "SmolLM2-135M-Instruct",
        "draft eeeeeeeeeeee",
        "seed was 7",
        "faiss-cpu 1.15.1",
        "by Ada Weber, Jon Li: 3 genes; accepted: 2 (1 of them with changes); rejected: 1",
        "Without a proposal, as the evidence carried none: 1 gene.",
    ):
        assert words in text


def test_without_a_model_says_so():
    report = sample_report()
    report = replace(report, run=report.run.model_copy(update={"llm": "none", "llm_model": ""}))
    assert "No language model was used" in " ".join(methods_text(report))
