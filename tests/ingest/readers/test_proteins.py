"""Reference proteins: UniProt FASTA, flat file and table; the headers of Prokka and Bakta."""

from __future__ import annotations

import io
import lzma

import pytest
from Bio import SeqIO, SwissProt

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers.base import Source
from ingest.readers.prokka_fasta import ProkkaFastaReader
from ingest.readers.protein_tsv import ProteinTsvReader
from ingest.readers.uniprot_fasta import UniprotFastaReader
from ingest.records import BadRecord
from tests.contracts.reader import DATA


def test_uniprot_fasta_fields():
    first, second, third = read_records(DATA / "uniprot.fasta").records
    assert (first.name, first.ec_numbers) == ("Beta-galactosidase", ("3.2.1.23",))
    assert first.taxon == "Escherichia coli (strain K12)"
    assert (first.gene, first.reviewed, first.database) == ("lacZ", True, "Swiss-Prot")
    assert (second.gene, second.reviewed, second.database) == ("", False, "TrEMBL")
    assert (third.name, third.taxon) == ("Beta-galactosidase", "Enterobacteriaceae")
    assert (third.reviewed, third.database) == (False, "UniRef90")


def test_foreign_header_in_uniprot_fasta_is_bad():
    text = ">sp|P00001|A_B Name OS=X\nMK\n>contig_1 x\nMK\n"
    records = list(UniprotFastaReader().read(io.StringIO(text), Source("x")))
    assert isinstance(records[1], BadRecord)


@pytest.mark.parametrize(
    ("header", "gene", "name", "ec", "go", "ko"),
    [
        ("1.1.1.1~~~g~~~P~~~COG1", "g", "P", ("1.1.1.1",), (), ()),
        ("~~~g~~~P~~~", "g", "P", (), (), ()),
        ("1.1.1.1~~~g~~~P", "g", "P", ("1.1.1.1",), (), ()),
        ("~~~~~~P", "", "P", (), (), ()),
        ("g~~~P~~~EC:1.1.1.1,GO:0004565", "g", "P", ("1.1.1.1",), ("GO:0004565",), ()),
        ("~~~P~~~VFDB:VF0511", "", "P", (), (), ()),
        ("90~~~80~~~80~~~g~~~P~~~KEGG:K01190", "g", "P", (), (), ("K01190",)),
        ("1.1.1.1,2.2.2.2~~~g~~~P~~~", "g", "P", ("1.1.1.1", "2.2.2.2"), (), ()),
    ],
)
def test_prokka_and_bakta_headers(header, gene, name, ec, go, ko):
    text = f">id {header}\nMK\n"
    (found,) = ProkkaFastaReader().read(io.StringIO(text), Source("x"))
    assert (found.gene, found.name, found.ec_numbers) == (gene, name, ec)
    assert (found.go_terms, found.ko) == (go, ko)


def test_real_prokka_files_have_the_known_counts(shared):
    for name, records, with_ec in (("Archaea", 2868, 1716), ("Viruses", 4448, 708)):
        path = shared / f"enzymes/prokka/{name}_sprot.faa.xz"
        found = list(read_records(path).records)
        assert len(found) == records
        assert sum(bool(protein.ec_numbers) for protein in found) == with_ec


def test_real_prokka_file_with_ids_that_occur_twice(shared):
    path = shared / "enzymes/prokka/Bacteria_AMR.faa.xz"
    found = list(read_records(path).records)
    with lzma.open(path, "rt") as handle:
        ids = [record.id for record in SeqIO.parse(handle, "fasta")]
    assert len(found) == len(ids) == 9702
    assert sum(isinstance(item, BadRecord) for item in found) == len(ids) - len(set(ids))


def test_swissprot_flat_file_equals_biopythons_reading():
    found = list(read_records(DATA / "swissprot.dat").records)
    with (DATA / "swissprot.dat").open() as handle:
        expected = list(SwissProt.parse(handle))
    assert [item.accession for item in found] == [item.accessions[0] for item in expected]
    assert [item.sequence for item in found] == [item.sequence for item in expected]
    assert [item.reviewed for item in found] == [i.data_class == "Reviewed" for i in expected]


def test_swissprot_flat_file_fields():
    first, second, third = read_records(DATA / "swissprot.dat").records
    assert (first.name, first.gene, first.taxon) == (
        "Beta-galactosidase",
        "lacZ",
        "Escherichia coli",
    )
    assert first.ec_numbers == ("3.2.1.23",)
    assert first.go_terms == ("GO:0004565",)
    assert first.ko == ("K01190",)
    assert first.pmids == ("1", "22")
    assert first.function == (
        "Splits lactose into galactose and glucose. Acts on other beta-galactosides."
    )
    assert (second.name, second.database) == ("Uncharacterized protein", "TrEMBL")
    assert third.ec_numbers == ("3.2.1.-",)


def test_swissprot_entry_without_an_end_is_bad(tmp_path):
    path = tmp_path / "cut.dat"
    path.write_text((DATA / "swissprot.dat").read_text()[:-3])
    *good, last = read_records(path).records
    assert len(good) == 2
    assert (last.record, "cut short" in last.reason) == ("P00003", True)


def test_table_in_uniprots_own_columns():
    first, second, third = read_records(DATA / "proteins.tsv").records
    assert (first.name, first.gene, first.reviewed) == ("Beta-galactosidase", "lacZ", True)
    assert first.ec_numbers == ("3.2.1.23",)
    assert first.go_terms == ("GO:0004565", "GO:0005990")
    assert (second.reviewed, second.ec_numbers) == (False, ())
    assert third.ec_numbers == ("3.2.1.-", "1.1.1.n2")


def test_table_without_the_needed_columns_names_them():
    with pytest.raises(FormatError, match=r"no column for sequence.*'id\\tname'.*columns sequence"):
        list(ProteinTsvReader().read(io.StringIO("id\tname\nx\ty\n"), Source("x.tsv")))


def test_bad_rows_of_a_table():
    text = "ID\tEC\tSeq\na\t1.1.1.1\tMK\na\t\tMK\nb\t\t\n\t\tMK\nc\t\tM1\nd\t9.9.9.9\tMK\n"
    source = Source("x.tsv")
    records = list(ProteinTsvReader().read(io.StringIO(text), source))
    bad = {item.line: item.reason for item in records if isinstance(item, BadRecord)}
    assert list(bad) == [3, 4, 5, 6]
    assert "twice" in bad[3]
    assert "illegal" in bad[6]
    assert records[-1].ec_numbers == ()
    assert "1 values of the EC column" in source.warnings[0]


def test_real_table_has_the_known_rows_and_ec_numbers(shared):
    proteins = list(read_records(shared / "enzymes/clean_split10.tsv.xz").records)
    assert len(proteins) == 8150
    assert len({ec for protein in proteins for ec in protein.ec_numbers}) == 3082
