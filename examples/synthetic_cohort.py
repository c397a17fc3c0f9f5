"""Make SYNTHETIC cohort tables: MetaPhlAn and HUMAnN style abundances and their sample sheet.

Six subjects, one sample before and one after a made-up treatment. Nothing here was measured. The
effects are planted and stand in ``SPECIES``, so that an analysis of the tables can be checked.
Used by ``make_starter.py``; seeded, and the same on every platform. Standard library only.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SYNTHETIC_NOTE: Final = "#SYNTHETIC demonstration data, not measurements"
SEED: Final = 20251121
SUBJECTS: Final = 6  # each gives one sample before (control) and one after 14 days (treated)
SUBJECT_SD, SAMPLE_SD = 0.5, 0.3  # of the natural logarithm of an abundance
PERCENT: Final = 10_000_000  # 100 % in steps of 0.00001, the last digit that MetaPhlAn writes
CPM: Final = 10_000_000_000  # 1,000,000 copies per million in steps of 0.0001
RANKS: Final = "kpcofgs"
#: Family -> its ranks above, as MetaPhlAn 3 writes them.
FAMILIES: Final = {
    "Akkermansiaceae": "Bacteria|Verrucomicrobia|Verrucomicrobiae|Verrucomicrobiales",
    "Bacteroidaceae": "Bacteria|Bacteroidetes|Bacteroidia|Bacteroidales",
    "Bifidobacteriaceae": "Bacteria|Actinobacteria|Actinobacteria|Bifidobacteriales",
    "Coriobacteriaceae": "Bacteria|Actinobacteria|Coriobacteriia|Coriobacteriales",
    "Eggerthellaceae": "Bacteria|Actinobacteria|Coriobacteriia|Eggerthellales",
    "Enterobacteriaceae": "Bacteria|Proteobacteria|Gammaproteobacteria|Enterobacterales",
    "Enterococcaceae": "Bacteria|Firmicutes|Bacilli|Lactobacillales",
    "Eubacteriaceae": "Bacteria|Firmicutes|Clostridia|Clostridiales",
    "Lachnospiraceae": "Bacteria|Firmicutes|Clostridia|Clostridiales",
    "Methanobacteriaceae": "Archaea|Euryarchaeota|Methanobacteria|Methanobacteriales",
    "Prevotellaceae": "Bacteria|Bacteroidetes|Bacteroidia|Bacteroidales",
    "Rikenellaceae": "Bacteria|Bacteroidetes|Bacteroidia|Bacteroidales",
    "Ruminococcaceae": "Bacteria|Firmicutes|Clostridia|Clostridiales",
    "Streptococcaceae": "Bacteria|Firmicutes|Bacilli|Lactobacillales",
    "Tannerellaceae": "Bacteria|Bacteroidetes|Bacteroidia|Bacteroidales",
}
#: (family, genus, epithet, typical percent, share of subjects that carry it, factor of the
#: treatment). A factor other than 1 is a planted effect: an analysis should find it.
SPECIES: Final = (
    ("Akkermansiaceae", "Akkermansia", "muciniphila", 3.0, 0.9, 1.0),
    ("Bacteroidaceae", "Bacteroides", "thetaiotaomicron", 3.0, 1.0, 1.0),
    ("Bacteroidaceae", "Bacteroides", "uniformis", 9.0, 1.0, 1.0),
    ("Bacteroidaceae", "Bacteroides", "vulgatus", 10.0, 1.0, 1.0),
    ("Bifidobacteriaceae", "Bifidobacterium", "adolescentis", 4.0, 0.9, 1.0),
    ("Bifidobacteriaceae", "Bifidobacterium", "longum", 5.0, 1.0, 1.0),
    ("Coriobacteriaceae", "Collinsella", "aerofaciens", 2.5, 1.0, 1.0),
    ("Eggerthellaceae", "Eggerthella", "lenta", 0.4, 1.0, 4.0),
    ("Enterobacteriaceae", "Escherichia", "coli", 1.0, 1.0, 1.0),
    ("Enterococcaceae", "Enterococcus", "faecalis", 0.3, 1.0, 12.0),
    ("Eubacteriaceae", "Eubacterium", "rectale", 8.0, 1.0, 1.0),
    ("Lachnospiraceae", "Dorea", "longicatena", 2.0, 1.0, 1.0),
    ("Lachnospiraceae", "Roseburia", "intestinalis", 4.0, 1.0, 0.25),
    ("Methanobacteriaceae", "Methanobrevibacter", "smithii", 0.8, 0.5, 1.0),
    ("Prevotellaceae", "Prevotella", "copri", 12.0, 0.5, 1.0),
    ("Rikenellaceae", "Alistipes", "putredinis", 4.0, 1.0, 1.0),
    ("Ruminococcaceae", "Faecalibacterium", "prausnitzii", 11.0, 1.0, 0.2),
    ("Ruminococcaceae", "Ruminococcus", "bromii", 5.0, 0.9, 1.0),
    ("Streptococcaceae", "Streptococcus", "salivarius", 0.6, 0.9, 1.0),
    ("Tannerellaceae", "Parabacteroides", "distasonis", 2.5, 1.0, 1.0),
)
#: Pathway -> genera that carry it here (a plausible choice, not a finding). "*" = every genus.
PATHWAYS: Final = {
    "ANAEROFRUCAT-PWY: homolactic fermentation": "Bifidobacterium Enterococcus Streptococcus",
    "ANAGLYCOLYSIS-PWY: glycolysis III (from glucose)": "*",
    "ARGSYN-PWY: L-arginine biosynthesis I (via L-ornithine)": (
        "Bacteroides Bifidobacterium Escherichia Eubacterium Faecalibacterium Prevotella"
    ),
    "CENTFERM-PWY: pyruvate fermentation to butanoate": "Eubacterium Faecalibacterium Roseburia",
    "PEPTIDOGLYCANSYN-PWY: peptidoglycan biosynthesis I (meso-diaminopimelate containing)": (
        "Akkermansia Alistipes Bacteroides Escherichia Parabacteroides Prevotella"
    ),
    "PWY-6700: queuosine biosynthesis I (de novo)": (
        "Akkermansia Bacteroides Escherichia Parabacteroides Prevotella"
    ),
    "PWY-7221: guanosine ribonucleotides de novo biosynthesis": "*",
    "PWY-922: mevalonate pathway I": "Enterococcus Streptococcus",
    "RIBOSYN2-PWY: flavin biosynthesis I (bacteria and plants)": (
        "Akkermansia Bacteroides Escherichia Eubacterium Prevotella Roseburia"
    ),
    "VALSYN-PWY: L-valine biosynthesis": "*",
}
UNCLASSIFIED: Final = "unclassified"

Table = dict[str, list[int]]  # row name -> one whole number per sample, in the unit's last digit


def samples() -> list[tuple[str, str, str, int]]:
    """List (sample id, group, subject, day) of the synthetic study."""
    visits = (("control", 0), ("treated", 14))
    return [
        (f"SYN{2 * subject + visit:02d}", group, f"subject_{subject + 1}", day)
        for subject in range(SUBJECTS)
        for visit, (group, day) in enumerate(visits, 1)
    ]


def shares(weights: Sequence[float], total: int) -> list[int]:
    """Share whole units by weight so that they sum to the total exactly (largest remainder)."""
    scale = total / sum(weights)
    exact = [weight * scale for weight in weights]
    units = [math.floor(value) for value in exact]
    order = sorted(range(len(units)), key=lambda i: (units[i] - exact[i], i))
    for i in order[: total - sum(units)]:
        units[i] += 1
    return units


def _noise(rng: random.Random, sd: float) -> float:
    """Draw a log-normal factor; twelve uniform numbers make the normal one, on any platform."""
    return math.exp(sd * (sum(rng.random() for _ in range(12)) - 6))


def species_table(rng: random.Random) -> Table:
    """Draw species abundances of all samples, each summing to 100 % in units of the last digit."""
    columns = []
    for _ in range(SUBJECTS):
        carried = [rng.random() < share for *_, share, _ in SPECIES]
        usual = [
            s[3] * _noise(rng, SUBJECT_SD) * here for s, here in zip(SPECIES, carried, strict=True)
        ]
        for treated in (False, True):
            weights = [
                level * (s[5] if treated else 1.0) * _noise(rng, SAMPLE_SD)
                for level, s in zip(usual, SPECIES, strict=True)
            ]
            columns.append(shares(weights, PERCENT))
    names = [f"{FAMILIES[s[0]]}|{s[0]}|{s[1]}|{s[1]}_{s[2]}" for s in SPECIES]
    return {name: list(row) for name, row in zip(names, zip(*columns, strict=True), strict=True)}


def clade_table(species: Mapping[str, Sequence[int]]) -> Table:
    """Sum the species up at every rank, parents before children."""
    clades: Table = defaultdict(lambda: [0] * (2 * SUBJECTS))
    for lineage, row in sorted(species.items()):
        parts = [f"{rank}__{name}" for rank, name in zip(RANKS, lineage.split("|"), strict=True)]
        for depth in range(1, len(parts) + 1):
            clade = "|".join(parts[:depth])
            clades[clade] = [a + b for a, b in zip(clades[clade], row, strict=True)]
    return dict(sorted(clades.items()))


def pathway_table(species: Mapping[str, Sequence[int]], rng: random.Random) -> Table:
    """Draw pathway abundances from the species; strata sum to their community row exactly."""
    strata = {_stratum(lineage): row for lineage, row in sorted(species.items())}
    keys = ["UNMAPPED", *(f"UNINTEGRATED|{name}" for name in (*strata, UNCLASSIFIED))]
    keys += [
        f"{pathway}|{name}"
        for pathway, genera in PATHWAYS.items()
        for name in (*strata, UNCLASSIFIED)
        if genera == "*" or name == UNCLASSIFIED or name[3:].split(".")[0] in genera.split()
    ]
    columns = []
    for sample in range(2 * SUBJECTS):
        levels = {name: row[sample] / PERCENT for name, row in strata.items()} | {
            UNCLASSIFIED: 0.05
        }
        columns.append(shares([_weight(key, levels) * _noise(rng, 0.1) for key in keys], CPM))
    rows = dict(zip(keys, zip(*columns, strict=True), strict=True))
    return _with_communities({key: list(row) for key, row in rows.items() if any(row)})


def _stratum(lineage: str) -> str:
    genus, species = lineage.split("|")[-2:]
    return f"g__{genus}.s__{species}"


def _weight(key: str, levels: Mapping[str, float]) -> float:
    """Weigh a row: 15 % of the reads unmapped, most of the rest outside pathways."""
    pathway, _, stratum = key.partition("|")
    return {"UNMAPPED": 0.15, "UNINTEGRATED": 0.78}.get(pathway, 0.01) * levels.get(stratum, 1.0)


def _with_communities(strata: Mapping[str, Sequence[int]]) -> Table:
    table: Table = {}
    for key, row in strata.items():
        community = key.split("|")[0]
        if community != key:
            table[community] = [
                a + b for a, b in zip(table.get(community, [0] * len(row)), row, strict=True)
            ]
        table[key] = list(row)
    special = ("UNMAPPED", "UNINTEGRATED")
    order = {name: rank for rank, name in enumerate((*special, *sorted(PATHWAYS)))}
    return dict(sorted(table.items(), key=lambda item: (order[item[0].split("|")[0]], item[0])))


def table_text(head: str, suffix: str, table: Table, digits: int) -> str:
    """Write a table of whole units as decimals with a fixed number of digits."""
    lines = ["\t".join((head, *(sample + suffix for sample, *_ in samples())))]
    for name, row in table.items():
        lines.append("\t".join((name, *(f"{units / 10**digits:.{digits}f}" for units in row))))
    return "\n".join(lines) + "\n"


def synthetic_files() -> dict[str, str]:
    """Make the three synthetic files: name -> text."""
    rng = random.Random(SEED)  # noqa: S311  # made-up data, not a secret
    species = species_table(rng)
    profile = table_text("clade_name", "", clade_table(species), 5)
    pathways = table_text("# Pathway", "_Abundance-CPM", pathway_table(species, rng), 4)
    sheet = ["sample_id\tgroup\tsubject\tday\torigin"]
    sheet += ["\t".join((*map(str, sample), "synthetic")) for sample in samples()]
    return {
        "metaphlan_profile.tsv": f"{SYNTHETIC_NOTE}\n{profile}",
        "sample_metadata.tsv": "\n".join(sheet) + "\n",
        "humann_pathabundance.tsv": pathways,
    }
