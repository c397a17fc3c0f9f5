"""What evidence is, and what a source of evidence must do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from ingest.records import FamilyKind, Provenance, clean_sequence, digest_of
from retrieval.hits import MAX_ALIGNMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.records import Annotation, Feature, Gene, Protein, Publication, Sample
    from ingest.store_rows import Document
    from retrieval.alignment import Alignment
    from retrieval.domains import FamilyHit
    from retrieval.hits import SequenceHit, TextHit, TextKind
    from retrieval.searched import Searched

EvidenceKind: TypeAlias = Literal[
    "similarity",
    "embedding_neighbours",
    "families",
    "genomic_context",
    "abundance",
    "literature",
    "prior_annotation",
    "drug_metabolism",
]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Numbers behind an item of evidence; None where they do not apply.

    ``pident`` in percent, ``qcov`` and ``scov`` as fractions of the query and the subject,
    ``bitscore`` in bits, ``similarity`` as a cosine, ``distance_bp`` in base pairs. ``threshold``
    is a curated cut-off for ``bitscore``; ``query_start`` and ``query_end`` are residues of the
    gene's protein, from 1 on and inclusive.
    """

    pident: float | None = None
    qcov: float | None = None
    scov: float | None = None
    evalue: float | None = None
    bitscore: float | None = None
    similarity: float | None = None
    distance_bp: int | None = None
    prevalence: float | None = None
    mean_abundance: float | None = None
    relevance: float | None = None
    threshold: float | None = None
    query_start: int | None = None
    query_end: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The function that an item of evidence speaks for."""

    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A neighbour on the contig: how it lies to the gene, and what it does.

    ``terms`` are the neighbour's, never the gene's own: they may support a function that other
    evidence names, but they name none. ``basis`` says where they come from: the neighbour is
    "named" by its file, or a close "relative" of it is known. ``relation`` is "operon" for a
    gene of the same run, "divergent" for the gene behind on the other strand. ``gap_bp`` is the
    intergenic distance in bp, negative for an overlap; ``run_length`` counts the genes of the run.
    """

    terms: Terms
    relation: Literal["operon", "divergent"]
    basis: Literal["named", "relative"]
    gap_bp: int
    genes_between: int
    is_upstream: bool
    run_length: int


@dataclass(frozen=True, slots=True)
class SharedColumns:
    """What the relatives of one function show together.

    ``conserved`` counts the columns that the members keep, ``kept`` those of them that the
    gene's protein keeps too, and ``changed`` names some where it does not (``H94Q``: H in the
    family, Q at residue 94 of this protein). ``inside`` is the mean identity of the closest
    member to the others, and ``nearest_other`` its identity to the nearest relative with
    another function (fractions of the columns both have; None where there is none).
    """

    function: str
    members: int
    conserved: int
    kept: int
    changed: tuple[str, ...] = ()
    inside: float | None = None
    nearest_other: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of evidence on one gene: a fact that was read or computed.

    ``statement`` is one plain sentence. ``reference`` is a public identifier
    (``UniProtKB:P12345``, ``PMID:1``). ``quote`` is verbatim text of the source, and
    ``passage_id`` names it, where there is one. ``eco`` is an automatic-assertion ECO term.
    ``pmids`` are the papers that the reference itself cites. ``family_kind`` says how much a
    family tells of the whole protein: an "equivalog" its function, a "family" its kind, a
    "domain" of a part only.
    ``context`` stands with the genomic neighbours alone. ``shared_columns`` stands with the
    closest relative of each function: what all relatives of that function show together.
    ``id`` is computed; what is passed is replaced.
    """

    gene_id: str
    kind: EvidenceKind
    eco: str
    statement: str
    reference: str
    terms: Terms = field(default_factory=Terms)
    metrics: Metrics = field(default_factory=Metrics)
    taxon: str = ""
    reviewed: bool = False
    title: str = ""
    quote: str = ""
    passage_id: str = ""
    pmids: tuple[str, ...] = ()
    tool: str = ""
    context: Context | None = None
    shared_columns: tuple[SharedColumns, ...] = ()
    family_kind: FamilyKind | Literal[""] = ""
    provenance: Provenance = field(default_factory=Provenance)

    id: str = ""

    def __post_init__(self) -> None:
        """Compute the id from the content; scores are left out, so re-computing keeps it."""
        content = (self.gene_id, self.kind, self.reference, self.passage_id, self.terms.product)
        object.__setattr__(self, "id", f"ev-{digest_of(*content)}")


Findings: TypeAlias = "Mapping[str, Sequence[Evidence]]"


class KnowledgeView(Protocol):
    """What evidence sources may ask of a knowledge base; all answers are in a fixed order."""

    @property
    def residues(self) -> int:
        """Residues in all distinct reference sequences (for E-values)."""
        ...

    def align(
        self, queries: Mapping[str, str], max_hits: int = MAX_ALIGNMENTS
    ) -> Mapping[str, Sequence[Alignment]]:
        """Search sequences by alignment, in one batch; targets are what ``proteins_with`` takes."""
        ...

    def neighbours(self, queries: Mapping[str, str], k: int) -> Mapping[str, Sequence[SequenceHit]]:
        """Find the nearest sequences in the embedding space, in one batch."""
        ...

    def families(self, queries: Mapping[str, str]) -> Mapping[str, Sequence[FamilyHit]]:
        """List the families that each protein belongs to, region by region, best first."""
        ...

    def use_searched(self, searched: Searched) -> None:
        """Answer ``align`` and ``neighbours`` from what was searched ahead, where it can."""
        ...

    def proteins_with(self, sequence_sha256: str) -> Sequence[Protein]:
        """List the reference entries that have this sequence."""
        ...

    def genes_named(self, gene_id: str) -> Sequence[Gene]:
        """List stored genes with this id."""
        ...

    def genes_with(self, sequence_sha256: str) -> Sequence[Gene]:
        """List stored genes with this protein sequence."""
        ...

    def genes_on(self, seqid: str) -> Sequence[Gene]:
        """List stored genes of a contig, by start."""
        ...

    def annotations_of(self, gene_id: str) -> Sequence[Annotation]:
        """List what annotation tools say of genes of this id."""
        ...

    def annotations_with(self, sequence_md5: str) -> Sequence[Annotation]:
        """List what annotation tools say of a protein of this MD5 (upper case, no stop)."""
        ...

    def annotations_on(self, seqid: str) -> Sequence[Annotation]:
        """List the annotations of a contig that have a place and no gene id."""
        ...

    def search_texts(
        self, queries: Sequence[str], k: int, kinds: Sequence[TextKind]
    ) -> Sequence[Sequence[TextHit]]:
        """Search texts for each query, hybrid; retracted papers are left out."""
        ...

    def publication(self, publication_id: str) -> Publication | None:
        """Return a stored publication."""
        ...

    def publications_with_pmids(self, pmids: Sequence[str]) -> Sequence[Publication]:
        """Return the stored publications among these PMIDs."""
        ...

    def features_with_id(self, feature_id: str) -> Sequence[Feature]:
        """Return community rows (no strata) of metagenomic tables with this id."""
        ...

    def summaries_of(self, feature_id: str) -> Sequence[Document]:
        """Return the texts of cohort analyses on a feature."""
        ...

    def samples(self) -> Sequence[Sample]:
        """Return all samples with metadata, by name."""
        ...

    def close(self) -> None:
        """Let go of files; nothing can be asked afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The genes of the same input, by contig and sorted by start: for genomic context."""

    contigs: Mapping[str, tuple[Gene, ...]] = field(default_factory=dict)


class EvidenceSource(Protocol):
    """Gather one kind of evidence for a batch of genes.

    Sources run in the order of their table; each sees what the earlier ones found. The answer
    for a gene depends on that gene, the knowledge base and the surroundings alone, never on
    the other genes of the batch. A gene without evidence is left out of the answer.
    """

    kind: EvidenceKind

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,
        surroundings: Surroundings,
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return evidence by gene id, strongest first."""
        ...


def queries_of(genes: Iterable[Gene]) -> dict[str, str]:
    """Return the distinct proteins of genes by their SHA-256, in its order."""
    proteins = {gene.sequence_sha256: clean_sequence(gene.translation) for gene in genes}
    return {sha256: proteins[sha256] for sha256 in sorted(proteins) if proteins[sha256]}
