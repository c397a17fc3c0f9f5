"""The table of renamed microbes: sound, and answering for either name."""

from __future__ import annotations

import pytest

from retrieval.renamed_taxa import other_names, renamed_taxa

#: From the List of Prokaryotic names with Standing in Nomenclature and NCBI Taxonomy.
RENAMED = [
    ("Clostridium difficile", "Clostridioides difficile"),
    ("Bacteroides vulgatus", "Phocaeicola vulgatus"),
    ("Propionibacterium acnes", "Cutibacterium acnes"),
    ("Enterobacter aerogenes", "Klebsiella aerogenes"),
    ("Eubacterium rectale", "Agathobacter rectalis"),
    ("Ruminococcus gnavus", "Mediterraneibacter gnavus"),
    ("Lactobacillus reuteri", "Limosilactobacillus reuteri"),
    ("Lactobacillus rhamnosus", "Lacticaseibacillus rhamnosus"),
    ("Prevotella copri", "Segatella copri"),
    ("Firmicutes", "Bacillota"),
    ("Bacteroidetes", "Bacteroidota"),
    ("Proteobacteria", "Pseudomonadota"),
    ("Chlamydophila pneumoniae", "Chlamydia pneumoniae"),
    ("Chlamydophila psittaci", "Chlamydia psittaci"),
    ("Fusobacterium prausnitzii", "Faecalibacterium prausnitzii"),
    ("Haemophilus vaginalis", "Gardnerella vaginalis"),
]


@pytest.mark.parametrize(("old", "new"), RENAMED)
def test_each_name_leads_to_the_other(old, new):
    assert new in other_names(old)
    assert old in other_names(new.lower())


@pytest.mark.parametrize(("old", "new"), RENAMED)
def test_the_present_name_stands_second(old, new):
    assert renamed_taxa()[old.lower()][:2] == (old, new)


def test_short_names_only_where_one_taxon_is_meant():
    assert "Clostridioides difficile" in other_names("C. difficile")
    for short, group in renamed_taxa().items():
        if short[1:3] == ". ":
            meant = [
                name
                for name in renamed_taxa()
                if name[0] == short[0] and name.split()[1:] == [short[3:]] and name[1] != "."
            ]
            assert {renamed_taxa()[name] for name in meant} == {group}


def test_at_least_120_taxa_each_name_once():
    groups = set(renamed_taxa().values())
    assert len(groups) >= 120
    names = [name for group in groups for name in group]
    assert len(names) == len({name.lower() for name in names})
    assert all(
        len(group) > 1 and name == " ".join(name.split()) for group in groups for name in group
    )


def test_an_unknown_name_has_no_other():
    assert other_names("Escherichia coli") == ()
    assert other_names("") == ()
