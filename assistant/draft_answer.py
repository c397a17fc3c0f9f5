"""The form of a model's draft: the JSON schema of one call, and the answer parsed strictly.

The schema holds what grammars of all engines can do: enumerations, bounded arrays and strings,
no other properties. Keys of evidence are an enumeration, so an invented one cannot be decoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.llm.base import Json, Schema

MOST_RATIONALE: Final = 3
MOST_KEYS: Final = 2  # of evidence, for one claim
MOST_ALTERNATIVES: Final = 1
MOST_EXPERIMENTS: Final = 2
LONGEST_TEXT: Final = 160  # characters; about 45 tokens
LONGEST_QUOTE: Final = 110
LONGEST_AIM: Final = 160
SHORTEST: Final = 15  # characters of a claim: no "..." and no bare key
# A server that cannot decode under a schema may go over the limits a little.
_SLACK: Final = 2


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftClaim(_Strict):
    """One statement: the keys of its evidence, words of that evidence, the statement."""

    evidence: tuple[str, ...] = Field(min_length=1, max_length=3)
    quote: str = Field(max_length=_SLACK * LONGEST_QUOTE)
    text: str = Field(max_length=_SLACK * LONGEST_TEXT)


class DraftExperiment(_Strict):
    """A type of the catalogue, and what for; what it cites is not asked for."""

    type: str
    aim: str = Field(max_length=_SLACK * LONGEST_AIM)
    evidence: tuple[str, ...] = Field(default=(), max_length=3)


class DraftAnswer(_Strict):
    """All that a model may say about one gene."""

    rationale: tuple[DraftClaim, ...] = Field(min_length=1, max_length=MOST_RATIONALE)
    alternatives: tuple[DraftClaim, ...] = Field(default=(), max_length=MOST_ALTERNATIVES)
    experiments: tuple[DraftExperiment, ...] = Field(default=(), max_length=MOST_EXPERIMENTS)
    unsure_about: str = Field(default="", max_length=_SLACK * LONGEST_TEXT)


def unwrapped(text: str) -> str:
    """Take an answer out of what models put around it where a server decodes under no schema.

    That is what a reasoning model thinks first, and one fence of code; JSON itself is not mended.

    >>> unwrapped('<think>Hm.</think> {"a": 1}')
    '{"a": 1}'
    """
    plain = text.strip()
    if plain.startswith("<think>"):
        plain = plain.partition("</think>")[2].strip()
    if plain.startswith("```") and plain.endswith("```"):
        plain = plain.partition("\n")[2].removesuffix("```").strip()
    return plain


def schema_of(
    keys: Sequence[str],
    quotes: Sequence[str],
    types: Sequence[str],
    *,
    has_rivals: bool,
    most: int = MOST_RATIONALE,
) -> Schema:
    """Build the JSON schema of one call.

    Args:
        keys: Keys of the evidence that may be cited.
        quotes: Parts of the evidence that may be quoted: a small model cannot copy reliably.
        types: Types of experiment that may be chosen; with none, experiments are left out.
        has_rivals: Whether there is another function to weigh; without, it is not asked for.
        most: Claims on the leading function.
    """
    claim = _object(
        evidence=_keys(keys, MOST_KEYS),
        quote={"type": "string", "enum": list(quotes)},
        text=_text(LONGEST_TEXT, SHORTEST),
    )
    properties: dict[str, Json] = {"rationale": _array(claim, most, least=1)}
    if has_rivals:
        properties["alternatives"] = _array(claim, MOST_ALTERNATIVES)
    if types:
        experiment = _object(
            type={"type": "string", "enum": list(types)},
            aim=_text(LONGEST_AIM),
        )
        properties["experiments"] = _array(experiment, MOST_EXPERIMENTS)
    return _object(**properties, unsure_about=_text(LONGEST_TEXT))


def _object(**properties: Json) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _array(items: Json, most: int, *, least: int = 0) -> Json:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _keys(keys: Sequence[str], most: int) -> Json:
    return _array({"type": "string", "enum": list(keys)}, most, least=1)


def _text(most: int, least: int = 0) -> Json:
    return {"type": "string", "minLength": least, "maxLength": most}
