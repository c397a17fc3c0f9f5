"""Identifiers of papers as files write them: PMIDs, PMCIDs, DOIs, names of authors, years.

Pure functions from text to our one form, "" for what is no identifier. A DOI keeps its case (it is
compared without it); an author becomes family name and initials, as PubMed writes it.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from ingest.records import digest_of

#: A registrant code, a slash and a suffix without white space (doi.org/the-identifier).
_DOI: Final = re.compile(r"10\.\d+(?:\.\d+)*/[^\s\"<>]+")
_DOI_AS_LINK: Final = re.compile(
    r"^(?:https?://[^\s/]*doi[^\s/]*/|(?:urn:)?doi[:\s]\s*)", re.IGNORECASE
)
#: What sentences, lists and links leave behind a DOI; a bracket only where none was opened.
_AFTER_DOI: Final = ".,;:'\"’”"
#: bioRxiv and medRxiv mark versions and views behind the DOI.
_RXIV_VERSION: Final = re.compile(
    r"^(10\.(?:1101|64898)/[\d.]+)(?:v\d+)?(?:\.(?:full|abstract).*)?$"
)
_PMID: Final = re.compile(
    r"(?:pmid|pubmed|medline)?[:\s]*(?:https?://\S*?/)?0*([1-9]\d{0,7})(?:\.0)?/?"
    r"(?:\s*\(https?://\S*\))?",  # Embase puts the link behind it
    re.IGNORECASE,
)
_PMCID: Final = re.compile(
    r"(?:https?://\S*/)?(?:PMC(?:ID)?[:\s]*)?(?:PMC)?0*([1-9]\d*)(?:\.\d+)?/?$", re.I
)
_YEAR: Final = re.compile(
    r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?:(?!\d)|(?=(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?!\d)))"
)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.?-?){1,4}")
#: "Jr", "III": kept out of initials.
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "2nd", "3rd"})
_GROUP: Final = re.compile(
    r"^the\b|\b(?:group|consorti(?:um|a)|collaborat(?:ion|ors)|network|organi[sz]ation|team|committee"
    r"|society|institutes?|universit(?:y|ies)|initiative|project|program(?:me)?|investigators|study"
    r"|authority|agency|association|foundation|council|ministry|department|cent(?:er|re)|unit)\b",
    re.IGNORECASE,
)
#: Small words that belong to the family name that follows.
_PARTICLES: Final = frozenset(
    {
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "zu",
        "zur",
        "af",
        "al",
        "el",
        "bin",
        "ibn",
    }
)
#: Repositories of preprints, by DOI (Crossref members; arXiv by DataCite).
_PREPRINT_DOI: Final = re.compile(
    r"10\.(?:1101/(?:\d{4}\.\d\d\.\d\d\.\d+|\d{6,8}$)|64898/|21203/rs\.|20944/preprints"
    r"|48550/arxiv|26434/chemrxiv|31219/osf|31234/osf|7287/peerj\.preprints|2139/ssrn|22541/au\."
    r"|36227/techrxiv|51094/jxiv)",
    re.IGNORECASE,
)
_PREPRINT_NAMES: Final = re.compile(
    r"\b(?:bioRxiv|medRxiv|arXiv|ChemRxiv|Research Square|Preprints?(?:\.org)?|SSRN|PsyArXiv)\b",
    re.I,
)


def normal_doi(text: str) -> str:
    """Find the DOI in a text: "https://doi.org/10.1/X." is ``10.1/X``; "" where there is none.

    >>> normal_doi("doi: 10.1016/S0022-2836(05)80360-2.")
    '10.1016/S0022-2836(05)80360-2'
    """
    plain = _DOI_AS_LINK.sub("", text.strip())
    if "%" in plain:
        plain = unquote(plain)
    match = _DOI.search(plain)
    if not match:
        return ""
    doi = match.group().rstrip(_AFTER_DOI)
    for opened, closed in ("()", "[]", "{}"):
        while doi.endswith(closed) and doi.count(closed) > doi.count(opened):
            doi = doi[:-1].rstrip(_AFTER_DOI)
    version = _RXIV_VERSION.match(doi)
    return version.group(1) if version else doi


def normal_pmid(text: str) -> str:
    """Read a PMID, also out of "PMID: 7", a link or a spreadsheet's ``7.0``; "" if it is none."""
    match = _PMID.fullmatch(text.strip())
    return match.group(1) if match else ""


def normal_pmcid(text: str) -> str:
    """Read a PMCID as ``PMC7``, without version; "" if it is none."""
    match = _PMCID.match(text.strip())
    return f"PMC{match.group(1)}" if match else ""


def year_in(text: str) -> str:
    """Find the first year in a date, however it is written; "" where there is none."""
    match = _YEAR.search(text)
    return match.group() if match else ""


def is_preprint_source(doi: str, journal: str = "") -> bool:
    """Tell whether a DOI or a journal's name is that of a server of preprints."""
    return bool(_PREPRINT_DOI.match(doi) or (not doi and _PREPRINT_NAMES.search(journal)))


def author_name(text: str) -> str:
    """Write a name as family name and initials: "Zhang, Xiaoli" is ``Zhang X``.

    A name without a comma is taken as it stands when it ends with initials (or is a group),
    else its last word and the particles before it are the family name.
    """
    name = " ".join(text.replace("{", "").replace("}", "").split()).strip(" ;,")
    family, comma, given = name.partition(",")
    if comma:
        parts = [part.strip() for part in given.split(",")]
        given = next((part for part in reversed(parts) if part.lower() not in _SUFFIXES), "")
        return f"{family.strip()} {_initials(given)}".strip()
    words = [word for word in name.split() if word.lower() not in _SUFFIXES]
    if len(words) < 2:
        return name
    if all(_INITIALS.fullmatch(word) for word in words[1:]) and not _INITIALS.fullmatch(words[0]):
        return f"{words[0]} {''.join(words[1:]).replace('.', '').replace('-', '')}"
    return name


def is_group(name: str) -> bool:
    """Tell a group or an institution from a person."""
    return _GROUP.search(name) is not None


def given_first(name: str) -> str:
    """Turn "Xiaoli van der Zhang" into ``van der Zhang X``; names with a comma go as they are."""
    words = [word for word in name.split() if word.lower() not in _SUFFIXES]
    if "," in name or len(words) < 2 or (name.startswith("{") and name.endswith("}")):
        return author_name(name)
    if _GROUP.search(name):
        return name
    if _INITIALS.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[0]):
        *family, initials = words  # "Glaus Garzon J"
        if all(_INITIALS.fullmatch(word) for word in words[1:]):
            return author_name(name)
        return f"{' '.join(family)} {re.sub('[.-]', '', initials)}"
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return f"{' '.join(words[first:])} {_initials(' '.join(words[:first]))}".strip()


def _initials(given: str) -> str:
    letters = []
    for word in re.split(r"[\s.\-]+", given):
        if not word:
            continue
        # "XL" and "JP" are initials already; "Xiaoli" gives one.
        letters.append(word if word.isupper() and len(word) <= 3 else word[0].upper())
    return "".join(letters)


def made_up_id(title: str, authors: tuple[str, ...], year: str, journal: str = "") -> str:
    """Name a paper whose file gives it no id: first author, year and a digest of the title.

    A short title ("Editorial") names no paper without its journal.
    """
    first = re.sub(r"\W+", "", authors[0].split(" ")[0]) if authors else ""
    letters = re.sub(r"[\W_]+", "", title.casefold())
    if len(letters) < _TELLING_TITLE:
        letters += re.sub(r"[\W_]+", "", journal.casefold())
    return f"{MADE_UP}{first}{year}-{digest_of(letters)[:8]}"


#: Letters of a title from which on it is hardly that of two papers.
_TELLING_TITLE: Final = 25
#: How ids begin that no file gave.
MADE_UP: Final = "ref:"
