"""Files of samples, annotations and genomes are taken out as if they had never been there."""

import pytest

from ingest.errors import UserError
from retrieval.knowledge_base import KnowledgeBase
from retrieval.removing import remove_records
from retrieval.upkeep import check_everything
from tests.contracts.reader import DATA
from tests.retrieval.bases import PAPERS, empty_base, jsonl, written

#: What only grows, and what is laid out anew: ids, vectors, genera, the base's own marks.
UNCOMPARED = {"meta", "segments", "tombstones", "genera", "sqlite_sequence", "composition_names"}
FIRST = "#OTU ID\tS1\tS2\nk__Bacteria;g__Blautia\t5\t1\nk__Bacteria;g__Dorea\t2\t3\n"
SECOND = "#OTU ID\tS2\tS3\nk__Bacteria;g__Blautia\t7\t1\nk__Bacteria;g__Roseburia\t2\t9\n"
META = "sample_id\tdiagnosis\tage\nS1\tcase\t33\nS2\tcontrol\t41\n"
LATER = "sample_id\tdiagnosis\tsite\nS2\tcase\tgut\nS3\tcontrol\tgut\n"
GENOMES = "Name\tCompleteness\tContamination\tCompleteness_Model_Used\nbin_9\t97.1\t1.2\tNN\n"


def facts(path):
    """All rows of the base, without ids of rows, and all texts."""
    with KnowledgeBase.open(path) as base:
        connection = base._store.connection
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
        names = {row[0] for row in connection.execute(query)} - UNCOMPARED
        return {name: sorted(map(repr, rows_of(connection, name))) for name in names}


def rows_of(connection, table):
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    number = {"file_id", "id", "document_id", "sample_list_id", "first_row", "last_row", "content"}
    keep = [key for key in (rows[0].keys() if rows else ()) if key not in number]
    files = dict(tuple(row) for row in connection.execute("SELECT id, path_name FROM files"))
    return [
        ([row[key] for key in keep], files[row["file_id"]] if "file_id" in row.keys() else "")  # noqa: SIM118 - a Row has no membership by name
        for row in rows
    ]


@pytest.fixture
def base_of(tmp_path):
    def make(**texts):
        path = tmp_path / "kb"
        files = written(tmp_path / "in", papers__jsonl=jsonl(PAPERS), **texts)
        with empty_base(path) as base:
            base.add(files)
        return path

    return make


def added(path, *files):
    with KnowledgeBase.open(path) as base:
        return base.add(list(files))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LATER, "metadata of 2 samples"),
        (SECOND, "a table of 2 samples"),
        ("Feature ID\tTaxon\nk__Bacteria;g__Dorea\tk__Bacteria; g__Dorea\n", "1 feature"),
        (GENOMES, "1 genome"),
    ],
)
def test_a_file_leaves_nothing_and_can_come_back(base_of, tmp_path, text, told):
    path = base_of(first__tsv=FIRST, meta__tsv=META)
    before = facts(path)
    (new,) = written(tmp_path / "new", new__tsv=text)
    added(path, new)
    with_it = facts(path)
    assert with_it != before
    assert remove_records(path, ["new.tsv"]).removed == (f"new.tsv, {told}",)
    check_everything(path)
    assert facts(path) == before
    added(path, new)
    assert facts(path) == with_it


@pytest.mark.parametrize("name", ["eggnog.annotations", "hits.m8", "interproscan.tsv"])
def test_annotations_go_with_their_file(base_of, name):
    path = base_of(first__tsv=FIRST)
    before = facts(path)
    added(path, DATA / name)
    (told,) = remove_records(path, [name]).removed
    assert told.startswith(f"{name}, ")
    assert told.endswith("annotations")
    assert facts(path) == before


@pytest.mark.parametrize("name", ["table.biom", "table.qza", "table.biom.json"])
def test_a_table_that_brought_metadata_takes_them_along(base_of, name):
    path = base_of(first__tsv=FIRST, meta__tsv=META)
    before = facts(path)
    added(path, DATA / name)
    assert remove_records(path, [name]).removed[0].startswith(f"{name}, a table of")
    check_everything(path)
    assert facts(path) == before


def test_what_an_earlier_file_said_of_a_sample_counts_again(base_of):
    path = base_of(meta__tsv=META, later__tsv=LATER)
    remove_records(path, ["later.tsv"])
    assert attributes(path) == {
        "S1": {"diagnosis": "case", "age": "33"},
        "S2": {"diagnosis": "control", "age": "41"},
    }


def test_what_a_later_file_said_of_a_sample_stays(base_of):
    path = base_of(meta__tsv=META, later__tsv=LATER)
    remove_records(path, ["meta.tsv"])
    assert attributes(path) == {
        "S2": {"diagnosis": "case", "site": "gut"},
        "S3": {"diagnosis": "control", "site": "gut"},
    }


def attributes(path):
    with KnowledgeBase.open(path) as base:
        return {it.samp_name: dict(it.attributes) for it in base.facts.samples()}


def test_metadata_of_an_earlier_version_are_refused_until_it_is_known_whose_they_are(base_of):
    path = base_of(meta__tsv=META)
    with KnowledgeBase.open(path) as base, base._store.transaction() as connection:
        connection.execute("DELETE FROM sample_parts")
        connection.execute("DROP TABLE sample_parts")
    with pytest.raises(UserError, match=r"meta\.tsv brought metadata under an earlier version"):
        remove_records(path, ["meta.tsv"])
    (later,) = written(path.parent / "new", later__tsv=LATER)
    added(path, later)
    remove_records(path, ["later.tsv"])
    assert attributes(path)["S2"] == {"diagnosis": "control", "age": "41"}


@pytest.mark.parametrize(
    ("name", "what"),
    [("genes.faa", "genes"), ("uniprot.fasta", "proteins"), ("families.hmm", "families")],
)
def test_what_files_share_is_refused_with_a_reason(base_of, name, what):
    path = base_of(first__tsv=FIRST)
    added(path, DATA / name)
    before = facts(path)
    with pytest.raises(UserError, match=rf"{name} holds {what}.*new knowledge base"):
        remove_records(path, [name])
    assert facts(path) == before


def test_metadata_that_complete_known_samples_are_told_as_added(base_of):
    path = base_of(meta__tsv=META)
    (later,) = written(path.parent / "new", later__tsv="sample_id\tsite\nS1\tgut\nS2\tskin\n")
    (same,) = written(path.parent / "same", same__tsv="sample_id\tage\nS1\t33\n")
    assert [it.added for it in (*added(path, later), *added(path, same))] == [
        {"samples": 2},
        {"samples": 0},
    ]
