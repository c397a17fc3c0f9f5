"""Drafting with a language model: it adds to the rule-made draft and can take nothing away.

The model sees a few items of evidence under short keys and answers under a schema made for the
call. What it writes becomes claims of origin "llm", unchecked here and checked by grounding,
and experiments that the catalogue words. It sets no probability and no candidate. When it
fails, the rule-made draft stands and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from assistant.claims import Citation, Claim, Experiment, FlagNote, LlmPart
from assistant.draft_answer import (
    LONGEST_QUOTE,
    MOST_RATIONALE,
    DraftAnswer,
    schema_of,
    unwrapped,
)
from assistant.grounding import invented, is_aim, is_doubt, is_verbatim
from assistant.llm.base import Message
from assistant.llm.untrusted import as_data, visible
from assistant.llm_experiments import chosen_experiment, offered_types
from assistant.model_text import tamed
from assistant.wording import function_label
from ingest.errors import BackendError
from ingest.records import clean_sequence, digest_of
from prompts import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.claims import Hypothesis
    from assistant.draft_answer import DraftClaim, DraftExperiment
    from assistant.llm.base import Completion, LLMBackend, Schema
    from ingest.records import Gene
    from prompts import RenderedPrompt
    from retrieval.evidence.base import Evidence

#: The flag of a draft whose model gave no usable answer.
LLM_FAILED: Final = "llm_failed"
PROMPT_NAME: Final = "draft_function"
MOST_EVIDENCE: Final = 8  # items in the prompt
MOST_OF_LEADER: Final = 3  # of them for the leading function
MOST_PER_KIND: Final = 3
MOST_ALIKE: Final = 2  # of one kind for one function: more say nothing new, and take time
#: Claims on a gene without a leading function; rivals and experiments are not asked for either.
MOST_WITHOUT_LEADER: Final = 1
LONGEST_ITEM: Final = 360  # characters of one item: eight of them are about 800 tokens
ANSWER_TOKENS: Final = 512
MOST_QUOTES: Final = 2  # parts of an item that may be quoted
# Where a quote may end; before a bracket, since an accession may be left out in it.
_BREAKS: Final = re.compile(r"(?<=[,;:.)])\s+|\s+(?=over\b|but\b|\()")
_ACCESSIONS: Final = re.compile(r"\s\([A-Z]\w+:[\w.]+\)|(?<=\()[A-Z]\w+:[\w.]+,\s")
_CORRECTION: Final = (
    "That answer cannot be used: {problem}. Write the JSON again, shorter, in the form asked for."
)
_LONGEST_PROBLEM: Final = 300  # characters
_DOUBT: Final = "The language model is unsure: "


@dataclass(frozen=True, slots=True)
class _Turn:
    """One gene's conversation: what is shown to the model and how it may answer."""

    prompt: RenderedPrompt
    keyed: Mapping[str, Evidence]
    schema: Schema
    short_schema: Schema


def draft_with_llm(
    hypothesis: Hypothesis,
    gene: Gene,
    evidence: Sequence[Evidence],
    backend: LLMBackend,
    *,
    seed: int,
) -> Hypothesis:
    """Add a model's claims, experiments and doubts to a rule-made draft.

    Never raises for what a model or a server does: a failure is written down in ``llm`` and
    the rest of the draft stays as it was. Without evidence the model is not asked.

    Returns:
        The draft with unchecked claims of origin "llm" behind those of the rules.
    """
    shown = choose_evidence(hypothesis, evidence)
    if not shown:
        part = LlmPart(model=backend.model, detail="no evidence to weigh", seed=seed)
        return hypothesis.model_copy(update={"llm": part})
    turn = _turn(hypothesis, gene, shown)
    part = LlmPart(
        model=backend.model,
        prompt_name=turn.prompt.name,
        prompt_sha256=turn.prompt.sha256,
        seed=seed,
        evidence_shown=len(shown),
        evidence_left_out=len(evidence) - len(shown),
    )
    try:
        answer, model = _ask(turn, backend, seed)
    except BackendError as error:
        return _marked(hypothesis, part, visible(str(error)))
    answered = part.model_copy(update={"status": "answered", "model": model})
    return _joined(hypothesis, gene, turn, answer, answered)


def choose_evidence(hypothesis: Hypothesis, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Choose what the model sees: the leader's best, what speaks against it, then every kind."""
    by_id = {item.id: item for item in evidence}
    first = hypothesis.candidates[0] if hypothesis.candidates else None
    rivals = hypothesis.candidates[1:]
    wanted = [
        *(first.supporting[:MOST_OF_LEADER] if first else ()),
        *(first.contradicting[:1] if first else ()),
        *(key for rival in rivals[:2] for key in rival.supporting[:1]),
        *(item.id for item in _by_turns(evidence)),
    ]
    chosen: dict[str, Evidence] = {}
    for key in wanted:
        item = by_id.get(key)
        if item is None or key in chosen or not _says_something(item):
            continue
        same_kind = [other for other in chosen.values() if other.kind == item.kind]
        alike = sum(_function_of(other) == _function_of(item) for other in same_kind)
        if len(same_kind) < MOST_PER_KIND and alike < MOST_ALIKE:
            chosen[key] = item
    return tuple(list(chosen.values())[:MOST_EVIDENCE])


def _function_of(item: Evidence) -> str:
    """Name the function that an item speaks for; its own id where it names none."""
    return item.terms.product.casefold() or item.id


def _by_turns(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the first item of each kind, then the second of each, in the given order."""
    turns: dict[str, int] = {}
    placed = []
    for place, item in enumerate(evidence):
        turn = turns[item.kind] = turns.get(item.kind, 0) + 1
        placed.append((turn, place))
    yield from (evidence[place] for _, place in sorted(placed))


# --- Asking ---------------------------------------------------------------------------------


def _turn(hypothesis: Hypothesis, gene: Gene, shown: Sequence[Evidence]) -> _Turn:
    keyed = {f"E{place}": item for place, item in enumerate(shown, start=1)}
    leads = hypothesis.leading is not None
    types = offered_types(hypothesis, shown) if leads else ()
    items = [
        {"key": key, "kind": item.kind.replace("_", " "), "text": _told(item)}
        for key, item in keyed.items()
    ]
    prompt = render(
        PROMPT_NAME,
        gene=_gene_line(gene),
        leading=as_data(_leading(hypothesis)),
        others=as_data(_others(hypothesis)),
        # No text can close a fence that depends on all texts.
        fence=digest_of(gene.id, *(item["text"] for item in items))[:8],
        evidence=items,
        experiments=", ".join(types),
    )
    quotes = tuple(quote for item in shown for quote in quotable_parts(item))
    has_rivals = leads and len(hypothesis.candidates) > 1
    # As many claims as there are different things to say: small models fill up by repeating.
    things = {(item.kind, _function_of(item)) for item in shown}
    most = min(MOST_RATIONALE if leads else MOST_WITHOUT_LEADER, len(things))
    return _Turn(
        prompt,
        keyed,
        schema=schema_of(list(keyed), quotes, types, has_rivals=has_rivals, most=most),
        short_schema=schema_of(list(keyed), quotes, (), has_rivals=False, most=1),
    )


def quotable_parts(item: Evidence) -> tuple[str, ...]:
    """Cut the first parts of an item's own words that are short enough to be quoted.

    A paper is quoted by its own sentence; everything else by our statement.
    """
    parts = [""]
    for piece in _BREAKS.split(as_data(item.quote or item.statement, LONGEST_ITEM)):
        joined = f"{parts[-1]} {piece}".strip()
        if len(joined) <= LONGEST_QUOTE and not piece.startswith("("):
            parts[-1] = joined
        else:
            parts.append(piece[:LONGEST_QUOTE].rpartition(" ")[0] or piece[:LONGEST_QUOTE])
    fitting = [part for part in parts if is_verbatim(part, item) and not part.startswith("(")]
    return tuple(dict.fromkeys(fitting[:MOST_QUOTES])) or (visible(item.statement),)


def _told(item: Evidence) -> str:
    """Write an item without accessions: models mix them up, and the key says which item it is."""
    return as_data(_ACCESSIONS.sub("", item.statement), LONGEST_ITEM)


def _says_something(item: Evidence) -> bool:
    """Tell whether something is left of an item when orders in it are left out."""
    return bool(_told(item))


def _gene_line(gene: Gene) -> str:
    length = len(clean_sequence(gene.translation))
    parts = [gene.id, f"{length} residues", f'named "{gene.product}"' if gene.product else ""]
    parts += ["incomplete"] if gene.partial else []
    return as_data(", ".join(part for part in parts if part), LONGEST_ITEM)


def _leading(hypothesis: Hypothesis) -> str:
    leading = hypothesis.leading
    return function_label(leading) if leading else "none; no function is proposed"


def _others(hypothesis: Hypothesis) -> str:
    rest = hypothesis.candidates[1:3] if hypothesis.leading else hypothesis.candidates[:2]
    return "; ".join(function_label(candidate) for candidate in rest) or "none"


def _ask(turn: _Turn, backend: LLMBackend, seed: int) -> tuple[DraftAnswer, str]:
    """Ask, and ask once more, for less and with the reason, when the answer cannot be used.

    Raises:
        BackendError: The backend failed, or the second answer cannot be used either.
    """
    messages = [Message(role, content) for role, content in turn.prompt.turns]
    completion = backend.generate(messages, turn.schema, max_tokens=ANSWER_TOKENS, seed=seed)
    answer, problem = _parsed(completion)
    if answer is None:
        correction = Message("user", _CORRECTION.format(problem=problem))
        completion = backend.generate(
            [*messages, correction], turn.short_schema, max_tokens=ANSWER_TOKENS, seed=seed
        )
        answer, problem = _parsed(completion)
    if answer is None:
        what = f"two answers could not be used: {problem}"
        raise BackendError(what, where=backend.model)
    return answer, completion.model


def _parsed(completion: Completion) -> tuple[DraftAnswer | None, str]:
    if completion.truncated:
        return None, "it was cut off before its end"
    try:
        return DraftAnswer.model_validate_json(unwrapped(completion.text)), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return None, as_data(f"{place}: {first['msg']}".strip(": "), _LONGEST_PROBLEM)


def _marked(hypothesis: Hypothesis, part: LlmPart, reason: str) -> Hypothesis:
    """Mark a draft whose model failed; all of it but the mark is the rules'."""
    note = FlagNote(flag=LLM_FAILED, reason=f"The language model gave no usable answer: {reason}")
    return hypothesis.model_copy(
        update={
            "llm": part.model_copy(update={"status": "failed", "detail": reason}),
            "flags": (*hypothesis.flags, LLM_FAILED),
            "flag_notes": (*hypothesis.flag_notes, note),
        }
    )


# --- Joining --------------------------------------------------------------------------------


def _joined(
    hypothesis: Hypothesis, gene: Gene, turn: _Turn, answer: DraftAnswer, part: LlmPart
) -> Hypothesis:
    claims = (*hypothesis.claims, *_claims(gene, turn, answer, hypothesis))
    shown = tuple(turn.keyed.values())
    left_out: list[str] = []
    experiments = tuple(_experiments(hypothesis, gene, turn, answer, left_out))
    doubt = tamed(answer.unsure_about, _sources(turn))
    unknowns = hypothesis.unknowns
    if is_doubt(doubt):
        foreign = invented(doubt, shown, gene)
        if foreign:
            left_out.append(f"a doubt that names {foreign[0]}")
        else:
            unknowns = (*unknowns, _DOUBT + doubt)
    detail = f"left out, as it is not in the evidence: {'; '.join(left_out)}" if left_out else ""
    return hypothesis.model_copy(
        update={
            "claims": claims,
            "experiments": (*hypothesis.experiments, *experiments),
            "unknowns": unknowns,
            "llm": part.model_copy(update={"detail": detail}),
        }
    )


def _claims(
    gene: Gene, turn: _Turn, answer: DraftAnswer, hypothesis: Hypothesis
) -> Iterator[Claim]:
    seen = {claim.text for claim in hypothesis.claims}
    drafts = [("reason", one) for one in answer.rationale]
    drafts += [("alternative", one) for one in answer.alternatives]
    for role, draft in drafts:
        text = tamed(draft.text, _sources(turn))
        if text and text not in seen:
            seen.add(text)
            yield Claim(
                id=f"claim-{digest_of(gene.id, 'llm', role, text)}-{role}",
                text=text,
                origin="llm",
                citations=_citations(draft, turn),
            )


def _sources(turn: _Turn) -> list[str]:
    return [f"{item.statement} {item.quote} {item.title}" for item in turn.keyed.values()]


def _citations(draft: DraftClaim, turn: _Turn) -> tuple[Citation, ...]:
    """Point to the evidence; the quote goes to the item that holds it, else to the first."""
    keyed = turn.keyed
    keys = tuple(dict.fromkeys(draft.evidence))
    quote = tamed(draft.quote, _sources(turn))
    holders = [key for key in keys if key in keyed and is_verbatim(quote, keyed[key])]
    quoted = holders[0] if holders else keys[0]
    return tuple(
        # A key that was never given stays as it is, so that its check fails and shows it.
        Citation(
            evidence_id=keyed[key].id if key in keyed else visible(key),
            quote=quote if key == quoted else "",
        )
        for key in keys
    )


def _experiments(
    hypothesis: Hypothesis, gene: Gene, turn: _Turn, answer: DraftAnswer, left_out: list[str]
) -> Iterator[Experiment]:
    shown = tuple(turn.keyed.values())
    offered = offered_types(hypothesis, shown)
    for draft in {one.type: one for one in answer.experiments}.values():
        if draft.type not in offered:
            left_out.append(f"an experiment of the type {visible(draft.type)}")
            continue
        experiment = chosen_experiment(draft.type, hypothesis, gene, shown)
        aim = _aim(draft, shown, gene)
        yield experiment.model_copy(update={"aim": aim}) if aim else experiment


def _aim(draft: DraftExperiment, shown: Sequence[Evidence], gene: Gene) -> str:
    """Keep the model's aim when it is one and names nothing new."""
    aim = visible(draft.aim)
    return aim if is_aim(aim) and not invented(aim, shown, gene) else ""
