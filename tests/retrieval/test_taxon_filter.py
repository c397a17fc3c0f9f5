"""Papers on a taxon: by tags under all names and ranks, by words only where no tag tells."""

from __future__ import annotations

import pytest

from retrieval.search_options import Filters, SearchOptions
from tests.retrieval.bases import empty_base, jsonl, written

TEXT = "It was grown in a chemostat and its sugars were measured."
PAPERS = {
    "1": ("Clostridium difficile in hospitals", TEXT),
    "2": ("Clostridioides difficile toxins", TEXT),
    "3": ("Bacteroides vulgatus binds starch", TEXT),
    "4": ("Phocaeicola vulgatus grows", TEXT),
    "5": ("Bacteroides thetaiotaomicron", f"B. thetaiotaomicron was fed. {TEXT}"),
    "6": ("A vaccine of the Calmette bacillus", f"The bacillus was grown on a slant. {TEXT}"),
    "7": ("Bacillus subtilis spores", TEXT),
    "8": ("Lactobacillus reuteri makes reuterin", TEXT),
    "9": ("E. coli and sugar", f"Escherichia coli grew. {TEXT}"),
    "10": ("Lachnospira pectinoschiza splits pectin", TEXT),
    "11": ("Enterobacteriaceae of the infant gut", TEXT),
    "12": ("Strain NCIMB 8826 of Lactiplantibacillus plantarum", TEXT),
    "13": ("Roseburia intestinalis and butyrate", TEXT),
    "14": ("No organism at all", f"A proteus of forms. {TEXT}"),
}
PROFILE = (
    "#mpa_v30_CHOCOPhlAn_201901\nclade_name\tS1\n"
    "k__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__Roseburia"
    "|s__Roseburia_intestinalis\t60\n"
    "k__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__Lachnospira"
    "|s__Lachnospira_pectinoschiza\t40\n"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("taxa")
    papers = [
        {"pmid": pmid, "title": title, "abstract": abstract}
        for pmid, (title, abstract) in PAPERS.items()
    ]
    with empty_base(folder / "kb") as opened:
        opened.add(written(folder / "in", p__jsonl=jsonl(papers), m__tsv=PROFILE))
        yield opened


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
@pytest.mark.parametrize(
    ("taxon", "expected"),
    [
        ("Clostridioides difficile", {"1", "2"}),
        ("clostridium difficile", {"1", "2"}),
        ("C. difficile", {"1", "2"}),
        ("s__Clostridioides_difficile", {"1", "2"}),
        ("Bacteroides", {"3", "4", "5"}),  # one species under two names
        ("Phocaeicola", {"3", "4"}),
        ("Phocaeicola vulgatus", {"3", "4"}),
        ("taxon: Bacteroides thetaiotaomicron", {"5"}),
        ("Bacillus", {"7"}),  # not the bacillus of Calmette
        ("Limosilactobacillus reuteri", {"8"}),
        ("Lactobacillus", {"8"}),
        ("E. coli", {"9"}),
        ("Escherichia", {"9"}),
        ("Lachnospiraceae", {"10", "13"}),  # known from the lineages of the profile
        ("g__Lachnospira", {"10"}),
        ("Lachnospir", set()),
        ("Proteus", set()),
        ("?!", set()),
    ],
)
def test_tags_decide_which_papers_are_on_a_taxon(base, taxon, expected, mode):
    options = SearchOptions(mode=mode, filters=Filters(taxon=taxon), fold=False)
    hits = base.search("sugars grown", 20, "literature", options)
    assert {hit.reference.removeprefix("PMID:") for hit in hits} == expected


@pytest.mark.parametrize(
    ("taxon", "expected"), [("Enterobacteriaceae", {"11"}), ("strain NCIMB 8826", {"12"})]
)
def test_words_do_where_no_tag_tells_and_that_is_told(base, taxon, expected):
    options = SearchOptions(filters=Filters(taxon=taxon), fold=False)
    hits = base.search("sugars", 20, "literature", options)
    assert {hit.reference.removeprefix("PMID:") for hit in hits} == expected
    assert taxon in base.taxon_told(taxon)
    assert "no paper is tagged" in base.taxon_told(taxon)


@pytest.mark.parametrize("taxon", ["", "  ", "Bacteroides", "Lachnospiraceae"])
def test_nothing_is_told_where_tags_decide(base, taxon):
    assert base.taxon_told(taxon) == ""
