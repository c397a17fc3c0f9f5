"""Names of samples that are files' names, matched with the ids of metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.tables import sample_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What tools and pipelines append to a sample's name, beyond the suffixes of files. Numbers,
#: R1 and L001 are none of them: they may tell two samples apart.
_APPENDED: Final = re.compile(
    r"(?:[._-](?:k2|kraken2?|krakenuniq|k?reports?\d?|k2report|bracken|centrifuge|kaiju|ganon"
    r"|species|genus|family|order|class|phylum|domain"
    r"|metaphlan\d?|mpa\d?|sylph|motus|humann\d?|taxonomic|bugs|list|profiled?|metagenome"
    r"|genefamilies|pathabundance|pathcoverage|reactions|cpm|relab|rpk"
    r"|kneaddata|featurecounts|counts?|abundances?|output|out|sorted|dedup|merged|paired))+$",
    re.IGNORECASE,
)
_BOUNDARY: Final = re.compile(r"[._-]")
_SHOWN: Final = 5  # pairs in a message


def plain_name(name: str) -> str:
    """Take off what tools append to the name of a sample.

    >>> plain_name("S1.kraken2.report.txt"), plain_name("S1_bracken_species"), plain_name("S_2")
    ('S1', 'S1', 'S_2')
    """
    before = ""
    while name != before:
        before = name
        name = sample_of_file(name)
        name = _APPENDED.sub("", name) or name
    return name


def match_names(
    samples: Mapping[str, str], others: Iterable[str], ids: Iterable[str]
) -> tuple[dict[str, str], list[str]]:
    """Find the metadata id of samples that were named after files.

    Args:
        samples: Names from files of one sample each, with the file's name, which is tried too.
        others: Names of further samples, which stay as they are.
        ids: Names of the metadata.

    Returns:
        New name by old one, for those that change, and notes on what was matched and what could
        not be: several fit.
    """
    known = list(dict.fromkeys(ids))
    taken = {*samples, *others} & set(known)
    by_plain: dict[str, list[str]] = {}
    for one in known:
        by_plain.setdefault(plain_name(one), []).append(one)
    missing = {name: file for name, file in samples.items() if name not in taken}
    pairs = {
        name: _fits([name, file.rsplit("/", 1)[-1]], by_plain) for name, file in missing.items()
    }
    tail = _common_tail(list(samples))
    if not any(pairs.values()) and tail:
        pairs = {name: _fits([name.removesuffix(tail)], by_plain) for name in missing}
    wanted = [one for fits in pairs.values() for one in fits]
    found, doubtful = {}, []
    for name, fits in pairs.items():
        if len(fits) == 1 and fits[0] not in taken and wanted.count(fits[0]) == 1:
            found[name] = fits[0]
        elif fits:
            doubtful.append(f"{name} ({', '.join(fits)})")
    return found, _notes(found, doubtful)


def _fits(names: Sequence[str], by_plain: Mapping[str, list[str]]) -> list[str]:
    """The ids that a sample may stand for by any of its names."""
    found = (one for name in names for one in by_plain.get(plain_name(name), []))
    return list(dict.fromkeys(found))


def _common_tail(names: Sequence[str]) -> str:
    """What all names end in, from a point, dash or underscore on; "" for one name."""
    if len(names) < 2:
        return ""
    size = 0
    for ends in zip(*(reversed(name) for name in names), strict=False):
        if len(set(ends)) > 1:
            break
        size += 1
    tail = names[0][len(names[0]) - size :]
    start = _BOUNDARY.search(tail)
    return tail[start.start() :] if start else ""


def _notes(found: dict[str, str], doubtful: Sequence[str]) -> list[str]:
    notes = []
    if found:
        pairs = [f"{name} is {one}" for name, one in found.items()]
        notes.append(
            f"{len(found):,} samples were matched with metadata without what tools append to"
            f" their names: {_listed(pairs)}"
        )
    if doubtful:
        notes.append(
            f"{len(doubtful):,} samples were not matched with metadata, as names fit more than"
            f" once: {_listed(doubtful)}"
        )
    return notes


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_SHOWN]) + (" ..." if len(texts) > _SHOWN else "")
