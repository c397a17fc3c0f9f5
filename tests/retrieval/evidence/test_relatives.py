"""Shared columns: compared with a slow count over alignments written out by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evidence.relatives import LEAST_COLUMNS, Relative, shared_columns
from tests.retrieval.cigars import CIGAR, QUERY, TARGET, columns

FAMILY = "MKHDTCWAYGLKRSNEHDTCWAYGPIVQLKHDTCWA"


def whole(sequence, *functions):
    """A relative aligned from end to end without a gap."""
    return Relative(sequence, functions, 1, 1, f"{len(sequence)}M")


def changed(sequence, at, residue):
    return sequence[: at - 1] + residue + sequence[at:]


def test_a_protein_that_keeps_all_shared_residues_has_no_changes():
    members = [whole(changed(FAMILY, at, "F"), "1.1.1.1") for at in (4, 9, 14)]
    found = shared_columns(FAMILY, members)["1.1.1.1"]
    # Three columns have another residue in one of three members: 67 % is not conserved.
    assert (found.members, found.conserved, found.kept) == (3, len(FAMILY) - 3, len(FAMILY) - 3)
    assert found.changed == ()


def test_a_changed_residue_is_named_by_family_position_and_own_residue():
    query = changed(changed(FAMILY, 11, "V"), 17, "Q")  # L11 and H17 of the family
    found = shared_columns(query, [whole(FAMILY, "1.1.1.1")] * 3)["1.1.1.1"]
    assert found.conserved - found.kept == 2
    # Histidine, which catalyses, comes before leucine, which does not.
    assert found.changed == ("H17Q", "L11V")


def test_the_closest_member_is_compared_with_its_own_kind_and_with_others():
    other = "".join("G" if n % 2 else letter for n, letter in enumerate(FAMILY))
    relatives = [whole(FAMILY, "1.1.1.1"), whole(changed(FAMILY, 5, "P"), "1.1.1.1")]
    found = shared_columns(FAMILY, [*relatives, whole(other, "2.2.2.2")])
    assert found["1.1.1.1"].inside == pytest.approx((len(FAMILY) - 1) / len(FAMILY), abs=1e-3)
    same = sum(a == b for a, b in zip(FAMILY, other, strict=True)) / len(FAMILY)
    assert found["1.1.1.1"].nearest_other == pytest.approx(same, abs=1e-3)
    assert found["2.2.2.2"].inside is None


def test_a_protein_with_two_functions_counts_for_both():
    found = shared_columns(FAMILY, [whole(FAMILY, "1.1.1.1", "2.2.2.2")])
    assert set(found) == {"1.1.1.1", "2.2.2.2"}
    assert found["1.1.1.1"].nearest_other is None


def test_gaps_are_followed_column_by_column():
    relative = Relative(TARGET, ("1.1.1.1",), 1, 1, CIGAR)
    found = shared_columns(QUERY, [relative])["1.1.1.1"]
    above, agree, below = columns(QUERY, TARGET, CIGAR, 1, 1).split("\n")
    both = sum("-" not in pair for pair in zip(above, below, strict=True))
    assert (found.conserved, found.kept) == (both, agree.count("|"))
    assert found.changed == (f"{TARGET[60]}66W",)


def test_unknown_residues_are_neither_kept_nor_changed():
    found = shared_columns(changed(FAMILY, 3, "X"), [whole(FAMILY, "a name")])["a name"]
    assert found.conserved == found.kept == len(FAMILY) - 1


def test_no_relatives_show_nothing():
    assert shared_columns(FAMILY, []) == {}


residues = st.text(alphabet="ACDEFGHIKLMNPQRSTVWY", min_size=LEAST_COLUMNS, max_size=40)


@given(st.data())
def test_counts_agree_with_a_slow_count(data):
    query = data.draw(residues)
    size = len(query)
    family = data.draw(
        st.lists(st.text(alphabet="ACH", min_size=size, max_size=size), min_size=1, max_size=6)
    )
    found = shared_columns(query, [whole(one, "1.1.1.1") for one in family])["1.1.1.1"]
    conserved = kept = 0
    for at, own in enumerate(query):
        (residue, count), *_ = Counter(one[at] for one in family).most_common(1)
        if count >= 0.9 * len(family):
            conserved += 1
            kept += residue == own
    assert (found.conserved, found.kept) == (conserved, kept)
