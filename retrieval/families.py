"""Profile HMMs against proteins: the one place that calls HMMER (pyhmmer).

E-values count the profiles, as hmmscan's do: what is expected by chance for this protein among
all families. So a gene's answer does not depend on the other genes of its batch. Profiles are
searched one after another against the whole batch, as hmmsearch does, which is several times
faster than the other way round; the scores are the same. What a match means is
``retrieval.domains``' part.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from ingest.records import clean_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pyhmmer.plan7 import HMM, Hit, OptimizedProfile

#: HMMER refuses longer sequences; no such protein is known.
LONGEST_QUERY: Final = 100_000  # residues
#: How far the probabilities of a profile may be from 1 in sum: files have five decimals.
_ROUNDING: Final = 1e-3
_NO_LETTER: Final = re.compile(r"[^A-Z]")  # every letter is a residue or a class of residues


@dataclass(frozen=True, slots=True)
class DomainMatch:
    """One place where a protein aligns with a profile.

    Positions are 1-based and inclusive, of the alignment. ``evalue`` is the independent one.
    """

    start: int
    end: int
    hmm_start: int
    hmm_end: int
    score: float
    evalue: float


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """A protein and a family: the score of the whole sequence, and of each domain, in bits."""

    query: str
    accession: str
    score: float
    evalue: float
    domains: tuple[DomainMatch, ...]


def fault_of(profile: str) -> str:
    """Say why HMMER cannot use the text of one profile; "" when it can."""
    from pyhmmer.errors import InvalidHMM

    try:
        _parsed(profile).validate(tolerance=_ROUNDING)
    except InvalidHMM:  # its own text cannot be had
        return "the probabilities of a state do not sum to 1: the numbers were changed"
    except (ValueError, OSError, EOFError, RuntimeError) as error:
        return f"HMMER cannot read the profile ({type(error).__name__})"
    return ""


def press(profiles: Iterable[tuple[str, str]], target: Path) -> int:
    """Write accessions and texts of profiles as HMMER's pressed files ``target.h3*``.

    Returns:
        The number of profiles.
    """
    import pyhmmer

    return int(pyhmmer.hmmpress((_named(*profile) for profile in profiles), target))


def pressed(target: Path) -> Iterator[OptimizedProfile[Any]]:
    """Read the profiles of pressed files, one at a time."""
    from pyhmmer.plan7 import HMMPressedFile

    with HMMPressedFile(target) as file:
        yield from file


def search(
    queries: Mapping[str, str],
    profiles: Iterable[HMM[Any] | OptimizedProfile[Any]],
    *,
    library_size: int,
    threads: int = 1,
) -> dict[str, list[ProfileMatch]]:
    """Compare each protein with each profile, in the order of the profiles.

    Args:
        queries: Id to protein sequence; those that HMMER cannot take are left out.
        profiles: Profiles whose names are accessions of families.
        library_size: The number of profiles that E-values count.
        threads: CPU threads; the answer does not depend on it.

    Returns:
        Every match that passes HMMER's own filters, however weak, by query.
    """
    import pyhmmer
    from pyhmmer.easel import Alphabet, DigitalSequenceBlock, TextSequence

    amino = Alphabet.amino()
    names = list(queries)
    block = DigitalSequenceBlock(amino)
    for number, name in enumerate(names):
        residues = _NO_LETTER.sub("X", clean_sequence(queries[name]))
        if 0 < len(residues) <= LONGEST_QUERY:
            block.append(TextSequence(name=str(number), sequence=residues).digitize(amino))
    found: dict[str, list[ProfileMatch]] = {}
    if not len(block) or library_size < 1:
        return found
    everything = float(library_size)  # no E-value is above the number of comparisons
    results = pyhmmer.hmmsearch(
        cast("Iterable[HMM[Any]]", profiles),  # its stubs forget profiles that were pressed
        cast("Any", block),  # and that a block is iterable
        cpus=threads,
        Z=library_size,
        domZ=library_size,
        E=everything,
        domE=everything,
        incE=everything,
        incdomE=everything,
    )
    for hits in results:
        for hit in hits:
            match = _match(names[int(_text(hit.name))], _text(hits.query.name), hit)
            found.setdefault(match.query, []).append(match)
    return found


def _match(query: str, accession: str, hit: Hit) -> ProfileMatch:
    domains = [
        DomainMatch(
            start=domain.alignment.target_from,
            end=domain.alignment.target_to,
            hmm_start=domain.alignment.hmm_from,
            hmm_end=domain.alignment.hmm_to,
            score=domain.score,
            evalue=domain.i_evalue,
        )
        for domain in hit.domains
    ]
    domains.sort(key=lambda domain: (domain.start, domain.end))
    return ProfileMatch(query, accession, hit.score, hit.evalue, tuple(domains))


def parsed(profiles: Iterable[tuple[str, str]]) -> list[HMM[Any]]:
    """Read accessions and texts of profiles into memory, named by accession."""
    return [_named(*profile) for profile in profiles]


def _named(accession: str, profile: str) -> HMM[Any]:
    hmm = _parsed(profile)
    hmm.name = accession
    hmm.accession = None  # pressed files index it too, and refuse one that is another's name
    return hmm


def _parsed(profile: str) -> HMM[Any]:
    from pyhmmer.easel import Alphabet
    from pyhmmer.plan7 import HMMFile

    with HMMFile(io.BytesIO(profile.encode()), alphabet=Alphabet.amino()) as file:
        hmm = file.read()
    if hmm is None:
        raise EOFError("no profile")
    return hmm


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name
