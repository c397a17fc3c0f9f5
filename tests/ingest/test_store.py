"""The store: what goes in comes out, each fact once, all of a file or nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import store as store_module
from ingest.errors import DamagedFileError, KnowledgeBaseError, SchemaMismatchError
from ingest.records import (
    BadRecord,
    Contig,
    Feature,
    Gene,
    Location,
    Protein,
    Provenance,
    Publication,
    Sample,
)
from ingest.store import AddedFile, Space, Store
from ingest.store_profiles import ProfileCounter
from ingest.store_reader import StoreReader
from ingest.store_rows import filled, storable, title_key
from ingest.store_vectors import count_waiting, mark_embedded, tombstones, waiting
from ingest.store_writer import FileWriter, finish_file, start_file
from retrieval.documents import RecordDescriber

PLACE = Provenance("a.tsv", "sha-a", "some_reader", 3)


def described(name="a.tsv", sha256="sha-a"):
    return AddedFile(name, sha256, "some_reader", "genes", "data", "", {}, 0)


def add(store, *records, file=None):
    """Store records as one file; return the writer."""
    with store.transaction() as connection:
        file_id = start_file(connection, file or described())
        writer = FileWriter(connection, file_id, RecordDescriber())
        for record in records:
            writer.take(record)
        writer.finish()
        finish_file(connection, file_id, added=writer.added, bad=len(writer.bad), unit="")
    return writer


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "kb.sqlite", [Space("text", "hashing"), Space("sequence", "x")])
    yield made
    made.close()


@pytest.fixture
def reader(store):
    return StoreReader(store.connection)


GENE = Gene(
    "L_1",
    "MKV*",
    "Lactase",
    "lacZ",
    Location("c1", 5, 99, "-"),
    500,
    partial=True,
    ec_numbers=("3.2.1.23",),
    go_terms=("GO:0004565",),
    ko=("K01190",),
    dbxrefs=("UniProtKB:P1", "x"),
    inference="i",
    source="Bakta",
    provenance=PLACE,
)
PROTEIN = Protein(
    "P1",
    "MKVL",
    "Lactase",
    "lacZ",
    ("3.2.1.23",),
    ("GO:1",),
    ("K1",),
    "E. coli",
    reviewed=True,
    function="Splits lactose.",
    pmids=("1", "2"),
    database="UniProtKB",
    provenance=PLACE,
)
PAPER = Publication(
    "7",
    "A title that is long enough to be told apart",
    "An abstract. With two sentences.",
    (("Results", "It works."),),
    ("A B", "C Ü"),
    "J",
    "2020",
    "7",
    "PMC7",
    "10.1/x",
    ("k",),
    ("Journal Article",),
    is_retracted=False,
    provenance=PLACE,
)
FEATURE = Feature(
    "PWY-1",
    "making things",
    "pathway",
    "CPM",
    (("S1", 1.5), ("S2", 0.0), ("S3", 1e-300)),
    provenance=PLACE,
    tool="HUMAnN",
)


def test_every_field_comes_back(store, reader):
    sample = Sample("S1", (("group", "x"), ("age", "40")), PLACE)
    add(store, GENE, PROTEIN, PAPER, FEATURE, sample)
    (gene,) = reader.genes_named("L_1")
    assert gene == replace(GENE, translation="MKV")
    assert reader.proteins_with(PROTEIN.sequence_sha256) == [PROTEIN]
    assert reader.publication(PAPER.id) == PAPER
    assert reader.features_with_id("PWY-1") == [FEATURE]
    assert list(reader.features("pathway")) == list(reader.features()) == [FEATURE]
    assert list(reader.features("taxon")) == []
    assert reader.samples() == [sample]


def test_genes_of_a_contig_come_by_start(store, reader):
    genes = [Gene(f"g{n}", "MK", location=Location("c1", n, n + 9)) for n in (30, 1, 10)]
    add(store, *genes, Gene("elsewhere", "MK", location=Location("c2", 1, 9)), Contig("c1", "ACGT"))
    assert [gene.id for gene in reader.genes_on("c1")] == ["g1", "g10", "g30"]


def test_a_named_gene_is_a_reference_and_a_nameless_one_is_not(store, reader):
    nameless = Gene("L_2", "MKKK", "hypothetical protein")
    add(store, GENE, nameless, Gene("L_3", "", "Lactase"))
    assert [it.accession for it in reader.proteins_with(GENE.sequence_sha256)] == ["L_1"]
    assert reader.proteins_with(nameless.sequence_sha256) == []
    assert reader.genes_with(nameless.sequence_sha256)[0].id == "L_2"
    assert reader.genes_named("L_3")[0].translation == ""
    assert reader.reference_residues() == 3
    assert [residues for _, residues in reader.reference_sequences()] == ["MKV"]


def test_an_equal_protein_fills_the_gaps_of_the_first(store, reader):
    bare = Protein("P1", "MKVL", provenance=PLACE)
    add(store, bare)
    assert reader.counts()["documents"] == 0
    writer = add(store, PROTEIN, Protein("P1", "MAAA"), file=described("b", "sha-b"))
    assert writer.added == {"proteins": 1}
    assert reader.proteins_with(PROTEIN.sequence_sha256) == [filled(bare, PROTEIN)]
    (row,) = store.connection.execute("SELECT * FROM documents").fetchall()
    assert row["title"] == "Lactase"


def test_a_description_that_nobody_has_any_more_is_dropped(store, reader):
    add(store, Protein("P1", "MKVL", "Lactase"), Protein("P2", "MKVV", "Lactase"))
    assert reader.counts()["documents"] == 1
    add(store, Protein("P1", "MKVL", ec_numbers=("3.2.1.23",)), file=described("b", "sha-b"))
    assert reader.counts()["documents"] == 2
    add(store, Protein("P2", "MKVV", ec_numbers=("3.2.1.23",)), file=described("c", "sha-c"))
    assert reader.counts()["documents"] == 1


def test_proteins_without_a_sequence_are_kept_once(store, reader):
    add(store, Protein("P1", "", "Lactase"), Protein("P1", "", "Lactase"))
    assert (reader.counts()["proteins"], reader.counts()["sequences"]) == (1, 0)


def test_reviewed_entries_come_first(store, reader):
    add(store, Protein("A", "MK", "x"), Protein("Z", "MK", "y", reviewed=True))
    found = reader.proteins_with(Protein("", "MK").sequence_sha256)
    assert [it.accession for it in found] == ["Z", "A"]


# papers


def papers(store):
    return store.connection.execute("SELECT * FROM publications ORDER BY id").fetchall()


def test_the_same_paper_by_pmid_doi_or_title_is_one(store, reader):
    title = PAPER.title
    first = Publication("a", title, doi="10.1/X")
    add(store, first)
    add(store, Publication("b", title, "Text.", pmid="7", doi="10.1/x"), file=described("b", "b"))
    add(store, Publication("c", title.upper() + ".", year="2020"), file=described("c", "c"))
    (row,) = papers(store)
    assert (row["pmid"], row["doi"], row["abstract"], row["year"]) == (
        "7",
        "10.1/X",
        "Text.",
        "2020",
    )
    merged = reader.publications_with_pmids(["7"])[0]
    assert reader.publication(first.id) == reader.publication(merged.id) == merged
    assert reader.counts()["passages"] == 1


def test_papers_that_differ_stay_apart(store):
    title = PAPER.title
    add(
        store,
        Publication("1", title, pmid="1"),
        Publication("2", title, pmid="2"),
        Publication("3", title, "x"),
        Publication("4", title, "y", doi="10.1/other"),
        Publication("5", "Editorial", "p"),
        Publication("6", "Editorial", "q", pmid="6"),
    )
    # 3 has no identifier and the title of 1: the same paper.
    assert [row["source_id"] for row in papers(store)] == ["3", "2", "4", "5", "6"]


def test_two_records_without_identifiers_stay_apart(store):
    add(store, Publication("a", PAPER.title, "Text."), Publication("b", PAPER.title, "Text."))
    assert [row["source_id"] for row in papers(store)] == ["a", "b"]


def test_a_record_can_join_two_papers_that_were_one(store, reader):
    one, two = Publication("a", "One", "Text one.", pmid="1"), Publication("b", "Two", doi="10.1/z")
    add(store, one, two, Publication("c", "Both", pmid="1", doi="10.1/z"))
    assert len(papers(store)) == 1
    assert reader.publication(two.id) == reader.publication(one.id)
    assert reader.counts()["passages"] == 1


def test_a_passage_keeps_its_id_when_an_identifier_is_filled_in(store):
    ids = "SELECT id, document_id FROM documents"
    add(store, Publication("a", "One", "Text one.", doi="10.1/z"))
    before = [tuple(row) for row in store.connection.execute(ids)]
    add(store, Publication("b", "One", pmid="1", doi="10.1/z"), file=described("b", "b"))
    assert [tuple(row) for row in store.connection.execute(ids)] == before


def test_a_retraction_reaches_the_passages(store, reader):
    add(store, PAPER)
    hidden = "SELECT COUNT(*) FROM documents WHERE is_retracted"
    assert store.connection.execute(hidden).fetchone()[0] == 0
    retracted = Publication("7", PAPER.title, pmid="7", is_retracted=True)
    add(store, retracted, file=described("b", "b"))
    assert store.connection.execute(hidden).fetchone()[0] == reader.counts()["passages"] == 2


# cohorts


def test_shares_of_a_profile():
    counter = ProfileCounter()
    taxa = {"A": (30.0, 0.0), "B": (10.0, 0.0), "C": (5.0, 0.0), "D": (5.0, 1.0)}
    for name, values in taxa.items():
        row = (("S1", values[0]), ("S2", values[1]))
        counter.take(Feature(name, name, "taxon", "reads", row, rank="s"))
    counter.take(Feature("k", "Bacteria", "taxon", "reads", (("S1", 50.0),), rank="k"))
    counter.take(Feature("u", "UNKNOWN", "taxon", "reads", (("S1", 9.0),), special=True))
    assert counter.samples() == ["S1", "S2"]
    assert counter._shares("s", "S1") == [("A", 60.0), ("B", 20.0), ("C", 10.0)]


def test_a_sample_has_one_description_that_follows_the_files(store, reader):
    add(store, Sample("S1", (("group", "x"),)))
    taxon = Feature("t", "Ta xon", "taxon", "percent", (("S1", 40.0),), rank="s")
    add(store, taxon, file=described("b", "b"))
    rows = store.connection.execute("SELECT text FROM documents WHERE kind = 'sample'").fetchall()
    assert [row["text"] for row in rows] == ["group x. dominated by Ta xon 40.0 %"]
    assert reader.counts()["samples"] == 1


# vectors


def test_what_waits_for_a_vector_and_what_is_given_up(store):
    add(store, Gene("g", "MKK", "hypothetical protein"), Sample("S1", (("group", "x"),)))
    with store.transaction() as connection:
        (gene,) = waiting(connection, "sequence", "gene", after=0, limit=9)
        (sample,) = waiting(connection, "text", "sample", after=0, limit=9)
        assert (gene[2], sample[1:]) == ("MKK", ("Sample S1", "group x"))
        mark_embedded(connection, "sequence", [gene[0]])
        mark_embedded(connection, "text", [sample[0]])
        assert count_waiting(connection, "sequence") == count_waiting(connection, "text") == 0
    add(
        store,
        Protein("P", "MKK", "Lactase"),
        Sample("S1", (("group", "y"),)),
        file=described("b", "b"),
    )
    with store.transaction() as connection:
        (again,) = waiting(connection, "sequence", "protein", after=0, limit=9)
        assert again == gene
        mark_embedded(connection, "sequence", [gene[0]])
        assert tombstones(connection, "sequence") == {"gene": [gene[0]]}
        assert tombstones(connection, "text") == {"sample": [sample[0]]}


# transactions


def test_the_same_file_is_known(store):
    add(store, GENE)
    with store.exclusive() as connection:
        assert start_file(connection, described("other name")) is None
        assert start_file(connection, described("a.tsv", "sha-b")) is not None


def test_an_error_in_a_transaction_leaves_nothing(store, reader):
    generation = store.generation

    class Broken(RecordDescriber):
        def passages(self, publication):
            raise ZeroDivisionError

    def add_broken():
        with store.transaction() as connection:
            writer = FileWriter(connection, start_file(connection, described()), Broken())
            writer.take(GENE)
            writer.take(PAPER)
            writer.finish()

    with pytest.raises(ZeroDivisionError):
        add_broken()
    assert reader.counts() == dict.fromkeys(reader.counts(), 0)
    assert store.generation == generation


def test_a_reader_sees_a_file_only_when_it_is_whole(store, reader):
    with store.transaction() as connection:
        writer = FileWriter(connection, start_file(connection, described()), RecordDescriber())
        writer.take(GENE)
        writer.finish()
        assert reader.counts()["genes"] == 0
    assert reader.counts()["genes"] == 1


def test_a_second_writer_is_told_to_wait(store, monkeypatch):
    monkeypatch.setattr(store_module, "_PATIENCE", 0.05)
    other = Store(store.path)
    with store.exclusive(), pytest.raises(KnowledgeBaseError, match="another process is writing"):  # noqa: SIM117 - one waits for the other
        with other.exclusive():
            pass
    with other.exclusive():
        pass
    other.close()


def test_bad_records_are_counted_and_not_stored(store, reader):
    writer = add(store, GENE, BadRecord("a.tsv", 4, "x", "broken"))
    assert [bad.line for bad in writer.bad] == [4]
    assert reader.files()[0].bad == 1


def test_not_a_store(tmp_path):
    with pytest.raises(KnowledgeBaseError, match="metalumen add KB FILE"):
        Store(tmp_path / "kb.sqlite")
    (tmp_path / "kb.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DamagedFileError, match="backup"):
        Store(tmp_path / "kb.sqlite")
    other = tmp_path / "other" / "kb.sqlite"
    other.parent.mkdir()
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(DamagedFileError, match="not made by Metalumen"):
        Store(other)


@pytest.mark.parametrize(("version", "hint"), [(99, "Update Metalumen"), (0, "source files")])
def test_another_schema_version_is_told(store, version, hint):
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(SchemaMismatchError, match=hint):
        Store(store.path)


def test_title_keys():
    assert title_key("Editorial") == ""
    assert title_key(PAPER.title) == title_key(f"  {PAPER.title.upper()}.")


TEXT = st.text(max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.builds(
        Protein,
        TEXT,
        st.text("ACDEFGHIKLMNPQRSTVWY", max_size=9),
        TEXT,
        ec_numbers=st.lists(TEXT, max_size=2).map(tuple),
        function=TEXT,
    ),
    st.builds(Publication, TEXT, TEXT, TEXT, pmid=st.sampled_from(["", "1", "2"]), doi=TEXT),
    st.builds(Sample, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple)),
    st.builds(
        Feature,
        TEXT,
        TEXT,
        st.sampled_from(["taxon", "pathway"]),
        TEXT,
        st.dictionaries(TEXT, st.floats(0, 1e9), max_size=3).map(lambda d: tuple(d.items())),
    ),
)
def test_any_text_can_be_stored(store, protein, publication, sample, feature):
    key = str(store.generation)
    add(store, protein, publication, sample, feature, file=described(key, key))
    assert StoreReader(store.connection).publication(storable(publication).id) is not None
