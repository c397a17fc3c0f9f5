"""A small knowledge base in memory: the fake behind tests of evidence sources.

It computes for real, only slowly: exact alignment of every pair, shared 3-mers as embedding,
shared words as text search. Nothing is stored and nothing is approximate.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from ingest.chunking import passages_of
from ingest.gene_ids import match_id
from ingest.records import clean_sequence
from retrieval.aligners.base import SHORTEST_QUERY
from retrieval.alignment import Alignment
from retrieval.domains import members
from retrieval.families import parsed, search
from retrieval.hits import MAX_ALIGNMENTS, MAX_EVALUE, SequenceHit, TextHit
from retrieval.pairwise import align_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import (
        Annotation,
        Family,
        Feature,
        Gene,
        Passage,
        Protein,
        Publication,
        Sample,
    )
    from ingest.store_rows import Document
    from retrieval.domains import FamilyHit
    from retrieval.hits import TextKind
    from retrieval.pairwise import PairAlignment
    from retrieval.searched import Searched

_WORD = re.compile(r"[^\W_]+")


class FakeView:
    """Answer as a knowledge base does that holds just these records.

    Of the texts it searches publications only; ``calls`` counts the batch calls made.
    """

    def __init__(  # noqa: PLR0913 - one of each kind of record
        self,
        *,
        proteins: Sequence[Protein] = (),
        genes: Sequence[Gene] = (),
        publications: Sequence[Publication] = (),
        features: Sequence[Feature] = (),
        samples: Sequence[Sample] = (),
        annotations: Sequence[Annotation] = (),
        families: Sequence[Family] = (),
        summaries: Sequence[Document] = (),
    ) -> None:
        """Keep the records in a fixed order."""
        self._proteins = sorted(proteins, key=lambda protein: protein.accession)
        self._genes = list(genes)
        self._annotations = list(annotations)
        self._families = {family.accession: family for family in families}
        self._publications = {item.id: item for item in publications}
        self._features = list(features)
        self._summaries = list(summaries)
        self._samples = sorted(samples, key=lambda sample: sample.samp_name)
        self._sequences = {
            protein.sequence_sha256: clean_sequence(protein.sequence) for protein in self._proteins
        }
        self.calls: Counter[str] = Counter()

    @property
    def residues(self) -> int:
        """Residues in all distinct reference sequences."""
        return sum(map(len, self._sequences.values()))

    def align(
        self, queries: Mapping[str, str], max_hits: int = MAX_ALIGNMENTS
    ) -> Mapping[str, Sequence[Alignment]]:
        """Align every query with every sequence exactly; best first."""
        self.calls["align"] += 1
        return {name: self._aligned(name, text)[:max_hits] for name, text in queries.items()}

    def _aligned(self, name: str, sequence: str) -> list[Alignment]:
        if len(sequence) < SHORTEST_QUERY:
            return []
        pairs = [(sequence, target) for target in self._sequences.values()]
        found = align_pairs(pairs, database_residues=self.residues)
        hits = [
            _as_alignment(name, target, pair)
            for target, pair in zip(self._sequences, found, strict=True)
            if pair is not None and pair.evalue <= MAX_EVALUE
        ]
        return sorted(hits, key=lambda hit: (-hit.bitscore, hit.target))

    def neighbours(self, queries: Mapping[str, str], k: int) -> Mapping[str, Sequence[SequenceHit]]:
        """Return the k sequences that share most 3-mers (cosine of counts)."""
        self.calls["neighbours"] += 1
        answers = {}
        for name, sequence in queries.items():
            words = _three_mers(sequence)
            hits = [
                SequenceHit(key, _cosine(words, _three_mers(target)))
                for key, target in self._sequences.items()
            ]
            hits.sort(key=lambda hit: (-hit.similarity, hit.sequence_sha256))
            answers[name] = hits[:k]
        return answers

    def families(self, queries: Mapping[str, str]) -> Mapping[str, Sequence[FamilyHit]]:
        """Compare every query with every profile by HMMER; best first."""
        self.calls["families"] += 1
        named = [(key, self._families[key].profile) for key in sorted(self._families)]
        found = search(queries, parsed(named), library_size=len(named))
        return {
            name: members(matches, self._families, len(clean_sequence(queries[name])))
            for name, matches in found.items()
        }

    def use_searched(self, searched: Searched) -> None:
        """Search every time: it is exact and small."""

    def kept_answers(self, asked: str) -> None:
        """Keep nothing."""

    def proteins_with(self, sequence_sha256: str) -> Sequence[Protein]:
        """List the reference entries that have this sequence."""
        return [item for item in self._proteins if item.sequence_sha256 == sequence_sha256]

    def genes_named(self, gene_id: str) -> Sequence[Gene]:
        """List stored genes with this id."""
        return [gene for gene in self._genes if gene.id == gene_id]

    def genes_with(self, sequence_sha256: str) -> Sequence[Gene]:
        """List stored genes with this protein sequence."""
        return [gene for gene in self._genes if gene.sequence_sha256 == sequence_sha256]

    def genes_on(self, seqid: str) -> Sequence[Gene]:
        """List stored genes of a contig, by start."""
        placed = [(g.location.start, g) for g in self._genes if g.location and _on(g, seqid)]
        return [gene for _, gene in sorted(placed, key=lambda pair: (pair[0], pair[1].id))]

    def annotations_of(self, gene_id: str) -> Sequence[Annotation]:
        """List what annotation tools say of genes of this id."""
        wanted = match_id(gene_id)
        return [item for item in self._annotations if match_id(item.gene_id) == wanted]

    def annotations_with(self, sequence_md5: str) -> Sequence[Annotation]:
        """List what annotation tools say of a protein of this MD5."""
        return [item for item in self._annotations if item.sequence_md5 == sequence_md5 != ""]

    def annotations_on(self, seqid: str) -> Sequence[Annotation]:
        """List the annotations of a contig that have a place and no gene id."""
        nameless = [item for item in self._annotations if item.location and not item.gene_id]
        return [item for item in nameless if item.location and item.location.seqid == seqid]

    def search_texts(
        self, queries: Sequence[str], k: int, kinds: Sequence[TextKind]
    ) -> Sequence[Sequence[TextHit]]:
        """Rank passages by the cosine of shared words; retracted papers are left out."""
        self.calls["search_texts"] += 1
        if "passage" not in kinds:
            return [[] for _ in queries]
        return [self._search(query)[:k] for query in queries]

    def _search(self, query: str) -> list[TextHit]:
        wanted = _word_counts(query)
        hits = [
            _as_hit(publication, passage, wanted)
            for publication in self._publications.values()
            if not publication.is_retracted
            for passage in passages_of(publication)
        ]
        found = [hit for hit in hits if hit.score > 0]
        return sorted(found, key=lambda hit: (-hit.score, hit.id))

    def publication(self, publication_id: str) -> Publication | None:
        """Return a stored publication."""
        return self._publications.get(publication_id)

    def publications_with_pmids(self, pmids: Sequence[str]) -> Sequence[Publication]:
        """Return the stored publications among these PMIDs."""
        return [item for item in self._publications.values() if item.pmid and item.pmid in pmids]

    def features_with_id(self, feature_id: str) -> Sequence[Feature]:
        """Return community rows with this id."""
        return [row for row in self._features if row.id == feature_id and not row.stratum]

    def summaries_of(self, feature_id: str) -> Sequence[Document]:
        """Return the texts of cohort analyses on a feature."""
        return [text for text in self._summaries if text.owner_id == feature_id]

    def samples(self) -> Sequence[Sample]:
        """Return all samples with metadata, by name."""
        return self._samples

    def close(self) -> None:
        """Nothing is open."""


def _on(gene: Gene, seqid: str) -> bool:
    return gene.location is not None and gene.location.seqid == seqid


def _as_alignment(query: str, target: str, pair: PairAlignment) -> Alignment:
    return Alignment(
        query=query,
        target=target,
        pident=pair.pident,
        qcov=pair.qcov,
        scov=pair.scov,
        evalue=pair.evalue,
        bitscore=pair.bitscore,
        length=pair.length,
        query_start=pair.query_start,
        query_end=pair.query_end,
        target_start=pair.target_start,
        target_end=pair.target_end,
        cigar=pair.cigar,
    )


def _as_hit(publication: Publication, passage: Passage, wanted: Counter[str]) -> TextHit:
    text = f"{publication.title} {passage.text}"
    return TextHit(
        id=passage.id,
        kind="passage",
        owner_id=publication.id,
        reference=publication.reference,
        source_id=publication.source_id,
        title=publication.title,
        text=passage.text,
        section=passage.section,
        start=passage.start,
        end=passage.end,
        year=publication.year,
        score=_cosine(wanted, _word_counts(text)),
    )


def _word_counts(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _three_mers(sequence: str) -> Counter[str]:
    return Counter(sequence[start : start + 3] for start in range(len(sequence) - 2))


def _cosine(first: Counter[str], second: Counter[str]) -> float:
    shared = sum(count * second[key] for key, count in first.items())
    norms = math.hypot(*first.values()) * math.hypot(*second.values())
    return shared / norms if norms else 0.0
