"""Rows of profiles in the store: what is searched for, and what is only kept."""

from __future__ import annotations

from retrieval.knowledge_base import KnowledgeBase
from tests.contracts.reader import DATA


def test_taxa_that_no_sample_has_are_kept_but_not_searched_for(tmp_path):
    with KnowledgeBase.create(
        tmp_path / "kb", text_embedder="hashing", protein_embedder="kmer"
    ) as base:
        (report,) = base.add([DATA / "motus.tsv"])
        assert report.added == {"features": 4}
        (absent,) = base.facts.features_with_id("ref_mOTU_v3_00001")
        assert dict(absent.values) == {"S1": 0}
        found = {hit.owner_id for hit in base.search("Leptospira Chryseobacterium", 10, "features")}
        assert "ref_mOTU_v3_00004" in found
        assert "ref_mOTU_v3_00001" not in found
