"""Readers of further outputs of metagenomic tools against the contract."""

from __future__ import annotations

from tests.contracts.reader import ReaderContract, WholeFileContract


class TestMetabatDepth(ReaderContract):
    name = "metabat_depth"
    sample = "metabat_depth.txt"
    ids = ("k141_1", "k141_2", "k141_3")
    breaks = ("3000\t1.5\t1\t", "3000\t1.5\t7\t")
    bad = (3, "k141_2")


class TestAnvioFunctions(ReaderContract):
    name = "anvio_functions"
    sample = "anvio_functions.txt"
    ids = ("1", "2", "3")
    breaks = ("receptor\t1e-5", "receptor\t-1")
    bad = (4, "3")


class TestKrakenCombined(ReaderContract):
    name = "kraken_combined"
    sample = "kraken_combined.txt"
    ids = ("unclassified", "taxid:1", "taxid:2", "taxid:1224")
    breaks = ("70\t30\t30\t40\t40", "70\t30\t30\t41\t40")
    bad = (9, "Pseudomonadota")


class TestCami(ReaderContract):
    name = "cami"
    sample = "cami.profile"
    ids = ("taxid:2", "taxid:1224", "taxid:1239")
    breaks = ("Pseudomonadota\t60.0", "Pseudomonadota\t600")
    bad = (9, "1224")


class TestTaxpasta(ReaderContract):
    name = "taxpasta"
    sample = "taxpasta.tsv"
    ids = ("unclassified", "taxid:2", "taxid:561", "taxid:562")
    breaks = ("genus\t4\t1", "genus\t4.5\t1")
    bad = (4, "561")


class TestGanonTable(WholeFileContract):
    name = "ganon_table"
    sample = "ganon_table.tsv"
    ids = ("Bacteroides", "Escherichia", "unclassified_genus", "unclassified", "filtered")
    breaks = ("S2.tre\t10\t0", "S1.tre\t10\t0")


class TestSinglem(ReaderContract):
    name = "singlem"
    sample = "singlem.tsv"
    ids = ("d__Bacteria", "d__Bacteria;p__Bacillota", "d__Archaea")
    breaks = ("S2\t3\t", "S2\t-3\t")
    bad = (5, "S2")


class TestTranscriptQuant(ReaderContract):
    name = "transcript_quant"
    sample = "S1.quant.sf"
    ids = ("g1", "g2", "g3")
    breaks = ("\t10.5\n", "\t-10.5\n")
    bad = (3, "g2")


class TestCheckv(ReaderContract):
    name = "checkv"
    sample = "checkv.tsv"
    ids = ("c1", "c2", "c3")
    breaks = ("\t98.1\t", "\t198.1\t")
    bad = (2, "c1")


class TestGenomad(ReaderContract):
    name = "genomad"
    sample = "genomad.tsv"
    ids = ("c1", "c2", "c3|provirus_20_9000")
    breaks = ("\t0.75\t", "\t7.5\t")
    bad = (3, "c2")


class TestBinTable(ReaderContract):
    name = "bin_table"
    sample = "drep.csv"
    ids = ("bin.1.fa", "bin.2.fa", "bin.3.fa")
    breaks = (",80,5", ",180,5")
    bad = (3, "bin.2.fa")


class TestDram(ReaderContract):
    name = "dram"
    sample = "dram.tsv"
    ids = ("bin1_c1_1", "bin1_c1_1", "bin1_c1_1", "bin1_c1_1", "bin1_c1_3", "bin1_c1_4")
    breaks = ("bin1_c1_4\tbin1", "bin1_c1_4 x\tbin1")
    bad = (5, "bin1_c1_4 x")


class TestKaijuReport(ReaderContract):
    name = "kaiju_report"
    sample = "kaiju_report.txt"
    ids = ("Escherichia", "Bacteroides", "Viruses", "cannot be assigned to a genus", "unclassified")
    breaks = ("      250\t", "    250.5\t")
    bad = (4, "Bacteroides")


class TestSylph(ReaderContract):
    name = "sylph"
    sample = "sylph.tsv"
    ids = ("GCA_910577315.1", "GCF_001945605.1", "bin.3")
    breaks = ("39.5\t45.0", "-39.5\t45.0")
    bad = (3, "db/GCF_001945605.1_genomic.fna.gz")


class TestInterproscanJson(ReaderContract):
    name = "interproscan_json"
    sample = "interproscan.json"
    ids = ("P1", "P2", "P3")
    breaks = ('"start":3,"end":18', '"start":3,"end":99')
    bad = (0, "P3")


class TestAbricateSummary(WholeFileContract):
    name = "abricate_summary"
    sample = "abricate_summary.tsv"
    ids = ("blaTEM-1", "tet(A)", "sul1")
    breaks = ("b.tab", "a.tab")


class TestRgiBwt(ReaderContract):
    name = "rgi_bwt"
    sample = "rgi_bwt.txt"
    ids = ("ARO:3001099", "ARO:3003209", "ARO:3000796")
    breaks = ("63.00\t16.00\t79.00", "63.00\t16.00\t97.00")
    bad = (3, "FosA5")


class TestMztab(ReaderContract):
    name = "mztab"
    sample = "metabolites.mztab"
    ids = ("1", "2", "3")
    breaks = ("2.5\t3.5", "2.5\tmany")
    bad = (10, "2")


class TestSourmashHuman(ReaderContract):
    name = "sourmash_human"
    sample = "sourmash_human.txt"
    ids = ("unclassified", "d__Bacteria;p__Bacteroidota", "d__Bacteria;p__Pseudomonadota")
    breaks = ("  5.8%", "  508%")
    bad = (4, "test1")


class TestProdigal(ReaderContract):
    name = "prodigal"
    sample = "prodigal.gbk"
    ids = ("c1_1", "c1_2", "c2_1")
    breaks = ("complement(400..699)", "complement(400..6999)")
    bad = (6, "c1_2")


class TestDiamondTaxa(ReaderContract):
    name = "diamond_taxa"
    sample = "sample1.diamond.tsv"
    ids = ("taxid:562", "unclassified", "taxid:1239")
    breaks = ("1239\t0.0005", "1239\t-1")
    bad = (4, "read_4")


class TestMgnifyCsv(ReaderContract):
    name = "mgnify_csv"
    sample = "ERR1_summary.go.csv"
    ids = ("GO:0030246", "GO:0046700", "GO:0016020")
    breaks = ('process","1"', 'process","-1"')
    bad = (2, "GO:0046700")
