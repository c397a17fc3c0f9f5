r"""Profile HMMs of HMMER3 as text (.hmm), many in a file: Pfam, KOfam, TIGRFAM, HAMAP, your own.

    HMMER3/f [3.3 | Nov 2019]
    NAME  2-Hacid_dh_C
    ACC   PF02826.20

Kept: name, accession, description, length, cut-offs GA, TC and NC, and the text of the profile.
Dropped: date, command lines and text between profiles. Each model runs to its ``//``; see the
HMMER User's Guide, "Profile HMM file formats".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.families import database_of, split_accession, terms_of_description
from ingest.records import BadRecord, Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import CutOffs

#: HMMER itself takes no longer sequence; the longest protein known has 35,000 residues or so.
_LONGEST: Final = 100_000  # match states
_LINES_OF_HEADER: Final = 1000  # more than any file has, long logs of commands included
_LINES_OF_STATE: Final = 3  # match emissions, insert emissions, transitions

_NUMBER: Final = r"(?:-?\d+\.\d+|\*)"
_EMISSIONS: Final = re.compile(rf"\s*(?:\d+|COMPO)?(?:\s+{_NUMBER}){{20}}")
_MATCH: Final = re.compile(rf"\s*(\d+)(?:\s+{_NUMBER}){{20}}(?:\s+\S+){{0,5}}\s*")
_TRANSITIONS: Final = re.compile(rf"\s*(?:\s+{_NUMBER}){{7}}\s*")
_STATISTIC: Final = re.compile(r"LOCAL\s+[A-Z]+\s+-?\d+\.\d+(?:\s+-?\d+\.\d+)?")
_CUT_OFFS: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?);?")
_CUT_OFF_TAGS: Final[Mapping[str, str]] = {"GA": "gathering", "TC": "trusted", "NC": "noise"}


class _Model(NamedTuple):
    line: int
    lines: list[str]
    is_closed: bool


class Hmmer3Reader:
    """Protein families, each with its profile."""

    name = "hmmer3"
    kind: Kind = "families"
    description = "HMMER3 profiles (.hmm): Pfam, KOfam, TIGRFAM, NCBIfam, HAMAP, your own"

    def sniff(self, head: str) -> bool:
        """Look for HMMER's format line; that of HMMER2 is known too, to say what to do."""
        return re.match(r"\s*HMMER(?:3/[a-z]|2\.0)\b", head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Family | BadRecord]:
        """Yield a Family per model.

        Raises:
            FormatError: The file has no HMMER3 model, or is one of HMMER2.
        """
        first_lines: dict[str, int] = {}
        found = False
        for model in _models(handle):
            if model.lines[0].startswith("HMMER2"):
                hint = "Convert it with: hmmconvert OLD.hmm > NEW.hmm"
                what = "these are profiles of HMMER2"
                raise FormatError(what, path_name=source.path_name, line=model.line, hint=hint)
            found = found or model.lines[0].startswith("HMMER3/")
            record = _family(model, source)
            if isinstance(record, Family):
                first = first_lines.setdefault(record.accession, model.line)
                if first != model.line:
                    reason = f"the accession occurs twice, first on line {first}"
                    record = BadRecord(source.path_name, model.line, record.accession, reason)
            yield record
        if not found:
            hint = "A profile starts with HMMER3/ and ends with //; make one with hmmbuild"
            raise FormatError("no profile was found", path_name=source.path_name, hint=hint)


def _models(handle: TextIO) -> Iterator[_Model]:
    """Split at ``//``, and where a model begins before the last has ended."""
    most = _LINES_OF_HEADER + _LINES_OF_STATE * (_LONGEST + 1)
    start, lines = 1, list[str]()
    for number, text in enumerate(handle, 1):
        is_start, is_end = text.startswith("HMMER"), text.startswith("//")
        if lines and (is_start or is_end):
            yield _Model(start, lines, is_closed=is_end)
            lines = []
        if not is_end and (lines or text.strip()):
            start = start if lines else number
            if len(lines) < most:  # a file without any // must not fill the memory
                lines.append(text)
    if lines:
        yield _Model(start, lines, is_closed=False)


def _family(model: _Model, source: Source) -> Family | BadRecord:
    tags = _tags(model.lines)
    name = tags.get("NAME", "")
    accession, version = split_accession(tags.get("ACC", "") or name)
    fault = _fault(model, tags)
    if fault:
        record = accession or model.lines[0].strip()[:40]
        return BadRecord(source.path_name, model.line, record, fault)
    description = tags.get("DESC", "")
    terms = terms_of_description(accession, description)
    return Family(
        accession=accession,
        name=name,
        length=int(tags["LENG"]),
        profile="".join(model.lines) + "//\n",
        version=version,
        description=description,
        database=database_of(accession),
        gathering=_cut_offs(tags, "GA"),
        trusted=_cut_offs(tags, "TC"),
        noise=_cut_offs(tags, "NC"),
        product=terms.product,
        gene=terms.gene,
        ec_numbers=terms.ec_numbers,
        go_terms=terms.go_terms,
        ko=terms.ko,
        provenance=source.provenance(Hmmer3Reader.name, model.line),
    )


def _tags(lines: list[str]) -> dict[str, str]:
    """Collect the header: one value a tag, those of STATS one a line, "HMM" is its end."""
    tags: dict[str, str] = {}
    for number, line in enumerate(lines[1:_LINES_OF_HEADER], 1):
        tag, _, value = line.strip().partition(" ")
        if tag == "HMM":
            tags["HMM"] = str(number)
            break
        if tag == "STATS":
            tag = f"STATS{number}"
        tags.setdefault(tag, value.strip())
    return tags


def _fault(model: _Model, tags: Mapping[str, str]) -> str:
    """Say what is wrong with a model, "" when nothing is."""
    if not model.lines[0].startswith("HMMER3/"):
        return "the record does not start with HMMER3/"
    if not model.is_closed:
        return "the profile has no // at its end (is the file cut short?)"
    if missing := [tag for tag in ("NAME", "LENG", "ALPH", "HMM") if not tags.get(tag)]:
        return f"the profile has no {' and no '.join(missing)} line"
    return _header_fault(tags) or _states_fault(model.lines, tags)


def _header_fault(tags: Mapping[str, str]) -> str:
    if tags["ALPH"].lower() != "amino":
        return f"the profile is for {tags['ALPH']}; only profiles for proteins can be searched"
    if len(tags["NAME"].split()) != 1 or len(tags.get("ACC", "x").split()) != 1:
        return "the name or the accession is not one word"
    length = tags["LENG"]
    if not (length.isascii() and length.isdigit()) or not 0 < int(length[:9]) <= _LONGEST:
        return f"LENG is {length[:20]!r}, not a number of match states up to {_LONGEST:,}"
    for tag in _CUT_OFF_TAGS:
        if tag in tags and not _CUT_OFFS.fullmatch(tags[tag]):
            return f"the cut-offs {tag} are {tags[tag][:40]!r}, not two scores"
    statistics = [value for tag, value in tags.items() if tag.startswith("STATS")]
    if len(statistics) != 3 or not all(map(_STATISTIC.fullmatch, statistics)):
        return "the three STATS lines are missing or broken: without them there are no E-values"
    return ""


def _states_fault(lines: list[str], tags: Mapping[str, str]) -> str:
    """Check each line of numbers: a reader in C would take any text for a number."""
    start = int(tags["HMM"]) + 2
    length = int(tags["LENG"])
    if lines[start : start + 1] and "COMPO" in lines[start]:
        if not _EMISSIONS.fullmatch(lines[start].rstrip()):
            return "the line COMPO is broken"
        start += 1
    begin, states = lines[start : start + 2], lines[start + 2 :]
    if len(states) != _LINES_OF_STATE * length:
        return f"{len(states) / _LINES_OF_STATE:.4g} match states where LENG says {length}"
    if not (_EMISSIONS.fullmatch(begin[0].rstrip()) and _TRANSITIONS.fullmatch(begin[1])):
        return "the lines before the first match state are broken"
    for position in range(length):
        match, insert, moves = states[_LINES_OF_STATE * position :][:_LINES_OF_STATE]
        numbered = _MATCH.fullmatch(match)
        if numbered is None or int(numbered[1]) != position + 1:
            return f"match state {position + 1} is broken"
        if not (_EMISSIONS.fullmatch(insert.rstrip()) and _TRANSITIONS.fullmatch(moves)):
            return f"the insertions or transitions of match state {position + 1} are broken"
    return ""


def _cut_offs(tags: Mapping[str, str], tag: str) -> CutOffs | None:
    found = _CUT_OFFS.fullmatch(tags.get(tag, ""))
    return (float(found[1]), float(found[2])) if found else None
