"""Questions about the knowledge base and the run themselves: how many, which lack, which most.

"How many papers are there?", "Which genes have no function yet?", "Which taxa are most abundant?":
no text answers these; they are counted from stored facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.chat.looking_up import source
from assistant.chat.question_words import telling_words
from ingest.words import plain_words
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.chat.answers import Source
    from assistant.claims import AnnotationRecord
    from ingest.records import Feature, FeatureKind
    from ingest.store_reader import StoreReader

COUNTED: Final = "counted"
_HELD: Final = (
    r"(?P<what>genes?|proteins?|papers?|publications?|articles?|abstracts?|samples?|features?"
    r"|tax(?:a|on)|species|pathways?|drafts?|hypothes[ei]s|genomes?|records?|entries)"
)
_HOW_MANY: Final = re.compile(
    rf"\b(?:how many|(?:the |total )?number of|count (?:of )?the)\s+(?:\w+\s+){{0,2}}?{_HELD}\s*"
    r"(?:\?|$|(?:are|do|does|is|have|has|were)\s+(?:there|we|you|i|in|it|the|this|stored|held|known"
    r"|loaded|indexed)\b|in (?:the|this|my|your|our) (?:\w+ )?(?:base|run|cohort|data\w*|table)"
    r"|(?:have|has|with|without|lack)\b)",
    re.IGNORECASE,
)
_RETRACTED: Final = re.compile(
    r"\b(?:how many|which|what|list|any|number of)\b[^?.]*\b(?:papers?|publications?|articles?)\b"
    r"[^?.]*\bretract|\bretracted (?:papers?|publications?|articles?)\b",
    re.IGNORECASE,
)
#: A few words without a verb, so that nothing but their presence is asked about.
_PAPERS_ABOUT: Final = re.compile(
    r"^\W*(?:please\s+)?(?:which|what|how many|list(?: all| the)?|show(?: me)?(?: all| the)?)\s+"
    r"(?:papers?|publications?|articles?|studies|abstracts?)\s+"
    r"(?:are |is |do you have |you have |have |there are |are there |here )*"
    r"(?:about|on|mention(?:ing)?|name|naming|concerning)\s+(?P<words>[^?!,;]{2,80}?)[\s?.!]*$",
    re.IGNORECASE,
)
_PAPERS_WITH: Final = (
    "SELECT CASE WHEN pmid != '' THEN 'PMID:' || pmid WHEN doi != '' THEN 'DOI:' || doi"
    " ELSE source_id END FROM publications WHERE NOT is_retracted AND id IN"
    " (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?) ORDER BY year DESC, id"
)
_HAVE: Final = ("have", "has")
_MOST_LISTED: Final = 12
_MOST_WORDS: Final = 4
PAPERS_WITH: Final = "Papers with"
_RETRACTED_PAPERS: Final = (
    "SELECT CASE WHEN pmid != '' THEN 'PMID:' || pmid WHEN doi != '' THEN 'DOI:' || doi"
    " ELSE source_id END FROM publications WHERE is_retracted ORDER BY id"
)
_LACKING: Final = re.compile(
    r"\bgenes?\b.*\b(?:lack\w*|no|without|missing|unknown|un(?:annotated|characteri[sz]ed|named)"
    r"|hypothetical|not (?:yet )?(?:annotated|known|characteri[sz]ed))\b|\b(?:unknown|hypothetical"
    r"|un(?:annotated|characteri[sz]ed))\s+genes?\b",
    re.IGNORECASE,
)
_OF_FUNCTION: Final = re.compile(
    r"annotat|function|draft|name|hypothesis|unknown|hypothetical|characteri[sz]ed", re.IGNORECASE
)
_MOST: Final = re.compile(
    r"\b(?:most|more|highest|dominant|top)\b.*\b(?:abundan\w+|common|prevalent)|\bdominant\b"
    r"|\b(?:abundant|common|prevalent)\b.*\bmost\b",
    re.IGNORECASE,
)
_ROWS: Final = re.compile(
    r"\b(?:tax(?:a|on)|species|genera|genus|phyla|phylum|bacteria|pathways?)\b", re.I
)
#: Letters of ranks in tables of taxa.
_RANKS: Final = {"genus": "g", "genera": "g", "phylum": "p", "phyla": "p", "family": "f"}
_MOST_NAMED: Final = 6
_MOST_TABLES: Final = 2


def _papers_about(question: str) -> str:
    """Return the few words on which papers are asked for; "" for any other question.

    >>> _papers_about("Which papers are about bile acids?"), _papers_about("Which papers are long?")
    ('bile acids', '')
    >>> _papers_about("Which papers are on mice that were fed a diet of fibre?")
    ''
    """
    found = _PAPERS_ABOUT.search(question)
    words = found["words"].strip(" ?.!\"“”'") if found else ""
    return words if 0 < len(words.split()) <= _MOST_WORDS else ""


def is_whole_answer(counted_source: Source) -> bool:
    """Tell a count that answers a question alone: texts would only stand beside it."""
    is_rank = counted_source.kind == "feature" and counted_source.why == COUNTED
    return counted_source.kind == "base" or is_rank


@dataclass(frozen=True, slots=True)
class AboutBase:
    """What is counted: the facts of a knowledge base, the records of a run."""

    facts: StoreReader
    records: Mapping[str, AnnotationRecord]

    def sources(self, question: str) -> Iterator[Source]:
        """Yield what was counted for a question; nothing for one on something else."""
        if _RETRACTED.search(question):
            yield source("base", "Retracted papers", "base", self._retracted(), COUNTED)
        elif asked := _papers_about(question):
            yield from self._papers_with(asked)
        elif _HOW_MANY.search(question):
            yield source("base", "The knowledge base", "base", self._held(), COUNTED)
        is_lacking = _LACKING.search(question) and _OF_FUNCTION.search(question)
        if self.records and (is_lacking or _HOW_MANY.search(question)):
            yield source("base", "The run", "run", self._run(), COUNTED)
        if self.records and not is_lacking and re.search(r"\bgenes?\b", question, re.I):
            yield from self._drafted(question)
        if _MOST.search(question):
            yield from self._abundant(question)

    def _papers_with(self, words: str) -> Iterator[Source]:
        """Count and name the papers that have all of the words, retracted ones aside."""
        wanted = " AND ".join(f'"{word}"' for word in plain_words(words))
        if not wanted:
            return
        marked = [row[0] for row in self.facts.connection.execute(_PAPERS_WITH, (wanted,))]
        count = counted(len(marked), "paper") if marked else "No paper"
        told = f"{count} of the knowledge base {_HAVE[len(marked) < 2]}"
        named = f": {listed(marked, most=_MOST_LISTED)}" if marked else ""
        text = f"{told} “{words}” in title, abstract or record (retracted ones aside){named}."
        yield source("base", f"{PAPERS_WITH} “{words}”", "base", text, COUNTED)

    def _held(self) -> str:
        counts = self.facts.counts()
        names = {
            "publications": "paper",
            "proteins": "reference protein",
            "genes": "gene",
            "genomes": "genome",
            "features": "row",
            "samples": "sample",
        }
        told = [counted(counts[key], name) for key, name in names.items() if counts.get(key)]
        return f"The knowledge base holds {listed(told) or 'nothing yet'}."

    def _retracted(self) -> str:
        """Count the papers that are marked as retracted, and name the first."""
        marked = [row[0] for row in self.facts.connection.execute(_RETRACTED_PAPERS)]
        of = f"{counted(self.facts.counts().get('publications', 0), 'paper')}"
        named = f": {listed(marked, most=_MOST_NAMED)}" if marked else ""
        return (
            f"{len(marked):,} of {of} of the knowledge base {'is' if len(marked) == 1 else 'are'}"
            f" marked as retracted{named}. No answer uses them."
        )

    def _run(self) -> str:
        without = sorted(
            key for key, one in self.records.items() if one.hypothesis.tier == "abstain"
        )
        told = f" ({listed(without, most=_MOST_NAMED)})" if without else ""
        return (
            f"The run has {counted(len(self.records), 'gene')}: {len(self.records) - len(without)}"
            f" have a drafted function, {len(without)} have none{told}; a person decides on each."
        )

    def _drafted(self, question: str) -> Iterator[Source]:
        """Name the genes whose drafted function holds the words that a question asks for."""
        wanted = telling_words(re.sub(r"\b(?:the|my|this|our) run\b|\brun\b", "", question))
        fits = [
            (-one.hypothesis.probability, key, leading.product)
            for key, one in self.records.items()
            if (leading := one.hypothesis.leading) and wanted <= telling_words(leading.product)
        ]
        told = [f"{key} ({product}, {-less:.2f})" for less, key, product in sorted(fits)]
        if told and wanted:
            text = (
                f"{counted(len(told), 'gene')} of the run {'has' if len(told) == 1 else 'have'} a "
                f"drafted function of this name, with its probability: "
                f"{listed(told, most=_MOST_NAMED)}; nothing was tested."
            )
            yield source("gene", "Drafts of the run", "run", text, COUNTED)

    def _abundant(self, question: str) -> Iterator[Source]:
        """Rank the rows of each table by their mean over its samples."""
        asked = _ROWS.search(question)
        if asked is None:
            return
        word = asked.group().lower()
        kind: FeatureKind = "pathway" if word.startswith("path") else "taxon"
        for (file, unit), rows in list(self._tables(kind).items())[:_MOST_TABLES]:
            ranks = {row.rank for row in rows}
            rank = next((it for it in (_RANKS.get(word, "s"), "s", "g") if it in ranks), "")
            means = sorted(
                (-sum(value for _, value in row.values) / len(row.values), row.name or row.id)
                for row in rows
                if row.rank == rank or not rank
            )
            told = [f"{name} ({-mean:.3g})" for mean, name in means[:_MOST_NAMED]]
            unit_told = f" in {unit}" if unit else ""
            text = (
                f"The {kind} rows with the highest mean over all samples of {file}{unit_told} are "
                f"{listed(told)}."
            )
            yield source("feature", f"Highest means of {file}", file, text, COUNTED)

    def _tables(self, kind: FeatureKind) -> dict[tuple[str, str], list[Feature]]:
        tables: dict[tuple[str, str], list[Feature]] = {}
        for row in self.facts.features(kind):
            if row.values and not row.special and not row.stratum:
                tables.setdefault((row.provenance.path_name, row.unit), []).append(row)
        return tables
