"""Measure how often a protein that is no enzyme of the references gets more than "low".

    python -m benchmarks.decoys KB GENOME.faa[.xz] ... [--each 500] [--workers 2] [-o TABLE.tsv]

Three kinds of decoy, made from the proteins of the genomes with a fixed seed:

- shuffled: residues of a protein in random order;
- random ORFs: codons that are no stop drawn from DNA of 30 to 70 % G+C, in the lengths of the
  proteins;
- no homolog: proteins for which DIAMOND (ultra-sensitive) finds nothing in the references up to
  an E-value of 10. Skipped where DIAMOND is not installed.

Decoys are in no file of this repository. The bar: at most 2 % get "medium" or "high".
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.inputs import read_query_genes
from benchmarks.annotate_speed import TIERS, annotate, tiers_of
from benchmarks.search_speed import write_fasta
from benchmarks.spent import spend
from benchmarks.tables import parser_of, write_table
from ingest.records import clean_sequence
from retrieval.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

SEED: Final = 0
SHORTEST: Final = 50  # residues; shorter proteins are no test
SEARCHED: Final = 4  # times the proteins wanted, to find so many without a homolog
COLUMNS: Final = ("decoys", "count", *TIERS, 'more than "low"')
_BASES: Final = "TCAG"
#: The standard genetic code in the order of ``_BASES`` (NCBI translation table 1).
_CODE: Final = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"


def shuffled(proteins: Sequence[str], chance: random.Random) -> list[str]:
    """Shuffle the residues of each protein."""
    return ["".join(chance.sample(protein, len(protein))) for protein in proteins]


def random_orfs(lengths: Sequence[int], chance: random.Random) -> list[str]:
    """Translate random codons without stops, M first."""
    return ["M" + _random_codons(length - 1, chance) for length in lengths]


def _random_codons(count: int, chance: random.Random) -> str:
    gc = chance.uniform(0.3, 0.7)
    weight = {"T": 1 - gc, "A": 1 - gc, "C": gc, "G": gc}
    codons = [a + b + c for a in _BASES for b in _BASES for c in _BASES]
    weights = [
        weight[codon[0]] * weight[codon[1]] * weight[codon[2]] * (residue != "*")
        for codon, residue in zip(codons, _CODE, strict=True)
    ]
    return "".join(chance.choices(_CODE, weights, k=count))


def without_homolog(proteins: Sequence[str], knowledge_base: Path, threads: int) -> list[str]:
    """Return the proteins for which DIAMOND finds no reference at all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with KnowledgeBase.open(knowledge_base) as base:
            write_fasta(base.facts.reference_sequences(), folder / "references.faa")
        write_fasta(((str(n), text) for n, text in enumerate(proteins)), folder / "queries.faa")
        made = ["makedb", "--in", f"{name}/references.faa", "--db", f"{name}/base", "--quiet"]
        spend(["diamond", *made])
        files = ["--query", f"{name}/queries.faa", "--db", f"{name}/base", "--out", f"{name}/hits"]
        how = ["--ultra-sensitive", "--evalue", "10", "--max-target-seqs", "1", "--quiet"]
        spend(["diamond", "blastp", *files, *how, "--threads", str(threads)])
        rows = (folder / "hits").read_text().splitlines()
        found = {int(row.split("\t")[0]) for row in rows}
    return [text for n, text in enumerate(proteins) if n not in found]


def tiers_for(
    decoys: Mapping[str, Sequence[str]], knowledge_base: Path, workers: int
) -> dict[str, Counter[str]]:
    """Annotate all decoys in one run and count the tiers of each kind."""
    named = [
        (f"decoy{kind}_{n}", text)
        for kind, them in enumerate(decoys.values())
        for n, text in enumerate(them)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path, run = Path(folder) / "decoys.faa", Path(folder) / "run"
        write_fasta(named, path)
        annotate(knowledge_base, path, run, workers)
        return {name: tiers_of(run, f"decoy{kind}_") for kind, name in enumerate(decoys)}


def row_of(name: str, tiers: Counter[str]) -> str:
    """Lay out a line of the table."""
    count = tiers.total()
    share = f"{(tiers['high'] + tiers['medium']) / max(1, count):.1%}"
    return "\t".join([name, str(count), *(str(tiers[tier]) for tier in TIERS), share])


def main() -> None:
    """Make the decoys, annotate them and print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("kb", type=Path)
    parser.add_argument("genomes", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    genes = read_query_genes(tuple(given.genomes)).genes
    proteins = sorted({clean_sequence(gene.translation) for gene in genes})
    proteins = [text for text in proteins if len(text) >= SHORTEST]
    chance = random.Random(SEED)  # noqa: S311 - no secret, the same decoys each time
    chosen = chance.sample(proteins, min(given.each, len(proteins)))
    decoys = {
        "shuffled": shuffled(chosen, chance),
        "random ORFs": random_orfs([len(text) for text in chosen], chance),
    }
    if shutil.which("diamond"):
        some = chance.sample(proteins, min(SEARCHED * given.each, len(proteins)))
        alone = without_homolog(some, given.kb, given.workers)
        decoys["no homolog"] = chance.sample(alone, min(given.each, len(alone)))
    lines = ["\t".join(COLUMNS)]
    lines += [row_of(*one) for one in tiers_for(decoys, given.kb, given.workers).items()]
    print("\n".join(lines))
    write_table(lines, given.output)


if __name__ == "__main__":
    main()
