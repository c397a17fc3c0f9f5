"""Real profile files: the figures of the data's README, which came from independent readers."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.inspection import inspect
from ingest.records import Feature, Sample

#: format, records, samples, features, unit, total (None: values that are no parts of a whole).
FIGURES = {
    "biom/bad_table.txt": ("feature_table", 1, 1, 1, "counts", 10),
    "biom/empty.biom": ("biom_hdf5", 0, 0, 0, "counts", 0),
    "biom/json_obs_collapsed.biom": ("biom_json", 4, 6, 4, "counts", 27),
    "biom/mlrepo_sokol_otutable.biom": ("biom_json", 4131, 233, 4131, "counts", 901727),
    "biom/moving_pictures_table.biom": ("biom_hdf5", 759, 34, 759, "counts", 157298),
    "biom/test.biom": ("biom_hdf5", 5, 6, 5, "counts", 27),
    "biom/test.json": ("biom_json", 5, 6, 5, "counts", 27),
    "biom/test_grp_metadata.biom": ("biom_hdf5", 5, 6, 5, "counts", 27),
    "humann/humann_genefamilies_2samples.biom": ("biom_hdf5", 50, 2, 25, "RPK", 189.8731),
    "metabolomics/KANG_AUTISM_2017/genera.tsv": ("sample_table", 321, 44, 321, "fraction", 44),
    "metabolomics/KANG_AUTISM_2017/metadata.tsv": ("sample_metadata", 44, 44, 0, "", None),
    "metabolomics/KANG_AUTISM_2017/mtb.map.tsv": ("feature_metadata", 61, 0, 61, "", None),
    "metabolomics/KANG_AUTISM_2017/mtb.tsv": ("sample_table", 61, 44, 61, "", None),
    "qiime2/ecam-table-small_relative.qza": ("qza", 14, 18, 14, "fraction", 18),
    "qiime2/moving_pictures_biplot_ordination.qza": ("qza", 536, 34, 531, "coordinate", None),
    "qiime2/moving_pictures_distance.qza": ("qza", 34, 34, 34, "distance", None),
    "qiime2/moving_pictures_sample-metadata.tsv": ("sample_metadata", 34, 34, 0, "", None),
    "qiime2/moving_pictures_table.qza": ("qza", 759, 34, 759, "counts", 157298),
    "qiime2/moving_pictures_taxonomy.qza": ("qza", 759, 0, 759, "", None),
    "qiime2/unweighted_unifrac_pcoa_results.qza": ("qza", 31, 31, 31, "coordinate", None),
    "qiime2/vaw_tiny_table.qza": ("qza", 5, 6, 5, "counts", 27),
    "traps_derived/moving_pictures_metadata_5_samples_missing.tsv": (
        *("sample_metadata", 29, 29, 0, "", None),
    ),
    "traps_derived/moving_pictures_no_metadata_groups.biom": (
        *("biom_hdf5", 759, 34, 759, "counts", 157298),
    ),
}
#: Tables of cohorts: samples and features of the README; totals by pandas, sums over all cells.
COHORTS = {
    "hmp2_ibd_maaslin2/HMP2_taxonomy.tsv.gz": ("sample_table", 1595, 87, "fraction"),
    "hmp2_ibd_maaslin2/HMP2_metadata.tsv.gz": ("sample_metadata", 1595, 0, ""),
    "ecam_10249/table.qza": ("qza", 741, 3382, "counts"),
    "ecam_10249/taxonomy.qza": ("qza", 0, 3835, ""),
    "ecam_10249/metadata.tsv.gz": ("sample_metadata", 741, 0, ""),
    "kim_adenomas_2020/genera.tsv.gz": ("sample_table", 240, 499, "fraction"),
    "kim_adenomas_2020/genera.counts.tsv.gz": ("sample_table", 240, 499, "counts"),
    "kim_adenomas_2020/mtb.tsv.gz": ("sample_table", 240, 462, "log or scaled"),
    "erawijantari_gastrectomy_2020/genera.counts.tsv.gz": ("sample_table", 96, 10527, "counts"),
    "erawijantari_gastrectomy_2020/mtb.tsv.gz": ("sample_table", 96, 524, ""),
    "mlrepo/sokol/otutable.txt.gz": ("feature_table", 233, 829, "counts"),
    "mlrepo/sokol/taxatable.txt.gz": ("feature_table", 233, 877, "counts"),
    "mlrepo/ravel/taxatable.txt.gz": ("feature_table", 394, 660, "counts"),
    "mlrepo/kostic/taxatable.txt.gz": ("feature_table", 190, 980, "counts"),
    "mlrepo/cho/taxatable.txt.gz": ("feature_table", 95, 299, "counts"),
    "mlrepo/bacteremia/taxatable.txt.gz": ("feature_table", 28, 640, "counts"),
}


def rows_of(path):
    return [record for record in read_records(path).records if isinstance(record, Feature)]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_the_readme(shared, name):
    reader, records, samples, features, unit, total = FIGURES[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.samples) == (reader, records, samples)
    assert (found.features, found.unit) == (features, unit)
    assert found.total == (None if total is None else pytest.approx(total, abs=1e-3))


def test_every_file_of_these_folders_is_checked(shared):
    formats = shared / "formats"
    files = [
        path
        for folder in ("biom", "qiime2", "metabolomics/KANG_AUTISM_2017")
        for path in (formats / folder).iterdir()
        if path.is_file()
    ]
    assert {str(path.relative_to(formats)) for path in files} <= set(FIGURES)


@pytest.mark.parametrize("name", COHORTS)
def test_tables_of_the_cohorts(shared, name):
    reader, samples, features, unit = COHORTS[name]
    found = inspect(shared / "cohorts" / name)
    assert (found.format, found.samples, found.features, found.unit) == (
        *(reader, samples, features, unit),
    )


def test_mlrepo_counts_each_read_once_at_its_deepest_rank(shared):
    folder = shared / "cohorts/mlrepo/ravel"
    otus, taxa = (inspect(folder / name) for name in ("otutable.txt.gz", "taxatable.txt.gz"))
    assert otus.total == taxa.total == 777237
    assert any("no name" in warning for warning in taxa.warnings)
    (nameless,) = [row for row in rows_of(folder / "taxatable.txt.gz") if row.special]
    assert (nameless.id, sum(value for _, value in nameless.values)) == ("unassigned", 284)


def test_ids_of_digits_stay_text(shared):
    rows = rows_of(shared / "formats/biom/mlrepo_sokol_otutable.biom")
    assert all(row.id.isdigit() for row in rows)
    samples = [name for name, _ in rows[0].values]
    assert "100015.518484" in samples
    assert "100157.518518" in samples


def test_lineages_of_an_artifact(shared):
    rows = rows_of(shared / "formats/qiime2/moving_pictures_taxonomy.qza")
    assert rows[0].id == "4b5eeb300368260019c1fbc7a3c718fc"
    assert rows[0].lineage == (
        "k__Bacteria;p__Bacteroidetes;c__Bacteroidia;o__Bacteroidales;f__Bacteroidaceae;"
        "g__Bacteroides"
    )
    assert rows[0].name == "Bacteroides"
    assert sum(row.name == "Unassigned" for row in rows) == 1
    assert {row.kind for row in rows} == {"taxon"}


def test_lineages_of_biom_metadata(shared):
    for name in ("test.biom", "test.json"):
        rows = rows_of(shared / "formats/biom" / name)
        assert rows[0].id == "GG_OTU_1"
        assert rows[0].lineage.endswith("f__Enterobacteriaceae;g__Escherichia")
    samples = [
        record
        for record in read_records(shared / "formats/biom/test.biom").records
        if isinstance(record, Sample)
    ]
    assert len(samples) == 6
    assert dict(samples[0].attributes)["BODY_SITE"] == "gut"


def test_biom_of_humann_is_the_same_table_as_its_tsv(shared):
    folder = shared / "formats/humann"
    text, hdf5 = (
        {(row.id, row.stratum): row.values for row in rows_of(folder / name)}
        for name in ("humann_genefamilies_2samples.tsv", "humann_genefamilies_2samples.biom")
    )
    assert text.keys() == hdf5.keys()
    for key, values in text.items():
        assert [name for name, _ in values] == [name for name, _ in hdf5[key]]
        assert [v for _, v in values] == pytest.approx([v for _, v in hdf5[key]], rel=1e-9)


def test_distances_and_axes_of_artifacts(shared):
    folder = shared / "formats/qiime2"
    rows = {row.id: dict(row.values) for row in rows_of(folder / "moving_pictures_distance.qza")}
    assert rows["L1S105"]["L1S140"] == pytest.approx(3.459214907)
    cells = [value for row in rows.values() for value in row.values() if value]
    assert sum(cells) / len(cells) == pytest.approx(2.86244, abs=1e-5)
    axes = rows_of(folder / "unweighted_unifrac_pcoa_results.qza")
    told = [axis.name for axis in axes[:3]]
    assert told == [
        f"axis {number} ({share} % of variation)"
        for number, share in ((1, "35.36"), (2, "25.9"), (3, "6.397"))
    ]
    biplot = rows_of(folder / "moving_pictures_biplot_ordination.qza")
    assert sum(row.kind == "axis" for row in biplot) == 5


def test_origin_of_an_artifact_is_kept(shared):
    opened = read_records(shared / "formats/qiime2/moving_pictures_table.qza")
    assert opened.source.origin == "" or list(opened.records)
    list(opened.records)
    assert opened.source.origin == (
        "QIIME 2 2019.1.0 artifact d1ea518e-b33a-43cf-a246-e5db93d2db0d, FeatureTable[Frequency], "
        "archive 5, made by dada2 denoise_single"
    )


def test_compounds_keep_their_identifiers(shared):
    rows = rows_of(shared / "cohorts/erawijantari_gastrectomy_2020/mtb.tsv.gz")
    row = next(row for row in rows if row.id == "C00429_Dihydrouracil")
    assert (row.name, row.kind, row.dbxrefs) == ("Dihydrouracil", "metabolite", ("KEGG:C00429",))
    mapped = rows_of(shared / "formats/metabolomics/KANG_AUTISM_2017/mtb.map.tsv")
    assert mapped[0].dbxrefs == ("HMDB:HMDB0000452", "KEGG:C02356")


@pytest.mark.parametrize("name", ["kim_adenomas_2020/genera.tsv.gz", "mlrepo/cho/taxatable.txt.gz"])
def test_tables_that_count_each_read_once_have_lineages_instead_of_ranks(shared, name):
    rows = rows_of(shared / "cohorts" / name)
    assert {row.rank for row in rows} == {""}
    assert all(row.lineage for row in rows if not row.special)
    assert next(row.name for row in rows if row.lineage.endswith("g__Blautia")) == "Blautia"


def test_species_of_maaslin_are_taxa(shared):
    rows = rows_of(shared / "cohorts/hmp2_ibd_maaslin2/HMP2_taxonomy.tsv.gz")
    assert {(row.kind, row.rank) for row in rows} == {("taxon", "s")}
    assert rows[0].name == "Bifidobacterium adolescentis"
    assert dict(rows[5].values)["CSM5FZ4M"] == 2.99e-05


def test_log_scaled_metabolites_are_not_summed(shared):
    opened = read_records(shared / "cohorts/kim_adenomas_2020/mtb.tsv.gz")
    rows = list(opened.records)
    assert min(value for row in rows for _, value in row.values) == pytest.approx(-2.678, abs=1e-3)
    assert any("below zero" in warning for warning in opened.source.warnings)


def test_decimal_commas_are_refused(shared):
    path = shared / "formats/traps_derived/mpa3_merged_decimal_comma_semicolon.csv"
    with pytest.raises(FormatError, match="';' instead of tabs"):
        inspect(path)
