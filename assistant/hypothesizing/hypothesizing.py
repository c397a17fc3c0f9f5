"""The one path from a subject to its ranked hypotheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.arguing import in_rank_order
from assistant.hypothesizing.of_communities import of_community
from assistant.hypothesizing.of_genes import of_cluster, of_gene
from assistant.hypothesizing.records import SubjectRecord
from assistant.hypothesizing.resolving import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import AnnotationRecord
    from retrieval.knowledge_base import KnowledgeBase

NOTHING = "Nothing is proposed: the knowledge base and the run hold nothing that speaks on it."


def hypothesize(
    text: str, base: KnowledgeBase, records: Sequence[AnnotationRecord]
) -> SubjectRecord:
    """Draft hypotheses on what ``text`` names, best first by parts that are shown.

    Raises:
        UserError: Nothing of that name is there.
    """
    by_id = {record.gene.id: record for record in records}
    subject = resolve(text, base.facts, by_id)
    if subject.kind == "gene":
        record = by_id[subject.id]
        hypotheses, evidence = of_gene(record), record.evidence
    elif subject.kind == "cluster":
        hypotheses, evidence = of_cluster(subject, [by_id[name] for name in subject.members])
    else:
        hypotheses, evidence = of_community(subject, base)
    return SubjectRecord(
        subject=subject,
        hypotheses=in_rank_order(hypotheses),
        evidence=evidence,
        note="" if hypotheses else NOTHING,
    )
