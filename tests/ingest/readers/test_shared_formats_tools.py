"""Real files of tools: inspection gives the figures that other readers found in them.

The figures stand in the README of the folder; they come from pandas, biom-format, Biopython and
counting, not from Metalumen.
"""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.inspection import inspect

#: File -> format, records, features, total, unit.
PROFILES = {
    "kraken2/kraken2_6col_report.txt": ("kraken", 44, 44, 787758 + 119, "counts"),
    "kraken2/kraken2_report.txt.gz": ("kraken", 44, 44, 787758 + 119, "counts"),
    "kraken2/kraken2_8col_minimizers.kreport.txt": ("kraken", 22, 22, 54 + 46, "counts"),
    "kraken2/kraken2_all_unclassified.report": ("kraken", 1, 1, 120098, "counts"),
    "kraken2/kraken2_v2.0.8_sample1.txt": ("kraken", 33, 33, 1356396 + 4156, "counts"),
    "kraken2/kraken2_virus_intermediate_ranks.txt": ("kraken", 14, 14, 100, "counts"),
    "bracken/bracken_v2.6.0_report.txt": ("kraken", 416, 416, 1188381, "counts"),
    "bracken/bracken_v2.6.0_species.tsv": ("bracken", 196, 196, 1188336, "counts"),
    "centrifuge/centrifuge_kreport.txt": ("kraken", 249, 249, 99, "counts"),
    "krakenuniq/krakenuniq_v1.0.2_report.txt": ("krakenuniq", 386, 386, 454195, "counts"),
    "kaiju/kaiju2table_barcode41.txt": ("kaiju", 591, 591, 28139, "counts"),
    "kaiju/kaiju2table_phylum.txt": ("kaiju", 45, 45, 26779485, "counts"),
    "motus/motus_v3.0.3_single.out.gz": ("motus", 33571, 33571, 259, "counts"),
    "ganon/ganon_report.tre": ("ganon", 309, 309, 632060, "counts"),
    "kmcp/kmcp_profile.tsv": ("kmcp", 63, 63, 100, "percent"),
    "sourmash/sourmash_gather_assembly.csv.gz": ("sourmash", 796, 796, 0.556886, "fraction"),
    "sourmash/test1.gather.with-lineages.csv": ("sourmash", 4, 4, 0.130803, "fraction"),
    "coverm/coverm_contig_mean.tsv": ("coverm", 7, 7, None, "coverage"),
    "featurecounts/featurecounts_2.0.3_two_samples.txt.gz": (
        *("featurecounts", 2776, 2776, 5000, "counts"),
    ),
    "featurecounts/featurecounts_2.0.3_two_samples.txt.summary": (
        *("featurecounts_summary", 14, 14, 5000, "counts"),
    ),
    "mgnify/ERR10889056_motus_krona.txt.gz": ("krona", 4, 4, 6, "counts"),
    "mgnify/ERR10889056_pfam_space_header.txt.gz": ("mgnify", 129, 129, 802, "counts"),
    "mgnify/ERR4334351_SILVA-SSU_krona.txt": ("krona", 358, 358, 24010, "counts"),
    "mgnify/ERR4334351_asv_read_counts.tsv": ("mgnify", 449, 449, 16487, "counts"),
    "mgnify/ERZ1049444_kegg_modules_summary.tsv.gz": ("mgnify", 8, 8, None, "percent complete"),
    "mgnify/chunk1_SILVA-SSU_study_summary.tsv": ("mgnify", 947, 947, 235864 + 24010, "counts"),
    "mgnify/chunk1_ko_study_summary.tsv": ("mgnify", 10, 10, 4387, "counts"),
}


@pytest.mark.parametrize("name", PROFILES)
def test_figures_of_a_profile(shared, name):
    reader, records, features, total, unit = PROFILES[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.features) == (reader, records, features)
    assert found.total == (total if total is None else pytest.approx(total, abs=1e-6))
    assert found.unit == unit
    assert found.samples > 0


def rows_of(shared, name):
    return {row.id: row for row in read_records(shared / "formats" / name).records}


def value(row):
    return row.values[0][1]


def test_kraken_keeps_unclassified_root_and_ranks_apart(shared):
    rows = rows_of(shared, "kraken2/kraken2_6col_report.txt")
    assert (value(rows["unclassified"]), rows["unclassified"].special) == (787758, True)
    assert (value(rows["taxid:1"]), rows["taxid:1"].rank) == (119, "root")
    assert {"no rank", "k", "d1", "kingdom", "k1", "p", "p9"} <= {row.rank for row in rows.values()}


def test_bracken_gives_estimated_reads(shared):
    row = rows_of(shared, "bracken/bracken_v2.6.0_species.tsv")["taxid:28901"]
    assert (row.name, row.rank, value(row)) == ("Salmonella enterica", "s", 1171614)


def test_kaiju_keeps_what_it_cannot_assign_apart(shared):
    rows = rows_of(shared, "kaiju/kaiju2table_barcode41.txt")
    special = {row.name: value(row) for row in rows.values() if row.special}
    assert special == {
        "cannot be assigned to a (non-viral) species": 4023,
        "unclassified": 16739,
    }
    phyla = rows_of(shared, "kaiju/kaiju2table_phylum.txt")
    assert (phyla["taxid:1239"].rank, value(phyla["taxid:1239"])) == ("p", 6133128)
    assert phyla["taxid:10239"].rank == "no rank"


def test_motus_keeps_ids_and_the_unassigned_row_apart(shared):
    rows = rows_of(shared, "motus/motus_v3.0.3_single.out.gz")
    assert sum(value(row) > 0 for row in rows.values()) == 79
    assert (value(rows["unassigned"]), rows["unassigned"].special) == (17, True)
    kinds = [key.partition("_")[0] for key in rows]
    assert [kinds.count(kind) for kind in ("ref", "meta", "ext")] == [11915, 2297, 19358]
    assert rows["ref_mOTU_v3_00001"].name == "Leptospira alexanderi"


def test_ganon_keeps_unclassified_apart(shared):
    rows = rows_of(shared, "ganon/ganon_report.tre")
    assert (value(rows["unclassified"]), rows["unclassified"].special) == (174530, True)


def test_coverage_and_counts_are_those_of_the_tables(shared):
    coverage = rows_of(shared, "coverm/coverm_contig_mean.tsv")["genome2~seq1"]
    assert coverage.values == (("fw0", 1.4117647),)
    summary = rows_of(shared, "featurecounts/featurecounts_2.0.3_two_samples.txt.summary")
    assert summary["Assigned"].values == (("sampleA", 2500), ("sampleB", 2500))
    genes = rows_of(shared, "featurecounts/featurecounts_2.0.3_two_samples.txt.gz").values()
    assert [sum(row.values[n][1] for row in genes) for n in (0, 1)] == [2500, 2500]


def test_mgnify_counts_are_those_of_the_tables(shared):
    kos = rows_of(shared, "mgnify/chunk1_ko_study_summary.tsv")
    assert dict(kos["K03807"].values) == {"ERZ1049444": 409, "ERZ1049445": 0}
    pfams = rows_of(shared, "mgnify/ERR10889056_pfam_space_header.txt.gz")
    assert pfams["PF00005.33"].values == (("ERR10889056", 60),)
    modules = rows_of(shared, "mgnify/ERZ1049444_kegg_modules_summary.tsv.gz")
    assert value(modules["M00539"]) == 98.7
    motus = rows_of(shared, "mgnify/ERR10889056_motus_krona.txt.gz")
    assert (value(motus["unassigned"]), motus["unassigned"].special) == (2, True)
