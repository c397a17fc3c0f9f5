"""The profile space of a knowledge base: filled, searched, grown, compacted, made anew."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from ingest.errors import EmbedderMismatchError, UserError
from retrieval.knowledge_base import KnowledgeBase
from retrieval.profiles import projection
from retrieval.profiles.search import AskedSample
from retrieval.removing import remove_records
from retrieval.upkeep import check_everything
from tests.retrieval.bases import PAPERS, empty_base, jsonl, written
from tests.retrieval.profiles.communities import METADATA, NAMES, PATHWAYS, cohort, community
from tests.retrieval.profiles.tables import metaphlan


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    files = written(
        folder / "in", taxa__tsv=cohort(), pathways__tsv=PATHWAYS, papers__jsonl=jsonl(PAPERS)
    )
    meta = written(folder / "in", meta__tsv=METADATA)[0]
    with empty_base(folder / "kb") as base:
        base.add(files, metadata=meta)
    return folder / "kb", files


@pytest.fixture
def base(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "kb")
    with KnowledgeBase.open(tmp_path / "kb") as opened:
        yield opened


def near(base, sample, k=5, **more):
    return base.similar_samples(AskedSample(sample, **more), k)


def everything(base):
    """All answers, without the ids of rows."""
    samples = [f"{kind}{n}" for kind in "AB" for n in range(6)]
    found = [near(base, it, 20, kind=kind) for it in samples for kind in ("species", "genus")]
    return [*found, near(base, "A0", kind="pathway")]


def vectors_in(base):
    return {it.name: (it.vectors, it.segments) for it in base.info().spaces}


def test_the_like_come_first_with_exact_distances(base):
    answer = near(base, "A0")
    assert {hit.sample[0] for hit in answer.found} == {"A"}
    assert (answer.kind, answer.compared, answer.features) == ("species", 11, 16)
    assert answer.kinds == ("species", "genus", "pathway")
    distances = [hit.hellinger for hit in near(base, "A0", 20).found]
    assert distances == sorted(distances)
    assert len(distances) == 11
    hit = answer.found[0]
    assert (hit.shared, hit.source, hit.compared_with) == (16, "taxa.tsv", "taxa.tsv")
    assert 0 < hit.hellinger < 0.2
    assert not hit.is_other_tool


def test_distances_are_computed_from_stored_values(base):
    one, other = community("A", 0), community("B", 3)
    hit = next(it for it in near(base, "A0", 20).found if it.sample == "B3")
    shares = [
        (a / sum(map(float, (f"{v:g}" for v in one.values()))), b / sum(other.values()))
        for a, b in zip(one.values(), other.values(), strict=True)
    ]
    assert hit.bray_curtis == pytest.approx(1 - sum(map(min, shares)), abs=1e-4)
    assert hit.differing[0].name.startswith("Genus")
    assert abs(hit.differing[0].share - hit.differing[0].other_share) > 0.05


def test_pathways_are_compared_with_pathways(base):
    answer = near(base, "A0", kind="pathway")
    assert [hit.sample for hit in answer.found] == ["A1", "B0"]
    assert (answer.level, answer.compared, answer.features) == ("MetaCyc pathways", 2, 2)
    assert answer.found[0].alike[0].name == "PWY-7221: guanosine"


def test_metadata_only_by_name_and_never_what_is_personal(base):
    assert all(not hit.metadata for hit in near(base, "A0").found)
    answer = near(base, "A0", 20, columns=("diet", "patient_name", "none"))
    shown = {hit.sample: hit.metadata for hit in answer.found if hit.metadata}
    assert shown == {"A1": (("diet", "fibre"),), "B0": (("diet", "meat"),)}
    assert any("patient_name is not shown" in note for note in answer.notes)
    assert any("no sample has the column none" in note for note in answer.notes)
    assert "Weber" not in str(answer)


def test_unknown_samples_and_kinds_are_told(base):
    with pytest.raises(UserError, match=r"no table .* has the sample 'A99'.*A"):
        near(base, "A99")
    with pytest.raises(UserError, match=r"'A2' has no profile of pathways.*species, genus"):
        near(base, "A2", kind="pathway")


def test_a_new_table_is_compared_without_being_added(base, tmp_path):
    before = base.digest
    (new,) = written(
        tmp_path / "new", new__tsv=metaphlan({"A0": community("A", 0), "N": {"X y": 1}})
    )
    table = base.read_profiles(new)
    assert list(table.samples) == ["A0", "N"]
    answer = base.similar_samples(table.asked("A0"), 3)
    # A sample of the same name may be another one: it is told like any other.
    assert (answer.found[0].sample, answer.found[0].hellinger) == ("A0", 0.0)
    assert answer.compared == 12
    assert base.similar_samples(table.asked("N"), 3).found == ()
    with pytest.raises(UserError, match="no sample 'B'"):
        table.asked("B")
    assert base.digest == before


def test_scaled_and_reordered_tables_have_the_same_neighbours(made, tmp_path):
    """Counts or percent, samples and taxa in any order, files in any order: the same answers."""
    samples = {f"{k}{n}": community(k, n) for k in "AB" for n in range(6)}
    turned = {
        name: {taxon: 0.5 * samples[name][taxon] for taxon in reversed(NAMES)}
        for name in reversed(samples)
    }
    files = written(tmp_path / "in", pathways__tsv=PATHWAYS, taxa__tsv=metaphlan(turned))
    with KnowledgeBase.open(made[0]) as base, empty_base(tmp_path / "kb") as other:
        other.add(files)
        for one, its in zip(everything(base), everything(other), strict=True):
            assert [hit.sample for hit in one.found] == [hit.sample for hit in its.found]
            for hit, another in zip(one.found, its.found, strict=True):
                assert hit.hellinger == pytest.approx(another.hellinger, abs=2e-4)


def test_files_in_any_order_give_the_same_answers(made, tmp_path):
    first, second = (metaphlan({f"{k}{n}": community(k, n) for n in range(6)}) for k in "AB")
    one, other = written(tmp_path / "in", one__tsv=first, other__tsv=second)
    answers = []
    for name, files in (("x", [one, other]), ("y", [other, one])):
        with empty_base(tmp_path / name) as base:
            base.add(files)
            answers.append([near(base, f"A{n}", 20) for n in range(6)])
    assert answers[0] == answers[1]


def test_a_sample_in_two_files_is_one_sample(base, tmp_path):
    """It is no neighbour of itself; as a neighbour it is told once, from the nearest file."""
    again = {"A0": community("A", 0), "A1": dict.fromkeys(NAMES, 1.0)}
    base.add(written(tmp_path / "two", again__tsv=metaphlan(again)))
    answer = near(base, "A0", 20)
    assert "A0" not in {hit.sample for hit in answer.found}
    assert [hit.sample for hit in answer.found].count("A1") == 1
    assert answer.compared == 11
    assert [(hit.source, hit.hellinger) for hit in answer.itself] == [("again.tsv", 0.0)]
    hit = next(it for it in answer.found if it.sample == "A1")
    assert (hit.source, hit.also_in) == ("taxa.tsv", ("again.tsv",))


def test_another_tool_is_told(base, tmp_path):
    kraken = "#OTU ID\tK1\n" + "".join(
        f"g__{name.split()[0]};s__{name.split()[1]}\t{int(100 * value)}\n"
        for name, value in community("A", 3).items()
    )
    base.add(written(tmp_path / "two", otus__tsv=kraken))
    hit = next(it for it in near(base, "A3", 20).found if it.sample == "K1")
    assert hit.is_other_tool
    assert hit.hellinger < 0.05
    assert any("another tool" in note for note in near(base, "A3", 20).notes)


def test_adding_again_changes_nothing(base, made):
    before = everything(base), base.digest, vectors_in(base)
    assert all(report.unchanged for report in base.add(made[1]))
    assert (everything(base), base.digest, vectors_in(base)) == before


def test_spaces_stay_together_through_removing_adding_compacting_and_rebuilding(base, made):
    """Papers leave and come back, segments are merged: the samples answer as before."""
    before, counts = everything(base), base.info().counts["documents"]
    path = base.path
    base.close()
    remove_records(path, ["1", "2"])
    with KnowledgeBase.open(path) as again:
        assert everything(again) == before
        again.add(made[1])
        assert again.info().counts["documents"] == counts
        again.compact()
        assert everything(again) == before
        assert vectors_in(again)["profile"] == (27, 3)
        assert all(hit.kind for hit in again.search("Genusa namea", 5, "features"))
    KnowledgeBase.rebuild(path)
    check_everything(path)
    with KnowledgeBase.open(path) as again:
        assert everything(again) == before


def test_compacting_merges_the_segments_of_a_kind(base, tmp_path):
    base.add(written(tmp_path / "more", more__tsv=metaphlan({"C0": community("A", 70)})))
    before = everything(base)
    assert vectors_in(base)["profile"] == (29, 5)
    base.compact()
    assert vectors_in(base)["profile"] == (29, 3)
    assert everything(base) == before


def without_space(path):
    """Take out of a base what one from before the space does not have."""
    connection = sqlite3.connect(path / "kb.sqlite")
    for kind, name in (
        ("VIEW", "composition_facts"), ("TABLE", "compositions"),
        ("TABLE", "composition_names"), ("TABLE", "composition_files"),
    ):  # fmt: skip
        connection.execute(f"DROP {kind} {name}")
    connection.execute("DELETE FROM segments WHERE space = 'profile'")
    connection.execute("DELETE FROM spaces WHERE space = 'profile'")
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    connection.commit()
    connection.close()
    shutil.rmtree(path / "vectors" / "profile")


@pytest.mark.parametrize("how", ["add", "rebuild"])
def test_a_base_from_before_the_space_gets_it(made, tmp_path, how):
    path = tmp_path / "kb"
    shutil.copytree(made[0], path)
    with KnowledgeBase.open(path) as base:
        before = everything(base)
    without_space(path)
    with KnowledgeBase.open(path) as base:
        assert [it.name for it in base.info().spaces] == ["sequence", "text"]
        with pytest.raises(UserError, match="metalumen rebuild"):
            near(base, "A0")
        if how == "add":
            base.add(written(tmp_path / "in", more__jsonl=jsonl([{"pmid": "9", "title": "T"}])))
    if how == "rebuild":
        KnowledgeBase.rebuild(path)
    with KnowledgeBase.open(path) as base:
        assert everything(base) == before
    check_everything(path)


def test_vectors_of_another_method_are_never_mixed(base, tmp_path, monkeypatch):
    before = [answer.found for answer in everything(base)]
    monkeypatch.setattr(projection, "_VERSION", "other")
    projection.revision.cache_clear()
    try:
        with pytest.raises(EmbedderMismatchError, match="metalumen rebuild"):
            near(base, "A0")
        base.add(written(tmp_path / "in", more__tsv=metaphlan({"Z": {"X y": 1}})))
        assert [answer.found for answer in everything(base)] == before
        assert vectors_in(base)["profile"] == (29, 3)
    finally:
        projection.revision.cache_clear()


def test_a_taxonomy_that_comes_later_gives_genera(tmp_path):
    asvs = [f"{n:032x}" for n in range(1, 9)]
    table = "#OTU ID\tS1\tS2\n" + "".join(f"{it}\t{n + 1}\t{9 - n}\n" for n, it in enumerate(asvs))
    taxonomy = "Feature ID\tTaxon\tConfidence\n" + "".join(
        f"{it}\tk__Bacteria; g__Genus{n % 4}\t0.9\n" for n, it in enumerate(asvs)
    )
    files = written(tmp_path / "in", table__tsv=table, taxonomy__tsv=taxonomy)
    with empty_base(tmp_path / "kb") as base:
        base.add(files[:1])
        assert near(base, "S1").kinds == ("otu",)
        base.add(files[1:])
        answer = near(base, "S1")
        assert answer.kinds == ("genus", "otu")
        assert answer.features == 4
        base.compact()
        assert near(base, "S1") == answer
    with empty_base(tmp_path / "other") as base:
        base.add([files[1], files[0]])
        assert near(base, "S1") == answer


def test_a_base_without_tables_says_so(tmp_path):
    with empty_base(tmp_path / "kb") as base:
        with pytest.raises(UserError, match="no profiles of samples"):
            near(base, "S1")
        assert [it.name for it in base.info().spaces] == ["sequence", "text"]


def texts(base):
    """What is searchable, and what the store counts, without what only grows."""
    rows = base._store.connection.execute("SELECT document_id FROM documents ORDER BY 1")
    counts = base.info().counts
    return [row[0] for row in rows], counts


def test_a_table_that_was_removed_leaves_nothing_and_can_come_back(base, made, tmp_path):
    """The spaces are as before the table was added, after compacting down to the last vector."""
    path = base.path
    before = everything(base), texts(base), base.digest
    vectors = {name: count for name, (count, _) in vectors_in(base).items()}
    (new,) = written(
        tmp_path / "in", new__tsv=metaphlan({"A0": community("B", 40), "Z1": {"X yellow": 1}})
    )
    base.add([new])
    with_table = everything(base), texts(base)
    assert with_table[1] != before[1]
    base.close()
    report = remove_records(path, ["new.tsv"])
    assert report.removed == ("new.tsv, a table of 2 samples",)
    check_everything(path)
    with KnowledgeBase.open(path) as again:
        assert (everything(again), texts(again), again.digest) == before
        assert {name: count for name, (count, _) in vectors_in(again).items()} == vectors
        again.compact()
        assert {name: count for name, (count, _) in vectors_in(again).items()} == vectors
        assert everything(again) == before[0]
        assert "Z1" not in again.compared_samples()
        assert not [it for it in again.search("yellow", 5, "features") if "yellow" in it.title]
        again.add([new])
        assert (everything(again), texts(again)) == with_table


def test_tables_of_one_name_are_told_apart_by_digest(base, tmp_path):
    path = base.path
    for folder in ("one", "other"):
        base.add(written(tmp_path / folder, same__tsv=metaphlan({folder: {"X y": 1}})))
    digests = [it.sha256 for it in base.info().files if it.name == "same.tsv"]
    base.close()
    with pytest.raises(UserError, match=rf"2 files are called 'same.tsv'.*{digests[0][:12]}"):
        remove_records(path, ["same.tsv"])
    assert remove_records(path, [digests[1][:12]]).removed == ("same.tsv, a table of 1 sample",)
    with KnowledgeBase.open(path) as again:
        assert "one" in again.compared_samples()
        assert "other" not in again.compared_samples()


def test_files_of_papers_are_no_tables(base):
    path, files = base.path, base.info().files
    base.close()
    papers = next(it for it in files if it.name == "papers.jsonl")
    for name in ("papers.jsonl", papers.sha256):
        with pytest.raises(UserError, match=r"papers.jsonl holds papers.*by PMID, PMCID or DOI"):
            remove_records(path, [name])
    check_everything(path)


def test_a_taxonomy_that_is_removed_takes_the_genera_with_it(tmp_path):
    asvs = [f"{n:032x}" for n in range(1, 5)]
    table = "#OTU ID\tS1\tS2\n" + "".join(f"{it}\t{n + 1}\t{9 - n}\n" for n, it in enumerate(asvs))
    taxonomy = "#OTU ID\tS9\ttaxonomy\n" + "".join(f"{it}\t0\tg__G{it[-1]}\n" for it in asvs)
    files = written(tmp_path / "in", table__tsv=table, taxonomy__tsv=taxonomy)
    with empty_base(tmp_path / "kb") as base:
        base.add(files)
        assert near(base, "S1").kinds == ("genus", "otu")
    remove_records(tmp_path / "kb", ["taxonomy.tsv"])
    with KnowledgeBase.open(tmp_path / "kb") as base:
        assert near(base, "S1").kinds == ("otu",)
    check_everything(tmp_path / "kb")
