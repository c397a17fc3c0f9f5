"""Genomes go into the store and come out the same."""

from __future__ import annotations

from retrieval.knowledge_base import KnowledgeBase
from tests.contracts.reader import DATA, records_of

TABLES = ("gtdbtk.tsv", "checkm.txt", "checkm2.tsv", "cat.tsv")


def test_genomes_of_several_tools_stand_side_by_side(tmp_path):
    with KnowledgeBase.create(
        tmp_path / "kb", text_embedder="hashing", protein_embedder="kmer"
    ) as base:
        reports = base.add([DATA / name for name in TABLES])
        assert [report.added for report in reports] == [{"genomes": 3}] * len(TABLES)
        for name in TABLES:
            for row in records_of(DATA / name):
                assert row in base.facts.genomes_named(row.id)
        assert {row.tool for row in base.facts.genomes_named("bin.1")} == {"CheckM", "CheckM2"}
        assert len(base.facts.genomes()) == 12
        assert base.facts.counts()["genomes"] == 9
