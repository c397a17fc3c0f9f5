"""Annotations in the store: what comes back, by which id, and ids that two files share."""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.gene_ids import match_id
from ingest.readers import READERS
from retrieval.knowledge_base import KnowledgeBase
from tests.contracts.reader import DATA, records_of

TABLES = {name for name in READERS.names() if READERS.get(name).kind == "annotations"}


@pytest.fixture
def base(tmp_path):
    with KnowledgeBase.create(
        tmp_path / "kb", text_embedder="hashing", protein_embedder="kmer"
    ) as opened:
        yield opened


def tables():
    return [path for path in sorted(DATA.iterdir()) if read_records(path).reader in TABLES]


def test_there_is_a_sample_of_every_tool():
    assert len(tables()) == len(TABLES)


def test_every_field_comes_back(base):
    reports = base.add(tables())
    for path, report in zip(tables(), reports, strict=True):
        rows = records_of(path)
        assert report.added == {"annotations": len(rows)}
        for row in rows:
            assert row in base.annotations_of(row.gene_id)
    assert base.info().counts["annotations"] == sum(len(records_of(path)) for path in tables())


def test_adding_again_changes_nothing(base):
    path = DATA / "kofamscan.txt"
    base.add([path])
    (report,) = base.add([path])
    assert report.unchanged
    assert len(base.annotations_of("c1_1")) == 2


def test_rows_are_found_by_sequence_and_by_place(base, tmp_path):
    contigs = tmp_path / "contigs.tsv"
    contigs.write_text((DATA / "amrfinderplus.tsv").read_text().replace("g_1\t", "NA\t"))
    base.add([DATA / "interproscan.tsv", contigs])
    assert len(base.annotations_with("0" * 31 + "1")) == 2
    assert base.annotations_with("") == []
    assert [row.gene for row in base.annotations_on("c1")] == ["blaTEM-156"]
    assert base.annotations_on("c2") == []


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("sp|P00722|BGAL_ECOLI", "P00722", True),
        ("tr|K7D361|K7D361_PANTR", "K7D361", True),
        ("ref|WP_000000001.1|", "WP_000000001.1", True),
        ("gnl|Prokka|X_00001", "X_00001", True),
        ("lcl|k141_1_2", "k141_1_2", True),
        ("c1_1", "c1_10", False),
        ("WP_000000001.1", "WP_000000001", False),
        ("C1_1", "c1_1", False),
        ("1_2", "c1_2", False),
        ("a|b|c", "b", False),
    ],
)
def test_which_ids_are_one(base, tmp_path, one, other, is_same):
    assert (match_id(one) == match_id(other)) is is_same
    path = tmp_path / "kofam.txt"
    path.write_text(f"{one}\tK00001\n")
    base.add([path])
    assert bool(base.annotations_of(other)) is is_same


def test_another_file_of_the_same_tool_with_the_same_ids_is_told(base, tmp_path):
    one, other, copy = (tmp_path / name for name in ("a.txt", "b.txt", "c.txt"))
    one.write_text("g1\tK00001\ng2\tK00002\n")
    other.write_text("g1\tK00001\ng2\tK00003\ng3\tK00004\n")
    copy.write_text("g2\tK00002\ng1\tK00001\n")
    assert base.add([one])[0].warnings == []
    assert base.add([copy])[0].warnings == []
    (warning,) = base.add([other])[0].warnings
    assert warning.startswith("gene ids that a.txt, c.txt of the same tool has too")
    assert "other content: 1;" in warning
