import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from ingest.errors import InputError
from retrieval.embedders import kmer, load_embedder
from retrieval.embedders.kmer import (
    CLASSES,
    COLUMNS,
    WEIGHTS,
    WORDS,
    Projection,
    columns_of,
    word_counts,
)
from retrieval.residues import STANDARD
from tests.contracts.embedder import EmbedderContract
from tests.retrieval.proteins import BASES, protein, relative


@pytest.fixture(scope="module")
def bundled():
    return load_embedder("kmer")


class TestKmer(EmbedderContract):
    @pytest.fixture
    def embedder(self, bundled):
        return bundled

    @pytest.fixture
    def items(self):
        return [*BASES, protein(40, seed=3), protein(3000, seed=4)]


def counted_slowly(sequence):
    """Count words one by one, in the order of the weights file."""
    counts, base = np.zeros(COLUMNS), 0
    for letters, offsets in (
        (20, (0, 1, 2)),
        (10, (0, 1, 2, 3)),
        (10, (0, 1, 3, 4)),
        (10, (0, 2, 3, 5)),
        (15, (0, 1, 3, 4)),
        (15, (0, 1, 2, 3)),
    ):
        codes = {residue: n for n, group in enumerate(CLASSES[letters]) for residue in group}
        for start in range(len(sequence) - offsets[-1]):
            word = [sequence[start + offset] for offset in offsets]
            if all(residue in codes for residue in word):
                column = base
                for place, residue in enumerate(reversed(word)):
                    column += codes[residue] * letters**place
                counts[column] += 1
        base += letters ** len(offsets)
    return counts


ODD = ["MKXVLAAGX", "XXXX", "", "MK", "MKV", "AAAAAAAAAA", protein(120, seed=8)]


def test_word_counts_equal_a_slow_count():
    expected = np.vstack([counted_slowly(sequence) for sequence in ODD])
    np.testing.assert_array_equal(word_counts(ODD).toarray(), expected)


def test_some_kinds_of_word_are_counted_alone():
    whole = word_counts(ODD).toarray()
    first, rest = columns_of(WORDS[:4]), columns_of(WORDS[4:])
    assert first + rest == COLUMNS
    np.testing.assert_array_equal(word_counts(ODD, WORDS[:4]).toarray(), whole[:, :first])
    np.testing.assert_array_equal(word_counts(ODD, WORDS[4:]).toarray(), whole[:, first:])


@pytest.mark.parametrize("letters", sorted(CLASSES))
def test_the_classes_part_the_twenty_residues(letters):
    assert sorted("".join(CLASSES[letters])) == sorted(STANDARD)
    assert len(CLASSES[letters]) == letters


def decoded_slowly(tensors, column):
    """Read one row of the weights file bit by bit."""
    numbers = []
    for byte in tensors["codes"][column].tolist():
        for place in range(4):
            code = byte // 4**place % 4
            numbers.append(float(tensors["levels"][code]) * float(tensors["scale"][column]))
    return np.array(numbers)


def test_vectors_equal_a_slow_projection(bundled):
    tensors = load_file(WEIGHTS)
    for sequence in BASES[:2]:
        counts = counted_slowly(sequence)
        columns = np.flatnonzero(counts)
        expected = sum(np.sqrt(counts[c]) * decoded_slowly(tensors, c) for c in columns)
        expected = expected / np.linalg.norm(expected)
        np.testing.assert_allclose(bundled.embed_documents([sequence])[0], expected, atol=1e-5)


def test_a_vector_does_not_depend_on_its_company(bundled):
    whole = bundled.embed_documents([*BASES, *ODD])
    for row, sequence in enumerate([*BASES, *ODD]):
        np.testing.assert_array_equal(bundled.embed_documents([sequence])[0], whole[row])


def test_dimensions_that_do_not_fill_a_block():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 256, (COLUMNS, 33), dtype=np.uint8)  # 132 dimensions, blocks of 128
    scale = rng.random(COLUMNS, dtype=np.float32)
    projection = Projection(codes, scale, np.array([-3, -1, 1, 3], dtype=np.float32))
    counts = word_counts(BASES[:2])
    numbers = projection.levels[(codes[:, :, None] >> (2 * np.arange(4))) & 3].reshape(COLUMNS, -1)
    expected = np.sqrt(counts.toarray()) @ (numbers * scale[:, None])
    np.testing.assert_allclose(projection.apply(counts), expected, rtol=1e-4, atol=1e-3)


def test_case_stop_and_rare_residues(bundled):
    written = [BASES[0].lower() + "*", BASES[0].replace("C", "U"), BASES[0]]
    one, two, three = bundled.embed_documents(written)
    np.testing.assert_array_equal(one, three)
    np.testing.assert_array_equal(two, three)


def test_proteins_without_words_share_a_constant(bundled):
    vectors = bundled.embed_documents(["", "MK", "XXXXXXXX", "*"])
    constant = np.zeros(bundled.dim)
    constant[0] = 1
    np.testing.assert_array_equal(vectors, np.tile(constant, (4, 1)))


def test_a_relative_is_nearer_than_a_stranger(bundled):
    relatives = [relative(base, 0.4, seed=n) for n, base in enumerate(BASES)]
    similarity = bundled.embed_queries(relatives) @ bundled.embed_documents(BASES).T
    assert similarity.argmax(axis=1).tolist() == list(range(len(BASES)))


def test_real_haemoglobins_are_nearer_than_a_stranger(bundled):
    from tests.retrieval.test_pairwise import ALPHA, BETA

    alpha, beta, stranger = bundled.embed_documents([ALPHA, BETA, BASES[0]])
    assert alpha @ beta > 0.2 > abs(alpha @ stranger)


def test_many_proteins_give_the_same_as_a_few(bundled, monkeypatch):
    whole = bundled.embed_documents(BASES)
    monkeypatch.setattr(kmer, "_BATCH_PROTEINS", 2)
    np.testing.assert_array_equal(bundled.embed_documents(BASES), whole)
    monkeypatch.setattr(kmer, "_BATCH_RESIDUES", 10)
    monkeypatch.setattr(kmer, "_PASS_RESIDUES", 20)
    np.testing.assert_array_equal(bundled.embed_documents(BASES), whole)


def test_the_weights_say_how_they_were_made():
    assert WEIGHTS.stat().st_size < 20_000_000
    with safe_open(WEIGHTS, framework="numpy") as weights:
        made = weights.metadata()
    assert made["date"] == "2026-11-21"
    assert "CC BY 4.0" in made["licence"]
    assert "uniprot_ec_2018" in made["training_set"]
    assert "without those of the CARE dev set" in made["training_set"]


def saved(path, **changed):
    tensors = {
        "codes": np.zeros((COLUMNS, 2), np.uint8),
        "scale": np.ones(COLUMNS, np.float16),
        "levels": np.array([-3, -1, 1, 3], np.float32),
    }
    save_file({**tensors, **changed}, path)
    return path


def test_another_weights_file_is_another_embedder(tmp_path, bundled):
    other = load_embedder(f"kmer:{saved(tmp_path / 'other.safetensors')}")
    assert (other.name, other.dim) == (bundled.name, 8)
    assert other.revision != bundled.revision


def test_damaged_weights_are_refused(tmp_path):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\xff" * 100)
    with pytest.raises(InputError, match="cannot be read"):
        load_embedder(f"kmer:{damaged}")
    with pytest.raises(InputError, match="cannot be read"):
        load_embedder(f"kmer:{tmp_path / 'absent'}")
    bad = saved(tmp_path / "nan.safetensors", scale=np.full(COLUMNS, np.nan, np.float16))
    with pytest.raises(InputError, match="numbers that are none"):
        load_embedder(f"kmer:{bad}")


def test_weights_of_other_words_or_an_earlier_format_are_refused(tmp_path):
    foreign = saved(tmp_path / "foreign.safetensors", codes=np.zeros((8, 4), np.uint8))
    with pytest.raises(InputError, match=r"shape \(8, 4\)"):
        load_embedder(f"kmer:{foreign}")
    earlier = tmp_path / "earlier.safetensors"
    save_file({"idf": np.ones(8, np.float16), "projection": np.ones((8, 4), np.int8)}, earlier)
    with pytest.raises(InputError, match="cannot be read"):
        load_embedder(f"kmer:{earlier}")
