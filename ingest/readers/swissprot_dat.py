"""Swiss-Prot and TrEMBL flat files (.dat): one entry from ``ID`` to ``//``.

    ID   BGAL_ECOLI              Reviewed;        1024 AA.
    AC   P00722; P78061;
    DE   RecName: Full=Beta-galactosidase; EC=3.2.1.23;

Kept: first accession, recommended name, gene, EC, GO, KO, FUNCTION comment, PubMed ids,
organism, sequence, reviewed. Dropped: the rest. See the UniProt Knowledgebase user manual.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.readers.fasta import AMINO_ACIDS, sequence_fault
from ingest.records import BadRecord, Protein
from ingest.vocab import ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_FIRST: Final = re.compile(r"ID   \S+\s+(?:Reviewed|Unreviewed);\s+\d+ AA\.")
_ID: Final = re.compile(r"(\S+)\s+(Reviewed|Unreviewed);\s+(\d+) AA\.")
_NAME: Final = re.compile(r"(?:RecName|SubName): Full=([^;]+);")
_EC: Final = re.compile(r"\bEC=([\d.n-]+)")
_EVIDENCE: Final = re.compile(r"\s*\{[^{}]*\}")
_EVIDENCE_AT_END: Final = re.compile(r"\.?\s*\{[^{}]*\}\.")
_GENE: Final = re.compile(r"\b(?:Name|OrderedLocusNames|ORFNames)=([^;,]+)")
_PMID: Final = re.compile(r"\bPubMed=(\d+)")
_CITED: Final = re.compile(r"\s*\((?:PubMed:\d+(?:, )?)+\)")
_CROSS_REFERENCE: Final = {"go": re.compile(r"GO; (GO:\d{7});"), "ko": re.compile(r"KO; (K\d{5});")}


class _Entry(NamedTuple):
    line: int
    lines: list[str]
    is_closed: bool


class SwissprotDatReader:
    """Reference proteins with names, terms, prose and papers, as curators wrote them."""

    name = "swissprot_dat"
    kind: Kind = "proteins"
    description = "UniProtKB flat file (.dat): Swiss-Prot or TrEMBL"

    def sniff(self, head: str) -> bool:
        """Look for an ``ID`` line with status and length."""
        return _FIRST.match(head.lstrip()) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Protein | BadRecord]:
        """Yield a Protein per entry.

        Raises:
            FormatError: The file has no ``ID`` line.
        """
        first_lines: dict[str, int] = {}
        found = False
        for entry in _entries(handle):
            found = found or any(text.startswith("ID ") for text in entry.lines)
            record = self._protein(entry, source)
            if isinstance(record, Protein):
                first = first_lines.setdefault(record.accession, entry.line)
                if first != entry.line:
                    reason = f"the accession occurs twice, first on line {first}"
                    record = BadRecord(source.path_name, entry.line, record.accession, reason)
            yield record
        if not found:
            hint = "An entry starts with an ID line and ends with //"
            raise FormatError("no entry was found", path_name=source.path_name, hint=hint)

    def _protein(self, entry: _Entry, source: Source) -> Protein | BadRecord:
        fields = _by_code(entry.lines)
        head = _ID.match(" ".join(fields.get("ID", [])))
        accession = " ".join(fields.get("AC", [])).split(";")[0].strip()
        record = accession or (head.group(1) if head else entry.lines[0][:40])
        sequence = "".join("".join(fields.get("  ", [])).split()).upper()
        fault = _fault(head, accession, sequence)
        if not entry.is_closed:
            fault = "the entry has no // at its end (is the file cut short?)"
        if head is None or fault:
            return BadRecord(source.path_name, entry.line, record, fault)
        naming = _EVIDENCE.sub("", " ".join(fields.get("DE", [])))
        name = _NAME.search(naming)
        gene = _GENE.search(_EVIDENCE.sub("", " ".join(fields.get("GN", []))))
        reviewed = head.group(2) == "Reviewed"
        return Protein(
            accession=accession,
            sequence=sequence,
            name=name.group(1).strip() if name else "",
            gene=gene.group(1).strip() if gene else "",
            ec_numbers=ec_numbers_of(_EC.findall(naming)),
            go_terms=_cross_references(fields, "go"),
            ko=_cross_references(fields, "ko"),
            taxon=" ".join(fields.get("OS", [])).split(" (")[0].rstrip("."),
            reviewed=reviewed,
            function=_function(fields.get("CC", [])),
            pmids=tuple(dict.fromkeys(_PMID.findall(" ".join(fields.get("RX", []))))),
            database="Swiss-Prot" if reviewed else "TrEMBL",
            provenance=source.provenance(self.name, entry.line),
        )


def _entries(handle: TextIO) -> Iterator[_Entry]:
    """Split at ``//``; the last entry may lack it (a file that was cut short)."""
    start, lines = 1, list[str]()
    for number, text in enumerate(handle, 1):
        if text.startswith("//"):
            if lines:
                yield _Entry(start, lines, is_closed=True)
            lines = []
        elif text.strip():
            if not lines:
                start = number
            lines.append(text.rstrip())
    if lines:
        yield _Entry(start, lines, is_closed=False)


def _by_code(lines: list[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for line in lines:
        fields.setdefault(line[:2], []).append(line[5:])
    return fields


def _fault(head: re.Match[str] | None, accession: str, sequence: str) -> str:
    if head is None:
        return "the ID line is missing or broken"
    if not accession:
        return "the entry has no AC line"
    if fault := sequence_fault(sequence, AMINO_ACIDS):
        return fault
    if len(sequence) != int(head.group(3)):
        return f"the sequence has {len(sequence)} residues, the ID line says {head.group(3)}"
    return ""


def _cross_references(fields: dict[str, list[str]], database: str) -> tuple[str, ...]:
    pattern = _CROSS_REFERENCE[database]
    found = (pattern.match(text) for text in fields.get("DR", []))
    return tuple(match.group(1) for match in found if match)


def _function(comments: list[str]) -> str:
    """Join the FUNCTION comments, without evidence tags and PubMed numbers."""
    topics = " ".join(text.strip() for text in comments).split("-!- ")
    prose = [topic.removeprefix("FUNCTION: ") for topic in topics if topic.startswith("FUNCTION: ")]
    plain = " ".join(_EVIDENCE.sub("", _EVIDENCE_AT_END.sub(".", text)).strip() for text in prose)
    return _CITED.sub("", plain).split(" -----")[0].replace(" .", ".").strip()
