"""References as tagged lines: records begin with a mark, fields with a tag, other lines go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import first, paper_of
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from ingest.paper_fields import Fields
    from ingest.readers.base import Source

#: Tags of one record with their values, in order; a value keeps its line ends.
Tagged = list[tuple[str, str]]


def tagged_records(
    handle: Iterable[str], source: Source, starts: re.Pattern[str], tag: re.Pattern[str]
) -> Iterator[tuple[int, Tagged]]:
    """Yield (line, tags) of each record.

    Args:
        handle: Lines.
        source: The file.
        starts: The start of the first line of a record, which may be a tagged line itself.
        tag: A tagged line; its groups are the tag and the value.

    Raises:
        FormatError: No line starts a record.
    """
    start = 0
    tagged: Tagged = []
    for line, text in numbered_lines(handle, source):
        if starts.match(text):
            if start:
                yield start, tagged
            start, tagged = line, []
        if match := tag.match(text):
            tagged.append((match[1], (match[2] or "").strip()))
        elif tagged and text.strip():
            name, value = tagged[-1]
            tagged[-1] = (name, f"{value}\n{text.strip()}".strip())
    if not start:
        hint = "Name the format that it has with --format"
        raise FormatError("no reference was found", path_name=source.path_name, hint=hint)
    yield start, tagged


def paper_of_tags(
    fields: Fields, source: Source, reader: str, line: int
) -> Publication | BadRecord:
    """Make a publication of a record's fields, or say what it lacks."""
    try:
        return paper_of(fields, source.provenance(reader, line))
    except ValueError as error:
        own = first(fields, "own_id") or first(fields, "pmid") or first(fields, "doi")
        return BadRecord(source.path_name, line, own[:80], f"the reference has {error}")
