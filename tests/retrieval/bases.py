"""Small input files and knowledge bases for tests; embedders need no model."""

from __future__ import annotations

import json

from retrieval.knowledge_base import KnowledgeBase

LACTASE = (
    "MTMITDSLAVVLQRRDWENPGVTQLNRLAAHPPFASWRNSEEARTDRPSQQLRSLNGEWR"
    "FAWFPAPEAVPESWLECDLPEADTVVVPSNWQMHGYDAPIYT"
)
AMYLASE = (
    "MFAKRFKTSLLPLFAGFLLLFHLVLAGPAAASAETANKSNELTAPSIKSGTILHAWNWSF"
    "NTLKHNMKDIHDAGYTAIQTSPINQVKEGNQGDKSMSNWYWL"
)
UNKNOWN = "MKKLLVASALLLSAGTVSAQDKTITWEGQPGSRFDVTVKDNKVTVRVLTEDGKTYTLEVNGEEYDVDVKVSGDTLTVTVNGKTYTATL"

PROTEINS = f"""accession\tec\tname\tsequence
P00722\t3.2.1.23\tBeta-galactosidase\t{LACTASE}
P00691\t3.2.1.1\tAlpha-amylase\t{AMYLASE}
"""

PAPERS = [
    {
        "pmid": "1",
        "title": "Bacteroides degrades dietary starch with amylases",
        "abstract": "Gut Bacteroides break starch down. The sus operon is needed.",
        "year": "2010",
    },
    {
        "pmid": "2",
        "title": "A retracted tale of starch",
        "abstract": "Starch is not what it seems.",
        "pub_types": ["Retracted Publication"],
    },
    {"_id": "s3", "title": "Lactose in the infant gut", "text": "Bifidobacteria split lactose."},
]

PROFILE = """#mpa_v30_CHOCOPhlAn_201901
clade_name\tS1\tS2
k__Bacteria\t100\t100
k__Bacteria|p__Bacteroidetes|c__C|o__O|f__F|g__Bacteroides|s__Bacteroides_uniformis\t75\t10
k__Bacteria|p__Firmicutes|c__C|o__O|f__F|g__Roseburia|s__Roseburia_faecis\t25\t90
"""

METADATA = "sample_id\tgroup\tage\nS1\ttreated\t40\nS2\tcontrol\t50\n"


def written(folder, **contents):
    """Write files: ``name__suffix=text``; return their paths in order."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in contents.items():
        path = folder / name.replace("__", ".")
        path.write_text(text)
        paths.append(path)
    return paths


def jsonl(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def all_files(folder):
    """One small file of each kind."""
    return written(
        folder,
        proteins__tsv=PROTEINS,
        papers__jsonl=jsonl(PAPERS),
        genes__faa=f">g1 hypothetical protein\n{UNKNOWN}\n>g2 Beta-galactosidase\n{LACTASE}\n",
        profile__tsv=PROFILE,
        samples__tsv=METADATA,
    )


def empty_base(path):
    return KnowledgeBase.create(path, text_embedder="hashing", protein_embedder="hashing")


def studied_base(folder):
    """Proteins, papers and a profile with its samples."""
    files = written(
        folder / "in", proteins__tsv=PROTEINS, papers__jsonl=jsonl(PAPERS), profile__tsv=PROFILE
    )
    (metadata,) = written(folder / "in", metadata__tsv=METADATA)
    base = empty_base(folder / "kb")
    base.add(files, metadata=metadata)
    return base


def full_base(path, sources):
    base = empty_base(path)
    base.add(all_files(sources))
    return base
