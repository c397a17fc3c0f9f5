"""Which matches count, what is one region, and who wins it."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.families import database_of
from ingest.records import Family
from retrieval.domains import (
    SLACK,
    architecture,
    competes,
    covered,
    joined_pieces,
    members,
    resolved,
)
from retrieval.domains import FamilyHit as Hit
from retrieval.families import DomainMatch, ProfileMatch


def family(accession, length=100, **facts):
    facts.setdefault("kind", "domain")
    return Family(accession, accession, length, database=database_of(accession), **facts)


def domain(start, end, hmm_start=1, hmm_end=100, score=50.0, evalue=1e-10):
    return DomainMatch(start, end, hmm_start, hmm_end, score, evalue)


def match(accession, *domains, score=50.0, evalue=1e-10):
    return ProfileMatch("q", accession, score, evalue, domains)


def hit(accession, *regions, evalue=1e-10, **facts):
    return Hit(family(accession, **facts), regions, 50.0, evalue, 0.5, 1.0)


def found(one_family, *matches, length=300):
    return members(matches, {one_family.accession: one_family}, length)


# what counts


def test_gathering_judges_the_sequence_and_each_domain():
    pfam = family("PF00001", gathering=(40.0, 20.0))
    copies = (domain(1, 90, score=30.0), domain(110, 200, score=19.9))
    assert [h.regions for h in found(pfam, match("PF00001", *copies))] == [((1, 90),)]
    assert found(pfam, match("PF00001", *copies, score=39.9)) == []
    (kept,) = found(pfam, match("PF00001", *copies))
    assert (kept.bitscore, kept.threshold, kept.criterion) == (30.0, 20.0, "gathering threshold")


@pytest.mark.parametrize(
    ("score_type", "score", "best", "is_member"),
    [
        ("full", 200.0, 90.0, True),
        ("full", 199.9, 199.9, False),
        ("domain", 400.0, 200.0, True),
        ("domain", 400.0, 199.9, False),
    ],
)
def test_kofam_judges_the_whole_or_the_best_domain(score_type, score, best, is_member):
    ko = family("K00001", kind="equivalog", threshold=200.0, score_type=score_type)
    (only,) = found(ko, match("K00001", domain(1, 90, score=best), score=score))
    assert only.is_member is is_member
    assert only.bitscore == (score if score_type == "full" else best)
    assert only.threshold == 200.0


def test_without_a_cut_off_the_evalue_judges():
    own = family("mine", kind="family")
    assert found(own, match("mine", domain(1, 90), evalue=1.1e-5)) == []
    (kept,) = found(own, match("mine", domain(1, 90, evalue=1e-5), evalue=1e-5))
    assert (kept.threshold, kept.criterion) == (None, "")
    assert found(own, match("mine", domain(1, 90, evalue=0.01), evalue=1e-9)) == []


def test_what_misses_a_cut_off_is_shown_only_when_near_and_alone():
    ko = family("K00001", kind="equivalog", threshold=200.0)
    near = match("K00001", domain(1, 90), score=100.0)
    (shown,) = found(ko, near)
    assert not shown.is_member
    assert found(ko, match("K00001", domain(1, 90), score=99.9)) == []
    assert found(ko, match("K00001", domain(1, 90), score=100.0, evalue=0.1)) == []
    pfam = family("PF00001", gathering=(200.0, 200.0))
    assert found(pfam, match("PF00001", domain(1, 90), score=150.0)) == []
    other = family("K00002", kind="equivalog", threshold=50.0)
    both = {"K00001": ko, "K00002": other}
    (kept,) = members([near, match("K00002", domain(1, 90, evalue=1e-7))], both, 300)
    assert (kept.family.accession, kept.rivals) == ("K00002", ("K00001",))


def test_no_profile_match_without_its_family():
    assert members([match("gone", domain(1, 90))], {}, 300) == []
    assert found(family("mine"), match("mine")) == []


# regions


def test_pieces_that_go_on_in_the_model_are_one_region():
    whole = [domain(10, 50, 1, 40), domain(170, 230, 41, 100)]
    assert joined_pieces(whole, 100) == [whole]
    copies = [domain(10, 109, 1, 100), domain(120, 219, 1, 100)]
    assert joined_pieces(copies, 100) == [[copies[0]], [copies[1]]]
    (one,) = found(family("mine", kind="family"), match("mine", *whole))
    assert one.regions == ((10, 50), (170, 230))
    assert (one.query_start, one.query_end) == (10, 230)
    assert one.qcov == pytest.approx((41 + 61) / 300)
    assert (one.scov, one.is_partial) == (1.0, False)


def test_a_fifth_of_the_model_missing_is_partial():
    own = family("mine", kind="family")
    (one,) = found(own, match("mine", domain(1, 79, 1, 79)))
    assert (one.scov, one.is_partial) == (0.79, True)
    assert not found(own, match("mine", domain(1, 80, 1, 80)))[0].is_partial


def test_two_copies_of_a_family_that_each_reach_its_bar_are_two_regions():
    ko = family("K00001", kind="equivalog", threshold=100.0, score_type="full")
    copies = (domain(1, 100, score=150.0), domain(150, 250, score=120.0))
    weak = domain(260, 299, score=20.0, evalue=1e-4)
    hits = found(ko, match("K00001", *copies, weak, score=290.0))
    assert [h.regions for h in hits] == [((1, 100),), ((150, 250),)]


# who wins


def test_one_clan_one_winner_but_ends_may_touch():
    strong, weak = hit("PF00001", (1, 100), clan="CL1"), hit("PF00002", (50, 160), clan="CL1",
                                                            evalue=1e-5)  # fmt: skip
    (kept,) = resolved([weak, strong])
    assert (kept.family.accession, kept.rivals) == ("PF00001", ("PF00002",))
    assert len(resolved([strong, hit("PF00002", (91, 200), clan="CL1")])) == 2


def test_without_clans_only_the_same_region_competes():
    outer, inner = hit("PF00001", (1, 300)), hit("PF00002", (100, 180))
    assert len(resolved([outer, inner])) == 2
    assert len(resolved([outer, hit("PF00002", (20, 290), evalue=1e-5)])) == 1


def test_families_of_different_clans_never_compete():
    pair = [hit("PF00001", (1, 100), clan="CL1"), hit("PF00002", (1, 100), clan="CL2")]
    assert len(resolved(pair)) == 2


def test_a_domain_inside_the_gap_of_another_is_kept():
    outer = hit("PF00001", (1, 50), (150, 200), clan="CL1")
    assert len(resolved([outer, hit("PF00002", (52, 148), clan="CL1")])) == 2


def test_databases_speak_for_themselves():
    assert len(resolved([hit("PF00001", (1, 100)), hit("K00001", (1, 100))])) == 2


def test_one_function_beats_kin_of_the_same_database():
    named = hit("NF000001", (1, 100), kind="equivalog", evalue=1e-20)
    kin = hit("NF000002", (1, 100), kind="family", evalue=1e-80)
    assert [h.family.accession for h in resolved([kin, named])] == ["NF000001"]


def test_the_architecture_goes_along_the_protein():
    hits = [hit("PF00002", (150, 300)), hit("K00001", (1, 300)), hit("PF00001", (12, 140))]
    assert [h.family.accession for h in architecture(hits)] == ["PF00001", "PF00002"]
    own = [hit("a", (1, 100), evalue=1e-30), hit("K00001", (5, 95)), hit("b", (99, 200))]
    assert [h.family.accession for h in architecture(own)] == ["a", "b"]


# for any hits

_FACTS = {
    "PF00001": {"clan": "CL1", "kind": "domain"},
    "PF00002": {"clan": "CL1", "kind": "family"},
    "PF00003": {"clan": "CL2", "kind": "domain"},
    "PF00004": {},
    "K00001": {"kind": "equivalog"},
    "K00002": {"kind": "equivalog"},
    "K00003": {"kind": "family"},
    "mine": {"kind": "family"},
}
_REGIONS = st.tuples(st.integers(1, 300), st.integers(5, 200)).map(lambda it: (it[0], sum(it)))
HITS = st.lists(
    st.builds(
        lambda name, regions, exponent: hit(name, *regions, evalue=10.0**-exponent, **_FACTS[name]),
        st.sampled_from(sorted(_FACTS)),
        st.lists(_REGIONS, min_size=1, max_size=2).map(sorted),
        st.integers(5, 9),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(HITS, st.randoms(use_true_random=False))
def test_resolving_keeps_the_best_and_does_not_depend_on_order(hits, chance):
    kept = resolved(hits)
    shuffled = list(hits)
    chance.shuffle(shuffled)
    assert resolved(shuffled) == kept
    assert [one.rank for one in kept] == sorted(one.rank for one in kept)
    assert not any(competes(one, other) for one, other in combinations(kept, 2))
    assert resolved(kept) == kept
    for one in hits:
        better = [other for other in kept if other.rank <= one.rank]
        assert any(other.rank == one.rank or competes(other, one) for other in better)


@settings(max_examples=60, deadline=None)
@given(HITS)
def test_the_architecture_is_in_order_and_hardly_overlaps(hits):
    order = architecture(resolved(hits))
    assert [one.query_start for one in order] == sorted(one.query_start for one in order)
    if not any(one.family.database == "Pfam" for one in order):
        for first, second in combinations(order, 2):
            sizes = covered(first.regions), covered(second.regions)
            shared = sum(sizes) - covered((*first.regions, *second.regions))
            assert shared <= SLACK * max(sizes)


@given(st.lists(_REGIONS, max_size=8))
def test_covered_counts_positions_once(regions):
    positions = {at for start, end in regions for at in range(start, end + 1)}
    assert covered(regions) == len(positions)
