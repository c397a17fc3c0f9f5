"""Facts on papers: publications, notices on them, and the passages that are searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ingest.provenance import Provenance, digest_of

#: What is said of a paper by a notice or a list of notices.
NoticeKind: TypeAlias = Literal["retraction", "concern", "correction", "reinstatement", "deletion"]


@dataclass(frozen=True, slots=True)
class Publication:
    """A paper or a literature card. ``source_id`` is the id that its own file uses.

    ``sections`` are (name, text) of a full text, each name once; names start with a part of
    IMRaD where the paper's own heading is one ("Methods > Strains"). ``mesh`` are (UI, heading),
    ``chemicals`` (EC, CAS or UNII number, name), ``mentions`` (type, identifier, text) as annotated
    by the source. ``links`` are (relation, "PMID:1" or "DOI:10.1/x"), the relations PubMed's own:
    RetractionIn, RetractionOf, UpdateIn (published as), UpdateOf (a preprint) ... ``version`` and
    ``revised`` (ISO date) tell which of two records of one PMID counts.
    """

    source_id: str
    title: str
    abstract: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: str = ""
    pmid: str = ""
    pmcid: str = ""
    doi: str = ""
    keywords: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    is_retracted: bool = False
    has_concern: bool = False
    is_preprint: bool = False
    status_note: str = ""
    mesh: tuple[tuple[str, str], ...] = ()
    chemicals: tuple[tuple[str, str], ...] = ()
    mentions: tuple[tuple[str, str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    other_abstracts: tuple[tuple[str, str], ...] = ()
    language: str = ""
    license: str = ""
    version: int = 1
    revised: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def id(self) -> str:
        """Content-addressed id: by PMID, else DOI, else the text itself."""
        if self.pmid:
            return f"pub-{digest_of('pmid', self.pmid)}"
        if self.doi:
            return f"pub-{digest_of('doi', self.doi.lower())}"
        return f"pub-{digest_of(self.source_id, self.title, self.abstract)}"

    @property
    def reference(self) -> str:
        """The best public identifier: ``PMID:1``, ``DOI:10.1/x`` or the source's own id."""
        if self.pmid:
            return f"PMID:{self.pmid}"
        return f"DOI:{self.doi}" if self.doi else self.source_id

    @property
    def citation(self) -> str:
        """Author, title, journal and year in one line."""
        first = (
            self.authors[0] + (" et al." if len(self.authors) > 1 else "") if self.authors else ""
        )
        tail = " ".join(
            part for part in (self.journal, f"({self.year})" if self.year else "") if part
        )
        return ". ".join(part for part in (first.rstrip("."), self.title.rstrip("."), tail) if part)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a list says of a paper, whether the paper is in the base yet or not.

    A "deletion" is a record that PubMed withdrew. ``reference`` is the notice itself, ``source``
    who keeps the list; ``date`` is as in the file.
    """

    kind: NoticeKind
    pmid: str = ""
    doi: str = ""
    reason: str = ""
    date: str = ""
    reference: str = ""
    source: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def id(self) -> str:
        """The paper that it is about."""
        return f"PMID:{self.pmid}" if self.pmid else f"DOI:{self.doi}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of a publication; ``start`` and ``end`` are offsets in the section's text."""

    publication_id: str
    section: str
    text: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """Content-addressed id; stays when the index is rebuilt."""
        return f"pas-{digest_of(self.publication_id, self.section, str(self.start), self.text)}"
