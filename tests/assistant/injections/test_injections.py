"""Orders planted at the start, in the middle and at the end of a paper change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat.extract import best_sentence
from assistant.chat.question_words import telling_words
from assistant.llm.untrusted import as_data
from ingest.chunking import sentences
from tests.assistant.grounding.hostile import PASSAGES

CANARY = "ZEBRA-7431"
STRINGS = (Path(__file__).parent / "strings.txt").read_text(encoding="utf-8").splitlines()
ORDERS = [one.format(canary=CANARY) for one in STRINGS]
PAPERS = [" ".join(PASSAGES[start : start + 3]) for start in range(0, 24, 3)]
#: Share of runs in which a planted order may change what is shown.
MOST_CHANGED = 0.02


def planted(paper, order, where):
    parts = [paper[start:end] for start, end in sentences(paper)]
    place = {"start": 0, "middle": len(parts) // 2, "end": len(parts)}[where]
    return " ".join([*parts[:place], order, *parts[place:]])


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_prompts_and_quotes_stay_as_they_were(where):
    changed = seen = runs = 0
    for number, order in enumerate(ORDERS):
        paper = PAPERS[number % len(PAPERS)]
        attacked = planted(paper, order, where)
        wanted = dict.fromkeys(telling_words(paper[:80]), 1.0)
        shown, quote = as_data(attacked), best_sentence(wanted, attacked)
        runs += 1
        changed += shown != as_data(paper) or quote != best_sentence(wanted, paper)
        seen += CANARY in shown or CANARY in quote
    assert runs == 75
    assert changed <= MOST_CHANGED * runs
    assert seen == 0


@pytest.mark.parametrize("paper", PAPERS)
def test_papers_without_orders_are_shown_whole(paper):
    assert as_data(paper) == paper


FRESH = (Path(__file__).parent / "strings_fresh.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_links_markup_roles_and_false_notes_reach_neither_prompt_nor_quote(where):
    words = []
    for number, string in enumerate(FRESH):
        order = string.replace("{canary}", CANARY)
        paper = PAPERS[number % len(PAPERS)]
        shown = as_data(planted(paper, order, where))
        added = set(shown.split()) - set(as_data(paper).split())
        words += [(order, sorted(added))] if len(added) > 1 or CANARY in shown else []
    assert len(FRESH) == 150
    assert len(words) <= MOST_CHANGED * len(FRESH), words
