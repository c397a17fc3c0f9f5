"""QIIME 2's rules for sample metadata: what must load, what must be refused."""

import pytest

from ingest.errors import FormatError, InputError
from ingest.files import read_records
from ingest.records import BadRecord

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
#: UTF-16 is refused by QIIME 2; we can read it, and the values are right.
READ_ALL_THE_SAME = {"simple-utf-16le.txt", "non-utf-8.tsv"}
#: A row without an id is left out and told; the others are kept.
ONE_BAD_ROW = {"empty-id.tsv"}
#: A table of features.
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
        if path.name in READ_ALL_THE_SAME:
            assert len(records(path)) == 3
        elif path.name in ONE_BAD_ROW:
            assert [type(it) for it in records(path)].count(BadRecord) == 1
        else:
            with pytest.raises(InputError):
                records(path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#q2:types\tnumeric\nid\ta\nS1\t1\n", "before the header"),
        ("id\ta\n#q2:types\tnumeric\n#q2:types\tnumeric\nS1\t1\n", "twice"),
        ("id\ta\n#q2:types\tfruit\nS1\t1\n", "'fruit'"),
        ("id\ta\n#q2:fruit\tnumeric\nS1\t1\n", "'#q2:fruit'"),
        ("sample_id\tfeatureid\nS1\tx\n", "'featureid'"),
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
