"""What every aligner must do. Subclass it and give ``aligner`` as a fixture."""

from __future__ import annotations

import json

import pytest

from ingest.errors import DamagedFileError, MetalumenError
from retrieval.aligners.base import Limits, database_residues
from tests.retrieval.cigars import CIGAR, QUERY, TARGET, check_cigar
from tests.retrieval.proteins import BASES, relative

TARGETS = [(f"t{n}", relative(base, 0.35, seed=n)) for n, base in enumerate(BASES)]
QUERIES = {f"q{n}": base for n, base in enumerate(BASES)}


class AlignerContract:
    """Tests for one aligner; its program is there."""

    @pytest.fixture
    def aligner(self):
        raise NotImplementedError

    @pytest.fixture
    def database(self, aligner, tmp_path):
        folder = tmp_path / "with space" / "alignment"
        return aligner.build(TARGETS, folder)

    @pytest.fixture
    def found(self, aligner, database):
        return aligner.search(QUERIES, database)

    def test_says_what_it_is(self, aligner):
        assert aligner.name
        assert aligner.version()
        assert aligner.parameters()

    def test_each_query_finds_its_relative(self, found):
        assert list(found) == list(QUERIES)
        for n in range(len(BASES)):
            assert found[f"q{n}"][0].target == f"t{n}"

    def test_every_alignment_says_which_program_made_it(self, aligner, found):
        made = {hit.program for hits in found.values() for hit in hits}
        assert made == {aligner.title}

    def test_units_are_percent_and_fractions(self, found):
        hit = found["q0"][0]
        # No insertions in the made relative: identity is that of the aligned stretch.
        query = BASES[0][hit.query_start - 1 : hit.query_end]
        target = TARGETS[0][1][hit.target_start - 1 : hit.target_end]
        identical = sum(a == b for a, b in zip(query, target, strict=True))
        assert hit.pident == pytest.approx(100 * identical / hit.length)
        assert 0.9 < hit.qcov <= 1
        assert hit.qcov == pytest.approx(len(query) / len(BASES[0]))
        assert hit.scov == pytest.approx(len(target) / len(TARGETS[0][1]))
        assert not hit.by_profile

    def test_cigar_says_insert_for_residues_of_the_query_alone(self, aligner, tmp_path):
        database = aligner.build([("t", TARGET)], tmp_path / "alignment")
        hit = aligner.search({"q": QUERY}, database)["q"][0]
        # G at the edge of the first gap may stand on either side of it: 41M5I39M is as good.
        assert hit.cigar in {CIGAR, "41M5I39M4D36M"}
        check_cigar(hit, QUERY, TARGET)

    def test_cigar_tells_the_columns_that_are_counted(self, found):
        targets = dict(TARGETS)
        for name, hits in found.items():
            for hit in hits:
                check_cigar(hit, QUERIES[name], targets[hit.target])

    def test_an_identical_protein_scores_100_percent(self, aligner, tmp_path):
        database = aligner.build([("same", BASES[1])], tmp_path / "alignment")
        hit = aligner.search({"q": BASES[1].lower() + "*"}, database)["q"][0]
        assert (hit.pident, hit.qcov, hit.scov) == (100.0, 1.0, 1.0)
        assert (hit.query_start, hit.query_end) == (1, len(BASES[1]))
        assert hit.cigar == f"{len(BASES[1])}M"

    def test_the_answer_does_not_depend_on_threads_or_batch(self, aligner, database, found):
        assert aligner.search(QUERIES, database, threads=3) == found
        assert aligner.search(dict(reversed(QUERIES.items())), database) == found
        for name in ("q0", "q3"):
            assert aligner.search({name: QUERIES[name]}, database)[name] == found[name]

    def test_odd_ids_and_equal_ids_of_lines_survive(self, aligner, tmp_path):
        odd = "sp|P1|A B\t>x\n'é"
        database = aligner.build([(odd, BASES[0]), ("", BASES[1])], tmp_path / "alignment")
        found = aligner.search({"a\tb\n>c": BASES[0], "|": BASES[1]}, database)
        assert found["a\tb\n>c"][0].target == odd
        assert found["|"][0].target == ""

    def test_queries_without_enough_residues_find_nothing(self, aligner, database):
        queries = {"short": BASES[0][:13], "empty": "", "stop": "*", "x": "X" * 80}
        assert aligner.search(queries, database) == {name: [] for name in queries}
        assert aligner.search({}, database) == {}

    def test_odd_residues_do_not_stop_a_query(self, aligner, database):
        broken = BASES[0][:50] + "?U1 \n-*é" + BASES[0][50:]
        assert aligner.search({"q": broken}, database)["q"][0].target == "t0"

    def test_best_first_and_no_more_than_asked(self, aligner, tmp_path):
        shares = enumerate((0.5, 0.1, 0.3))
        family = [(f"r{n}", relative(BASES[0], share, seed=n)) for n, share in shares]
        twins = [("twin2", BASES[0]), ("twin1", BASES[0])]
        database = aligner.build([*family, *twins], tmp_path / "a")
        hits = aligner.search({"q": BASES[0]}, database)["q"]
        assert [hit.target for hit in hits] == ["twin1", "twin2", "r1", "r2", "r0"]
        fewer = aligner.search({"q": BASES[0]}, database, Limits(max_hits=2))["q"]
        assert {hit.target for hit in fewer} == {"twin1", "twin2"}

    def test_evalue_threshold_holds(self, aligner, database, found):
        strict = aligner.search(QUERIES, database, Limits(max_evalue=1e-40))
        assert strict == {
            name: [hit for hit in hits if hit.evalue <= 1e-40] for name, hits in found.items()
        }

    def test_database_counts_what_it_holds(self, aligner, tmp_path):
        database = aligner.build([("a", "MKV*"), ("gone", "*"), ("b", "mk")], tmp_path / "a")
        assert database_residues(database) == 5
        lines = (database / "ids.jsonl").read_text().splitlines()
        assert [json.loads(line) for line in lines] == ["a", "b"]

    def test_an_empty_database_finds_nothing(self, aligner, tmp_path):
        database = aligner.build([], tmp_path / "a")
        assert aligner.search({"q": BASES[0]}, database) == {"q": []}

    def test_building_again_replaces_and_leaves_nothing_behind(self, aligner, tmp_path):
        aligner.build([("old", BASES[0])], tmp_path / "a")
        database = aligner.build([("new", BASES[0])], tmp_path / "a")
        assert aligner.search({"q": BASES[0]}, database)["q"][0].target == "new"
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_a_failed_build_leaves_the_old_database(self, aligner, tmp_path):
        database = aligner.build([("old", BASES[0])], tmp_path / "a")

        def proteins():
            yield "new", BASES[1]
            raise RuntimeError("the source broke")

        with pytest.raises(RuntimeError, match="source broke"):
            aligner.build(proteins(), tmp_path / "a")
        assert aligner.search({"q": BASES[0]}, database)["q"][0].target == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_a_folder_that_is_no_database_is_named(self, aligner, tmp_path):
        with pytest.raises(DamagedFileError, match="missing or damaged"):
            aligner.search({"q": BASES[0]}, tmp_path)

    def test_damaged_files_give_the_programs_own_words(self, aligner, tmp_path):
        database = aligner.build([("a", BASES[0])], tmp_path / "a")
        for path in database.glob("proteins*"):
            path.unlink()
        with pytest.raises(MetalumenError, match="ended with code"):
            aligner.search({"q": BASES[0]}, database)
