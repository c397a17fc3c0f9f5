"""Protein families: whose they are, what a member has, and which score makes a member.

Rules only, on records; the readers, the store and the search share them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of, is_uncharacterized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.records import Family, FamilyKind, FamilyNote

OWN: Final = "own"  # families of no known database

#: Accession -> database, as the databases themselves write their accessions.
_DATABASES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"PF\d{5}"), "Pfam"),
    (re.compile(r"TIGR\d{5}"), "TIGRFAM"),
    (re.compile(r"NF\d{6}"), "NCBIfam"),
    (re.compile(r"MF_\d{5}(?:_[AB])?"), "HAMAP"),
    (re.compile(r"K\d{5}"), "KOfam"),
    (re.compile(r"PTHR\d{5}(?:[._:]\w+)*"), "PANTHER"),
    (re.compile(r"PIRSF\d{6}"), "PIRSF"),
    (re.compile(r"SFLD[FGS]\d{5}"), "SFLD"),
    (re.compile(r"(?:ar)?[CK]OG\d{4,5}"), "COG"),
)
_VERSIONED: Final = re.compile(r"((?:PF|TIGR)\d{5}|NF\d{6})\.(\d+)")

#: Types of Pfam (TP lines), TIGRFAMs and NCBIfam (isology, family_type) -> our kinds.
#: NCBI's "exception" is an equivalog whose members a broader one would misname.
KINDS: Final[Mapping[str, FamilyKind]] = MappingProxyType(
    {
        **dict.fromkeys(("equivalog", "hypoth_equivalog", "exception"), "equivalog"),
        **dict.fromkeys(("pfameq", "pfamautoeq", "pfam_equivalog"), "equivalog"),
        **dict.fromkeys(("equivalog_domain", "hypoth_equivalog_domain"), "equivalog_domain"),
        **dict.fromkeys(("pfameq_domain", "pfam_equivalog_domain"), "equivalog_domain"),
        **dict.fromkeys(("family", "subfamily", "superfamily", "paralog"), "family"),
        **dict.fromkeys(("domain", "repeat", "motif", "signature"), "domain"),
        **dict.fromkeys(("subfamily_domain", "paralog_domain"), "domain"),
        **dict.fromkeys(("coiled-coil", "disordered"), "domain"),
    }
)

# "[EC:1.1.1.1 1.1.1.2]" of KEGG, "(EC 1.1.1.1)" of UniProt and TIGRFAMs.
_EC_IN_TEXT: Final = re.compile(r"\s*[\[(]EC[:\s]+([^\])]+)[\])]")
_KO_IN_TEXT: Final = re.compile(r"\bKO:\s?(K\d{5})\b")
_SEPARATOR: Final = re.compile(r"[\s,;]+")
# TIGRFAMs begin a description with the short name, NCBIfam with who made the family.
_SHORT_NAME: Final = re.compile(r"[\w.+/()-]+: ")
_NAMED_BEFORE: Final = frozenset({"TIGRFAM", "NCBIfam"})


@dataclass(frozen=True, slots=True)
class FamilyTerms:
    """The function that a description states."""

    product: str = ""
    gene: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """The curated score, in bits, that a member reaches: as a sequence, and with each domain.

    None where nothing is asked of that score. ``label`` names it in a sentence.
    """

    label: str
    sequence: float | None
    domain: float | None


def split_accession(text: str) -> tuple[str, str]:
    """Part an accession from its version.

    >>> split_accession("PF00001.21"), split_accession("K00001"), split_accession("my.fam.1")
    (('PF00001', '21'), ('K00001', ''), ('my.fam.1', ''))
    """
    found = _VERSIONED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def database_of(accession: str) -> str:
    """Name the database whose accessions look like this, "own" when there is none.

    >>> database_of("PF00001"), database_of("K00001"), database_of("my_family")
    ('Pfam', 'KOfam', 'own')
    """
    known = (name for pattern, name in _DATABASES if pattern.fullmatch(accession))
    return next(known, OWN)


def terms_of_description(accession: str, description: str) -> FamilyTerms:
    """Read the function out of a description, as far as it states one.

    A Pfam description names a domain, not a product, and gives none. KOfam's accession is itself
    the KO. Prokka's ``EC~~~gene~~~product~~~COG`` is understood.

    >>> terms_of_description("K00001", "alcohol dehydrogenase [EC:1.1.1.1]").ec_numbers
    ('1.1.1.1',)
    """
    database = database_of(accession)
    ko = (accession,) if database == "KOfam" else tuple(_KO_IN_TEXT.findall(description))
    go_terms = tuple(dict.fromkeys(IDENTIFIER_PATTERNS["go"].findall(description)))
    if "~~~" in description:
        ec, gene, product, *_ = [*description.split("~~~"), "", ""]
        numbers = ec_numbers_of(_SEPARATOR.split(ec))
        return FamilyTerms(_named(product), gene.strip(), numbers, go_terms, ko)
    listed = _SEPARATOR.split(" ".join(_EC_IN_TEXT.findall(description)))
    name = without_codes(description)
    if database in _NAMED_BEFORE:
        name = _SHORT_NAME.sub("", name, count=1)
    product = "" if database == "Pfam" else _named(name)
    return FamilyTerms(product, "", ec_numbers_of(listed), go_terms, ko)


def without_codes(description: str) -> str:
    """Drop the EC numbers that a description carries in brackets.

    >>> without_codes("alcohol dehydrogenase [EC:1.1.1.1]")
    'alcohol dehydrogenase'
    """
    return _EC_IN_TEXT.sub("", description).strip()


def _named(name: str) -> str:
    return "" if is_uncharacterized(name) else name.strip()


def kind_of(family: Family) -> FamilyKind:
    """Say what membership tells, by the most careful reading where no table states it.

    KOfam with its threshold and HAMAP are equivalogs: both are made to carry one function of
    whole proteins. Pfam without a type counts as a domain, everything else as a family.
    """
    if family.kind:
        return family.kind
    if family.database == "HAMAP" or (family.database == "KOfam" and family.threshold is not None):
        return "equivalog"
    return "domain" if family.database == "Pfam" else "family"


def criterion_of(family: Family) -> Criterion | None:
    """Choose the curated cut-off: a table's threshold, else GA, else TC; None when none is known.

    NC, the best score of a known non-member, is no bar for membership and is not used.
    """
    if family.threshold is not None:
        label = f"{family.database} threshold" if family.database == "KOfam" else "threshold"
        if family.score_type == "domain":
            return Criterion(label, None, family.threshold)
        return Criterion(label, family.threshold, None)
    if family.gathering is not None:
        return Criterion("gathering threshold", *family.gathering)
    if family.trusted is not None:
        return Criterion("trusted cut-off", *family.trusted)
    return None


def joined(family: Family, notes: Iterable[FamilyNote]) -> Family:
    """Complete a family by what tables say of it; the notes come in the order of their files.

    A table outranks the profile's own lines, a later table an earlier one. Lists and thresholds
    are taken from the last file of each kind of table alone, so that a new release replaces them.
    """
    notes = list(notes)
    current = _latest(notes)
    thresholds = [note for note in current if note.threshold is not None]
    complete = replace(
        family,
        name=_last(notes, "name") or family.name,
        description=_last(notes, "description") or family.description,
        kind=next((note.kind for note in reversed(notes) if note.kind), family.kind),
        clan=_last(notes, "clan") or family.clan,
        threshold=thresholds[-1].threshold if thresholds else family.threshold,
        score_type=thresholds[-1].score_type if thresholds else family.score_type,
        product=_last(notes, "product") or family.product,
        gene=_last(notes, "gene") or family.gene,
        ec_numbers=_listed(note.ec_numbers for note in current) or family.ec_numbers,
        go_terms=_listed((family.go_terms, *(note.go_terms for note in current))),
        ko=_listed((family.ko, *(note.ko for note in current))),
    )
    return replace(complete, kind=kind_of(complete))


def _latest(notes: Iterable[FamilyNote]) -> list[FamilyNote]:
    """Keep the rows of the last file of each kind of table."""
    tables: dict[str, list[FamilyNote]] = {}
    for note in notes:
        rows = tables.setdefault(note.provenance.reader, [])
        if rows and rows[-1].provenance.sha256 != note.provenance.sha256:
            rows.clear()
        rows.append(note)
    return [note for rows in tables.values() for note in rows]


def _last(notes: Sequence[FamilyNote], field: str) -> str:
    values: list[str] = [value for note in notes if (value := getattr(note, field))]
    return values[-1] if values else ""


def _listed(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))
