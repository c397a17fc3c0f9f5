"""The words of the reports: every code that a reader may meet, in plain language. No logic."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assistant.flags.classes import CLASS_WORDS, class_of
from ingest.vocab import ECO_AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import Tier, Verdict
    from assistant.report.base import ShownState
    from retrieval.evidence.base import EvidenceKind


@dataclass(frozen=True, slots=True)
class Words:
    """A sign, a word and a sentence for one code; the sign never stands alone."""

    sign: str
    word: str
    meaning: str


STATES: Final[Mapping[ShownState, Words]] = MappingProxyType(
    {
        "accepted": Words("✓", "Accepted", "A named person accepted the draft as it was."),
        "accepted_with_changes": Words(
            "✓", "Accepted with changes", "A named person accepted it under their own wording."
        ),
        "rejected": Words("✕", "Rejected", "A named person turned the draft down."),
        "deferred": Words("◷", "Deferred", "A named person wants more data first."),
        "draft": Words("✎", "Draft", "Drafted by the software; nobody has reviewed it."),
        "abstained": Words("–", "Abstained", "The software proposes no function for this gene."),
    }
)

#: How far a probability may be trusted, for those who read one.
CALIBRATED: Final = (
    "Where alignments speak, probability is calibrated: of proposals given 0.8, about eight in ten "
    "were right on the data that it was fitted on, most of them enzymes. Where only "
    "families, domains or earlier annotations speak it is set by rule and was not measured. Your "
    "genes may differ more from known proteins than those data did."
)
TIERS: Final[Mapping[Tier, Words]] = MappingProxyType(
    {
        "high": Words(
            "●●●",
            "High",
            "Probability 0.9 or more, from several independent sources or from one that is nearly "
            "the same protein.",
        ),
        "medium": Words(
            "●●○",
            "Medium",
            "Probability 0.7 or more; also what is more probable, but rests on one source or on a "
            "domain.",
        ),
        "low": Words(
            "●○○",
            "Low",
            "Probability 0.5 or more: a lead to follow. Earlier annotations, domain families or "
            "unaligned neighbours alone are never higher.",
        ),
        "abstain": Words(
            "○○○", "None", "Below 0.5, or no better than chance: nothing is proposed."
        ),
    }
)

VERDICTS: Final[Mapping[Verdict, Words]] = MappingProxyType(
    {
        "supported": Words("✓", "Supported", "The evidence that it cites says so."),
        "partial": Words("◐", "Partly supported", "Some of it is not in the evidence it cites."),
        "unsupported": Words("✕", "Unsupported", "The evidence that it cites does not say so."),
        "contradicted": Words("≠", "Contradicted", "The evidence says something else."),
        "unchecked": Words("?", "Not checked", "No check could be made."),
    }
)

KINDS: Final[Mapping[EvidenceKind, str]] = MappingProxyType(
    {
        "similarity": "Sequence similarity",
        "embedding_neighbours": "Embedding neighbour",
        "families": "Protein family",
        "genomic_context": "Genomic context",
        "abundance": "Abundance",
        "literature": "Literature",
        "prior_annotation": "Earlier annotation",
        "drug_metabolism": "Drug metabolism",
    }
)

CHECKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "key": "The evidence that it cites exists",
        "quote": "The quote is verbatim in the evidence",
        "identifiers": "Identifiers are in the evidence",
        "numbers": "Numbers are in the evidence",
        "names": "Names of genes and organisms are in the evidence",
        "overlap": "The evidence is about the same thing",
        "agreement": "It agrees with the database evidence",
        "entailment": "It follows from the evidence, by a model or by words",
    }
)

FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "biosecurity_review": "A toxin of an official control list is named among the relatives. "
        "Ask the biosafety officer before any work with the gene.",
        "toxin": "A toxin is named among the relatives; only computation and detection are "
        "proposed.",
        "partial": "The gene is cut off: parts of the protein are missing.",
        "contig_edge": "The gene lies at the end of its contig and may be cut off.",
        "short_protein": "The protein is so short that similarity is hard to tell from chance.",
        "already_annotated": "The gene came with a name that already says what it does.",
        "domain_only": "Only a domain is shared with proteins of known function.",
        "already_known": "The same function is known of this protein already, so it is not new.",
        "less_specific": "More is known of this protein than the draft says.",
        "paralog_subfamily": "The closest relatives split between functions of one family, so "
        "this may be a paralog.",
        "context_disagrees": "The neighbours speak for another process.",
        "repeated_often": "The same function is proposed for more genes of the input than is "
        "likely.",
        "uncertain": "The probability is low: a lead to follow, not more.",
        "single_source": "A single source speaks for the leading function.",
        "conflicting_functions": "Evidence of similar strength names different functions.",
        "llm_failed": "The language model gave no usable answer; all of the draft is by rule.",
        "prior_annotation_disagrees": "The name that the gene came with says something else.",
    }
)

EFFORTS: Final[Mapping[str, str]] = MappingProxyType(
    {"low": "Low effort", "medium": "Medium effort", "high": "High effort"}
)

BIOSAFETY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "computer_only": "Nothing is handled",
        "samples": "Nucleic acids of the samples only",
        "level_1": "Modified laboratory strain, biosafety level 1",
        "isolates": "Unmodified isolates: biosafety level 2 until their risk group is known",
        "officer_first": "Ask the biosafety officer first",
    }
)

RANK_PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "independence": "Independence of the evidence",
        "confidence": "Calibrated confidence",
        "discrimination": "How far a test tells it from others",
        "effort": "How little the telling test costs",
    }
)

# Where a candidate further down is more probable than the first.
OUTDONE: Final = (
    "A candidate further down has a higher probability because it says less: compare "
    "probabilities at the same EC level only."
)

# Before the parts of a rank; the second where no function is proposed.
RANKED: Final = "How soon to test it, each part from 0 to 1, higher goes first:"
UNRANKED: Final = (
    "No function is proposed, so there is no confidence to rank by. What its tests can tell, "
    "each part from 0 to 1:"
)

ECO_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {code: f"{key.replace('_', ' ')}, automatic" for key, code in ECO_AUTOMATIC.items()}
    | {"ECO:0000305": "curator inference, manual"}
)

NOT_SUPPORTED: Final = "Not supported: kept out of the facts"


def class_words(flag: str) -> str:
    """Write the error class that a flag stands for, with its code; empty when there is none."""
    code = class_of(flag)
    return f"{CLASS_WORDS[code]}, {code}" if code else ""


def flag_words(flag: str) -> str:
    """Explain a flag; one of a plug-in, without an explanation here, is spelled out."""
    return FLAGS.get(flag) or f"{flag.replace('_', ' ').strip().capitalize()}."


def eco_words(code: str) -> str:
    """Write an ECO code with its meaning, where this table knows it."""
    return f"{code} ({ECO_NAMES[code]})" if code in ECO_NAMES else code
