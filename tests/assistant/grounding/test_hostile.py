"""A thousand lies of a fluent model: none that changes a fact is shown as supported."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter

import pytest

from assistant.grounding import ground
from assistant.grounding.words import sentence_texts
from ingest.records import Gene
from tests.assistant.grounding import hostile, paraphrases

GENE = Gene(id="g1")
LIES = 1000


def verdict_of(lie):
    return ground([lie.claim], {lie.item.id: lie.item}, GENE)[0].verdict


def typed_items():
    return [
        (sentence, hostile.passage_item(sentence, number=number))
        for number, sentence in enumerate(hostile.PASSAGES)
    ]


def real_items(shared, count=150):
    path = shared / "literature" / "pubmed" / "pubmed_abstracts.jsonl.gz"
    chance = random.Random(11)
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        rows = [json.loads(line) for line in handle]
    rows = [row for row in rows if row["set"] in {"core", "biology"} and row["abstract"]]
    items = []
    for number, row in enumerate(chance.sample(rows, 4 * count)):
        sentences = [one for one in sentence_texts(row["abstract"]) if 60 < len(one) < 260]
        if len(sentences) > 3 and len(items) < count:
            place = chance.randrange(1, len(sentences) - 1)
            before, sentence, after = sentences[place - 1 : place + 2]
            items.append((sentence, hostile.passage_item(sentence, before, after, 100 + number)))
    return items


def assert_lies_fail(items, seed):
    made = hostile.lies(items, LIES, seed)
    verdicts = {kind: Counter() for kind in hostile.CHANGES}
    shown = []
    for lie in made:
        verdict = verdict_of(lie)
        verdicts[lie.kind][verdict] += 1
        shown += [lie.text] if lie.kind in hostile.STRICT and verdict == "supported" else []
    assert len(made) == LIES
    assert not shown
    turned = verdicts["negation"] + verdicts["direction"]
    assert turned["supported"] <= 0.01 * turned.total()
    assert turned["contradicted"] >= 0.9 * turned.total()
    changed = sum((verdicts[kind] for kind in hostile.STRICT if kind != "quote"), Counter())
    assert changed["unsupported"] + changed["contradicted"] >= 0.97 * changed.total()


@pytest.mark.parametrize("seed", [1])
def test_lies_on_typed_passages_fail(seed):
    assert_lies_fail(typed_items(), seed)


def test_lies_on_real_abstracts_fail(shared):
    assert_lies_fail(real_items(shared), 3)


def restated():
    by_number = paraphrases.FIRST.items()
    yield from ((hostile.PASSAGES[number], text) for number, texts in by_number for text in texts)
    for later in (paraphrases.SECOND, paraphrases.THIRD):
        yield from ((one, text) for one, texts in later.items() for text in texts)


def test_honest_restatements_are_supported_or_partial():
    verdicts = Counter()
    for number, (passage, text) in enumerate(restated()):
        item = hostile.passage_item(passage, number=number)
        quote = " ".join(passage.split()[:7])
        verdicts[verdict_of(hostile.Lie("honest", text, quote, item))] += 1
    assert verdicts.total() > 90
    assert verdicts["supported"] + verdicts["partial"] >= 0.85 * verdicts.total()
    assert verdicts["contradicted"] <= 0.03 * verdicts.total()


def test_copies_are_supported():
    for sentence, item in typed_items():
        copy = hostile.Lie("copy", sentence, " ".join(sentence.split()[:8]), item)
        assert verdict_of(copy) == "supported", sentence


def test_the_maker_of_lies_repeats_itself():
    first, second = (hostile.lies(typed_items(), 50, 9) for _ in range(2))
    assert [lie.text for lie in first] == [lie.text for lie in second]
    assert len({lie.kind for lie in first}) == len(hostile.CHANGES)
