"""Claims: what is drafted about a gene, and what a person decided about it.

Claims are pydantic models that point to facts (``Evidence``) by id. Unknown fields are
refused. A draft carries automatic-assertion ECO codes only; a manual code comes from a
``Review`` by a named person.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from ingest.records import Gene
from retrieval.evidence.base import Evidence

SCHEMA_VERSION = "1"
DRAFT_NOTICE = "Machine-drafted, not experimentally verified"

Origin: TypeAlias = Literal["rule", "llm"]
Tier: TypeAlias = Literal["high", "medium", "low", "abstain"]
Verdict: TypeAlias = Literal["supported", "partial", "unsupported", "contradicted", "unchecked"]
#: "samples": nucleic acids of the samples only; "level_1": a disabled laboratory strain.
BiosafetyClass: TypeAlias = Literal[
    "", "computer_only", "samples", "level_1", "isolates", "officer_first"
]
State: TypeAlias = Literal["draft", "accepted", "accepted_with_changes", "rejected", "deferred"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(_Model):
    """A pointer from a claim to an item of evidence, with the words that it leans on."""

    evidence_id: str = Field(description="Id of the evidence")
    quote: str = Field(default="", description="Verbatim part of the evidence, or empty")


class Check(_Model):
    """One check of a claim against the evidence that it cites."""

    name: Literal[
        "key", "quote", "identifiers", "numbers", "names", "overlap", "agreement", "entailment"
    ]
    passed: bool
    detail: str = ""


class Claim(_Model):
    """One statement, who wrote it, what it cites, and how the checks went."""

    id: str
    text: str
    origin: Origin
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = "unchecked"
    checks: tuple[Check, ...] = ()

    @property
    def stands(self) -> bool:
        """Tell whether the claim may appear where facts are stated."""
        return self.verdict == "supported"


class LevelProbability(_Model):
    """Probability that the EC number is right to this many digits."""

    ec_number: str
    probability: float = Field(ge=0, le=1)


class CandidateFunction(_Model):
    """A possible function with its probability, and the evidence for and against it.

    ``ec_number`` is as specific as the evidence carries ("3.2.1.-" is allowed);
    ``ec_levels`` lists the probability at each level, most general first; ``go_probabilities``
    and ``ko_probabilities`` go with the terms, place by place.
    """

    rank: int = Field(ge=1)
    product: str
    gene: str = ""
    ec_number: str = ""
    ec_levels: tuple[LevelProbability, ...] = ()
    go_terms: tuple[str, ...] = ()
    go_probabilities: tuple[float, ...] = ()
    ko: tuple[str, ...] = ()
    ko_probabilities: tuple[float, ...] = ()
    probability: float = Field(ge=0, le=1)
    tier: Tier
    reasons: tuple[str, ...] = ()
    supporting: tuple[str, ...] = Field(default=(), description="Evidence ids for it")
    contradicting: tuple[str, ...] = Field(default=(), description="Evidence ids against it")
    eco: str = ""
    origin: Origin = "rule"


class Experiment(_Model):
    """A follow-up experiment of a closed type, with controls and both outcomes.

    ``discriminates`` says between what a result decides, ``decision_rule`` how.
    """

    type: str = Field(description="Key of the catalogue in assistant.experiments")
    eco: str
    title: str
    aim: str
    design: str
    controls: tuple[str, ...]
    expected_if_true: str
    expected_if_false: str
    effort: Literal["low", "medium", "high"]
    safety_note: str = ""
    host: str = ""
    decision_rule: str = ""
    discriminates: str = ""
    biosafety: BiosafetyClass = ""
    origin: Origin = "rule"
    claim_ids: tuple[str, ...] = ()


class FlagNote(_Model):
    """A flag for the reviewer: its short name, and why it was raised, with the numbers."""

    flag: str
    reason: str


class RankPart(_Model):
    """One part of what a hypothesis is ranked by, between 0 and 1, and how it came about."""

    name: Literal["independence", "confidence", "discrimination", "effort"]
    value: float = Field(ge=0, le=1)
    reason: str = ""


class LlmPart(_Model):
    """What became of the language model's turn for one gene.

    ``evidence_shown`` items were in its prompt; ``evidence_left_out`` did not fit or say less.
    """

    model: str = ""
    status: Literal["not_asked", "answered", "failed"] = "not_asked"
    detail: str = ""
    prompt_name: str = ""
    prompt_sha256: str = ""
    seed: int = 0
    evidence_shown: int = 0
    evidence_left_out: int = 0


class Hypothesis(_Model):
    """A draft: candidates, statements, experiments and what is not known.

    ``prediction`` is what would be seen if it is true; ``ranked_by`` holds the parts of its rank.
    """

    id: str
    gene_id: str
    statement: str
    tier: Tier
    probability: float = Field(ge=0, le=1)
    abstain_reason: str = ""
    candidates: tuple[CandidateFunction, ...] = ()
    claims: tuple[Claim, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    unknowns: tuple[str, ...] = ()
    prediction: str = ""
    assumptions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    ranked_by: tuple[RankPart, ...] = ()
    flags: tuple[str, ...] = ()
    flag_notes: tuple[FlagNote, ...] = Field(default=(), description="Why each flag was raised")
    llm: LlmPart = LlmPart()
    state: State = "draft"

    @property
    def leading(self) -> CandidateFunction | None:
        """The first candidate, unless the tool abstains."""
        return self.candidates[0] if self.candidates and self.tier != "abstain" else None


class AnnotationRecord(_Model):
    """One line of ``hypotheses.jsonl``: the gene, its evidence and the draft."""

    schema_version: str = SCHEMA_VERSION
    gene: Gene
    hypothesis: Hypothesis
    evidence: tuple[Evidence, ...] = ()

    def evidence_by_id(self) -> dict[str, Evidence]:
        """Index the evidence by id (ids are computed from content)."""
        return {item.id: item for item in self.evidence}


class Review(_Model):
    """One decision of a named person; never changed, only followed by another."""

    gene_id: str
    state: State
    reviewer: str = Field(min_length=1)
    reason: str = ""
    reason_code: str = ""
    product: str = ""
    ec_number: str = ""
    orcid: str = ""
    decided_at: str = Field(description="UTC time, ISO 8601")
    hypothesis_id: str = ""


class RunInfo(_Model):
    """What made a run: parameters, versions and digests. No clock, so runs compare."""

    schema_version: str = SCHEMA_VERSION
    software_version: str
    input_name: str
    input_sha256: str
    knowledge_base_sha256: str
    knowledge_base_counts: dict[str, int]
    knowledge_base_files: dict[str, str] = Field(default_factory=dict)
    embedders: dict[str, str]
    llm: str
    llm_model: str = ""
    prompts: dict[str, str] = Field(default_factory=dict)
    calibration: str = ""
    seed: int = 0
    parameters: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, int] = Field(default_factory=dict)
