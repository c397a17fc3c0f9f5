"""EC numbers that the name of their own entry denies."""

from __future__ import annotations

import pytest

from assistant.number_denial import is_denied_by_name


@pytest.mark.parametrize(
    ("product", "number"),
    [
        ("Amino acid ABC transporter permease (permease protein GltK)", "1.14.13.1"),
        ("ABC transporter extracellular solute binding protein", "3.1.3.26"),
        ("Putative drug resistance transporter, EmrB/QacA family", "2.3.3.1"),
        ("Vitamin B12 ABC transporter, ATPase component BtuD", "3.5.1.90"),
        ("Long-chain fatty acid outer membrane transporter", "3.1.1.35"),
        ("LysR family transcriptional regulator", "2.3.1.85"),
        ("HTH-type transcriptional activator TipA", "2.1.1.8"),
        ("Transcriptional regulatory protein", "2.6.1.7"),
        ("Response regulator receiver protein", "1.4.1.3"),
    ],
)
def test_a_name_denies_the_number_of_another_reaction(product, number):
    assert is_denied_by_name(product, [number])


@pytest.mark.parametrize(
    ("product", "number"),
    [
        ("ABC transporter ATP-binding protein", "7.6.2.1"),
        ("Lipid A export ATP-binding/permease protein MsbA", "3.6.3.39"),
        ("PTS glucose transporter subunit IIBC", "2.7.1.199"),
        ("Glutamate permease/glutaminase", "3.5.1.2"),
        ("Beta-galactosidase", "3.2.1.23"),
        ("Sensor protein", "2.7.13.3"),
        ("LexA family transcriptional repressor", "3.4.21.88"),
        ("Bifunctional transcriptional activator/DNA repair protein AdaA", "2.1.1.11"),
        ("Transcriptional regulator/sensory box histidine kinase", "2.7.13.3"),
        ("PyrR transcriptional regulator/uracil phosphoribosyltransferase", "2.4.2.9"),
        ("BglG family transcription antiterminator", "2.7.1.69"),
        ("", "1.1.1.1"),
    ],
)
def test_other_names_deny_nothing(product, number):
    assert not is_denied_by_name(product, [number])


def test_one_fitting_number_lets_all_stand():
    assert not is_denied_by_name("Sugar transporter permease", ["3.6.3.17", "1.1.1.1"])
