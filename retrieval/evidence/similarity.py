"""Similarity: what is known of reference proteins that align with the gene's protein.

A match is significant up to an E-value of ``SIGNIFICANT_EVALUE``. Where none with a known
function is, up to ``MOST_WEAK`` weaker ones are shown, and said to be no better than chance may
give: a candidate to look at, never one to trust. What a profile found is aligned by itself,
judged by that, and shown first of the weak ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.vocab import ECO_AUTOMATIC, ec_numbers_of
from retrieval.alignment import SIGNIFICANT_EVALUE
from retrieval.evidence.base import Evidence, Metrics, Terms, queries_of
from retrieval.evidence.relatives import MOST_RELATIVES, Relative, shared_columns
from retrieval.evidence.subjects import (
    GENE,
    Entries,
    describe,
    function_key,
    pick_distinct,
    terms_of,
)
from retrieval.evidence.wording import counted, evalue_text, listed, percent, sentence
from retrieval.pairwise import align_pairs
from retrieval.residues import clean_residues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Gene, Protein
    from retrieval.alignment import Alignment
    from retrieval.evidence.base import (
        EvidenceKind,
        Findings,
        KnowledgeView,
        SharedColumns,
        Surroundings,
    )
    from retrieval.pairwise import PairAlignment

MOST_ITEMS = 25  # per gene; more would bury a reader
MOST_PER_FUNCTION = 5  # copies of one function; the sixth tells nothing new

MOST_WEAK = 3  # matches above that E-value, where no other has a known function
# Fewer relatives than this say little about what a family keeps.
TELLING_MEMBERS = 3

# A match that leaves out more than this share of either protein may be a domain only: in a
# protein of 300 residues it leaves room for a whole other domain of about 100.
FULL_COVERAGE = 0.7


@dataclass(frozen=True, slots=True)
class Match:
    """A reference protein and the numbers of its alignment to the gene's protein.

    ``profile_evalue``: a profile of weak matches found it, with this E-value.
    """

    protein: Protein
    metrics: Metrics
    terms: Terms
    reference: str
    target: str
    is_identical: bool = False
    program: str = ""
    profile_evalue: float | None = None

    @property
    def is_significant(self) -> bool:
        """Tell whether chance alone would hardly give this match."""
        evalue = self.metrics.evalue
        return self.is_identical or evalue is None or evalue <= SIGNIFICANT_EVALUE


class Similarity:
    """Search all proteins by alignment, in one batch, and report the distinct functions hit."""

    kind: EvidenceKind = "similarity"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; nothing earlier matters here
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return at most 25 items a gene, best alignment first, each function represented."""
        queries = queries_of(genes)
        alignments = view.align(queries) if queries else {}
        entries = Entries(view)
        answers = {}
        for gene in genes:
            if gene.sequence_sha256 in queries:
                hits = alignments.get(gene.sequence_sha256, ())
                answers[gene.id] = _evidence(gene, hits, entries)
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, hits: Sequence[Alignment], entries: Entries) -> list[Evidence]:
    matches: dict[str, Match] = {}
    for match in sorted(_matches(gene, hits, entries), key=_best_first):
        matches.setdefault(match.reference, match)
    kept = pick_distinct(
        _worth_showing(list(matches.values())),
        lambda match: function_key(match.terms),
        most=MOST_ITEMS,
        each=MOST_PER_FUNCTION,
    )
    together = _together(gene, hits, list(matches.values()))
    told: set[str] = set()
    items = []
    for match in kept:
        new = [name for name in functions_of(match.terms) if name not in told and name in together]
        told.update(new)
        items.append(_item(gene, match, tuple(together[name] for name in new)))
    return items


def _worth_showing(matches: Sequence[Match]) -> list[Match]:
    """Keep the significant matches; a few others where none of these has a known function."""
    significant = [match for match in matches if match.is_significant]
    if any(function_key(match.terms) for match in significant):
        return significant
    weak = [match for match in matches if not match.is_significant and function_key(match.terms)]
    weak.sort(key=lambda match: (match.profile_evalue is None, match.profile_evalue or 0.0))
    distinct = pick_distinct(weak, lambda match: function_key(match.terms), most=MOST_WEAK, each=1)
    return [*significant, *distinct]


def functions_of(terms: Terms) -> tuple[str, ...]:
    """List the functions of a protein one by one: its EC numbers, else its name or KO."""
    return terms.ec_numbers or tuple(filter(None, [function_key(terms)]))


def _together(
    gene: Gene, hits: Sequence[Alignment], matches: Sequence[Match]
) -> Mapping[str, SharedColumns]:
    """See what the relatives of each function show together; the gene's own twins are left out."""
    aligned = {hit.target: hit for hit in hits if hit.cigar and not hit.by_profile}
    relatives: dict[str, tuple[Match, dict[str, None]]] = {}
    for match in matches:
        functions = functions_of(match.terms)
        if functions and match.target in aligned and not match.is_identical:
            _, names = relatives.setdefault(match.target, (match, {}))
            names.update(dict.fromkeys(functions))
    found = [
        Relative(
            sequence=clean_residues(match.protein.sequence),
            functions=tuple(names),
            query_start=aligned[target].query_start,
            target_start=aligned[target].target_start,
            cigar=aligned[target].cigar,
        )
        for target, (match, names) in list(relatives.items())[:MOST_RELATIVES]
    ]
    return shared_columns(clean_residues(gene.translation), found)


def _matches(gene: Gene, hits: Sequence[Alignment], entries: Entries) -> Iterator[Match]:
    """Yield every entry of every hit but the gene itself; identical ones need no alignment.

    Identical genes of the user are left to prior annotation, lest they count twice.
    """
    own = gene.sequence_sha256
    metrics = {hit.target: _metrics(hit) for hit in hits}
    found = {hit.target: hit for hit in hits}
    # Very short and masked proteins find nothing by search, not even themselves.
    metrics.setdefault(own, Metrics(pident=100.0, qcov=1.0, scov=1.0))
    for target, numbers in metrics.items():
        for protein in entries.of(target):
            reference = entries.reference(protein)
            is_twin = target == own and reference.startswith(GENE)
            if protein.accession != gene.id and not is_twin:
                match = Match(protein, numbers, terms_of(protein), reference, target)
                judged = _judged(gene, match, found.get(target), entries)
                if judged:
                    yield judged


def _judged(gene: Gene, match: Match, hit: Alignment | None, entries: Entries) -> Match | None:
    """Add who found the match; one of a profile gets the numbers of the two sequences alone.

    None where these two do not align at all.
    """
    if hit is None or match.target == gene.sequence_sha256:
        return replace(match, is_identical=True, program=hit.program if hit else "")
    if not hit.by_profile:
        return replace(match, program=hit.program)
    pairs = [(gene.translation, match.protein.sequence)]
    pair = align_pairs(pairs, database_residues=entries.residues)[0]
    if pair is None:
        return None
    program = f"{hit.program}, by profile"
    return replace(match, metrics=_metrics(pair), program=program, profile_evalue=hit.evalue)


def _metrics(hit: Alignment | PairAlignment) -> Metrics:
    return Metrics(
        pident=hit.pident,
        qcov=hit.qcov,
        scov=hit.scov,
        evalue=hit.evalue,
        bitscore=hit.bitscore,
    )


def _best_first(match: Match) -> tuple[bool, float, float, bool, bool, str]:
    """Order by identity, bit score, E-value, then known and reviewed entries, then name."""
    numbers = match.metrics
    return (
        not match.is_identical,
        -(numbers.bitscore or 0.0),
        numbers.evalue or 0.0,
        match.terms == Terms(),
        not match.protein.reviewed,
        match.reference,
    )


def _item(gene: Gene, match: Match, together: tuple[SharedColumns, ...]) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="similarity",
        eco=ECO_AUTOMATIC["sequence_similarity"],
        statement=_statement(gene, match, together),
        reference=match.reference,
        terms=match.terms,
        metrics=match.metrics,
        taxon=match.protein.taxon,
        reviewed=match.protein.reviewed,
        pmids=match.protein.pmids,
        title=match.protein.name,
        tool="identity of sequence" if match.metrics.evalue is None else match.program,
        shared_columns=together,
        provenance=match.protein.provenance,
    )


def _statement(gene: Gene, match: Match, together: Sequence[SharedColumns]) -> str:
    subject = describe(match.protein, match.reference)
    unknown = "" if function_key(match.terms) else "; that protein has no known function either"
    if match.is_identical:
        return sentence(f"Identical over its full length to {subject}{unknown}")
    numbers = match.metrics
    found = f"{percent(numbers.pident or 0.0)} identical to {subject}"
    likelihood = "" if numbers.evalue is None else f", E-value {evalue_text(numbers.evalue)}"
    chance = "" if match.is_significant else ": not significant, chance alone may give such a match"
    kept = "".join(columns_text(one) for one in together if one.members >= TELLING_MEMBERS)
    told = f"{found}{coverage_text(gene, numbers)}{likelihood}{chance}{unknown}{kept}"
    return sentence(_by_profile(match.profile_evalue) + told)


def _by_profile(evalue: float | None) -> str:
    if evalue is None:
        return ""
    shown = evalue_text(evalue)
    return f"Found by a profile of weak matches (E-value {shown}); the two sequences alone: "


def columns_text(shared: SharedColumns) -> str:
    """Say how many of the columns that a function's relatives keep this protein keeps."""
    if not shared.conserved:
        return ""
    family = f"the {counted(shared.members, 'relative')} with {function_label(shared.function)}"
    kept = f"; of {counted(shared.conserved, 'residue')} that {family} share, it has {shared.kept}"
    return f"{kept} (not {listed(shared.changed)})" if shared.changed else kept


def function_label(function: str) -> str:
    """Name a function in a sentence: its EC number, else that it is this function."""
    return f"EC {function}" if ec_numbers_of((function,)) else "this name"


def covers_both(gene: Gene, numbers: Metrics) -> bool:
    """Tell whether nearly the whole of both proteins is aligned, as far as the gene goes.

    Evidence without coverage counts as whole; an incomplete gene cannot cover its match.
    """
    qcov, scov = (1.0 if share is None else share for share in (numbers.qcov, numbers.scov))
    return qcov >= FULL_COVERAGE and (scov >= FULL_COVERAGE or gene.partial)


def coverage_text(gene: Gene, numbers: Metrics) -> str:
    """Say how much of both proteins is aligned, and say plainly when it is not the whole."""
    qcov, scov = numbers.qcov or 0.0, numbers.scov or 0.0
    this, that = percent(100 * qcov), percent(100 * scov)
    if qcov < FULL_COVERAGE:
        covered = f"{this} of this protein and {that} of that one"
        return f", but the match covers only {covered}, perhaps one domain"
    if scov < FULL_COVERAGE:
        why = ", as this gene is incomplete" if gene.partial else ""
        return f", but the match covers only {that} of that protein ({this} of this one){why}"
    return f" over {this} of this protein and {that} of that one"
