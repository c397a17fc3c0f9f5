import pytest

from assistant.evaluation.holding_out import BlockList, hold_out, read_block_list
from assistant.evaluation.predicting import batches
from assistant.evaluation.truth import Known
from ingest.errors import FormatError, InputError
from ingest.records import Gene

SEQUENCES = {"P1": {"s1"}, "UniRef90_P1": {"s1b"}, "R1": {"s2"}, "R2": {"s3"}, "COPY": {"s1"}}
ONE = Known("P1", "MKT", ("1.1.1.1",), split="30")
TWO = Known("P2", "MKV", ("1.1.1.1",), split="30-50")


def sequences_of(accessions):
    return {name: SEQUENCES[name] for name in accessions if name in SEQUENCES}


def itself(known):
    return Gene("x", translation=known.sequence).sequence_sha256


def block_file(folder, *lines, header="split\tquery\tref_file\taccession\tpident"):
    path = folder / "block.tsv"
    path.write_text("\n".join((header, *lines)) + "\n")
    return path


def test_the_block_list_is_by_split_and_query(tmp_path):
    path = block_file(tmp_path, "30\tP1\tf\tR1\t44", "30-50\tP1\tf\tR2\t55", "30\tP2\tf\tR2\t50")
    block = read_block_list(path, [ONE, TWO])
    assert block.of(ONE) == {"R1"}
    assert block.of(TWO) == frozenset()


def test_without_splits_it_is_for_all(tmp_path):
    path = block_file(tmp_path, "P1\tR1", "P2\tR2", header="query\taccession")
    block = read_block_list(path, [ONE, TWO])
    assert (block.of(ONE), block.of(TWO)) == ({"R1"}, {"R2"})


def test_identical_hides_the_entry_its_clusters_and_its_sequence():
    (hidden,) = hold_out([ONE], BlockList(), "identical", sequences_of).hidden
    assert hidden.sequences == {"s1", "s1b", itself(ONE)}
    assert hidden.accessions == frozenset()


def test_accession_hides_entries_only():
    (hidden,) = hold_out([ONE], BlockList(), "accession", sequences_of).hidden
    assert hidden.sequences == frozenset()
    assert {"P1", "UniRef90_P1"} <= hidden.accessions
    assert hidden.shared == {"s1", "s1b"}


def test_none_hides_what_is_blocked_and_no_more(tmp_path):
    block = BlockList({("30", "P1"): frozenset({"R1"})})
    first, second = hold_out([ONE, TWO], block, "none", sequences_of).hidden
    assert first.sequences == {"s2"}
    assert second.sequences == frozenset()


def test_blocked_accessions_that_the_base_lacks_are_named():
    block = BlockList({("30", "P1"): frozenset({"R1", "GONE"})})
    assert hold_out([ONE], block, "none", sequences_of).unknown == ("GONE",)
    with pytest.raises(InputError, match="none of the blocked accessions, GONE"):
        hold_out([ONE], BlockList({("", "P1"): frozenset({"GONE"})}), "none", sequences_of)


def test_a_block_list_of_other_proteins_is_refused(tmp_path):
    with pytest.raises(InputError, match="none of its queries"):
        read_block_list(block_file(tmp_path, "30\tX\tf\tR1\t44"), [ONE])


def test_a_block_list_without_rows_or_columns_is_refused(tmp_path):
    with pytest.raises(InputError, match="no rows"):
        read_block_list(block_file(tmp_path), [ONE])
    with pytest.raises(FormatError, match="no column for accession"):
        read_block_list(block_file(tmp_path, header="query\tpident"), [ONE])


def test_one_sequence_is_never_twice_in_a_batch():
    proteins = [Known(f"P{n}", "MKT" if n % 2 else f"MK{'A' * n}") for n in range(7)]
    found = list(batches(proteins))
    assert sorted(place for batch in found for place in batch) == list(range(7))
    for batch in found:
        assert len({proteins[place].sequence for place in batch}) == len(batch)
