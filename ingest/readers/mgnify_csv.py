"""MGnify's summaries of GO terms and InterPro entries of one run, versions 1 to 4 of its pipeline.

    "GO:0030246","carbohydrate binding","molecular_function","77"
    "IPR001128","Cytochrome P450","9"

Kept: how many matches each term or entry has. Dropped: the aspect of GO terms. There is no header.
See docs.mgnify.org.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import Once, features_of, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
_ROW: Final = re.compile(r'"(?:GO:\d{7}","[^"]*","[a-z_ ]+|IPR\d{6}","[^"]*)","\d{1,12}"\s*')
_ACCESSION: Final = re.compile(r"GO:\d{7}|IPR\d{6}")
_WIDTHS: Final = {"GO": 4, "IP": 3}
#: What the pipeline appends to a run's name.
_SUFFIX: Final = re.compile(
    r"(?:_MERGED)?(?:_FAST[AQ])?(?:[_.](?:summary|GO|GO_slim|InterPro|go|go_slim|ipr|ips))*$"
)


class MgnifyCsvReader:
    """GO terms or InterPro entries of one run."""

    name = "mgnify_csv"
    kind: Kind = "abundance"
    description = "MGnify summaries of GO and InterPro of one run (CSV without a header)"

    def sniff(self, head: str) -> bool:
        """Look at the first rows."""
        lines = [line for line in head.splitlines() if line.strip()][:5]
        return bool(lines) and all(map(_ROW.fullmatch, lines))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per term or entry.

        Raises:
            FormatError: No row can be used.
        """
        source.unit = UNIT
        sample = _SUFFIX.sub("", sample_of_file(source.path_name)) or source.path_name
        once = Once("the term")

        def feature(line: int, cells: Sequence[str]) -> Feature:
            accession, name, count = cells[0], cells[1] if len(cells) > 1 else "", cells[-1]
            is_whole = len(cells) == _WIDTHS.get(accession[:2], 0)
            if not _ACCESSION.fullmatch(accession) or not is_whole or not count.isdigit():
                message = f"{len(cells)} fields, {accession[:20]!r} and {count[:20]!r}"
                raise ValueError(message)
            value = abundance(count, source, line)
            once.take(accession, line)
            return Feature(
                id=accession,
                name=name or accession,
                kind="gene_family" if accession.startswith("IPR") else "other",
                unit=UNIT,
                values=((sample, value),),
                tool="MGnify",
                provenance=source.provenance(MgnifyCsvReader.name, line),
            )

        yield from summed(features_of(_rows(handle, source), source, feature), source)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, list[str]]]:
    seen = False
    for line, text in enumerate(handle, 1):
        if text.strip():
            seen = True
            try:
                yield line, next(csv.reader([text.rstrip("\n")], strict=True), [""])
            except csv.Error:
                yield line, [text.strip()]
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)
