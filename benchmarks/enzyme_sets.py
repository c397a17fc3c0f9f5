"""Proteins with known functions, and the evidence that a knowledge base of them would give.

Reads the folder of enzyme sets (``uniprot_ec_2018.tsv.xz`` and others, see its README). The
evidence is made by the source that the product uses, so that a fit and a measurement see
what a user's gene would see.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import re
from collections import defaultdict
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

from ingest.ec_transfers import current_ecs
from ingest.records import Gene, Protein
from ingest.vocab import ec_numbers_of, split_name
from retrieval.aligners.base import Limits
from retrieval.aligners.mmseqs import Mmseqs
from retrieval.alignment import Alignment
from retrieval.evidence.base import Surroundings
from retrieval.evidence.similarity import Similarity
from retrieval.hits import MAX_EVALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.evidence.base import Evidence

#: Names of proteins that surely have no EC number of classes 1 to 6.
NOT_ENZYME: Final = re.compile(
    r"ribosomal (?:subunit )?protein|transcriptional (?:regulator|repressor|activator)|permease"
    r"|porin|chaperon|flagell|fimbria|pilin|symporter|antiporter|transport protein"
    r"|transporter|sigma factor|ribosome|histone|structural|antitoxin|gas vesicle|rhodopsin",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A protein whose function is known: ``ec_numbers`` is empty for one that is no enzyme."""

    accession: str
    sequence: str
    name: str
    ec_numbers: tuple[str, ...]
    taxon: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the sequence."""
        return hashlib.sha256(self.sequence.encode()).hexdigest()


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Read an xz-compressed TSV with a header line."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_enzymes(path: Path) -> list[Known]:
    """Read a table of enzymes with the columns accession, ec, sequence and maybe name, tax."""
    return [
        Known(
            row["accession"],
            row["sequence"],
            split_name(row.get("name") or "")[0],
            current_ecs(ec_numbers_of(row["ec"].split(";"))),
            row.get("tax") or "",
        )
        for row in read_table(path)
    ]


def read_fasta(path: Path) -> Iterator[tuple[str, str]]:
    """Read an xz-compressed FASTA file: header line without ``>``, sequence."""
    header, parts = "", []
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            if line.startswith(">"):
                if header:
                    yield header, "".join(parts)
                header, parts = line[1:].strip(), []
            else:
                parts.append(line.strip())
    if header:
        yield header, "".join(parts)


def read_non_enzymes(folder: Path) -> list[Known]:
    """Read proteins of Archaea and E. coli that are no enzymes by name and have no EC number."""
    found = []
    for header, sequence in read_fasta(folder / "prokka" / "Archaea_sprot.faa.xz"):
        accession, _, rest = header.partition(" ")
        ec, _, product, _ = rest.split("~~~")
        if not ec and _is_no_enzyme(product):
            found.append(Known(accession, sequence, product, ()))
    for header, sequence in read_fasta(folder / "genomes" / "ecoli_K12_MG1655.faa.xz"):
        accession, _, rest = header.partition(" ")
        product = rest.partition(" [")[0]
        if _is_no_enzyme(product):
            found.append(Known(accession, sequence, product, (), "Escherichia coli"))
    return found


def _is_no_enzyme(product: str) -> bool:
    return bool(NOT_ENZYME.search(product)) and "ase" not in product


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference proteins with their MMseqs2 database."""

    proteins: dict[str, list[Protein]]
    database: Path

    @classmethod
    def build(cls, known: Iterable[Known], folder: Path) -> Reference:
        """Make the database of all distinct sequences in ``folder``."""
        proteins: dict[str, list[Protein]] = defaultdict(list)
        sequences: dict[str, str] = {}
        for one in known:
            protein = Protein(
                accession=one.accession,
                sequence=one.sequence,
                name=one.name,
                ec_numbers=one.ec_numbers,
                taxon=one.taxon,
                reviewed=True,
                database="Swiss-Prot",
            )
            proteins[one.sha256].append(protein)
            sequences[one.sha256] = one.sequence
        Mmseqs().build(sorted(sequences.items()), folder)
        return cls(dict(proteins), folder)

    def search(self, queries: Sequence[Known], *, max_hits: int) -> dict[str, list[Alignment]]:
        """Align all queries, by accession; the answer is kept beside the database for next time."""
        sequences = {one.accession: one.sequence for one in queries}
        digest = hashlib.sha256(json.dumps([sorted(sequences.items()), max_hits]).encode())
        kept = self.database.with_name(f"hits-{digest.hexdigest()[:16]}.tsv")
        if not kept.is_file():
            limits = Limits(max_hits, MAX_EVALUE)
            found = Mmseqs().search(sequences, self.database, limits, threads=2)
            with kept.open("w", encoding="utf-8") as handle:
                for hit in (hit for hits in found.values() for hit in hits):
                    handle.write("\t".join(str(value) for value in astuple(hit)) + "\n")
        answers: dict[str, list[Alignment]] = {name: [] for name in sequences}
        for row in csv.reader(kept.open(encoding="utf-8"), delimiter="\t"):
            answers[row[0]].append(_alignment(row))
        return answers


def _alignment(row: Sequence[str]) -> Alignment:
    figures = [float(value) for value in row[2:7]]
    positions = [int(value) for value in row[7:12]]
    return Alignment(row[0], row[1], *figures, *positions, cigar=row[12])


@dataclass(frozen=True, slots=True)
class _View:
    """The part of a knowledge base that the similarity source asks for, for one query."""

    hits: Sequence[Alignment]
    proteins: Mapping[str, Sequence[Protein]]

    def align(self, queries: Mapping[str, str]) -> Mapping[str, Sequence[Alignment]]:
        return dict.fromkeys(queries, self.hits)

    def proteins_with(self, sequence_sha256: str) -> Sequence[Protein]:
        return self.proteins.get(sequence_sha256, ())


def evidence_for(
    query: Known, hits: Sequence[Alignment], proteins: Mapping[str, Sequence[Protein]]
) -> tuple[Gene, tuple[Evidence, ...]]:
    """Make the evidence that the product's similarity source gives for these hits."""
    gene = Gene(id=f"query-{query.accession}", translation=query.sequence)
    shown = {hit.target: proteins[hit.target] for hit in hits if hit.target in proteins}
    view = _View([hit for hit in hits if hit.target in shown], shown)
    found = Similarity().gather([gene], view, {}, Surroundings())  # type: ignore[arg-type] # two methods of the protocol are all that this source calls
    return gene, tuple(found.get(gene.id, ()))
