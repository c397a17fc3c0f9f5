"""Messages that were written for the command line, in the words of the pages. No logic."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Options of commands, and the fields of the pages that are the same.
FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--covariate": "Adjust for",
        "--format": "Format",
        "--group": "Compare by",
        "--include-retracted": "Retracted papers, too; they are marked",
        "--ignore": "Known to be no confounders",
        "--kb": "Knowledge base folder",
        "--llm": "Language model for the chat",
        "--models": "Models",
        "--per-subject-mean": "Average the samples of each subject first",
        "--reference": "Reference group",
        "--reviewer": "Your name, which signs the decision",
        "--run": "Run folder",
        "--samples-are-independent": "The samples are independent of each other",
        "--subject": "Who was sampled",
        "--table": "Table",
        "--time": "Time",
        "--year-from": "From year",
        "--year-to": "To year",
    }
)
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*(?: NAME\b| 'Your Name')?")


def in_page_words(message: str) -> str:
    """Name fields of the pages where a message names options of commands.

    >>> in_page_words("Use --subject 'subject'")
    "Use “Who was sampled”: 'subject'"
    >>> in_page_words("or --permutations")
    'or --permutations'
    """
    return _OPTION.sub(_field, message)


def _field(match: re.Match[str]) -> str:
    option = match.group().split()[0]
    if option not in FIELDS:
        return match.group()
    has_value = match.string[match.end() :].startswith((" '", " `"))
    return f"“{FIELDS[option]}”{':' if has_value else ''}"
