"""Names that say nothing, EC numbers, and identifiers in running text."""

from __future__ import annotations

import lzma

import pytest

from ingest.vocab import (
    ECO_AUTOMATIC,
    ECO_MANUAL,
    IDENTIFIER_PATTERNS,
    ec_level,
    ec_numbers_of,
    is_ec_number,
    is_uncharacterized,
    normalise_ec,
    split_name,
)


@pytest.mark.parametrize(
    "product",
    [
        *("", "hypothetical protein", "Putative protein", "predicted protein", "protein"),
        *("conserved hypothetical protein", "uncharacterised conserved protein", "unknown"),
        *("Uncharacterized protein YqeN", "putative protein YqeN", "UPF0213 protein YhbQ"),
        *("DUF1127 domain-containing protein", "DUF1127", "Protein of unknown function (DUF3298)"),
        *("Domain of unknown function (DUF1735)", "conserved domain protein", "lipoprotein"),
        *(
            "membrane protein",
            "putative inner membrane protein",
            "MULTISPECIES: hypothetical protein",
        ),
        *("b0001", "BT_4567", "unnamed protein product", "exported protein", "phage protein"),
        *("DUF2755 domain-containing inner membrane protein YaiY", "hypothetical protein BT_4567"),
    ],
)
def test_names_that_say_nothing(product):
    assert is_uncharacterized(product)


@pytest.mark.parametrize(
    "product",
    [
        *("Beta-galactosidase", "30S ribosomal protein S20", "RNA-binding protein", "Protein RecA"),
        *("uncharacterized oxidoreductase YgfF", "putative ABC transporter permease", "Hsp70"),
        *("outer membrane protein A", "membrane protein insertase YidC", "cytochrome_c552"),
        *("lipoprotein signal peptidase", "NADH oxidoreductase of unknown specificity"),
        *("DUF386 domain-containing evolved beta-D-galactosidase subunit beta", "protein kinase"),
    ],
)
def test_names_that_say_something(product):
    assert not is_uncharacterized(product)


def test_e_coli_names_that_say_nothing(shared):
    """The data's README counts 337 hypothetical, uncharacterized or DUF names."""
    with lzma.open(shared / "enzymes/genomes/ecoli_K12_MG1655.faa.xz", "rt") as handle:
        headers = [line for line in handle if line.startswith(">")]
    products = [line.split(maxsplit=1)[1].split(" [")[0] for line in headers]
    told = [p for p in products if any(w in p for w in ("hypothetical", "uncharacterized protein"))]
    assert told
    assert all(is_uncharacterized(product) for product in told)


@pytest.mark.parametrize(
    ("text", "normal", "level"),
    [
        ("3.2.1.23", "3.2.1.23", 4),
        ("EC:3.2.1.23", "3.2.1.23", 4),
        ("EC 3.2.1", "3.2.1.-", 3),
        ("3.2.-.-", "3.2.-.-", 2),
        ("7", "7.-.-.-", 1),
        ("1.1.1.n12", "1.1.1.n12", 4),
        ("3.-.1.1", "", 0),
        ("8.1.1.1", "", 0),
        ("1.2.3.4.5", "", 0),
        ("lactase", "", 0),
        ("", "", 0),
    ],
)
def test_ec_numbers(text, normal, level):
    assert normalise_ec(text) == normal
    assert ec_level(text) == level
    assert is_ec_number(text) == bool(normal)


def test_ec_numbers_are_named_once_in_order():
    assert ec_numbers_of(["3.2.1", "x", "1.1.1.1", "EC:3.2.1.-"]) == ("3.2.1.-", "1.1.1.1")


def test_names_are_parted_from_their_ec_numbers():
    assert split_name("NADH dehydrogenase (ubiquinone)") == ("NADH dehydrogenase (ubiquinone)", ())
    assert split_name("A (EC 1.1.1.1) (EC 2.2.2.-) (B)") == ("A", ("1.1.1.1", "2.2.2.-"))


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("ec", "EC 3.2.1.23, 3.2.1.- (1.1.1.n12)", ["3.2.1.23", "3.2.1.-", "1.1.1.n12"]),
        ("ec", "10.1.2.3 and 1.2.3.4.5", []),
        ("go", "GO:0004565, GO:12", ["GO:0004565"]),
        ("ko", "K01190 K0119 XK01190", ["K01190"]),
        ("pfam", "PF00001.21 and PF1", ["PF00001"]),
        ("interpro", "IPR000001", ["IPR000001"]),
        ("cog", "COG3250", ["COG3250"]),
        ("uniprot", "P00722, A0A009HIV9, Q9X7Y2, NP_414542", ["P00722", "A0A009HIV9", "Q9X7Y2"]),
        ("pmid", "PMID: 123, pmid456", ["123", "456"]),
        ("doi", "10.1000/x.1, or (10.1093/nar/gkae235).", ["10.1000/x.1", "10.1093/nar/gkae235"]),
        ("doi", "10.1016/0005-2795(76)90109-4.", ["10.1016/0005-2795(76)90109-4"]),
    ],
)
def test_identifiers_in_text(kind, text, found):
    assert IDENTIFIER_PATTERNS[kind].findall(text) == found


def test_machine_and_manual_codes_never_meet():
    assert not set(ECO_AUTOMATIC.values()) & ECO_MANUAL
