"""Prodigal's own outputs: features as in GenBank (-f gbk, its default), coordinates (-f sco).

    DEFINITION  seqnum=1;seqlen=3000;seqhdr="c1";version=Prodigal.v2.6.3; ...
         CDS             complement(<2..181)
                         /note="ID=1_1;partial=10;start_type=Edge; ..."
    # Sequence Data: seqnum=1;seqlen=3000;seqhdr="c1"           (sco)
    >1_2_181_-

Kept: place, partial, caller; genes are named as in the proteins of the same run (c1_1). Dropped:
scores, models. Neither holds sequences. Its GFF is read as gff3. See github.com/hyattpd/prodigal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import bad_row
from ingest.coding import UniqueIds
from ingest.errors import FormatError
from ingest.records import Gene, Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Strand

_SEQUENCE: Final = re.compile(
    r'(?:DEFINITION\s+|# Sequence Data:\s*)seqnum=\d+;seqlen=(\d+);seqhdr="([^"\s]+)'
)
_VERSION: Final = re.compile(r"version=([\w.]*Prodigal[\w.]*)", re.IGNORECASE)
_CDS: Final = re.compile(r"\s+CDS\s+(complement\()?(<?)(\d{1,12})\.\.(>?)(\d{1,12})\)?\s*$")
_SIMPLE: Final = re.compile(r">(\d+)_(\d{1,12})_(\d{1,12})_([+-])\s*$")


class ProdigalReader:
    """Places of genes as Prodigal writes them by default."""

    name = "prodigal"
    kind: Kind = "genes"
    description = "Prodigal gene calls (-f gbk, -f sco)"

    def sniff(self, head: str) -> bool:
        """Look for a sequence's line, and for genes in one of the two forms."""
        lines = head.splitlines()
        if not lines or not _SEQUENCE.match(lines[0]):
            return False
        # GFF3 of contigs without genes has such comments, too, after its own first line.
        return any(_CDS.match(line) or _SIMPLE.match(line) for line in lines[1:]) or (
            lines[0].startswith("DEFINITION")
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per call.

        Raises:
            FormatError: No line names a sequence.
        """
        calls = _Calls(source)
        for line, text in enumerate(handle, 1):
            if found := calls.take(line, text):
                yield found
        calls.finish()


class _Calls:
    """Follows the sequences through a file; their genes are numbered from one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seqid = self._tool = ""
        self._length = self._number = self._genes = 0
        self._ids = UniqueIds()

    def take(self, line: int, text: str) -> Gene | BadRecord | None:
        """Read a line, None where it holds no gene."""
        if found := _SEQUENCE.match(text):
            self._length, self._seqid, self._number = int(found.group(1)), found.group(2), 0
        if found := _VERSION.search(text):
            self._tool = found.group(1).replace(".v", " ")
        is_cds = text.lstrip().startswith("CDS ")
        if not is_cds and not text.startswith(">"):
            return None
        self._number += 1
        name = f"{self._seqid}_{self._number}"
        try:
            gene = self._gene(name, text, line)
        except ValueError as error:
            return bad_row(self._source, line, name, error)
        self._genes += 1
        return gene

    def _gene(self, name: str, text: str, line: int) -> Gene:
        if not self._seqid:
            raise ValueError("no line above names its sequence")
        start, end, strand, is_cut = _place(text)
        if not 1 <= start < end <= self._length:
            message = f"the place {start}..{end} lies outside a contig of {self._length} bases"
            raise ValueError(message)
        if not self._ids.take([name]):
            raise ValueError("the gene occurs twice")
        return Gene(
            id=name,
            translation="",
            location=Location(self._seqid, start, end, strand),
            contig_length=self._length,
            partial=is_cut,
            source=self._tool or "Prodigal",
            provenance=self._source.provenance(ProdigalReader.name, line),
        )

    def finish(self) -> None:
        """Tell that there are no sequences.

        Raises:
            FormatError: The file names no sequence.
        """
        if not self._seqid:
            what = "no line names a sequence (seqnum=1;seqlen=...)"
            hint = "Give what Prodigal wrote, with its comments"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        told = f"{self._genes} genes have no sequence in the file: give the proteins (-a)"
        self._source.warnings.append(told if self._genes else "the file has no gene")


def _place(text: str) -> tuple[int, int, Strand, bool]:
    """Start, end, strand, and whether the gene is cut.

    Raises:
        ValueError: The line has no place.
    """
    if found := _CDS.match(text):
        strand: Strand = "-" if found.group(1) else "+"
        is_cut = bool(found.group(2) or found.group(4))
        return int(found.group(3)), int(found.group(5)), strand, is_cut
    if found := _SIMPLE.match(text):
        strand = "-" if found.group(4) == "-" else "+"
        return int(found.group(2)), int(found.group(3)), strand, False
    message = f"{text.strip()[:60]!r} is no place of a gene"
    raise ValueError(message)
