"""A knowledge base from the outside: add, ask, close, open again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.errors import (
    InputError,
    KnowledgeBaseError,
    UnknownFormatError,
    UserError,
)
from retrieval.embedders import load_embedder
from retrieval.knowledge_base import KnowledgeBase
from tests.retrieval.bases import (
    AMYLASE,
    LACTASE,
    METADATA,
    PAPERS,
    PROFILE,
    PROTEINS,
    UNKNOWN,
    all_files,
    empty_base,
    full_base,
    jsonl,
    written,
)

if TYPE_CHECKING:
    from retrieval.evidence.base import KnowledgeView


CODONS = "GCG TGC GAT GAA TTT GGC CAT ATT AAA CTG ATG AAC CCG CAG CGT AGC ACC GTG TGG TAT"


def sha256(sequence):
    return hashlib.sha256(sequence.encode()).hexdigest()


@pytest.fixture
def base(tmp_path):
    with full_base(tmp_path / "kb", tmp_path / "in") as opened:
        yield opened


def test_it_is_what_evidence_sources_see(base):
    view: KnowledgeView = base
    assert view.residues == len(LACTASE) + len(AMYLASE)


def test_add_reports_what_was_new(tmp_path):
    with empty_base(tmp_path / "kb") as base:
        reports = base.add(all_files(tmp_path / "in"))
        assert [(it.path_name, it.added) for it in reports] == [
            ("proteins.tsv", {"proteins": 2}),
            ("papers.jsonl", {"publications": 3}),
            ("genes.faa", {"genes": 2, "proteins": 1}),
            ("profile.tsv", {"features": 3}),
            ("samples.tsv", {"samples": 2}),
        ]
        counts = base.info().counts
    assert counts["sequences"] == 3
    assert counts["proteins"] == 3  # the named gene is an entry of its own
    assert counts["samples"] == 2


def test_adding_the_same_file_again_changes_nothing(base, tmp_path):
    before, digest = base.info(), base.digest
    files = {p: p.read_bytes() for p in (tmp_path / "kb").rglob("*") if p.is_file()}
    reports = base.add(all_files(tmp_path / "in"))
    assert all(report.unchanged for report in reports)
    assert base.info() == before
    assert base.digest == digest
    assert {p: p.read_bytes() for p in files} == files


def test_the_same_facts_from_another_file_are_stored_once(base, tmp_path):
    before = base.info().counts
    more = written(
        tmp_path / "more",
        again__tsv=PROTEINS + "\n",
        papers__jsonl=jsonl([*PAPERS, {"pmid": "9", "title": "New", "abstract": "A new one."}]),
        genes__faa=f">g1 hypothetical protein\n{UNKNOWN}*\n\n",
    )
    base.add(more)
    after = base.info().counts
    assert {k: after[k] - before[k] for k in after if after[k] != before[k]} == {
        "files": 3,
        "publications": 1,
        "passages": 1,
        "documents": 1,
    }


def test_what_was_added_can_be_asked_for(base):
    (entry, gene_entry) = base.proteins_with(sha256(LACTASE))
    assert (entry.accession, entry.name, entry.ec_numbers) == (
        "P00722",
        "Beta-galactosidase",
        ("3.2.1.23",),
    )
    assert gene_entry.accession == "g2"
    assert base.proteins_with(sha256(UNKNOWN)) == []
    (gene,) = base.genes_named("g1")
    assert (gene.translation, gene.provenance.path_name) == (UNKNOWN, "genes.faa")
    assert base.genes_with(sha256(UNKNOWN)) == [gene]
    (paper,) = base.publications_with_pmids(["1", "77"])
    assert base.publication(paper.id) == paper
    assert base.publication("pub-none") is None
    assert [it.samp_name for it in base.samples()] == ["S1", "S2"]
    (species,) = base.features_with_id(PROFILE.splitlines()[3].split("\t")[0])
    assert species.values == (("S1", 75.0), ("S2", 10.0))


def test_one_query_finds_papers_enzymes_features_and_samples(base):
    assert base.search("starch Bacteroides", 1)[0].reference == "PMID:1"
    assert base.search("Beta-galactosidase EC 3.2.1.23", 1, "proteins")[0].owner_id == "P00722"
    hit = base.search("Bacteroides uniformis", 1, "features")[0]
    assert hit.kind == "feature"
    assert "found in 2 of 2 samples, mean 42.5 %, highest in S1 (75)" in hit.text
    (sample,) = [it for it in base.search("treated", 5, "features") if it.owner_id == "S1"]
    assert "group treated" in sample.text
    assert "Bacteroides uniformis 75.0 %, Roseburia faecis 25.0 %" in sample.text
    assert {it.kind for it in base.search("Bacteroides gut lactose", 20)} == {
        "passage",
        "protein",
        "feature",
        "sample",
    }


def test_an_unknown_scope_is_told(base):
    with pytest.raises(UserError, match="Known: literature"):
        base.search("x", 1, "papers")


def test_neighbours_are_references_and_search_sequence_sees_all(base):
    found = base.neighbours({"q": UNKNOWN, "none": "", "same": UNKNOWN}, 5)
    assert {hit.sequence_sha256 for hit in found["q"]} == {sha256(LACTASE), sha256(AMYLASE)}
    assert found["none"] == []
    assert found["same"] == found["q"]
    best = base.search_sequence(UNKNOWN.lower() + "*", 5)[0]
    assert (best.sequence_sha256, best.similarity) == (sha256(UNKNOWN), 1.0)


def test_neighbours_are_those_of_an_exact_comparison(base):
    embed = load_embedder("hashing").embed_documents
    vectors = embed([LACTASE, AMYLASE]).astype(float)
    query = embed([UNKNOWN]).astype(float)[0]
    expected = {sha256(s): v for s, v in zip([LACTASE, AMYLASE], vectors @ query, strict=True)}
    for hit in base.neighbours({"q": UNKNOWN}, 2)["q"]:
        assert hit.similarity == pytest.approx(expected[hit.sequence_sha256], abs=2e-6)


def test_a_gene_that_turns_out_to_be_a_reference_becomes_a_neighbour(base, tmp_path):
    base.add(
        written(
            tmp_path / "x", x__tsv=f"accession\tec\tname\tsequence\nX1\t1.1.1.1\tNew\t{UNKNOWN}\n"
        )
    )
    assert base.neighbours({"q": UNKNOWN}, 1)["q"][0].similarity == 1.0
    assert [it.sequence_sha256 for it in base.search_sequence(UNKNOWN, 9)].count(
        sha256(UNKNOWN)
    ) == 1
    sequence = next(it for it in base.info().spaces if it.name == "sequence")
    assert sequence.vectors == 3


def test_alignment_finds_the_reference_and_is_rebuilt_when_damaged(base, tmp_path):
    mutant = LACTASE.replace("W", "F")
    hits = base.align({"q": mutant})["q"]
    assert [hit.target for hit in hits if hit.evalue < 1e-3] == [sha256(LACTASE)]
    (cached,) = (tmp_path / "kb" / "cache" / "alignment").iterdir()
    (cached / "database.json").write_text("broken")
    assert base.align({"q": mutant})["q"] == hits
    shutil.rmtree(tmp_path / "kb" / "cache")
    with KnowledgeBase.open(tmp_path / "kb") as again:
        assert again.align({"q": mutant})["q"] == hits


def test_alignment_follows_new_references(base, tmp_path):
    assert all(hit.evalue > 1e-3 for hit in base.align({"q": UNKNOWN})["q"])
    base.add(
        written(
            tmp_path / "x", x__tsv=f"accession\tec\tname\tsequence\nX1\t1.1.1.1\tNew\t{UNKNOWN}\n"
        )
    )
    assert base.align({"q": UNKNOWN})["q"][0].target == sha256(UNKNOWN)


def test_opened_again_it_answers_the_same(tmp_path):
    with full_base(tmp_path / "kb", tmp_path / "in") as base:
        hits, near, info = (
            base.search("starch gut", 9),
            base.search_sequence(LACTASE, 9),
            base.info(),
        )
        digest = base.digest
    with KnowledgeBase.open(tmp_path / "kb") as again:
        assert again.search("starch gut", 9) == hits
        assert again.search_sequence(LACTASE, 9) == near
        assert again.info() == dataclasses.replace(info, size_bytes=again.info().size_bytes)
        assert again.digest == digest
    assert sorted(p.name for p in (tmp_path / "kb").iterdir()) == [
        "kb.sqlite",
        "manifest.json",
        "vectors",
    ]


def test_an_empty_base_answers_with_nothing(tmp_path):
    with empty_base(tmp_path / "kb") as base:
        assert base.search("anything", 5) == []
        assert base.search_texts(["a", ""], 5, ["passage"]) == [[], []]
        assert base.rank_publications(["a"], 5) == [[]]
        assert base.search_sequence(LACTASE, 5) == []
        assert base.neighbours({"q": LACTASE}, 5) == {"q": []}
        assert base.align({"q": LACTASE})["q"] == []
        assert base.residues == 0
        assert base.samples() == []
        base.compact()
        assert base.add([]) == []
    KnowledgeBase.rebuild(tmp_path / "kb")


@pytest.mark.parametrize("only", ["proteins.tsv", "papers.jsonl", "profile.tsv", "samples.tsv"])
def test_a_base_of_one_kind_of_file_works(tmp_path, only):
    all_files(tmp_path / "in")
    with empty_base(tmp_path / "kb") as base:
        base.add([tmp_path / "in" / only])
        base.search("starch", 3)
        base.neighbours({"q": LACTASE}, 3)
        assert base.rank_publications(["starch"], 3) == (
            [[("1", pytest.approx(1.0, abs=0.2)), ("s3", pytest.approx(0.6, abs=0.3))]]
            if only == "papers.jsonl"
            else [[]]
        )


def test_a_change_by_another_process_is_seen(base, tmp_path):
    with KnowledgeBase.open(tmp_path / "kb") as reader:
        assert reader.search("quorum sensor", 1, "proteins")[0].lexical is None
        new = "accession\tec\tname\tsequence\nQ1\t\tQuorum sensor\tMKTAYIAKQRQISFVKSHFSRQ\n"
        base.add(written(tmp_path / "x", x__tsv=new))
        hit = reader.search("quorum sensor", 1, "proteins")[0]
        assert (hit.reference, hit.title) == ("Q1", "Quorum sensor")


def test_many_threads_get_the_same_answers(base):
    """As the pages use it: one open base, one thread for each person."""
    queries = [f"{word} gut" for word in ("starch", "lactose", "lactase", "group", "uniformis")] * 8
    expected = [base.search(query, 5) for query in queries]
    near = base.search_sequence(LACTASE, 5)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda query: base.search(query, 5), queries)
        others = pool.map(lambda _: base.search_sequence(LACTASE, 5), queries)
        assert list(found) == expected
        assert all(it == near for it in others)


def test_metadata_given_apart_is_read_with_the_tables(tmp_path):
    profile, metadata = written(tmp_path / "in", p__tsv=PROFILE, m__tsv=METADATA)
    with empty_base(tmp_path / "kb") as base:
        reports = base.add([profile], metadata=metadata)
        assert [report.reader for report in reports] == ["metaphlan", "sample_metadata"]
        assert base.samples()[0].attributes == (("group", "treated"), ("age", "40"))


def test_later_metadata_counts_and_the_change_is_told(base, tmp_path):
    (report,) = base.add(written(tmp_path / "x", m__tsv="sample_id\tgroup\nS1\tcontrol\n"))
    assert report.warnings == ["sample S1: group was 'treated' and is now 'control'"]
    assert base.samples()[0].attributes == (("group", "control"), ("age", "40"))
    texts = [it.text for it in base.search("S1 group", 9, "features") if it.owner_id == "S1"]
    assert len(texts) == 1
    assert "group control" in texts[0]


def test_all_files_are_recognised_before_any_is_added(tmp_path):
    good, bad = written(tmp_path / "in", a__tsv=PROTEINS, b__txt="what is this\n")
    with empty_base(tmp_path / "kb") as base:
        with pytest.raises(UnknownFormatError):
            base.add([good, bad])
        with pytest.raises(InputError):
            base.add([good, tmp_path / "absent.tsv"])
        assert base.info().counts["files"] == 0


def test_bad_records_are_reported_and_the_rest_is_kept(tmp_path):
    lines = [json.dumps(PAPERS[0]), "{broken", json.dumps(PAPERS[2])]
    with empty_base(tmp_path / "kb") as base:
        (report,) = base.add(written(tmp_path / "in", p__jsonl="\n".join(lines) + "\n"))
        assert report.added == {"publications": 2}
        assert [(bad.path_name, bad.line) for bad in report.bad] == [("p.jsonl", 2)]
        assert base.info().files[0].bad == 1


def test_genes_are_found_on_contigs(tmp_path):
    codons = dict(zip("ACDEFGHIKLMNPQRSTVWY", CODONS.split(), strict=True))
    dna = "".join(codons[residue] for residue in LACTASE) + "TAA"
    with empty_base(tmp_path / "kb") as base:
        (report,) = base.add(written(tmp_path / "in", c__fna=f">contig_1\n{dna}\n"))
        assert (report.kind, report.added) == ("contigs", {"genes": 1})
        assert base.genes_with(sha256(LACTASE))[0].id == "contig_1"


def test_text_that_no_file_can_hold_is_mended(tmp_path):
    paper = '{"pmid": "5", "title": "Odd \\ud800 starch", "abstract": "Nul \\u0000 and \\udfff."}\n'
    with empty_base(tmp_path / "kb") as base:
        base.add(written(tmp_path / "in", p__jsonl=paper))
        assert base.search("starch", 1)[0].title == "Odd ? starch"


def test_progress_is_told(tmp_path):
    ticks = []
    with empty_base(tmp_path / "kb") as base:
        base.add(all_files(tmp_path / "in"), progress=lambda *tick: ticks.append(tick))
    assert ("reading papers.jsonl", 3, 3) in ticks
    assert ("embedding sequences", 2, 2) in ticks
    assert {stage for stage, _, _ in ticks} >= {"embedding sequences", "embedding texts"}


def test_only_what_is_new_is_embedded(base, tmp_path, monkeypatch):
    embedded = []
    embedder = base._embedders["text"].get()
    monkeypatch.setattr(
        type(embedder),
        "embed_documents",
        lambda self, items: embedded.extend(items) or np.eye(len(items), 64, dtype=np.float32),
    )
    new = {"pmid": "9", "title": "Novel", "abstract": "Nothing like it."}
    base.add(written(tmp_path / "x", p__jsonl=jsonl([*PAPERS, new])))
    assert embedded == ["Novel Nothing like it."]


# folders


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(KnowledgeBaseError, match="holds other files"):
        KnowledgeBase.create(tmp_path)
    with pytest.raises(KnowledgeBaseError, match="this is a file"):
        KnowledgeBase.create(tmp_path / "notes.txt")
    with pytest.raises(KnowledgeBaseError, match="metalumen add KB FILE"):
        KnowledgeBase.open(tmp_path)
    with pytest.raises(KnowledgeBaseError, match="no such knowledge base"):
        KnowledgeBase.open(tmp_path / "absent")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_path_with_odd_letters_works(tmp_path):
    folder = tmp_path / "ünï cödé #1 100% ?x"
    with full_base(folder, tmp_path / "in") as base:
        assert base.search("starch", 1)
    with KnowledgeBase.open(folder) as base:
        assert base.search("starch", 1)
