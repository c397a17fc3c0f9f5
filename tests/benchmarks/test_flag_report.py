from __future__ import annotations

import pytest

from benchmarks.flag_report import ALL, count_flags, read_truth, table
from tests.assistant.sample_records import clear_enzyme


def record(gene_id, ec, flags, tier="low"):
    base = clear_enzyme()
    candidate = base.hypothesis.candidates[0].model_copy(update={"ec_number": ec})
    hypothesis = base.hypothesis.model_copy(
        update={"candidates": (candidate,), "flags": flags, "tier": tier}
    )
    gene = type(base.gene)(gene_id, base.gene.translation)
    return base.model_copy(update={"gene": gene, "hypothesis": hypothesis})


RECORDS = [
    record("right", "3.2.1.23", ("single_source",)),
    record("right so far", "3.2.1.-", ("uncertain",)),
    record("wrong", "2.7.1.17", ("uncertain", "single_source")),
    record("not in the table", "2.7.1.17", ("uncertain",)),
    record("nothing proposed", "2.7.1.17", ("uncertain",), tier="abstain"),
]


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "truth.tsv"
    names = [one.gene.id for one in RECORDS if one.gene.id != "not in the table"]
    rows = "".join(f"{name}\t1.1.1.1;3.2.1.23\n" for name in names)
    path.write_text(f"gene_id\tec\n{rows}")
    return read_truth(path)


def test_drafts_are_judged_as_far_as_they_go(truth):
    counts = {one.flag: (one.drafts, one.wrong) for one in count_flags(RECORDS, truth)}
    assert counts == {ALL: (3, 1), "uncertain": (2, 1), "single_source": (2, 1)}


def test_the_table_begins_with_all_drafts(truth):
    lines = table(count_flags(RECORDS, truth)).splitlines()
    assert lines[2] == "| (all) |  | 3 | 33.3 |"
    assert lines[3] == "| single_source | UNC | 2 | 50.0 |"
