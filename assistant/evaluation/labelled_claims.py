"""Claims that people checked against papers, to measure the checks with (SciFact's format).

    corpus.jsonl    {"_id": "4983", "title": ..., "text": ...}   or "doc_id", "abstract": [...]
    queries.jsonl   {"_id": "2", "text": ..., "split": "train", "cited_doc_ids": [...],
                     "evidence": {"13734012": [{"label": "CONTRADICT", "sentences": [4]}]}}

``claims_train.jsonl`` and ``claims_dev.jsonl`` with "id" and "claim", as SciFact ships them, are
read as well; the split is then in the name. Plain text or gz, bz2, xz, zst.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from ingest.errors import FormatError, InputError
from ingest.files import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Label: TypeAlias = Literal["support", "contradict", "unknown"]
_LABELS: Final[dict[str, Label]] = {
    "SUPPORT": "support",
    "SUPPORTS": "support",
    "CONTRADICT": "contradict",
    "REFUTES": "contradict",
}
_CORPUS: Final = "corpus.jsonl*"
_CLAIMS: Final = ("queries.jsonl*", "claims_train.jsonl*", "claims_dev.jsonl*")


@dataclass(frozen=True, slots=True)
class Paper:
    """An abstract with its title."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A claim, a paper that it cites, and what people say of the two.

    "unknown": the paper was cited, and neither supports nor contradicts the claim.
    """

    claim_id: str
    claim: str
    paper: Paper
    label: Label
    split: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """All pairs in the order of the file, and all papers."""

    pairs: tuple[LabelledPair, ...]
    papers: tuple[Paper, ...]

    def of_split(self, split: str) -> LabelledSet:
        """Keep the pairs of one split; all papers stay."""
        return LabelledSet(tuple(one for one in self.pairs if one.split == split), self.papers)


def read_labelled(folder: Path) -> LabelledSet:
    """Read claims and papers from a folder.

    Raises:
        InputError: A file is missing, or no claim names a paper of the corpus.
        FormatError: A line is not what the format says.
    """
    corpus = sorted(folder.glob(_CORPUS))
    claims = [path for pattern in _CLAIMS for path in sorted(folder.glob(pattern))]
    if not corpus or not claims:
        what = "no corpus.jsonl with queries.jsonl or claims_*.jsonl beside it"
        raise InputError(what, where=str(folder), hint="Name SciFact's folder")
    papers = {paper.id: paper for _, row in _rows(corpus[0]) for paper in _paper(row)}
    pairs = [
        pair for path in claims for split, row in _rows(path) for pair in _pairs(row, split, papers)
    ]
    if not pairs:
        raise InputError("no claim cites a paper of the corpus", where=str(folder))
    return LabelledSet(tuple(pairs), tuple(papers.values()))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object with the split that the file's name says."""
    split = path.name.partition(".")[0].removeprefix("claims_")
    with open_text(path) as handle:
        for line, text in enumerate(handle, 1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except ValueError as error:
                what = f"line {line} is no JSON: {error}"
                raise FormatError(what, path_name=path.name) from error
            if isinstance(row, dict):
                yield split, row


def _paper(row: dict[str, Any]) -> Iterator[Paper]:
    key = row.get("_id", row.get("doc_id"))
    text = row.get("text", row.get("abstract", ""))
    if key is not None:
        joined = " ".join(str(one).strip() for one in text) if isinstance(text, list) else str(text)
        yield Paper(str(key), str(row.get("title", "")), joined)


def _pairs(row: dict[str, Any], split: str, papers: dict[str, Paper]) -> Iterator[LabelledPair]:
    key, claim = row.get("_id", row.get("id")), row.get("text", row.get("claim", ""))
    evidence = row.get("evidence") or {}
    for cited in dict.fromkeys(map(str, [*(row.get("cited_doc_ids") or ()), *evidence])):
        if cited in papers:
            found = evidence.get(cited) or [{}]
            label = _LABELS.get(str(found[0].get("label", "")).upper(), "unknown")
            part = str(row.get("split", split))
            yield LabelledPair(str(key), str(claim), papers[cited], label, part)
