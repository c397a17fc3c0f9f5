"""By which method an annotation tool knows what it says: whose word is independent of whose.

Two tools that compare sequences with the same proteins are one kind of witness, and the same kind
as our own similarity search. A profile per KO, groups of orthologs and signatures are others.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from retrieval.evidence.hit_rows import SEARCHES

if TYPE_CHECKING:
    from collections.abc import Mapping

Method: TypeAlias = Literal[
    "similarity",
    "orthology",
    "ko_profiles",
    "signatures",
    "cazymes",
    "resistance",
    "gene_clusters",
    "unknown",
]

#: Tool in lower case -> its method. Prokka and Bakta name by the closest protein of UniProt.
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "prokka": "similarity",
        "bakta": "similarity",
        "eggnog-mapper": "orthology",
        "kofamscan": "ko_profiles",
        "dram": "ko_profiles",  # its names are those of KOfam
        "interproscan": "signatures",
        "run_dbcan": "cazymes",
        "amrfinderplus": "resistance",
        "rgi": "resistance",
        "abricate": "resistance",
        "hmmer": "signatures",
        "antismash": "gene_clusters",
        "anvi'o": "unknown",  # see _OF_ANVIO: it tells its sources
        "run_dbcan clusters": "gene_clusters",
        **{tool.lower(): "similarity" for tool in SEARCHES},
    }
)
#: What Prokka and others name after a profile instead.
_SIGNATURES = frozenset({"hamap", "pfam", "tigrfam", "ncbifam", "cdd", "clusters"})
#: How the names of anvi'o's sources begin -> the method that stands behind them.
_OF_ANVIO: Mapping[str, Method] = MappingProxyType(
    {
        "kofam": "ko_profiles",
        "kegg": "ko_profiles",
        "cog": "orthology",
        "pfam": "signatures",
        "interpro": "signatures",
        "tigrfam": "signatures",
        "cazyme": "cazymes",
    }
)


def method_of(tool: str) -> Method:
    """Return the method of a tool as evidence names it: ``Prokka (UniProtKB)``.

    >>> method_of("Prokka (UniProtKB)"), method_of("Prokka (HAMAP)"), method_of("KofamScan (KOfam)")
    ('similarity', 'signatures', 'ko_profiles')
    """
    name, _, database = tool.partition(" (")
    database = database.rstrip(")").lower()
    method = METHODS.get(name.lower(), "unknown")
    if name.lower() == "anvi'o":
        found = (known for start, known in _OF_ANVIO.items() if database.startswith(start))
        return next(found, method)
    return "signatures" if method == "similarity" and database in _SIGNATURES else method
