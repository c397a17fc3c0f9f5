"""Files that are often given instead of the one that is read, and which one to give."""

from __future__ import annotations

import re
from typing import Final

#: Beginnings of files -> what they are, and what to do.
_KNOWN: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r"[CU]\t\S+\t\d+(?:\t|\n)"),
        "the file has a row for each read (Kraken, Kaiju)",
        "Give the report (kraken2 --report, kaiju2table)",
    ),
    (
        re.compile(r"readID\tseqID\ttaxID\t"),
        "the file has a row for each read (Centrifuge)",
        "Give the report (--report-file, centrifuge-kreport)",
    ),
    (
        re.compile(r"@\S[^\n]*\n[ACGTUNacgtun]+\n\+"),
        "this is FASTQ: reads",
        "Assemble or profile the reads first and add what comes out",
    ),
    (
        re.compile(r"@(?:HD|SQ|RG|PG|CO)\t"),
        "this is SAM: alignments of reads",
        "Count them first (CoverM, featureCounts) and add the table",
    ),
    (
        re.compile(r"##fileformat=VCF"),
        "this is VCF: variants",
        "Variants are not read; add genes, tables or papers",
    ),
    (
        re.compile(r"# (?:hmmscan|hmmsearch|phmmer|jackhmmer|nhmmer) ::"),
        "this is HMMER's output for reading by eye",
        "Give the table (--domtblout or --tblout)",
    ),
    (
        re.compile(r"(?:T?BLAST[NPX]|PSIBLAST) \d+\.\d+\.\d+\+"),
        "these are BLAST's alignments for reading by eye",
        "Write a table (-outfmt 6 or 7)",
    ),
    (
        re.compile(
            r"# SignalP-|#\s*ID\tPrediction\t|SeqID\tLocalization\t|[^\t\n]+\tlen=\d+\tExpAA="
        ),
        "this says where proteins are (SignalP, TMHMM, PSORTb), not what they do",
        "It is not read; add tables of functions or families",
    ),
    (
        re.compile(r"[^\t\n]+\t\d+\t\d+\t\d+\n(?:[^\t\n]+\t\d+\t\d+\t\d+\n)*\*\t0\t0\t\d+\s*\Z"),
        "these are samtools' counts of alignments (idxstats)",
        "Give a table with names of columns (CoverM, featureCounts)",
    ),
    (
        re.compile(r"(?:CGC#\tGene Type\t|#cgcid\tPULID\t)"),
        "this is run_dbcan's table of gene clusters or substrates",
        "Give overview.txt, or the GFF of the clusters (cgc.gff)",
    ),
    (
        re.compile(r"Assembly\t.*\n# contigs \(>= 0 bp\)\t|file\s+format\s+type\s+num_seqs\s"),
        "these are figures of assemblies or of reads (QUAST, SeqKit)",
        "They are not read; add genes, tables of samples, or papers",
    ),
    (
        re.compile(
            r"[^\n]*\b(?:log2FoldChange|logFC|lfc(?:_\w+)?|pvalue|P\.Value|pval)\b",
            re.IGNORECASE,
        ),
        "these are results of tests (DESeq2, edgeR, MaAsLin, ANCOM-BC), not values of samples",
        "Add the table that was tested; `metalumen cohort` tests it",
    ),
    (
        re.compile(
            r"[^\n]*\borth_type\tspecies\torthologs\n|## emapper[^\n]*\n#query\torth_type\t"
        ),
        "this is eggNOG-mapper's list of orthologs",
        "Give the annotations (.emapper.annotations)",
    ),
    (
        re.compile(r"(?:PMID:? *)?\d{4,8} *\n(?: *\d{1,8} *\n)* *\d{1,8}\s*\Z"),
        "this is a list of numbers, such as PMIDs, without the papers",
        "Save the papers in PubMed's format, or get them with: metalumen fetch KB pubmed QUERY",
    ),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?<(?:!DOCTYPE html|html)\b", re.IGNORECASE),
        "this is a web page",
        "Save the paper as PDF, XML or text",
    ),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?<rdf:RDF"),
        "this is RDF that is not Zotero's",
        "Export it as RIS, BibTeX, EndNote XML or CSL JSON",
    ),
    (
        re.compile(
            r"(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?<e(?:Fetch|Search|Summary|Link)Result\b"
        ),
        "this is an answer of NCBI without papers",
        "Download them as PubMed XML, or get them with: metalumen fetch KB pubmed QUERY",
    ),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?<feed\b[^>]*w3\.org/2005/Atom"),
        "this is an Atom feed, such as arXiv's answers are",
        "Export the papers as BibTeX, or save them as PDF",
    ),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?<(?:\w+:)?collection\b[^>]*loc\.gov/MARC21"),
        "this is MARC: records of a library",
        "Export them as MODS, RIS or BibTeX",
    ),
    (re.compile(r"\{\\rtf1"), "this is RTF", "Save it as plain text or PDF"),
    (
        re.compile(r"(?:#[^\n]*\n|\s)*cff-version:"),
        "this is a CITATION.cff",
        "Export it as BibTeX, for example with cffconvert",
    ),
)


def reason_of(head: str) -> tuple[str, str] | None:
    r"""Say what a file is that no reader takes, and what to give instead; None if it is unknown.

    >>> reason_of("@SQ\tSN:c1")[0]
    'this is SAM: alignments of reads'
    """
    text = head.lstrip("\ufeff \n")
    return next(((what, hint) for words, what, hint in _KNOWN if words.match(text)), None)
