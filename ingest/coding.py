"""Coding sequences: ids, identifiers in qualifiers, splicing and translation.

What GFF3, GenBank and gene calls share. Biopython's codon tables are used; nothing is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.records import Strand

#: NCBI genetic code of bacteria, archaea and plastids.
BACTERIAL_TABLE: Final = 11

_COMPLEMENT: Final = str.maketrans("ACGTUNRYSWKMBDHV", "TGCAANYRSWMKVHDB")
#: Residues that a stop codon may stand for, by their name in /transl_except.
_RECODED: Final = {"Sec": "U", "Pyl": "O"}


class Terms(NamedTuple):
    """Identifiers found in a gene's qualifiers."""

    ec_numbers: tuple[str, ...]
    go_terms: tuple[str, ...]
    ko: tuple[str, ...]
    dbxrefs: tuple[str, ...]


class UniqueIds:
    """Gives each gene the best id that no earlier gene of the file has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, candidates: Iterable[str]) -> str:
        """Return the first unused candidate, "" when all are used."""
        chosen = next((name for name in candidates if name and name not in self._taken), "")
        self._taken.add(chosen)
        return chosen


def terms_of(ec_values: Iterable[str], cross_references: Iterable[str]) -> Terms:
    """Sort EC numbers, GO terms and KO numbers out of qualifiers and cross-references."""
    dbxrefs = tuple(dict.fromkeys(value for value in cross_references if value))
    ec_among = [value for value in dbxrefs if value.upper().startswith("EC:")]
    text = " ".join(dbxrefs)
    return Terms(
        ec_numbers=ec_numbers_of([*ec_values, *ec_among]),
        go_terms=tuple(dict.fromkeys(IDENTIFIER_PATTERNS["go"].findall(text))),
        ko=tuple(dict.fromkeys(IDENTIFIER_PATTERNS["ko"].findall(text))),
        dbxrefs=dbxrefs,
    )


def splice(contig: str, parts: Sequence[tuple[int, int]], strand: Strand) -> str:
    """Cut 1-based inclusive parts out of a contig, join them and turn them to the coding strand.

    A part that passes the contig's end goes on at its start (circular contigs).

    Raises:
        ValueError: A part lies outside the contig even when it is read as a circle.
    """
    pieces = []
    for start, end in sorted(parts):
        if start < 1 or start > len(contig) or end - start >= len(contig):
            message = f"{start}..{end} lies outside the contig of {len(contig)} bases"
            raise ValueError(message)
        piece = contig[start - 1 : end]
        pieces.append(piece + contig[: max(0, end - len(contig))])
    joined = "".join(pieces).upper()
    return reverse_complement(joined) if strand == "-" else joined


def reverse_complement(dna: str) -> str:
    """Reverse and complement DNA in upper case, IUPAC ambiguity codes included."""
    return dna.translate(_COMPLEMENT)[::-1]


def translate(
    dna: str, table: int = BACTERIAL_TABLE, *, starts_inside: bool = False, recoded: str = ""
) -> str:
    """Translate a coding sequence without its stop.

    A start codon of the table becomes M unless the gene ``starts_inside`` (its 5' end is
    missing). Bases after the last whole codon are left out. ``recoded`` is the text of
    /transl_except: the stops inside stand for the residue that it names.

    Raises:
        ValueError: No such table, illegal letters, or a stop inside.
    """
    from Bio.Data.CodonTable import TranslationError, unambiguous_dna_by_id
    from Bio.Seq import Seq

    if table not in unambiguous_dna_by_id:
        message = f"no genetic code has the number {table}"
        raise ValueError(message)
    whole = dna.upper().replace("U", "T")[: len(dna) // 3 * 3]
    try:
        protein = str(Seq(whole).translate(table=table))  # type: ignore[no-untyped-call]  # Biopython
    except TranslationError as error:
        raise ValueError(str(error)) from error
    if not starts_inside and whole[:3] in unambiguous_dna_by_id[table].start_codons:
        protein = "M" + protein[1:]
    protein = protein.removesuffix("*")
    for name, residue in _RECODED.items():
        if f"aa:{name}" in recoded:
            protein = protein.replace("*", residue)
    if "*" in protein:
        message = f"a stop inside the gene with genetic code {table} (pseudogene or wrong code?)"
        raise ValueError(message)
    return protein
