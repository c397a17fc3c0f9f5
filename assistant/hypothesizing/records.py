"""What a hypothesis may be about, and the record of all that was drafted on it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from assistant.claims import DRAFT_NOTICE, Hypothesis
from retrieval.evidence.base import Evidence

SubjectKind: TypeAlias = Literal["gene", "cluster", "pathway", "taxon", "cohort_row"]
SCHEMA_VERSION = "1"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HypothesisSubject(_Model):
    """What is asked about. ``members`` are the genes of a cluster, in their order."""

    kind: SubjectKind
    id: str
    name: str
    members: tuple[str, ...] = ()


class SubjectRecord(_Model):
    """The hypotheses on a subject, best first, and the evidence that they cite."""

    schema_version: str = SCHEMA_VERSION
    subject: HypothesisSubject
    hypotheses: tuple[Hypothesis, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    notice: str = DRAFT_NOTICE
