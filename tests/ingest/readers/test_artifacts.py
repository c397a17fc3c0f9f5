"""QIIME 2 artifacts and BIOM files: what they hold, and damage that must not pass for data."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import zipfile
from pathlib import Path

import pytest

from ingest.errors import FormatError, InputError
from ingest.files import read_records
from ingest.inspection import inspect
from ingest.records import Feature, Sample
from tests.contracts.reader import DATA

UUID = "0c6bce0a-0000-4aa4-88a7-c0283a89bff9"
DISTANCES = (DATA / "distances.tsv").read_text()


def artifact(path, kind, data, *, checksums=None, uuid=UUID, archive="5"):
    """Write an artifact; ``data`` maps names below data/ to texts."""
    members = {
        "VERSION": f"QIIME 2\narchive: {archive}\nframework: 2024.5.0\n",
        "metadata.yaml": f'uuid: {uuid}\ntype: "{kind}"\nformat: null\n',
        **{f"data/{name}": text for name, text in data.items()},
    }
    sums = {name: hashlib.md5(text.encode()).hexdigest() for name, text in members.items()}
    lines = "".join(f"{digest}  {name}\n" for name, digest in (sums | (checksums or {})).items())
    with zipfile.ZipFile(path, "w") as made:
        for name, text in {**members, "checksums.md5": lines}.items():
            made.writestr(f"{UUID}/{name}", text)
    return path


def records(path):
    return list(read_records(path).records)


def test_distances(tmp_path):
    path = artifact(tmp_path / "d.qza", "DistanceMatrix", {"distance-matrix.tsv": DISTANCES})
    assert [dict(row.values)["S3"] for row in records(path)] == [1.25, 0.75, 0.0]
    assert records(path)[0].tool == "QIIME 2 2024.5.0"


def test_alpha_diversity_and_metadata_are_samples(tmp_path):
    text = "\tshannon_entropy\nS1\t2.5\nS2\t3.5\n"
    path = artifact(tmp_path / "a.qza", "SampleData[AlphaDiversity]", {"alpha-diversity.tsv": text})
    assert [(it.samp_name, it.attributes) for it in records(path)] == [
        ("S1", (("shannon_entropy", "2.5"),)),
        ("S2", (("shannon_entropy", "3.5"),)),
    ]
    text = "id\tsite\n#q2:types\tcategorical\nS1\tgut\n"
    path = artifact(tmp_path / "m.qza", "ImmutableMetadata", {"metadata.tsv": text})
    (sample,) = records(path)
    assert isinstance(sample, Sample)
    assert sample.provenance.reader == "qza"


def test_older_artifacts_hold_biom_1(tmp_path):
    text = (DATA / "table.biom.json").read_text()
    path = artifact(
        tmp_path / "t.qza", "FeatureTable[PresenceAbsence]", {"feature-table.biom": text}
    )
    rows = [row for row in records(path) if isinstance(row, Feature)]
    assert [row.id for row in rows] == ["007", "otu2", "1e5"]
    assert {row.unit for row in rows} == {"presence"}


def test_changed_data_do_not_match_their_checksum(tmp_path):
    path = artifact(
        tmp_path / "d.qza",
        "DistanceMatrix",
        {"distance-matrix.tsv": DISTANCES},
        checksums={"data/distance-matrix.tsv": "0" * 32},
    )
    with pytest.raises(FormatError, match="it was changed"):
        records(path)


@pytest.mark.parametrize("kind", ["Phylogeny[Rooted]", "Visualization", "FeatureData[Sequence]"])
def test_types_without_a_table_are_named(tmp_path, kind):
    path = artifact(tmp_path / "x.qza", kind, {"tree.nwk": "(a,b);"})
    with pytest.raises(FormatError, match=rf"type {kind.split('[')[0]}.*holds no table"):
        records(path)


def test_folder_of_another_name_is_told(tmp_path):
    data = {"distance-matrix.tsv": DISTANCES}
    path = artifact(tmp_path / "d.qza", "DistanceMatrix", data, uuid="other")
    assert any("another name than its UUID" in warning for warning in inspect(path).warnings)


def test_zip_that_only_looks_like_an_artifact(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a/VERSION", "1.0")
        made.writestr("a/metadata.yaml", "x: y")
    with pytest.raises(FormatError, match="no QIIME 2 artifact"):
        records(path)


BIOM = json.loads((DATA / "table.biom.json").read_text())


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"shape": [2, 2]}, "shape is said to be"),
        ({"data": [[0, 0, 5], [0, 0, 1]]}, "is there twice"),
        ({"data": [[9, 0, 5]]}, "outside of the table"),
        ({"data": [[0, 0, "5"]]}, "is no number"),
        ({"data": [[0, 0, True]]}, "is no number"),
        ({"data": [[0, 0, 10**400]]}, "is no number"),
        ({"data": [[0, 0]]}, "not \\[row, column, value\\]"),
        ({"data": None}, "no list of data"),
        ({"matrix_type": "dense"}, "4 rows of data for 3 rows"),
        ({"rows": None}, "no list of rows"),
        ({"columns": [{"id": "A"}, {"id": "A"}]}, "two columns have the sample name"),
        ({"rows": [{"id": 1.5}, {"id": "b"}, {"id": "c"}]}, "not a text"),
    ],
)
def test_biom_that_contradicts_itself_is_refused(tmp_path, changes, what):
    path = tmp_path / "table.biom"
    path.write_text(json.dumps(BIOM | changes))
    with pytest.raises(FormatError, match=what):
        records(path)


def test_biom_in_dense_form_without_type_and_with_numbers_as_ids(tmp_path):
    dense = {"matrix_type": "dense", "data": [[5, 0], [1, 2], [0, 7.5]]}
    rows = [{"id": 7, "metadata": None}, {"id": "b"}, {"id": "c"}]
    content = {key: value for key, value in BIOM.items() if key != "type"}
    path = tmp_path / "table.biom"
    path.write_text(json.dumps(content | dense | {"rows": rows}))
    found = [row for row in records(path) if isinstance(row, Feature)]
    assert [row.id for row in found] == ["7", "b", "c"]
    assert found[2].values == (("1.10", 0.0), ("S2", 7.5))


def test_two_copies_of_a_biom_2_table_must_agree(tmp_path):
    import h5py

    path = tmp_path / "table.biom"
    path.write_bytes((DATA / "table.biom").read_bytes())
    with h5py.File(path, "a") as content:
        content["sample/matrix/data"][0] = 50
    with pytest.raises(FormatError, match="by row and by column, differ"):
        records(path)


@pytest.mark.parametrize("gone", ["sample/matrix", "observation/matrix"])
def test_one_copy_of_a_biom_2_table_is_enough(tmp_path, gone):
    import h5py

    path = tmp_path / "table.biom"
    path.write_bytes((DATA / "table.biom").read_bytes())
    with h5py.File(path, "a") as content:
        del content[gone]
        del content["observation/metadata"]
    values = [row.values for row in records(path) if isinstance(row, Feature)]
    assert values == [
        (("1.10", 5.0), ("S2", 0.0)),
        (("1.10", 1.0), ("S2", 2.0)),
        (("1.10", 0.0), ("S2", 7.0)),
    ]


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("observation/matrix/indptr", [0, 3, 1, 4], "do not fit each other"),
        ("observation/matrix/indices", [0, 0, 1, 9], "outside of the table"),
        ("observation/matrix/indices", [0, 0, 0, 1], "two values for one cell"),
        ("observation/matrix/data", [5, 1, float("nan"), 7], "no number"),
    ],
)
def test_biom_2_that_contradicts_itself_is_refused(tmp_path, name, change, what):
    import h5py

    path = tmp_path / "table.biom"
    path.write_bytes((DATA / "table.biom").read_bytes())
    with h5py.File(path, "a") as content:
        content[name][...] = change
    with pytest.raises(FormatError, match=what):
        records(path)


def test_hdf5_of_another_kind_is_named(tmp_path):
    import h5py

    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as content:
        content["x"] = [1, 2]
    with pytest.raises(FormatError, match="HDF5"):
        records(path)


def scikit_bio(*parts):
    """A folder of scikit-bio's own test files, or a skip."""
    spec = importlib.util.find_spec("skbio")
    folder = Path(spec.origin).parent.joinpath(*parts) if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        pytest.skip("scikit-bio is not installed with its tests")
    return folder


def test_ordinations_of_scikit_bio():
    folder = scikit_bio("io", "format", "tests", "data")
    for name, samples, axes in (
        ("ordination_L&L_CA_data_scores", 3, 2),
        ("ordination_PCoA_sample_data_3_scores", 9, 9),
        ("ordination_example2_scores", 10, 7),
        ("ordination_example3_scores", 10, 9),
    ):
        rows = records(folder / name)
        assert sum(row.kind == "axis" for row in rows) == axes, name
        assert len(rows[0].values) == samples, name


def test_faulty_ordinations_of_scikit_bio_are_refused():
    for path in sorted(scikit_bio("io", "format", "tests", "data").glob("ordination_error*")):
        with pytest.raises(InputError):
            inspect(path)


def test_distances_of_qiime_1():
    folder = scikit_bio("diversity", "beta", "tests", "data", "qiime-191-tt")
    for name in ("unweighted_unifrac_dm.txt", "weighted_unifrac_dm.txt"):
        found = inspect(folder / name)
        assert (found.format, found.samples) == ("distance_matrix", 9)


def test_distances_may_be_parted_by_commas(tmp_path):
    path = tmp_path / "distances.csv"
    path.write_text(DISTANCES.replace("\t", ","))
    assert [row.id for row in records(path)] == ["S1", "S2", "S3"]
