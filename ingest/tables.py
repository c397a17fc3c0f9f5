"""What abundance tables share: sample names, numbers, rows, and the faults that are refused.

A table is refused as a whole when a guess could give wrong numbers: decimal commas, two samples
of one name. A single bad row is a BadRecord.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.readers.base import Source

_FILE_SUFFIXES: Final = re.compile(
    r"(?:\.(?:gz|xz|bz2|zst|txt|tsv|tab|tabular|csv|out|profile|mpa|k?report\d?|kraken\d?"
    r"|krakenuniq|bracken|centrifuge|kaiju|motus|tre|rep|sig|bam|cram|sam))+$"
)
#: What tools and pipelines append to a sample's name.
_TABLE_SUFFIXES: Final = re.compile(
    r"(?:_genefamilies|_pathabundance|_pathcoverage|_metaphlan_bugs_list|_taxonomic_profile"
    r"|_metaphlan\d?|_profile)+$"
)
_DECIMAL_COMMA: Final = re.compile(r"-?\d+,\d+(?:[eE][-+]?\d+)?")


def sample_of_file(path_name: str) -> str:
    """Name a sample after its file, without suffixes of compression, format and tool."""
    return _TABLE_SUFFIXES.sub("", _FILE_SUFFIXES.sub("", path_name)) or path_name


def names_of_files(names: Mapping[str, str]) -> dict[str, str]:
    """Name samples after their files (path -> name); files of one name keep their paths."""
    number = Counter(names.values())
    return {path: name if number[name] == 1 else path for path, name in names.items()}


def refuse_duplicates(
    samples: Sequence[str], source: Source, line: int, *, what: str = "sample"
) -> None:
    """Raise when two columns have one name; ``what`` is what a column stands for.

    Raises:
        FormatError: Names the first duplicate.
    """
    seen: set[str] = set()
    for sample in samples:
        if sample in seen:
            message = f"two columns have the {what} name {sample!r}"
            hint = f"Give each {what} its own name"
            raise FormatError(message, path_name=source.path_name, line=line, hint=hint)
        seen.add(sample)


def refuse_semicolons(line: int, text: str, source: Source) -> None:
    """Raise for a table of the spreadsheet kind: ``;`` between fields, decimal commas.

    Raises:
        FormatError: The line has ``;`` and no tab.
    """
    if ";" in text and "\t" not in text:
        what = "the fields are parted by ';' instead of tabs"
        hint = "Save it as tab-separated text with decimal points"
        raise FormatError(what, path_name=source.path_name, line=line, hint=hint)


def abundance(text: str, source: Source, line: int) -> float:
    """Read one value: a finite number that is not negative.

    Raises:
        FormatError: The value has a decimal comma: the whole table would be misread.
        ValueError: The value is no such number.
    """
    if _DECIMAL_COMMA.fullmatch(text.strip()):
        what = f"the value {text.strip()!r} has a decimal comma"
        hint = "Save the table with decimal points"
        raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
    try:
        value = float(text)
    except ValueError as error:
        message = f"the value {text.strip()[:40]!r} is no number"
        raise ValueError(message) from error
    # float() also takes "nan", "inf" and "1_000".
    if not math.isfinite(value) or value < 0 or "_" in text:
        message = f"the value {text.strip()[:40]!r} is no abundance"
        raise ValueError(message)
    return value
