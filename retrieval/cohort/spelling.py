"""Sample names that two files spell differently: matched only one to one, and always told.

R writes ``S.1`` for ``S-1`` and ``X10`` for ``10``; spreadsheets write ``10.0``; sequencers append
``_S1_L001_R1_001``. Where two names of a side have one spelling, neither is matched.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.records import Sample
from retrieval.cohort.sample_names import plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

_PUNCTUATION: Final = re.compile(r"[\W_]+")
_R_PREFIX: Final = re.compile(r"X(?=\d)")
_FLOAT: Final = re.compile(r"(?<=\d)\.0+$")
#: What sequencers append: number on the sheet, lane, read, part.
_SEQUENCER: Final = re.compile(
    r"(?:[._-]S\d+)?(?:[._-]L\d{3})?(?:[._-]R[12])?(?:[._-]001)?(?:\.f(?:ast)?q)?$"
)
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_SHOWN: Final = 3  # pairs in a message
#: A column names the samples where it fits so many of them, and more than their own names do.
_LEAST: Final = 3
#: Where fewer names fit as they are, bolder spellings are tried.
_FEW: Final = 0.1


def _spelling(name: str) -> str:
    text = _R_PREFIX.sub("", _FLOAT.sub("", plain_name(name)), count=1)
    return _PUNCTUATION.sub(".", text).strip(".").casefold()


def _of_file(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _spelling(_SEQUENCER.sub("", plain_name(base)))


def _unpadded(name: str) -> str:
    return _LEADING_ZEROS.sub("", _of_file(name))


def match_spellings(
    names: Sequence[str], ids: Iterable[str], *, what: str = "samples"
) -> tuple[dict[str, str], list[str]]:
    """Find ids of names that are spelled otherwise.

    Args:
        names: Samples of a table.
        ids: Names of the metadata.
        what: What to call them in the note.

    Returns:
        Id by name, for those that differ, and notes.

    >>> match_spellings(["S.1", "X7"], ["S-1", "7"])[0]
    {'S.1': 'S-1', 'X7': '7'}
    """
    known = list(dict.fromkeys(ids))
    found: dict[str, str] = {}
    for spelled in (_spelling, _of_file):
        _match(names, known, found, spelled)
    if _fitting(names, known, found) < _FEW * len(names):
        _match(names, known, found, _unpadded)
    if not _fitting(names, known, found):
        _match_without_ends(names, known, found)
    if not found:
        return found, []
    pairs = [f"{name} is {one}" for name, one in found.items()]
    more = " ..." if len(pairs) > _SHOWN else ""
    note = (
        f"{len(found):,} {what} are spelled otherwise in the metadata and were matched one to"
        f" one: {', '.join(pairs[:_SHOWN])}{more}"
    )
    return found, [note]


def _fitting(names: Sequence[str], known: Collection[str], found: dict[str, str]) -> int:
    inside = set(known)
    return sum(name in inside or name in found for name in names)


def _match(
    names: Sequence[str], known: Sequence[str], found: dict[str, str], spelled: Callable[[str], str]
) -> None:
    """Add the pairs that have one spelling which no other name of either side has."""
    mine, theirs = Counter(map(spelled, names)), Counter(map(spelled, known))
    by_spelling = {spelled(one): one for one in known}
    taken = {*names, *found.values()}
    exact = set(known)
    for name in names:
        key = spelled(name)
        if name in exact or name in found or mine[key] != 1 or theirs[key] != 1 or not key:
            continue
        if by_spelling[key] not in taken:
            found[name] = by_spelling[key]


def _match_without_ends(names: Sequence[str], known: Sequence[str], found: dict[str, str]) -> None:
    """Try names without what all of them begin or end with (``10317.``, ``_db1``)."""
    for mine in (_ends(names), (0, 0)):
        for theirs in (_ends(known), (0, 0)):
            cut = {name: _inside(name, mine) for name in names}
            other = {one: _inside(one, theirs) for one in known}
            by_text = {text: one for one, text in other.items()}
            unique = len(by_text) == len(other) and len(set(cut.values())) == len(cut)
            if unique and sum(text in by_text for text in cut.values()) > len(cut) / 2:
                found |= {name: by_text[it] for name, it in cut.items() if it in by_text}
                return


def _inside(name: str, ends: tuple[int, int]) -> str:
    return name[ends[0] : len(name) - ends[1]]


def _ends(names: Sequence[str]) -> tuple[int, int]:
    """Lengths of what all names begin and end with, up to a point, dash or underscore."""
    if len(names) < _LEAST:
        return 0, 0
    start = _shared(names)
    first = names[0][:start]
    start = max((first.rfind(it) + 1 for it in "._- "), default=0)
    turned = [name[start:][::-1] for name in names]
    end = _shared(turned)
    last = turned[0][:end]
    return start, max((last.rfind(it) + 1 for it in "._- "), default=0)


def _shared(names: Sequence[str]) -> int:
    size = 0
    for letters in zip(*names, strict=False):
        if len(set(letters)) > 1:
            break
        size += 1
    return size


# --- The column that names the samples --------------------------------------------------------


def by_best_column(
    samples: Sequence[Sample], names: Sequence[str]
) -> tuple[Sequence[Sample], list[str]]:
    """Name samples by the column that fits a table, where their own names do not.

    Args:
        samples: Metadata as read.
        names: Samples of the table.

    Returns:
        The samples, and a note where another column names them.
    """
    own = _fits([it.samp_name for it in samples], names)
    if own >= max(_LEAST, _FEW * min(len(names), len(samples))):
        return samples, []
    columns: dict[str, list[str]] = {}
    for sample in samples:
        for column, value in sample.attributes:
            columns.setdefault(column, []).append(value)
    unique = {name: it for name, it in columns.items() if len(set(it)) == len(it)}
    best = max(unique, key=lambda name: _fits(unique[name], names), default="")
    if not best or _fits(unique[best], names) < max(_LEAST, own + 1):
        return samples, []
    note = f"the table names its samples as column {best!r} of the metadata does"
    return [_renamed(it, best) for it in samples if dict(it.attributes).get(best)], [note]


def _fits(ids: Sequence[str], names: Sequence[str]) -> int:
    inside = set(ids)
    return sum(name in inside for name in names) + len(match_spellings(names, ids)[0])


def _renamed(sample: Sample, column: str) -> Sample:
    known = dict(sample.attributes)
    name = known.pop(column)
    first = () if "samp_name" in known else (("samp_name", sample.samp_name),)
    return Sample(name, (*first, *known.items()), sample.provenance)
