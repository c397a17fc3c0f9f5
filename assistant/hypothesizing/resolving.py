"""Which genes, pathway, taxon or row of a table a user means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.hypothesizing.records import HypothesisSubject
from ingest.errors import UserError
from retrieval.renamed_taxa import other_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import AnnotationRecord
    from ingest.store_reader import StoreReader

_PLACE: Final = re.compile(r"(?P<seqid>\S+):(?P<start>[\d,]+)(?:-|\.\.)(?P<end>[\d,]+)")
_KINDS: Final = {"pathway": "pathway", "taxon": "taxon"}
#: Genes of one cluster: a longer stretch is a region, not a unit.
MOST_GENES: Final = 40


def resolve(
    text: str, facts: StoreReader, records: Mapping[str, AnnotationRecord]
) -> HypothesisSubject:
    """Say what is meant: genes of the run first, then rows of tables by id, then by name.

    Args:
        text: A gene id; ``contig:start-end`` or gene ids with commas; an id or a name of a
            pathway, a taxon or another row.
        facts: The store.
        records: Records of the run.

    Raises:
        UserError: Nothing of that name is there, or too many genes.
    """
    wanted = text.strip().lstrip("@")
    found = (
        _gene(wanted, records)
        or _listed(wanted, records)
        or _place(wanted, records)
        or _row(wanted, facts)
        or _named(wanted, facts)
    )
    if found is None:
        what = f"nothing called {text!r} is in this knowledge base or run"
        hint = (
            "Give a gene of the run, contig:start-end, gene ids with commas, a pathway or a taxon"
        )
        raise UserError(what, where="hypothesize", hint=hint)
    if len(found.members) > MOST_GENES:
        what = f"{len(found.members)} genes are too many for one cluster"
        raise UserError(what, where="hypothesize", hint=f"Give {MOST_GENES} at most")
    return found


def _gene(wanted: str, records: Mapping[str, AnnotationRecord]) -> HypothesisSubject | None:
    if wanted not in records:
        return None
    return HypothesisSubject(kind="gene", id=wanted, name=wanted)


def _listed(wanted: str, records: Mapping[str, AnnotationRecord]) -> HypothesisSubject | None:
    names = [part.strip().lstrip("@") for part in re.split(r"[,;]", wanted) if part.strip()]
    if len(names) < 2:
        return None
    missing = [name for name in names if name not in records]
    if missing:
        hint = "List the genes with `metalumen review RUN list`"
        raise UserError(f"no gene {missing[0]!r} in this run", where="hypothesize", hint=hint)
    return _cluster(names, records)


def _place(wanted: str, records: Mapping[str, AnnotationRecord]) -> HypothesisSubject | None:
    match = _PLACE.fullmatch(wanted)
    if not match:
        return None
    start, end = (int(match[name].replace(",", "")) for name in ("start", "end"))
    inside = [
        gene_id
        for gene_id, record in records.items()
        if (place := record.gene.location) is not None
        and place.seqid == match["seqid"]
        and place.end >= min(start, end)
        and place.start <= max(start, end)
    ]
    return _cluster(inside, records) if inside else None


def _cluster(names: list[str], records: Mapping[str, AnnotationRecord]) -> HypothesisSubject:
    def position(name: str) -> tuple[str, int, str]:
        place = records[name].gene.location
        return (place.seqid, place.start, name) if place else ("", 0, name)

    ordered = tuple(sorted(dict.fromkeys(names), key=position))
    if len(ordered) == 1:
        return HypothesisSubject(kind="gene", id=ordered[0], name=ordered[0])
    name = f"{ordered[0]} to {ordered[-1]}"
    return HypothesisSubject(kind="cluster", id=",".join(ordered), name=name, members=ordered)


def _row(wanted: str, facts: StoreReader) -> HypothesisSubject | None:
    rows = facts.features_with_id(wanted)
    if not rows:
        return None
    kind = _KINDS.get(rows[0].kind, "cohort_row")
    subject = {"kind": kind, "id": wanted, "name": rows[0].name or wanted}
    return HypothesisSubject.model_validate(subject)


def _named(wanted: str, facts: StoreReader) -> HypothesisSubject | None:
    """Find a pathway or a taxon by its whole name, under old names too."""
    for feature_id, name in facts.lookup.pathways():
        if name.casefold() == wanted.casefold():
            return HypothesisSubject(kind="pathway", id=feature_id, name=name)
    for name in (wanted, *other_names(wanted)):
        for feature_id, _ in facts.lookup.features_called(name):
            rows = facts.features_with_id(feature_id)
            if rows and rows[0].name.replace("_", " ").casefold() == name.casefold():
                return _row(feature_id, facts)
    if facts.lookup.proteins_of(wanted, 1).count:
        return HypothesisSubject(kind="taxon", id=wanted, name=wanted)
    return None
