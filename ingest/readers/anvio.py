"""anvi'o's gene calls, exported or external.

    gene_callers_id<TAB>contig<TAB>start<TAB>stop<TAB>direction<TAB>partial<TAB>call_type<TAB>source ...
    1<TAB>c_878<TAB>1113<TAB>1677<TAB>f<TAB>0<TAB>1<TAB>prodigal<TAB>v2.6.3<TAB>MARST...

Kept: coding calls with place (anvi'o counts from 0 and leaves the stop out), protein, caller.
Dropped: calls of other types, which are counted. See anvio.org/help, external-gene-calls.
"""  # noqa: E501 - a whole line of the format

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader, bad_row
from ingest.coding import UniqueIds
from ingest.errors import FormatError
from ingest.headed_readers import HeadedReader
from ingest.readers.fasta import AMINO_ACIDS, sequence_fault
from ingest.records import Gene, Location, clean_sequence
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.annotation_tables import Columns, Row
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Strand

#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("gene_callers_id",),
    "contig": ("contig",),
    "start": ("start",),
    "stop": ("stop",),
    "direction": ("direction",),
    "partial": ("partial",),
    "type": ("call_type",),
    "source": ("source",),
    "version": ("version",),
    "protein": ("aa_sequence",),
}
_STRANDS: Final[Mapping[str, Strand]] = {"f": "+", "r": "-"}
_CODING: Final = frozenset({"", "1"})
_BASES_PER_RESIDUE: Final = 3


class AnvioReader(HeadedReader):
    """Genes as anvi'o has them."""

    name = "anvio"
    kind: Kind = "genes"
    description = "anvi'o gene calls (external or exported)"
    header = TableHeader(ALIASES, needed=("id", "contig", "start", "stop", "direction", "partial"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per coding call."""
        ids = UniqueIds()
        good = bad = other = without = 0
        for line, cells in rows:
            row = columns.row(cells)
            try:
                gene = _gene(line, row, ids, columns, source)
            except ValueError as error:
                bad += 1
                yield bad_row(source, line, cells[columns.places["id"]].strip(), error)
                continue
            good += 1
            other += gene is None
            if gene is not None:
                without += not gene.translation
                yield gene
        if bad and not good:
            raise FormatError("no row is as anvi'o has it", path_name=source.path_name)
        _warn(source, other=other, without=without)


def _warn(source: Source, *, other: int, without: int) -> None:
    if other:
        source.warnings.append(f"calls that are not coding, left out: {other}")
    if without:
        source.warnings.append(f"genes without a protein in the table: {without}")


def _gene(line: int, row: Row, ids: UniqueIds, columns: Columns, source: Source) -> Gene | None:
    refuse_width(row.cells, columns.width)
    identifier = row.cells[columns.places["id"]].strip()
    contig = row.cells[columns.places["contig"]].strip()
    start, stop = row.whole("start"), row.whole("stop")
    direction, partial = row.text("direction"), row.text("partial")
    if direction not in _STRANDS or partial not in {"0", "1"} or not contig or start >= stop:
        message = f"the place {start}..{stop}, direction {direction[:9]!r} or partial is wrong"
        raise ValueError(message)
    if row.text("type") not in _CODING:
        return None
    protein = clean_sequence(row.text("protein"))
    if fault := sequence_fault(protein, AMINO_ACIDS) if protein else "":
        raise ValueError(fault)
    most, rest = divmod(stop - start, _BASES_PER_RESIDUE)
    # With or without the stop codon; partial genes may end inside a codon.
    if protein and not (len(protein) in {most, most - 1} and (partial == "1" or not rest)):
        message = f"{len(protein)} residues do not fit {stop - start} bases"
        raise ValueError(message)
    if not identifier or not ids.take([identifier]):
        raise ValueError("the id is missing or occurs twice")
    return Gene(
        id=identifier,
        translation=protein,
        location=Location(contig, start + 1, stop, _STRANDS[direction]),
        partial=partial == "1",
        source=" ".join(filter(None, (row.text("source"), row.text("version")))),
        provenance=source.provenance(AnvioReader.name, line),
    )
