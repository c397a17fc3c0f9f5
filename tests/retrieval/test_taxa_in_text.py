"""Taxa of a text: words behind a genus that are no epithets, and epithets that look like words."""

from __future__ import annotations

import pytest

from retrieval.entity_names import no_epithets
from retrieval.renamed_taxa import renamed_taxa
from retrieval.taxa_in_text import taxa_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lactobacillus bile salt hydrolase", "Lactobacillus"),
        ("Pseudomonas isolates from soil", "Pseudomonas"),
        ("Clostridium consortia on straw", "Clostridium"),
        ("Bacteroides serum antibodies", "Bacteroides"),
        ("Campylobacter fetus in sheep", "Campylobacter fetus"),
        ("Paenibacillus larvae in bees", "Paenibacillus larvae"),
        ("Mycobacterium tuberculosis", "Mycobacterium tuberculosis"),
        ("Bacteroides fragilis", "Bacteroides fragilis"),
    ],
)
def test_a_word_behind_a_genus(text, name):
    assert [it.name for it in taxa_in(text)] == [name]


def test_no_renamed_species_is_taken_for_a_word():
    epithets = {name.split()[1] for name in renamed_taxa() if " " in name}
    assert not epithets & no_epithets()
