"""What a column of the metadata is to the group, by its name and by what it holds.

A drug or a batch may explain what is laid to a group; a second name of the group, a detail of it
(the stage of a tumour) or a laboratory value that follows from it do not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from retrieval.cohort.privacy import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrieval.cohort.design import Design
    from retrieval.cohort.metadata import Metadata

Role: TypeAlias = Literal[
    "confounder",
    "associated",
    "restates the group",
    "detail of a group",
    "bookkeeping",
    "order in time",
]

#: Columns about records and files; they tell nothing of people. Named in a warning only.
_BOOKKEEPING: Final = frozenset(
    {
        *("shared", "included", "excluded", "publication", "doi", "fastq", "file", "filename"),
        *("path", "description", "title", "summary", "barcode", "accession", "comment", "split"),
        *("pmid", "curator", "url", "notes", "remarks", "linker", "primer"),
    }
)
#: Column names that say the same as the group does.
DISEASE_WORDS: Final = frozenset(
    {
        *("diagnosis", "disease", "phenotype", "condition", "health", "healthy", "casecontrol"),
        *("case", "control", "icd", "group", "groups", "state", "status"),
    }
)
#: Words that say nothing of what a column is about.
_GENERIC_WORDS: Final = frozenset(
    {
        *("id", "study", "sample", "type", "name", "code", "detail", "label", "binary", "specific"),
        *("level", "var", "variable", "value", "class", "category", "group", "groups", "status"),
        *("state", "host", "subject", "patient", "sub", "is", "has", "of", "at", "the", "score"),
    }
)
#: Names that can mean nothing but the outcome of a table made for learning.
_OUTCOME_WORDS: Final = frozenset(
    {"label", "labels", "class", "target", "outcome", "y", "grp", "group", "groups", "binary"}
)
#: Words of exposures: a column that has one never merely restates the group.
_EXPOSURE_WORDS: Final = frozenset(
    {
        *("drug", "drugs", "medication", "medicine", "med", "meds", "treatment", "therapy", "dose"),
        *("medications", "supplement", "supplements", "probiotic", "probiotics", "vaccine"),
        *("batch", "plate", "run", "lane", "kit", "center", "centre", "site", "hospital", "lab"),
        *("country", "city", "region", "diet", "smoking", "antibiotic", "antibiotics", "abx"),
        *("ppi", "statin", "metformin", "insulin", "cohort", "project", "dataset", "extraction"),
        *("alcohol", "smoker", "steroid", "steroids", "nsaid", "laxative", "immunosuppressant"),
    }
)
#: Levels that many columns share: one of these in another column is no sign of the group's name.
_GENERIC_LEVELS: Final = frozenset(
    {
        *("yes", "no", "true", "false", "none", "positive", "negative", "high", "low", "other"),
        *("male", "female", "present", "absent", "before", "after", "pre", "post", "normal"),
    }
)
#: Words of exposures that are told by number: they are tried as covariates too. Other numbers
#: (laboratory values) may follow from the state that the group names and are not.
_EXPOSURE_NUMBERS: Final = frozenset(
    {
        *("age", "bmi", "weight", "dose", "dosage", "depth", "reads", "storage", "batch", "plate"),
        *("lane", "run", "year", "month", "day", "season", "fiber", "fibre", "calories", "pack"),
        *("time", "week", "visit", "timepoint", "hour", "mg", "mcg", "iu", "daily", "tablets"),
        *("pills", "cigarettes", "drinks", "bases", "read", "energy", "kcal"),
    }
)
#: Words of amounts that someone takes: those of whom none is written take none.
_DOSES: Final = frozenset(
    {
        *("dose", "dosage", "mg", "mcg", "iu", "daily", "tablets", "pills", "cigarettes"),
        *("drinks", "pack", "packs", "units"),
    }
)
#: Exposures by their names that as numbers are laboratory values.
_MEASURED: Final = frozenset({"insulin", "lab", "site", "cohort"})
#: Names of drugs by their stems, in names of columns and in values.
_DRUG: Final = re.compile(
    r"metformin|insulins?\b|sulfonylurea|acarbose|\w+(?:gliptin|gliflozin|glutide|glitazone)"
    r"|\w*statins?\b|\w+prazole|\bppis?\b|\w+(?:cillin|mycin|floxacin|cycline|oxacin|azole|mab)\b"
    r"|mesala[mz]ine|\w*salazine|azathioprine|mercaptopurine|methotrexate|predniso\w+|budesonide"
    r"|\w+(?:sartan|prilat|pril|olol|dipine)\b|warfarin|aspirin|ibuprofen|nsaids?\b|lactulose"
    r"|rifaximin|urso\w+|antibiotics?|probiotics?|levodopa|entacapone|digoxin|tacrolimus"
    r"|cyclosporin\w*|lithium|olanzapine|risperidone|clozapine|quetiapine|sertraline|fluoxetine",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[a-z0-9]+")
#: What a column writes for those who were not exposed.
NOT_EXPOSED: Final = frozenset(
    {"no", "n", "none", "0", "0.0", "false", "never", "negative", "absent", "untreated", "off"}
)
#: Words of what is found in the ill: tests, stages, complaints. They follow from the disease.
_CONSEQUENCES: Final = frozenset(
    {
        *("fobt", "hemoccult", "calprotectin", "symptom", "symptoms", "histology", "pathology"),
        *("endoscopy", "colonoscopy", "biopsy", "lesion", "lesions", "severity", "stage", "grade"),
        *("tnm", "ajcc", "staging", "activity", "flare", "remission", "relapse", "complication"),
        *("metastasis", "mutation", "microsatellite", "msi", "survival"),
    }
)
#: Words of one matter: of the group's levels or name, and of columns that define or restate them.
_SAME_MATTER: Final = tuple(
    map(
        frozenset,
        (
            {"crc", "cancer", "carcinoma", "tumor", "tumour", "neoplasm", "malignancy"},
            {"cd", "uc", "ibd", "crohn", "crohns", "colitis", "nonibd"},
            {"t1d", "t2d", "diabetes", "diabetic", "dm", "iddm", "niddm"},
            {"obese", "obesity", "overweight", "lean", "bmi", "weight", "adiposity", "waist"},
            {"cirrhosis", "cirrhotic", "lc"},
            {"nafld", "nash", "steatosis", "steatohepatitis"},
            {"adult", "adults", "infant", "infants", "elderly", "newborn", "child", "children",
             "young", "old", "age", "senior", "toddler"},
            {"drug", "medication", "treatment", "therapy", "intervention", "arm", "dose",
             "compound", "regimen", "treated"},
        ),
    )
)  # fmt: skip


def role_of(
    design: Design, column: Metadata, name: str, *, numeric: bool, determines: bool
) -> Role:
    """Say what a column that goes with the group is to it.

    Args:
        design: The groups.
        column: Metadata of the units that have a value.
        name: The column.
        numeric: Whether it is a measure.
        determines: Whether the group can be told from the column.
    """
    words, own = _words(name), _words(design.column)
    if words & _BOOKKEEPING:
        return "bookkeeping"
    exposed = _is_exposure(name, own)
    levels = {word for level in design.levels for word in _words(level)} - _GENERIC_LEVELS
    is_of_exposure = not exposed or bool(own & _EXPOSURE_WORDS)
    if determines and is_of_exposure and _is_one_matter(words, own | levels):
        return "restates the group"
    if not exposed and _has_same_name(words, own, levels):
        return "restates the group"
    if design.scale is None and not exposed and _repeats_levels(design, column, name):
        return "restates the group"
    if (words & _CONSEQUENCES and not exposed) or (numeric and not is_exposure_number(name)):
        return "associated"
    return "confounder"


def _words(name: str) -> set[str]:
    """Part a name into words, and at punctuation alone: T2D is a word too."""
    return {*words_of(name), *_PARTS.findall(name.lower())}


def _is_exposure(name: str, own: Collection[str] = ()) -> bool:
    words = set(words_of(name)) - set(own)
    return bool(words & _EXPOSURE_WORDS) or bool(_DRUG.search(" ".join(sorted(words))))


def is_exposure(name: str, values: Iterable[str] = ()) -> bool:
    """Tell a column of drugs, batches or places by its name, or by drugs among its values.

    >>> is_exposure("therapy"), is_exposure("rx", ["metformin"]), is_exposure("ajcc", ["II"])
    (True, True, False)
    """
    return _is_exposure(name) or any(_DRUG.search(value) for value in values)


def is_exposure_number(name: str) -> bool:
    """Tell a number that is an exposure (age, a dose) from one that is measured in the person."""
    words = set(words_of(name))
    named = (words & (_EXPOSURE_NUMBERS | _EXPOSURE_WORDS)) - _MEASURED
    return bool(named) or bool(_DRUG.search(" ".join(sorted(words - _MEASURED))))


def is_dose(name: str) -> bool:
    """Tell an amount that someone takes.

    >>> is_dose("metformin_mg_day"), is_dose("ursodiol"), is_dose("age"), is_dose("day")
    (True, True, False, False)
    """
    words = set(words_of(name)) - _MEASURED
    return bool(words & _DOSES) or bool(_DRUG.search(" ".join(sorted(words))))


def _has_same_name(words: set[str], own: set[str], levels: set[str]) -> bool:
    """Tell whether two columns name the same thing, or both merely name the disease."""
    if words & own - _GENERIC_WORDS:
        return True
    said = {word for word in words if not word.isdigit()}
    if said and said <= _OUTCOME_WORDS:
        return True
    if {word for word in said & levels if len(word) > 1} - _GENERIC_WORDS - DISEASE_WORDS:
        return True  # is_crc beside CRC and control
    plain = DISEASE_WORDS | _GENERIC_WORDS
    return said <= plain and own <= plain and bool(said & DISEASE_WORDS)


def _is_one_matter(words: set[str], own: set[str]) -> bool:
    """Tell words of one matter: ``bmi`` of obese and lean, ``dose`` of a treatment."""
    return any(words & matter and own & matter for matter in _SAME_MATTER)


def _repeats_levels(design: Design, column: Metadata, name: str) -> bool:
    """Tell whether the column writes a level's own name for the samples of that level."""
    pairs = list(zip(column.column(design.column), column.column(name), strict=True))
    for level in design.levels:
        texts = [text for group, text in pairs if group == level]
        words = re.escape(level.lower())
        same = [bool(re.search(rf"\b{words}\b", text.lower())) for text in texts]
        is_telling = len(level) > 2 and level.lower() not in _GENERIC_LEVELS
        if is_telling and same and sum(same) > 0.9 * len(same):
            return True
    return False
