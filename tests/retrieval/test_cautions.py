"""What must be known of a paper stands before its title, wherever a passage is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.cli.hits import caution, print_hits
from assistant.finding import Found
from assistant.ui.components.sources import caution_of
from retrieval.evidence.literature import Finding, _statement
from retrieval.hits import TextHit

HIT = TextHit("p", "passage", "pub-1", "PMID:1", "1", "Lactase", "Lactase splits lactose.")
CASES = [
    ({"is_retracted": True, "has_concern": True}, "RETRACTED", "red"),
    ({"has_concern": True}, "EXPRESSION OF CONCERN", "red"),
    ({"is_preprint": True}, "PREPRINT", "orange"),
    ({}, "", ""),
]


@pytest.mark.parametrize(("marks", "caution", "colour"), CASES)
def test_a_hit_says_what_must_be_known(marks, caution, colour):
    hit = replace(HIT, **marks)
    assert hit.caution == caution
    assert caution_of(hit) == (f":{colour}[**{caution}**] " if caution else "")


def test_the_command_prints_it_with_the_reason(capsys):
    hit = replace(HIT, is_retracted=True, status_note="retracted 2023-07-12: Paper Mill")
    assert "\x1b[31m" in caution(hit)  # red; left out where the output is no terminal
    print_hits(Found((hit,)))
    out = capsys.readouterr().out
    assert "RETRACTED" in out.splitlines()[0]
    assert "    retracted 2023-07-12: Paper Mill\n" in out


def test_evidence_says_that_a_paper_is_in_doubt():
    finding = Finding(replace(HIT, has_concern=True, year="2001"), HIT.text, '"lactase"', True)
    assert '("Lactase", 2001, expression of concern; ' in _statement(finding)
