"""Descriptions of groups of orthologs (eggNOG): which of them are names of a protein.

eggNOG describes a group by whatever its members have: a protein's name, a sentence, a domain, a
GO term, a word cut off. Only what reads like a protein's name is taken for one; all is quoted.
"""

from __future__ import annotations

import re

from ingest.vocab import is_uncharacterized

LONGEST_NAME = 8  # words; longer descriptions are sentences
QUOTED = 160  # characters of a description that are quoted

_PROSE = re.compile(
    r"^(?:found in|located|present in|displays|belongs? to|involved in|required for"
    r"|responsible for|participates|plays|part of|component of|essential|it |this |one of"
    r"|may |might |could |can |functions|acts|has |is "
    r"|(?:cataly[sz]|hydroly[sz]|oxidi[sz]|synthesi[sz]|metaboli[sz]|phosphorylat|cleav|produc|remov"
    r"|transfer|convert|bind|form|mediat|promot|reduc|regulat|degrad|modif|confer|provid|allow"
    r"|interact|facilitat|contribut|control|repress|activat|prevent|stimulat|releas|exhibit)e?s\b)"
    r"|\b(?:that|which|whose|where)\b|\.\s",
    re.IGNORECASE,
)
_NO_PROTEIN = re.compile(
    r"^(?:pfam|tigrfam|smart)\b|\b(?:domains?|repeats?|motif|region|activit(?:y|ies)|process"
    r"|regulation of|biosynthesis)\b",
    re.IGNORECASE,
)
# What the names of proteins end in: reductase, regulator, transporter, porin, protein HlyD ...
_PROTEIN = re.compile(
    r"\b(?:\w+ases?|\w*proteins?|\w+[dt]or|\w+(?:port|carri|helic)er|\w+[xr]ins?|flagellin|pilin"
    r"|subunit|factor|chaperone|channel|receptor|antigen|\w*enzyme)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^(?:ar)?[CK]OG\d{4}\s+")


def description_of(text: str) -> str:
    """Return a group's description without its number, "" when it says nothing of a function."""
    bare = _GROUP.sub("", text.strip())
    return "" if is_uncharacterized(bare) else bare


def is_protein_name(description: str) -> bool:
    """Tell a protein's name from a sentence, a domain, a process or a family.

    >>> is_protein_name("Galactose mutarotase"), is_protein_name("NUDIX domain")
    (True, False)
    """
    if len(description.split()) > LONGEST_NAME or _PROSE.search(description):
        return False
    return _NO_PROTEIN.search(description) is None and _PROTEIN.search(description) is not None


def shortened(description: str) -> str:
    """Keep the first sentence, and of a long one the beginning."""
    first = description.split(". ", maxsplit=1)[0].rstrip(".")
    return first if len(first) <= QUOTED else f"{first[:QUOTED].rsplit(' ', 1)[0]} ..."
