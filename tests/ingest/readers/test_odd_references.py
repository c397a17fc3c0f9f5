"""Odd but lawful references and full texts: encodings, markup, entries that refer to others."""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.records import BadRecord


def read(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    opened = read_records(path)
    return list(opened.records), opened.source.warnings


RIS = "TY  - JOUR\nTI  - Äther für Öl – „heute“\nAU  - Müller, Jörg\nER  - \n"
XML = (
    '<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>5</PMID><Article>'
    "<ArticleTitle>Äther für Öl – „heute“</ArticleTitle></Article></MedlineCitation>"
    "</PubmedArticle></PubmedArticleSet>\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize(("name", "text"), [("a.ris", RIS), ("a.xml", XML)])
def test_letters_of_any_common_encoding(tmp_path, encoding, name, text):
    (paper,), warnings = read(tmp_path, name, text.replace("\n", "\r\n").encode(encoding))
    assert paper.title == "Äther für Öl – „heute“"
    assert any("Windows-1252" in it for it in warnings) == (encoding == "cp1252")


def test_damage_in_utf_8_is_not_taken_for_another_encoding(tmp_path):
    (paper,), warnings = read(tmp_path, "a.ris", RIS.encode().replace(b"f\xc3\xbcr", b"f\xffr"))
    assert paper.title == "Äther f\ufffdr Öl – „heute“"
    assert any("U+FFFD" in it for it in warnings)


def test_files_that_were_put_behind_each_other(tmp_path):
    records, _ = read(tmp_path, "a.xml", XML + XML.replace(">5<", ">6<"))
    assert [it.pmid for it in records] == ["5", "6"]
    records, _ = read(tmp_path, "b.xml", XML + XML.replace(">5<", ">6<").replace("</Article>", ""))
    assert isinstance(records[-1], BadRecord)


BIBTEX = r"""@string{jb = "Journal of Bacteriology"}
@article{one,
  author = {M{\"u}ller, J{\"o}rg and {The Gut Consortium} and {\O}rsted, H. C.},
  title = {{H$_2$O and $\beta$-glucans at 37\,$^{\circ}$C in Na$^+$ M}},
  journal = jb # { Letters}, year = 2020}
@incollection{two, crossref = {book}, title = "A {Chapter} on bile", author = "Roe, R. and others"}
@book{book, title = {The Book of Bile}, editor = {Ed Itor}, year = {1999}}
@online{three, title = {A page}, author = {family=Doe, given=Anna, prefix=van}, date = {2018-02-03}}
@misc{four, title = {C # and D # keys}, crossref = {four}}
"""


def test_bibtex_with_strings_parents_mathematics_and_names_in_parts(tmp_path):
    (one, two, book, three, four), _ = read(tmp_path, "a.bib", BIBTEX)
    assert one.title == "H2O and β-glucans at 37 °C in Na+ M"
    assert one.authors == ("Müller J", "The Gut Consortium", "Ørsted HC")
    assert one.journal == "Journal of Bacteriology Letters"
    assert (two.title, two.year, two.journal) == ("A Chapter on bile", "1999", "The Book of Bile")
    assert two.authors == ("Roe R",)
    assert book.title == "The Book of Bile"
    assert (three.authors, three.year) == (("van Doe A",), "2018")
    assert four.title == "C # and D # keys"


JATS = """\
<article article-type="research-article" xmlns:xlink="x"><front><journal-meta><journal-title>
eLife</journal-title></journal-meta><article-meta>
<article-id pub-id-type="doi">https://doi.org/10.7554/eLife.1</article-id>
<article-id pub-id-type="pmcid">PMC71.2</article-id>
<title-group><article-title>Starch<break/>and sugars</article-title></title-group>
<contrib-group><contrib contrib-type="author"><collab>Gut Group<contrib-group><contrib><name>
<surname>Member</surname></name></contrib></contrib-group></collab></contrib></contrib-group>
<abstract><sec><title>Aim</title><p>One.</p><p>Two.</p></sec></abstract>
<related-article related-article-type="corrected-article" ext-link-type="uri"
 xlink:href="https://doi.org/10.1/orig"/></article-meta></front><body><sec><title>Results</title>
<list><list-item><p>First item.</p></list-item><list-item><p>Second item.</p></list-item></list>
<boxed-text><label>Box 1</label><caption><title>Key terms</title></caption><p>In a box.</p>
</boxed-text></sec></body><sub-article article-type="decision-letter"><front-stub/><body>
<p>REVIEW</p></body></sub-article>
<response><body><p>REVIEW</p></body></response></article>"""


def test_jats_keeps_blocks_apart_and_reviews_out(tmp_path):
    (paper,), _ = read(tmp_path, "a.xml", JATS)
    assert paper.title == "Starch and sugars"
    assert paper.abstract == "AIM: One. Two."
    assert paper.authors == ("Gut Group",)
    assert (paper.doi, paper.pmcid) == ("10.7554/eLife.1", "PMC71")
    assert paper.sections == (
        ("Results", "First item. Second item."),
        ("Box 1", "Key terms. In a box."),
    )
    assert paper.links == (("ErratumFor", "DOI:10.1/orig"),)


@pytest.mark.parametrize(
    ("database", "number", "pmid", "pmcid"),
    [
        ("Scopus", "31", "31", ""),
        ("PubMed", "PMC71", "", "PMC71"),
        ("ProQuest", "31", "", ""),  # nobody knows of what
    ],
)
def test_the_custom_field_of_ris_means_what_its_exporter_means(
    tmp_path, database, number, pmid, pmcid
):
    text = f"TY  - JOUR\nTI  - One\nC2  - {number}\nDB  - {database}\nER  - \n"
    (paper,), _ = read(tmp_path, "a.ris", text)
    assert (paper.pmid, paper.pmcid) == (pmid, pmcid)


PMIDS_IN_BIBTEX = {
    "pubmed_id = {31}": "31",
    "PubMed-ID = {31}": "31",
    "note = {PMID: 31}": "31",
    "url = {https://pubmed.ncbi.nlm.nih.gov/31/}": "31",
    r"note = {[PubMed:\href{https://www.ncbi.nlm.nih.gov/pubmed/31}{31}]}": "31",
    "note = {Comment on PMID: 31}": "",
    "note = {See https://pubmed.ncbi.nlm.nih.gov/31/}": "",
}


@pytest.mark.parametrize(("field", "pmid"), PMIDS_IN_BIBTEX.items())
def test_pmids_where_exporters_of_bibtex_put_them(tmp_path, field, pmid):
    (paper,), _ = read(tmp_path, "a.bib", f"@article{{ WOS:1,\n title = {{One}},\n {field}\n}}\n")
    assert paper.pmid == pmid
