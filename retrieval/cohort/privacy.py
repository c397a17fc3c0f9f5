"""Which metadata columns may stand in a prompt: none, unless a person allows it by name.

Columns that look like names, dates of birth, record numbers, addresses of any kind or coordinates
are blocked even where they are allowed, and listed with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
#: What a column's name says, as joined words in lower case -> what it would disclose.
_NAMES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), reason)
    for pattern, reason in (
        (
            r"(?:first|last|given|family|full|middle|maiden|sur|patients?|subjects?|participants?|"
            r"person|contact|mothers?|fathers?|doctors?|physicians?|investigator|collector) ?names?"
            r"|surname|forename|firstname|lastname|fullname|initials|vorname|nachname",
            "a person's name",
        ),
        (
            r"dob|d o b|birth ?(?:dates?|days?|years?)|(?:dates?|years?) of birth|geburtsdatum",
            "date of birth",
        ),
        (
            r"mrn|m r n|medical record.*|record (?:number|no|id)|hospital (?:number|no|id)|"
            r"chart (?:number|no|id)|nhs(?: ?number| ?no)?|ssn|social security.*|national id.*|"
            r"passport.*|insurance.*|health card.*|aadhaar|cpf|patient (?:number|no)",
            "record or identity number",
        ),
        (r"e ?mails?(?: address)?|mail address", "e-mail address"),
        (r"tele ?phone.*|phone.*|mobile (?:number|no)|cell ?phone|fax.*", "telephone number"),
        (
            r"latitude|longitude|coordinates?|coords?|gps.*|lat ?lon(?:g)?|"
            r"(?:geo|loc|location|site|home) (?:lat|lon|lng|long)",
            "coordinates",
        ),
        (
            r"(?:home |street |postal )?address(?:es)?|street.*|zip(?: ?codes?)?|"
            r"post(?:al)? ?codes?",
            "postal address",
        ),
        (r"ip address|url|web ?site|user ?name|login", "network identity"),
    )
)
#: Words that say it only where they are the whole name.
_WHOLE: Final = {
    **dict.fromkeys(("lat", "lon", "lng", "long"), "coordinates"),
    **dict.fromkeys(("mobile", "cell", "telefon"), "telephone number"),
    **dict.fromkeys(("name", "names", "initials"), "a person's name"),
    "born": "date of birth",
    "ip": "network identity",
}
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+\d[\d\s().-]{7,}\d|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}")
_PAIR: Final = re.compile(r"-?\d{1,2}\.\d{3,}\s*[NS]?[,;/\s]\s*-?\d{1,3}\.\d{3,}\s*[EW]?")
_SSN: Final = re.compile(r"\d{3}-\d{2}-\d{4}")
_DATE: Final = re.compile(
    r"(?P<y>\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?P<z>\d{4})"
)
_PERSON: Final = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?[A-Z][a-z]+,? (?:[A-Z]\. )?[A-Z][a-z]+")
_VALUES: Final = (
    (_EMAIL, "e-mail address"),
    (_SSN, "record or identity number"),
    (_PHONE, "telephone number"),
    (_PAIR, "coordinates"),
)
#: Share of a column's values that must look so.
_MOST_OF: Final = 0.5
#: Earlier years in a column of dates are years of birth, not of sampling.
_BIRTH_YEARS: Final = range(1900, 1995)
#: Distinct pairs of capitalised words make a column of people; a few make one of species or sites.
_LEAST_PEOPLE: Final = 8


@dataclass(frozen=True, slots=True)
class Blocked:
    """A column that stays out of every prompt, and why."""

    column: str
    reason: str


def words_of(name: str) -> list[str]:
    """Part a column's name into words: ``host_subjectID`` gives host, subject, id.

    >>> words_of("DateOfBirth"), words_of("e-mail"), words_of("MRN")
    (['date', 'of', 'birth'], ['e', 'mail'], ['mrn'])
    """
    return [word.lower() for word in _WORD.findall(name)]


def blocked_columns(columns: Mapping[str, Iterable[str]]) -> list[Blocked]:
    """List the columns that would tell who someone is, by name and by what they hold."""
    found = []
    for name, values in columns.items():
        reason = _by_name(name) or _by_values([value.strip() for value in values if value.strip()])
        if reason:
            found.append(Blocked(name, reason))
    return found


def _by_name(name: str) -> str:
    words = words_of(name)
    joined = " ".join(words)
    # host_scientific_name and kin name a species.
    of_person = set(words) & {"patient", "subject", "participant", "person", "host"}
    if "name" in words and of_person and not set(words) & {"scientific", "species", "common"}:
        return "a person's name"
    for spelling in (joined, "".join(words), name.strip().lower()):
        for pattern, reason in _NAMES:
            if pattern.search(spelling):
                return reason
    return _WHOLE.get(joined, "")


def _by_values(values: Sequence[str]) -> str:
    if not values:
        return ""
    for pattern, reason in _VALUES:
        # One address or number of a person is one too many.
        if any(pattern.fullmatch(value) for value in values):
            return reason
    if any(_EMAIL.search(value) for value in values):
        return "e-mail address"
    years = [int(match["y"] or match["z"]) for it in values if (match := _DATE.fullmatch(it))]
    if len(years) > _MOST_OF * len(values) and any(year in _BIRTH_YEARS for year in years):
        return "date of birth"
    people = {value for value in values if _PERSON.fullmatch(value)}
    if len(people) >= _LEAST_PEOPLE and len(people) > _MOST_OF * len(values):
        return "a person's name"
    return ""


def shareable(
    columns: Mapping[str, Iterable[str]], allowed: Iterable[str]
) -> tuple[tuple[str, ...], tuple[Blocked, ...]]:
    """Return the columns that may stand in prompts, and those that were allowed but are blocked.

    Args:
        columns: All columns with their values.
        allowed: Names that a person has allowed.
    """
    wanted = [name for name in dict.fromkeys(allowed) if name in columns]
    blocked = {it.column: it for it in blocked_columns({name: columns[name] for name in wanted})}
    return (
        tuple(name for name in wanted if name not in blocked),
        tuple(blocked[name] for name in wanted if name in blocked),
    )
