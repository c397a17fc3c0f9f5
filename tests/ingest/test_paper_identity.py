"""One paper from many files is one; two papers stay two; notices reach their papers."""

from __future__ import annotations

import gzip
import itertools
import json
from dataclasses import replace

import pytest

from ingest.files import read_records
from ingest.paper_identity import is_article_of, may_be_same, same_by_text, same_by_title, sketch_of
from ingest.records import Notice, Provenance, Publication
from ingest.store import AddedFile, Space, Store
from ingest.store_places import places_of
from ingest.store_reader import StoreReader
from ingest.store_writer import FileWriter, start_file
from retrieval.documents import RecordDescriber

TITLE = "Lactase of Escherichia coli in the gut of mammals"
WORDS = (
    "lactose is the sugar of milk and it is split by lactase in the gut of mammals and by many"
    " bacteria of the community that lives there when the enzyme is lost in later life the sugar"
    " reaches the colon where other microbes take it up and make gas and short fatty acids of it"
)
FORMATS = ["pubmed.xml", "nbib", "ris", "bib", "csv", "bioc.json", "bioc.xml"]


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "kb.sqlite", [Space("text", "hashing")])
    yield made
    made.close()


@pytest.fixture
def reader(store):
    return StoreReader(store.connection)


def add(store, *records, reader="literature_jsonl"):
    sha256 = f"{len(store.connection.execute('SELECT 1 FROM files').fetchall())}"
    with store.transaction() as connection:
        file = AddedFile(f"{sha256}.txt", sha256, reader, "literature", "data", "", {}, 0)
        writer = FileWriter(connection, start_file(connection, file), RecordDescriber())
        for record in records:
            place = Provenance(file.path_name, sha256, reader, 1)
            is_paper = isinstance(record, Publication)
            writer.take(replace(record, provenance=place) if is_paper else record)
        writer.finish()
    return writer


def add_file(store, path):
    opened = read_records(path)
    with store.transaction() as connection:
        file = AddedFile(path.name, opened.source.sha256, opened.reader, opened.kind, "", "", {}, 0)
        writer = FileWriter(connection, start_file(connection, file), RecordDescriber())
        for record in opened.records:
            writer.take(record)
        writer.finish()
    return writer


def papers(store):
    return [dict(row) for row in store.connection.execute("SELECT * FROM publications ORDER BY id")]


def retracted_passages(store):
    return store.connection.execute("SELECT * FROM documents WHERE is_retracted").fetchall()


# the same paper


@pytest.mark.parametrize("start", range(len(FORMATS)))
def test_seven_files_of_twenty_papers_are_twenty_papers(shared, store, reader, start):
    """In any order of the files, each paper has the best of all: that of PubMed's XML."""
    folder = shared / "literature/formats/parallel20"
    for name in FORMATS[start:] + FORMATS[:start]:
        add_file(store, folder / f"records.{name}")
    assert reader.counts()["publications"] == 20
    for line in (folder / "expected.jsonl").read_text().splitlines():
        truth = json.loads(line)
        (paper,) = reader.publications_with_pmids([truth["pmid"]])
        assert paper.title == " ".join(truth["title"].split())
        assert paper.abstract == " ".join(truth["abstract"].split())
        assert (paper.doi, paper.pmcid) == (truth["doi"], truth["pmcid"] or "")
        assert list(paper.authors) == truth["authors"]
        assert set(paper.keywords) == {*truth["keywords"], *truth["mesh"]}
        assert paper.provenance.reader == "pubmed_xml"
    files = "SELECT COUNT(*) FROM publication_files GROUP BY publication_id"
    assert {row[0] for row in store.connection.execute(files)} == {7}


def test_a_richer_format_that_comes_later_counts(store, reader):
    add(store, Publication("x", TITLE, "From a list.", doi="10.1000/x"), reader="ris")
    add(
        store,
        Publication("7", TITLE, "From PubMed.", pmid="7", doi="10.1000/X"),
        reader="pubmed_xml",
    )
    page = Publication("y", f"{TITLE} *", "From a page.", doi="10.1000/x", journal="J")
    add(store, page, reader="pdf")
    (paper,) = reader.publications_with_pmids(["7"])
    assert (paper.title, paper.abstract, paper.journal) == (TITLE, "From PubMed.", "J")
    assert paper.provenance.reader == "pubmed_xml"
    assert len(papers(store)) == 1


def test_a_doi_on_a_page_may_be_that_of_a_cited_paper(store):
    add(store, Publication("7", TITLE, pmid="7", doi="10.1000/x"), reader="pubmed_xml")
    cites = Publication("p", "Quite another work on the soil of parks", "Text.", doi="10.1000/x")
    add(store, cites, reader="pdf")
    assert [row["title"] for row in papers(store)] == [TITLE, cites.title]


def test_every_file_that_has_a_paper_is_known(store, reader):
    add(store, Publication("x", TITLE, doi="10.1000/x"), reader="ris")
    add(store, Publication("7", TITLE, pmid="7", doi="10.1000/X"), reader="pubmed_xml")
    (paper,) = reader.publications_with_pmids(["7"])
    places = places_of(store.connection, paper.id)
    assert [(place.path_name, place.reader) for place in places] == [
        ("0.txt", "ris"),
        ("1.txt", "pubmed_xml"),
    ]
    assert places_of(store.connection, "pub-none") == []


def test_the_newest_version_of_a_pmid_counts(store, reader):
    versions = [Publication("7", TITLE, f"Version {n}.", pmid="7", version=n) for n in (2, 4, 3)]
    for order in itertools.permutations(versions):
        add(store, *order)
        (paper,) = reader.publications_with_pmids(["7"])
        assert (paper.abstract, paper.version) == ("Version 4.", 4)
    revised = replace(versions[1], abstract="Revised.", revised="2021-01-01")
    add(store, revised)
    assert reader.publications_with_pmids(["7"])[0].abstract == "Revised."


def test_a_title_joins_where_authors_and_year_agree(store):
    known = Publication("1", TITLE, pmid="1", authors=("Doe J",), year="2001")
    add(store, known)
    add(store, Publication("ref:a", TITLE.upper(), authors=("Doe JA", "Roe R"), year="2002"))
    add(store, Publication("b", f"{TITLE}.", doi="10.1000/b", authors=("Doe J",), year="2001"))
    assert len(papers(store)) == 1
    add(store, Publication("ref:c", TITLE, authors=("Poe E",), year="2001"))
    add(store, Publication("ref:d", TITLE, authors=("Doe J",), year="2009"))
    assert len(papers(store)) == 3


def test_papers_of_one_title_with_other_abstracts_stay_apart():
    one = Publication("1", TITLE, WORDS, pmid="1")
    other = Publication("ref:a", TITLE, " ".join(f"word{n} and" for n in range(60)))
    assert not same_by_title(one, other)
    assert same_by_title(one, replace(other, abstract=""))


def test_an_abstract_joins_under_a_title_that_is_like_it(store):
    add(store, Publication("1", TITLE, WORDS, pmid="1", authors=("Doe J",)))
    short = Publication("ref:a", "Lactase of Escherichia coli in the gut", f"{WORDS} ok.")
    add(store, short)
    assert len(papers(store)) == 1
    assert not same_by_text(short, Publication("1", "A reply to some letters", WORDS, pmid="1"))
    assert set(sketch_of(short)) & set(sketch_of(Publication("", "", WORDS)))


def test_identifiers_that_differ_keep_papers_apart(store):
    one = Publication("1", TITLE, WORDS, pmid="1", authors=("Doe J",), year="2001")
    add(store, one, replace(one, source_id="2", pmid="2"))
    # Both have this title: which of them the DOI belongs to nobody can tell.
    add(store, replace(one, source_id="3", pmid="", doi="10.1000/x"))
    add(store, replace(one, source_id="4", pmid="", doi="10.1000/y"))
    add(store, replace(one, source_id="ref:5", pmid=""))
    identifiers = [row["pmid"] or row["doi"] for row in papers(store)]
    assert identifiers == ["1", "2", "10.1000/x", "10.1000/y"]


# preprints


PREPRINT = Publication(
    "p",
    TITLE,
    WORDS,
    doi="10.1101/2020.01.01.123456",
    authors=("Doe J",),
    year="2020",
    is_preprint=True,
)
ARTICLE = Publication("a", TITLE, WORDS, pmid="9", authors=("Doe J",), year="2022")


@pytest.mark.parametrize("order", [0, 1])
def test_a_preprint_points_to_its_article_by_title(store, order):
    both = [PREPRINT, ARTICLE]
    add(store, both[order])
    add(store, both[1 - order])
    by_id = {row["source_id"]: row for row in papers(store)}
    assert by_id["p"]["superseded_by"] == by_id["a"]["id"]
    assert by_id["a"]["superseded_by"] is None


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("side", ["preprint", "article"])
def test_a_preprint_points_to_its_article_by_pubmeds_link(store, order, side):
    preprint = Publication("8", "First title of the work on milk", pmid="8", is_preprint=True)
    article = Publication("9", "Quite another title of the same", pmid="9")
    if side == "preprint":
        preprint = replace(preprint, links=(("UpdateIn", "PMID:9"),))
    else:
        article = replace(article, links=(("UpdateOf", "PMID:8"),))
    both = [preprint, article]
    add(store, both[order], both[1 - order])
    by_id = {row["source_id"]: row for row in papers(store)}
    assert by_id["8"]["superseded_by"] == by_id["9"]["id"]


def test_other_authors_or_years_are_another_paper():
    assert is_article_of(ARTICLE, PREPRINT)
    assert not is_article_of(PREPRINT, ARTICLE)
    assert not is_article_of(replace(ARTICLE, authors=("Poe E",)), PREPRINT)
    assert not is_article_of(replace(ARTICLE, year="2030"), PREPRINT)
    assert not is_article_of(replace(ARTICLE, authors=()), PREPRINT)


# notices


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize(
    ("target", "notice"),
    [((("RetractionIn", "PMID:2"),), ()), ((), (("RetractionOf", "PMID:1"),))],
)
def test_a_retraction_is_seen_from_either_side(store, reader, order, target, notice):
    paper = Publication("1", TITLE, WORDS, pmid="1", links=target, is_retracted=bool(target))
    about = Publication(
        "2", TITLE, pmid="2", publication_types=("Retraction of Publication",), links=notice
    )
    both = [paper, about]
    add(store, both[order])
    add(store, both[1 - order])
    found = {it.pmid: it for it in reader.publications_with_pmids(["1", "2"])}
    assert (found["1"].is_retracted, found["2"].is_retracted) == (True, False)
    assert found["1"].status_note == "retracted (PMID:2)"
    assert {row["owner_id"] for row in retracted_passages(store)} == {found["1"].id}


NOTICE = Notice("retraction", "1", "10.1000/X", "Paper Mill", "2023-07-12", "DOI:10.1/n", "List")


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("paper", [{"pmid": "1"}, {"doi": "10.1000/x"}])
def test_a_list_of_notices_marks_papers_before_and_after(store, order, paper):
    both = [Publication("p", TITLE, WORDS, **paper), NOTICE]
    add(store, both[order])
    writer = add(store, both[1 - order])
    (row,) = papers(store)
    assert row["is_retracted"] == 1
    assert row["status_note"] == "retracted 2023-07-12: Paper Mill (DOI:10.1/n)"
    if order == 0:
        assert writer.added == {"notices": 1}
        assert writer.warnings == ["1 paper is now marked as retracted"]


def test_another_text_of_a_paper_that_is_held_is_told(store):
    add(store, Publication("p", TITLE, WORDS, pmid="1"))
    same = add(store, Publication("p", TITLE, WORDS, pmid="1", year="2001"))
    assert same.warnings == []
    newer = add(store, Publication("p", TITLE, f"{WORDS} And more.", pmid="1", version=2))
    assert newer.warnings == ["1 paper has another text now: a newer or fuller record"]
    assert not newer.added.get("publications")


def test_many_reasons_are_cut_between_two(store):
    reasons = "; ".join(f"Reason number {n}" for n in range(40))
    add(store, Publication("p", TITLE, pmid="1"), replace(NOTICE, reason=reasons))
    (row,) = papers(store)
    assert row["status_note"].endswith("; Reason number 10 ... (DOI:10.1/n)")


def test_a_concern_is_marked_and_a_reinstated_paper_is_not(store):
    add(store, Publication("p", TITLE, WORDS, pmid="1"), NOTICE)
    add(store, replace(NOTICE, kind="concern", reference="DOI:10.1/m", reason=""))
    assert [row["has_concern"] for row in papers(store)] == [1]
    add(store, replace(NOTICE, kind="reinstatement", reference="", reason=""))
    (row,) = papers(store)
    assert (row["is_retracted"], row["has_concern"]) == (0, 1)
    assert retracted_passages(store) == []


def test_what_pubmed_withdrew_is_dropped_and_stays_out(store, reader):
    paper = Publication("7", TITLE, WORDS, pmid="7")
    add(store, paper, Publication("8", TITLE, pmid="8"))
    writer = add(store, Notice("deletion", "7", source="PubMed"))
    assert writer.warnings == ["1 paper was left out: PubMed has withdrawn their records"]
    assert [row["pmid"] for row in papers(store)] == ["8"]
    assert reader.publication(paper.id) is None
    assert add(store, paper).added == {"publications": 0}
    assert reader.counts()["publications"] == 1


# real records


@pytest.fixture(scope="module")
def special(shared, tmp_path_factory):
    """The 88 records of the collection that were chosen for what PubMed says of them."""
    folder = tmp_path_factory.mktemp("kb")
    with gzip.open(shared / "literature/pubmed/pubmed_abstracts.jsonl.gz", "rt") as handle:
        lines = [line for line in handle if '"set": "special"' in line]
    (folder / "special.jsonl").write_text("".join(lines))
    store = Store.create(folder / "kb.sqlite", [Space("text", "hashing")])
    add_file(store, folder / "special.jsonl")
    yield store
    store.close()


def test_retracted_papers_of_the_collection(special):
    found = special.connection.execute("SELECT pmid FROM publications WHERE is_retracted")
    expected = {"27602157", "31031480", "32743968", "33104149", "400712", "423962"}
    assert {row[0] for row in found} == expected


def test_the_concern_reaches_its_paper(special):
    found = special.connection.execute("SELECT pmid FROM publications WHERE has_concern")
    assert {row[0] for row in found} == {"34096680", "32090497"}


def test_one_version_of_each_pmid_is_kept(special):
    versions = "SELECT pmid, version FROM publications WHERE version > 1"
    assert {tuple(row) for row in special.connection.execute(versions)} == {
        ("30271887", 4),
        ("33728380", 2),
        ("34017925", 2),
    }


def test_the_preprint_points_to_its_article(special):
    query = (
        "SELECT a.pmid FROM publications AS p JOIN publications AS a ON a.id = p.superseded_by"
        " WHERE p.pmid = '34013271'"
    )
    assert [row[0] for row in special.connection.execute(query)] == ["33576494"]


def test_documents_of_one_collection_stay_two_under_one_pmid(tmp_path):
    lines = [
        {"_id": name, "title": "One title of two documents", "text": "t", "metadata": metadata}
        for name, metadata in (("a", {"pubmed_id": "7"}), ("b", {"pubmed_id": "7"}), ("c", {}))
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    papers = list(read_records(path).records)
    assert [(it.source_id, it.pmid) for it in papers] == [("a", "7"), ("b", ""), ("c", "")]
    assert len({it.id for it in papers}) == 3
    assert not any(may_be_same(one, other) for one, other in itertools.combinations(papers, 2))


def test_a_notice_is_not_its_paper_even_under_the_same_title():
    paper = Publication("ref:a", TITLE, authors=("Doe J",), year="2020", abstract=WORDS)
    erratum = replace(paper, source_id="ref:b", publication_types=("Published Erratum",))
    titled = replace(paper, source_id="ref:c", title=f"Correction: {TITLE}")
    again = replace(paper, source_id="ref:d")
    assert same_by_title(paper, again)
    assert same_by_text(paper, again)
    for notice in (erratum, titled):
        assert not same_by_title(paper, notice)
        assert not same_by_text(paper, notice)
    assert same_by_title(erratum, replace(erratum, source_id="ref:e"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The α-lactase of Escherichia coli in mammals", "The alpha-lactase of Escherichia coli in"
         " mammals"),
        ("Lactase in the café of the gut of Ångström", "Lactase in the cafe of the gut of"
         " Angstrom"),
        ("Uptake of CO₂ by the gut of many mammals", "Uptake of CO2 by the gut of many mammals"),
        (TITLE, f"RETRACTED ARTICLE: {TITLE}"),
        (f"[{TITLE}]", f"[RETRACTED: {TITLE}.]"),
    ],
)  # fmt: skip
def test_titles_that_differ_in_letters_alone_are_one(store, reader, one, other):
    papers = [
        Publication("ref:a", one, authors=("Doe J",), year="2001"),
        Publication("10.1/a", other, authors=("Doe J",), year="2001", doi="10.1/a"),
    ]
    add(store, *papers, reader="ris")
    assert len(reader.publications_at([*range(1, 9)])) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Müller J", "Muller J", True),
        ("Müller J", "Mueller J", True),
        ("Łoś A", "Los A", True),
        ("Sørensen A", "Soerensen A", True),
        ("Müller J", "Miller J", False),
    ],
)
def test_family_names_with_and_without_accents(one, other, same):
    papers = [
        Publication(own, TITLE, authors=(name,), year="2001", doi=doi)
        for own, name, doi in (("ref:a", one, ""), ("10.1/a", other, "10.1/a"))
    ]
    assert same_by_title(*papers) == same


@pytest.mark.parametrize("reader_name", ["tei", "pdf", "markdown"])
def test_what_was_read_off_a_page_counts_less_than_a_list_of_references(store, reader, reader_name):
    paper = Publication("10.1/a", TITLE, authors=("Doe J",), year="2001", doi="10.1/a")
    add(store, replace(paper, title=f"{TITLE}*", year="2002"), reader=reader_name)
    add(store, paper, reader="ris")
    add(store, replace(paper, title=f"{TITLE}*", year="2002"), reader=reader_name)
    (stored,) = reader.publications_at([*range(1, 9)]).values()
    assert (stored.title, stored.year) == (TITLE, "2001")
    add(store, replace(paper, source_id="10.1/a", title="Mucin in cows"), reader=reader_name)
    assert len(reader.publications_at([*range(1, 9)])) == 2
