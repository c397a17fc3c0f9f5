"""Prior annotation: what imported files already say of the gene, tool by tool.

Which rows are about the gene: those of a protein with the same sequence (MD5, or a stored gene of
the same sequence under whatever id), and those of the same id, unless a sequence or a length shows
that it is another gene: "gene_1" is in every genome. Rows without an id count by their place.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from ingest.gene_ids import match_id
from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.agreement import comparisons, contradict
from retrieval.evidence.base import Evidence, Terms
from retrieval.evidence.sayings import folded, saying_of, spoken, subject_of
from retrieval.evidence.subjects import function_key, pick_distinct
from retrieval.evidence.tool_rows import names_nothing, sayings_of
from retrieval.evidence.wording import listed, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Annotation, Gene
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings
    from retrieval.evidence.sayings import Saying, Subject

MOST_ITEMS = 10  # per gene
MOST_PER_FUNCTION = 3  # an identical protein may be stored for hundreds of strains
MOST_TWINS = 20  # genes of the same sequence whose tables are looked up

#: Two lengths of one protein may differ by this: a stop codon is counted or not.
LENGTH_SLACK = 1
#: A place without an id is the gene's when it covers this share of both, in the same frame.
SAME_PLACE = 0.8
_CODON = 3

_SUBJECTS: Mapping[Subject, str] = {
    "gene": "This gene",
    "same_length": "A gene of this id and length",
    "same_id": "A gene of this id (no sequence to compare)",
    "same_place": "A gene at the place of this one",
}


class PriorAnnotation:
    """Report what annotation tools said of the gene, and whether they agree.

    A stored entry counts when it has the same sequence, or the same id and no sequence to
    compare. The same id with another sequence or length is another gene.
    """

    kind: EvidenceKind = "prior_annotation"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; this source is the first
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return the gene's own annotation first, then same id, then identical proteins."""
        answers = {gene.id: _evidence(gene, view) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def is_annotated(gene: Gene, view: KnowledgeView) -> bool:
    """Tell whether any table of an annotation tool has a row that may be about the gene."""
    own_sequence = clean_sequence(gene.translation)
    twins = list(view.genes_with(gene.sequence_sha256)) if own_sequence else []
    return bool(_rows_by_tool(gene, own_sequence, twins, view))


def _evidence(gene: Gene, view: KnowledgeView) -> list[Evidence]:
    own_sequence = clean_sequence(gene.translation)
    twins = list(view.genes_with(gene.sequence_sha256)) if own_sequence else []
    rows = _rows_by_tool(gene, own_sequence, twins, view)
    sayings = folded(
        [*_of_genes(gene, own_sequence, twins, view), *_of_tables(gene, own_sequence, rows)]
    )
    sayings.sort(key=lambda saying: (not saying.names_the_protein, not saying.is_support))
    silent = sorted({tool for (tool, _), found in rows.items() if names_nothing(found)})
    kept = pick_distinct(sayings, _function, most=MOST_ITEMS, each=MOST_PER_FUNCTION)
    items: dict[str, Evidence] = {}
    for item in (_item(gene, saying, sayings, silent) for saying in kept):
        items.setdefault(item.id, item)
    return list(items.values())


def _function(saying: Saying) -> str:
    """Tell sayings apart when places are short; domains and weak hits by what they hit."""
    if saying.names_the_protein:
        return function_key(saying.terms) or "other terms"
    return f"{saying.tool} {saying.key}"


def _of_genes(
    gene: Gene, own_sequence: str, twins: Sequence[Gene], view: KnowledgeView
) -> list[Saying]:
    """List what gene records say, each saying of a tool once."""
    stored = [entry for entry in view.genes_named(gene.id) if _is_same(entry, own_sequence)]
    found: dict[tuple[str, str, Terms, str], Saying] = {}
    for entry in (gene, *stored, *twins):
        if saying := saying_of(entry, subject_of(entry, gene)):
            key = (entry.id, saying.label, saying.terms, entry.inference)
            found.setdefault(key, saying)
    return list(found.values())


def _is_same(stored: Gene, own_sequence: str) -> bool:
    sequence = clean_sequence(stored.translation)
    return not sequence or not own_sequence or sequence == own_sequence


def _rows_by_tool(
    gene: Gene, own_sequence: str, twins: Sequence[Gene], view: KnowledgeView
) -> dict[tuple[str, str], list[Annotation]]:
    """Collect the rows that may be about the gene, by tool and gene id."""
    md5 = hashlib.md5(own_sequence.encode(), usedforsecurity=False).hexdigest()
    ids = [gene.id, *(twin.id for twin in twins[:MOST_TWINS])]
    rows = [
        row for gene_id in dict.fromkeys(map(match_id, ids)) for row in view.annotations_of(gene_id)
    ]
    rows += view.annotations_with(md5) if own_sequence else []
    if gene.location:
        rows += [row for row in view.annotations_on(gene.location.seqid) if _is_here(row, gene)]
    found: dict[tuple[str, str], list[Annotation]] = {}
    for row in dict.fromkeys(rows):
        if _may_be(row, own_sequence, md5):
            found.setdefault((row.tool, row.gene_id), []).append(row)
    return found


def _may_be(row: Annotation, own_sequence: str, md5: str) -> bool:
    """Tell whether a row can be about this sequence: by MD5, else by length and by the match."""
    if not own_sequence:
        return True
    if row.sequence_md5:
        return row.sequence_md5 == md5
    if row.end > len(own_sequence) + LENGTH_SLACK:
        return False
    return not row.protein_length or abs(row.protein_length - len(own_sequence)) <= LENGTH_SLACK


def _is_here(row: Annotation, gene: Gene) -> bool:
    """Tell whether a place on the contig is that of the gene: strand, frame and most of both."""
    here, there = gene.location, row.location
    if here is None or there is None or here.strand != there.strand:
        return False
    if (here.start - there.start) % _CODON and (here.end - there.end) % _CODON:
        return False
    shared = min(here.end, there.end) - max(here.start, there.start) + 1
    longest = max(here.end - here.start, there.end - there.start) + 1
    return shared >= SAME_PLACE * longest


def _of_tables(
    gene: Gene, own_sequence: str, rows: Mapping[tuple[str, str], Sequence[Annotation]]
) -> list[Saying]:
    sayings: list[Saying] = []
    for group in rows.values():
        subject = _subject(group, gene, own_sequence)
        by_file: dict[str, list[Annotation]] = {}
        for row in group:
            by_file.setdefault(row.provenance.sha256, []).append(row)
        said = [sayings_of(found, subject) for found in by_file.values()]
        is_sure = subject not in {"same_id", "same_length"}
        sayings += chain.from_iterable(said) if is_sure else _doubted(said)
    return sayings


def _subject(rows: Sequence[Annotation], gene: Gene, own_sequence: str) -> Subject:
    row = rows[0]
    if not row.gene_id:
        return "same_place"
    if match_id(row.gene_id) != match_id(gene.id):
        return "twin"
    if row.sequence_md5 and own_sequence:
        return "gene"
    return "same_length" if row.protein_length and own_sequence else "same_id"


def _doubted(said: Sequence[list[Saying]]) -> list[Saying]:
    """Take the support away where files of one tool say different things of one id.

    Nothing tells then which of them is about this gene: the files may be of two assemblies, or
    of two runs.
    """
    flat = [saying for sayings in said for saying in sayings]
    terms = [[it.terms for it in sayings if it.names_the_protein] for sayings in said]
    pairs = [(one, other) for n, one in enumerate(terms) for other in terms[n + 1 :]]
    if not any(contradict(one, other) for one, other in pairs):
        return flat
    files = listed(sorted({saying.provenance.path_name or "another file" for saying in flat}))
    caution = f"{files} disagree about genes of this id, so neither is taken as support"
    return [
        replace(saying, words=_words(saying), terms=Terms(), is_support=False, caution=caution)
        if saying.names_the_protein
        else saying
        for saying in flat
    ]


def _item(gene: Gene, saying: Saying, sayings: Sequence[Saying], silent: Sequence[str]) -> Evidence:
    tool = "_".join((saying.tool or "gene").split())
    return Evidence(
        gene_id=gene.id,
        kind="prior_annotation",
        # Information that another program asserted and that we only import.
        eco=ECO_AUTOMATIC["imported"],
        statement=_statement(saying, sayings, silent),
        reference=f"{tool}:{_identifier(saying)}",
        terms=saying.terms,
        metrics=saying.metrics,
        title=saying.title,
        tool=saying.source,
        family_kind=saying.family_kind,
        provenance=saying.provenance,
    )


def _identifier(saying: Saying) -> str:
    return "_".join(saying.key.split()) or saying.subject_id or "row"


def _statement(saying: Saying, sayings: Sequence[Saying], silent: Sequence[str]) -> str:
    path_name = saying.provenance.path_name
    place = f" in {path_name}" if path_name else ""
    database = f" ({saying.database})" if saying.database and saying.words else ""
    version = f" {saying.version}" if saying.version else ""
    by = f" by {saying.tool}{version}{database}{place}"
    if not saying.tool:
        by = f"{place} (naming tool not stated)"
    grounds = f", {saying.grounds}" if saying.grounds else ""
    says = f"{_subject_words(saying)} {_words(saying)}{by}{grounds}"
    rest = [saying.caution] if saying.caution else []
    rest += _comparisons(saying, sayings, silent) if saying.names_the_protein else []
    return sentence("; ".join([says, *rest]))


def _subject_words(saying: Saying) -> str:
    if saying.subject == "twin":
        return f"An identical protein, {saying.subject_id},"
    return _SUBJECTS[saying.subject]


def _words(saying: Saying) -> str:
    """Word what is said: "is already named ..." unless the tool has words of its own."""
    words = saying.words or spoken(saying.terms)
    return words if words.startswith(("has ", "is ")) else f"is already {words}"


def _comparisons(saying: Saying, sayings: Sequence[Saying], silent: Sequence[str]) -> list[str]:
    """Say for each other tool whether it agrees; a tool is not compared with itself."""
    others: dict[str, list[Terms]] = {}
    for other in sayings:
        if other.label != saying.label and other.names_the_protein:
            others.setdefault(other.label, []).append(other.terms)
    told = comparisons(saying.terms, others)
    quiet = [tool for tool in silent if tool != saying.label and tool not in others]
    verb = "names" if len(quiet) == 1 else "name"
    return [*told, *([f"{listed(quiet)} {verb} no function"] if quiet else [])]
