"""Opening: compression, encodings, line ends, and the messages for files that cannot be used."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma

import pytest
import zstandard

from ingest.errors import FormatError, InputError, UnknownFormatError, UserError
from ingest.files import head, open_text, read_records, sha256_of
from ingest.records import BadRecord
from tests.contracts.reader import DATA

TEXT = "".join(f">p{number}\nMKTLLVAGGSHEDKWPYRNC\n" for number in range(2000))


def zstd(data: bytes) -> bytes:
    half = len(data) // 2
    return b"".join(
        zstandard.ZstdCompressor().compress(part) for part in (data[:half], data[half:])
    )


COMPRESSORS = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress, "zst": zstd}


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compression_is_told_by_content(tmp_path, name):
    path = tmp_path / "misleading.txt"
    path.write_bytes(COMPRESSORS[name](TEXT.encode()))
    with open_text(path) as handle:
        assert handle.read() == TEXT


@pytest.mark.parametrize("name", COMPRESSORS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_compressed_file_cut_short_is_refused(tmp_path, name, share):
    path = tmp_path / f"cut.faa.{name}"
    data = COMPRESSORS[name](TEXT.encode())
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(FormatError, match=rf"cut\.faa\.{name}: .*cut short.*download it again"):
        list(read_records(path, "protein_fasta").records)


def test_compressed_file_with_a_flipped_byte_is_refused(tmp_path):
    path = tmp_path / "damaged.faa.gz"
    data = bytearray(gzip.compress(TEXT.encode()))
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(FormatError, match="damaged"):
        list(read_records(path, "protein_fasta").records)


@pytest.mark.parametrize(
    "encoded",
    [
        "a\tä\nb\n".encode(),
        "a\tä\nb\n".encode("utf-8-sig"),
        "a\tä\nb\n".encode("utf-16"),
        "a\tä\nb\n".encode("utf-16-le"),
        "a\tä\nb\n".encode("utf-16-be"),
        "a\tä\r\nb\r\n".encode(),
        "a\tä\rb\r".encode(),
    ],
)
def test_encodings_and_line_ends(tmp_path, encoded):
    path = tmp_path / "x"
    path.write_bytes(encoded)
    with open_text(path) as handle:
        assert list(handle) == ["a\tä\n", "b\n"]


def test_bytes_that_are_no_text_are_replaced_and_told(tmp_path):
    path = tmp_path / "latin.faa"
    path.write_bytes(b">p1 Prot\xe9ine\nMKTLL\n")
    opened = read_records(path)
    (gene,) = opened.records
    assert gene.product == "Prot�ine"
    assert "U+FFFD" in opened.source.warnings[0]


def test_last_line_without_an_end_is_told(tmp_path):
    path = tmp_path / "cut.faa"
    path.write_text(">p1\nMKTLL")
    opened = read_records(path)
    assert len(list(opened.records)) == 1
    assert "cut short" in opened.source.warnings[0]


def test_missing_empty_and_folder(tmp_path):
    with pytest.raises(InputError, match=r"none\.faa: no such file\. Check the path"):
        read_records(tmp_path / "none.faa")
    with pytest.raises(InputError, match="folder"):
        read_records(tmp_path)
    (tmp_path / "empty.faa").touch()
    with pytest.raises(InputError, match=r"empty\.faa: the file is empty"):
        read_records(tmp_path / "empty.faa")
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(InputError, match="nothing once decompressed"):
        read_records(tmp_path / "empty.gz")


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("genes.m8", "search_hits"),
        ("blast_outfmt6_no_hits.txt", "search_hits"),
        ("sample1_diamond.tsv.gz", "search_hits"),
        ("S1.blastp.out", "search_hits"),
        ("S1_mmseqs.tsv", "search_hits"),
        ("interproscan.tsv", "interproscan"),
    ],
)
def test_empty_result_of_a_search(tmp_path, name, reader):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    opened = read_records(path)
    assert (opened.reader, list(opened.records)) == (reader, [])
    assert opened.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "without a hit" in opened.source.warnings[0]


@pytest.mark.parametrize("name", ["S1.tsv", "blast.faa", "blasted.txt", "x.tblout", "S1.kreport"])
def test_other_empty_files_are_refused(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(InputError, match="the file is empty"):
        read_records(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("C\tread1\t562\t150\t562:13 0:2\nU\tread2\t0\t150\t0:13\n", "kaiju2table"),
        ("readID\tseqID\ttaxID\tscore\nr1\tNC_1\t562\t100\n", "centrifuge-kreport"),
        ("@r1 x\nACGTN\n+\nIIIII\n", "profile the reads"),
        ("@SQ\tSN:c1\tLN:90\n", "Count them first"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\n", "Variants are not read"),
        ("# hmmscan :: search sequence(s)\n# HMMER 3.3\n", "--domtblout"),
        ("BLASTP 2.15.0+\n\n\nReference: x\n", "-outfmt 6"),
        ("# SignalP-6.0\tOrganism: Other\n# ID\tPrediction\tOTHER\n", "tables of functions"),
        ("SeqID\tLocalization\tScore\ng1 x\tCytoplasmic\t9.97\n", "tables of functions"),
        ("g1\tlen=300\tExpAA=44.5\tFirst60=22.1\tPredHel=2\n", "tables of functions"),
        ("c1\t5000\t100\t2\n*\t0\t0\t50\n", "featureCounts"),
        ("CGC#\tGene Type\tContig ID\nCGC1\tCAZyme\tc1\n", "overview"),
        ("Assembly\tS1\n# contigs (>= 0 bp)\t100\n", "tables of samples"),
        ('"","baseMean","log2FoldChange","pvalue"\n"g1",10,1,1e-5\n', "the table that was tested"),
        ("## emapper-2.1.12\n#query\torth_type\tspecies\torthologs\n", "emapper.annotations"),
    ],
)
def test_files_given_instead_of_a_result_are_named(tmp_path, text, hint):
    (tmp_path / "x.txt").write_text(text)
    with pytest.raises(UnknownFormatError, match=hint):
        read_records(tmp_path / "x.txt")


def test_empty_file_of_a_named_format(tmp_path):
    path = tmp_path / "S1.tsv"
    path.touch()
    opened = read_records(path, "search_hits")
    assert list(opened.records) == []
    assert "format that was named" in opened.source.warnings[0]
    with pytest.raises(InputError, match="the file is empty"):
        read_records(path, "kraken")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"\x89HDF\r\n\x1a\nrest", "HDF5"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x01\x02\x00\x00\x00\x07", "binary"),
    ],
)
def test_binary_files_are_named(tmp_path, data, what):
    path = tmp_path / "x.bin"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=rf"x\.bin: this is .*{what}"):
        read_records(path)


def test_unknown_format_shows_what_the_file_begins_with(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("nothing known\n")
    with pytest.raises(UnknownFormatError, match=r"begins 'nothing known'.*--format NAME"):
        read_records(path)


def test_unknown_reader_name_lists_the_known():
    with pytest.raises(UserError, match="no reader named 'x'"):
        read_records(DATA / "genes.faa", "x")


def test_forced_format_that_does_not_fit_fails():
    with pytest.raises(FormatError, match=r"genes\.faa"):
        list(read_records(DATA / "genes.faa", "gff3").records)


def test_opened_file_says_what_it_is():
    opened = read_records(DATA / "genes.faa")
    assert (opened.reader, opened.kind) == ("protein_fasta", "genes")
    assert opened.source.sha256 == hashlib.sha256((DATA / "genes.faa").read_bytes()).hexdigest()
    assert opened.source.sha256 == sha256_of(DATA / "genes.faa")
    assert not any(isinstance(record, BadRecord) for record in opened.records)


def test_head_is_decompressed_text(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(TEXT.encode()))
    assert head(path, 100) == TEXT[:100]


@pytest.mark.parametrize("comment", ["", "# Constructed from biom file\n"])
def test_a_table_of_thousands_of_samples_is_recognised_by_its_rows(tmp_path, comment):
    samples = [f"cohort_with_a_long_name_baseline_visit_{n:05d}" for n in range(3000)]
    rows = (f"otu{n}" + "\t1" * len(samples) for n in range(3))
    path = tmp_path / "table.tsv"
    path.write_text(comment + "\n".join(("#OTU ID\t" + "\t".join(samples), *rows)) + "\n")
    start = head(path)
    assert start.count("\n") > 3
    assert read_records(path).reader == "feature_table"


@pytest.mark.parametrize(
    "text",
    [
        '{"rows": [' + "1," * 99_999 + "1]}",
        ">c1\n" + "ACGT" * 40_000,
        "Here, there, and so on. " * 9999,
    ],
)
def test_other_long_lines_are_not_read_on(tmp_path, text):
    path = tmp_path / "long"
    path.write_text(text + "\n")
    assert head(path) == text[:65536]
