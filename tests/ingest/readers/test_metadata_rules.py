"""QIIME 2's rules for sample metadata: what must load, what must be refused."""

import importlib.util
from pathlib import Path

import pytest

from ingest.errors import FormatError, InputError
from ingest.files import read_records
from ingest.inspection import inspect

#: Rows of the valid files as scikit-bio reads them; 3 where nothing is said.
SAMPLES = {
    "minimal.tsv": 1,
    "single-id.tsv": 1,
    "missing-insdc-no-directive.tsv": 6,
    "non-standard-characters.tsv": 5,
    "qiita-preparation-information.tsv": 2,
    "qiita-sample-information.tsv": 2,
    "recommended-ids.tsv": 2,
}
#: A table of features: another reader's.
NO_SAMPLES = {"biom-observation-metadata.tsv"}


def records(path):
    return list(read_records(path, "sample_metadata").records)


def test_valid_files_load(shared):
    folder = shared / "formats" / "qiime2" / "metadata_edge" / "valid"
    counts = {
        path.name: len(records(path))
        for path in sorted(folder.iterdir())
        if path.name not in NO_SAMPLES
    }
    assert counts == {name: SAMPLES.get(name, 3) for name in counts}


def test_invalid_files_are_refused(shared):
    folder = shared / "formats" / "qiime2" / "metadata_edge" / "invalid"
    for path in sorted(folder.iterdir()):
        with pytest.raises(InputError):
            records(path)
        with pytest.raises(InputError):
            inspect(path)


def test_valid_files_are_recognised(shared):
    folder = shared / "formats" / "qiime2" / "metadata_edge" / "valid"
    for path in sorted(folder.iterdir()):
        found = inspect(path)
        assert found.kind == "metadata", path.name
        if path.name in NO_SAMPLES:
            assert (found.format, found.features) == ("feature_metadata", 2)
        else:
            assert found.records == found.samples == SAMPLES.get(path.name, 3)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#q2:types\tnumeric\nid\ta\nS1\t1\n", "before the header"),
        ("id\ta\n#q2:types\tnumeric\n#q2:types\tnumeric\nS1\t1\n", "twice"),
        ("id\ta\n#q2:types\tfruit\nS1\t1\n", "'fruit'"),
        ("id\ta\n#q2:fruit\tnumeric\nS1\t1\n", "'#q2:fruit'"),
        ("sample_id\tfeatureid\nS1\tx\n", "'featureid'"),
        ("id\ta\n#q2:types\tnumeric\nS1\tmany\n", "'many' is no number"),
        ("id\ta\n\tx\n", "names no sample"),
        ('id\ta\nS1\t"x\nS2\ty\n', "unexpected end of data"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, what):
    path = tmp_path / "metadata.tsv"
    path.write_text(text)
    with pytest.raises(FormatError, match=what):
        records(path)


def test_a_quoted_header_may_run_over_lines(tmp_path):
    path = tmp_path / "metadata.tsv"
    path.write_text('id\t"two\nlines"\tb\nS1\tx\ty\nS2\tz\t\n')
    found = records(path)
    assert [it.samp_name for it in found] == ["S1", "S2"]
    assert found[0].attributes == (("two\nlines", "x"), ("b", "y"))
    assert found[1].provenance.line == 4


def installed(*parts):
    """A folder of test data inside an installed package, or a skip."""
    spec = importlib.util.find_spec(parts[0])
    folder = Path(spec.origin).parent.joinpath(*parts[1:]) if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        pytest.skip(f"{parts[0]} brings no such files")
    return folder


def test_all_valid_files_of_scikit_bio_load():
    for path in sorted(installed("skbio", "metadata", "tests", "data", "valid").iterdir()):
        found = inspect(path)
        assert found.kind == "metadata", path.name
        assert not any("fields where" in warning for warning in found.warnings), path.name


def test_all_invalid_files_of_scikit_bio_are_refused():
    for path in sorted(installed("skbio", "metadata", "tests", "data", "invalid").iterdir()):
        if path.is_file():
            with pytest.raises(InputError):
                inspect(path)
