import json

import numpy as np
import pytest

from ingest.errors import UserError
from retrieval.embedders import load_embedder
from retrieval.embedders.protein_lm import batches, windows
from tests.contracts.embedder import EmbedderContract
from tests.retrieval.proteins import protein

POSITIONS = 66  # of the tiny model: windows of 62 residues
PROTEINS = [protein(length, seed=length) for length in (30, 62, 12, 45, 61)]
TOKENS = (
    "<cls> <pad> <eos> <unk> L A G V S E R T I D P K Q N F Y M H W C X B U Z O . - <null_1> <mask>"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny ESM-2 with random weights, saved as the real ones are."""
    import torch
    from transformers import EsmConfig, EsmModel, EsmTokenizer

    path = tmp_path_factory.mktemp("models") / "tiny_esm"
    path.mkdir()
    (path / "vocab.txt").write_text("\n".join(TOKENS.split()))
    tokenizer = EsmTokenizer(str(path / "vocab.txt"))
    config = EsmConfig(
        vocab_size=len(TOKENS.split()), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=POSITIONS, pad_token_id=1, mask_token_id=32,
        position_embedding_type="rotary", token_dropout=True,
    )  # fmt: skip
    torch.manual_seed(20261121)
    EsmModel(config, add_pooling_layer=False).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def esm(folder):
    return load_embedder(f"esm:{folder}")


@pytest.fixture(scope="module")
def plain(folder):
    """Residue states by transformers alone, one protein at a time, no padding."""
    import torch
    from transformers import AutoTokenizer, EsmModel

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = EsmModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False).eval()

    def states(sequence):
        with torch.inference_mode():
            hidden = model(**tokenizer(sequence, return_tensors="pt")).last_hidden_state[0]
        assert len(hidden) == len(sequence) + 2
        return hidden[1:-1].numpy()

    return states


def unit(vector):
    return vector / np.linalg.norm(vector)


class TestProteinLanguageModel(EmbedderContract):
    @pytest.fixture
    def embedder(self, esm):
        return esm

    @pytest.fixture
    def items(self):
        return [*PROTEINS, protein(200, seed=1)]


def test_vectors_equal_the_plain_mean_over_residues(esm, plain):
    expected = np.vstack([unit(plain(sequence).mean(axis=0)) for sequence in PROTEINS])
    np.testing.assert_allclose(esm.embed_documents(PROTEINS), expected, atol=1e-5)


def test_a_long_protein_is_the_mean_over_overlapping_windows(esm, plain):
    sequence, size = protein(150, seed=9), POSITIONS - 4
    total, cover = np.zeros((150, 16)), np.zeros((150, 1))
    for start in (0, 47, 88):  # steps of 62 - 62 // 4, the last window ends with the protein
        total[start : start + size] += plain(sequence[start : start + size])
        cover[start : start + size] += 1
    expected = unit((total / cover).mean(axis=0))
    np.testing.assert_allclose(esm.embed_documents([sequence])[0], expected, atol=1e-5)


def test_the_name_and_size_are_the_models(esm):
    assert (esm.name, esm.dim) == ("tiny_esm", 16)


def test_stop_and_lower_case_do_not_matter(esm):
    np.testing.assert_allclose(
        esm.embed_documents([PROTEINS[0].lower() + "*\n"]),
        esm.embed_documents([PROTEINS[0]]),
        atol=1e-6,
    )


def test_weights_of_a_protein_sum_to_one():
    for length in (1, 10, 11, 29, 100):
        jobs = list(windows(0, "A" * length, 10))
        assert sum(job.weights.sum() for job in jobs) == pytest.approx(1)
        assert max(len(job.residues) for job in jobs) <= 10


def test_batches_keep_every_window_within_the_budget():
    jobs = [job for row in range(40) for job in windows(row, "A" * (row + 1), 25)]
    made = list(batches(jobs, 60))
    assert sorted(job.row for batch in made for job in batch) == [job.row for job in jobs]
    assert all(len(batch[0].residues) * len(batch) <= 60 for batch in made)


def test_a_budget_below_one_protein_still_takes_it():
    assert [len(batch) for batch in batches(list(windows(0, "A" * 50, 50)), 10)] == [1]


def test_a_model_that_is_not_here_says_what_to_do(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError, match=r"not in the local cache.*--online"):
        load_embedder("esm:no-such-owner/esm2_t0")


def test_weights_with_missing_tensors_are_refused(folder, tmp_path):
    from safetensors.numpy import load_file, save_file

    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    tensors = load_file(tmp_path / "model.safetensors")
    tensors.pop(next(key for key in sorted(tensors) if "layer.1" in key))
    save_file(tensors, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match="the weights lack 1 tensors"):
        load_embedder(f"esm:{tmp_path}")


def test_code_that_comes_with_a_model_is_never_run(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config |= {"model_type": "unheard-of", "auto_map": {"AutoConfig": "evil.Config"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(UserError, match="cannot load the model"):
        load_embedder(f"esm:{tmp_path}")
