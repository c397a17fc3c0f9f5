"""What a reference protein says: its terms, its public identifier, its name in a sentence.

Shared by the sources that compare sequences. How many hits of one function are worth keeping
is decided here too.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from ingest.ec_transfers import FORMER, current_ecs
from ingest.vocab import ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.base import Terms
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.records import Protein
    from retrieval.evidence.base import KnowledgeView

CandidateT = TypeVar("CandidateT")

GENE = "gene:"  # prefix of references to genes of the user
MOST_UNCHARACTERISED = 2  # hits without a function that are kept, to show that there are such

# Accession pattern -> prefix of the public identifier. Patterns as published: UniProt
# (uniprot.org/help/accession_numbers), NCBI (RefSeq and GenBank accession formats).
_PREFIXES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"UniRef(?:100|90|50)_\w+"), "UniRef"),
    (re.compile(r"UPI[0-9A-F]{10}"), "UniParc"),
    (
        re.compile(r"(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?"),
        "UniProtKB",
    ),
    (re.compile(r"[ANXYWZ]P_\d{6,9}(?:\.\d+)?"), "RefSeq"),
    (re.compile(r"[A-Z]{3}(?:\d{5}|\d{7})\.\d+"), "GenBank"),
)
# Answers kept: the genes of a genome have many hits in common.
_REMEMBERED = 16_384

# Roots of the taxonomy: clusters of proteins from anywhere carry them.
_NO_TAXA = frozenset({"", "root", "cellular organisms", "unclassified", "unknown"})
_QUALIFIERS = re.compile(r"\b(?:putative|probable|possible|predicted|multispecies)\b:?", re.I)
_NOT_WORD = re.compile(r"[^a-z0-9]+")


class Entries:
    """Reference entries by sequence, and how to refer to them; asked for once per batch.

    A knowledge base lends the user's own named genes as reference entries, too. They are
    referred to as genes, so that a reader sees that no database stands behind the name.
    """

    def __init__(self, view: KnowledgeView) -> None:
        """Remember answers of ``view``."""
        self._view = view
        self._proteins: dict[str, Sequence[Protein]] = {}
        self._genes: dict[str, set[str]] = {}

    @property
    def residues(self) -> int:
        """Residues in all reference sequences (for E-values)."""
        return self._view.residues

    def of(self, sequence_sha256: str) -> Sequence[Protein]:
        """List the entries that have this sequence."""
        if sequence_sha256 not in self._proteins:
            self._proteins[sequence_sha256] = self._view.proteins_with(sequence_sha256)
        return self._proteins[sequence_sha256]

    def reference(self, protein: Protein) -> str:
        """Return a public identifier, or ``gene:ID`` for a gene of the user."""
        accession = protein.accession
        if not _public_prefix(accession):
            if accession not in self._genes:
                named = self._view.genes_named(accession)
                self._genes[accession] = {gene.sequence_sha256 for gene in named}
            if protein.sequence_sha256 in self._genes[accession]:
                return f"{GENE}{accession}"
        return reference_of(accession, protein.database)


def reference_of(accession: str, database: str) -> str:
    """Write a protein's public identifier, by the pattern of its accession.

    Accessions of no known pattern get the database's name as prefix.

    >>> reference_of("P12345", "Swiss-Prot"), reference_of("WP_011091234.1", "")
    ('UniProtKB:P12345', 'RefSeq:WP_011091234.1')
    >>> reference_of("fam_0012", "my families")
    'my_families:fam_0012'
    """
    prefix = _public_prefix(accession) or "_".join(database.replace(":", " ").split())
    return f"{prefix or 'protein'}:{accession}"


@lru_cache(_REMEMBERED)
def _public_prefix(accession: str) -> str:
    matching = (prefix for pattern, prefix in _PREFIXES if pattern.fullmatch(accession))
    return next(matching, "")


@lru_cache(_REMEMBERED)
def terms_of(protein: Protein) -> Terms:
    """Return the function that a reference protein has, or empty terms for an unknown one.

    EC numbers that were transferred since the database was made are given as they are today.
    A name that says nothing counts as a function only where an EC number or KO stands with it.
    """
    name, named_ecs = split_name(protein.name)
    ec_numbers = current_ecs(ec_numbers_of((*protein.ec_numbers, *named_ecs)))
    product = "" if is_uncharacterized(name) else name
    if not (product or ec_numbers or protein.ko):
        return Terms()
    return Terms(
        product=product,
        gene=protein.gene,
        ec_numbers=ec_numbers,
        go_terms=protein.go_terms,
        ko=protein.ko,
    )


@lru_cache(_REMEMBERED)
def function_key(terms: Terms) -> str:
    """Return one text for one function: the set of EC numbers, else the bare name, else KO.

    Empty for a protein without a known function.
    """
    if terms.ec_numbers:
        return " ".join(sorted(terms.ec_numbers))
    return name_key(terms.product) or " ".join(sorted(terms.ko))


def name_key(product: str) -> str:
    """Write a name so that case, punctuation and "putative" make no difference."""
    return _NOT_WORD.sub(" ", _QUALIFIERS.sub(" ", product).lower()).strip()


def describe(protein: Protein, reference: str) -> str:
    """Name a reference protein in a sentence: name, taxon, identifier and EC or KO."""
    terms = terms_of(protein)
    name, _ = split_name(protein.name)
    shown = f'"{name}"' if name else "an unnamed protein"
    taxon = f" of {protein.taxon}" if protein.taxon not in _NO_TAXA else ""
    if reference.startswith(GENE):
        taxon += f", as annotated in {protein.provenance.path_name or 'your own files'}"
    stated = ec_numbers_of((*protein.ec_numbers, *split_name(protein.name)[1]))
    codes = [_ec_code(ec, stated) for ec in terms.ec_numbers] or [f"KO {ko}" for ko in terms.ko]
    inside = [reference, *([listed(codes, most=3)] if codes else [])]
    return f"{shown}{taxon} ({', '.join(inside)})"


def _ec_code(ec_number: str, stated: Sequence[str]) -> str:
    """Write an EC number, with the one that the entry itself gives where that is out of date."""
    former = FORMER.get(ec_number, "")
    is_former = former in stated and ec_number not in stated
    return f"EC {ec_number} (formerly {former})" if is_former else f"EC {ec_number}"


def pick_distinct(
    candidates: Sequence[CandidateT], key: Callable[[CandidateT], str], *, most: int, each: int
) -> list[CandidateT]:
    """Keep the best of every function first, then the second of each; order is kept.

    Args:
        candidates: Best first.
        key: The function of a candidate, empty when it has none.
        most: How many to keep.
        each: How many of one function; of no function it is ``MOST_UNCHARACTERISED``.
    """
    seen: Counter[str] = Counter()
    turns = []
    for position, candidate in enumerate(candidates):
        function = key(candidate)
        turn, seen[function] = seen[function], seen[function] + 1
        if turn < (each if function else MOST_UNCHARACTERISED):
            # Unknown proteins come after all known functions when places are short.
            turns.append((not function, turn, position))
    kept = sorted(position for _, _, position in sorted(turns)[:most])
    return [candidates[position] for position in kept]
