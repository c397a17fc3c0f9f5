"""From matches of profiles to members of families, region by region. Pure, and the same each time.

A match counts where it reaches the family's curated cut-off, or an E-value where none is known.
Pieces of one match that an insertion parts are one region; of families that compete for the same
residues the best is kept, and domains beside or inside each other all are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ingest.families import criterion_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.families import Criterion
    from ingest.records import Family
    from retrieval.families import DomainMatch, ProfileMatch

#: Bars where a family has no curated cut-off. For the sequence: one false member in 100,000
#: proteins. For a domain of such a sequence: HMMER's usual 1e-3.
MAX_EVALUE: Final = 1e-5
MAX_DOMAIN_EVALUE: Final = 1e-3
#: Ends of alignments are uncertain: pieces may repeat, and neighbours share, this much of a model.
SLACK: Final = 0.1
#: Families of one database and no known clan compete where half of the longer match is shared:
#: less is a domain inside or beside another one.
SAME_REGION: Final = 0.5
#: A protein that reaches this share of the cut-off of a family of one function is shown as one
#: that comes near; with less, any relative would be.
NEAR: Final = 0.5
_ONE_FUNCTION: Final = frozenset({"equivalog", "equivalog_domain"})


@dataclass(frozen=True, slots=True)
class FamilyHit:
    """A region of a protein that belongs to a family.

    ``regions`` are the residues aligned, 1-based and inclusive; more than one where something is
    inserted. ``bitscore`` is the score that the cut-off judges: of the whole sequence for a KOfam
    threshold of type "full", else of the best piece; ``evalue`` belongs to it. ``threshold`` is
    the curated cut-off for it (None: judged by E-value) and ``criterion`` its name. ``qcov`` and
    ``scov`` are the shares of the protein and of the model. ``rivals`` are weaker families of the
    same database for the same residues. ``is_member`` is False for one that only comes near the
    cut-off of a family of one function.
    """

    family: Family
    regions: tuple[tuple[int, int], ...]
    bitscore: float
    evalue: float
    qcov: float
    scov: float
    threshold: float | None = None
    criterion: str = ""
    rivals: tuple[str, ...] = field(default=())
    is_member: bool = True

    @property
    def query_start(self) -> int:
        """First residue."""
        return self.regions[0][0]

    @property
    def query_end(self) -> int:
        """Last residue."""
        return self.regions[-1][1]

    @property
    def is_partial(self) -> bool:
        """Tell whether the match leaves out a fifth of the model or more."""
        return self.scov < 0.8  # as Pfam's own displays mark a domain as a fragment

    @property
    def rank(self) -> tuple[bool, bool, float, float, str, tuple[tuple[int, int], ...]]:
        """Sort key, best first: members, function before kin, then E-value, score and name."""
        is_kin = self.family.kind not in _ONE_FUNCTION
        numbers = (self.evalue, -self.bitscore, self.family.accession, self.regions)
        return (not self.is_member, is_kin, *numbers)


def members(
    matches: Iterable[ProfileMatch], families: Mapping[str, Family], length: int
) -> list[FamilyHit]:
    """List the regions of a protein of ``length`` residues that belong to families, best first.

    Last come those that miss the cut-off of a family of one function, where no member is.
    """
    hits = [
        hit
        for match in matches
        if match.accession in families
        for hit in _regions(match, families[match.accession], length)
    ]
    return resolved(hits)


def _regions(match: ProfileMatch, family: Family, length: int) -> list[FamilyHit]:
    criterion = criterion_of(family)
    if not _is_member(match, criterion):
        return _near(match, family, criterion, length)
    domains = [domain for domain in match.domains if _counts(domain, criterion)]
    if criterion and not domains:
        # The sequence as a whole reaches the cut-off: its best domain shows where.
        domains = [min(match.domains, key=lambda it: (it.evalue, -it.score, it.start))]
    groups = joined_pieces(domains, family.length)
    counting = _reaching(groups, criterion) if criterion else groups
    return [_hit(match, pieces, family, criterion, length) for pieces in counting]


def _reaching(groups: Sequence[list[DomainMatch]], criterion: Criterion) -> list[list[DomainMatch]]:
    """Keep the regions that reach the cut-off by themselves, and the one that did it for all."""
    bar = criterion.sequence if criterion.domain is None else criterion.domain
    best = [max(piece.score for piece in pieces) for pieces in groups]
    return [
        pieces
        for pieces, score in zip(groups, best, strict=True)
        if (bar is not None and score >= bar) or score == max(best)
    ]


def _near(
    match: ProfileMatch, family: Family, criterion: Criterion | None, length: int
) -> list[FamilyHit]:
    """Report what is plainly kin and comes near a cut-off: a fragment, or a neighbour family."""
    if criterion is None or family.kind not in _ONE_FUNCTION or match.evalue > MAX_EVALUE:
        return []
    domains = [domain for domain in match.domains if domain.evalue <= MAX_DOMAIN_EVALUE]
    groups = joined_pieces(domains, family.length)
    hits = [_hit(match, pieces, family, criterion, length) for pieces in groups]
    near = [hit for hit in hits if hit.bitscore >= NEAR * (hit.threshold or 0.0)]
    best = min(near, key=lambda hit: hit.rank, default=None)
    return [replace(best, is_member=False)] if best else []


def _is_member(match: ProfileMatch, criterion: Criterion | None) -> bool:
    if not match.domains:
        return False
    if criterion is None:
        return match.evalue <= MAX_EVALUE
    best = max(domain.score for domain in match.domains)
    return (criterion.sequence is None or match.score >= criterion.sequence) and (
        criterion.domain is None or best >= criterion.domain
    )


def _counts(domain: DomainMatch, criterion: Criterion | None) -> bool:
    """Tell whether a domain counts: each by GA or TC, else as a piece of what counts as a whole."""
    if criterion and criterion.sequence is not None and criterion.domain is not None:
        return domain.score >= criterion.domain
    return domain.evalue <= MAX_DOMAIN_EVALUE


def joined_pieces(domains: Sequence[DomainMatch], model_length: int) -> list[list[DomainMatch]]:
    """Group neighbouring domains that go on in the model where the one before has stopped."""
    slack = SLACK * model_length
    groups: list[list[DomainMatch]] = []
    for domain in sorted(domains, key=lambda it: (it.start, it.end)):
        before = groups[-1][-1] if groups else None
        if before and domain.hmm_start > before.hmm_end - slack and domain.hmm_end > before.hmm_end:
            groups[-1].append(domain)
        else:
            groups.append([domain])
    return groups


def _hit(
    match: ProfileMatch,
    pieces: Sequence[DomainMatch],
    family: Family,
    criterion: Criterion | None,
    length: int,
) -> FamilyHit:
    best = min(pieces, key=lambda it: (it.evalue, -it.score, it.start))
    by_sequence = criterion is not None and criterion.domain is None
    threshold = None
    if criterion is not None:
        threshold = criterion.sequence if by_sequence else criterion.domain
    regions = tuple((piece.start, piece.end) for piece in pieces)
    model = [(piece.hmm_start, piece.hmm_end) for piece in pieces]
    return FamilyHit(
        family=family,
        regions=regions,
        bitscore=match.score if by_sequence else best.score,
        evalue=match.evalue if by_sequence else best.evalue,
        qcov=min(1.0, covered(regions) / length),
        scov=min(1.0, covered(model) / family.length),
        threshold=threshold,
        criterion=criterion.label if criterion else "",
    )


def covered(regions: Iterable[tuple[int, int]]) -> int:
    """Count the positions that lie in one region at least."""
    count, reached = 0, 0
    for start, end in sorted(regions):
        count += max(0, end - max(start - 1, reached))
        reached = max(reached, end)
    return count


def resolved(hits: Iterable[FamilyHit]) -> list[FamilyHit]:
    """Keep the best of families that compete for the same residues; note those it beat."""
    kept: list[FamilyHit] = []
    beaten: dict[int, dict[str, None]] = {}
    for hit in sorted(hits, key=lambda it: it.rank):
        winner = next((n for n, other in enumerate(kept) if competes(other, hit)), -1)
        if winner < 0:
            kept.append(hit)
        elif kept[winner].family.accession != hit.family.accession:
            beaten.setdefault(winner, {})[hit.family.accession] = None
    return [_with_rivals(hit, tuple(beaten.get(n, ()))) for n, hit in enumerate(kept)]


def _with_rivals(hit: FamilyHit, rivals: tuple[str, ...]) -> FamilyHit:
    return replace(hit, rivals=rivals) if rivals else hit


def competes(one: FamilyHit, other: FamilyHit) -> bool:
    """Tell whether two hits claim the same residues for families that exclude each other.

    Families of one clan, and copies of one family, are kin: a domain is the one or the other.
    Of two databases each may say what it has to say.
    """
    if one.family.database != other.family.database:
        return False
    lengths = (covered(one.regions), covered(other.regions))
    shared = sum(lengths) - covered((*one.regions, *other.regions))
    clans = (one.family.clan, other.family.clan)
    if one.family.accession == other.family.accession or (clans[0] and clans[0] == clans[1]):
        return shared > SLACK * min(lengths)
    if all(clans):
        return False
    return shared >= SAME_REGION * max(lengths)


def architecture(hits: Iterable[FamilyHit]) -> list[FamilyHit]:
    """Choose the regions that tell the domains of a protein, in order along it.

    Pfam's where there are any, since they do not overlap by design; else, of all databases, the
    best one for each residue, a family that has another inside it among them.
    """
    found = list(hits)
    chosen = [hit for hit in found if hit.family.database == "Pfam"]
    if not chosen:
        for hit in sorted(found, key=lambda it: it.rank):
            taken = [region for other in chosen for region in other.regions]
            lengths = covered(hit.regions)
            shared = lengths + covered(taken) - covered((*taken, *hit.regions))
            if shared <= SLACK * lengths:
                chosen.append(hit)
    return sorted(chosen, key=lambda it: (it.query_start, it.query_end, it.family.accession))
