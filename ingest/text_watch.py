"""What is odd about the texts of a file: hidden characters, ids that mix alphabets. Told, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ingest.hidden_text import mixed_alphabets
from ingest.records import Annotation, Feature, Gene, Protein, Publication, Sample
from ingest.store_rows import storable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.store_rows import Fact

#: Fields that are compared as ids: a look-alike letter makes two of what looks like one.
_IDS: Final[dict[type, tuple[str, ...]]] = {
    Gene: ("id", "gene"),
    Protein: ("accession", "gene"),
    Publication: ("source_id", "pmid", "doi"),
    Feature: ("id",),
    Sample: ("samp_name",),
    Annotation: ("gene_id", "gene"),
}
_SHOWN: Final = 3


class TextWatch:
    """Make records fit to be kept, and count those that were changed or look odd."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._changed = 0
        self._mixed: list[str] = []

    def stored(self, record: Fact) -> Fact:
        """Return the record as it is kept."""
        kept = storable(record)
        self._changed += kept is not record
        names = _IDS.get(type(record), ())
        ids = (cast("str", getattr(kept, name, "")) for name in names)
        self._mixed += [text for text in ids if mixed_alphabets(text)]
        return kept

    def warnings(self) -> Iterator[str]:
        """Say what was taken out, and which ids to look at."""
        if self._changed:
            yield (
                f"{self._changed:,} records held characters that nobody sees, or HTML comments; "
                "they were taken out"
            )
        if self._mixed:
            shown = ", ".join(_spelled(text) for text in self._mixed[:_SHOWN])
            yield f"{len(self._mixed):,} ids mix letters of two alphabets: {shown}"


def _spelled(text: str) -> str:
    """Write letters that look like others as their numbers: ``l<U+0430>cZ``."""
    return "".join(char if char.isascii() else f"<U+{ord(char):04X}>" for char in text)
