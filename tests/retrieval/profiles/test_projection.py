"""Vectors of samples: what does not change them, and that neighbours agree with exact ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import braycurtis

from ingest.files import read_records
from retrieval.profiles.composition import Composition, compositions_of, rows_of
from retrieval.profiles.projection import DIM, vectors_of
from retrieval.profiles.similarity import compare
from tests.retrieval.profiles.tables import feature

values = st.floats(0.001, 1e6, allow_nan=False)
communities = st.dictionaries(st.integers(0, 60), values, min_size=1, max_size=30)


def sample(community, name="S1"):
    keys = sorted(community)
    numbers = np.array([community[key] for key in keys], dtype=np.float64)
    # Spread keys over the whole range, as hashes are.
    spread = np.array([key * 0x1F3D5B79A2C4 + 12345 for key in keys], dtype=np.int64)
    return Composition(name, "species", "species", "counts", spread, numbers)


def random_samples(number, features, seed):
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        numbers = rng.lognormal(0, 2, features) * (rng.random(features) < 0.3)
        kept = np.flatnonzero(numbers)
        made.append(sample({int(at): float(numbers[at]) for at in kept}))
    return made


@settings(max_examples=60, deadline=None)
@given(communities, values)
def test_scaling_a_sample_changes_nothing(community, factor):
    one, other = sample(community), sample({k: v * factor for k, v in community.items()})
    assert np.allclose(vectors_of([one]), vectors_of([other]), atol=1e-5)
    assert compare(one, other).hellinger == pytest.approx(0, abs=1e-5)
    assert compare(one, other).bray_curtis == pytest.approx(0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(communities, communities)
def test_distances_are_those_of_the_definition(first, second):
    one, other = sample(first), sample(second)
    keys = sorted({*first, *second})
    p = np.array([first.get(key, 0.0) for key in keys])
    q = np.array([second.get(key, 0.0) for key in keys])
    p, q = p / p.sum(), q / q.sum()
    how = compare(one, other)
    assert how.hellinger == pytest.approx(
        np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / 2**0.5, abs=1e-6
    )
    assert how.bray_curtis == pytest.approx(braycurtis(p, q), abs=1e-6)
    assert how.shared == len(first.keys() & second.keys())
    assert compare(other, one).hellinger == how.hellinger


@settings(max_examples=40, deadline=None)
@given(st.lists(communities, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_features_and_samples_changes_nothing(samples, random):
    rows = [
        feature(f"Genus{n} name{n}", {f"S{at}": its.get(n, 0.0) for at, its in enumerate(samples)})
        for n in range(61)
    ]
    shuffled = random.sample(rows, len(rows))
    order = random.sample(range(len(samples)), len(samples))
    turned = [
        feature(row.name, {f"S{at}": dict(row.values)[f"S{at}"] for at in order})
        for row in shuffled
    ]
    first, names = compositions_of(rows_of(rows), own="x")
    second, other_names = compositions_of(rows_of(turned), own="x")
    assert names == other_names
    for one, other in zip(first, second, strict=True):
        assert (one.sample, one.kind) == (other.sample, other.kind)
        assert np.array_equal(one.keys, other.keys)
        assert np.array_equal(one.values, other.values)
    assert np.array_equal(vectors_of(first), vectors_of(second))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_subsampled_copy_is_its_own_nearest_neighbour(seed):
    """A tenth of a sample's reads is nearer to it than any other sample."""
    rng = np.random.default_rng(seed)
    others = random_samples(20, 60, seed)
    reads = {int(k): int(v) for k, v in enumerate(rng.lognormal(4, 2, 60)) if v >= 1}
    tenth = {k: int(rng.binomial(v, 0.1)) for k, v in reads.items()}
    whole, part = sample(reads), sample({k: float(v) for k, v in tenth.items() if v})
    nearest = min(others, key=lambda it: compare(part, it).hellinger)
    assert compare(part, whole).hellinger < compare(part, nearest).hellinger
    vectors = vectors_of([part, whole, *others])
    assert int(np.argmax(vectors[1:] @ vectors[0])) == 0


def test_vectors_are_of_unit_length_and_the_same_in_any_company():
    samples = random_samples(50, 200, 1)
    vectors = vectors_of(samples)
    assert vectors.shape == (50, DIM)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.array_equal(vectors[7], vectors_of([samples[7]])[0])


def test_products_are_those_of_root_shares():
    """Johnson and Lindenstrauss: the error has a standard deviation of about 1/sqrt(512)."""
    samples = random_samples(60, 300, 2)
    vectors = vectors_of(samples).astype(float)
    errors = [
        vectors[i] @ vectors[j] - (1 - compare(samples[i], samples[j]).hellinger ** 2)
        for i in range(60)
        for j in range(i)
    ]
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.055


def recall(samples, most, k=10):
    """Share of the exact nearest ``k`` that are among the ``most`` nearest vectors."""
    keys = np.unique(np.concatenate([it.keys for it in samples]))
    roots = np.zeros((len(samples), len(keys)))
    for at, it in enumerate(samples):
        roots[at, np.searchsorted(keys, it.keys)] = np.sqrt(it.shares)
    vectors = vectors_of(samples).astype(float)
    exact, found = roots @ roots.T, vectors @ vectors.T
    np.fill_diagonal(exact, -np.inf)
    np.fill_diagonal(found, -np.inf)
    nearest = np.argsort(-exact, axis=1, kind="stable")[:, :k]
    candidates = np.argsort(-found, axis=1, kind="stable")[:, :most]
    return np.mean([len({*a} & {*b}) / k for a, b in zip(nearest, candidates, strict=True)])


def test_candidates_hold_the_exact_neighbours_of_random_samples():
    assert recall(random_samples(300, 300, 3), 200) > 0.995


def test_candidates_hold_the_exact_neighbours_of_a_cohort(shared):
    path = shared / "cohorts/mlrepo/sokol/taxatable.txt.gz"
    if not path.exists():
        pytest.skip("the cohort is not there")
    made, _ = compositions_of(rows_of(read_records(path).records), own="x")
    samples = [it for it in made if it.kind == "genus"]
    assert len(samples) == 233
    assert recall(samples, 50) > 0.999
