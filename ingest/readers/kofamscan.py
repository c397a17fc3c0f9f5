"""KofamScan's results: the table with scores (detail, detail-tsv) or KEGG's mapper lists.

    # gene name              KO     thrshld  score   E-value KO definition
    * sp|P00325|ADH1B_HUMAN  K13951  645.50  745.8  3.9e-228 alcohol dehydrogenase 1/7 [EC:1.1.1.1]
    gene_1<TAB>K00001                      (mapper; a gene without KO stands alone on its line)

Kept: every row, "*" as significant (the score reaches the KO's own threshold), threshold,
score, E-value, the definition as product with its EC numbers. Dropped: nothing; a mapper list
has significant KOs alone. Long numbers push the columns, so rows are split at white space.
See github.com/takaram/kofam_scan.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import (
    bad_row,
    evalue_of,
    gene_id_of,
    number,
    placed,
    without_ec,
)
from ingest.errors import FormatError
from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

TOOL: Final = "KofamScan"
DATABASE: Final = "KOfam"

_HEADER: Final = re.compile(r'#\s*"?gene name"?\s+"?KO"?\s+"?thrshld"?\s+"?score"?\s', re.I)
#: A row without the header above it: who keeps the marked rows only loses it.
_ROW: Final = re.compile(
    r"(?:[* ] |\*?\t)\S+\s+K\d{5}\s+(?:\d+(?:\.\d+)?|-)\s+-?\d+(?:\.\d+)?\s+\d\S*(?:\s.*)?"
)
_KO: Final = re.compile(r"K\d{5}")
_MAPPER: Final = re.compile(r"\S+(?:\tK\d{5})*\t?")


class KofamscanReader:
    """KOs of genes with scores and thresholds, or without in a mapper list."""

    name = "kofamscan"
    kind: Kind = "annotations"
    description = "KofamScan results (detail, detail-tsv, mapper, mapper-oneline)"

    def sniff(self, head: str) -> bool:
        """Look for the header, or for lines of nothing but an id and KO numbers."""
        lines = head.splitlines()
        if lines and _HEADER.match(lines[0]):
            return True
        # The last line of the head may be cut.
        whole = [line for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip()]
        if whole and all(map(_ROW.fullmatch, whole)):
            return True
        return any("\tK" in line for line in whole) and all(map(_MAPPER.fullmatch, whole))

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per KO of a gene; genes without KO are counted in a warning.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        first = next((text for text in handle if text.strip()), "")
        if not first:
            raise FormatError("the file is blank", path_name=source.path_name)
        # Blank lines before the first one are rare and shift no record's id.
        is_table = _HEADER.match(first) is not None or first[0] in "#* \t"
        rows = _table if is_table else _mapper
        lines = enumerate(chain([first], handle), 1)
        yield from placed(rows(lines, source), source, self.name)


def _table(
    lines: Iterator[tuple[int, str]], source: Source
) -> Iterator[tuple[int, Annotation | BadRecord]]:
    without = 0
    for line, text in lines:
        if text.startswith("#") or not text.strip():
            continue
        cells = _cells(text.rstrip("\n"))
        if len(cells) == 2 or not any(cells[2:]):  # --report-unannotated
            without += 1
            continue
        try:
            yield line, _annotation(cells)
        except ValueError as error:
            yield line, bad_row(source, line, cells[1], error)
    _warn(without, source)


def _cells(text: str) -> list[str]:
    """Part a row into mark, gene, KO, threshold, score, E-value and definition."""
    if text.count("\t") >= 2:
        cells = [cell.strip() for cell in text.split("\t", 6)]
        return [*cells[:6], *(cell.strip('"').replace('""', '"') for cell in cells[6:])]
    mark = text[:1].strip()
    return [mark, *text[1:].split(maxsplit=5)]


def _annotation(cells: list[str]) -> Annotation:
    if len(cells) < 6:
        message = f"{len(cells) - 1} fields where KofamScan has 6"
        raise ValueError(message)
    mark, gene_id, ko, threshold, score, evalue, *definition = cells
    if mark not in {"", "*"} or not _KO.fullmatch(ko):
        message = f"{ko[:40]!r} is no KO" if mark in {"", "*"} else f"the row begins {mark[:10]!r}"
        raise ValueError(message)
    product, ec_numbers = without_ec(" ".join(definition))
    return Annotation(
        gene_id=gene_id_of(gene_id),
        tool=TOOL,
        database=DATABASE,
        accession=ko,
        name=" ".join(definition),
        product=product,
        ec_numbers=ec_numbers,
        ko=(ko,),
        family_kind="equivalog",
        score=number(score, "the score"),
        evalue=evalue_of(number(evalue, "the E-value")),
        threshold=number(threshold, "the threshold"),
        is_significant=mark == "*",
    )


def _mapper(
    lines: Iterator[tuple[int, str]], source: Source
) -> Iterator[tuple[int, Annotation | BadRecord]]:
    without = 0
    for line, text in lines:
        if not text.strip():
            continue
        gene_id, *kos = text.rstrip("\n").rstrip("\t").split("\t")
        try:
            without += not kos
            for ko in kos:
                yield line, _bare(gene_id_of(gene_id), ko.strip())
            gene_id_of(gene_id)
        except ValueError as error:
            yield line, bad_row(source, line, gene_id, error)
    _warn(without, source)


def _bare(gene_id: str, ko: str) -> Annotation:
    if not _KO.fullmatch(ko):
        message = f"{ko[:40]!r} is no KO"
        raise ValueError(message)
    return Annotation(
        gene_id=gene_id,
        tool=TOOL,
        database=DATABASE,
        accession=ko,
        ko=(ko,),
        family_kind="equivalog",
        note="a list without scores",
    )


def _warn(without: int, source: Source) -> None:
    if without:
        source.warnings.append(f"genes without a KO: {without}")
