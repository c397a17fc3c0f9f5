"""Each reader against the contract, and the table against the folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import ingest.readers
from ingest.readers import READERS
from ingest.records import BadRecord
from tests.contracts.reader import (
    DATA,
    BinaryReaderContract,
    ReaderContract,
    WholeFileContract,
    records_of,
)
from tests.ingest.readers import test_cohort_summaries as cohorts
from tests.ingest.readers import test_contracts_literature as literature
from tests.ingest.readers import test_contracts_references as references
from tests.ingest.readers import test_contracts_tools as tools
from tests.ingest.readers import test_contracts_versions as versions


class TestGenbank(ReaderContract):
    name = "genbank"
    sample = "record.gbk"
    ids = ("X_00005", "X_00010", "X_00020", "prot.1")
    breaks = ("complement(111..173)", "complement(111..999)")
    bad = (1, "X_00010")


class TestSwissprotDat(ReaderContract):
    name = "swissprot_dat"
    sample = "swissprot.dat"
    ids = ("P00001", "A0A000AAA1", "P00003")
    breaks = ("Unreviewed;        20 AA.", "Unreviewed;        21 AA.")
    bad = (24, "A0A000AAA1")


class TestHmmer3(ReaderContract):
    name = "hmmer3"
    sample = "families.hmm"
    ids = ("PF99001", "K99001", "own_1")
    breaks = ("LENG  14\n", "LENG  15\n")
    bad = (63, "K99001")


class TestPfamDat(ReaderContract):
    name = "pfam_dat"
    sample = "pfam.dat"
    ids = ("PF99001", "PF99002", "PF99003")
    breaks = ("#=GF TP   Family", "#=GF TP   Famili")
    bad = (11, "PF99002")


class TestKoList(ReaderContract):
    name = "ko_list"
    sample = "ko_list.tsv"
    ids = ("K99001", "K99002", "K99003")
    breaks = ("277.79", "277,79")
    bad = (4, "K99003")


class TestPfam2go(ReaderContract):
    name = "pfam2go"
    sample = "pfam2go.txt"
    ids = ("PF99001", "PF99001", "PF99002")
    breaks = ("binding ; GO:0005488", "binding ; GO:5488")
    bad = (5, "Pfam:PF99002")


class TestFamilyTsv(ReaderContract):
    name = "family_tsv"
    sample = "family_table.tsv"
    ids = ("TIGR99001", "NF999002", "NF999003")
    breaks = ("\tsubfamily\t", "\tsub\t")
    bad = (3, "NF999002")


class TestUniprotFasta(ReaderContract):
    name = "uniprot_fasta"
    sample = "uniprot.fasta"
    ids = ("P00001", "A0A000AAA1", "UniRef90_P00001")
    breaks = ("\nMSTNPK", "\nMS*NPK")
    bad = (4, "tr|A0A000AAA1|A0A000AAA1_TEST")


class TestProkkaFasta(ReaderContract):
    name = "prokka_fasta"
    sample = "trusted.faa"
    ids = ("A1", "A2", "A3")
    breaks = (">A2 blaX~~~", ">A2 blaX~~~x~~~y~~~")
    bad = (3, "A2")


class TestProteinFasta(ReaderContract):
    name = "protein_fasta"
    sample = "genes.faa"
    ids = ("c1_1", "c1_2", "WP_1.1")
    breaks = ("\nMSTNPK", "\nMS7NPK")
    bad = (4, "c1_2")


class TestNucleotideFasta(ReaderContract):
    name = "nucleotide_fasta"
    sample = "contigs.fna"
    ids = ("c1", "c2", "c3")
    breaks = (">c2\n", ">c1\n")
    bad = (6, "c1")


class TestGff3(ReaderContract):
    name = "gff3"
    sample = "genome.gff3"
    ids = ("X_00005", "X_00010", "X_00020")
    breaks = ("111\t173", "173\t111")
    bad = (5, "ID=X_2;locus_tag=X_00010;product=hypothetical protein")


class TestMetaphlan(ReaderContract):
    name = "metaphlan"
    sample = "metaphlan.tsv"
    ids = (
        "UNCLASSIFIED",
        "k__Bacteria",
        "k__Bacteria|p__Bacteroidota",
        "k__Bacteria|p__Bacteroidota|c__X|o__X|f__X|g__Bacteroides",
        "k__Bacteria|p__Bacteroidota|c__X|o__X|f__X|g__Bacteroides|s__Bacteroides_ovatus",
        "k__Bacteria|p__Bacteroidota|c__X|o__X|f__X|g__Bacteroides|s__GGB1_SGB2",
        "k__Bacteria|p__Bacteroidota|c__X|o__X|f__X|g__Bacteroides|s__GGB1_SGB2|t__SGB2",
    )
    breaks = ("p__Bacteroidota\t90.0\t100.0", "p__Bacteroidota\t90.0\tlots")
    bad = (5, "k__Bacteria|p__Bacteroidota")


class TestHumann(ReaderContract):
    name = "humann"
    sample = "humann.tsv"
    ids = ("UNMAPPED", "UNINTEGRATED", "UNINTEGRATED", "PWY-1", "PWY-1", "PWY-2")
    breaks = ("PWY-2\t0.5\t1.0", "PWY-2\t0.5")
    bad = (7, "PWY-2")


class TestProteinTsv(ReaderContract):
    name = "protein_tsv"
    sample = "proteins.tsv"
    ids = ("P00001", "A0A000AAA1", "P00002")
    breaks = ("Bacteroides ovatus\t\t\t", "Bacteroides ovatus\t\t")
    bad = (3, "A0A000AAA1")


class TestEggnog(ReaderContract):
    name = "eggnog"
    sample = "eggnog.annotations"
    ids = ("c1_1", "c1_2", "c1_10")
    breaks = ("2e-30\t120.0", "2e-30\tlots")
    bad = (6, "c1_2")


class TestInterproscan(ReaderContract):
    name = "interproscan"
    sample = "interproscan.tsv"
    ids = ("c1_1", "c1_1", "c1_2", "c1_3")
    breaks = ("\t85\t105\t", "\t85\t135\t")
    bad = (3, "c1_2")


class TestBakta(ReaderContract):
    name = "bakta"
    sample = "bakta.tsv"
    ids = ("B_00005", "B_00015", "B_00020")
    breaks = ("cds\t1200\t1301", "cds\t1200\tend")
    bad = (9, "B_00015")


class TestBaktaJson(ReaderContract):
    name = "bakta_json"
    sample = "bakta.json"
    ids = ("BJ_00005", "BJ_00010", "BJ_00015")
    breaks = ('"start": 971', '"start": "971"')
    bad = (0, "BJ_00010")


class TestProkka(ReaderContract):
    name = "prokka"
    sample = "prokka.tsv"
    ids = ("P_00001", "P_00003", "P_00004")
    breaks = ("P_00003\tCDS\t285", "P_00003\tCDS\tmany")
    bad = (4, "P_00003")


class TestAmrfinderplus(ReaderContract):
    name = "amrfinderplus"
    sample = "amrfinderplus.tsv"
    ids = ("g_1", "g_2", "g_3")
    breaks = ("\t88.30\t99.10\t", "\t88.30\t991.0\t")
    bad = (3, "g_2")


class TestDbcan(ReaderContract):
    name = "dbcan"
    sample = "dbcan.tsv"
    ids = ("c1_1", "c1_2", "c1_3")
    breaks = ("c1_2\t-\t-\t-\tGT4\t1", "c1_2\t-\t-\t-\tGT4\t7")
    bad = (3, "c1_2")


class TestKofamscan(ReaderContract):
    name = "kofamscan"
    sample = "kofamscan.txt"
    ids = ("c1_1", "c1_1", "c1_2", "c1_3")
    breaks = ("K16377 12778.27", "16377 12778.27")
    bad = (5, "c1_2")


class TestBiomJson(ReaderContract):
    name = "biom_json"
    sample = "table.biom.json"
    ids = ("007", "otu2", "1e5", "1.10")
    breaks = ('"id": "otu2"', '"id": "007"')
    bad = (0, "007")


class TestBiomHdf5(BinaryReaderContract):
    name = "biom_hdf5"
    sample = "table.biom"
    ids = ("007", "otu2", "1e5", "1.10", "S2")


class TestQza(BinaryReaderContract):
    name = "qza"
    sample = "table.qza"
    ids = ("007", "otu2", "1e5", "1.10", "S2")


class TestOrdination(WholeFileContract):
    name = "ordination"
    sample = "ordination.txt"
    ids = ("axis 1", "axis 2", "otu1", "otu2")
    breaks = ("Site\t3\t2", "Site\t4\t2")


class TestDistanceMatrix(WholeFileContract):
    name = "distance_matrix"
    sample = "distances.tsv"
    ids = ("S1", "S2", "S3")
    breaks = ("S2\t0.5", "S2\t0.75")


class TestFeatureMetadata(ReaderContract):
    name = "feature_metadata"
    sample = "feature_metadata.tsv"
    ids = ("otu1", "otu2", "007")
    breaks = ("\n007\t", "\notu1\t")
    bad = (4, "otu1")


class TestFeatureTable(ReaderContract):
    name = "feature_table"
    sample = "otu_table.tsv"
    ids = ("otu1", "007", "1e5")
    breaks = ("007\t5", "007\tlots")
    bad = (4, "007")


class TestSampleTable(ReaderContract):
    name = "sample_table"
    sample = "sample_table.csv"
    ids = tuple(f"k__Bacteria;p__Bacillota;g__{genus}" for genus in ("Blautia", "Dorea", ""))
    breaks = ("1.2,0,0.75", "1.2,0,many")
    bad = (3, "1.2")

    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        other = tmp_path / self.sample
        other.write_text(text.replace(*self.breaks), encoding="utf-8")
        records = records_of(other, self.name)
        bad = [record for record in records if isinstance(record, BadRecord)]
        assert [(record.line, record.record) for record in bad] == [self.bad]
        # A bad sample is missing from each feature.
        rest = [record for record in records if not isinstance(record, BadRecord)]
        assert all([name for name, _ in row.values] == ["1.10", "S3"] for row in rest)


class TestSampleMetadata(ReaderContract):
    name = "sample_metadata"
    sample = "samples.tsv"
    ids = ("S1", "S2", "S3")
    breaks = ("nonIBD", "nonIBD\tsurplus")
    bad = (4, "S2")


CONTRACTS = {
    item.name: item
    for module in (
        globals(),
        vars(literature),
        vars(references),
        vars(tools),
        vars(versions),
        vars(cohorts),
    )
    for item in module.values()
    if isinstance(item, type)
    and issubclass(item, ReaderContract | BinaryReaderContract)
    and item not in {ReaderContract, WholeFileContract, BinaryReaderContract}
}


@pytest.mark.parametrize("name", READERS.names())
def test_every_reader_of_the_table_has_a_contract_test_and_a_sample(name):
    assert CONTRACTS[name].name == name
    assert (DATA / CONTRACTS[name].sample).is_file()


def test_every_file_of_the_folder_is_in_the_table():
    folder = Path(ingest.readers.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    modules = {READERS.get(name).__module__.rsplit(".", 1)[-1] for name in READERS.names()}
    assert files == modules


@pytest.mark.parametrize("name", READERS.names())
def test_reader_file_starts_with_its_format(name):
    module = import_module(READERS.get(name).__module__)
    assert module.__doc__
    assert "Kept:" in module.__doc__
    assert "Dropped:" in module.__doc__ or "special" in module.__doc__
