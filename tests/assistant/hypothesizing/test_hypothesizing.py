"""Hypotheses on clusters, pathways, taxa and rows: what they say, and what they must not."""

import json
from dataclasses import replace

import pytest

from assistant.biosecurity import TOXIN_FLAG
from assistant.calibration import load_calibration
from assistant.claims import AnnotationRecord
from assistant.drafting import draft_by_rule
from assistant.experiments import EXPERIMENT_TYPES
from assistant.hypothesizing.hypothesizing import hypothesize
from assistant.hypothesizing.of_genes import is_operon_like
from assistant.hypothesizing.records import SubjectRecord
from assistant.hypothesizing.writing import as_html, as_jsonl, as_markdown, write_record
from assistant.ranking import rank
from ingest.errors import UserError
from ingest.records import Gene, Location
from tests.assistant import cases
from tests.assistant.sample_nasty import NASTY
from tests.assistant.sample_records import sample_records
from tests.retrieval.bases import METADATA, PAPERS, PROFILE, PROTEINS, empty_base, written

PATHWAYS = (
    "# Pathway\tS1\tS2\nPWY-2942: L-lysine biosynthesis III\t30\t50\n"
    "PWY-2942: L-lysine biosynthesis III|g__Roseburia.s__Roseburia_faecis\t24\t36\n"
    "PWY-2942: L-lysine biosynthesis III|g__Bacteroides.s__Bacteroides_uniformis\t6\t14\n"
)
UNIFORMIS = "k__Bacteria|p__Bacteroidetes|c__C|o__O|f__F|g__Bacteroides|s__Bacteroides_uniformis"
FINDING = (
    "treated vs control: found in 90 % of 20 samples (treated) and in 40 % of 20 (control); mean "
    "12 % and 3 %. Higher in treated than in control: log2 fold change 2.10 (95 % interval 1.20 to "
    "3.00), p 0.0004, q 0.003 (rank sum). This is an association, not a cause. Source: profile.tsv."
)
NO_FINDING = (
    "treated vs control: No difference was shown: effect 0.10, p 0.4, q 0.7. Source: x.tsv."
)
TAKEN_BACK = FINDING.replace("This is an", "Not a finding: too few samples. This is an")


def summary(text, subject_id=UNIFORMIS):
    return json.dumps(
        {
            "format": "metalumen_cohort_summary", "version": 1, "subject_id": subject_id,
            "subject_kind": "feature", "title": "Taxon Bacteroides uniformis by group",
            "text": text, "analysis": "a1", "source": "profile.tsv",
        }
    )  # fmt: skip


def make_base(folder, *texts):
    papers = "\n".join(json.dumps(paper) for paper in PAPERS)
    files = written(
        folder / "in", proteins__tsv=PROTEINS, papers__jsonl=papers, profile__tsv=PROFILE,
        paths__tsv=PATHWAYS,
    )  # fmt: skip
    if texts:
        files += written(folder / "in", summaries__jsonl="\n".join(summary(text) for text in texts))
    (metadata,) = written(folder / "in", metadata__tsv=METADATA)
    base = empty_base(folder / "kb")
    base.add(files, metadata=metadata)
    return base


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with make_base(tmp_path_factory.mktemp("hypotheses"), FINDING) as base:
        yield base


def record_at(number, evidence=cases.CLEAR, strand="+", flags=()):
    location = Location("contig_1", 1 + 1000 * number, 950 + 1000 * number, strand)
    gene = Gene(f"g{number}", translation="MKV" * 100, location=location)
    own = tuple(replace(item, gene_id=gene.id) for item in evidence)
    draft = draft_by_rule(gene, own, rank(gene, own, load_calibration()))
    draft = draft.model_copy(update={"flags": (*draft.flags, *flags)})
    return AnnotationRecord(gene=gene, hypothesis=draft, evidence=own)


def complete(made):
    assert made.hypotheses
    for draft in made.hypotheses:
        assert draft.statement
        assert draft.prediction
        assert draft.assumptions
        assert draft.alternatives
        assert draft.unknowns
        assert draft.state == "draft"
        assert 1 <= len(draft.experiments) <= 4
        assert [part.name for part in draft.ranked_by] == [
            "independence", "confidence", "discrimination", "effort",
        ]  # fmt: skip
        assert all(claim.verdict == "supported" for claim in draft.claims)
        for test in draft.experiments:
            assert test.type in EXPERIMENT_TYPES
            assert all((test.host, test.decision_rule, test.discriminates, test.biosafety))
            assert test.expected_if_true != test.expected_if_false


def test_a_gene_has_one_hypothesis_for_each_candidate(base):
    record = sample_records()[2]
    made = hypothesize(record.gene.id, base, [record])
    assert len(made.hypotheses) == min(3, len(record.hypothesis.candidates))
    assert len({draft.id for draft in made.hypotheses}) == len(made.hypotheses)


@pytest.mark.parametrize("text", ["contig_1:1-3000", "g0, g1,g2", "g2,g1,g0"])
def test_a_cluster_by_place_or_by_names_is_the_same(base, text):
    records = [record_at(n) for n in range(4)]
    made = hypothesize(text, base, records)
    assert made.subject.members == ("g0", "g1", "g2")
    complete(made)
    assert "operon-like run" in made.hypotheses[0].statement
    assert any("without a common task" in one.statement for one in made.hypotheses)


def test_genes_on_both_strands_are_no_run():
    assert is_operon_like([record_at(0), record_at(1)])
    assert not is_operon_like([record_at(0), record_at(1, strand="-")])
    assert not is_operon_like([record_at(0), record_at(5)])


def test_a_cluster_with_a_toxin_is_not_moved(base):
    made = hypothesize("g0,g1", base, [record_at(0), record_at(1, flags=(TOXIN_FLAG,))])
    for draft in made.hypotheses:
        for test in draft.experiments:
            assert test.type in {"gene_neighbourhood", "qrt_pcr"}
            assert test.biosafety in {"computer_only", "officer_first"}
            assert test.safety_note


@pytest.mark.parametrize("text", ["PWY-2942", "L-lysine biosynthesis III"])
def test_a_pathway_names_its_main_carrier_with_the_share(base, text):
    made = hypothesize(text, base, ())
    complete(made)
    carried = next(one for one in made.hypotheses if "carried out" in one.statement)
    assert "chiefly by one taxon: Roseburia faecis" in carried.statement
    assert carried.claims[0].text.startswith("Roseburia faecis carries 75 %")
    assert any("proxy for Roseburia" in test.host for test in carried.experiments)


def test_a_taxon_that_differs_gets_no_direction_of_cause(base):
    made = hypothesize("Bacteroides uniformis", base, ())
    complete(made)
    differs = next(one for one in made.hypotheses if "tells these samples apart" in one.statement)
    assert "Higher in treated than in control" in differs.statement
    assert "or follow from it" in differs.statement
    assert any("no direction" in one for one in differs.unknowns)


@pytest.mark.parametrize("text", [NO_FINDING, TAKEN_BACK])
def test_no_difference_is_no_hypothesis(tmp_path, text):
    with make_base(tmp_path, text) as base:
        made = hypothesize(UNIFORMIS, base, ())
    assert not any("apart" in one.statement for one in made.hypotheses)


def test_what_is_not_there_is_said(base):
    with pytest.raises(UserError, match="nothing called"):
        hypothesize("Nonexistens inventum", base, ())
    with pytest.raises(UserError, match="no gene 'g9'"):
        hypothesize("g0,g9", base, [record_at(0)])


def test_the_same_question_gives_the_same_answer(base):
    assert as_jsonl(hypothesize("PWY-2942", base, ())) == as_jsonl(
        hypothesize("PWY-2942", base, ())
    )


def test_all_forms_are_written_and_read_back(base, tmp_path):
    made = hypothesize("PWY-2942", base, ())
    for suffix in (".md", ".html", ".jsonl"):
        write_record(made, tmp_path / f"out{suffix}")
    kept = (tmp_path / "out.jsonl").read_text()
    assert SubjectRecord.model_validate_json(kept) == made
    for text in (as_markdown(made), as_html(made)):
        for word in ("Decision rule", "Biosafety", "Ranked by", "not experimentally verified"):
            assert word in text
    with pytest.raises(UserError, match="no form"):
        write_record(made, tmp_path / "out.docx")


def test_hostile_names_are_inert(base):
    made = hypothesize("PWY-2942", base, ())
    subject = made.subject.model_copy(update={"name": " ".join(NASTY)})
    nasty = made.model_copy(update={"subject": subject})
    assert "<script" not in as_html(nasty)
    assert "<script" not in as_markdown(nasty)
