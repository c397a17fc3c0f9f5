"""GAF 2: GO terms of gene products.

    !gaf-version: 2.1
    UniProtKB<TAB>P12345<TAB>lacZ<TAB>enables<TAB>GO:0004565<TAB>PMID:1<TAB>IEA<TAB><TAB>F ...

Kept: object, symbol, name, GO term, evidence code, reference, who says so. Dropped: taxa, dates,
extensions. NOT rows are not significant. MGnify writes a whole sample's terms so, with the term
as object: such rows are of no gene. See geneontology.org/docs/go-annotation-file-gaf-format-2.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import bad_row, gene_id_of, placed
from ingest.errors import FormatError
from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: 15 columns in GAF 1, 17 in GAF 2; the last two may be left out.
_FEWEST, _MOST = 15, 17
_GO: Final = re.compile(r"GO:\d{7}")
_VERSION: Final = re.compile(r"!\s*gaf-version:\s*[\d.]+", re.IGNORECASE)


class GafReader:
    """GO terms of gene products."""

    name = "gaf"
    kind: Kind = "annotations"
    description = "GAF 2 (GO annotation file)"

    def sniff(self, head: str) -> bool:
        """Look for the version line."""
        return _VERSION.match(head.lstrip("\n")) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per row.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        yield from placed(_rows(handle, source), source, self.name)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, Annotation | BadRecord]]:
    seen = False
    of_sample = 0
    for line, text in enumerate(handle, 1):
        seen = seen or bool(text.strip())
        if text.startswith("!") or not text.strip():
            continue
        cells = [cell.strip() for cell in text.rstrip("\n").split("\t")]
        try:
            annotation = _annotation(cells)
        except ValueError as error:
            yield line, bad_row(source, line, cells[1] if len(cells) > 1 else cells[0], error)
            continue
        of_sample += _GO.fullmatch(annotation.gene_id) is not None
        yield line, annotation
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)
    if of_sample:
        source.warnings.append(f"rows that are of a whole sample, not of a gene: {of_sample}")


def _annotation(cells: Sequence[str]) -> Annotation:
    if not _FEWEST <= len(cells) <= _MOST:
        message = f"{len(cells)} fields where GAF has {_FEWEST} to {_MOST}"
        raise ValueError(message)
    database, identifier, symbol, relation, term, reference, code = cells[:7]
    if not _GO.fullmatch(term):
        message = f"{term[:40]!r} is no GO term"
        raise ValueError(message)
    is_symbol = symbol and symbol != term and " " not in symbol
    negated = "NOT" in relation.split("|")
    told = [code, reference, "NOT: the product was shown not to have it" if negated else ""]
    return Annotation(
        gene_id=gene_id_of(identifier),
        tool=cells[14] or database,
        database=database,
        accession=term,
        gene=symbol if is_symbol else "",
        product=cells[9],
        go_terms=() if negated else (term,),
        is_significant=not negated,
        note=", ".join(filter(None, told)),
    )
