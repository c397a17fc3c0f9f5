"""A small knowledge base and small gene files, made of seeded random proteins."""

from __future__ import annotations

import json
import random

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
EMBEDDERS = ("--text-embedder", "hashing", "--protein-embedder", "hashing")
ENZYMES = (
    ("Beta-galactosidase", "3.2.1.23"),
    ("Alpha-amylase", "3.2.1.1"),
    ("Urease subunit alpha", "3.5.1.5"),
    ("Choloylglycine hydrolase", "3.5.1.24"),
)
PAPERS = (
    {
        "pmid": "101",
        "title": "Bile salt hydrolases of gut Bacteroides",
        "abstract": "Choloylglycine hydrolase of Bacteroides frees bile acids from taurine.",
        "year": "2015",
    },
    {
        "pmid": "102",
        "title": "Urease in the human gut",
        "abstract": "Urease splits urea into ammonia and carbon dioxide in gut bacteria.",
        "year": "2017",
    },
)
PROFILE = (
    "#mpa_v30_CHOCOPhlAn_201901\nclade_name\tS1\tS2\nk__Bacteria\t100\t100\n"
    "k__Bacteria|p__P|c__C|o__O|f__F|g__Bacteroides|s__Bacteroides_uniformis\t75\t10\n"
    "k__Bacteria|p__Q|c__C|o__O|f__F|g__Roseburia|s__Roseburia_faecis\t25\t90\n"
)
METADATA = "sample_id\tgroup\nS1\ttreated\nS2\tcontrol\n"


def protein(seed, length=160):
    """Make a protein that looks like no other."""
    random_source = random.Random(f"protein {seed}")
    return "M" + "".join(random_source.choice(RESIDUES) for _ in range(length - 1))


def relative(sequence, seed, changed=0.15):
    """Change a share of the residues."""
    random_source = random.Random(f"relative {seed}")
    return "".join(
        random_source.choice(RESIDUES) if random_source.random() < changed else residue
        for residue in sequence
    )


def reference_table():
    """Four enzymes with three relatives each, as a table of reference proteins."""
    rows = ["accession\tec\tname\tsequence"]
    for name, ec in ENZYMES:
        rows += [
            f"P{ec.replace('.', '')}{n}\t{ec}\t{name} (EC {ec})\t{relative(protein(name), n)}"
            for n in range(3)
        ]
    return "\n".join(rows) + "\n"


def gene_fasta(count):
    """Genes by turns related to an enzyme and to nothing."""
    lines = []
    for n in range(count):
        name = ENZYMES[n // 2 % len(ENZYMES)][0]
        residues = relative(protein(name), f"gene {n}", 0.25) if n % 2 == 0 else protein(n)
        lines += [f">gene_{n:02d} hypothetical protein", residues]
    return "\n".join(lines) + "\n"


def genome_gff():
    """Two genes on one contig, with the proteins in a FASTA beside it left out."""
    return (
        "##gff-version 3\n##sequence-region contig_1 1 5000\n"
        "contig_1\tProkka\tCDS\t100\t999\t.\t+\t0\tID=ABC_00001;locus_tag=ABC_00001;"
        "gene=lacZ;product=Beta-galactosidase\n"
        "contig_1\tProkka\tCDS\t1200\t1799\t.\t-\t0\tID=ABC_00002;locus_tag=ABC_00002;"
        "product=hypothetical protein\n"
    )


def write_inputs(folder):
    """Write all input files; return them by name."""
    contents = {
        "reference.tsv": reference_table(),
        "papers.jsonl": "".join(json.dumps(paper) + "\n" for paper in PAPERS),
        "profile.tsv": PROFILE,
        "metadata.tsv": METADATA,
        "genome.gff": genome_gff(),
        "genes.faa": gene_fasta(12),
    }
    folder.mkdir(exist_ok=True)
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in contents}
