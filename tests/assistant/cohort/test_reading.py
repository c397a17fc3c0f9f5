"""Tables whichever way round and however headed, and metadata without a column of samples."""

import numpy as np
import pytest

from assistant.cohort.loading import CohortFiles, load_cohort
from ingest.errors import FormatError, UserError

N, M = 12, 25
SAMPLES = [f"S{at}" for at in range(N)]
NAMES = {
    "numbers": [str(1000 + 37 * at) for at in range(M)],
    "binomials": [f"{'ABCDE'[at % 5]}bcdella {'vwxyz'[at // 5]}ulgaris" for at in range(M)],
    "prefixed": [f"g__Genus{at}" for at in range(M)],
}
COUNTS = np.random.default_rng(0).poisson(40, (M, N)) * (
    np.random.default_rng(1).random((M, N)) > 0.3
)


def text_of(corner, features, values, *, by_sample, delimiter="\t"):
    rows = [[corner, *SAMPLES], *([it, *row] for it, row in zip(features, values, strict=True))]
    if by_sample:
        rows = zip(*rows, strict=True)
    return "".join(delimiter.join(map(str, row)) + "\n" for row in rows)


@pytest.fixture
def load(tmp_path):
    def loaded(table, meta=None):
        (tmp_path / "t.tsv").write_text(table)
        lines = [f"{name}\t{'ab'[at % 2]}" for at, name in enumerate(SAMPLES)]
        (tmp_path / "m.tsv").write_text(meta or "\n".join(["sample_id\tarm", *lines]) + "\n")
        return load_cohort(CohortFiles((tmp_path / "t.tsv",), tmp_path / "m.tsv"))

    return loaded


@pytest.mark.parametrize("by_sample", [True, False])
@pytest.mark.parametrize("corner", ["", "ID", "Feature", "Sample", "Unnamed: 0", "#OTU ID"])
@pytest.mark.parametrize("names", NAMES)
def test_samples_are_those_that_the_metadata_name(load, names, corner, by_sample):
    cohort = load(text_of(corner, NAMES[names], COUNTS, by_sample=by_sample))
    assert set(cohort.table.samples) == set(SAMPLES)
    assert len(cohort.table.features) == M
    order = [cohort.table.samples.index(it) for it in SAMPLES]
    assert (cohort.table.values[:, order].sum(axis=0) == COUNTS.sum(axis=0)).all()
    assert cohort.table.unit == "counts"


@pytest.mark.parametrize(("whole", "unit"), [(1, "fraction"), (100, "percent"), (1e6, "CPM")])
def test_shares_are_told_by_their_sums(load, whole, unit):
    shares = COUNTS / COUNTS.sum(axis=0) * whole
    assert load(text_of("Feature", NAMES["numbers"], shares, by_sample=False)).table.unit == unit


def test_intensities_are_no_counts(load):
    values = np.random.default_rng(2).integers(10**5, 10**8, (M, N))
    cohort = load(text_of("Feature", [f"FT{at:04d}" for at in range(M)], values, by_sample=False))
    assert cohort.table.unit == ""
    assert not cohort.table.is_compositional


@pytest.mark.parametrize(
    "meta",
    [
        "Sample.Label\tarm\n{rows}",
        '"arm"\n{rows}',  # R writes row names under no header
        "subject_id\tExternal ID\tarm\n{pairs}",
        "Label,arm\n{commas}",
    ],
)
def test_metadata_without_a_column_of_samples(load, meta):
    rows = [(name, "ab"[at % 2], f"P{at // 3}") for at, name in enumerate(SAMPLES)]
    text = meta.format(
        rows="".join(f"{name}\t{arm}\n" for name, arm, _ in rows),
        pairs="".join(f"{who}\t{name}\t{arm}\n" for name, arm, who in rows),
        commas="".join(f"{name},{arm}\n" for name, arm, _ in rows),
    )
    cohort = load(text_of("#OTU ID", NAMES["prefixed"], COUNTS, by_sample=False), text)
    assert cohort.metadata.samples == tuple(SAMPLES)
    assert cohort.metadata.column("arm") == tuple("ab"[at % 2] for at in range(N))


def test_a_sample_that_stands_twice_is_refused(load):
    table = text_of("#OTU ID", NAMES["prefixed"], COUNTS, by_sample=False)
    with pytest.raises(FormatError, match="also on line 2"):
        load(table, "sample_id\tarm\nS1\ta\nS1\tb\n")
    with pytest.raises(UserError, match="no column names the sample"):
        load(table, "x\tarm\nq\ta\nq\ta\n")


def test_a_table_that_looks_like_something_else_is_a_table(load):
    values = np.full((M, N), 7)
    table = text_of("#OTU ID", NAMES["prefixed"], values, by_sample=False)
    assert load(table).table.values.sum() == 7 * M * N


@pytest.mark.parametrize("by_sample", [True, False])
@pytest.mark.parametrize("quote", ["", '"'])
def test_tables_as_r_writes_them(load, quote, by_sample):
    lines = text_of("x", NAMES["binomials"], COUNTS, by_sample=by_sample).splitlines()
    cells = [[f"{quote}{it}{quote}" if n == 0 or at == 0 else it for at, it in enumerate(
        line.split("\t"))] for n, line in enumerate(lines)]  # fmt: skip
    text = "".join("\t".join(row[1:] if n == 0 else row) + "\n" for n, row in enumerate(cells))
    cohort = load(text)
    assert set(cohort.table.samples) == set(SAMPLES)
    assert set(cohort.table.features) == set(NAMES["binomials"])
    assert cohort.table.values.sum() == COUNTS.sum()


def test_a_table_that_is_taken_for_results_of_a_search_is_read(load, monkeypatch):
    from ingest.readers.search_hits import SearchHitsReader

    monkeypatch.setattr(SearchHitsReader, "sniff", lambda *_: True)
    table = text_of("#OTU ID", NAMES["numbers"], COUNTS, by_sample=False)
    assert load(table).table.values.sum() == COUNTS.sum()
