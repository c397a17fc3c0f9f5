from __future__ import annotations

import pytest

from assistant.context_support import context_support, process_words, related, theme_of
from retrieval.evidence.base import Terms
from tests.assistant import cases


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("urease subunit alpha", "Urease subunit gamma", "subunit"),
        ("succinyl-CoA ligase [ADP-forming] alpha chain",
         "succinyl-CoA ligase [ADP-forming] beta chain", "subunit"),
        ("acetolactate synthase large subunit", "acetolactate synthase small subunit", "subunit"),
        ("histidinol dehydrogenase", "histidinol-phosphate aminotransferase", "shared_word"),
        ("flagellar basal body rod protein FlgB", "flagellar hook protein FlgE", "shared_word"),
        ("urease subunit alpha", "urease subunit alpha", None),
        ("ABC transporter permease", "ABC transporter ATP-binding protein", None),
        ("30S ribosomal protein S7", "DNA polymerase III subunit beta", None),
        ("putative oxidoreductase", "aldehyde oxidoreductase family protein", None),
        ("alcohol dehydrogenase", "glucose-6-phosphate dehydrogenase", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_names(one, other, rule):
    assert related(Terms(product=one), Terms(product=other))[0] == rule
    assert related(Terms(product=other), Terms(product=one))[0] == rule


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [("pdxA", "pdxB", True), ("pdxA", "pdxA", False), ("yjhA", "yjhB", False),
     ("pdxA", "purA", False), ("PDXA", "PDXB", False), ("", "", False)],
)  # fmt: skip
def test_gene_symbols_of_one_pathway(one, other, is_one):
    found = related(Terms(product="X-ase", gene=one), Terms(product="Y-ase", gene=other))
    assert found == (("gene_symbol", "pdx") if is_one else (None, ""))


def test_words_for_kinds_of_proteins_tell_no_process():
    assert process_words("Two-component system sensor histidine kinase") == {"histidine"}
    assert process_words("ABC transporter substrate-binding protein") == frozenset()
    assert process_words("LysR family transcriptional regulator") == frozenset()


def test_only_the_run_supports_and_never_the_gene_behind():
    own = Terms(product="Ribulokinase", gene="araB")
    run = cases.neighbour("L-arabinose isomerase", "araA")
    behind = cases.neighbour("Arabinose operon regulator", "araC", place=-1, relation="divergent")
    (found,) = context_support(own, [run, behind, *cases.CLEAR])
    assert (found.rule, found.evidence_id, found.shared) == ("gene_symbol", run.id, "ara")


def test_a_theme_needs_three_neighbours_on_both_sides():
    flagellar = [
        cases.neighbour(f"flagellar protein Flg{letter}", place=place)
        for letter, place in (("A", -2), ("B", -1), ("D", 1))
    ]
    theme = theme_of(flagellar)
    assert theme is not None
    assert (theme.shared, len(theme.evidence_ids)) == ("flagellar", 3)
    assert theme_of(reversed(flagellar)) == theme
    assert theme_of(flagellar[:2]) is None
    one_sided = [cases.neighbour(f"flagellar protein {n}", place=n) for n in (1, 2, 3)]
    assert theme_of(one_sided) is None
