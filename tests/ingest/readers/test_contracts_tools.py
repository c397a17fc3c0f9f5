"""Readers of profilers, annotation tools and search tools against the contract."""

from __future__ import annotations

from tests.contracts.reader import ReaderContract, records_of


class TestKraken(ReaderContract):
    name = "kraken"
    sample = "kraken.kreport"
    ids = (*("unclassified", "taxid:1", "taxid:131567", "taxid:2", "taxid:562", "taxid:511145"),)
    breaks = ("80\t80\tS1", "80\t81\tS1")
    bad = (6, "Escherichia coli str. K-12")


class TestKrakenuniq(ReaderContract):
    name = "krakenuniq"
    sample = "krakenuniq.txt"
    ids = ("unclassified", "taxid:1", "taxid:2", "taxid:562")
    breaks = ("\t562\tspecies", "\t562")
    bad = (7, "")


class TestBracken(ReaderContract):
    name = "bracken"
    sample = "bracken.tsv"
    ids = ("taxid:562", "taxid:28116", "taxid:28901")
    breaks = ("10\t10\t20", "10\t10\t21.5")
    bad = (3, "Bacteroides ovatus")


class TestCentrifuge(ReaderContract):
    name = "centrifuge"
    sample = "centrifuge.tsv"
    ids = ("taxid:562", "taxid:2", "taxid:3000001")
    breaks = ("0\t5\t5\t", "0\t5\t50\t")
    bad = (3, "Bacteria")


class TestGanon(ReaderContract):
    name = "ganon"
    sample = "ganon.tre"
    ids = ("unclassified", "taxid:1", "taxid:2", "taxid:562")
    breaks = ("50\t10\t0\t60\t", "50\t10\t0\t61\t")
    bad = (4, "Escherichia coli")


class TestKaiju(ReaderContract):
    name = "kaiju"
    sample = "kaiju.tsv"
    ids = (
        *("taxid:1239", "taxid:10239", "cannot be assigned to a (non-viral) phylum"),
        "unclassified",
    )
    breaks = ("\t20\t10239\tViruses", "\t20.5\t10239\tViruses")
    bad = (3, "Viruses")


class TestMotus(ReaderContract):
    name = "motus"
    sample = "motus.tsv"
    ids = ("ref_mOTU_v3_00001", "ref_mOTU_v3_00004", "ext_mOTU_v3_33881", "unassigned")
    breaks = ("\tNA\t42", "\tNA\tmany")
    bad = (5, "Chryseobacterium sp. [ref_mOTU_v3_00004]")


class TestKmcp(ReaderContract):
    name = "kmcp"
    sample = "kmcp.tsv"
    ids = ("GCF_1.1", "GCF_2.1", "GCF_3.1")
    breaks = ("GCF_2.1\t30.5", "GCF_2.1\t305")
    bad = (3, "GCF_2.1")


class TestSourmash(ReaderContract):
    name = "sourmash"
    sample = "sourmash.csv"
    ids = ("GCF_001881345.1", "GCF_009494285.1", "GCA_1.1")
    breaks = ("0.01,0.1,GCA", "0.01,1.1,GCA")
    bad = (4, "1000")


class TestFeaturecounts(ReaderContract):
    name = "featurecounts"
    sample = "featurecounts.txt"
    ids = ("g_1", "g_2", "g_3")
    breaks = ("\t5\t7.5", "\t5\tmany")
    bad = (4, "g_2")


class TestFeaturecountsSummary(ReaderContract):
    name = "featurecounts_summary"
    sample = "featurecounts.txt.summary"
    ids = ("Assigned", "Unassigned_Unmapped", "Unassigned_NoFeatures")
    breaks = ("Unmapped\t3\t0", "Unmapped\t3")
    bad = (3, "Unassigned_Unmapped")


class TestCoverm(ReaderContract):
    name = "coverm"
    sample = "coverm.tsv"
    ids = ("unmapped", "bin.1", "bin.2")
    breaks = ("bin.2\t0\t90", "bin.2\t0\t190")
    bad = (4, "bin.2")


class TestKrona(ReaderContract):
    name = "krona"
    sample = "krona.txt"
    ids = (
        "sk__Bacteria",
        "sk__Bacteria;k__;p__Bacillota;c__Bacilli",
        "sk__Bacteria;k__;p__Bacteroidota;c__;o__;f__;g__;s__Bacteroides sp. X [a/b]",
        "unassigned",
    )
    breaks = ("2.0\tsk__", "two\tsk__")
    bad = (3, "c__Bacilli")


class TestMgnify(ReaderContract):
    name = "mgnify"
    sample = "mgnify.tsv"
    ids = ("K03807", "K09539", "K10641")
    breaks = ("381\t4", "381\t-4")
    bad = (3, "K09539")


class TestSearchHits(ReaderContract):
    name = "search_hits"
    sample = "hits.m8"
    ids = ("g_1", "g_1", "g_2", "g_3")
    breaks = ("\t98.5\t", "\t985\t")
    bad = (3, "g_2")

    # A wrong number among few rows also breaks the layout; it is told by the other rows.
    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        header = "# Fields: query id, subject id, % identity, evalue, bit score\n"
        rows = "a\tx\t50.0\t1e-9\t80\nb\ty\t500\t1e-9\t80\nc\tz\t70\t1e-9\t80\n"
        other = tmp_path / self.sample
        other.write_text(header + rows)
        records = records_of(other)
        assert [getattr(record, "line", 0) for record in records] == [0, 3, 0]


class TestHmmerTable(ReaderContract):
    name = "hmmer_table"
    sample = "hmmscan.domtblout"
    ids = ("g_1", "g_2", "g_2")
    breaks = ("   7   112 ", "   7   912 ")
    bad = (4, "Globin")


class TestAbricate(ReaderContract):
    name = "abricate"
    sample = "abricate.tsv"
    ids = ("", "", "")  # rows are known by their place
    breaks = ("\t60.00\t", "\t600\t")
    bad = (3, "vanX-M")

    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        other = tmp_path / self.sample
        other.write_text(text.replace(*self.breaks))
        first, second, third = records_of(other)
        assert (second.line, second.record) == self.bad
        assert (first.gene, third.accession) == ("eat(A)", "X1")


class TestRgi(ReaderContract):
    name = "rgi"
    sample = "rgi.txt"
    ids = ("c1_7", "c1_9", "BAE1")
    breaks = ("\t31.2\t", "\tmany\t")
    bad = (3, "c1_9")


class TestInterproscanGff3(ReaderContract):
    name = "interproscan_gff3"
    sample = "interproscan.gff3"
    ids = ("p1", "p1", "p2")
    breaks = ("\t5\t25\t", "\t5\t95\t")
    bad = (8, "match$3_5_25")


class TestInterproscanXml(ReaderContract):
    name = "interproscan_xml"
    sample = "interproscan.xml"
    ids = ("p1", "p2", "p3")
    breaks = ('start="1" end="9"', 'start="1" end="90"')
    bad = (0, "p3")


class TestAntismashGff(ReaderContract):
    name = "antismash_gff"
    sample = "antismash.gff"
    ids = ("c1_region1", "g_516", "g_517")
    breaks = ("\t1200\t1500\t", "\t1500\t1200\t")
    bad = (4, "g_517")


class TestAntismashGbk(ReaderContract):
    name = "antismash_gbk"
    sample = "antismash.gbk"
    ids = ("A_1", "A_2", "A_1", "A_2")  # genes, then what is said of them
    breaks = ('/translation="MKTAYIAKQ"', '/translation="MKTAYI*KQ"')
    bad = (1, "A_2")

    # A gene whose protein cannot be used still has its place in the region.
    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        other = tmp_path / self.sample
        other.write_text(text.replace(*self.breaks))
        good, bad, *said = records_of(other)
        assert (good.id, bad.line, bad.record) == ("A_1", *self.bad)
        assert [record.gene_id for record in said] == ["A_1", "A_2"]


class TestAntismashJson(ReaderContract):
    name = "antismash_json"
    sample = "antismash.json"
    ids = ("A_1", "A_2", "A_3")
    breaks = ("[400:700](+)", "[700:400](+)")
    bad = (0, "A_2")


class TestDbcanGff(ReaderContract):
    name = "dbcan_gff"
    sample = "dbcan.gff"
    ids = ("c1_CGC1", "g_74", "g_77", "g_75")
    breaks = ("\t71383\t", "\tmany\t")
    bad = (4, "g_77")


class TestDbcanHits(ReaderContract):
    name = "dbcan_hits"
    sample = "dbcan_sub.tsv"
    ids = ("g_1", "g_2", "g_2")
    breaks = ("\t280\t0.99", "\t280\t9.9")
    bad = (2, "g_1")


class TestGaf(ReaderContract):
    name = "gaf"
    sample = "terms.gaf"
    ids = ("P12345", "P12345", "GO:0042773")
    breaks = ("GO\t\tGO:0042773", "GO\t\tGO:42773")
    bad = (5, "GO:0042773")


class TestAnvio(ReaderContract):
    name = "anvio"
    sample = "anvio_calls.txt"
    ids = ("0", "1", "2")
    breaks = ("MYNKSD", "MYNKSDMYNKSD")
    bad = (4, "2")


class TestGtdbtk(ReaderContract):
    name = "gtdbtk"
    sample = "gtdbtk.tsv"
    ids = ("bin.1.fa", "bin 2.fa", "bin.3.fa")
    breaks = ("Unclassified Bacteria", "Bacteria")
    bad = (4, "bin.3.fa")


class TestCheckm(ReaderContract):
    name = "checkm"
    sample = "checkm.txt"
    ids = ("bin.1", "bin.2", "bin.3")
    breaks = ("98.69 ", "998.7 ")
    bad = (6, "bin.2")


class TestCheckm2(ReaderContract):
    name = "checkm2"
    sample = "checkm2.tsv"
    ids = ("bin.1", "bin.2", "bin.3")
    breaks = ("bin.2\t18.33", "bin.2\tNA")
    bad = (3, "bin.2")


class TestCat(ReaderContract):
    name = "cat"
    sample = "cat.tsv"
    ids = ("c_1", "c_2", "c_3")
    breaks = ("c_2\tno taxid", "c_2\tsome taxid")
    bad = (3, "c_2")


class TestKrakenMpa(ReaderContract):
    name = "kraken_mpa"
    sample = "kraken_mpa.txt"
    ids = (
        "d__Bacteria",
        "d__Bacteria|p__Pseudomonadota",
        "d__Bacteria|p__Pseudomonadota|s__Escherichia coli",
    )
    breaks = ("\t90\t7", "\t9.0\t7")
    bad = (3, "d__Bacteria|p__Pseudomonadota")
