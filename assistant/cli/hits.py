"""What ``search`` prints: the hits, each with its paper, why it was found, and the telling part."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

import typer

from assistant.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.finding import Found
    from retrieval.hits import TextHit

SNIPPET_CHARACTERS: Final = 300
#: Characters of the title of a paper that was shown before.
_AGAIN: Final = 60
#: Entities of a paper that are shown with it; --json gives more.
_TAGS: Final = 6
_CODED: Final = re.compile(r"(?:mesh|chemical) \S*\d\S* \((.+)\)")


def hit_documents(found: Found) -> list[dict[str, object]]:
    """Lay hits out for JSON, each with whether it is weak, and the citation of its paper."""
    return [
        {
            **dataclasses.asdict(hit),
            "why": hit.why,
            "is_weak": hit.id in found.weak,
            "citation": found.citations.get(hit.owner_id, ""),
        }
        for hit in found.hits
    ]


def print_hits(found: Found) -> None:
    """Print the hits; a further passage of a paper refers to the first one."""
    if not found.hits and not found.is_lookup:
        say("Nothing found in this knowledge base")
    first: dict[str, int] = {}
    for number, hit in enumerate(found.hits, start=1):
        place = first.setdefault(hit.owner_id, number)
        is_first = place == number
        weak = " weak:" if hit.id in found.weak else ""
        title = hit.title if is_first else f"same as {place}: {cut(hit.title, _AGAIN)}"
        typer.echo(f"{number:>2}  {hit.score:.2f}  [{hit.kind}]{caution(hit)}{weak} {title}")
        cited = found.citations.get(hit.owner_id, "") if is_first else ""
        why = "by its identifier" if found.is_lookup else hit.why
        typer.echo(f"    {'  '.join(filter(None, (hit.reference, cited)))}  ({why})")
        if is_first:
            _print_paper(hit)
        most = len(hit.text) if found.is_lookup else SNIPPET_CHARACTERS
        if text := snippet(hit.text, found.sentences.get(hit.id, ""), most):
            typer.echo(f"    {text}")


def _print_paper(hit: TextHit) -> None:
    if hit.status_note:
        typer.echo(f"    {hit.status_note}")
    if others := list(tag_words([it for it in hit.entities if it not in hit.asked_for])):
        typer.echo(f"    names: {', '.join(others[:_TAGS])}")
    if hit.also_in:
        typer.echo(f"    nearly the same text: {', '.join(hit.also_in)}")


def caution(hit: TextHit) -> str:
    """Write what is to be known of a paper, a retraction in red where there are colours."""
    if not hit.caution:
        return ""
    colour = typer.colors.RED if hit.is_retracted or hit.has_concern else None
    return " " + typer.style(hit.caution, fg=colour, bold=True)


def tag_words(entities: Sequence[str]) -> Iterator[str]:
    """Write tags for a person: names, not codes of vocabularies; each once, those of MeSH last.

    >>> list(tag_words(["mesh D000442 (Octanols)", "ec 3.2.1.23 (lactase)", "taxon Blautia"]))
    ['EC 3.2.1.23 (lactase)', 'taxon Blautia', 'Octanols']
    """
    ordered = sorted(entities, key=lambda it: it.startswith("mesh "))
    said: set[str] = set()
    for entity in ordered:
        coded = _CODED.fullmatch(entity)
        upper = re.sub(r"^(?:ec|ko) ", lambda it: it[0].upper(), entity)
        words = coded.group(1) if coded else upper
        if words.lower() not in said:
            said.add(words.lower())
            yield words


def snippet(text: str, sentence: str, most: int = SNIPPET_CHARACTERS) -> str:
    """Cut a text to what begins with its telling sentence; what is left out shows as "...".

    >>> snippet("First one. Second two. Third.", "Second two.", 15)
    '... Second two. ...'
    """
    whole, wanted = " ".join(text.split()), " ".join(sentence.split())
    if len(whole) <= most:
        return whole
    at = max(whole.find(wanted), 0)
    # A short sentence at the end is shown with what stands before it.
    at = min(at, whole.find(" ", len(whole) - most) + 1) if at else 0
    return f"{'... ' if at else ''}{cut(whole[at:], most)}"


def cut(text: str, most: int) -> str:
    """Cut a text at the end of a word; say that it was.

    >>> cut("one two three", 8), cut("one", 8)
    ('one two ...', 'one')
    """
    if len(text) <= most:
        return text
    return f"{text[: most + 1].rsplit(' ', 1)[0][:most]} ..."
