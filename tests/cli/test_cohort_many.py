"""The command cohort on many files of one sample each, and on groups of files of a base."""

import csv
import json

import numpy as np
import pytest

from assistant.cohort.loading import CohortFiles, load_cohort
from ingest.errors import UserError

N, TAXA = 12, 10
HASHING = ("--text-embedder", "hashing", "--protein-embedder", "hashing")
QUICK = ("--group", "arm", "--models", "none", "--permutations", "99")


def kraken(counts):
    """A Kraken report of one sample: unclassified, root, a genus, its species with reads."""
    whole = sum(counts) + 50
    found = sum(counts)
    rows = [(50, 50, "U", 0, "unclassified"), (found, 0, "R", 1, "root"),
            (found, 0, "D", 2, "  Bacteria"), (found, 0, "G", 9, "    Genus")]  # fmt: skip
    rows += [(it, it, "S", 100 + at, f"      Genus s{at}") for at, it in enumerate(counts) if it]
    return "".join(
        f"{100 * row[0] / whole:6.2f}\t" + "\t".join(map(str, row)) + "\n" for row in rows
    )


def bracken(counts, level="S"):
    header = "name\ttaxonomy_id\ttaxonomy_lvl\tkraken_assigned_reads\tadded_reads\tnew_est_reads\n"
    return header + "".join(
        f"Genus s{at}\t{100 + at}\t{level}\t{it}\t0\t{it}\n" for at, it in enumerate(counts) if it
    )


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(3)
    found = rng.poisson(rng.lognormal(2, 1, (TAXA, 1)) * rng.lognormal(0, 0.3, (TAXA, N)))
    found[2] += 200 * (np.arange(N) % 2)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory, counts):
    folder = tmp_path_factory.mktemp("many")
    for at in range(N):
        column = counts[:, at].tolist()
        (folder / f"S{at:02d}_db1.k2report").write_text(kraken(column))
        (folder / f"S{at:02d}.bracken").write_text(bracken(column))
    rows = [f"S{at:02d}\t{('control', 'case')[at % 2]}\n" for at in range(N)]
    (folder / "meta.tsv").write_text("sample_id\tarm\n" + "".join(rows))
    return folder


def reports(folder):
    return sorted(folder.glob("*.k2report"))


@pytest.fixture(scope="module")
def base(folder, tmp_path_factory):
    from assistant.cli import run

    kb = tmp_path_factory.mktemp("base") / "kb"
    files = [str(it) for it in (*reports(folder), *sorted(folder.glob("*.bracken")))]
    assert run(["add", str(kb), *files, *HASHING]) == 0
    return kb


def call(folder, out, *files, metadata="meta.tsv"):
    return ("cohort", *files, "--metadata", folder / metadata, "-o", out, *QUICK, "--json")


def means(out):
    with (out / "differences.tsv").open(newline="") as handle:
        return {row["name"]: float(row["mean"]) for row in csv.DictReader(handle, delimiter="\t")}


def test_reports_of_one_sample_each_form_a_cohort(told, folder, counts, tmp_path):
    ended = told(*call(folder, tmp_path / "out", *reports(folder)))
    assert ended.code == 0
    document = json.loads(ended.out)
    assert document["samples"] == N
    assert document["sources"] == [it.name for it in reports(folder)]
    assert document["source"] == f"{N} kraken files, S00_db1.k2report to S11_db1.k2report"
    assert f"{N} files of kraken joined: {N} samples" in ended.err
    assert f"{N} samples were matched with metadata" in ended.err
    assert "S00_db1.k2report is S00" in ended.err
    assert document["levels"] == {"control": 6, "case": 6}
    shares = counts / counts.sum(axis=0)
    for name, mean in means(tmp_path / "out").items():
        at = int(name.rsplit("s", 1)[1])
        assert mean == pytest.approx(shares[at, 1::2].mean(), rel=1e-3), name


def test_a_group_of_files_of_a_base_gives_the_same(folder, base):
    meta = folder / "meta.tsv"
    files = load_cohort(CohortFiles(tuple(reports(folder)), meta)).table
    stored = load_cohort(CohortFiles((base,), meta, table="kraken:taxon:counts"))
    assert stored.table.features == files.features
    assert stored.table.samples == files.samples
    assert stored.table.values.tolist() == files.values.tolist()
    assert f"others: bracken:taxon:counts:s ({N} files, taxon" in stored.warnings[0]
    first = load_cohort(CohortFiles((base,), meta))
    assert first.warnings[0].startswith("analysed: kraken:taxon:counts (12 files")


def test_one_file_of_a_group_can_be_named_still(told, folder, base, tmp_path):
    ended = told(*call(folder, tmp_path / "out", base, "--table", "S03.bracken"))
    assert ended.code == 2
    assert "two groups" in ended.err
    wrong = told(*call(folder, tmp_path / "out", base, "--table", "nothing"))
    assert wrong.code == 2
    assert "Tables: kraken:taxon:counts, bracken:taxon:counts:s, S0" in wrong.err


def test_files_that_cannot_be_joined_are_named(told, folder, tmp_path):
    mixed = told(*call(folder, tmp_path / "out", *reports(folder), folder / "S00.bracken"))
    assert mixed.code == 2
    assert "two readers" in mixed.err
    assert "S00.bracken" in mixed.err
    (tmp_path / "more").mkdir()
    again = tmp_path / "more" / "S00_db1.k2report"
    again.write_text(kraken([1, 2]))
    twice = told(*call(folder, tmp_path / "out", *reports(folder), again))
    assert twice.code == 2
    told_of = " ".join(twice.err.split())
    assert "is in two files" in told_of
    assert str(again) in told_of.replace(" ", "") or "more/S00_db1.k2report" in told_of
    genus = tmp_path / "G00.bracken"
    genus.write_text(bracken([5, 6], "G"))
    levels = told(*call(folder, tmp_path / "out", folder / "S00.bracken", genus))
    assert levels.code == 2
    assert "two levels" in levels.err


def test_files_of_a_base_that_share_a_sample_are_named(folder, tmp_path):
    from assistant.cli import run

    again = tmp_path / "S00_db1.k2report.txt"
    again.write_text(kraken([3, 4]))
    assert run(["add", str(tmp_path / "kb"), str(reports(folder)[0]), str(again), *HASHING]) == 0
    with pytest.raises(
        UserError, match=r"is in two files: S00_db1\.k2report and S00_db1\.k2report\.txt"
    ):
        load_cohort(CohortFiles((tmp_path / "kb",), folder / "meta.tsv"))
    named = CohortFiles((tmp_path / "kb",), folder / "meta.tsv", table="S00_db1.k2report.txt")
    with pytest.raises(UserError, match="no sample of the metadata is in the table"):
        load_cohort(named)


def test_a_base_stands_alone(told, folder, base, tmp_path):
    ended = told(*call(folder, tmp_path / "out", base, *reports(folder)))
    assert ended.code == 2
    assert "stands alone" in ended.err


def test_rows_that_cannot_be_read_are_counted(folder, tmp_path):
    files = []
    for at, path in enumerate(reports(folder)):
        copy = tmp_path / path.name
        copy.write_text(path.read_text() + ("1.0\tx\t1\tS\t999\tbad\n" if at < 2 else ""))
        files.append(copy)
    loaded = load_cohort(CohortFiles(tuple(files), folder / "meta.tsv"))
    assert len(loaded.table.samples) == N
    assert any("1 rows cannot be read and are left out" in it for it in loaded.warnings)
