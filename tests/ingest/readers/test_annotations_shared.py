"""Real tables of annotation tools: their figures against the csv module, and damage to them."""

from __future__ import annotations

import csv
import gzip
import random
import re

import pytest

from ingest.errors import MetalumenError
from ingest.files import read_records
from ingest.inspection import inspect
from ingest.readers import READERS
from ingest.records import Annotation, BadRecord
from tests.ingest.readers.test_annotations import read

REAL = [
    ("amrfinderplus/amrfinderplus_v3_header.tsv", "amrfinderplus"),
    ("amrfinderplus/amrfinderplus_v4_empty.tsv", "amrfinderplus"),
    ("amrfinderplus/amrfinderplus_v4_nucleotide.tsv", "amrfinderplus"),
    ("bakta/bakta_v1.5.1_plasmid.tsv", "bakta"),
    ("dbcan/dbcan_v5_overview.tsv", "dbcan"),
    ("eggnog/emapper_2.1.1.emapper.annotations", "eggnog"),
    ("eggnog/emapper_3.0beta5.emapper.annotations", "eggnog"),
    ("eggnog/emapper_no_header_at_all.annotations", "eggnog"),
    ("eggnog/emapper_v2_no_header_comments.tsv.gz", "eggnog"),
    ("interproscan/interproscan_15col.tsv.gz", "interproscan"),
    ("kofamscan/kofamscan_detail_excerpt.txt", "kofamscan"),
]


def rows_of(path):
    """The rows that are no comments, by the csv module: our reader has no part in it."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if row and not row[0].startswith("#")]


@pytest.mark.parametrize(("path", "name"), REAL)
def test_real_files_are_recognised_and_no_row_is_bad(shared, path, name):
    opened = read_records(shared / "formats" / path)
    assert opened.reader == name
    assert not [record for record in opened.records if isinstance(record, BadRecord)]


@pytest.mark.parametrize(
    ("path", "has_header"),
    [
        ("amrfinderplus/amrfinderplus_v3_header.tsv", True),
        ("amrfinderplus/amrfinderplus_v4_empty.tsv", True),
        ("amrfinderplus/amrfinderplus_v4_nucleotide.tsv", True),
        ("bakta/bakta_v1.5.1_plasmid.tsv", False),
        ("dbcan/dbcan_v5_overview.tsv", True),
        ("eggnog/emapper_2.1.1.emapper.annotations", False),
        ("eggnog/emapper_3.0beta5.emapper.annotations", False),
        ("eggnog/emapper_no_header_at_all.annotations", False),
        ("eggnog/emapper_v2_no_header_comments.tsv.gz", False),
        ("interproscan/interproscan_15col.tsv.gz", False),
    ],
)
def test_inspect_counts_rows_and_genes_as_csv_does(shared, path, has_header):
    file = shared / "formats" / path
    rows = rows_of(file)[has_header:]
    found = inspect(file)
    assert (found.kind, found.records) == ("annotations", len(rows))
    if not path.startswith(("amrfinderplus", "bakta")):  # ids are elsewhere in these
        assert found.features == len({row[0] for row in rows})
    assert found.total is None


def test_published_figures_of_the_real_files(shared):
    formats = shared / "formats"
    kofam = list(read_records(formats / "kofamscan/kofamscan_detail_excerpt.txt").records)
    assert [row.accession for row in kofam if row.is_significant] == ["K13951", "K13951"]
    assert len(kofam) == 14
    assert [row.threshold for row in kofam if row.accession == "K16377"] == [12778.27]
    assert [row.threshold for row in kofam if row.accession == "K19653"] == [None]
    cazymes = list(read_records(formats / "dbcan/dbcan_v5_overview.tsv").records)
    assert sum(row.is_significant for row in cazymes) == 66
    orthologs = list(read_records(formats / "eggnog/emapper_v2_no_header_comments.tsv.gz").records)
    assert sum(bool(row.ko) for row in orthologs) == 679
    domains = list(read_records(formats / "interproscan/interproscan_15col.tsv.gz").records)
    assert sum(bool(row.dbxrefs) for row in domains) == 748
    resistance = formats / "amrfinderplus/amrfinderplus_v4_nucleotide.tsv"
    mutations = [row for row in read_records(resistance).records if "point mutation" in row.note]
    methods = {row[12] for row in rows_of(resistance)[1:] if row[9] == "POINT"}
    assert len(mutations) == sum(row[9] == "POINT" for row in rows_of(resistance)[1:])
    assert methods >= {"POINTX", "POINTN"}


def test_terms_of_a_real_file_are_those_of_the_cells(shared):
    path = shared / "formats/eggnog/emapper_v2_no_header_comments.tsv.gz"
    for row, record in zip(rows_of(path), read_records(path).records, strict=True):
        assert list(record.ko) == re.findall(r"K\d{5}", row[11])
        assert list(record.go_terms) == re.findall(r"GO:\d{7}", row[9])
        assert (record.evalue, record.score) == (float(row[2]), float(row[3]))
        assert record.gene == row[8].replace("-", "") if row[8] == "-" else record.gene == row[8]


def test_no_hits_is_an_answer(shared):
    found = inspect(shared / "formats/amrfinderplus/amrfinderplus_v4_empty.tsv")
    assert (found.records, found.warnings) == (0, ["the file reports no hits"])


@pytest.mark.parametrize(("path", "name"), REAL)
def test_real_files_damaged_at_random_give_no_traceback(shared, path, name):
    file = shared / "formats" / path
    data = gzip.decompress(file.read_bytes()) if path.endswith(".gz") else file.read_bytes()
    data = data[:6000]
    edits = random.Random(path)
    for _ in range(60):
        cut = bytearray(data[: edits.randrange(1, len(data))])
        for _ in range(edits.choice([0, 1, 20])):
            cut[edits.randrange(len(cut))] = edits.randrange(256)
        text = cut.decode("utf-8", "replace")
        READERS.get(name)().sniff(text)
        try:
            records, _ = read(name, text)
        except MetalumenError:
            continue
        assert all(isinstance(record, Annotation | BadRecord) for record in records)
