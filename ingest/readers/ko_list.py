r"""KOfam's ``ko_list``: the score that makes a protein a member of each KO.

    knum<TAB>threshold<TAB>score_type<TAB>...<TAB>definition
    K00001<TAB>329.57<TAB>domain<TAB>...<TAB>alcohol dehydrogenase [EC:1.1.1.1]
    K00002<TAB>-<TAB>-<TAB>...<TAB>alcohol dehydrogenase (NADP+) [EC:1.1.1.2]

Kept: KO, threshold, score type, definition with its EC numbers. Dropped: the statistics of how a
threshold was found. A threshold "-" means that KEGG has none. See the README of KofamScan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from ingest.errors import FormatError
from ingest.families import terms_of_description
from ingest.records import BadRecord, FamilyNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import ScoreType

_NEEDED: Final = ("knum", "threshold", "score_type", "definition")
_KO: Final = re.compile(r"K\d{5}")
_SCORE: Final = re.compile(r"\d{1,6}(?:\.\d+)?")
_NONE: Final = "-"


class KoListReader:
    """Thresholds and definitions of KOs, for profiles that other files bring."""

    name = "ko_list"
    kind: Kind = "families"
    description = "KOfam ko_list: score threshold and definition of each KO"

    def sniff(self, head: str) -> bool:
        """Look for the columns of its header."""
        return set(_NEEDED) <= set(head.split("\n", 1)[0].split("\t"))

    def read(self, handle: TextIO, source: Source) -> Iterator[FamilyNote | BadRecord]:
        """Yield a FamilyNote per KO.

        Raises:
            FormatError: The header lacks a column.
        """
        header = handle.readline().rstrip("\n").split("\t")
        if missing := [name for name in _NEEDED if name not in header]:
            what = f"the header has no column {' and no column '.join(missing)}"
            hint = "ko_list starts with: knum, threshold, score_type"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        first_lines: dict[str, int] = {}
        for line, text in enumerate(handle, 2):
            if not text.strip():
                continue
            cells = text.rstrip("\n").split("\t")
            row = dict(zip(header, cells, strict=False))
            fault = _fault(row, cells, header)
            first = first_lines.setdefault(cells[0], line)
            if not fault and first != line:
                fault = f"the KO occurs twice, first on line {first}"
            if fault:
                yield BadRecord(source.path_name, line, cells[0][:40], fault)
            else:
                yield _note(row, line, source)


def _fault(row: Mapping[str, str], cells: Sequence[str], header: Sequence[str]) -> str:
    if len(cells) != len(header):
        return f"{len(cells)} fields where the header has {len(header)}"
    if not _KO.fullmatch(row["knum"]):
        return f"{row['knum'][:40]!r} is no KO number"
    if row["threshold"] == _NONE:
        return ""
    if not _SCORE.fullmatch(row["threshold"]):
        return f"the threshold {row['threshold'][:40]!r} is no score"
    if row["score_type"] not in {"full", "domain"}:
        return f"the score type {row['score_type'][:40]!r} is neither full nor domain"
    return ""


def _note(row: Mapping[str, str], line: int, source: Source) -> FamilyNote:
    accession, definition = row["knum"], row["definition"].strip()
    terms = terms_of_description(accession, definition)
    has_threshold = row["threshold"] != _NONE
    return FamilyNote(
        accession=accession,
        description=definition,
        threshold=float(row["threshold"]) if has_threshold else None,
        score_type=cast("ScoreType", row["score_type"]) if has_threshold else "full",
        product=terms.product,
        ec_numbers=terms.ec_numbers,
        ko=terms.ko,
        provenance=source.provenance(KoListReader.name, line),
    )
