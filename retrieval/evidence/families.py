"""Families: which profile HMMs the protein matches, where, and how the domains lie along it.

One item for each family, with the numbers of its best region, and one for the architecture of a
protein of several domains. ``family_kind`` says how far a family speaks for the whole protein.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.families import OWN, without_codes
from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC
from retrieval.domains import architecture, covered
from retrieval.evidence.base import Evidence, Metrics, Terms, queries_of
from retrieval.evidence.wording import evalue_text, listed, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Family, Gene
    from retrieval.domains import FamilyHit
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 25  # families per gene; more would bury a reader
MOST_LISTED = 6  # regions and rivals that are written out
# A stretch without a family that is shorter than this has no room for a domain: few of Pfam's
# models have less.
LEAST_GAP = 50  # residues

_KIND_WORDS = {"domain": "domain", "equivalog_domain": "domain"}


class Families:
    """Search all proteins against all profiles, in one batch."""

    kind: EvidenceKind = "families"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; nothing earlier matters here
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return one item a family, those that name a function first, the architecture last."""
        queries = queries_of(genes)
        hits = view.families(queries) if queries else {}
        answers = {gene.id: _evidence(gene, hits.get(gene.sequence_sha256, ())) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, hits: Sequence[FamilyHit]) -> list[Evidence]:
    by_family: dict[str, list[FamilyHit]] = {}
    for hit in hits:
        by_family.setdefault(hit.family.accession, []).append(hit)
    shown = list(by_family.values())[:MOST_ITEMS]
    items = [_item(gene, copies) for copies in shown]
    order = architecture([hit for hit in hits if hit.is_member])
    return [*items, _architecture_item(gene, hits, order)] if len(order) > 1 else items


def _item(gene: Gene, copies: Sequence[FamilyHit]) -> Evidence:
    """Report a family by its best region; the others are told in the statement."""
    hit, family = copies[0], copies[0].family
    return Evidence(
        gene_id=gene.id,
        kind="families",
        eco=ECO_AUTOMATIC["model_match"],
        statement=_statement(gene, copies),
        reference=reference_of_family(family),
        terms=terms_of_family(family) if hit.is_member else Terms(),
        metrics=Metrics(
            qcov=hit.qcov,
            scov=hit.scov,
            evalue=hit.evalue,
            bitscore=hit.bitscore,
            threshold=hit.threshold,
            query_start=hit.query_start,
            query_end=hit.query_end,
        ),
        title=_title(family),
        tool="HMMER",
        # What only comes near a family is its kin, without its function.
        family_kind=family.kind if hit.is_member else "family",
        provenance=family.provenance,
    )


def reference_of_family(family: Family) -> str:
    """Write a family's public identifier: ``Pfam:PF00001``; ``family:NAME`` for your own."""
    prefix = "family" if family.database == OWN else family.database
    return f"{prefix}:{family.accession}"


def terms_of_family(family: Family) -> Terms:
    """Return the function that the family's own file and the tables beside it state."""
    return Terms(
        product=family.product,
        gene=family.gene,
        ec_numbers=family.ec_numbers,
        go_terms=family.go_terms,
        ko=family.ko,
    )


def _title(family: Family) -> str:
    known = (family.name, without_codes(family.description))
    return ": ".join(text for text in known if text and text != family.accession)


def _statement(gene: Gene, copies: Sequence[FamilyHit]) -> str:
    hit = copies[0]
    where = listed([f"{start}-{end}" for start, end in hit.regions], most=MOST_LISTED)
    pieces = f", in {len(hit.regions)} pieces," if len(hit.regions) > 1 else ""
    found = f"Residues {where}{pieces} match {_subject(hit.family)}"
    parts = [f"{found}: {_score(hit)}; {_coverage(gene, hit)}"]
    if len(copies) > 1:
        others = [f"{other.query_start}-{other.query_end}" for other in copies[1:]]
        parts.append(f"the same family is also at residues {listed(others, most=MOST_LISTED)}")
    if hit.rivals:
        rivals = listed(hit.rivals, most=MOST_LISTED)
        verb = "matches" if len(hit.rivals) == 1 else "match"
        parts.append(f"{rivals} {verb} the same residues less well")
    return sentence("; ".join(parts))


def _subject(family: Family) -> str:
    noun = _KIND_WORDS.get(family.kind, "family")
    codes = [f"EC {ec}" for ec in family.ec_numbers]
    names = [_title(family) or family.product, *([listed(codes, most=3)] if codes else [])]
    inside = ", ".join(name for name in names if name)
    shown = f"{family.accession} ({inside})" if inside else family.accession
    if family.database == OWN:
        return f"the {noun} {shown} of {family.provenance.path_name or 'your own profiles'}"
    return f"the {family.database} {noun} {shown}"


def _score(hit: FamilyHit) -> str:
    likelihood = f"E-value {evalue_text(hit.evalue)}"
    if hit.threshold is None:
        return f"score {hit.bitscore:.1f}, {likelihood}, no curated cut-off is known"
    of_sequence = hit.family.threshold is not None and hit.family.score_type == "full"
    whole = " of the whole protein" if of_sequence else ""
    place = "above" if hit.is_member else "below"
    bar = f"{place} its {hit.criterion} of {hit.threshold:.1f}"
    missed = "" if hit.is_member else ": not a member by that bar"
    return f"score {hit.bitscore:.1f}{whole}, {bar}, {likelihood}{missed}"


def _coverage(gene: Gene, hit: FamilyHit) -> str:
    model, protein = percent(100 * hit.scov), percent(100 * hit.qcov)
    if hit.is_partial:
        why = ", as this gene is incomplete" if gene.partial else ""
        return f"a partial match: only {model} of the model ({protein} of this protein){why}"
    return f"it covers {model} of the model and {protein} of this protein"


def _architecture_item(
    gene: Gene, hits: Sequence[FamilyHit], order: Sequence[FamilyHit]
) -> Evidence:
    length = len(clean_sequence(gene.translation))
    regions = [region for hit in order for region in hit.regions]
    return Evidence(
        gene_id=gene.id,
        kind="families",
        eco=ECO_AUTOMATIC["model_match"],
        statement=_architecture_statement(hits, order, length),
        reference=f"architecture:{'+'.join(hit.family.accession for hit in order)}",
        metrics=Metrics(
            qcov=min(1.0, covered(regions) / length),
            query_start=order[0].query_start,
            query_end=max(hit.query_end for hit in order),
        ),
        title="Domain architecture",
        tool="HMMER",
        family_kind="domain",
    )


def architecture_line(order: Sequence[FamilyHit]) -> str:
    """Write domains in one line: ``PF00001 (12-140) + PF00002 (150-300)``."""
    places = (", ".join(f"{start}-{end}" for start, end in hit.regions) for hit in order)
    named = zip((hit.family.accession for hit in order), places, strict=True)
    return " + ".join(f"{accession} ({place})" for accession, place in named)


def _architecture_statement(
    hits: Sequence[FamilyHit], order: Sequence[FamilyHit], length: int
) -> str:
    parts = [f"Architecture along the {length:,} residues: {architecture_line(order)}"]
    if empty := _unmatched(order, length):
        shown = listed([f"{start}-{end}" for start, end in empty], most=MOST_LISTED)
        databases = {hit.family.database for hit in order}
        of_one = f"{databases.pop()} " if len(databases) == 1 and OWN not in databases else ""
        parts.append(f"residues {shown} match no {of_one}family")
    if parted := _functions_apart(hits):
        names = listed(parted, most=MOST_LISTED)
        parts.append(f"{names} lie on different parts: a fused or bifunctional protein")
    return sentence("; ".join(parts))


def _unmatched(order: Sequence[FamilyHit], length: int) -> list[tuple[int, int]]:
    """List the stretches between families that are long enough for a domain."""
    empty, reached = [], 0
    for start, end in [*sorted(r for hit in order for r in hit.regions), (length + 1, length)]:
        if start - reached - 1 >= LEAST_GAP:
            empty.append((reached + 1, start - 1))
        reached = max(reached, end)
    return empty


def _functions_apart(hits: Sequence[FamilyHit]) -> list[str]:
    """List families of one function each that lie beside one another, with other functions."""
    whole = {"equivalog", "equivalog_domain"}
    named = [hit for hit in hits if hit.is_member and hit.family.kind in whole]
    named.sort(key=lambda hit: (hit.query_start, hit.family.accession))
    for first in named:
        apart = [
            other
            for other in named
            if other.query_start > first.query_end and _differ(first.family, other.family)
        ]
        if apart:
            return [first.family.accession, apart[0].family.accession]
    return []


def _differ(one: Family, other: Family) -> bool:
    return (one.ec_numbers, one.ko) != (other.ec_numbers, other.ko) and (
        one.database == other.database
    )
