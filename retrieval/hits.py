"""What searches return: plain records, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

TextKind: TypeAlias = Literal["passage", "protein", "feature", "sample"]
#: A gene of the user is found through its id or through the text of its reference entry.
HitKind: TypeAlias = Literal["passage", "protein", "feature", "sample", "gene"]

# What a user may name with ``--in``, and the kinds of text that it stands for.
SCOPES: dict[str, tuple[TextKind, ...]] = {
    "literature": ("passage",),
    "proteins": ("protein",),
    # Named genes of the user have entries beside the proteins of databases; see gene_search.
    "genes": ("protein",),
    "features": ("feature", "sample"),
    "all": ("passage", "protein", "feature", "sample"),
}


#: Alignments a query that a search returns, unless more are asked for. Of 500 proteins of a genome
#: 300 change the leading EC number of one, and cost a fifth more of the alignment's time.
MAX_ALIGNMENTS: Final = 150
#: Weakest alignments that a search returns: as many as this are expected by chance alone. What is
#: significant is for the sources of evidence to say.
MAX_EVALUE: Final = 10.0


@dataclass(frozen=True, slots=True)
class TextHit:
    """One text of the knowledge base that answers a query.

    ``reference`` is the public identifier (PMID, accession, feature id), ``source_id`` the id
    of the source's own file. ``start`` and ``end`` are the passage's offsets in its section.
    ``dense`` (cosine, -1..1) and ``lexical`` (BM25, higher is better) are None where the text
    was not in that search's list, ``expansion`` is BM25 by synonyms alone, ``synonyms`` are those
    that the text has, ``rerank`` (0..1) what a cross-encoder says. ``score`` (0..1) is the fused
    score, relative to the best hit of the same query. A gene that was found by its own name has
    none of them. ``also_in`` are the papers that say nearly the same.
    ``entities`` are tags of the paper ("ec 3.2.1.23 (beta-Galactosidase)"), ``asked_for`` those of
    them that the question names, and the protein of the base that cites the paper.
    """

    id: str
    kind: HitKind
    owner_id: str
    reference: str
    source_id: str
    title: str
    text: str
    section: str = ""
    start: int = 0
    end: int = 0
    year: str = ""
    is_retracted: bool = False
    has_concern: bool = False
    is_preprint: bool = False
    status_note: str = ""
    score: float = 0.0
    dense: float | None = None
    lexical: float | None = None
    expansion: float | None = None
    rerank: float | None = None
    synonyms: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    asked_for: tuple[str, ...] = ()

    @property
    def caution(self) -> str:
        """Say what a reader must know of the paper before the text: "" where there is nothing."""
        if self.is_retracted:
            return "RETRACTED"
        if self.has_concern:
            return "EXPRESSION OF CONCERN"
        return "PREPRINT" if self.is_preprint else ""

    @property
    def why(self) -> str:
        """Say which search found it, with its scores."""
        parts = []
        if self.dense is not None:
            parts.append(f"meaning {self.dense:.2f}")
        if self.lexical is not None:
            parts.append(f"words {self.lexical:.1f}")
        if self.expansion is not None:
            named = f" ({', '.join(self.synonyms)})" if self.synonyms else ""
            parts.append(f"synonyms {self.expansion:.1f}{named}")
        if self.asked_for:
            parts.append(f"entity ({', '.join(self.asked_for)})")
        if self.rerank is not None:
            parts.append(f"reranker {self.rerank:.2f}")
        return " + ".join(parts) or "by its name"


@dataclass(frozen=True, slots=True)
class SequenceHit:
    """A protein sequence near a query in the embedding space (cosine similarity)."""

    sequence_sha256: str
    similarity: float
