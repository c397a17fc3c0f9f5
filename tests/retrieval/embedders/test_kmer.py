import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from ingest.errors import InputError
from retrieval.embedders import kmer, load_embedder
from retrieval.embedders.kmer import CLASSES, COLUMNS, WEIGHTS, word_counts
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
    """Count words one by one, in the order: 3-mers, then 4-mers 0123, 0134, 0235 of classes."""
    class_of = {residue: code for code, group in enumerate(CLASSES) for residue in group}
    residue_of = {residue: code for code, residue in enumerate(STANDARD)}
    counts, base = np.zeros(COLUMNS), 0
    for codes, letters, offsets in (
        (residue_of, 20, (0, 1, 2)),
        (class_of, 10, (0, 1, 2, 3)),
        (class_of, 10, (0, 1, 3, 4)),
        (class_of, 10, (0, 2, 3, 5)),
    ):
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


def test_the_classes_part_the_twenty_residues():
    assert sorted("".join(CLASSES)) == sorted(STANDARD)


def test_vectors_equal_a_slow_projection(bundled):
    tensors = load_file(WEIGHTS)
    matrix = tensors["projection"] * tensors["scale"].astype(np.float64)
    for sequence in BASES[:2]:
        row = np.sqrt(counted_slowly(sequence)) * tensors["idf"].astype(np.float64)
        row = row / np.linalg.norm(row) @ matrix
        expected = row / np.linalg.norm(row)
        np.testing.assert_allclose(bundled.embed_documents([sequence])[0], expected, atol=1e-5)


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
    np.testing.assert_array_equal(bundled.embed_documents(BASES), whole)


def test_the_weights_say_how_they_were_made():
    assert WEIGHTS.stat().st_size < 20_000_000
    with safe_open(WEIGHTS, framework="numpy") as weights:
        made = weights.metadata()
    assert made["date"] == "2026-11-21"
    assert "CC BY 4.0" in made["licence"]
    assert "uniprot_ec_2018" in made["training_set"]
    assert "clean_split10" not in made["training_set"]


def test_damaged_or_foreign_weights_are_refused(tmp_path):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\xff" * 100)
    with pytest.raises(InputError, match="cannot be read"):
        load_embedder(f"kmer:{damaged}")
    with pytest.raises(InputError, match="cannot be read"):
        load_embedder(f"kmer:{tmp_path / 'absent'}")
    foreign = tmp_path / "foreign.safetensors"
    save_file(
        {
            "idf": np.ones(8, np.float16),
            "projection": np.ones((8, 4), np.int8),
            "scale": np.ones(4, np.float32),
        },
        foreign,
    )
    with pytest.raises(InputError, match=r"shape \(8, 4\)"):
        load_embedder(f"kmer:{foreign}")
