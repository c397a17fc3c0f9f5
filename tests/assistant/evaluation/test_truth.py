import gzip
import lzma

import pytest

from assistant.evaluation.truth import read_known, with_sequences
from ingest.errors import FormatError, InputError


def table(folder, *lines, name="test.tsv"):
    path = folder / name
    path.write_text("\n".join("\t".join(line) for line in lines) + "\n")
    return path


def test_columns_are_found_by_name(tmp_path):
    path = table(
        tmp_path,
        ("split", "sequence", "ec", "accession", "note"),
        ("30", "mkt*", "3.2.1.23;EC 3.2.1", "P1", "x"),
    )
    (one,) = read_known(path).proteins
    assert (one.accession, one.sequence, one.split) == ("P1", "MKT", "30")
    assert one.ec_numbers == ("3.2.1.23", "3.2.1.-")
    assert one.is_enzyme is True


def test_the_layout_of_clean(tmp_path):
    path = table(tmp_path, ("Entry", "EC number", "Sequence"), ("Q1", "1.1.1.1;2.2.2.2", "MKT"))
    assert read_known(path).proteins[0].ec_numbers == ("1.1.1.1", "2.2.2.2")


@pytest.mark.parametrize("opener", [gzip.open, lzma.open])
def test_compressed(tmp_path, opener):
    with opener(tmp_path / "test", "wt") as handle:
        handle.write("accession\tec\tsequence\nP1\t1.1.1.1\tMKT\n")
    assert read_known(tmp_path / "test").proteins[0].accession == "P1"


def test_none_is_no_enzyme_and_an_empty_cell_says_nothing(tmp_path):
    rows = [("P1", "none", "MKT"), ("P2", "", "MKT"), ("P3", "1.1.1.1", "MKT")]
    found = read_known(table(tmp_path, ("accession", "ec", "sequence"), *rows))
    assert [one.is_enzyme for one in found.proteins] == [False, True]
    assert len(found.left_out) == 1
    assert "line 3, P2" in found.left_out[0]


def test_one_bad_row_does_not_stop_the_others(tmp_path):
    rows = [("", "1.1.1.1", "MKT"), ("P2", "1.1.1.1"), ("P3", "rubbish", "MKT")]
    header = ("accession", "ec", "sequence")
    found = read_known(table(tmp_path, header, *rows, ("P4", "1.1.1.1", "MKT")))
    assert [one.accession for one in found.proteins] == ["P4"]
    assert len(found.left_out) == 3


def test_go_and_ko(tmp_path):
    header = ("accession", "sequence", "go", "ko")
    path = table(tmp_path, header, ("P1", "MKT", "GO:0016787; GO:0008150", "ko:K01190"))
    (one,) = read_known(path).proteins
    assert one.go_terms == ("GO:0016787", "GO:0008150")
    assert one.ko == ("K01190",)
    assert one.is_enzyme is None


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (("accession", "sequence"), "ec"),
        (("accession", "ec"), "sequence"),
        (("ec", "sequence"), "accession"),
    ],
)
def test_a_missing_column_is_named(tmp_path, header, missing):
    path = table(tmp_path, header, tuple("x" for _ in header))
    with pytest.raises(FormatError, match=f"line 1: no column for {missing}"):
        read_known(path)


@pytest.mark.parametrize("rows", [[], [("P1", "", "MKT")], [("P1", "rubbish", "MKT")]])
def test_nothing_to_use_is_refused(tmp_path, rows):
    with pytest.raises(InputError, match="rows"):
        read_known(table(tmp_path, ("accession", "ec", "sequence"), *rows))


def test_sequences_from_another_file(tmp_path):
    path = table(tmp_path, ("gene_id", "ec"), ("g1", "1.1.1.1"), ("g2", "2.2.2.2"))
    known = read_known(path, with_sequences=False)
    joined = with_sequences(known, {"g2": "mkt"}, "genes.faa")
    assert [(one.accession, one.sequence) for one in joined.proteins] == [("g2", "MKT")]
    assert joined.left_out == ("g1: no sequence in genes.faa",)
    with pytest.raises(InputError, match="g1 for one"):
        with_sequences(known, {"other": "MKT"}, "genes.faa")
