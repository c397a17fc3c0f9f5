"""Make the starter data from Prokka's genus databases and from a seeded generator.

    python examples/make_starter.py --prokka-deb prokka_1.14.6+dfsg-4_amd64.deb
    python examples/make_starter.py --prokka-deb FOLDER      # the package, already unpacked

Writes six files into ``assistant/starter`` (its README says what each one holds): the reference
proteins, the query proteins whose names are withheld, their truth, and two tables of SYNTHETIC
abundances with their sample sheet. Same input, same bytes. Standard library only; the literature
cards and the README are written by hand and are not touched.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from synthetic_cohort import synthetic_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

STARTER: Final = Path(__file__).resolve().parent.parent / "assistant" / "starter"
GENUS_FOLDER: Final = "usr/share/prokka/db/genus"
#: SHA-256 of the two files that are read, as they are in Debian's prokka 1.14.6+dfsg-4.
SOURCE_SHA256: Final = {
    "Enterococcus": "7749e1eaf24bc251918b42e0c1c46a8aa15bba0d02c3b4b15443c181527d29f1",
    "Staphylococcus": "22dab73322dd9d6f702e1bff7d45b7f703ae4a5d8dc7c307898b6c0df20a9307",
}

SALT: Final = "metalumen starter 1"  # fixed before any search was run; orders candidates by chance
QUERY_LENGTHS: Final = range(120, 601)  # aa: long enough to align, short enough to read
#: One query per row: (stratum, pattern of the whole product name, pattern of the gene symbol).
#: Name and symbol must both fit, because a few names of the source contradict their symbol.
CLASS_A: Final = (
    ("aminoacyl-tRNA synthetase", r".*yl-tRNA synthetase.*", r"(arg|asp|cys|gly|his|pro|ser|tyr)S"),
    ("DNA replication and repair", r".*(DNA|replication).*", r"dna[ACG]|rec[FNOQ]|sbcD"),
    ("ribosomal protein", r"[35]0S ribosomal protein [LS]\d+", r"rp[ls][A-Z]"),
    ("glycolysis", r".*(ase|enolase).*", r"eno|fdaB|gapB?|pfkA|pgk|pykA|tpi"),
    ("fermentation", r".*(lactate|acetate|phosphate acet).*", r"ldh2?|ackA|eutD|alsS|budA\d?"),
    ("phosphotransferase system", r".*(phosphotransferase|PTS) system.*", r"crr|mtlA|ptaA|ulaA"),
    ("ABC transporter", r".*ABC superfamily.*, ABC protein", r"fhuA|glnQ|modC|msmX|opuCA|pstB"),
    ("F-type ATP synthase", r"ATP synthase .*", r"atp[A-G]"),
    ("peptidoglycan synthesis", r".*(acetylmura|acetylglucosamin).*", r"mur[A-GZ]2?"),
    ("cell division", r".*cell division.*", r"fts[AWYZ]|mraZ"),
    ("protease", r".*(protease|peptidase).*", r"clp[PX]|hslU|pcp|pepT"),
    ("chaperone", r".*chaper.*", r"groEL|grpE|dnaJ"),
    ("two-component system", r".*(response|histidine kinase|two.component).*", r"[a-z]{3}[RSAB]"),
    ("transcriptional regulator", r".*(regulator|repressor).*", r"argR|ccpA|codY|ctsR|glnR|malR"),
    ("arginine metabolism", r".*(arginine|ornithine|carbamate).*", r"arc[ABC]\d?|argF"),
    ("nucleotide salvage", r".*(deaminase|phosphorylase).*", r"cdd|deoD|pdp|pnp"),
    ("azo- and nitroreductase", r".*(azoreductase|nitroreductase).*", r"azo1|azoR|nfnB"),
    ("fatty acid synthesis", r".*(oxoacyl|malonyl|enoyl|myristoyl).*", r"fab[BDFGHIZ]"),
    ("isoprenoid synthesis", r".*(mevalon|isopentenyl|geranyl).*", r"fni|ispA|mvaK[12]"),
    ("vitamin and cofactor", r".*(folate|riboflavin|thiamine).*", r"fol[CD]|rib[BCD]|thi[EIN]"),
    ("oxidative stress", r".*(catalase|superoxide|peroxide|thioredoxin).*", r"katE|sodA|trxB|ahpF"),
    ("antibiotic resistance", r".*(lactamase|resistance|rRNA).*", r"ampC|bacA|blaZ|ermA|fosB"),
)
#: Names that say nothing of a function; some are taken, each with another name.
CLASS_B: Final = (
    r"hypothetical .*|conserved (cytoplasmic|multitransmembrane|low-complexity) protein"
    r"|((integral|putative) )?membrane protein|(putative )?lipoprotein|phage protein"
)
CLASS_B_COUNT: Final = 4
#: Staphylococcal families: (stratum, words of the name). No reference name may hold the words.
#: Toxins proper (enterotoxins, leukocidins, haemolysins) are left out on purpose.
CLASS_C: Final = (
    ("superantigen-like protein", r"superantigen-like"),
    ("staphylocoagulase", r"coagulase"),
    ("complement and chemotaxis inhibitor", r"complement inhibitor|chemotaxis-inhibiting"),
    ("staphylokinase", r"staphylokinase"),
)


class SourceProtein(NamedTuple):
    """One record of a genus database: ``>accession EC~~~gene~~~product``."""

    accession: str
    ec: str
    gene: str
    product: str
    sequence: str


class Query(NamedTuple):
    """A protein whose name is withheld, and the row of the rule that chose it."""

    group: str
    stratum: str
    protein: SourceProtein


def read_genus(folder: Path, genus: str) -> list[SourceProtein]:
    """Read one genus database and check that it is the version this script was written for.

    Raises:
        SystemExit: The file is missing or is another version.
    """
    path = folder / genus
    if not path.is_file():
        raise SystemExit(f"{path} is missing: give Debian's prokka package, or the folder it fills")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256[genus]:
        raise SystemExit(f"{path} is not the file of prokka 1.14.6+dfsg-4: its SHA-256 differs")
    return list(parse_genus(data.decode("ascii")))


def parse_genus(text: str) -> Iterator[SourceProtein]:
    """Yield the records of a genus database in file order."""
    for block in text.split(">")[1:]:
        header, *lines = block.splitlines()
        accession, rest = header.split(" ", 1)
        ec, gene, product = rest.split("~~~")
        yield SourceProtein(accession, ec, gene, product.strip(), "".join(lines))


def write_reference(proteins: Iterable[SourceProtein], path: Path) -> None:
    """Write the reference table, compressed without a time stamp."""
    rows = ["accession\tec\tgene\tname\ttax\tsequence"]
    rows += [
        "\t".join((p.accession, p.ec, p.gene, p.product, "Enterococcus", p.sequence))
        for p in sorted(proteins)
    ]
    text = "\n".join(rows) + "\n"
    path.write_bytes(lzma.compress(text.encode("ascii"), preset=9, check=lzma.CHECK_CRC64))


def chance(protein: SourceProtein) -> str:
    """Order candidates by a digest of the accession: reproducible, blind to name and sequence."""
    return hashlib.sha256(f"{SALT} {protein.accession}".encode()).hexdigest()


def select_queries(
    candidates: Sequence[SourceProtein], reference: Sequence[SourceProtein]
) -> list[Query]:
    """Choose the query proteins by names, symbols and chance alone; no search is run.

    Raises:
        ValueError: A row of the rule has no candidate, or the reference names a class C family.
    """
    known = {protein.sequence for protein in reference}
    pool = [p for p in candidates if len(p.sequence) in QUERY_LENGTHS and p.sequence not in known]
    queries = [
        Query("a", stratum, _first(pool, stratum, _has(name, symbol)))
        for stratum, name, symbol in CLASS_A
    ]
    queries += _uninformative(pool)
    for stratum, words in CLASS_C:
        if any(re.search(words, p.product, re.IGNORECASE) for p in reference):
            raise ValueError(f"{stratum}: a reference protein has this name")
        queries.append(Query("c", stratum, _first(pool, stratum, _has(f".*({words}).*", ".*"))))
    return sorted(queries, key=lambda query: chance(query.protein))


def _has(name: str, symbol: str) -> Callable[[SourceProtein], bool]:
    """Make the test that a protein's whole product name and gene symbol fit."""
    name_pattern, symbol_pattern = re.compile(name, re.IGNORECASE), re.compile(symbol)
    return lambda p: bool(name_pattern.fullmatch(p.product) and symbol_pattern.fullmatch(p.gene))


def _first(
    pool: Iterable[SourceProtein], stratum: str, fits: Callable[[SourceProtein], bool]
) -> SourceProtein:
    found = min(filter(fits, pool), key=chance, default=None)
    if found is None:
        raise ValueError(f"{stratum}: no protein fits")
    return found


def _uninformative(pool: Iterable[SourceProtein]) -> list[Query]:
    """Take the first protein of each uninformative name, and of these the first few."""
    by_name: dict[str, SourceProtein] = {}
    for protein in sorted(filter(_has(CLASS_B, ".*"), pool), key=chance):
        by_name.setdefault(protein.product, protein)
    return [Query("b", "uninformative name", p) for p in list(by_name.values())[:CLASS_B_COUNT]]


def write_queries(queries: Sequence[Query], out: Path) -> None:
    """Write the nameless FASTA file and, apart from it, the truth."""
    fasta, truth = [], ["id\taccession\twithheld_name\tgene\tclass\tstratum\tlength"]
    for number, (group, stratum, protein) in enumerate(queries, 1):
        sequence = protein.sequence
        fasta.append(f">query_{number:02d} hypothetical protein")
        fasta += [sequence[start : start + 60] for start in range(0, len(sequence), 60)]
        cells = (protein.accession, protein.product, protein.gene, group, stratum, len(sequence))
        truth.append("\t".join((f"query_{number:02d}", *map(str, cells))))
    (out / "query_genes.faa").write_text("\n".join(fasta) + "\n", encoding="ascii")
    (out / "query_truth.tsv").write_text("\n".join(truth) + "\n", encoding="ascii")


def genus_folder(package: Path, scratch: Path) -> Path:
    """Find the genus databases below a folder, or unpack a .deb file into the scratch folder."""
    if package.is_dir():
        inner = package / GENUS_FOLDER
        return inner if inner.is_dir() else package
    subprocess.run(["dpkg-deb", "-x", str(package), str(scratch)], check=True)
    return scratch / GENUS_FOLDER


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--prokka-deb", type=Path, required=True, metavar="FILE_OR_DIR")
    parser.add_argument("--out", type=Path, default=STARTER)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = genus_folder(options.prokka_deb, Path(scratch))
        reference = read_genus(folder, "Enterococcus")
        queries = select_queries(read_genus(folder, "Staphylococcus"), reference)
    write_reference(reference, options.out / "reference_proteins.tsv.xz")
    write_queries(queries, options.out)
    for name, text in synthetic_files().items():
        (options.out / name).write_text(text, encoding="utf-8")
    print(f"{len(reference)} reference proteins and {len(queries)} queries in {options.out}")


if __name__ == "__main__":
    main()
