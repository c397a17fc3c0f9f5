"""A test collection for retrieval, as BEIR lays it out: documents, queries, judgements.

corpus.jsonl     {"_id": "4983", "title": "...", "text": "..."}     plain, gz, bz2, xz or zst
queries.jsonl    {"_id": "13", "text": "..."}
qrels/test.tsv   query-id <tab> corpus-id <tab> score, with or without that header; also the
                 four columns of TREC: query, 0, document, grade
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError, InputError, UserError
from ingest.files import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from assistant.evaluation.ranking_metrics import Judgements

_SUFFIXES: Final = ("", ".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the documents are, and the queries of one split that have a relevant document.

    ``unjudged`` counts queries of the split without any: no ranking of them is right or wrong.
    """

    name: str
    split: str
    corpus: Path
    queries: Mapping[str, str]
    judgements: Mapping[str, Judgements]
    unjudged: int


def read_collection(folder: Path, split: str = "test") -> Collection:
    """Read the queries and judgements of one split.

    Raises:
        InputError: A file of the layout is missing.
        UserError: The folder has no such split, or no query of it has a relevant document.
        FormatError: A line is not what its file holds.
    """
    if not folder.is_dir():
        raise InputError("this is no folder", where=folder.name, hint=_LAYOUT)
    judged = _read_judgements(_judgements_file(folder, split))
    relevant = {name: its for name, its in judged.items() if any(g > 0 for g in its.values())}
    texts = {
        name: text for name, text in read_queries(_found(folder, "queries.jsonl")) if name in judged
    }
    wanted = {name: texts[name] for name in relevant if name in texts}
    if not wanted:
        what = f"no query of split {split!r} has both a text and a relevant document"
        raise UserError(what, where=folder.name, hint="Check that ids of queries and qrels agree")
    return Collection(
        name=folder.resolve().name,
        split=split,
        corpus=_found(folder, "corpus.jsonl"),
        queries=wanted,
        judgements={name: relevant[name] for name in wanted},
        unjudged=len(judged) - len(wanted),
    )


_LAYOUT: Final = "It holds corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv (the layout of BEIR)"


def _found(folder: Path, name: str) -> Path:
    for suffix in _SUFFIXES:
        if (path := folder / f"{name}{suffix}").is_file():
            return path
    raise InputError(f"there is no {name}", where=folder.name, hint=_LAYOUT)


def _judgements_file(folder: Path, split: str) -> Path:
    for suffix in _SUFFIXES:
        if (path := folder / "qrels" / f"{split}.tsv{suffix}").is_file():
            return path
    there = sorted({it.name.split(".")[0] for it in (folder / "qrels").glob("*.tsv*")})
    if not there:
        raise InputError("there are no judgements", where=f"{folder.name}/qrels", hint=_LAYOUT)
    what = f"there is no split {split!r}"
    raise UserError(what, where=folder.name, hint=f"Known: {', '.join(there)}")


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield id and text of each question.

    Raises:
        FormatError: A line is no JSON object with both.
    """
    with open_text(path) as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            try:
                content = json.loads(line)
                yield str(content["_id"]), str(content["text"])
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                what = 'this line is not a JSON object with "_id" and "text"'
                raise FormatError(what, path_name=path.name, line=number) from error


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    with open_text(path) as handle:
        for number, line in enumerate(handle, start=1):
            cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
            if not cells or not any(cells):
                continue
            try:
                query, document, grade = _judgement(cells)
            except ValueError as error:
                if number == 1:  # the header
                    continue
                what = "this line is not a judgement: query, document, grade"
                raise FormatError(what, path_name=path.name, line=number) from error
            judged.setdefault(query, {})[document] = grade
    return judged


def _judgement(cells: list[str]) -> tuple[str, str, int]:
    if len(cells) not in {3, 4}:
        raise ValueError("three columns, or the four of TREC")
    return cells[0], cells[-2], int(float(cells[-1]))
