"""Sources by identifier: what the knowledge base and the run hold on a subject of a question.

Each source is one sentence or two with exact counts, written here from stored facts; a text that
already lies in the base (a description, a summary of a cohort) is given as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.chat.answers import Source
from assistant.chat.gene_texts import run_gene, stored_gene
from ingest.vocab import split_name
from retrieval.documents import feature_summary
from retrieval.evidence.subjects import reference_of
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.chat.aspects import Aspect
    from assistant.chat.subjects import Subject
    from assistant.claims import AnnotationRecord
    from ingest.records import Protein
    from ingest.store_lookup import Found, FunctionKind
    from ingest.store_reader import StoreReader
    from ingest.store_rows import Document

BY_IDENTIFIER: Final = "by its identifier"
BY_NAME: Final = "by its name"
MOST_NAMED: Final = 3  # entries written out in a sentence
MOST_ROWS: Final = 3  # rows of a cohort told for one name
_MARKS: Final = {"ec": "EC ", "ko": "KO ", "go": "", "family": ""}


@dataclass(frozen=True, slots=True)
class LookUp:
    """Where subjects are looked up."""

    facts: StoreReader
    records: Mapping[str, AnnotationRecord]

    def sources(self, subjects: Sequence[Subject], aspect: Aspect) -> Iterator[Source]:
        """Yield what is held on each subject, in their order; keys are given later."""
        taxa = tuple(name for it in subjects if it.kind == "taxon" for name in it.names)
        has_other = any(it.kind != "taxon" for it in subjects)
        for subject in subjects:
            if subject.kind == "gene":
                yield from self._gene(subject, aspect)
            elif subject.kind in _MARKS:
                yield from self._function(subject, taxa)
            elif subject.kind == "taxon" and (aspect == "abundance" or not has_other):
                yield from self._taxon(subject, MOST_ROWS if aspect == "abundance" else 1)
            elif subject.kind in {"pathway", "feature"}:
                yield from self._feature(subject.name)
            elif subject.kind == "sample":
                yield from self._texts(subject.name, BY_NAME)

    def row(self, owner_id: str) -> Iterator[Source]:
        """Tell one row of the cohort's tables, or a sample, by its id."""
        yield from self._feature(owner_id)

    def _gene(self, subject: Subject, aspect: Aspect) -> Iterator[Source]:
        record = self.records.get(subject.name)
        if record is not None:
            yield from run_gene(record, aspect, self.facts)
        else:
            yield from stored_gene(subject.name, self.facts, aspect)

    # --- Functions --------------------------------------------------------------------------

    def _function(self, subject: Subject, taxa: Sequence[str]) -> Iterator[Source]:
        label = f"{_MARKS[subject.kind]}{subject.name}"
        kinds: dict[str, FunctionKind] = {"ec": "ec", "ko": "ko", "go": "go"}
        kind = kinds.get(subject.kind)
        if kind:
            for taxon in taxa or ("",):
                found = self.facts.lookup.proteins_with(kind, subject.name, MOST_NAMED, taxon=taxon)
                of = f"of {taxon} " if taxon else ""
                if found.count:
                    yield proteins_source(label, found, f"{of}have {label}", BY_IDENTIFIER)
            yield from self._own_genes(kind, subject.name, label)
        yield from self._drafts(subject, label)
        yield from self._feature(subject.name)

    def _own_genes(self, kind: FunctionKind, value: str, label: str) -> Iterator[Source]:
        genes = self.facts.lookup.genes_with(kind, value, MOST_NAMED)
        if genes.count:
            named = listed([gene.id for gene in genes.first])
            text = (
                f"{counted(genes.count, 'gene')} of the knowledge base "
                f"{'is' if genes.count == 1 else 'are'} annotated with {label} in your own files, "
                f"such as {named}."
            )
            yield source("gene", f"Genes with {label}", label, text, BY_IDENTIFIER)

    def _drafts(self, subject: Subject, label: str) -> Iterator[Source]:
        fits = [it for it in self.records.values() if is_drafted_as(it, subject)]
        fits.sort(key=lambda it: (-it.hypothesis.probability, it.gene.id))
        if fits:
            told = "; ".join(
                f"{it.gene.id} (tier {it.hypothesis.tier}, probability "
                f"{it.hypothesis.probability:.2f})"
                for it in fits[:MOST_NAMED]
            )
            what = f"{counted(len(fits), 'gene')} of the run"
            verb = "has" if len(fits) == 1 else "have"
            text = f"{what} {verb} a draft with {label}: {told}; nothing was tested."
            yield source("gene", f"Drafts with {label}", label, text, BY_IDENTIFIER)

    # --- Communities ------------------------------------------------------------------------

    def _taxon(self, subject: Subject, most: int) -> Iterator[Source]:
        rows: dict[str, str] = {}
        for name in subject.names:
            rows |= dict(self.facts.lookup.features_called(name))
        for feature_id in list(rows)[:most]:
            yield from self._feature(feature_id, BY_NAME)
        for name in subject.names:
            found = self.facts.lookup.proteins_of(name, MOST_NAMED)
            if found.count:
                yield proteins_source(name, found, f"are of {name}", BY_NAME)

    def _feature(self, feature_id: str, why: str = BY_IDENTIFIER) -> Iterator[Source]:
        """Tell the rows of a feature in all tables, then what analyses of cohorts said of it."""
        summary = feature_summary(self.facts.features_with_id(feature_id))
        yield from self._texts(feature_id, why, summary)

    def _texts(self, owner_id: str, why: str, summary: str = "") -> Iterator[Source]:
        texts = self.facts.lookup.texts_about(owner_id)
        if not texts and summary:
            text = f"{owner_id} was {summary}."
            yield source("feature", owner_id, owner_id, text, why)
        # Summaries of analyses say more than the description of a row; they come first.
        for document in sorted(texts, key=lambda it: not it.section)[:MOST_ROWS]:
            yield _document_source(document, owner_id, why, summary)


def _document_source(document: Document, owner_id: str, why: str, summary: str) -> Source:
    if document.section or not summary:
        text = document.text
    else:
        text = f"{document.title} was {summary}. {document.text}."
    return source(document.kind, document.title, owner_id, text, why)


def proteins_source(label: str, found: Found[Protein], verb: str, why: str) -> Source:
    """Tell how many reference proteins there are, and name the first."""
    told = "; ".join(_protein(protein) for protein in found.first)
    more = ", among them" if found.count > len(found.first) else ":"
    one = verb.replace("have ", "has ").replace("are ", "is ")
    text = (
        f"{counted(found.count, 'reference protein')} of the knowledge base "
        f"{one if found.count == 1 else verb}{more} {told}."
    )
    first = found.first[0]
    reference = reference_of(first.accession, first.database)
    return source("protein", f"Reference proteins: {label}", reference, text, why)


def _protein(protein: Protein) -> str:
    name, _ = split_name(protein.name)
    taxon = f" of {protein.taxon}" if protein.taxon else ""
    reference = reference_of(protein.accession, protein.database)
    return f"{name or 'an unnamed protein'}{taxon} ({reference})"


def is_drafted_as(record: AnnotationRecord, subject: Subject) -> bool:
    """Tell whether a gene's leading function has an identifier; EC numbers by their beginning."""
    leading = record.hypothesis.leading
    if leading is None:
        return False
    if subject.kind == "ec":
        beginning = subject.name.split("-", 1)[0]
        has_all = beginning == subject.name
        own = leading.ec_number
        return own == subject.name if has_all else own.startswith(beginning)
    return subject.name in (*leading.ko, *leading.go_terms)


def source(kind: str, title: str, reference: str, text: str, why: str) -> Source:
    """Make a source of a text that is said whole."""
    return Source(
        key="", kind=kind, title=title, reference=reference, text=text, quote=text, why=why,
        score=1.0,
    )  # fmt: skip
