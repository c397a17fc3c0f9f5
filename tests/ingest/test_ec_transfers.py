"""Transferred EC numbers: the table is sound, and evidence gives today's number beside the old."""

from __future__ import annotations

import re

from ingest.ec_transfers import FORMER, TRANSFERS, current_ec, current_ecs
from ingest.records import Protein
from retrieval.evidence.subjects import describe, terms_of


def test_each_transfer_leads_to_one_whole_number_that_is_not_transferred_again():
    number = re.compile(r"[1-7](\.\d+){3}")
    for old, new in TRANSFERS.items():
        assert number.fullmatch(old)
        assert number.fullmatch(new)
        assert new not in TRANSFERS
    assert len(FORMER) == len(TRANSFERS)


def test_well_known_transfers():
    # ATP synthase, cytochrome-c oxidase, NADH dehydrogenase, DNA gyrase.
    old = ["3.6.3.14", "1.9.3.1", "1.6.5.3", "5.99.1.3"]
    assert current_ecs(old) == ("7.1.2.2", "7.1.1.9", "7.1.1.2", "5.6.2.2")
    assert current_ec("2.7.1.17") == "2.7.1.17"


def test_old_and_new_number_of_one_protein_are_one():
    assert current_ecs(["7.1.2.2", "3.6.3.14"]) == ("7.1.2.2",)


def test_evidence_gives_the_number_of_today_and_says_which_one_the_entry_has():
    old = Protein("P12345", "MKL", name="ATP synthase subunit beta", ec_numbers=("3.6.3.14",))
    assert terms_of(old).ec_numbers == ("7.1.2.2",)
    assert "EC 7.1.2.2 (formerly 3.6.3.14)" in describe(old, "UniProtKB:P12345")
    new = Protein("P12345", "MKL", name="ATP synthase subunit beta", ec_numbers=("7.1.2.2",))
    assert "formerly" not in describe(new, "UniProtKB:P12345")
