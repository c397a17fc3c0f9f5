"""The examples are those of the rule's own specification (starter/README.md)."""

import pytest

from assistant.name_verdict import name_verdict

PSTB = "phosphate ABC superfamily ATP binding cassette transporter, ABC protein"
CCPA = "global transcriptional regulator, catabolite control protein A"


@pytest.mark.parametrize(
    ("given", "gene", "withheld", "withheld_gene", "expected"),
    [
        ("Arginine deiminase", "", "arginine deiminase", "arcA", "recovered"),
        ("50S ribosomal protein L16", "", "50S ribosomal protein L16", "rplP", "recovered"),
        ("50S ribosomal protein L6", "", "50S ribosomal protein L16", "rplP", "wrong"),
        ("ATP synthase F1 subunit beta", "", "ATP synthase epsilon chain, AtpE", "atpE", "wrong"),
        ("phosphate ABC transporter ATP-binding protein", "", PSTB, "pstB", "recovered"),
        ("ABC transporter ATP-binding protein", "", PSTB, "pstB", "broader"),
        ("catabolite control protein A", "", CCPA, "ccpA", "broader"),
        ("LacI family transcriptional regulator", "", CCPA, "ccpA", "wrong"),
        ("proline--tRNA ligase", "proS", "prolyl-tRNA synthetase", "proS", "recovered"),
        ("seryl-tRNA synthetase", "", "prolyl-tRNA synthetase", "proS", "wrong"),
        (
            "sensor histidine kinase",
            "",
            "integral membrane sensor signal transduction histidine kinase",
            "vraS",
            "broader",
        ),
        (
            "cell division protein FtsW",
            "",
            "cell division membrane protein",
            "ftsW",
            "recovered",
        ),
        (
            "phosphopyruvate hydratase",
            "",
            "enolase (2-phosphoglycerate dehydrogenase)",
            "eno",
            "wrong",
        ),
        ("hypothetical protein", "", "enolase", "eno", "abstained"),
        ("", "", "enolase", "eno", "abstained"),
    ],
)
def test_the_rule_gives_the_verdicts_of_its_specification(
    given, gene, withheld, withheld_gene, expected
):
    assert name_verdict(given, gene, withheld, withheld_gene) == expected
