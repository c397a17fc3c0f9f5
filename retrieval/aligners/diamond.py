"""DIAMOND: faster than MMseqs2 where it is installed (Debian: ``diamond-aligner``; bioconda)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from retrieval.aligners.base import TableAligner
from retrieval.aligners.program import Program

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.aligners.base import Limits

PROGRAM: Final = Program(
    title="DIAMOND",
    command="diamond",
    variable="METALUMEN_DIAMOND",
    how_to_get="Install it with: apt install diamond-aligner, or from bioconda",
)

# The double-indexed algorithm always: by default DIAMOND takes another one for few queries, and
# the answer for a query must not depend on the others.
_OPTIONS: Final = ("--very-sensitive", "--algo", "0")
_COLUMNS: Final = (
    "qseqid", "sseqid", "nident", "length", "qstart", "qend", "sstart", "send",
    "qlen", "slen", "evalue", "bitscore", "cigar",
)  # fmt: skip


class Diamond(TableAligner):
    """Search with DIAMOND; it has no profiles."""

    name = "diamond"
    title = PROGRAM.title

    def version(self) -> str:
        """Return the program's version."""
        return PROGRAM.run(["version"]).split()[-1]

    def parameters(self) -> str:
        """Say with which options DIAMOND searches."""
        return " ".join(_OPTIONS)

    def _build(self, fasta: Path, target: Path) -> None:
        PROGRAM.run(["makedb", "--in", str(fasta), "--db", str(target), "--quiet"])

    def _search(self, fasta: Path, target: Path, limits: Limits, threads: int) -> Path:
        table = fasta.with_name("hits.tsv")
        files = ["--query", str(fasta), "--db", str(target), "--out", str(table)]
        files += ["--tmpdir", str(fasta.parent), "--quiet", "--threads", str(threads)]
        cut = ["--evalue", str(limits.max_evalue), "--max-target-seqs", str(limits.max_hits)]
        PROGRAM.run(["blastp", *files, *cut, *_OPTIONS, "--outfmt", "6", *_COLUMNS])
        return table
