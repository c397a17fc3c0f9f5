"""Files of no byte: searches that found nothing leave such files, and so do steps that failed.

Only two tools' tables have neither header nor comment: hits of BLAST, DIAMOND and MMseqs2, and the
TSV of InterProScan. There the name of the file, or a format that is given, decides; any other
empty file is refused.
"""

from __future__ import annotations

import re
from typing import Final

#: Reader -> what names of its tables hold: ``.m8``, ``outfmt6``, ``blastp``, ``diamond`` ...
_NAMED: Final[dict[str, re.Pattern[str]]] = {
    "search_hits": re.compile(
        r"\.(?:m[89]|b[67l]|blast\w*|bls|aln|hits)(?:\.|$)|(?:^|[\W_])out?fmt_?\d+(?=[\W_]|$)"
        r"|(?:t|psi|mega|rps|delta)?blast(?:n|p|x|kit)?(?=[\W_\d]|$)|diamond|mmseqs|rapsearch"
        r"|seed_orthologs",
        re.IGNORECASE,
    ),
    "interproscan": re.compile(r"interpro(?:scan)?|iprscan|(?:^|[\W_])ips(?=[\W_]|$)", re.I),
}
#: Names of what these tools read, and of tables that have a header.
_OTHERS: Final = re.compile(
    r"\.(?:fa|faa|fna|fas|fasta|ffn|fastq|fq|gff\d?|gbk?|gbff|json|xml|qza|biom|html|log|sam|bam)"
    r"(?:\.(?:gz|xz|bz2|zst))?$",
    re.IGNORECASE,
)


def reader_of_empty(path_name: str, format: str | None) -> str:
    """Name the reader whose tables are empty where nothing was found, "" for other files.

    >>> reader_of_empty("g1.m8", None), reader_of_empty("x.tsv", "search_hits")
    ('search_hits', 'search_hits')
    >>> reader_of_empty("genes.tsv", None), reader_of_empty("blast.faa", None)
    ('', '')
    """
    if format is not None:
        return format if format in _NAMED else ""
    if _OTHERS.search(path_name):
        return ""
    return next((name for name, words in _NAMED.items() if words.search(path_name)), "")


def told(reader: str, format: str | None) -> str:
    """Say why an empty file is read as a result."""
    by = "the format that was named" if format else "its name"
    return f"the file is empty: by {by} a result of {reader} without a hit; else check its step"
