"""Hypotheses on pathways, taxa and other rows of a cohort: from its tables, analyses and papers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.extract import best_sentence
from assistant.chat.question_words import telling_words
from assistant.chat.taxa_named import is_named_in
from assistant.hosts import UNKNOWN_HOST, host_of
from assistant.hypothesizing.designs import (
    as_experiment,
    complete_in_one,
    condition_growth,
    fed_community,
    found_otherwise,
    grown_alone,
    measured_in_samples,
)
from assistant.hypothesizing.drafting import Draft, drafted
from retrieval.documents import feature_summary
from retrieval.evidence.base import Evidence
from retrieval.evidence.wording import number
from retrieval.renamed_taxa import other_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.claims import Hypothesis
    from assistant.hosts import Host
    from assistant.hypothesizing.records import HypothesisSubject
    from retrieval.hits import TextHit
    from retrieval.knowledge_base import KnowledgeBase

#: Sentences of an analysis that tell a finding, and how one is taken back.
_FINDING: Final = re.compile(r"\b(?:Higher|Lower) in\b|\bIt (?:rises|falls) with\b|, changes:")
_TAKEN_BACK: Final = "Not a finding"
_SENTENCE: Final = re.compile(r"(?<=[.])\s+(?=[A-Z])")
#: Verbs of sentences that say what an organism does or goes with.
_DOES: Final = re.compile(
    r"\b(?:produc|consum|degrad|ferment|convert|form(?:s|ed)\b|metaboli[sz]|us(?:es|ed)\b|utili[sz]"
    r"|grow|hydroly|cleav|releas|secret|inhibit|reduc|oxidi[sz]|decarboxyl|transform|inactivat"
    r"|activat|depend|requir|correlat|associat|increas|decreas|enrich|deplet|lower|higher|improv"
    r"|restor|protect|induc|promot|suppress|alleviat|attenuat|cross-?feed|suppl(?:y|ie))\w*",
    re.IGNORECASE,
)
MOST_PAPERS: Final = 2
#: Share of the stratified abundance from which one taxon is called the main carrier.
_MAIN: Final = 0.5
_CAUSES: Final = (
    "It follows the condition, and does not bring it about",
    "Both follow something else (age, diet, drugs, reads per sample)",
    "Chance: one of many rows that were tested",
)


def of_community(
    subject: HypothesisSubject, base: KnowledgeBase
) -> tuple[tuple[Hypothesis, ...], tuple[Evidence, ...]]:
    """Draft what a row of the cohort may mean, from all that the base holds on it."""
    drafts = [*_differing(subject, base)]
    if subject.kind == "pathway":
        drafts += _carried(subject, base)
    drafts += _published(subject, base)
    if not drafts:
        drafts += _present(subject, base)
    evidence = {item.id: item for draft in drafts for item in draft.evidence}
    return tuple(drafted(subject, draft) for draft in drafts), tuple(evidence.values())


def host_for(subject: HypothesisSubject) -> Host:
    """Choose a host by the taxon itself."""
    if subject.kind != "taxon":
        return UNKNOWN_HOST
    named = Evidence(
        gene_id=subject.id, kind="abundance", eco="", statement="", reference="",
        taxon=subject.name.replace("_", " "),
    )  # fmt: skip
    return host_of([named])


def _differing(subject: HypothesisSubject, base: KnowledgeBase) -> Iterator[Draft]:
    """Draft on what an analysis of a cohort found; what it did not find is no hypothesis."""
    for document in base.facts.lookup.texts_about(subject.id):
        found = _findings(document.text)
        if not document.section or not found:
            continue
        item = _fact(subject, document.text, f"cohort:{document.title}", document.title)
        name = _name(subject)
        tells = "a difference that is there in other people from chance"
        host = host_for(subject)
        yield Draft(
            statement=(
                f"{name} may take part in what tells these samples apart, or follow from it: "
                f"{found[0]}"
            ),
            evidence=(item,),
            experiments=(
                as_experiment(measured_in_samples(name, "differs in the same way"), host, tells),
                as_experiment(condition_growth(name), host, "a cause from company"),
            ),
            assumptions=(
                "That reads were assigned to it rightly.",
                "That what differs between the groups besides was adjusted for.",
            ),
            alternatives=_CAUSES,
            unknowns=("Which way it goes: an association has no direction.",),
            says=((found[0], item),),
        )


def _findings(text: str) -> list[str]:
    """List the sentences that tell a finding and are not taken back by the next one."""
    sentences = _SENTENCE.split(text)
    following = [*sentences[1:], ""]
    return [
        told
        for told, after in zip(sentences, following, strict=True)
        if _FINDING.search(told) and not after.startswith(_TAKEN_BACK)
    ]


def _carried(subject: HypothesisSubject, base: KnowledgeBase) -> Iterator[Draft]:
    """Draft on which taxon carries a pathway, from the rows that are split by taxon."""
    shares = _strata(subject, base)
    total = sum(shares.values())
    if not total:
        return
    first = min(shares, key=lambda taxon: (-shares[taxon], taxon))
    share = shares[first] / total
    name = _name(subject)
    taxon = first.replace("s__", "").replace("g__", "").split(".")[-1].replace("_", " ")
    statement = (
        f"{taxon} carries {number(100 * share)} % of what the tables assign of {name} to "
        f"{len(shares)} taxa."
    )
    item = _fact(subject, statement, f"table:{subject.id}", name)
    host = host_of([Evidence("", "abundance", "", "", "", taxon=taxon)]) if taxon else UNKNOWN_HOST
    how = "chiefly by one taxon" if share >= _MAIN else "by several taxa, first of all"
    yield Draft(
        statement=f"{name} may be carried out in these samples {how}: {taxon}.",
        evidence=(item,),
        experiments=(
            as_experiment(
                complete_in_one(name, taxon), host, "one carrier from several that share steps"
            ),
            as_experiment(
                fed_community(name), host, "a pathway that runs from genes that lie idle"
            ),
            as_experiment(
                grown_alone(taxon, f"carries out {name}"), host, "this carrier from others"
            ),
        ),
        assumptions=(
            "That reads of a step come from the taxon whose genome they match best.",
            "That a pathway whose genes are there is used.",
        ),
        alternatives=(
            "Several taxa share its steps, each without the whole",
            "A carrier whose genome no database has",
        ),
        unknowns=("Whether it runs: genes were counted, not products.",),
        says=((statement, item),),
    )


def _strata(subject: HypothesisSubject, base: KnowledgeBase) -> dict[str, float]:
    shares: dict[str, float] = {}
    for feature in base.facts.features("pathway"):
        is_taxon = feature.stratum and feature.stratum.lower() != "unclassified"
        if feature.id == subject.id and is_taxon:
            total = sum(value for _, value in feature.values)
            shares[feature.stratum] = shares.get(feature.stratum, 0.0) + total
    return shares


def _published(subject: HypothesisSubject, base: KnowledgeBase) -> Iterator[Draft]:
    """Draft on what papers say of it: their sentence, as a thing to test in these samples."""
    name = _name(subject)
    names = (name, *other_names(name))
    wanted = telling_words(name)
    kept = 0
    for hit in base.search(name, 4 * MOST_PAPERS, "literature"):
        said = _said(subject, hit, names, wanted)
        if not said or kept == MOST_PAPERS:
            continue
        kept += 1
        item = _paper(subject, hit)
        host = host_for(subject)
        yield Draft(
            statement=f"What a paper says may hold for {name} in these samples: {said}",
            evidence=(item,),
            experiments=(
                as_experiment(
                    grown_alone(name, "does what the paper says"), host, "it from its company"
                ),
                as_experiment(condition_growth(name), host, "a role from mere presence"),
            ),
            assumptions=("That strains here do what the strain of the paper did.",),
            alternatives=("Another member of the community does it here",),
            unknowns=("Whether anybody saw it in samples like these.",),
            says=((said, item),),
        )


def _said(
    subject: HypothesisSubject, hit: TextHit, names: tuple[str, ...], wanted: frozenset[str]
) -> str:
    text = f"{hit.title} {hit.text}"
    if subject.kind == "taxon":
        said = [one for one in _SENTENCE.split(hit.text) if is_named_in(names, one)]
        # A sentence on what it does can be tested; that it was found or named cannot.
        return next((one for one in said if _DOES.search(one)), "")
    is_about = wanted and wanted <= telling_words(text)
    return best_sentence(dict.fromkeys(wanted, 1.0), hit.text) if is_about else ""


def _present(subject: HypothesisSubject, base: KnowledgeBase) -> Iterator[Draft]:
    """Say that it is there: nothing more is known, so nothing more is proposed."""
    summary = feature_summary(base.facts.features_with_id(subject.id))
    if not summary or summary.startswith("found in 0"):
        return
    name = _name(subject)
    statement = f"{name} was {summary}."
    item = _fact(subject, statement, f"table:{subject.id}", name)
    yield Draft(
        statement=f"{name} may be a member of these communities, not a false match of reads.",
        evidence=(item,),
        experiments=(
            as_experiment(found_otherwise(name), host_for(subject), "it from a false match"),
        ),
        assumptions=("That reads were assigned to it rightly.",),
        alternatives=("Reads of a relative", "Traces from reagents or from food"),
        unknowns=("What it does here.",),
        says=((statement, item),),
    )


def _fact(subject: HypothesisSubject, text: str, reference: str, title: str) -> Evidence:
    return Evidence(
        gene_id=subject.id, kind="abundance", eco="ECO:0007257", statement=text,
        reference=reference, title=title, quote=text,
    )  # fmt: skip


def _paper(subject: HypothesisSubject, hit: TextHit) -> Evidence:
    return Evidence(
        gene_id=subject.id, kind="literature", eco="ECO:0007321", statement=hit.title,
        reference=hit.reference, title=hit.title, quote=hit.text, passage_id=hit.id,
    )  # fmt: skip


def _name(subject: HypothesisSubject) -> str:
    return subject.name.replace("_", " ").removeprefix("s  ")
