"""Error classes: what curators found wrong with predicted functions, and the flags for each.

The classes are those of the curators who went through 453 predicted EC numbers of unknown
E. coli proteins, of which three were new and right (de Crecy-Lagard et al. 2025, G3,
doi 10.1093/g3journal/jkaf169; ai4curation.io, VALIDATING_ECOLI_PREDICTIONS).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Class -> what it means for the reader.
CLASS_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CNN": "already known",
        "LSP": "less specific than known",
        "PLI": "paralog of another subfamily",
        "NPI": "contradicted by other evidence",
        "REP": "repeated too often",
        "UNC": "uncertain",
    }
)

#: Flag -> class. A flag that is not here says something of the gene, not of the prediction.
CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "already_known": "CNN",
        "already_annotated": "CNN",
        "less_specific": "LSP",
        "paralog_subfamily": "PLI",
        "domain_only": "PLI",
        "prior_annotation_disagrees": "NPI",
        "context_disagrees": "NPI",
        "repeated_often": "REP",
        "conflicting_functions": "UNC",
        "single_source": "UNC",
        "uncertain": "UNC",
    }
)


def class_of(flag: str) -> str:
    """Name the error class that a flag stands for, empty when there is none."""
    return CLASSES.get(flag, "")
