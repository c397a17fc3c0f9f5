"""FASTA of proteins and of nucleotides; the parser that all FASTA readers share.

    >gene_1 # 1 # 210 # 1 # ID=1_1;partial=10;start_type=Edge
    EPILYVSHDEDDRMWQFLCGKAHETDEAKLVSLKSVFDLDNSVGILKDMPCGYYAERKAQ*

Kept: id, description as product (NCBI's organism in brackets is cut), coordinates and partial
flag of Prodigal headers. Dropped: the other Prodigal scores, soft masking (lower case).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ingest.errors import FormatError
from ingest.records import BadRecord, Contig, Gene, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

#: IUPAC amino acids with U, O, the ambiguity codes B, Z, X, J; "*" is the stop at the end.
AMINO_ACIDS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: IUPAC nucleotides with ambiguity codes.
NUCLEOTIDES: Final = frozenset("ACGTUNRYSWKMBDHV")
#: Share of A, C, G, T, U, N above which a sequence is taken for nucleotides; proteins of any
#: length stay far below it (A, C, G, T and N together are about a quarter of a proteome).
_NUCLEOTIDE_SHARE: Final = 0.85
#: Share of letters below which lines under ">" are no sequence (CD-HIT clusters, quality values).
_LETTER_SHARE: Final = 0.8

_PRODIGAL: Final = re.compile(r"# (\d+) # (\d+) # (-?1) # (.*)")
_NCBI_ORGANISM: Final = re.compile(r"\s+\[(?=[\[A-Z])(?:[^\[\]]|\[[^\[\]]*\])* (?:[^\[\]])+\]$")
_NCBI_QUALIFIER: Final = re.compile(r"\[(gene|protein)=([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class FastaEntry:
    """One entry: the first word of its header, the rest, and its sequence in upper case."""

    id: str
    description: str
    sequence: str
    line: int


def fasta_entries(
    handle: Iterable[str], source: Source, alphabet: frozenset[str], *, first_line: int = 1
) -> Iterator[FastaEntry | BadRecord]:
    """Split FASTA into entries with a sound id and sequence; the others become BadRecord.

    ``first_line`` is the number of the first line, for FASTA at the end of another format.

    Raises:
        FormatError: There is text before the first ``>``, or no ``>`` at all.
    """
    first_lines: dict[str, int] = {}
    for line, header, chunks in _raw_entries(handle, source, first_line):
        entry_id, _, description = header.strip().partition(" ")
        problem = _problem(line, entry_id, chunks, alphabet)
        if problem is None and entry_id in first_lines:
            problem = line, f"the id occurs twice, first on line {first_lines[entry_id]}"
        if problem is not None:
            yield BadRecord(source.path_name, problem[0], entry_id, problem[1])
            continue
        first_lines[entry_id] = line
        sequence = "".join(text for _, text in chunks).upper().rstrip("*")
        yield FastaEntry(entry_id, description.strip(), sequence, line)


def headers_of(head: str) -> list[str]:
    """List the headers at a file's start, without ``>``; empty when it is no FASTA."""
    if not head.lstrip().startswith(">"):
        return []
    return [line[1:].strip() for line in head.splitlines() if line.startswith(">")]


def molecule_of(head: str) -> Literal["protein", "nucleotide"] | None:
    """Tell proteins from nucleotides by the letters at a file's start; None for other text."""
    if not head.lstrip().startswith(">"):
        return None
    lines = head.lstrip().splitlines()
    letters = "".join(line for line in lines if not line.startswith(">")).upper()
    residues = [letter for letter in letters if letter.isalpha()]
    if len(residues) < _LETTER_SHARE * len("".join(letters.split())) or not residues:
        return None
    share = sum(letter in "ACGTUN" for letter in residues) / len(residues)
    return "nucleotide" if share >= _NUCLEOTIDE_SHARE else "protein"


def _raw_entries(
    handle: Iterable[str], source: Source, first_line: int
) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    header: str | None = None
    start = 0
    chunks: list[tuple[int, str]] = []
    for number, text in enumerate(handle, first_line):
        if text.startswith(">"):
            if header is not None:
                yield start, header, chunks
            header, start, chunks = text[1:].replace("\t", " "), number, []
        elif residues := "".join(text.split()):
            if header is None:
                what = "there is text before the first '>'"
                raise FormatError(what, path_name=source.path_name, line=number)
            chunks.append((number, residues))
    if header is None:
        hint = "A FASTA file has a '>' line before each sequence"
        raise FormatError("no entry was found", path_name=source.path_name, hint=hint)
    yield start, header, chunks


def _problem(
    line: int, entry_id: str, chunks: list[tuple[int, str]], alphabet: frozenset[str]
) -> tuple[int, str] | None:
    if not entry_id:
        return line, "the header has no id"
    residues = "".join(text for _, text in chunks).rstrip("*")
    if not residues:
        return line, "the entry has no sequence (is the file cut short?)"
    fault = sequence_fault(residues, alphabet)
    if not fault:
        return None
    for number, text in chunks:
        if sequence_fault(text, alphabet):
            return number, fault
    return line, fault


def sequence_fault(residues: str, alphabet: frozenset[str]) -> str:
    """Say what is wrong with a sequence, "" when nothing is."""
    letters = set(residues)
    if not residues.isascii():
        return f"illegal character {min(c for c in letters if not c.isascii())!r} in the sequence"
    illegal = {letter for letter in letters if letter.upper() not in alphabet}
    if "*" in illegal:
        return "a stop (*) inside the sequence"
    return f"illegal character {min(illegal)!r} in the sequence" if illegal else ""


class ProteinFastaReader:
    """Proteins of the user: each entry is a gene to annotate."""

    name = "protein_fasta"
    kind: Kind = "genes"
    description = "FASTA of proteins (gene calls of Prodigal, Pyrodigal, NCBI or any tool)"

    def sniff(self, head: str) -> bool:
        """Look for ``>`` and for letters that are not only A, C, G, T."""
        return molecule_of(head) == "protein"

    def read(self, handle: TextIO, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per entry."""
        for entry in fasta_entries(handle, source, AMINO_ACIDS):
            if isinstance(entry, BadRecord):
                yield entry
            else:
                yield self._gene(entry, source)

    def _gene(self, entry: FastaEntry, source: Source) -> Gene:
        provenance = source.provenance(self.name, entry.line)
        call = _PRODIGAL.fullmatch(entry.description)
        if call is None:
            product, gene = _named(entry.description)
            return Gene(entry.id, entry.sequence, product=product, gene=gene, provenance=provenance)
        start, end, sign, scores = call.groups()
        location = Location(
            seqid=re.sub(r"_\d+$", "", entry.id),
            start=int(start),
            end=int(end),
            strand="-" if sign == "-1" else "+",
        )
        return Gene(
            entry.id,
            entry.sequence,
            location=location,
            partial=re.search(r"partial=(?:10|01|11)\b", scores) is not None,
            source="Prodigal",
            provenance=provenance,
        )


class NucleotideFastaReader:
    """Contigs or coding sequences: genes are called or translated later."""

    name = "nucleotide_fasta"
    kind: Kind = "contigs"
    description = "FASTA of contigs or coding sequences; genes are called with Pyrodigal"

    def sniff(self, head: str) -> bool:
        """Look for ``>`` and for letters that are nearly all A, C, G, T, U or N."""
        return molecule_of(head) == "nucleotide"

    def read(self, handle: TextIO, source: Source) -> Iterator[Contig | BadRecord]:
        """Yield a Contig per entry."""
        for entry in fasta_entries(handle, source, NUCLEOTIDES):
            if isinstance(entry, BadRecord):
                yield entry
                continue
            provenance = source.provenance(self.name, entry.line)
            yield Contig(entry.id, entry.sequence, entry.description, provenance)


def _named(description: str) -> tuple[str, str]:
    """Part a description into product and gene; NCBI writes them in two ways."""
    qualifiers = dict(_NCBI_QUALIFIER.findall(description))
    if qualifiers:
        return qualifiers.get("protein", ""), qualifiers.get("gene", "")
    product = _NCBI_ORGANISM.sub("", description)
    return product.removeprefix("MULTISPECIES: "), ""
