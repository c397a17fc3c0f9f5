"""Small profile HMMs, built by HMMER from made-up alignments, and the families they stand for."""

from __future__ import annotations

import io

from pyhmmer.easel import Alphabet, TextMSA, TextSequence
from pyhmmer.plan7 import Background, Builder, Cutoffs

from ingest.readers.base import Source
from ingest.readers.hmmer3 import Hmmer3Reader
from tests.retrieval.proteins import protein, relative


def profile(
    name, aligned, *, accession="", description="", gathering=None, trusted=None, noise=None
):
    """Build a profile from sequences of one length; return its text without date and commands."""
    amino = Alphabet.amino()
    sequences = [
        TextSequence(name=f"s{n}", sequence=sequence) for n, sequence in enumerate(aligned)
    ]
    msa = TextMSA(name=name, sequences=sequences).digitize(amino)
    hmm, _, _ = Builder(amino, seed=42).build_msa(msa, Background(amino))
    hmm.accession = accession or None
    hmm.description = description or None
    cutoffs: Cutoffs = hmm.cutoffs
    cutoffs.gathering, cutoffs.trusted, cutoffs.noise = gathering, trusted, noise
    buffer = io.BytesIO()
    hmm.write(buffer)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("DATE", "COM ")))


def family_of(text):
    """Read one profile as the knowledge base does."""
    (family,) = Hmmer3Reader().read(io.StringIO(text), Source("families.hmm", "0" * 64))
    return family


def relatives(base, number=8, changed=0.25, seed=0):
    """Sequences of one length that share three quarters of their residues with a base."""
    return [relative(base, changed, seed=seed + n) for n in range(number)]


#: Three unrelated domains of different length.
DOMAINS = tuple(protein(80 + 30 * n, seed=500 + n) for n in range(3))


def domain_profile(number, name, **facts):
    """The profile of one of the domains."""
    return profile(name, relatives(DOMAINS[number], seed=10 * number), **facts)
