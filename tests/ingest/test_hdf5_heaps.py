"""Heaps of HDF5 that the library would read for ever."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.hdf5_heaps import has_endless_heap
from tests.contracts.reader import DATA


def heap(*objects):
    """A global heap of (index, size, bytes of data)."""
    body = b"".join(
        index.to_bytes(2, "little") + bytes(6) + size.to_bytes(8, "little") + bytes(length)
        for index, size, length in objects
    )
    return b"GCOL\x01\x00\x00\x00" + (16 + len(body)).to_bytes(8, "little") + body


def test_heap_that_ends():
    assert not has_endless_heap(heap((1, 5, 8), (0, 32, 16)))
    assert not has_endless_heap(heap((1, 5, 8)))
    assert not has_endless_heap(b"")


def test_free_space_without_a_size_has_no_end():
    assert has_endless_heap(b"before" + heap((1, 5, 8), (0, 0, 16)))


def test_real_file_is_whole_and_a_damaged_one_is_refused(tmp_path):
    data = (DATA / "table.biom").read_bytes()
    assert not has_endless_heap(data)
    # The free space after the last text of a heap: index 0, then its size.
    at = data.index(b"GCOL") + 16
    while int.from_bytes(data[at : at + 2], "little"):
        at += 16 + -(-int.from_bytes(data[at + 8 : at + 16], "little") // 8) * 8
    path = tmp_path / "table.biom"
    path.write_bytes(data[: at + 8] + bytes(8) + data[at + 16 :])
    with pytest.raises(FormatError, match="has no end"):
        list(read_records(path).records)
