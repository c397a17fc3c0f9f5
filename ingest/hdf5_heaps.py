"""Damage in HDF5 files that sends the HDF5 library into an endless loop, found before it is asked.

A global heap (it holds the texts) is a list of objects, each with its size. The library steps from
one to the next; where the free space at the end says that it has no size, it never arrives. See
the HDF5 file format specification, III.E, "Global Heap".
"""

from __future__ import annotations

from typing import Final

#: Signature, version and three reserved bytes of a heap.
_HEAP: Final = b"GCOL\x01\x00\x00\x00"
#: Bytes of a heap's header and of an object's: lengths have 8 bytes in all files since HDF5 1.0.
_HEADER: Final = 16
#: Objects are padded to this many bytes.
_ALIGNED: Final = 8


def has_endless_heap(data: bytes) -> bool:
    """Tell whether a heap of the file would never be read to its end."""
    at = data.find(_HEAP)
    while at >= 0:
        end = at + int.from_bytes(data[at + 8 : at + 16], "little")
        if _is_endless(data, at + _HEADER, min(end, len(data))):
            return True
        at = data.find(_HEAP, at + 1)
    return False


def _is_endless(data: bytes, at: int, end: int) -> bool:
    while at + _HEADER <= end:
        index = int.from_bytes(data[at : at + 2], "little")
        size = int.from_bytes(data[at + 8 : at + 16], "little")
        # Free space counts its own header, an object does not.
        step = _HEADER + -(-size // _ALIGNED) * _ALIGNED if index else size
        if step == 0:
            return True
        at += step
    return False
