"""Vector search against a slow exact search, and damage to its files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.errors import DamagedFileError, EmbedderMismatchError, MetalumenError
from retrieval import vector_index
from retrieval.vector_index import VectorIndex, choose_factory, write_segment


def unit_vectors(count, dim=32, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def exact_search(vectors, ids, query, k):
    """Rank every vector by a double-precision dot product in plain Python order."""
    scored = [
        (-round(float(np.dot(v.astype(float), query.astype(float))), 6), int(i))
        for v, i in zip(vectors, ids, strict=True)
    ]
    return [i for _, i in sorted(scored)[:k]]


def made_index(folder, parts, kind="passage"):
    segments = [write_segment(folder, "text", kind, ids, vectors) for ids, vectors in parts]
    index = VectorIndex(folder / "text", "text")
    index.use(segments, {})
    return index


def test_finds_what_an_exact_search_finds_over_several_segments(tmp_path):
    vectors, ids = unit_vectors(300), np.arange(300) * 7 + 3
    index = made_index(tmp_path, [(ids[:100], vectors[:100]), (ids[100:], vectors[100:])])
    queries = unit_vectors(20, seed=1)
    scores, found = index.search(queries, 10, kinds=["passage"])
    for query, row in zip(queries, found, strict=True):
        assert list(row) == exact_search(vectors, ids, query, 10)
    assert np.all(np.diff(scores, axis=1) <= 0)


def test_the_answer_does_not_depend_on_the_batch_or_the_segments(tmp_path):
    vectors, ids = unit_vectors(200), np.arange(200)
    vectors[150] = vectors[10]  # a tie
    whole = made_index(tmp_path / "a", [(ids, vectors)])
    parts = made_index(
        tmp_path / "b",
        [(ids[80:], vectors[80:]), (ids[:50], vectors[:50]), (ids[50:80], vectors[50:80])],
    )
    queries = np.concatenate([unit_vectors(100, seed=2), vectors[10:11]])
    scores, found = whole.search(queries, 5, kinds=["passage"])
    for number in range(len(queries)):
        for index in (whole, parts):
            one_score, one = index.search(queries[number : number + 1], 5, kinds=["passage"])
            assert np.array_equal(one[0], found[number])
            assert np.array_equal(one_score[0], scores[number])
    assert list(found[-1][:2]) == [10, 150]


def test_blocks_of_queries_and_of_candidates_change_nothing(tmp_path, monkeypatch):
    index = made_index(tmp_path, [(np.arange(200), unit_vectors(200))])
    queries = unit_vectors(50, seed=2)
    scores, found = index.search(queries, 7, kinds=["passage"])
    for queries_at_once, rescored in ((7, 1), (1, 50_000), (20, 100)):
        monkeypatch.setattr(vector_index, "_QUERIES", queries_at_once)
        monkeypatch.setattr(vector_index, "_RESCORED", rescored)
        again_scores, again = index.search(queries, 7, kinds=["passage"])
        assert np.array_equal(again, found)
        assert np.array_equal(again_scores, scores)


def test_more_results_than_vectors(tmp_path):
    index = made_index(tmp_path, [(np.array([4, 2]), unit_vectors(2))])
    _, found = index.search(unit_vectors(1, seed=5), 50, kinds=["passage"])
    assert sorted(found[0]) == [2, 4]


def test_an_empty_space_finds_nothing(tmp_path):
    index = VectorIndex(tmp_path, "text")
    scores, found = index.search(unit_vectors(3), 5, kinds=["passage"])
    assert scores.shape == found.shape == (3, 0)
    assert index.search(np.zeros((0, 32)), 5, kinds=["passage"])[1].shape == (0, 0)


def test_kinds_excluded_and_dead_ids_stay_out_and_k_stays_k(tmp_path):
    vectors = unit_vectors(60)
    passages = write_segment(tmp_path, "text", "passage", np.arange(40), vectors[:40])
    proteins = write_segment(tmp_path, "text", "protein", np.arange(40, 60), vectors[40:])
    index = VectorIndex(tmp_path / "text", "text")
    index.use([passages, proteins], {"passage": np.array([3, 5]), "protein": np.array([41])})
    assert index.count == 57
    _, found = index.search(vectors[:1], 30, kinds=["passage"], excluded=np.array([0, 1]))
    assert len(found[0]) == 30
    assert not set(found[0]) & {0, 1, 3, 5}
    _, found = index.search(vectors[:1], 60, kinds=["protein"])
    assert sorted(i for i in found[0] if i >= 0) == [40, *range(42, 60)]


def test_choose_factory_follows_size():
    assert choose_factory(1, 384) == "IDMap,Flat"
    assert choose_factory(200_000, 384) == "IDMap,Flat"
    assert choose_factory(200_001, 384) == "IDMap,SQ8"
    assert choose_factory(3_000_000, 384) == "IDMap,IVF8192,SQ8"


@pytest.mark.parametrize(("flat", "sq8"), [(0, 10_000), (0, 0)])
def test_quantised_segments_still_find_most_neighbours(tmp_path, monkeypatch, flat, sq8):
    monkeypatch.setattr(vector_index, "FLAT_UP_TO", flat)
    monkeypatch.setattr(vector_index, "SQ8_UP_TO", sq8)
    vectors, ids = unit_vectors(3000), np.arange(3000) + 9
    index = made_index(tmp_path, [(ids, vectors)])
    _, found = index.search(vectors[:50], 10, kinds=["passage"])
    truth = [set(exact_search(vectors, ids, query, 10)) for query in vectors[:50]]
    recall = np.mean([len(set(row) & best) / 10 for row, best in zip(found, truth, strict=True)])
    # Random vectors have no clusters, so an inverted file loses some neighbours; 8 bits lose few.
    assert recall > (0.3 if sq8 == 0 else 0.95)
    assert list(found[:, 0]) == list(ids[:50])


def test_vectors_come_back_without_the_dead(tmp_path):
    vectors, ids = unit_vectors(10), np.arange(10)
    segment = write_segment(tmp_path, "text", "passage", ids, vectors)
    index = VectorIndex(tmp_path / "text", "text")
    index.use([segment], {"passage": np.array([4])})
    back_ids, back = index.vectors(segment)
    assert list(back_ids) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert np.allclose(back, np.delete(vectors, 4, axis=0), atol=1e-6)


def test_vectors_that_are_not_of_unit_norm_are_refused(tmp_path):
    with pytest.raises(MetalumenError, match=r"norm 2\.0000 instead of 1"):
        write_segment(tmp_path, "text", "passage", np.arange(2), unit_vectors(2) * 2)
    index = made_index(tmp_path, [(np.arange(2), unit_vectors(2))])
    with pytest.raises(MetalumenError, match="instead of 1"):
        index.search(np.full((1, 32), np.nan, dtype=np.float32), 1, kinds=["passage"])
    assert [path.suffix for path in (tmp_path / "text").iterdir()] == [".faiss"]


def test_another_dimension_is_refused(tmp_path):
    index = made_index(tmp_path, [(np.arange(2), unit_vectors(2))])
    with pytest.raises(EmbedderMismatchError, match="metalumen rebuild KB"):
        index.search(unit_vectors(1, dim=16), 1, kinds=["passage"])


def test_every_bit_flip_and_cut_is_found(tmp_path):
    segment = write_segment(tmp_path, "text", "passage", np.arange(3), unit_vectors(3, dim=8))
    path = tmp_path / "text" / segment.file_name
    good = path.read_bytes()
    mutants = [good[:n] for n in range(0, len(good), 7)]
    mutants += [good[:n] + bytes([good[n] ^ 1 << n % 8]) + good[n + 1 :] for n in range(len(good))]
    for mutant in mutants:
        path.write_bytes(mutant)
        index = VectorIndex(tmp_path / "text", "text")
        index.use([segment], {})
        with pytest.raises(DamagedFileError, match=rf"{segment.file_name}.*metalumen rebuild KB"):
            index.search(unit_vectors(1, dim=8), 1, kinds=["passage"])


def test_a_file_that_is_no_index_but_has_the_right_hash_is_damaged(tmp_path):
    segment = write_segment(tmp_path, "text", "passage", np.arange(3), unit_vectors(3))
    path = tmp_path / "text" / segment.file_name
    path.write_bytes(path.read_bytes()[:-40])
    index = VectorIndex(tmp_path / "text", "text")
    index.use([replace(segment, sha256=vector_index.sha256_of(path))], {})
    with pytest.raises(DamagedFileError, match="cannot be loaded"):
        index.search(unit_vectors(1), 1, kinds=["passage"])


def test_the_same_vectors_give_the_same_file(tmp_path):
    first = write_segment(tmp_path / "a", "text", "passage", np.arange(9), unit_vectors(9))
    second = write_segment(tmp_path / "b", "text", "passage", np.arange(9), unit_vectors(9))
    assert first == second


def test_gpu_search_gives_the_same_answer(tmp_path):
    import faiss

    if getattr(faiss, "get_num_gpus", lambda: 0)() < 1:
        pytest.skip("FAISS sees no GPU here")
    vectors, ids = unit_vectors(5000), np.arange(5000)
    index = made_index(tmp_path, [(ids, vectors)])
    _, found = index.search(vectors[:30], 10, kinds=["passage"])
    for query, row in zip(vectors[:30], found, strict=True):
        assert list(row) == exact_search(vectors, ids, query, 10)


def test_segments_of_a_large_part_are_quantised_together(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "FLAT_UP_TO", 100)
    vectors, ids = unit_vectors(60), np.arange(60)
    alone = vector_index.write_segment(tmp_path, "text", "passage", ids, vectors)
    among = vector_index.write_segment(tmp_path, "text", "passage", ids, vectors, among=120)
    assert (alone.factory, among.factory) == ("IDMap,Flat", "IDMap,SQ8")
