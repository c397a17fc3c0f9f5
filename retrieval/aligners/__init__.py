"""Aligners: programs that search many proteins in many others, one file each.

``mmseqs`` (MMseqs2, comes with the package) is the default; ``diamond`` is used where it is
installed and asked for; ``mmseqs-profiles`` searches once more for queries with weak hits. All
give the same fields of ``retrieval.alignment.Alignment``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.registry import Registry

if TYPE_CHECKING:
    from retrieval.aligners.base import Aligner

ALIGNERS: Registry[type[Aligner]] = Registry(
    "aligner",
    "metalumen.aligners",
    {
        "mmseqs": "retrieval.aligners.mmseqs:Mmseqs",
        "diamond": "retrieval.aligners.diamond:Diamond",
        "mmseqs-profiles": "retrieval.aligners.mmseqs:MmseqsProfiles",
    },
)

DEFAULT_ALIGNER = "mmseqs"


def load_aligner(name: str) -> Aligner:
    """Return the aligner called ``name``.

    Raises:
        UserError: There is none of this name, or its program is not installed.
    """
    aligner = ALIGNERS.get(name)()
    aligner.version()
    return aligner
