import numpy as np
import pytest

from benchmarks.kmer_contrast import Sampler, Stage, cut, loss, order_loss, rate_at, train
from benchmarks.kmer_pairs import Pairs, digest, draw_queries, hold_out, load_pairs, read_proteins
from benchmarks.train_kmer_projection import (
    LEVELS,
    SHORT_WEIGHT,
    merge,
    pack,
    quantise,
    random_rotation,
    unit,
)
from retrieval.embedders.kmer import Projection


def pairs_of(*rows):
    query, target, pident, bits = zip(*sorted(rows), strict=True)
    return Pairs(
        np.array(query), np.array(target), np.array(pident, np.float32), np.array(bits, np.float32)
    )


PAIRS = pairs_of((0, 1, 30, 100), (0, 2, 50, 80), (3, 4, 90, 300), (5, 0, 45, 70))


@pytest.fixture
def sampler():
    return Sampler(PAIRS, 8, np.random.default_rng(3))


def test_only_related_proteins_are_drawn_together(sampler):
    related = {(0, 1), (0, 2), (3, 4), (5, 0)}
    for neighbours in (False, True):
        query, partner = sampler.draw(200, neighbours=neighbours)
        assert set(zip(query.tolist(), partner.tolist(), strict=True)) <= related
    query, partner = sampler.draw(500, neighbours=False)
    assert set(zip(query.tolist(), partner.tolist(), strict=True)) == related


def test_distant_pairs_are_drawn_more_often_than_close_ones(sampler):
    query, _ = sampler.draw(4000, neighbours=False)
    assert (query == 5).sum() > 10 * (query == 3).sum()


def test_the_loss_equals_a_slow_one(sampler):
    import torch

    rows = np.array([0, 3, 1, 4])
    vectors = unit(np.random.default_rng(1).standard_normal((4, 6)).astype(np.float32))
    cosine = vectors.astype(float) @ vectors.T / 0.06
    related = {(0, 1), (1, 0), (3, 4), (4, 3)}
    total = 0.0
    for row in range(4):
        partner = (row + 2) % 4
        others = [
            other
            for other in range(4)
            if other == partner or (other != row and (rows[row], rows[other]) not in related)
        ]
        total += np.log(np.exp(cosine[row, others]).sum()) - cosine[row, partner]
    found = loss(torch.from_numpy(vectors), rows, sampler, Stage(1, 2, 0.1))
    assert found.item() == pytest.approx(total / 4, rel=1e-4)


def test_the_order_of_bit_scores_is_asked_for(sampler):
    import torch

    rows = np.array([0, 5, 1, 2])
    good, bad = torch.full((2, 4), -9.0), torch.full((2, 4), -9.0)
    good[0, 2], good[1, 0] = 9.0, 9.0  # protein 1 is the best hit of 0, protein 0 that of 5
    bad[0, 1], bad[1, 3] = 9.0, 9.0
    assert order_loss(good, rows, sampler, 0.08) < order_loss(bad, rows, sampler, 0.08)


def test_training_brings_relatives_together_and_repeats_itself():
    from scipy.sparse import csr_array

    rng = np.random.default_rng(0)
    parents = rng.random((10, 60)) < 0.1
    noise = rng.random((40, 60)) < 0.2
    matrix = csr_array((np.repeat(parents, 4, axis=0) | noise).astype(np.float32))
    families = [range(4 * family, 4 * family + 4) for family in range(10)]
    pairs = pairs_of(*((a, b, 40, 100 - b) for one in families for a in one for b in one if a != b))
    start = rng.standard_normal((60, 8)).astype(np.float32)
    stage = Stage(steps=60, pairs=16, rate=0.05, order=0.08, neighbours=True)

    def trained():
        return train(matrix, start, Sampler(pairs, 40, np.random.default_rng(1)), stage)

    def found(weights):
        cosine = unit(matrix @ weights) @ unit(matrix @ weights).T
        np.fill_diagonal(cosine, -1)
        return (cosine.argmax(axis=1) // 4 == np.arange(40) // 4).mean()

    weights = trained()
    assert found(weights) > found(start) + 0.2
    np.testing.assert_array_equal(weights, trained())


def test_the_rate_rises_then_falls():
    stage = Stage(steps=100, pairs=1, rate=1.0)
    rates = [rate_at(step, stage) for step in range(100)]
    assert rates[0] < 0.1
    assert max(rates) == max(rates[15:25])
    assert rates[-1] < 0.01


def test_a_stretch_is_part_of_the_protein():
    rng = np.random.default_rng(0)
    sequence = "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), 200))
    for _ in range(50):
        part = cut(sequence, rng)
        assert part in sequence
        assert 60 <= len(part) <= 180
    assert cut("MKV", rng) == "MKV"


def test_codes_are_those_that_the_embedder_decodes():
    matrix = np.random.default_rng(2).standard_normal((500, 16)).astype(np.float32)
    matrix[7] = 0
    codes, step = quantise(matrix)
    rounded = LEVELS[codes] * step[:, None]
    # 0.1188 is the least distortion of even steps at two bits for a Gaussian (Max 1960).
    assert ((matrix - rounded) ** 2).sum() / (matrix**2).sum() < 0.125
    assert np.abs(rounded[7]).max() < 1e-6
    table = Projection(pack(codes), step, LEVELS)._table()
    np.testing.assert_array_equal(table[pack(codes)].reshape(500, 16), LEVELS[codes])


def test_merging_keeps_cosines_where_the_dimensions_suffice():
    from scipy.sparse import csr_array

    rng = np.random.default_rng(4)
    short, long = (rng.standard_normal((n, 8)).astype(np.float32) for n in (30, 50))
    short[:, 4:] = long[:, 4:] = 0  # together they span eight dimensions
    counts = csr_array(rng.random((200, 80), dtype=np.float32))
    idf = rng.random(80, dtype=np.float32)
    weighted = counts.toarray() * idf
    sides = [weighted[:, :30] @ short, weighted[:, 30:] @ long]
    scaled = [side / np.median(np.linalg.norm(side, axis=1)) for side in sides]
    expected = unit(np.hstack([SHORT_WEIGHT * scaled[0], scaled[1]]))
    found = unit(counts @ merge(counts, idf, short, long))
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)


def test_the_rotation_is_one():
    turn = random_rotation(12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(12), atol=1e-12)


def test_held_out_queries_are_in_no_pair():
    rng = np.random.default_rng(0)
    rows = {(int(q), int(t)) for q, t in rng.integers(0, 3000, (9000, 2)) if q != t}
    pairs = pairs_of(*((q, t, 25 + (q * 7 + t) % 40, 50.0) for q, t in rows))
    kept, best = hold_out(pairs)
    assert 600 < len(best.query) <= 1000
    assert not set(best.query) & (set(kept.query) | set(kept.target))
    assert set(kept.query) | set(best.query) <= set(pairs.query)


def test_excluded_and_repeated_sequences_are_left_out(tmp_path):
    import lzma

    paths = []
    for name, sequences in (("one", ("MKV", "MAA")), ("two", ("MAA", "", "MCC"))):
        path = tmp_path / f"{name}.tsv.xz"
        rows = "".join(f"P{n}\t1.1.1.1\t{one}\n" for n, one in enumerate(sequences))
        path.write_bytes(lzma.compress(("accession\tec\tsequence\n" + rows).encode()))
        paths.append(path)
    assert read_proteins(paths, {"MKV"}) == ["MAA", "MCC"]


def test_all_of_the_first_file_and_some_others_are_searched_with():
    queries = draw_queries(10, 60_000)
    assert queries[:10] == list(range(10))
    assert len(queries) == len(set(queries)) == 24_010


def test_pairs_of_other_proteins_are_refused(tmp_path):
    path = tmp_path / "pairs.npz"
    np.savez(path, digest=digest(["MKV"]), query=[0], target=[1], pident=[30.0], bitscore=[50.0])
    assert load_pairs(path, ["MKV"]).target.tolist() == [1]
    with pytest.raises(ValueError, match="made of other proteins"):
        load_pairs(path, ["MKV", "MAA"])
