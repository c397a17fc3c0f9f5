"""An answer made into a draft for the review queue: its sentences, its sources, and its question.

Nothing is added to it. The draft is bound to the gene that the question was about, where there
is one, and stands alone otherwise; a named person decides on it as on any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.chat.checking import as_evidence
from assistant.claims import AnnotationRecord, Citation, Claim, FlagNote, Hypothesis, LlmPart
from ingest.errors import UserError
from ingest.records import Gene, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.chat.answers import Answer, AnswerSentence
    from retrieval.evidence.base import Evidence

#: What the names of promoted drafts hold, so that they are never taken for genes.
MARK: Final = "answer-"
FLAG: Final = "from_chat"
_UNTESTED: Final = "Whether it holds: the sources were quoted, nothing was tested."
_NOT_RANKED: Final = "an answer of the chat; no function was ranked"


def promoted(answer: Answer, gene: Gene | None = None) -> AnnotationRecord:
    """Write an answer as a draft.

    Args:
        answer: The answer; what its checks turned down goes with it, as turned down.
        gene: The gene of the run that it is about, if it is about one.

    Raises:
        UserError: The answer says nothing that stands.
    """
    if not answer.sentences:
        hint = "Only an answer with sentences from sources can become a draft"
        raise UserError("this answer states nothing", where="promote", hint=hint)
    said = " ".join(sentence.text for sentence in answer.sentences)
    name = f"{MARK}{digest_of(gene.id if gene else '', answer.question, said)[:8]}"
    subject = _named(gene, f"{gene.id}/{name}" if gene else name)
    items = {source.key: as_evidence(source) for source in answer.sources}
    hypothesis = Hypothesis(
        id=f"hyp-{digest_of(subject.id, answer.question, said)}",
        gene_id=gene.id if gene else "",
        statement=said,
        tier="abstain",
        probability=0.0,
        abstain_reason=_NOT_RANKED,
        claims=tuple(_claims(answer, items)),
        unknowns=(_UNTESTED, *answer.not_found),
        flags=(FLAG,),
        flag_notes=(FlagNote(flag=FLAG, reason=f"Asked in the chat: {answer.question}"),),
        llm=LlmPart(model=answer.model, status="answered") if answer.model else LlmPart(),
    )
    cited = {key for one in (*answer.sentences, *answer.rejected) for key in one.keys}
    # What was only near to the question is no evidence for the answer.
    evidence = tuple(item for key, item in items.items() if key in cited)
    return AnnotationRecord(gene=subject, hypothesis=hypothesis, evidence=evidence)


def gene_in_question(answer: Answer) -> str:
    """Name the gene that an answer is about; "" when there is none, or more than one."""
    genes = [it.name for it in (*answer.subjects, *answer.carried) if it.kind == "gene"]
    return genes[0] if len(genes) == 1 else ""


def _named(gene: Gene | None, name: str) -> Gene:
    """Name the draft, with the gene's place and protein but without its product."""
    if gene is None:
        return Gene(name)
    return Gene(name, translation=gene.translation, gene=gene.gene, location=gene.location)


def _claims(answer: Answer, items: dict[str, Evidence]) -> Iterator[Claim]:
    for sentence in (*answer.sentences, *answer.rejected):
        yield Claim(
            id=f"claim-{digest_of('chat', sentence.text, *sentence.keys)}",
            text=sentence.text,
            origin=sentence.origin,
            citations=tuple(_citations(sentence, items)),
            verdict=sentence.verdict,
            checks=sentence.checks,
        )


def _citations(sentence: AnswerSentence, items: dict[str, Evidence]) -> Iterator[Citation]:
    for key in sentence.keys:
        yield Citation(evidence_id=items[key].id if key in items else key)
