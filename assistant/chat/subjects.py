"""What a question is about: genes, functions, taxa, drugs, pathways and samples that it names.

Rules only, so the same question always names the same subjects. An identifier counts where it
has the form of one; a name counts where the knowledge base, the run or a shipped table has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from assistant.chat.papers_named import paper_references
from assistant.chat.taxa_named import taxa_named
from ingest.ec_transfers import FORMER, current_ecs
from ingest.vocab import normalise_ec
from ingest.words import plain_words
from retrieval.drugs import drugs_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assistant.claims import AnnotationRecord
    from ingest.store_reader import StoreReader

SubjectKind: TypeAlias = Literal[
    "gene", "taxon", "ec", "ko", "go", "family", "drug", "pathway", "feature", "sample", "paper"
]
#: Subjects of one kind that a question may name; more would be a list, not a question.
MOST_OF_A_KIND: Final = 3

_TOKEN: Final = re.compile(r"@?([^\s,;?!()\[\]\"'“”]+)")
_EC: Final = re.compile(
    r"\b(?:EC[\s:_-]*)(\d(?:\.(?:n?\d{1,4}|-)){1,3})|(?<![\d.])(\d\.\d{1,3}\.\d{1,3}\.(?:n?\d{1,4}|-))",
    re.IGNORECASE,
)
_KO: Final = re.compile(r"\b(?:ko:)?(K\d{5})\b")
_GO: Final = re.compile(r"\bGO:(\d{7})\b", re.IGNORECASE)
_FAMILY: Final = re.compile(
    r"\b(?:PF\d{5}|IPR\d{6}|TIGR\d{5}|NF\d{6}|COG\d{4}|(?:GH|GT|PL|CE|AA|CBM)\d{1,3}(?:_\d+)?)\b"
)
_PATHWAY: Final = re.compile(
    r"\b(?:PWY[A-Z0-9]*-\d+|[A-Z0-9+]+(?:-[A-Z0-9+]+)*-PWY(?:-\d+)?|(?:map|ko|rn)\d{5}|M\d{5})\b"
)
#: Words of a pathway's name that do not tell one pathway from another.
_DULL_WORDS: Final = """
a and biosynthesis by cycle de degradation from i ii iii iv ix metabolism novo of pathway
superpathway the to v vi vii viii x
"""
_DULL: Final = frozenset(_DULL_WORDS.split())
_TELLING_LETTERS: Final = 4


class Subject(BaseModel):
    """One thing that a question names. ``name`` is its identifier, ``also`` its other names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: SubjectKind
    name: str
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name it for a reader: ``EC 3.2.1.23``, ``taxon Phocaeicola dorei``."""
        prefix = {"ec": "EC", "ko": "KO", "go": ""}.get(self.kind, self.kind)
        others = f" (also {', '.join(self.also)})" if self.also else ""
        return f"{prefix} {self.name}".strip() + others

    @property
    def names(self) -> tuple[str, ...]:
        """All names, its own first."""
        return (self.name, *self.also)


def subjects_of(
    question: str, facts: StoreReader, records: Mapping[str, AnnotationRecord]
) -> tuple[Subject, ...]:
    """List what a question names, in a fixed order, each once.

    Args:
        question: The question.
        facts: The store of the knowledge base.
        records: Records of the run, by gene id.
    """
    tokens = tuple(dict.fromkeys(name.rstrip(".:") for name in _TOKEN.findall(question)))
    found = (
        *(Subject(kind="paper", name=name) for name in paper_references(question)),
        *_genes(tokens, facts, records),
        *_functions(question),
        *_drugs(question),
        *(Subject(kind="taxon", name=one[0], also=one[1:]) for one in taxa_named(question, facts)),
        *_pathways(question, tokens, facts),
        *_features(tokens, facts),
        *(Subject(kind="sample", name=name) for name in facts.lookup.sample_names(tokens)),
    )
    return tuple(_few(found))


def _few(found: Iterable[Subject]) -> Iterator[Subject]:
    """Keep the first of each name, and a few of each kind."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for subject in found:
        counts.setdefault(subject.kind, 0)
        if subject.name.lower() in seen or counts[subject.kind] == MOST_OF_A_KIND:
            continue
        seen.add(subject.name.lower())
        counts[subject.kind] += 1
        yield subject


def _genes(
    tokens: Iterable[str], facts: StoreReader, records: Mapping[str, AnnotationRecord]
) -> Iterator[Subject]:
    for token in tokens:
        if token in records or (any(char.isdigit() for char in token) and facts.genes_named(token)):
            yield Subject(kind="gene", name=token)


def _functions(question: str) -> Iterator[Subject]:
    for groups in _EC.findall(question):
        number = normalise_ec(next(part for part in groups if part))
        if number:
            current = current_ecs((number,))[0]
            former = FORMER.get(current, "")
            yield Subject(kind="ec", name=current, also=(former,) if former else ())
    for number in _KO.findall(question):
        yield Subject(kind="ko", name=number)
    for number in _GO.findall(question):
        yield Subject(kind="go", name=f"GO:{number}")
    for name in _FAMILY.findall(question):
        yield Subject(kind="family", name=name)


def _drugs(question: str) -> Iterator[Subject]:
    for one in drugs_named(question):
        yield Subject(kind="drug", name=one.drug, also=one.also)


def _features(tokens: Iterable[str], facts: StoreReader) -> Iterator[Subject]:
    for token in tokens:
        if not _looks_like_id(token) or _KO.fullmatch(token) or _FAMILY.fullmatch(token):
            continue
        rows = facts.features_with_id(token)
        kinds = {"pathway": "pathway", "taxon": "taxon"}
        if rows:
            kind = kinds.get(rows[0].kind, "feature")
            label = rows[0].name if rows[0].name != token else ""
            also = (label,) if label else ()
            yield Subject.model_validate({"kind": kind, "name": token, "also": also})


def _looks_like_id(token: str) -> bool:
    has_mark = any(char.isdigit() or char in "_|-" for char in token)
    return has_mark and any(char.isalpha() for char in token)


def _pathways(question: str, tokens: Iterable[str], facts: StoreReader) -> Iterator[Subject]:
    """Find pathways by id, then by name: all its telling words stand in the question."""
    asked = set(plain_words(question))
    given = set(tokens)
    by_name = []
    for feature_id, name in facts.lookup.pathways():
        if feature_id in given:
            yield Subject(kind="pathway", name=feature_id, also=(name,) if name else ())
            continue
        words = [word for word in plain_words(name) if word not in _DULL]
        is_told = any(len(word) >= _TELLING_LETTERS for word in words)
        if is_told and asked.issuperset(words) and len(asked.intersection(plain_words(name))) > 1:
            by_name.append((-len(words), feature_id, name))
    for _, feature_id, name in sorted(by_name):
        yield Subject(kind="pathway", name=feature_id, also=(name,))
    # One that no table has is named too: the answer says that nothing was found on it.
    for name in _PATHWAY.findall(question):
        yield Subject(kind="pathway", name=name)
