"""Facts: what a file says, as frozen records. No claims, no scores of ours.

Field names follow the standards: INSDC and GFF3 (genes), UniProt (proteins), MIxS (samples).
Coordinates are 1-based and inclusive, as in GFF3. Papers are in ``ingest.paper_records``; all are
had from here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ingest.paper_records import Notice as Notice
from ingest.paper_records import NoticeKind as NoticeKind
from ingest.paper_records import Passage as Passage
from ingest.paper_records import Publication as Publication
from ingest.provenance import Provenance as Provenance
from ingest.provenance import digest_of as digest_of

Strand: TypeAlias = Literal["+", "-", ".", "?"]
#: What a row of a table is about; a "distance" is to the sample named by the row, an "axis" one of
#: an ordination.
FeatureKind: TypeAlias = Literal[
    "taxon", "pathway", "gene_family", "gene", "metabolite", "distance", "axis", "other"
]
#: What membership of a family says. "equivalog": all members have one function as whole proteins;
#: "equivalog_domain": the same of a region, whatever else the protein has; "family": related
#: proteins with several functions; "domain": a part found in proteins of many functions.
FamilyKind: TypeAlias = Literal["equivalog", "equivalog_domain", "family", "domain"]
#: Whether a threshold holds for the score of the whole sequence or of its best domain.
ScoreType: TypeAlias = Literal["full", "domain"]
#: Curated score cut-offs in bits: for the whole sequence, and for each domain.
CutOffs: TypeAlias = tuple[float, float]


def clean_sequence(sequence: str) -> str:
    """Upper-case a protein and drop white space and the stop at its end."""
    return "".join(sequence.split()).upper().rstrip("*")


@dataclass(frozen=True, slots=True)
class Location:
    """A place on a contig; ``end`` may pass the contig's end on a circular one."""

    seqid: str
    start: int
    end: int
    strand: Strand = "."


@dataclass(frozen=True, slots=True)
class Contig:
    """A nucleotide sequence as the file has it; genes are called or translated later."""

    seqid: str
    sequence: str
    description: str = ""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Gene:
    """A protein-coding gene of the user: what is asked about.

    ``id`` is the locus_tag, the GFF3 ID or the FASTA id. ``product`` is the name that the
    file gives, often "hypothetical protein". ``source`` names the tool that gave it.
    """

    id: str
    translation: str = ""
    product: str = ""
    gene: str = ""
    location: Location | None = None
    contig_length: int = 0
    partial: bool = False
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    dbxrefs: tuple[str, ...] = ()
    inference: str = ""
    source: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def sequence_sha256(self) -> str:
        """SHA-256 of the cleaned translation: identical proteins share it."""
        return hashlib.sha256(clean_sequence(self.translation).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Protein:
    """A reference protein: what a database says about a sequence.

    ``function`` is the database's own prose; ``pmids`` are the papers that it cites.
    """

    accession: str
    sequence: str
    name: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    taxon: str = ""
    reviewed: bool = False
    function: str = ""
    pmids: tuple[str, ...] = ()
    database: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def sequence_sha256(self) -> str:
        """SHA-256 of the cleaned sequence."""
        return hashlib.sha256(clean_sequence(self.sequence).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample's metadata, as text; empty values are left out."""

    samp_name: str
    attributes: tuple[tuple[str, str], ...] = ()
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a metagenomic table, with its values per sample.

    ``stratum`` is the taxon that a row is split by ("" for the community row); rows with
    ``special`` set (UNMAPPED, UNCLASSIFIED ...) are not features of the community.
    ``rank`` is the taxonomic rank letter of a taxon (k, p, c, o, f, g, s, t) where rows of several
    ranks describe one abundance: sum one rank only. It is empty in tables that count each read
    once, at whatever rank (OTUs, ASVs, krona counts): sum all rows. ``lineage`` names the taxa
    down to this one, ";" between them, also of a row whose id is no lineage.
    A value of 0 was looked for and not found; a sample without a value was not measured.
    A row without any values says what a feature of other tables is.
    """

    id: str
    name: str
    kind: FeatureKind
    unit: str
    values: tuple[tuple[str, float], ...]
    stratum: str = ""
    rank: str = ""
    special: bool = False
    tool: str = ""
    lineage: str = ""
    dbxrefs: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Family:
    """A protein family with its profile HMM, as its file has it.

    ``accession`` is without version ("PF00001"); ``version`` is what followed the dot. ``length``
    counts match states. ``gathering``, ``trusted`` and ``noise`` are the cut-offs GA, TC and NC;
    ``threshold`` is a score in bits from a table beside the profiles (KOfam's ``ko_list``).
    ``kind`` is empty where nothing says it. ``profile`` is the text from ``HMMER3/`` to ``//``.
    """

    accession: str
    name: str
    length: int
    profile: str = ""
    version: str = ""
    description: str = ""
    database: str = ""
    kind: FamilyKind | Literal[""] = ""
    clan: str = ""
    gathering: CutOffs | None = None
    trusted: CutOffs | None = None
    noise: CutOffs | None = None
    threshold: float | None = None
    score_type: ScoreType = "full"
    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class FamilyNote:
    """What a table says of a family whose profile comes from another file.

    It is joined to the ``Family`` of the same accession when both are there, in either order.
    """

    accession: str
    name: str = ""
    description: str = ""
    kind: FamilyKind | Literal[""] = ""
    clan: str = ""
    threshold: float | None = None
    score_type: ScoreType = "full"
    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one row of an annotation tool's table says of a gene.

    ``gene_id`` is written as in the file. ``product`` is a name for the whole protein, ``name``
    what the tool calls its hit (a family, a domain, a group of orthologs). ``start`` and ``end``
    are residues of the protein, 0 where the row gives none; ``location`` is on the contig.
    ``protein_length`` in residues (0: not given) and ``sequence_md5`` tell whether the row can
    be about a given sequence. ``score``, ``threshold`` and ``evalue`` are the tool's own;
    ``pident`` and ``coverage`` are percentages. ``is_significant`` is False where the tool
    itself, or its stated rule, does not count the hit. ``note`` holds the tool's own marks.
    """

    gene_id: str
    tool: str
    version: str = ""
    database: str = ""
    accession: str = ""
    name: str = ""
    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    dbxrefs: tuple[str, ...] = ()
    family_kind: FamilyKind | Literal[""] = ""
    start: int = 0
    end: int = 0
    location: Location | None = None
    protein_length: int = 0
    sequence_md5: str = ""
    score: float | None = None
    evalue: float | None = None
    threshold: float | None = None
    pident: float | None = None
    coverage: float | None = None
    is_significant: bool = True
    note: str = ""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class CohortSummary:
    """What a cohort analysis says of a feature or a sample, in plain words with exact numbers.

    ``analysis`` is the digest of its question: a new answer takes the place of the old one.
    ``source`` is the base name of the table that the numbers are from.
    """

    subject_id: str
    subject_kind: Literal["feature", "sample"]
    title: str
    text: str
    analysis: str = ""
    source: str = ""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Genome:
    """What a tool says of an assembled genome, a bin, or a contig: what it is, and how good.

    ``lineage`` names the taxa from the domain down, ";" between them, "" when it was not
    classified. ``completeness``, ``contamination``, ``gc`` and ``ani`` are percentages;
    contamination may pass 100. ``size`` and ``n50`` are bases, 0 where the file has none.
    """

    id: str
    tool: str
    kind: Literal["genome", "contig"] = "genome"
    version: str = ""
    lineage: str = ""
    completeness: float | None = None
    contamination: float | None = None
    size: int = 0
    n50: int = 0
    contigs: int = 0
    genes: int = 0
    gc: float | None = None
    closest_reference: str = ""
    ani: float | None = None
    note: str = ""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: it is reported and the file goes on."""

    path_name: str
    line: int
    record: str
    reason: str


Record: TypeAlias = (
    Contig
    | Gene
    | Protein
    | Publication
    | Notice
    | Sample
    | Feature
    | Family
    | FamilyNote
    | Annotation
    | Genome
    | CohortSummary
    | BadRecord
)


def protein_of(gene: Gene) -> Protein:
    """Turn a user's gene into a reference entry of its own knowledge base."""
    return Protein(
        accession=gene.id,
        sequence=clean_sequence(gene.translation),
        name=gene.product,
        gene=gene.gene,
        ec_numbers=gene.ec_numbers,
        go_terms=gene.go_terms,
        ko=gene.ko,
        database=gene.source or "user",
        provenance=gene.provenance,
    )
