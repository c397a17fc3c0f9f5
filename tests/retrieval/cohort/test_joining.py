"""Rows of several files put together: what is kept, filled, left out and refused."""

from dataclasses import replace

import pytest

from ingest.errors import UserError
from ingest.records import Feature
from retrieval.cohort.joining import TableFile, join_files
from retrieval.cohort.table import table_of


def row(name, sample, value, **changes):
    known = {"kind": "taxon", "unit": "counts", "rank": "s", "tool": "T 1", "lineage": f"s__{name}"}
    return Feature(id=name, name=name, values=((sample, value),), **{**known, **changes})


def file(sample, values, reader="kraken", **changes):
    rows = [row(name, sample, value, **changes) for name, value in values.items()]
    return TableFile(f"{sample}.txt", reader, rows)


def text(joined):
    return "\n".join(joined.notes)


def test_what_a_profile_does_not_list_is_zero_and_nothing_is_lost():
    given = [{"a": 3, "b": 4}, {"b": 5}, {"c": 7, "a": 1}]
    joined = join_files([file(f"S{at}", it) for at, it in enumerate(given)])
    table = table_of(joined.rows)
    assert table.samples == ("S0", "S1", "S2")
    for at, values in enumerate(given):
        for feature in table.features:
            found = table.values[table.features.index(feature), at]
            assert found == values.get(feature, 0)
    assert table.values.sum() == sum(sum(it.values()) for it in given)
    assert "3 files of kraken joined: 3 samples, 3 features" in joined.notes
    assert "4 values of features that a file does not list are 0" in text(joined)
    assert joined.single == {f"S{at}": f"S{at}.txt" for at in range(3)}
    assert not any("missing values" in note for note in table.notes)


def test_what_nobody_looked_for_is_no_zero():
    files = [file("A", {"g1": 30, "g2": 6}, "featurecounts", kind="gene", rank=""),
             file("B", {"g1": 60, "g3": 4}, "featurecounts", kind="gene", rank="")]  # fmt: skip
    joined = join_files(files)
    assert [it.id for it in joined.rows] == ["g1"]
    assert "2 features that not every file lists are missing values there" in text(joined)
    assert "(10 % of all that was counted)" in text(joined)
    alone = replace(files[1], rows=files[1].rows[1:])
    with pytest.raises(UserError, match="no feature is listed in all files"):
        join_files([files[0], alone])


def test_a_sample_in_which_nothing_was_found_stays():
    special = row("unclassified", "E", 100.0, special=True, rank="", lineage="")
    joined = join_files([file("A", {"a": 1}), TableFile("E.txt", "kraken", [special])])
    table = table_of(joined.rows)
    assert table.samples == ("A", "E")
    assert table.values.tolist() == [[1.0, 0.0]]
    assert "files in which no feature was found: 1 (E.txt)" in text(joined)


def test_a_sample_that_two_files_have_is_refused_with_both_names():
    again = replace(file("A", {"a": 2}), name="again.txt")
    with pytest.raises(UserError, match=r"'A' is in two files: A\.txt and again\.txt"):
        join_files([file("A", {"a": 1}), again])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reader": "bracken"}, r"two readers .*A\.txt \(kraken\), B\.txt \(bracken\)"),
        ({"unit": "percent"}, r"two units .*A\.txt \(counts\), B\.txt \(percent\)"),
        ({"kind": "pathway"}, r"two kinds .*A\.txt \(taxon\), B\.txt \(pathway\)"),
        ({"rank": "g"}, r"two levels .*A\.txt \(s\), B\.txt \(g\)"),
    ],
)
def test_files_that_differ_are_refused(changes, says):
    with pytest.raises(UserError, match=says):
        join_files([file("A", {"a": 1}), file("B", {"a": 1}, **changes)])


def test_families_of_two_id_spaces_are_refused():
    families = {"kind": "gene_family", "rank": "", "reader": "humann", "unit": "CPM"}
    first = file("A", {"UniRef90_A0": 1, "UniRef90_B": 2}, **families)
    with pytest.raises(UserError, match=r"A\.txt \(UniRef90\), B\.txt \(K\)"):
        join_files([first, file("B", {"K00001": 1, "K00002": 2}, **families)])


def test_reports_of_several_ranks_need_not_reach_equally_deep():
    deep = [row("p", "A", 5, rank="p"), row("s", "A", 5, rank="s"), row("k", "A", 5, rank="k")]
    top = [row("k", "B", 2, rank="k")]
    joined = join_files([TableFile("A", "kraken", deep), TableFile("B", "kraken", top)])
    assert {it.id: dict(it.values)["B"] for it in joined.rows} == {"p": 0, "s": 0, "k": 2}


def test_versions_strangers_and_moved_taxa_are_told():
    many = {f"x{at}": 1.0 for at in range(12)}
    files = [file("A", many), file("B", many, tool="T 2"), file("C", {"x0": 1}, lineage="s__other"),
             file("D", {f"y{at}": 1.0 for at in range(12)})]  # fmt: skip
    told = text(join_files(files))
    assert "files of several versions: T 1 (3), T 2 (1)" in told
    assert "1 features have another rank or lineage in other files (x0)" in told
    assert "D.txt shares no feature with the others" in told


def test_the_order_of_the_rows_of_a_file_does_not_matter_to_the_values():
    files = [file("A", {"a": 1, "b": 2}), file("B", {"b": 3, "c": 4})]
    turned = [replace(it, rows=it.rows[::-1]) for it in files]
    first = {it.id: it.values for it in join_files(files).rows}
    assert first == {it.id: it.values for it in join_files(turned).rows}
