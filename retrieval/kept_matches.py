"""What profiles match in proteins, kept on disk: HMMER is asked for new proteins only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ingest.records import clean_sequence
from retrieval.families import DomainMatch, ProfileMatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrieval.kept_answers import KeptAnswers

    Search = Callable[[Mapping[str, str]], Mapping[str, Sequence[ProfileMatch]]]


def search_unless_kept(
    queries: Mapping[str, str], search: Search, kept: KeptAnswers
) -> dict[str, Sequence[ProfileMatch]]:
    """Search for the proteins whose matches are not kept, and keep what is found, also nothing.

    Returns:
        The matches of queries that have some, as ``search`` gives them.
    """
    hashes = {
        name: hashlib.sha256(clean_sequence(text).encode()).hexdigest()
        for name, text in queries.items()
    }
    known = {key: _read(text) for key, text in kept.known(set(hashes.values())).items()}
    rest = {name: text for name, text in queries.items() if known.get(hashes[name]) is None}
    found = dict(search(rest)) if rest else {}
    kept.keep({hashes[name]: _written(found.get(name, ())) for name in rest})
    for name in queries.keys() - rest.keys():
        found[name] = [replace(match, query=name) for match in known[hashes[name]] or ()]
    return {name: found[name] for name in queries if found.get(name)}


def _written(matches: Sequence[ProfileMatch]) -> str:
    return json.dumps([asdict(match) for match in matches], separators=(",", ":"))


def _read(text: str) -> list[ProfileMatch] | None:
    """Read matches; None where they were written by another version."""
    try:
        return [_match(**fields) for fields in json.loads(text)]
    except (ValueError, TypeError):
        return None


def _match(*, domains: Sequence[Mapping[str, Any]], **fields: Any) -> ProfileMatch:  # noqa: ANN401 - as JSON has them
    return ProfileMatch(domains=tuple(DomainMatch(**it) for it in domains), **fields)
