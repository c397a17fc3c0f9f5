"""Cases from the International Protein Nomenclature Guidelines (August 2025)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nomenclature import check_product_name, main_name, propose_product_name

GOOD = [
    "hypothetical protein",
    "uncharacterized protein",
    "hemoglobin",
    "acyl carrier protein",
    "recombinase RecA",
    "5'-nucleotidase",
    "enolase",
    "sodium/lithium-exporting P-type ATPase",
    "Fe(3+)/Cu(2+)-chelate reductase",
    "PAS domain-containing sensor histidine kinase",
    "3-hydroxy-16-methoxy-2,3-dihydrotabersonine N-methyltransferase",
    "flavodoxin family protein",
    "putative acetylornithine deacetylase",
    "radical SAM family putative peptide maturase",
    "TIGR01212 family radical SAM protein",
    "formylmethanofuran--tetrahydromethanopterin formyltransferase",
    "50S ribosomal protein L1",
    "DUF1127 domain-containing protein",
    "bifunctional adenylyltransferase/ADP-heptose synthase cyclohydrolase",
    "tyrosine--tRNA ligase",
    "NADP-dependent isocitrate dehydrogenase",
    # What an enzyme acts on, in brackets, is no organism.
    "3-oxoacyl-[acyl carrier protein] synthase",
    "[acyl carrier protein] S-malonyltransferase",
    "[Acyl carrier protein] S-malonyltransferase",
    "acyl-[acyl carrier protein] thioesterase",
    "acetyltransferase [acyl carrier protein]",
    "[Pyruvate dehydrogenase [acetyl-transferring]]-phosphatase 1",
    "[Citrate [pro-3S]-lyase] ligase",
    "[Glutamine synthetase] adenylyltransferase",
    "[Ribosomal protein bS18]-alanine N-acetyltransferase",
    "enoyl-[acyl carrier protein] reductase [NADH]",
]
BAD = [
    ("uncharacterised protein", "british"),
    ("haemoglobin", "british"),
    ("probable acetylornithine deacetylase", "doubt_word"),
    ("predicted permease", "doubt_word"),
    ("possible kinase", "doubt_word"),
    ("likely transporter", "doubt_word"),
    ("novel lipase", "doubt_word"),
    ("conserved hypothetical protein", "empty_phrase"),
    ("unknown protein", "empty_phrase"),
    ("hypothetical protein, conserved", "empty_phrase"),
    ("protein similar to lipase", "relation_phrase"),
    ("RecA homolog", "relation_phrase"),
    ("beta-galactosidase (EC 3.2.1.23)", "ec_number"),
    ("COG0583 family regulator", "identifier"),
    ("kinase GO:0016301", "identifier"),
    ("protein MA_1614", "locus_tag"),
    ("lipoprotein [Escherichia coli]", "organism"),
    ("acyl-[acyl carrier protein] thioesterase [Escherichia coli]", "organism"),
    ("lipoprotein [[Clostridium] innocuum]", "organism"),
    ("lipoprotein [uncultured bacterium]", "organism"),
    ("23 kDa protein", "molecular_weight"),
    ("β-lactamase", "greek"),
    ("protein spätzle 5", "diacritic"),
    ("TPR repeat protein, SGT2 family", "punctuation"),
    ("lipase.", "punctuation"),
    ("ribonuclease protein", "enzyme_word"),
    ("truncated transposase", "artefact_word"),
    ("ENOLASE", "capitals"),
    ("", "empty"),
]


@pytest.mark.parametrize("name", GOOD)
def test_names_of_the_guidelines_pass(name):
    assert check_product_name(name) == ()


@pytest.mark.parametrize(("name", "rule"), BAD)
def test_names_that_break_a_rule_are_told(name, rule):
    problems = {problem.rule: problem for problem in check_product_name(name)}
    assert rule in problems
    assert problems[rule].advice


@pytest.mark.parametrize(
    ("name", "specificity", "proposed"),
    [
        ("Probable ornithine deacetylase", "putative", "putative ornithine deacetylase"),
        ("Beta-galactosidase (EC 3.2.1.23)", "exact", "beta-galactosidase"),
        ("Flavodoxin", "family", "flavodoxin family protein"),
        ("Glycine cleavage system protein H", "family",
         "glycine cleavage system protein H-like protein"),
        ("PAS domain", "domain", "PAS domain-containing protein"),
        ("flavodoxin family protein", "family", "flavodoxin family protein"),
        ("Uncharacterised protein YdfG", "exact", "hypothetical protein"),
        ("Beta-galactosidase", "unknown", "hypothetical protein"),
        ("", "exact", "hypothetical protein"),
        ("Haemolysin", "exact", "hemolysin"),
        ("Aminotransferase, class III", "exact", "class III aminotransferase"),
        ("Glycolate oxidase, subunit GlcD", "exact", "glycolate oxidase subunit GlcD"),
        ("Non-hemolytic phospholipase C", "exact", "non-hemolytic phospholipase C"),
        ("DNA gyrase subunit A", "exact", "DNA gyrase subunit A"),
        ("Holliday junction resolvase", "exact", "Holliday junction resolvase"),
        ("3-oxoacyl-[acyl-carrier-protein] reductase, chloroplastic", "exact",
         "3-oxoacyl-[acyl-carrier-protein] reductase"),
    ],
)  # fmt: skip
def test_proposed_names(name, specificity, proposed):
    assert propose_product_name(name, specificity) == proposed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Phosphoglycerate mutase (BPG-independent PGAM) (iPGM)", "Phosphoglycerate mutase"),
        ("Ketol-acid reductoisomerase (NADP(+)) (KARI)", "Ketol-acid reductoisomerase (NADP(+))"),
        ("Glutamate dehydrogenase (NAD)", "Glutamate dehydrogenase (NAD)"),
        ("Phosphoenolpyruvate carboxykinase (ATP)", "Phosphoenolpyruvate carboxykinase (ATP)"),
        ("Proline dehydrogenase (quinone)", "Proline dehydrogenase (quinone)"),
        ("Bifunctional protein HldE [Includes: Kinase", "Bifunctional protein HldE"),
    ],
)
def test_synonyms_are_taken_off_and_cofactors_stay(name, expected):
    assert main_name(name) == expected


@given(
    st.sampled_from([name for name, _ in BAD] + GOOD),
    st.sampled_from(["exact", "putative", "family", "domain", "unknown"]),
)
def test_proposing_twice_changes_nothing_and_keeps_the_doubt_rules(name, specificity):
    proposed = propose_product_name(name, specificity)
    rules = {problem.rule for problem in check_product_name(proposed)}
    assert not rules & {"doubt_word", "ec_number", "greek", "british", "empty_phrase", "empty"}
    assert propose_product_name(proposed, "exact") in {proposed, proposed.removeprefix("putative ")}
