"""GenBank flat files: records with features, from INSDC, Bakta, Prokka, antiSMASH.

    LOCUS       contig_1      1330 bp    DNA     circular BCT 01-JAN-2024
    FEATURES             Location/Qualifiers
         CDS             413..736

Kept: CDS features with their qualifiers, translated when /translation is missing. Dropped:
every other feature; pseudogenes, which are counted. See the INSDC feature table definition.
"""

from __future__ import annotations

import io
import re
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ingest.coding import BACTERIAL_TABLE, UniqueIds, terms_of, translate
from ingest.errors import FormatError
from ingest.readers.fasta import AMINO_ACIDS, sequence_fault
from ingest.records import BadRecord, Gene, Location, clean_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO, TypeAlias

    from Bio.Seq import MutableSeq, Seq
    from Bio.SeqFeature import CompoundLocation, SeqFeature, SimpleLocation
    from Bio.SeqRecord import SeqRecord

    from ingest.readers.base import Kind, Source

    _Where: TypeAlias = SimpleLocation | CompoundLocation

_LOCUS: Final = re.compile(r"LOCUS\s+(\S+)")
_EC_QUALIFIERS: Final = ("EC_number",)
_DBXREF_QUALIFIERS: Final = ("db_xref", "GO_function", "GO_process", "GO_component")
#: What Biopython raises on a broken record.
_PARSE_ERRORS: Final = (ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError)


class GenbankReader:
    """Genes from GenBank records."""

    name = "genbank"
    kind: Kind = "genes"
    description = "GenBank flat file (INSDC, Bakta, Prokka, antiSMASH)"

    def sniff(self, head: str) -> bool:
        """Look for a LOCUS line at the start."""
        return re.match(r"\s*LOCUS {2,}\S", head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per CDS; a record that Biopython cannot read is one BadRecord.

        Raises:
            FormatError: The file has no LOCUS line.
        """
        genes = Genes(source)
        found = False
        for line, text in entries(handle):
            locus = _LOCUS.search(text)
            found = found or locus is not None
            yield from genes.of(line, locus.group(1) if locus else "", text)
        if not found:
            hint = "A GenBank record starts with LOCUS and ends with //"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)
        if genes.pseudogenes:
            source.warnings.append(f"pseudogenes left out: {genes.pseudogenes}")


def entries(handle: TextIO) -> Iterator[tuple[int, str]]:
    """Yield each record's text, up to its ``//``, with the line where it starts."""
    start, lines = 1, list[str]()
    for number, text in enumerate(handle, 1):
        if not lines and not text.strip():
            continue
        if not lines:
            start = number
        lines.append(text)
        if text.startswith("//"):
            yield start, "".join(lines)
            lines = []
    if lines:
        yield start, "".join(lines)


class Genes:
    """Turns records into genes and remembers the ids of the file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ids = UniqueIds()
        self.pseudogenes = 0
        #: The record that was read last.
        self.record: SeqRecord | None = None

    def of(self, line: int, locus: str, text: str) -> Iterator[Gene | BadRecord]:
        """Yield the genes of a record; a record that cannot be read is one BadRecord."""
        path_name = self._source.path_name
        if not text.rstrip().endswith("//"):
            reason = "the record has no // at its end (is the file cut short?)"
            yield BadRecord(path_name, line, locus, reason)
            return
        try:
            record, told = _parse(text)
        except _PARSE_ERRORS as error:
            yield BadRecord(path_name, line, locus, f"no GenBank record: {error}")
            return
        self._source.warnings.extend(told)
        self.record = record
        for feature in record.features:
            if feature.type != "CDS":
                continue
            if {"pseudo", "pseudogene"} & feature.qualifiers.keys():
                self.pseudogenes += 1
                continue
            try:
                yield self._gene(line, record, feature)
            except _PARSE_ERRORS as error:
                name = feature.qualifiers.get("locus_tag", [locus])[0]
                yield BadRecord(path_name, line, name, str(error))

    def _gene(self, line: int, record: SeqRecord, feature: SeqFeature) -> Gene:
        qualifiers: dict[str, list[str]] = feature.qualifiers
        contig, where = record.seq, feature.location
        if contig is None or where is None:
            raise ValueError("the gene has no location")
        if int(where.end) > len(contig):
            message = f"the gene ends at {int(where.end)}, past the contig's end at {len(contig)}"
            raise ValueError(message)
        is_circular = record.annotations.get("topology") == "circular"
        start, end = _span(where, len(contig), is_circular=is_circular)
        location = Location(record.id or "", start, end, "-" if where.strand == -1 else "+")
        place = f"{location.seqid}_{location.start}_{location.end}"
        named = (_first(qualifiers, "locus_tag"), _first(qualifiers, "protein_id"), place)
        gene_id = self._ids.take(named)
        if not gene_id:
            raise ValueError("the gene occurs twice")
        terms = terms_of(_every(qualifiers, _EC_QUALIFIERS), _every(qualifiers, _DBXREF_QUALIFIERS))
        return Gene(
            id=gene_id,
            translation=_translation(contig, where, qualifiers),
            product=_first(qualifiers, "product"),
            gene=_first(qualifiers, "gene"),
            location=location,
            contig_length=len(contig),
            partial=_is_fuzzy(where.start) or _is_fuzzy(where.end),
            ec_numbers=terms.ec_numbers,
            go_terms=terms.go_terms,
            ko=terms.ko,
            dbxrefs=terms.dbxrefs,
            inference="; ".join(qualifiers.get("inference", [])),
            source=_first(qualifiers, "source"),
            provenance=self._source.provenance(GenbankReader.name, line),
        )


def _parse(text: str) -> tuple[SeqRecord, list[str]]:
    """Parse one record; Biopython's warnings come back as text."""
    from Bio import SeqIO

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        record = SeqIO.read(io.StringIO(text), "genbank")  # type: ignore[no-untyped-call]  # Biopython
    return record, sorted({str(item.message) for item in caught})


def _first(qualifiers: dict[str, list[str]], name: str) -> str:
    return qualifiers.get(name, [""])[0]


def _every(qualifiers: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in qualifiers.get(name, [])]


def _is_fuzzy(position: object) -> bool:
    return type(position).__name__ in {"BeforePosition", "AfterPosition"}


def _span(where: _Where, length: int, *, is_circular: bool) -> tuple[int, int]:
    """Find start and end; a CDS that crosses the origin of a circle ends past the contig's end."""
    parts = sorted((int(part.start), int(part.end)) for part in where.parts)
    start, end = parts[0][0] + 1, parts[-1][1]
    crosses = len(parts) > 1 and parts[0][0] == 0 and end == length
    if not (is_circular and crosses):
        return start, end
    # The parts before the first gap lie behind the origin.
    pairs = enumerate(pairwise(parts))
    split = next((n for n, (left, right) in pairs if right[0] > left[1]), None)
    if split is None:
        return start, end
    return parts[split + 1][0] + 1, length + parts[split][1]


def _translation(contig: Seq | MutableSeq, where: _Where, qualifiers: dict[str, list[str]]) -> str:
    from Bio.Seq import UndefinedSequenceError

    given = clean_sequence(_first(qualifiers, "translation"))
    if given:
        if fault := sequence_fault(given, AMINO_ACIDS):
            raise ValueError(fault)
        return given
    try:
        coding = str(where.extract(contig))  # type: ignore[no-untyped-call]  # Biopython
    except UndefinedSequenceError:
        return ""
    skipped = int(_first(qualifiers, "codon_start") or "1") - 1
    return translate(
        coding[skipped:],
        int(_first(qualifiers, "transl_table") or BACTERIAL_TABLE),
        starts_inside=skipped > 0 or _is_fuzzy(where.end if where.strand == -1 else where.start),
        recoded=",".join(qualifiers.get("transl_except", [])),
    )
