"""HMMER's numbers, against its own other way of searching and against its published formula."""

from __future__ import annotations

import math
import re

import pytest
from pyhmmer import hmmscan
from pyhmmer.easel import Alphabet, DigitalSequenceBlock, TextSequence

from retrieval.families import LONGEST_QUERY, fault_of, parsed, press, pressed, search
from tests.retrieval.hmm_profiles import DOMAINS, domain_profile
from tests.retrieval.proteins import protein, relative

PROFILES = [(f"fam{n}", domain_profile(n, f"fam{n}")) for n in range(len(DOMAINS))]
LINKER = protein(40, seed=77)
QUERIES = {
    "one": relative(DOMAINS[0], 0.3, seed=1),
    "two": relative(DOMAINS[1], 0.4, seed=2) + LINKER + relative(DOMAINS[2], 0.3, seed=3),
    "repeat": relative(DOMAINS[0], 0.3, seed=4) + LINKER + relative(DOMAINS[0], 0.3, seed=5),
    "none": protein(150, seed=99),
}


def found(queries=QUERIES, profiles=PROFILES, **how):
    return search(queries, parsed(profiles), library_size=len(profiles), **how)


def test_scores_and_evalues_are_those_of_hmmscan():
    amino = Alphabet.amino()
    block = DigitalSequenceBlock(
        amino,
        [TextSequence(name=key, sequence=text).digitize(amino) for key, text in QUERIES.items()],
    )
    size = len(PROFILES)
    expected = {}
    for hits in hmmscan(block, parsed(PROFILES), cpus=1, Z=size, domZ=size, E=size, domE=size):
        for hit in hits:
            domains = [
                (d.score, d.i_evalue, d.alignment.target_from, d.alignment.target_to)
                for d in hit.domains
            ]
            expected[hits.query.name, hit.name] = (hit.score, hit.evalue, sorted(domains))
    ours = {
        (query, match.accession): (
            match.score,
            match.evalue,
            sorted((d.score, d.evalue, d.start, d.end) for d in match.domains),
        )
        for query, matches in found().items()
        for match in matches
    }
    assert ours == expected
    assert len(ours) >= 4


def test_evalues_follow_hmmers_formula_and_count_profiles():
    # HMMER User's Guide: the tail of Forward scores is exponential, with the location and slope
    # of the line STATS LOCAL FORWARD; the E-value is that probability times the comparisons.
    for query, matches in found().items():
        for match in matches:
            text = dict(PROFILES)[match.accession]
            location, slope = map(float, re.search(r"LOCAL FORWARD\s+(\S+)\s+(\S+)", text).groups())
            chance = math.exp(-slope * (match.score - location))
            assert match.evalue == pytest.approx(len(PROFILES) * chance, rel=1e-2), query


def test_a_domain_is_found_where_it_was_put():
    (first, second) = sorted(found()["two"], key=lambda match: match.domains[0].start)
    assert (first.accession, second.accession) == ("fam1", "fam2")
    assert first.domains[0].end <= len(DOMAINS[1]) + 5
    assert second.domains[0].start >= len(DOMAINS[1]) + len(LINKER) - 5
    assert len(found()["repeat"][0].domains) == 2


def test_a_query_does_not_depend_on_its_batch_order_or_threads():
    whole = found()
    for key, text in reversed(QUERIES.items()):
        assert found({key: text}).get(key) == whole.get(key)
    assert found(dict(reversed(QUERIES.items()))) == whole
    assert found(threads=3) == whole
    assert list(found(threads=3)) == list(whole)


def test_pressed_profiles_give_the_same_numbers(tmp_path):
    assert press(iter(PROFILES), tmp_path / "p") == len(PROFILES)
    assert search(QUERIES, pressed(tmp_path / "p"), library_size=len(PROFILES)) == found()


def test_profiles_may_share_the_accession_of_their_file(tmp_path):
    same = domain_profile(0, "one", accession="b")
    pair = [("a", same), ("b", domain_profile(1, "b")), ("c", same)]
    press(pair, tmp_path / "p")
    answer = search(QUERIES, pressed(tmp_path / "p"), library_size=3)
    assert [match.accession for match in answer["one"]] == ["a", "c"]


def test_the_size_of_the_library_scales_evalues_only():
    small, large = found(), search(QUERIES, parsed(PROFILES), library_size=3000)
    for key, matches in small.items():
        for one, other in zip(matches, large[key], strict=True):
            assert other.score == one.score
            assert other.evalue == pytest.approx(1000 * one.evalue)


def test_odd_queries_are_searched_or_left_out():
    plain = QUERIES["one"]
    odd = {
        "lower": plain.lower() + "*",
        "stop": plain[:40] + "*" + plain[41:],
        "rare": plain[:-1] + "U",
        "digit": plain[:-1] + "1",
        "empty": "",
        "x": "X" * 50,
        "long": "M" * (LONGEST_QUERY + 1),
    }
    answer = found(odd)
    assert set(answer) == {"lower", "stop", "rare", "digit"}
    assert answer["lower"][0].score == found()["one"][0].score
    assert found({}) == {}


def test_profiles_that_hmmer_cannot_use_are_told():
    text = PROFILES[0][1]
    assert fault_of(text) == ""
    lines = text.splitlines(keepends=True)
    state = next(n for n, line in enumerate(lines) if line.startswith("      2 "))
    number = re.search(r"\d\.\d{5}", lines[state])[0]
    changed = lines[state].replace(number, "0.00001", 1)
    assert "sum to 1" in fault_of("".join([*lines[:state], changed, *lines[state + 1 :]]))
    assert fault_of("".join(lines[:state]) + "//\n")
    assert fault_of("")
    assert fault_of("HMMER3/f\n//\n")
