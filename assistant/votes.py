"""Votes: what each item of evidence says for a function, before anything is weighed.

Alignments, embedding neighbours, families and earlier annotations vote; literature, abundance
and genomic context do not, since naming a function near a gene is no evidence that it has it.
Proteins without a known function do not vote either. A family whose members all have one
function ("family") speaks for the whole protein where its curated cut-off is reached; any other
family speaks for a part ("domain"): it may name that part, and opposes nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from assistant.nomenclature import main_name
from assistant.number_denial import is_denied_by_name
from ingest.ec_transfers import current_ecs
from ingest.records import clean_sequence
from ingest.vocab import ec_level, ec_numbers_of, is_uncharacterized, normalise_ec
from retrieval.alignment import SIGNIFICANT_EVALUE
from retrieval.evidence.base import Terms
from retrieval.evidence.tool_sources import method_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.records import Gene
    from retrieval.evidence.base import Evidence, SharedColumns

Ballot: TypeAlias = Literal["alignment", "neighbour", "family", "domain", "prior"]
Stance: TypeAlias = Literal["for", "silent", "against"]

#: Bits per residue of a protein aligned to itself (BLOSUM62 gives about 2).
SELF_BITS: Final = 2.0
#: Ballots that come from comparing sequences pair by pair: their figures are fitted.
COMPARED: Final[frozenset[Ballot]] = frozenset({"alignment", "neighbour"})
#: Share of a profile that must be matched before it speaks for a whole protein.
WHOLE_PROFILE: Final = 0.5
#: An earlier annotation or a family weighs as much as an alignment of this many bits per
#: residue, which is about 40 % identity over the whole length. Stated, not measured.
PRIOR_BITS: Final = 0.6
#: What an entry that nobody reviewed weighs, against 1 for a reviewed one. Stated, not measured.
UNREVIEWED: Final = 0.9

_CLUSTER: Final = re.compile(r"^UniRef\d+_")
_NOT_WORD: Final = re.compile(r"[^a-z0-9']+")
_GREEK: Final = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa"}
)
#: Words that say nothing of what a protein does.
_EMPTY_WORDS: Final = frozenset(
    [
        "putative",
        "probable",
        "possible",
        "predicted",
        "potential",
        "likely",
        "protein",
        "proteins",
        "family",
        "superfamily",
        "domain",
        "containing",
        "like",
        "related",
        "homolog",
        "homologue",
        "type",
        "putatively",
        "hypothetical",
        "conserved",
        "uncharacterized",
        "uncharacterised",
        "enzyme",
        "fragment",
        "partial",
        "isoform",
        "the",
        "of",
        "and",
        "precursor",
        "multispecies",
    ]
)


@dataclass(frozen=True, slots=True)
class Vote:
    """What one item of evidence says, with the figures that it is weighed by.

    ``identity`` and ``coverage`` (the lower of both proteins) are fractions; ``weight`` is in
    bits, lowered by missing coverage and missing review. ``source`` is what makes a vote
    independent of another: its organism, or its reference where no species is known.
    """

    evidence_id: str
    ballot: Ballot
    source: str
    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    identity: float = 0.0
    coverage: float = 0.0
    bits: float = 0.0
    weight: float = 0.0
    evalue: float = 0.0
    eco: str = ""
    shared_columns: tuple[SharedColumns, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The informative words of the name."""
        return informative_words(self.product)

    @property
    def name_key(self) -> str:
        """One text for one function by name; KO where there is no name."""
        return " ".join(self.words) or " ".join(sorted(self.ko))


def informative_words(product: str) -> tuple[str, ...]:
    """List the words of a product name that say what it does, sorted and each once.

    >>> informative_words("Putative beta-lactamase family protein")
    ('beta', 'lactamase')
    """
    words = _NOT_WORD.sub(" ", main_name(product).translate(_GREEK).lower()).split()
    return tuple(sorted({word for word in words if word not in _EMPTY_WORDS}))


def cast_votes(gene: Gene, evidence: Iterable[Evidence]) -> tuple[Vote, ...]:
    """Turn evidence into votes, heaviest first; one reference votes once."""
    length = max(1, len(clean_sequence(gene.translation)))
    best: dict[tuple[str, str], Vote] = {}
    for item in evidence:
        vote = _vote(item, length)
        if vote is None:
            continue
        is_prior = vote.ballot == "prior"
        key = (vote.ballot, item.reference) if is_prior else ("", _accession(item.reference))
        if key not in best or _order(vote) < _order(best[key]):
            best[key] = vote
    return tuple(sorted(best.values(), key=_order))


def _accession(reference: str) -> str:
    """Take the accession out of a reference: a cluster and its representative vote once."""
    return _CLUSTER.sub("", reference.rpartition(":")[2])


def _order(vote: Vote) -> tuple[bool, float, str, float, float, float, str]:
    """Sort key, heaviest first; complete, so that the order of the evidence cannot matter."""
    figures = (-vote.identity, -vote.coverage, -vote.bits)
    return (vote.ballot == "neighbour", -vote.weight, vote.evidence_id, *figures, vote.source)


def _vote(item: Evidence, length: int) -> Vote | None:
    ballot = _ballot(item)
    terms = item.terms
    stated = terms.product or (item.title.partition(": ")[2] if ballot == "domain" else "")
    product = "" if is_uncharacterized(stated) else stated
    ec_numbers = current_ecs(ec_numbers_of(terms.ec_numbers))
    if not item.reviewed and is_denied_by_name(product, ec_numbers):
        ec_numbers = ()
    says_something = ec_numbers or informative_words(product) or terms.ko
    if ballot is None or not says_something:
        return None
    bits = _bits(item, ballot, length)
    coverage = _coverage(item)
    is_compared = ballot in COMPARED
    discount = 0.5 + 0.5 * coverage if is_compared else 1.0
    review = 1.0 if item.reviewed or not is_compared else UNREVIEWED
    return Vote(
        evidence_id=item.id,
        ballot=ballot,
        source=_source(item),
        product=product,
        gene=terms.gene,
        ec_numbers=ec_numbers,
        go_terms=terms.go_terms,
        ko=terms.ko,
        identity=(item.metrics.pident or 0.0) / 100,
        coverage=coverage,
        bits=bits,
        weight=bits * discount * review,
        evalue=item.metrics.evalue or 0.0,
        eco=item.eco,
        shared_columns=item.shared_columns,
    )


def _ballot(item: Evidence) -> Ballot | None:
    if item.kind == "prior_annotation":
        return "domain" if item.family_kind == "domain" else "prior"
    if item.kind == "similarity":
        return "alignment"
    if item.kind == "embedding_neighbours":
        evalue = item.metrics.evalue
        confirmed = evalue is not None and evalue <= SIGNIFICANT_EVALUE
        return "alignment" if confirmed else "neighbour"
    if item.kind == "families" and item.terms != Terms():
        return "family" if _is_whole_function(item) else "domain"
    return None


def _is_whole_function(item: Evidence) -> bool:
    """Tell whether a family says what the whole protein does: one function, cut-off reached."""
    numbers = item.metrics
    reached = numbers.threshold is not None and (numbers.bitscore or 0.0) >= numbers.threshold
    return item.family_kind == "equivalog" and reached and (numbers.scov or 0.0) >= WHOLE_PROFILE


def _bits(item: Evidence, ballot: Ballot, length: int) -> float:
    if ballot not in COMPARED:
        return PRIOR_BITS * length
    if item.metrics.bitscore is not None:
        return max(0.0, item.metrics.bitscore)
    # An identical protein needs no search, and then has no score.
    return SELF_BITS * length if item.metrics.pident == 100.0 else 0.0


def _coverage(item: Evidence) -> float:
    return min(item.metrics.qcov or 0.0, item.metrics.scov or 0.0)


def _source(item: Evidence) -> str:
    """Name the species, else the reference: a family of copies in one genome counts once.

    Of profiles the database is the source, and of earlier annotations the method of the tool:
    two families of one database are not independent, nor are two tools that search alike.
    """
    if item.kind == "families":
        return item.reference.partition(":")[0]
    if item.kind == "prior_annotation":
        method = method_of(item.tool)
        return item.reference if method == "unknown" else method
    binomial = item.taxon.split()[:2]
    return " ".join(binomial).lower() if len(binomial) == 2 else item.reference


def ec_prefix(ec_number: str, level: int) -> str:
    """Cut an EC number after ``level`` fields: ``2.7.1.17`` at 3 is ``2.7.1.-``."""
    fields = normalise_ec(ec_number).split(".")
    return ".".join([*fields[:level], *["-"] * (4 - level)])


def common_level(one: str, other: str) -> int:
    """Count the leading fields that two EC numbers share and state."""
    level = 0
    for left, right in zip(one.split("."), other.split("."), strict=True):
        if left != right or left == "-":
            break
        level += 1
    return level


def stance_on_ec(vote: Vote, ec_number: str, level: int, names: frozenset[str]) -> Stance:
    """Tell whether a vote is for an EC number cut at ``level``, against it, or silent.

    A vote that states fewer fields and none that differ is silent; so is one without any EC
    number whose name shares an informative word with ``names``.
    """
    if vote.ec_numbers:
        shared = [(common_level(ec, ec_number), ec_level(ec)) for ec in vote.ec_numbers]
        if any(common >= level for common, _ in shared):
            return "for"
        return "silent" if any(common == stated for common, stated in shared) else "against"
    if vote.ballot == "domain" or not vote.words or not names.isdisjoint(vote.words):
        return "silent"
    return "against"


def strength(votes: Sequence[Vote], sharpness: float) -> float:
    """Sum the weights of votes to the power ``sharpness``.

    Of one source only the heaviest counts, and the n-th source counts 1/n, so that a large
    family does not outvote a close relative. More votes never give less.
    """
    heaviest: dict[str, float] = {}
    for vote in votes:
        heaviest[vote.source] = max(heaviest.get(vote.source, 0.0), vote.weight)
    ordered = sorted(heaviest.values(), reverse=True)
    powers = (math.pow(weight, sharpness) for weight in ordered)
    return sum(power / place for place, power in enumerate(powers, start=1))
