"""What the ids of a table are: lineages, accessions of families, pathways, compounds, species."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.taxa import UNCLASSIFIED_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.records import FeatureKind

#: Parts of a lineage: "k__Bacteria|p__Firmicutes", "d__Bacteria; p__Bacillota".
PARTS: Final = re.compile(r"\s*[;|]\s*")
PREFIX: Final = re.compile(r"(sk|[a-z]|D_\d+)__", re.IGNORECASE)
BINOMIAL: Final = re.compile(r"\[?[A-Z][a-z]{2,}\]?[ ._](?:[a-z]{3,}|sp\.?)\b.*")
#: Amplicons and OTUs by their own ids: sequences, their MD5, numbers after a prefix.
_AMPLICON: Final = re.compile(
    r"[ACGTUNRYKMSWBDHV]{50,}|[0-9a-f]{32}"
    r"|(?:denovo|[zk]?otu|[ae]?sv|seq|bin)[_ -]?\d+(?:;size=\d+;?)?",
    re.IGNORECASE,
)
#: Rows of HUMAnN that are no feature of the community.
SPECIAL: Final = frozenset(
    {
        *("UNMAPPED", "READS_UNMAPPED", "UNINTEGRATED", "UNGROUPED", "UNKNOWN"),
        # What HTSeq and STAR count beside the genes.
        *("__NO_FEATURE", "__AMBIGUOUS", "__TOO_LOW_AQUAL", "__NOT_ALIGNED"),
        *("__ALIGNMENT_NOT_UNIQUE", "N_UNMAPPED", "N_MULTIMAPPING", "N_NOFEATURE", "N_AMBIGUOUS"),
    }
)
#: Share of the ids that decides what a table is about.
_MOST: Final = 0.8
#: What ids of functions look like.
_FUNCTIONS: Final[tuple[tuple[re.Pattern[str], FeatureKind], ...]] = (
    (re.compile(r"(?:ko:)?K\d{5}|UniRef\d+_\S+|(?:EC[: ])?\d+(?:\.(?:n?\d+|-)){3}"), "gene_family"),
    (
        re.compile(r"GO:\d{7}(?::\w\w:.*)?|PF\d{5}(?:\.\d+)?|IPR\d{6}|COG\d{4}|TIGR\d{5}"),
        "gene_family",
    ),
    (re.compile(r"(?:GH|GT|PL|CE|AA|CBM)\d+(?:_\d+)?|ENOG\w+|RXN\S*"), "gene_family"),
    (re.compile(r"(?:map|ko|ec|rn)\d{5}|(?:md:)?M\d{5}|\S*PWY\S*"), "pathway"),
)
#: Names of compounds: accessions, the unknowns of untargeted runs, endings of chemistry.
_COMPOUND: Final = re.compile(
    r"(?:.*_)?(?:HMDB\d+|CHEBI:\d+|X-\d{4,}|C\d{5}(?:_.*)?)"
    r"|.*(?:ates?|ines?|ols?|oses?|ides?|acids?|ones?|anes?|enes?|als?|ins?|ium|GPC|GPE|GPI)"
    r"\W*(?:\([^)]*\))?\W*",
    re.IGNORECASE,
)


def is_lineage(text: str) -> bool:
    """Tell a lineage with prefixes from other names.

    >>> is_lineage("k__Bacteria;p__"), is_lineage("UniRef90_A|g__B.s__C"), is_lineage("Alanine")
    (True, False, False)
    """
    return PREFIX.match(text.strip()) is not None


def is_amplicon(text: str) -> bool:
    """Tell an OTU or ASV by the form of its id.

    >>> is_amplicon("ASV_12"), is_amplicon("Zotu7"), is_amplicon("S12")
    (True, True, False)
    """
    return _AMPLICON.fullmatch(text.strip()) is not None


def is_unassigned(text: str) -> bool:
    """Tell a row of reads without a taxon: "Unassigned", "Unassigned;__;__"."""
    parts = [part.strip("_ ") for part in PARTS.split(text.strip())]
    return parts[0].lower() in UNCLASSIFIED_NAMES and not any(parts[1:])


def is_special(feature_id: str) -> bool:
    """Tell a row that is no feature of the community."""
    return feature_id.upper() in SPECIAL or is_unassigned(feature_id)


def share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    """Return the share of texts that pass a test, 0 where there are none."""
    return sum(bool(test(text)) for text in texts) / len(texts) if texts else 0.0


def kind_of_functions(ids: Sequence[str]) -> FeatureKind | None:
    """Tell tables of families and of pathways by their accessions, None for others."""
    ids = [it for it in ids if not is_special(it)]
    found = [kind for it in ids for pattern, kind in _FUNCTIONS if pattern.fullmatch(it)]
    if not ids or len(found) < _MOST * len(ids):
        return None
    return Counter(found).most_common(1)[0][0]


def are_species(ids: Sequence[str]) -> bool:
    """Tell names of species without prefixes."""
    return share(ids, BINOMIAL.fullmatch) >= _MOST


def are_compounds(ids: Sequence[str]) -> bool:
    """Tell names of metabolites."""
    return share(ids, _COMPOUND.fullmatch) >= 0.5
