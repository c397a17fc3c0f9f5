"""References as one tool or service writes them, where it differs from all others."""

from __future__ import annotations

import json

import pytest

from ingest.errors import UnknownFormatError
from ingest.files import read_records
from ingest.records import BadRecord


def read(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    opened = read_records(path)
    return list(opened.records), opened.source.warnings


def read_one(folder, name, content):
    (paper,), _ = read(folder, name, content)
    assert not isinstance(paper, BadRecord), paper
    return paper


RIS = "TY  - JOUR\nTI  - Bile in mice\nAU  - Doe, Anna B.\nPY  - 2020\nER  - "


def test_ris_whose_end_and_next_start_share_a_line(tmp_path):
    first, second = read(tmp_path, "a.ris", RIS + RIS.replace("Bile", "Mucin"))[0]
    assert (first.title, second.title) == ("Bile in mice", "Mucin in mice")


def test_ris_without_a_space_behind_the_dash(tmp_path):
    paper = read_one(
        tmp_path, "a.ris", RIS.replace("- ", "-").replace("ER  -", "AB  -A - b\nER  -")
    )
    assert (paper.title, paper.abstract, paper.year) == ("Bile in mice", "A - b", "2020")


def test_ris_of_cochrane(tmp_path):
    text = (
        "Provider: A House, Ltd\n\nTY  - JOUR\nAN  - CN-01\nAU  - Doe AB\nTI  - Bile in mice\n"
        "SO  - Test letters\nYR  - 2020\nPM  - PUBMED 77\nKY  - bile; mice\n"
        "DOI - 10.5555/a\nER  -\n"
    )
    paper = read_one(tmp_path, "a.ris", text)
    assert (paper.journal, paper.year, paper.doi) == ("Test letters", "2020", "10.5555/a")
    assert paper.keywords == ("bile", "mice")


def test_ris_with_a_tag_for_each_part_of_the_abstract_and_one_for_all_authors(tmp_path):
    text = RIS.replace("AU  - Doe, Anna B.", "AU  - Doe, Anna B.; Roe, C.\nAB  - One.\nAB  - Two.")
    paper = read_one(tmp_path, "a.ris", text)
    assert (paper.abstract, paper.authors) == ("One. Two.", ("Doe AB", "Roe C"))


def test_ris_of_embase_keeps_the_pmid_in_c5(tmp_path):
    marked = RIS.replace("ER", "U2  - L12\nC5  - 77\nER")
    assert read_one(tmp_path, "a.ris", marked).pmid == "77"
    assert read_one(tmp_path, "b.ris", RIS.replace("ER", "C5  - 77\nER")).pmid == ""


@pytest.mark.parametrize("doi", [r"10.5555/a\_b", r"10.5555/a{\_}b", r"{10.5555/a\_{}b}"])
def test_bibtex_escapes_signs_in_dois(tmp_path, doi):
    text = f"@article{{Doe and Roe 2020,\n title = {{Bile}},\n doi = {{{doi}}},\n}}\n"
    assert read_one(tmp_path, "a.bib", text).doi == "10.5555/a_b"


@pytest.mark.parametrize(
    ("header", "row", "field", "value"),
    [
        ("Title,DOI,is_retracted", "Bile,10.5555/a,TRUE", "is_retracted", True),
        ("Title,DOI,is_retracted", "Bile,10.5555/a,FALSE", "is_retracted", False),
        ("Item Title,Item DOI,Publication Title", "Bile,10.5555/a,Gut", "doi", "10.5555/a"),
        ("Title,Abstract,pubtitle", "Bile,It flows.,Gut", "journal", "Gut"),
        ("Title,Authors,Publication Date", "Bile,Doe A,20200131", "year", "2020"),
        ("Title,Authors", 'Bile,"Anna B. Doe, Carl Roe"', "authors", ("Doe AB", "Roe C")),
        ("Title,Authors", 'Bile,"García López, Ana María"', "authors", ("García López AM",)),
        ("title,abstract,authorships.author.display_name", "Bile,It flows.,A Doe|C Roe", "authors",
         ("Doe A", "Roe C")),
    ],
)  # fmt: skip
def test_columns(tmp_path, header, row, field, value):
    assert getattr(read_one(tmp_path, "a.csv", f"{header}\n{row}\n"), field) == value


PAPER = {"title": "Bile", "abstract": "It flows.", "doi": "10.5555/a"}
PEOPLE = [{"first_name": "Anna B.", "last_name": "Doe"}, {"first_name": "C", "last_name": "Roe"}]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"total": 1, "data": [
            {"title": "Bile", "abstract": "It flows.", "source": {"title": "Gut"},
             "authors": PEOPLE, "year_published": 2020,
             "external_ids": [{"type": "doi", "value": "10.5555/a"},
                              {"type": "pmid", "value": "77"}]}]},
         {"journal": "Gut", "doi": "10.5555/a", "pmid": "77", "authors": ("Doe AB", "Roe C"),
          "year": "2020"}),
        ({"publications": [{**PAPER, "authors": PEOPLE, "journal": {"title": "Gut"}}]},
         {"journal": "Gut", "authors": ("Doe AB", "Roe C")}),
        ({"search-results": {"entry": [
            {"dc:title": "Bile", "dc:creator": "Doe A.", "prism:publicationName": "Gut",
             "prism:coverDate": "2020-01-31", "prism:doi": "10.5555/a", "dc:description": "It."}]}},
         {"title": "Bile", "journal": "Gut", "year": "2020", "authors": ("Doe A",)}),
        ({"doe2020": {**PAPER, "issued": {"raw": "2020-01"}, "author": [{"literal": "The Gut"}]}},
         {"year": "2020", "authors": ("The Gut",)}),
        ({"hits": {"hits": [{"_id": "x", "_source": PAPER}]}}, {"doi": "10.5555/a"}),
    ],
)  # fmt: skip
def test_answers_of_services(tmp_path, document, expected):
    for text in (json.dumps(document), json.dumps(document, indent=2)):
        paper = read_one(tmp_path, "a.json", text)
        assert {name: getattr(paper, name) for name in expected} == expected


def test_zotero_keeps_notes_and_files_among_its_items(tmp_path):
    item = {"itemType": "journalArticle", "title": "Bile", "abstractNote": "It flows."}
    items = [item, {"itemType": "note", "note": "n"}, {"itemType": "attachment", "title": "PDF"}]
    document = [{"key": str(number), "data": it} for number, it in enumerate(items)]
    (paper,), warnings = read(tmp_path, "a.json", json.dumps(document))
    assert (paper.title, paper.abstract) == ("Bile", "It flows.")
    assert warnings == ["2 notes and attachments of the library are left out"]


def test_lines_of_scifact_and_arxiv(tmp_path):
    line = {"doc_id": 7, "title": "Bile", "abstract": ["It flows.", "It is green."]}
    paper = read_one(tmp_path, "a.jsonl", json.dumps(line) + "\n")
    assert (paper.source_id, paper.abstract) == ("7", "It flows. It is green.")
    line = {
        "id": "2001.00001", "title": "Bile", "abstract": "It flows.", "doi": None,
        "versions": [{"version": "v1", "created": "Wed, 1 Jan 2020 00:00:00 GMT"},
                     {"version": "v2", "created": "Fri, 1 Jan 2021 00:00:00 GMT"}],
        "update_date": "2023-01-01", "authors_parsed": [["Doe", "Anna", ""]],
    }  # fmt: skip
    paper = read_one(tmp_path, "b.jsonl", json.dumps(line) + "\n")
    assert (paper.year, paper.is_preprint, paper.authors) == ("2020", True, ("Doe A",))


def test_full_texts_of_semantic_scholar(tmp_path):
    line = {
        "paper_id": "7", "title": "Bile",
        "authors": [{"first": "Anna", "middle": ["B."], "last": "Doe", "suffix": ""}],
        "abstract": [{"section": "Abstract", "text": "It flows."}],
        "body_text": [{"section": "1 METHODS", "text": "Mice."},
                      {"section": "Acknowledgements", "text": "Thanks."}],
        "bib_entries": {"BIBREF0": {"title": "Cited"}},
    }  # fmt: skip
    paper = read_one(tmp_path, "a.jsonl", json.dumps(line) + "\n")
    assert (paper.authors, paper.abstract) == (("Doe AB",), "It flows.")
    assert paper.sections == (("Methods", "Mice."),)


CITATION = (
    '<MedlineCitation Status="MEDLINE"><PMID Version="1">77</PMID><Article><ArticleTitle>Bile in '
    "mice.</ArticleTitle><AuthorList><Author><LastName>Doe</LastName>"
    "<ForeName>Anna Berta</ForeName></Author></AuthorList></Article></MedlineCitation>"
)


@pytest.mark.parametrize("text", [CITATION, f"<MedlineCitationSet>{CITATION}</MedlineCitationSet>"])
def test_pubmed_citations_without_their_article_around_them(tmp_path, text):
    paper = read_one(tmp_path, "a.xml", f'<?xml version="1.0"?>\n{text}\n')
    assert (paper.pmid, paper.title) == ("77", "Bile in mice.")
    assert paper.authors == ("Doe AB",)  # no initials there: they are made of the names


def test_refer_without_types(tmp_path):
    text = (
        "%A Anna B. Doe\n%A Roe, C.\n%T Bile in\nmice\n%D 2020\n%X It flows.\n\n%T Mucin\n%D 2021\n"
    )
    first, second = read(tmp_path, "a.txt", text)[0]
    assert (first.title, first.authors, first.year) == ("Bile in mice", ("Doe AB", "Roe C"), "2020")
    assert (second.title, second.provenance.line) == ("Mucin", 8)


def test_endnote_authors_in_one_element(tmp_path):
    text = (
        "<xml><records><record><ref-type name='Journal Article'>17</ref-type><contributors>"
        "<authors><author><style>Doe, Anna B.</style>&#xD;<style>Carl Roe</style></author>"
        "</authors></contributors><titles><title>Bile</title></titles></record></records></xml>"
    )
    assert read_one(tmp_path, "a.xml", text).authors == ("Doe AB", "Roe C")


def test_web_of_science_names_medline_records_by_pmid(tmp_path):
    text = "FN Clarivate\nVR 1.0\nPT J\nAU Doe, A\nTI Bile\nUT MEDLINE:77\nER\n\nEF\n"
    assert read_one(tmp_path, "a.ciw", text).pmid == "77"


def test_pubmed_text_with_marks_of_equal_contribution(tmp_path):
    text = (
        "1. J Test. 2020 Jan;1(2):3.\n\nBile in mice.\n\nDoe AB(#)(1)(2), Roe C(#)(1).\n\n"
        "Author information:\n(1)Nowhere.\n(#)Contributed equally\n\nIt flows.\n\nPMID: 77\n"
    )
    paper = read_one(tmp_path, "a.txt", text)
    assert (paper.authors, paper.abstract) == (("Doe AB", "Roe C"), "It flows.")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# BT_4294\n\nLikely an amylase. Test with starch.\n", "BT_4294",
         "Likely an amylase. Test with starch."),
        ("# Ideas on BT_4294\n\n- binds starch here\n- next to susD\n", "Ideas on BT_4294",
         "binds starch here\n\nnext to susD"),
        ("Enzyme notes\n============\n\nSusG cuts starch.\n", "Enzyme notes", "SusG cuts starch."),
        ("---\ntitle: BT_4294\n---\n\nLikely an amylase.\n", "BT_4294", "Likely an amylase."),
        ("# Bile\n\nIt flows at night.\n\n## Methods\n\nMice were watched.\n", "Bile",
         "It flows at night."),
    ],
)  # fmt: skip
def test_short_notes_in_markdown(tmp_path, text, title, body):
    paper = read_one(tmp_path, "a.md", text)
    assert (paper.title, paper.sections[0]) == (title, ("Text", body))
    assert paper.provenance.reader == "markdown"


@pytest.mark.parametrize(
    "text",
    [
        "# Load data\n\nlibrary(dplyr)\nx <- read.csv(1)\ny = x + 1\n",
        "# counts\n\nid,a,b\nx,1,2\n",
        "# settings\n\nfoo: 1\nbar: 2\n",
        "# made by a tool on Monday\n# it has comments only here\n",
        "# TODO\n\n- [ ] milk\n- [x] eggs\n",
    ],
)
def test_code_tables_and_comments_are_no_notes(tmp_path, text):
    (tmp_path / "a.md").write_text(text)
    with pytest.raises(UnknownFormatError):
        read_records(tmp_path / "a.md")


def test_plain_text_keeps_what_stands_above_the_first_heading(tmp_path):
    rest = "Mice were watched by night, and it was seen that bile flows to the gut of each. " * 3
    lead = "It is known that bile flows, and we think that it was made by the liver."
    paper = read_one(tmp_path, "a.txt", f"Bile in mice\n\n{lead}\n\nMethods\n\n{rest}\n")
    assert paper.sections[0] == ("Text", lead)
    people = "Anna B. Doe, Carl Roe\n\nInstitute of Bile, Nowhere"
    paper = read_one(tmp_path, "b.txt", f"Bile in mice\n\n{people}\n\nMethods\n\n{rest}\n")
    assert [name for name, _ in paper.sections] == ["Methods"]


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"{\textless}i{\textgreater}B. theta{\textless}/i{\textgreater}", "B. theta"),
        (r"p {\textless} 0.05, {\textgreater}5 h", "p < 0.05, >5 h"),
        (r"{\textalpha}-amylase and \textbeta{}-gal", "α-amylase and β-gal"),
        (r"37\degree C, 5 \micro M", "37°C, 5 µM"),
        (
            r"see \href{https://example.org/a_b}{a page} of hyphen\-ation",
            "see a page of hyphenation",
        ),
    ],
)
def test_commands_of_latex_that_change_the_meaning(tmp_path, latex, plain):
    text = f"@article{{a,\n title = {{Bile}},\n abstract = {{{latex}}}\n}}\n"
    assert read_one(tmp_path, "a.bib", text).abstract == plain


def test_jats_takes_no_year_of_an_archives_copy(tmp_path):
    date = "<pub-date pub-type='{}'><year>{}</year></pub-date>"
    text = (
        "<article><front><article-meta><title-group><article-title>Bile</article-title>"
        f"</title-group>{date.format('pmc-release', 2023)}{date.format('epub', 2021)}"
        "</article-meta></front></article>"
    )
    assert read_one(tmp_path, "a.nxml", text).year == "2021"


def test_ris_with_a_tab_behind_the_dash(tmp_path):
    assert read_one(tmp_path, "a.ris", RIS.replace("- ", "-\t")).title == "Bile in mice"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["[", "[](", "*a ", "_a ", "`a ", "**a "])
def test_marks_of_markdown_that_are_never_closed(tmp_path, unit):
    prose = "It is known that bile flows in the gut of mice, and that it was made by the liver. "
    text = f"# Bile\n\n{prose * 3}\n\n{unit * (30_000 // len(unit))}\n"
    assert read_one(tmp_path, "a.md", text).title == "Bile"


def test_links_and_emphasis_of_markdown(tmp_path):
    text = (
        "# Bile\n\nIt **flows** in [the *gut*](https://example.org/a_(b)) of `mice`, "
        "not in ![a picture](x.png) them.\n"
    )
    paper = read_one(tmp_path, "a.md", text)
    assert paper.sections[0][1] == "It flows in the gut of mice, not in them."


def test_nul_characters_are_left_out(tmp_path):
    text = "title,abstract\n" + "Mucin,It is thick.\n" * 400 + "Bile,It\x00 flows.\n"
    *_, last = read(tmp_path, "a.csv", text)[0]
    assert last.abstract == "It flows."


OPEN = {
    "a.tsv": 'Title\tAbstract\tDOI\n"Open\tIt.\t10.5555/a\nBile\tIt flows.\t10.5555/b\nMucin\t\t\n',
    "a.csv": (
        'Title,Abstract,DOI\n"Open,It.,10.5555/a\nBile,"It flows, and\nis green",10.5555/b\n'
        'Mucin,"It is ""thick""",\n'
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_quote_left_open_takes_no_other_row_along(tmp_path, name):
    bad, bile, mucin = read(tmp_path, name, OPEN[name])[0]
    assert isinstance(bad, BadRecord)
    assert (bad.line, "left open" in bad.reason) == (2, True)
    assert (bile.title, bile.doi, mucin.title) == ("Bile", "10.5555/b", "Mucin")


def test_rows_of_many_lines_and_short_rows_are_whole(tmp_path):
    text = 'Title,Abstract,DOI,Year\nBile,"It flows,\nand is green"\nMucin,"A, b,\nc, d, e\n"\n'
    first, second = read(tmp_path, "a.csv", text)[0]
    assert (first.abstract, second.abstract) == ("It flows, and is green", "A, b, c, d, e")
    assert (first.provenance.line, second.provenance.line) == (2, 4)


@pytest.mark.timeout(20)
def test_many_quotes_left_open(tmp_path):
    rows = "".join(f'"Open {n},It.,10.5555/{n},x\n' for n in range(3001))
    records, _ = read(tmp_path, "a.csv", f"Title,Abstract,DOI,Year\n{rows}")
    assert len(records) == 3001


@pytest.mark.parametrize(
    ("own", "field", "value"),
    [
        ("pmid:77", "pmid", "77"),
        ("PMC123", "pmcid", "PMC123"),
        ("10.5555/a.b", "doi", "10.5555/a.b"),
        ("https://doi.org/10.5555/a.b", "doi", "10.5555/a.b"),
        ("77", "pmid", ""),
    ],
)
def test_ids_of_services_that_are_public_identifiers(tmp_path, own, field, value):
    document = {"response": {"docs": [{"id": own, "title_display": "Bile", "abstract": ["It."]}]}}
    paper = read_one(tmp_path, "a.json", json.dumps(document))
    assert (getattr(paper, field), paper.title) == (value, "Bile")


def test_a_cell_with_a_full_text(tmp_path):
    text = f"title,abstract,doi\nBile,{'It flows. ' * 30_000},10.5555/a\n"
    assert read_one(tmp_path, "a.csv", text).doi == "10.5555/a"
