"""Prior annotation: what imported files already say of the gene, tool by tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC, ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.base import Evidence, Terms
from retrieval.evidence.subjects import function_key, name_key, pick_distinct
from retrieval.evidence.wording import listed, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Gene
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 10  # per gene
MOST_PER_FUNCTION = 3  # an identical protein may be stored for hundreds of strains
MOST_CODES = 4  # GO terms and the like, written out in a statement

# Gene callers find genes and name none. Prokka's GFF has them as the source of named genes.
_CALLERS = ("ab initio", "fraggenescan", "genemark", "glimmer", "metagene", "prodigal", "pyrodigal")


@dataclass(frozen=True, slots=True)
class Entry:
    """One annotation of this gene, or of an identical protein, by one tool."""

    gene: Gene
    terms: Terms
    tool: str
    is_same_id: bool
    has_sequence: bool


class PriorAnnotation:
    """Report names, EC, GO and KO that came with the gene or are stored for it.

    A stored entry counts when it has the same sequence, or the same id and no sequence to
    compare. The same id with another sequence is another gene: "gene_1" is in every genome.
    """

    kind: EvidenceKind = "prior_annotation"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; this source is the first
        surroundings: Surroundings,  # noqa: ARG002
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return the gene's own annotation first, then same id, then identical proteins."""
        answers = {gene.id: _evidence(gene, view) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, view: KnowledgeView) -> list[Evidence]:
    entries = _entries(gene, view)
    kept = pick_distinct(
        entries,
        lambda entry: function_key(entry.terms) or "other terms",
        most=MOST_ITEMS,
        each=MOST_PER_FUNCTION,
    )
    items: dict[str, Evidence] = {}
    for item in (_item(gene, entry, entries) for entry in kept):
        items.setdefault(item.id, item)
    return list(items.values())


def _entries(gene: Gene, view: KnowledgeView) -> list[Entry]:
    """List what says something, each saying of a tool once."""
    own_sequence = clean_sequence(gene.translation)
    stored = [entry for entry in view.genes_named(gene.id) if _is_same(entry, own_sequence)]
    twins = list(view.genes_with(gene.sequence_sha256)) if own_sequence else []
    entries: dict[tuple[str, str, Terms, str], Entry] = {}
    for entry in (gene, *stored, *twins):
        terms = _terms(entry)
        if terms != Terms():
            has_sequence = bool(clean_sequence(entry.translation))
            tool = _namer(entry) or entry.provenance.path_name or "an unnamed tool"
            key = (entry.id, tool, terms, entry.inference)
            entries.setdefault(key, Entry(entry, terms, tool, entry.id == gene.id, has_sequence))
    return list(entries.values())


def _namer(gene: Gene) -> str:
    """Return the tool that gave the name, empty when the file says only who called the gene."""
    return "" if gene.source.lower().startswith(_CALLERS) else gene.source


def _grounds(inference: str) -> str:
    """Keep the grounds of the name; what the gene call itself rests on is another matter."""
    parts = [part.strip() for part in inference.split(";")]
    return "; ".join(part for part in parts if part and not part.lower().startswith(_CALLERS))


def _is_same(stored: Gene, own_sequence: str) -> bool:
    sequence = clean_sequence(stored.translation)
    return not sequence or not own_sequence or sequence == own_sequence


def _terms(gene: Gene) -> Terms:
    name, named_ecs = split_name(gene.product)
    return Terms(
        product="" if is_uncharacterized(name) else name,
        gene=gene.gene,
        ec_numbers=ec_numbers_of((*gene.ec_numbers, *named_ecs)),
        go_terms=gene.go_terms,
        ko=gene.ko,
    )


def _item(gene: Gene, entry: Entry, entries: Sequence[Entry]) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="prior_annotation",
        # Information that another program asserted and that we only import.
        eco=ECO_AUTOMATIC["imported"],
        statement=_statement(entry, entries),
        reference=f"{'_'.join((_namer(entry.gene) or 'gene').split())}:{entry.gene.id}",
        terms=entry.terms,
        title=entry.gene.product,
        tool=_namer(entry.gene),
        provenance=entry.gene.provenance,
    )


def _statement(entry: Entry, entries: Sequence[Entry]) -> str:
    path_name = entry.gene.provenance.path_name
    place = f" in {path_name}" if path_name else ""
    by = f" by {entry.tool}{place}" if _namer(entry.gene) else f"{place} (naming tool not stated)"
    grounds = _grounds(entry.gene.inference)
    grounds = f', inferred from "{grounds}"' if grounds else ""
    says = f"{_subject(entry)} is already {_saying(entry.terms)}{by}{grounds}"
    return sentence("; ".join([says, *_comparisons(entry, entries)]))


def _subject(entry: Entry) -> str:
    if not entry.is_same_id:
        return f"An identical protein, {entry.gene.id},"
    return "This gene" if entry.has_sequence else "A gene of this id (no sequence to compare)"


def _saying(terms: Terms) -> str:
    codes = [f"gene {terms.gene}"] if terms.gene else []
    codes += [f"EC {ec}" for ec in terms.ec_numbers]
    codes += [f"KO {ko}" for ko in terms.ko]
    if terms.product:
        codes += [listed(terms.go_terms, most=MOST_CODES)] if terms.go_terms else []
        return f'named "{terms.product}"' + (f" ({', '.join(codes)})" if codes else "")
    codes += list(terms.go_terms)
    return f"given {listed(codes, most=MOST_CODES)} but no informative name"


def _comparisons(entry: Entry, entries: Sequence[Entry]) -> list[str]:
    """Say for each other tool whether it agrees; a tool is not compared with itself."""
    by_tool: dict[str, str] = {}
    for other in entries:
        relation = _relation(entry.terms, other.terms)
        if other.tool != entry.tool and relation:
            by_tool.setdefault(other.tool, relation)
    return [f"{tool} {relation}" for tool, relation in sorted(by_tool.items())]


def _relation(own: Terms, other: Terms) -> str:
    """Compare two annotations by EC, else KO, else name; empty when they cannot be compared."""
    if own.ec_numbers and other.ec_numbers:
        return _ec_relation(own.ec_numbers, other.ec_numbers)
    if own.ko and other.ko:
        shared = [ko for ko in own.ko if ko in other.ko]
        return f"agrees on KO {listed(shared)}" if shared else f"disagrees: KO {listed(other.ko)}"
    if own.product and other.product:
        is_same = name_key(own.product) == name_key(other.product)
        return "gives the same name" if is_same else f'calls it "{other.product}"'
    return ""


def _ec_relation(own: Sequence[str], other: Sequence[str]) -> str:
    shared = [ec for ec in own if ec in other]
    if shared:
        return f"agrees on EC {listed(shared)}"
    pairs = [(mine, theirs) for mine in own for theirs in other]
    broader = [_stem(theirs) for mine, theirs in pairs if _is_compatible(mine, theirs)]
    if broader:
        return f"is compatible: EC {listed(other)}"
    return f"disagrees: EC {listed(other)}"


def _is_compatible(first: str, second: str) -> bool:
    """Tell whether one EC number is the other, said less precisely."""
    return _stem(first).startswith(_stem(second)) or _stem(second).startswith(_stem(first))


def _stem(ec_number: str) -> str:
    return ec_number.rstrip("-.") + "."
