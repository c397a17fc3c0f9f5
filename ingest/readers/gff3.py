"""GFF3 with or without sequences after ##FASTA: Prodigal, Prokka, Bakta, NCBI, eggNOG-mapper.

    ##gff-version 3
    contig_1<TAB>Prodigal<TAB>CDS<TAB>413<TAB>736<TAB>.<TAB>+<TAB>0<TAB>ID=X_05;product=hypothetical protein
    ##FASTA

Kept: CDS features (lines of one ID joined), translated from the sequences when the file has
no /translation. Dropped: every other feature type, scores. See the Sequence Ontology's GFF3
specification 1.26.
"""  # noqa: E501 - a whole line of the format

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ingest.coding import BACTERIAL_TABLE, Terms, UniqueIds, splice, terms_of, translate
from ingest.errors import FormatError
from ingest.readers.fasta import AMINO_ACIDS, NUCLEOTIDES, fasta_entries, sequence_fault
from ingest.records import BadRecord, Gene, Location, clean_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Strand

#: Our field -> the attributes that mean it, in lower case; the first that is there wins,
#: except for lists, which are joined.
ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "locus_tag": ("locus_tag",),
    "id": ("id",),
    "protein_id": ("protein_id",),
    "product": ("product", "em_desc"),
    "gene": ("gene", "em_preferred_name"),
    "translation": ("translation",),
    "transl_table": ("transl_table",),
    "transl_except": ("transl_except",),
    "partial": ("partial",),
    "inference": ("inference",),
}
_EC_ATTRIBUTES: Final = ("ec_number", "ec", "em_ec")
_DBXREF_ATTRIBUTES: Final = ("dbxref", "db_xref", "ontology_term", "em_gos", "em_kegg_ko")
_EMPTY: Final = frozenset({"", "-", "."})

_ROW: Final = re.compile(
    r"[^\t\n]+\t[^\t\n]*\t[^\t\n]+\t\d+\t\d+\t[^\t\n]+\t[-+.?]\t[012.]\t", re.M
)
_REGION: Final = re.compile(r"##sequence-region\s+(\S+)\s+\d+\s+(\d+)")
_PRODIGAL_SEQUENCE: Final = re.compile(r'# Sequence Data:.*seqlen=(\d+);seqhdr="([^"\s]*)')
#: Bakta names itself in comments and its gene caller in the rows.
_BAKTA: Final = re.compile(r"#\s*Annotated with Bakta\b")
_BAKTA_VERSION: Final = re.compile(r"#\s*Software:\s*v(\S+)")
_PRODIGAL_ID: Final = re.compile(r"\d+_(\d+)")


@dataclass(slots=True)
class _Cds:
    """The lines of one CDS; ``parts`` are (start, end, phase)."""

    line: int
    seqid: str
    source: str
    strand: Strand
    attributes: dict[str, list[str]]
    parts: list[tuple[int, int, int]] = field(default_factory=list)

    def first(self, name: str) -> str:
        found = (self.attributes.get(key, [""])[0] for key in ATTRIBUTES[name])
        return next((value for value in found if value not in _EMPTY), "")

    def every(self, names: tuple[str, ...]) -> list[str]:
        values = (value for name in names for value in self.attributes.get(name, []))
        return [value for value in values if value not in _EMPTY]


class _Parsed:
    """What the feature lines say, before the sequences at the end are known."""

    def __init__(self) -> None:
        self.items: list[_Cds | BadRecord] = []
        self.by_id: dict[tuple[str, str], _Cds] = {}
        self.contig_lengths: dict[str, int] = {}
        self.circular: set[str] = set()
        self.contigs: dict[str, str] = {}
        self.types: dict[str, int] = {}
        self.pseudogenes = 0
        self.rows = 0
        self.has_version = False
        self.annotator = ""


class Gff3Reader:
    """Genes from a GFF3 file, with proteins when the file holds its sequences."""

    name = "gff3"
    kind: Kind = "genes"
    description = "GFF3 with or without ##FASTA (Prodigal, Prokka, Bakta, NCBI)"

    def sniff(self, head: str) -> bool:
        """Look for the version line, or for rows of nine columns with coordinates."""
        if re.match(r"\s*##gff-version\s+3", head):
            return True
        rows = [line for line in head.splitlines() if line.strip() and line[0] != "#"]
        return bool(rows) and _ROW.match(rows[0]) is not None and "=" in rows[0]

    def read(self, handle: TextIO, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per CDS, in the order of their first lines.

        Raises:
            FormatError: No line is a GFF3 feature, or nothing follows ##FASTA.
        """
        parsed = _Parsed()
        yield from _read_lines(handle, source, parsed)
        if not parsed.rows and (parsed.items or not parsed.has_version):
            hint = "A feature line has nine columns parted by tabs"
            raise FormatError("no line is a GFF3 feature", path_name=source.path_name, hint=hint)
        ids = UniqueIds()
        without_sequence = 0
        for item in parsed.items:
            record = item if isinstance(item, BadRecord) else _gene(item, parsed, ids, source)
            without_sequence += isinstance(record, Gene) and not record.translation
            yield record
        _warn(parsed, without_sequence, source)


def _warn(parsed: _Parsed, without_sequence: int, source: Source) -> None:
    if parsed.pseudogenes:
        source.warnings.append(f"pseudogenes left out: {parsed.pseudogenes}")
    if without_sequence:
        source.warnings.append(
            f"{without_sequence} genes have no sequence in the file: give the proteins (.faa) or "
            "a GFF3 with ##FASTA"
        )
    if not any(isinstance(item, _Cds) for item in parsed.items):
        found = ", ".join(sorted(parsed.types)) or "none"
        source.warnings.append(f"the file has no CDS feature (types found: {found})")


def _read_lines(handle: TextIO, source: Source, parsed: _Parsed) -> Iterator[BadRecord]:
    for line, text in enumerate(handle, 1):
        if text.startswith(("##FASTA", ">")):
            rest = chain([text], handle) if text[0] == ">" else handle
            first_line = line if text[0] == ">" else line + 1
            for entry in fasta_entries(rest, source, NUCLEOTIDES, first_line=first_line):
                if isinstance(entry, BadRecord):
                    yield entry
                else:
                    parsed.contigs[entry.id] = entry.sequence
                    parsed.contig_lengths[entry.id] = len(entry.sequence)
            return
        if text.startswith("#"):
            _read_directive(text, parsed)
        elif text.strip():
            _read_row(line, text, source, parsed)


def _read_directive(text: str, parsed: _Parsed) -> None:
    parsed.has_version = parsed.has_version or text.startswith("##gff-version")
    if match := _REGION.match(text):
        parsed.contig_lengths[match.group(1)] = int(match.group(2))
    elif match := _PRODIGAL_SEQUENCE.match(text):
        parsed.contig_lengths[match.group(2)] = int(match.group(1))
    elif _BAKTA.match(text):
        parsed.annotator = "Bakta"
    elif parsed.annotator == "Bakta" and (match := _BAKTA_VERSION.match(text)):
        parsed.annotator = f"Bakta {match.group(1)}"


def _read_row(line: int, text: str, source: Source, parsed: _Parsed) -> None:
    cells = text.rstrip("\n").split("\t")
    if len(cells) != 9:
        reason = f"{len(cells)} columns where GFF3 has 9"
        parsed.items.append(BadRecord(source.path_name, line, cells[0][:80], reason))
        return
    parsed.rows += 1
    kind = cells[2]
    parsed.types[kind] = parsed.types.get(kind, 0) + 1
    attributes = _attributes(cells[8])
    if attributes.get("is_circular", [""])[0].lower() == "true":
        parsed.circular.add(unquote(cells[0]))
    if kind != "CDS":
        return
    if "pseudo" in attributes or "pseudogene" in attributes:
        parsed.pseudogenes += 1
        return
    if fault := _row_fault(cells):
        parsed.items.append(BadRecord(source.path_name, line, cells[8][:80], fault))
        return
    _add_cds(line, cells, attributes, parsed)


def _add_cds(
    line: int, cells: list[str], attributes: dict[str, list[str]], parsed: _Parsed
) -> None:
    seqid = unquote(cells[0])
    strand: Strand = "-" if cells[6] == "-" else "+"
    key = (seqid, attributes.get("id", [f"line {line}"])[0])
    cds = parsed.by_id.get(key)
    if cds is None or cds.strand != strand:
        cds = _Cds(line, seqid, unquote(cells[1]), strand, attributes)
        parsed.by_id[key] = cds
        parsed.items.append(cds)
    phase = int(cells[7]) if cells[7] in {"0", "1", "2"} else 0
    cds.parts.append((int(cells[3]), int(cells[4]), phase))


def _row_fault(cells: list[str]) -> str:
    start, end = cells[3], cells[4]
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return f"the coordinates {start[:20]!r} and {end[:20]!r} are not two whole numbers"
    # Twelve digits are beyond any chromosome; longer ones are faults.
    if max(len(start), len(end)) > 12 or not 1 <= int(start) <= int(end):
        return f"the coordinates {start[:20]}..{end[:20]} are not 1 <= start <= end"
    if cells[6] not in {"+", "-", ".", "?"}:
        return f"the strand is {cells[6][:20]!r}"
    return ""


def _attributes(column: str) -> dict[str, list[str]]:
    attributes: dict[str, list[str]] = {}
    for pair in column.split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator:
            values = [unquote(item).strip() for item in value.split(",")]
            attributes.setdefault(unquote(name).lower(), []).extend(values)
    return attributes


def _gene(cds: _Cds, parsed: _Parsed, ids: UniqueIds, source: Source) -> Gene | BadRecord:
    start = min(part[0] for part in cds.parts)
    end = max(part[1] for part in cds.parts)
    candidates = (cds.first("locus_tag"), _own_id(cds), cds.first("protein_id"))
    gene_id = ids.take((*candidates, f"{cds.seqid}_{start}_{end}"))
    if not gene_id:
        reason = "the id occurs twice"
        return BadRecord(source.path_name, cds.line, next(filter(None, candidates), ""), reason)
    try:
        translation = _given(cds) or _translated(cds, parsed)
    except ValueError as error:
        return BadRecord(source.path_name, cds.line, gene_id, str(error))
    terms: Terms = terms_of(cds.every(_EC_ATTRIBUTES), cds.every(_DBXREF_ATTRIBUTES))
    return Gene(
        id=gene_id,
        translation=translation,
        product=", ".join(_joined(cds, "product")),
        gene=cds.first("gene"),
        location=Location(cds.seqid, start, end, cds.strand),
        contig_length=parsed.contig_lengths.get(cds.seqid, 0),
        partial=cds.first("partial").lower() not in {"", "00", "false"},
        ec_numbers=terms.ec_numbers,
        go_terms=terms.go_terms,
        ko=terms.ko,
        dbxrefs=terms.dbxrefs,
        inference="; ".join(_joined(cds, "inference")),
        source=parsed.annotator or cds.source,
        provenance=source.provenance(Gff3Reader.name, cds.line),
    )


def _joined(cds: _Cds, name: str) -> list[str]:
    """All values of the first attribute that is there: tools do not escape every comma."""
    key = next((key for key in ATTRIBUTES[name] if cds.attributes.get(key, ["-"]) != ["-"]), "")
    return [value for value in cds.attributes.get(key, []) if value]


def _own_id(cds: _Cds) -> str:
    """The ID; Prodigal's "1_2" becomes "<seqid>_2", as in the protein file of the same run."""
    call = _PRODIGAL_ID.fullmatch(cds.first("id"))
    if call and "rodigal" in cds.source:
        return f"{cds.seqid}_{call.group(1)}"
    return cds.first("id")


def _given(cds: _Cds) -> str:
    sequence = clean_sequence(cds.first("translation"))
    if fault := sequence_fault(sequence, AMINO_ACIDS):
        raise ValueError(fault)
    return sequence


def _translated(cds: _Cds, parsed: _Parsed) -> str:
    contig = parsed.contigs.get(cds.seqid)
    if contig is None:
        return ""
    parts = [(start, end) for start, end, _ in cds.parts]
    end = max(end for _, end in parts)
    if end > len(contig) and cds.seqid not in parsed.circular:
        message = f"the gene ends at {end}, past the contig's end at {len(contig)}"
        raise ValueError(message)
    ordered = sorted(cds.parts)
    phase = ordered[-1][2] if cds.strand == "-" else ordered[0][2]
    table = cds.first("transl_table") or str(BACTERIAL_TABLE)
    return translate(
        splice(contig, parts, cds.strand)[phase:],
        int(table) if table.isascii() and table.isdigit() else -1,
        starts_inside=phase > 0 or _starts_inside(cds),
        recoded=",".join(cds.attributes.get("transl_except", [])),
    )


def _starts_inside(cds: _Cds) -> bool:
    """Tell whether the 5' end is missing: Prodigal's partial=10/01, NCBI's start/end_range."""
    left, right = ("10", "11"), ("01", "11")
    if cds.strand == "-":
        return cds.first("partial") in right or "end_range" in cds.attributes
    return cds.first("partial") in left or "start_range" in cds.attributes
