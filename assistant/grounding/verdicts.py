"""Verdicts: each claim against the evidence that it cites, by code alone.

The checks, cheapest first: key, quote, identifiers, numbers, names, overlap, agreement.
A failed check allows one verdict at best, and the worst of them stands:

    contradicted   the cited evidence denies it, or votes for another function
    unsupported    a citation, identifier, number or name is invented, or it says more
    partial        its words are not all in one cited sentence, or its quote is not verbatim
    supported      none of these: it adds nothing to a sentence of the evidence
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.claims import Check
from assistant.grounding.alignment import Outcome, clauses_of, content_of, read
from assistant.grounding.cited import Cited, cite
from assistant.grounding.concepts import is_said_loosely, means_same
from assistant.grounding.directions import turned
from assistant.grounding.entailment import (
    CONTRADICTED,
    ENTAILED,
    leans_against,
    model_in_use,
)
from assistant.grounding.entailment import judged as judge
from assistant.grounding.facts import (
    invented_identifiers,
    invented_names,
    invented_numbers,
)
from assistant.grounding.lexicon import (
    AIM_VERBS,
    BARE_VERBS,
    DOUBT_WORDS,
    INSTRUCTION,
    NECESSITY,
    NEGATION,
    OF_RESEARCH,
    OVERCLAIMS,
    SELF,
)
from assistant.grounding.names import is_enzyme, is_name
from assistant.grounding.quotes import is_verbatim
from assistant.grounding.restating import unbacked
from assistant.grounding.words import fold, sentence_texts, stem, tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.claims import Claim, Verdict
    from assistant.grounding.words import Token
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

#: Share of a claim's words that the cited evidence must have somewhere for "partial".
PARTIAL_SHARE: Final = 0.5
#: Share from which, on words alone, nothing can be said: neither backed nor plainly invented.
UNCHECKED_SHARE: Final = 0.35
_WORST_FIRST: Final[tuple[Verdict, ...]] = (
    "contradicted",
    "unsupported",
    "unchecked",
    "partial",
    "supported",
)
_OWN_NAME: Final = "this protein"
_SHORTEST_ID: Final = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and the best verdict that it leaves open."""

    check: Check
    best: Verdict


def ground(
    claims: Sequence[Claim], evidence: Mapping[str, Evidence], gene: Gene | None
) -> tuple[Claim, ...]:
    """Check each claim and set its checks and verdict; the order is kept.

    Args:
        claims: Claims by rule or by a model; earlier verdicts are replaced.
        evidence: All that may be cited, by the ids that the citations use.
        gene: The gene in question. Statements about "this protein" then need evidence on it,
            not on its relatives. None where no gene is in question, as in a chat.
    """
    return tuple(_grounded(claim, evidence, gene) for claim in claims)


def _grounded(claim: Claim, evidence: Mapping[str, Evidence], gene: Gene | None) -> Claim:
    key = _check_key(claim, evidence)
    findings = [key]
    if key.check.passed:
        items = {one.evidence_id: evidence[one.evidence_id] for one in claim.citations}
        cited = cite(tuple(items.values()))
        findings = _with_entailment(claim, cited, [key, *_content_findings(claim, cited, gene)])
    verdict = min((finding.best for finding in findings), key=_WORST_FIRST.index)
    checks = tuple(finding.check for finding in findings)
    return claim.model_copy(update={"verdict": verdict, "checks": checks})


def _with_entailment(claim: Claim, cited: Cited, findings: Sequence[Finding]) -> list[Finding]:
    """Add what a model, or the rule on words, says of a claim that is no extract."""
    open_ones = {one.check.name for one in findings if not one.check.passed}
    if not open_ones or "key" in open_ones:
        return list(findings)
    model = model_in_use()
    if model is None:
        return [*findings, _by_words(claim, cited)] if claim.origin == "llm" else list(findings)
    judged = judge(claim.text, cited, model)
    detail = f"{model.name}: entails {judged.entails:.2f}, contradicts {judged.contradicts:.2f}"
    if judged.contradicts >= CONTRADICTED > judged.entails:
        return [*findings, _finding("entailment", "contradicted", detail)]
    if judged.entails < ENTAILED or open_ones != {"overlap"} or _is_loose(claim.text, cited):
        best: Verdict = "partial" if judged.entails >= ENTAILED else "unchecked"
        return [*findings, _finding("entailment", best, detail)]
    # All that is named or counted is there word for word, nothing is turned, and it follows.
    said = Finding(Check(name="entailment", passed=True, detail=detail), "supported")
    return [*(one for one in findings if one.check.name != "overlap"), said]


def _by_words(claim: Claim, cited: Cited) -> Finding:
    is_against, lean = leans_against(claim.text, cited)
    if is_against:
        detail = f"no model; the words lean against it ({lean:.2f} for it)"
        return _finding("entailment", "unchecked", detail)
    detail = f"no model; by words alone {lean:.2f} for it"
    return Finding(Check(name="entailment", passed=True, detail=detail), "supported")


def _is_loose(text: str, cited: Cited) -> bool:
    """Tell whether a name, number or identifier is there only in another form."""
    return any(
        token.text not in cited.words
        for token in content_of(tokens_of(text))
        if token.kind != "word" or is_name(token)
    )


def invented(text: str, evidence: Sequence[Evidence], gene: Gene | None) -> tuple[str, ...]:
    """List what a free text of a model (an aim, a doubt) adds to the evidence.

    Identifiers, numbers, names, sequences, words of certainty, instructions, and any word that
    is neither in the evidence nor a common one of research. An empty answer does not mean that
    the text is right.
    """
    cited, plain = cite(evidence), _without_own_name(text, gene)
    foreign = (
        token.surface
        for token in content_of(tokens_of(plain))
        if token.text not in cited.words and token.text not in OF_RESEARCH
    )
    return (
        *invented_identifiers(plain, cited),
        *invented_numbers(plain, cited),
        *invented_names(plain, cited),
        *(word for word in _too_strong(plain, cited) if stem(word) not in OF_RESEARCH),
        *foreign,
    )


def is_aim(text: str) -> bool:
    """Tell whether a text begins as an aim does and says what for."""
    tokens = tokens_of(text)
    words = [token for token in tokens if token.kind == "word"]
    return len(content_of(tokens)) > 1 and bool(words) and words[0].text in AIM_VERBS


def is_doubt(text: str) -> bool:
    """Tell whether a text leaves something open, and says what."""
    tokens = tokens_of(text)
    return len(content_of(tokens)) > 1 and any(token.text in DOUBT_WORDS for token in tokens)


# --- The checks -----------------------------------------------------------------------------


def _check_key(claim: Claim, evidence: Mapping[str, Evidence]) -> Finding:
    if not claim.citations:
        return _finding("key", "unsupported", "it cites nothing")
    unknown = [one.evidence_id for one in claim.citations if one.evidence_id not in evidence]
    return _finding("key", "unsupported", f"no such evidence: {unknown[0]}" if unknown else "")


def _content_findings(claim: Claim, cited: Cited, gene: Gene | None) -> list[Finding]:
    text = _without_own_name(claim.text, gene)
    quotes = _check_quotes(claim, cited)
    facts = [
        _finding("identifiers", "unsupported", _not_in_evidence(invented_identifiers(text, cited))),
        _finding("numbers", "unsupported", _not_in_evidence(invented_numbers(text, cited))),
        _finding("names", "unsupported", _not_in_evidence(invented_names(text, cited))),
    ]
    if _is_whole_statement(claim.text, cited):
        # Said in the evidence's own words: nothing can be missing or turned round.
        strong = _too_strong(text, cited)
        return [
            quotes,
            *facts,
            _finding("overlap", "partial", ""),
            _finding("agreement", "unsupported", _not_in_evidence(strong)),
        ]
    readings = _readings(text, cited, is_own=_is_own(text, gene))
    return [
        quotes,
        *facts,
        _check_overlap(claim, text, cited, readings),
        _agree(text, cited, readings),
    ]


def _check_quotes(claim: Claim, cited: Cited) -> Finding:
    by_id = dict(zip((one.evidence_id for one in claim.citations), cited.items, strict=False))
    quoted = [one for one in claim.citations if one.quote.strip()]
    if not quoted:
        detail = "it quotes nothing" if claim.origin == "llm" else ""
        return _finding("quote", "partial", detail)
    wrong = [one for one in quoted if not is_verbatim(one.quote, by_id[one.evidence_id])]
    # Rules quote whole sentences of a source, which may be as short as a title.
    wrong = [
        one for one in wrong if claim.origin == "llm" or one.quote != by_id[one.evidence_id].quote
    ]
    return _finding("quote", "partial", f'not verbatim: "{wrong[0].quote}"' if wrong else "")


def _check_overlap(
    claim: Claim, text: str, cited: Cited, readings: Sequence[Sequence[Outcome]]
) -> Finding:
    if not all(readings):
        missing, needed = unbacked(text, cited)
        share = (needed - len(missing)) / needed if needed else 0.0
        detail = (
            f"{needed - len(missing)} of {needed} words in the evidence, or others for the same; "
            "not in one sentence in order"
        )
        return _finding("overlap", _best_for(share), detail)
    used = {outcome.unit.item.id for group in readings for outcome in group}
    idle = [item.id for item in cited.items if item.id not in used]
    if claim.origin == "llm" and idle:
        return _finding("overlap", "partial", f"{idle[0]} is cited and does not say it")
    return _finding("overlap", "partial", "")


def _best_for(share: float) -> Verdict:
    if share >= PARTIAL_SHARE:
        return "partial"
    return "unchecked" if share >= UNCHECKED_SHARE else "unsupported"


def _agree(text: str, cited: Cited, readings: Sequence[Sequence[Outcome]]) -> Finding:
    strong = _too_strong(text, cited)
    if strong:
        return _finding("agreement", "unsupported", _not_in_evidence(strong))
    denied = [one for group in readings for one in group if one.reading == "denies"]
    if denied:
        detail = f'the evidence says: "{denied[0].unit.text}" ({denied[0].detail})'
        return _finding("agreement", "contradicted", detail)
    is_said = all(any(one.reading == "says" for one in group) for group in readings)
    other = _other_function(text, cited) or ("" if is_said else turned(text, cited))
    if other:
        return _finding("agreement", "contradicted", other)
    claimed = {token.text for token in tokens_of(text)}
    for group in readings:
        if group and not any(one.reading == "says" for one in group):
            # Left out by its word, but not by its meaning: "absent" for "in the absence of".
            is_restated = all(
                one.missing and is_said_loosely(one.missing, claimed) for one in group
            )
            best: Verdict = "partial" if is_restated else "unsupported"
            return _finding("agreement", best, f"stronger than it: {group[0].detail}")
    return _finding("agreement", "unsupported", "")


# --- Reading --------------------------------------------------------------------------------


def _readings(text: str, cited: Cited, *, is_own: bool) -> list[list[Outcome]]:
    """Read each sentence of a claim whole or, failing that, clause by clause."""
    groups = []
    for sentence in sentence_texts(text):
        tokens = tokens_of(sentence)
        whole = _read_all(tokens, cited, is_own=is_own)
        clauses = clauses_of(tokens)
        if len(clauses) < 2 or any(one.reading == "says" for one in whole):
            groups.append(whole)
        else:
            parts = [_read_all(clause, cited, is_own=is_own) for clause in clauses]
            groups += [[*whole, *part] if part else whole for part in parts]
    return groups or [[]]


def _read_all(clause: Sequence[Token], cited: Cited, *, is_own: bool) -> list[Outcome]:
    outcomes = [outcome for unit in cited.units if (outcome := read(clause, unit)) is not None]
    if not is_own:
        return outcomes
    return [
        one
        if one.unit.part == "own" or one.reading != "says"
        else Outcome(one.unit, "weaker", "the text is not about this gene")
        for one in outcomes
    ]


def _is_own(text: str, gene: Gene | None) -> bool:
    return gene is not None and bool(SELF.search(text) or BARE_VERBS.match(text))


def _is_whole_statement(text: str, cited: Cited) -> bool:
    return any(fold(text) == fold(item.statement) for item in cited.items)


def _without_own_name(text: str, gene: Gene | None) -> str:
    """Write "this protein" for the gene's own id and symbol."""
    if gene is None:
        return fold(text)
    folded = fold(text)
    for name in (gene.id, gene.gene):
        is_telling = len(name) >= _SHORTEST_ID and any(char.isalpha() for char in name)
        if is_telling:
            folded = re.sub(rf"(?<!\w){re.escape(fold(name))}(?!\w)", _OWN_NAME, folded)
    return folded


def _too_strong(text: str, cited: Cited) -> tuple[str, ...]:
    """List words of certainty that the evidence does not use, and text that gives orders."""
    strong = [
        token.surface
        for token in tokens_of(text)
        if token.text in OVERCLAIMS and not _is_as_strong(token.text, cited)
    ]
    order = INSTRUCTION.search(text)
    return (*strong, *([f'"{order.group()}"'] if order else ()))


def _is_as_strong(word: str, cited: Cited) -> bool:
    """Tell whether the evidence has a word of certainty, or another one as strong."""
    return word in cited.words or any(
        means_same(word, other) for other in cited.words & (OVERCLAIMS | NECESSITY)
    )


def _other_function(text: str, cited: Cited) -> str:
    """Say when a claim about the gene names an enzyme that the cited evidence does not vote for."""
    tokens = tokens_of(text)
    named = {token.text for token in tokens if is_enzyme(token)}
    voted = {
        token.text
        for unit in cited.units
        if unit.item.terms.product and unit.part == "own"
        for token in unit.tokens
        if is_enzyme(token)
    }
    denied = any(token.text in NEGATION for token in tokens)
    if not named or not voted or denied or named & voted or not SELF.search(text):
        return ""
    return f"the cited evidence votes for {', '.join(sorted(voted))}"


def _not_in_evidence(found: Sequence[str]) -> str:
    return f"not in the cited evidence: {', '.join(found[:5])}" if found else ""


def _finding(name: str, best: Verdict, detail: str) -> Finding:
    """Build a finding: an empty detail means that the check was passed."""
    check = Check.model_validate({"name": name, "passed": not detail, "detail": detail})
    return Finding(check, "supported" if check.passed else best)
