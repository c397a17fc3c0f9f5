from dataclasses import replace

from assistant.report.methods import methods_text
from tests.assistant.sample_reports import sample_report, sample_reviews


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


def test_names_the_files_of_the_knowledge_base_and_leaves_out_what_it_has_none_of():
    report = sample_report()
    files = {f"{n:064x}": f"part{n:02d}.tsv" for n in range(14)}
    counts = {"proteins": 5, "family_notes": 2, "genomes": 0}
    changes = {"knowledge_base_files": files, "knowledge_base_counts": counts}
    text = methods_text(replace(report, run=report.run.model_copy(update=changes)))[0]
    assert "2 family notes, 5 proteins) made of part00.tsv, " in text
    assert "part11.tsv and 2 more files, listed in run.json." in text
    assert "genomes" not in text
    assert " made of " not in methods_text(report)[0]


def test_says_which_probabilities_were_measured():
    text = methods_text(sample_report())[0]
    assert "from alignments were calibrated with ec-2026-11-15" in text
    assert "earlier annotations alone were set by rule" in text
