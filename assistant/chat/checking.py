"""Sentences of an answer against the sources that they cite, by the checks of all claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.chat.answers import AnswerSentence
from assistant.claims import Citation, Claim
from assistant.grounding import ground
from ingest.records import digest_of
from retrieval.evidence.base import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.chat.answers import Source
    from ingest.records import Gene

#: The id under which claims of a chat are checked: they are about the question, not a gene.
QUESTION_ID: Final = "question"


def as_evidence(source: Source) -> Evidence:
    """Present a source to the checks of claims, which read evidence; a caution stays with it."""
    title = f"{source.caution}: {source.title}" if source.caution else source.title
    return Evidence(
        gene_id=QUESTION_ID,
        kind="literature",
        eco="",
        statement=title,
        reference=source.reference,
        title=title,
        quote=source.text,
        passage_id=source.key,
    )


def checked_claims(
    claims: Sequence[Claim], by_key: Mapping[str, Evidence], gene: Gene | None = None
) -> tuple[AnswerSentence, ...]:
    """Check claims and write them as sentences; a key that is not there becomes ``?``."""
    evidence = {item.id: item for item in by_key.values()}
    keys = {item.id: key for key, item in by_key.items()}
    return tuple(
        AnswerSentence(
            text=claim.text,
            keys=tuple(keys.get(citation.evidence_id, "?") for citation in claim.citations),
            origin=claim.origin,
            verdict=claim.verdict,
            checks=claim.checks,
        )
        for claim in ground(claims, evidence, gene)
    )


def checked_extracts(chosen: Iterable[tuple[Source, str]]) -> tuple[AnswerSentence, ...]:
    """Check sentences that were taken from their sources; those that fail are left out."""
    by_key: dict[str, Evidence] = {}
    claims = []
    for source, text in chosen:
        item = by_key[source.key] = as_evidence(source)
        cited = (Citation(evidence_id=item.id, quote=text),)
        name = f"chat-{digest_of(source.key, text)}"
        claims.append(Claim(id=name, text=text, origin="rule", citations=cited))
    sentences = checked_claims(claims, by_key)
    return tuple(one for one in sentences if one.verdict == "supported")
