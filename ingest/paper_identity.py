"""When two records are one paper, and what is kept of each: pure functions, no database.

The order is the one of trust: PMID, PMCID, DOI; then a long title with first author and year; then
nearly equal abstracts. Records that differ in an identifier are two papers, whatever else they
share. A preprint and its article are two papers that are linked.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ingest.paper_fields import is_notice
from ingest.paper_ids import MADE_UP
from ingest.store_rows import filled, title_key
from ingest.words import spelled_plainly

if TYPE_CHECKING:
    from collections.abc import Collection

    from ingest.records import Publication

#: How much the fields of a format are worth; what is not named is a list of references.
_STANDING: Final = {
    "pubmed_xml": 6, "medline": 5, "jats": 4, "bioc_json": 3, "bioc_xml": 3,
    "literature_jsonl": 3, "literature_json": 3, "tei": 1, "pdf": 1, "markdown": 0, "plain_text": 0,
}  # fmt: skip
_REFERENCES: Final = 2
#: Formats whose identifiers are found in running text.
_READ_OFF: Final = frozenset({"pdf", "tei", "plain_text", "markdown"})
#: Where a file may be a collection for tests of retrieval.
_COLLECTION: Final = "literature_jsonl"
#: Words of an abstract from which on its likeness says something.
_LEAST_WORDS: Final = 40
_SHINGLE: Final = 4  # words; shorter runs are shared by chance
_SKETCH: Final = 4  # smallest hashes: two texts with 4 of 5 runs in common share one at > 99 %
#: Shares of equal runs of words: one abstract in two exports, and two different papers.
_SAME_TEXT: Final = 0.8
_OTHER_TEXT: Final = 0.2
#: Words of the titles in common where the abstracts are the same.
_LIKE_TITLE: Final = 0.5
#: Online and print dates of one paper; years from a preprint to its article.
_YEARS_APART: Final = 1
_YEARS_TO_PRINT: Final = 4
#: How titles of notices begin.
_NOTICE: Final = re.compile(
    r"\W*(?:(?:author |publisher |editorial )?correction|erratum|corrigendum|addendum"
    r"|expression of concern|retraction(?: note| notice)?|notice of retraction)\b(?: to| for|:| -)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w+")
#: How names are written where there are no umlauts.
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"}
)


def keys_of(publication: Publication) -> list[str]:
    """List what a paper can be found by: its id, then its public identifiers."""
    named = {
        "pmid": publication.pmid,
        "doi": publication.doi.lower(),
        "pmcid": publication.pmcid.upper(),
    }
    return [publication.id, *(f"{name}:{value}" for name, value in named.items() if value)]


def key_of_reference(reference: str) -> str:
    """Turn "PMID:1" or "DOI:10.1/X" into the key of that paper; "" for other texts."""
    kind, colon, value = reference.partition(":")
    is_known = colon and kind in {"PMID", "DOI", "PMCID"} and value
    value = value.upper() if kind == "PMCID" else value.lower()
    return f"{kind.lower()}:{value}" if is_known else ""


def may_be_same(one: Publication, other: Publication) -> bool:
    """Refuse papers whose PMIDs differ, or whose DOIs or PMCIDs differ while no PMID is shared.

    An identifier that was read off a page may be that of a cited paper: there the titles must be
    alike too. Two documents of one collection, each under its own id, stay two: judgements of
    relevance are about both.
    """
    if _are_of_one_collection(one, other):
        return False
    if {one.provenance.reader, other.provenance.reader} & _READ_OFF and not _titles_alike(
        one, other
    ):
        return False
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    if one.pmcid and other.pmcid and one.pmcid.upper() != other.pmcid.upper():
        return False
    return not (one.doi and other.doi) or one.doi.lower() == other.doi.lower()


def same_by_title(one: Publication, other: Publication) -> bool:
    """Accept a shared long title where nothing speaks against it.

    Where both have identifiers, of different kinds, author and year must agree too; so must they
    where neither has one and each has an id of its own source: collections for tests of
    retrieval hold such pairs, without authors.
    """
    if not (may_be_same(one, other) and _are_of_one_sort(one, other)):
        return False
    identified = (is_identified(one), is_identified(other))
    known = bool(one.authors and other.authors and one.year and other.year)
    if not any(identified) and not (known or _is_made_up(one) or _is_made_up(other)):
        return False
    if _likeness(one, other, unknown=1.0) < _OTHER_TEXT:
        return False
    return (known or not all(identified)) and _same_circumstances(one, other, _YEARS_APART)


def same_by_text(one: Publication, other: Publication) -> bool:
    """Accept nearly equal abstracts under titles that are alike."""
    if not (may_be_same(one, other) and _are_of_one_sort(one, other)):
        return False
    if not (is_identified(one) or is_identified(other) or _is_made_up(one) or _is_made_up(other)):
        return False
    if not _titles_alike(one, other):
        return False
    if not _same_circumstances(one, other, _YEARS_APART):
        return False
    return _likeness(one, other, unknown=0.0) >= _SAME_TEXT


def _are_of_one_sort(one: Publication, other: Publication) -> bool:
    """Keep preprints from articles, and notices (a correction, a retraction) from their papers."""
    return (one.is_preprint, _is_notice(one)) == (other.is_preprint, _is_notice(other))


def _is_notice(paper: Publication) -> bool:
    return is_notice(paper.publication_types) or _NOTICE.match(paper.title) is not None


def is_article_of(article: Publication, preprint: Publication) -> bool:
    """Tell whether a paper is the published form of a preprint, by title, authors and year."""
    if article.is_preprint or not preprint.is_preprint:
        return False
    if not (article.authors and preprint.authors):
        return False
    same = title_key(article.title) == title_key(preprint.title) != ""
    alike = same or _likeness(article, preprint, unknown=0.0) >= _SAME_TEXT
    return alike and _same_circumstances(article, preprint, _YEARS_TO_PRINT)


def sketch_of(publication: Publication) -> list[int]:
    """Reduce an abstract to its smallest hashes; nearly equal abstracts share one."""
    return sorted(_shingles(publication.abstract))[:_SKETCH]


def merged(old: Publication, new: Publication) -> Publication:
    """Join two records of a paper: the better source's fields, gaps filled from the other.

    Better is a richer format, a later version or a later revision. An id of the source's own file
    counts more than a copy of a public one. The status is left as ``old`` has it.
    """
    first, second = (new, old) if is_better(new, old) else (old, new)
    joined = replace(
        filled(first, second),
        links=tuple(dict.fromkeys((*first.links, *second.links))),
        mentions=tuple(dict.fromkeys((*first.mentions, *second.mentions))),
        publication_types=tuple(
            dict.fromkeys((*first.publication_types, *second.publication_types))
        ),
        version=max(old.version, new.version),
        revised=max(old.revised, new.revised),
        provenance=first.provenance,
        **{name: getattr(old, name) for name in ("is_retracted", "has_concern", "status_note")},
    )
    return replace(joined, source_id=_source_id(old, new, joined))


def is_better(new: Publication, old: Publication) -> bool:
    """Tell whether the fields of ``new`` count more than those of ``old``."""
    return _standing(new) > _standing(old)


def _standing(publication: Publication) -> tuple[int, int, str]:
    rank = _STANDING.get(publication.provenance.reader, _REFERENCES)
    return rank, publication.version, publication.revised


def _source_id(old: Publication, new: Publication, joined: Publication) -> str:
    public = {joined.pmid, joined.doi, joined.pmcid, ""}
    own = [it.source_id for it in (old, new)]
    telling = [it for it in own if it not in public and not it.startswith(MADE_UP)]
    shown = [it for it in own if not it.startswith(MADE_UP)]
    return (telling or shown or own)[0]


def is_identified(publication: Publication) -> bool:
    """Tell whether a record has a public identifier."""
    return bool(publication.pmid or publication.doi or publication.pmcid)


def _are_of_one_collection(one: Publication, other: Publication) -> bool:
    """Tell documents of one JSON lines file that gives each an id which is no PMID or DOI."""
    places = one.provenance, other.provenance
    if {it.reader for it in places} != {_COLLECTION} or places[0].sha256 != places[1].sha256:
        return False
    own = [it.source_id for it in (one, other) if it.source_id not in {it.pmid, it.doi, it.pmcid}]
    return len(set(own)) == len(own) == 2 and not (_is_made_up(one) or _is_made_up(other))


def _is_made_up(publication: Publication) -> bool:
    return publication.source_id.startswith(MADE_UP)


def _same_circumstances(one: Publication, other: Publication, years: int) -> bool:
    """Compare first authors and years where both are known."""
    if one.year.isdigit() and other.year.isdigit() and abs(int(one.year) - int(other.year)) > years:
        return False
    if not (one.authors and other.authors):
        return True
    return not _family(one).isdisjoint(_family(other))


def _family(paper: Publication) -> set[str]:
    """Spell the words of the first author's family name: Müller is Muller and Mueller."""
    words = _words(paper.authors[0].rsplit(" ", 1)[0]) or [paper.authors[0]]
    return {form for it in words for form in (spelled_plainly(it), it.translate(_UMLAUTS))}


def _titles_alike(one: Publication, other: Publication) -> bool:
    """Compare the words of two titles; one that is missing is like any other."""
    titles = set(_words(one.title)), set(_words(other.title))
    return not all(titles) or _jaccard(*titles) >= _LIKE_TITLE


def _likeness(one: Publication, other: Publication, *, unknown: float) -> float:
    """Share of runs of words that two abstracts have in common; ``unknown`` for short ones."""
    texts = [_words(it.abstract) for it in (one, other)]
    if min(map(len, texts)) < _LEAST_WORDS:
        return unknown
    return _jaccard(_shingles(one.abstract), _shingles(other.abstract))


def _jaccard(one: Collection[object], other: Collection[object]) -> float:
    return len(set(one) & set(other)) / max(1, len(set(one) | set(other)))


@lru_cache(16)  # of one paper they are asked for several times in a row
def _shingles(text: str) -> frozenset[int]:
    words = _words(text)
    if len(words) < _LEAST_WORDS:
        return frozenset()
    runs = zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
    return frozenset(zlib.crc32(" ".join(run).encode("utf-8", "replace")) for run in runs)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
