"""Families in a knowledge base: added in any order, searched alike, never from damaged files."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from ingest.errors import MetalumenError
from ingest.records import Gene
from retrieval.fake_view import FakeView
from retrieval.knowledge_base import KnowledgeBase
from tests.retrieval.bases import empty_base, full_base, written
from tests.retrieval.hmm_profiles import DOMAINS, domain_profile, family_of
from tests.retrieval.proteins import protein, relative

LINKER = protein(40, seed=77)
QUERIES = {
    "one": relative(DOMAINS[0], 0.3, seed=1),
    "fused": relative(DOMAINS[1], 0.3, seed=2) + LINKER + relative(DOMAINS[2], 0.3, seed=3),
    "none": protein(150, seed=99),
}
FILES = {
    "pfam__hmm": domain_profile(0, "Dom_N", accession="PF99001.7", gathering=(20.0, 20.0)),
    "kofam__hmm": domain_profile(1, "K99001") + domain_profile(2, "K99002"),
    "ko__list": (
        "knum\tthreshold\tscore_type\tdefinition\n"
        "K99001\t50.00\tfull\tlactase [EC:3.2.1.23]\nK99002\t-\t-\tamylase [EC:3.2.1.1]\n"
    ),
    "pfam2go__txt": "Pfam:PF99001 Dom_N > GO:catalytic activity ; GO:0003824\n",
}


def base_of(tmp_path, *names):
    base = empty_base(tmp_path / "kb")
    base.add(written(tmp_path / "in", **{name: FILES[name] for name in names}))
    return base


@pytest.fixture
def base(tmp_path):
    with base_of(tmp_path, *FILES) as opened:
        yield opened


def test_tables_join_their_profiles_whichever_comes_first(tmp_path, base):
    expected = base.families(QUERIES)
    with base_of(tmp_path / "again", *reversed(FILES)) as other:
        assert other.families(QUERIES) == expected
    assert [hit.family.accession for hit in expected["fused"]] == ["K99001", "K99002"]
    first, second = expected["fused"]
    assert (first.family.kind, first.threshold, first.family.ec_numbers) == (
        *("equivalog", 50.0, ("3.2.1.23",)),
    )
    assert (second.family.kind, second.threshold) == ("family", None)
    (pfam,) = expected["one"]
    assert pfam.family.go_terms == ("GO:0003824",)
    assert (pfam.threshold, pfam.criterion) == (20.0, "gathering threshold")


def test_the_fake_view_gives_the_same_numbers(tmp_path):
    texts = [FILES["pfam__hmm"], domain_profile(1, "K99001"), domain_profile(2, "K99002")]
    view = FakeView(families=[family_of(text) for text in texts])
    with base_of(tmp_path, "pfam__hmm", "kofam__hmm") as base:
        real = base.families(QUERIES)
    fake = view.families(QUERIES)
    numbers = {
        name: [(hit.regions, hit.bitscore, hit.evalue, hit.scov) for hit in hits]
        for name, hits in real.items()
    }
    assert numbers == {
        name: [(hit.regions, hit.bitscore, hit.evalue, hit.scov) for hit in hits]
        for name, hits in fake.items()
    }


def test_counts_tell_profiles_and_rows_of_tables(base):
    counts = base.info().counts
    assert (counts["families"], counts["family_notes"]) == (3, 3)
    assert [file.added for file in base.info().files] == [
        *({"families": 1}, {"families": 2}, {"family_notes": 2}, {"family_notes": 1}),
    ]


def test_the_same_profile_from_another_file_changes_nothing(tmp_path, base):
    (path,) = written(tmp_path / "copy", copy__hmm=FILES["pfam__hmm"] + FILES["kofam__hmm"])
    (report,) = base.add([path])
    assert report.added == {"families": 0}
    assert not report.warnings


def test_a_new_release_of_a_profile_takes_its_place_and_says_so(tmp_path, base):
    before = base.families(QUERIES)["one"]
    new = domain_profile(0, "Dom_N", accession="PF99001.8", gathering=(21.0, 21.0))
    (report,) = base.add(written(tmp_path / "new", new__hmm=new))
    assert report.added == {"families": 1}
    assert "PF99001" in report.warnings[0]
    (after,) = base.families(QUERIES)["one"]
    assert after.threshold == 21.0
    assert before[0].threshold == 20.0
    assert base.info().counts["families"] == 3


def test_a_profile_that_hmmer_refuses_is_left_out_and_named(tmp_path):
    lines = FILES["pfam__hmm"].splitlines(keepends=True)
    state = next(n for n, line in enumerate(lines) if line.startswith("      2 "))
    lines[state] = lines[state][:10] + "0.00001" + lines[state][17:]
    text = "".join(lines) + FILES["kofam__hmm"]
    with empty_base(tmp_path / "kb") as base:
        (report,) = base.add(written(tmp_path / "in", some__hmm=text))
        assert report.added == {"families": 2}
        assert [(bad.record, bad.line) for bad in report.bad] == [("PF99001", 1)]
        assert set(base.families(QUERIES)) == {"fused"}


def test_a_base_without_profiles_has_no_families(tmp_path):
    with full_base(tmp_path / "kb", tmp_path / "in") as base:
        assert base.families(QUERIES) == {}
        base.add(written(tmp_path / "more", ko__list=FILES["ko__list"]))
        assert base.families(QUERIES) == {}
    assert not (tmp_path / "kb" / "cache" / "families").exists()


def test_damaged_pressed_files_are_made_anew_not_read(tmp_path, base):
    expected = base.families(QUERIES)
    base.close()
    (folder,) = (tmp_path / "kb" / "cache" / "families").iterdir()
    chance = random.Random(1)
    for path in sorted(folder.iterdir()):
        good = path.read_bytes()
        place = chance.randrange(len(good))
        flipped = good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :]
        for damaged in (flipped, good[:place], b"", None):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            with KnowledgeBase.open(tmp_path / "kb") as again:
                assert again.families(QUERIES) == expected
    assert len(list(folder.parent.iterdir())) == 1


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, base, monkeypatch):
    def refuse(profiles, target):
        target.with_suffix(".h3m").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("retrieval.family_cache.press", refuse)
        with pytest.raises(MetalumenError, match=r"No space left.*Free some space"):
            base.families(QUERIES)
    folder = tmp_path / "kb" / "cache" / "families"
    assert list(folder.iterdir()) == []
    left = folder / ".0123-h3-1.77"
    left.mkdir()
    os.utime(left, (0, 0))
    assert base.families(QUERIES)
    assert not left.exists()


def test_the_cache_may_be_deleted_at_any_time(tmp_path, base):
    expected = base.families(QUERIES)
    base.close()
    shutil.rmtree(tmp_path / "kb" / "cache")
    with KnowledgeBase.open(tmp_path / "kb") as again:
        assert again.families(QUERIES) == expected


def test_threads_and_batches_make_no_difference(tmp_path, base):
    expected = base.families(QUERIES)
    with KnowledgeBase.open(tmp_path / "kb", threads=3) as other:
        assert other.families(QUERIES) == expected
    single = {}
    for name, text in QUERIES.items():
        single |= base.families({name: text})
    assert single == expected


def test_queries_are_keyed_as_given(base):
    gene = Gene("g", QUERIES["one"])
    assert list(base.families({gene.sequence_sha256: gene.translation})) == [gene.sequence_sha256]


def numbers(base, queries=QUERIES):
    return {name: list(hits) for name, hits in base.families(queries).items()}


def test_matches_that_are_kept_are_those_of_a_search(tmp_path, base, monkeypatch):
    expected = numbers(base)
    assert expected
    folder = base.path / "cache" / "matches"
    base.keep_searches()
    assert numbers(base, {"one": QUERIES["one"]}) == {"one": expected["one"]}
    assert numbers(base) == expected, "one of three is kept"
    searched = []
    monkeypatch.setattr("retrieval.family_cache.search", lambda it, *_, **__: searched.append(it))
    with KnowledgeBase.open(base.path) as again:
        again.keep_searches()
        assert numbers(again) == expected
        renamed = {f"{name} again": text for name, text in QUERIES.items()}
        assert set(again.families(renamed)) == {f"{name} again" for name in expected}
    assert searched == []
    monkeypatch.undo()
    first, second, third = sorted(path for path in folder.rglob("*") if path.is_file())
    first.write_bytes(second.read_bytes())
    third.write_bytes(b"")
    assert numbers(base) == expected


def test_other_profiles_are_searched_anew_and_other_cut_offs_seen(base, tmp_path):
    base.keep_searches()
    before = numbers(base)
    new = FILES["ko__list"].replace("50.00", "51.00")
    base.add(written(tmp_path / "new", ko__list=new))
    assert base.families(QUERIES)["fused"][0].threshold == 51.0
    more = domain_profile(1, "Dom_M", accession="PF99009.1", gathering=(20.0, 20.0))
    base.add(written(tmp_path / "more", more__hmm=more))
    after = numbers(base)
    assert after != before
    with KnowledgeBase.open(base.path) as plain:
        assert numbers(plain) == after
