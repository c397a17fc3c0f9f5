"""The one place that turns a protein as written in a file into residues that tools accept.

Nothing here says whether a protein is plausible; that is the readers' work.
"""

from __future__ import annotations

STANDARD = "ACDEFGHIKLMNPQRSTVWY"  # the 20 residues of the genetic code, IUPAC letters

# Rare and ambiguous residues by the nearest standard one: selenocysteine and pyrrolysine by their
# parent residues, Asx and Glx by the amides, Xle by leucine (IUPAC-IUB 1983 ambiguity codes).
NEAREST_STANDARD = {"U": "C", "O": "K", "B": "N", "Z": "Q", "J": "L"}

_UNKNOWN = "X"


def _letters() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(128), _UNKNOWN)
    for letter, standard in {**{one: one for one in STANDARD}, **NEAREST_STANDARD}.items():
        table[ord(letter)] = table[ord(letter.lower())] = standard
    # Dropped: white space, and the gaps of aligned FASTA.
    return table | dict.fromkeys(map(ord, " \t\n\v\f\r-."))


_TRANSLATION = _letters()


def clean_residues(sequence: str) -> str:
    """Return ``sequence`` in the 20 standard letters and ``X``.

    Lower case is raised; white space, gaps and the closing ``*`` are dropped; rare residues go
    to the nearest standard one (``NEAREST_STANDARD``); everything else becomes ``X``.
    """
    # "replace" turns each letter outside ASCII into "?", which the table then makes an X.
    letters = sequence.encode("ascii", "replace").decode("ascii")
    return letters.rstrip("* \t\r\n").translate(_TRANSLATION)
