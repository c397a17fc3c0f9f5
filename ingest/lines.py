"""Lines of text files, numbered from 1, with a word where the last one looks cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.readers.base import Source

_ENDS_OPEN: Final = "the last line has no line end: check that the file was not cut short"


def numbered_lines(handle: Iterable[str], source: Source) -> Iterator[tuple[int, str]]:
    """Yield (number, line); warn when the file ends within a line."""
    line = "\n"
    for number, line in enumerate(handle, 1):
        yield number, line
    if not line.endswith("\n") and line.strip():
        source.warnings.append(_ENDS_OPEN)
