import json

import numpy as np
import pytest

from ingest.errors import UserError
from retrieval.embedders import load_embedder
from retrieval.embedders.protein_lm import _precision, batches, windows
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


def test_the_order_of_proteins_changes_neither_batches_nor_vectors(esm, monkeypatch):
    monkeypatch.setattr(esm, "_budget", 130)
    proteins = [protein(length, seed=n) for n, length in enumerate([40] * 6 + [150, 20, 62])]
    whole = esm.embed_documents(proteins)
    order = np.random.default_rng(0).permutation(len(proteins))
    np.testing.assert_array_equal(esm.embed_documents([proteins[n] for n in order]), whole[order])


def test_batches_go_by_length_and_residues():
    jobs = [next(windows(row, text, 9)) for row, text in enumerate(["MK", "WW", "AAAA", "AA"])]
    made = [[job.residues for job in batch] for batch in batches(jobs, 4)]
    assert made == [["AAAA"], ["AA", "MK"], ["WW"]]


def test_equal_proteins_are_read_once(esm, monkeypatch):
    read = []
    means = esm._weighted_means
    monkeypatch.setattr(esm, "_weighted_means", lambda batch: read.extend(batch) or means(batch))
    vectors = esm.embed_documents([PROTEINS[0], PROTEINS[1], PROTEINS[0].lower()])
    assert len(read) == 2
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_a_batch_that_does_not_fit_is_halved(esm, monkeypatch):
    import torch

    means, sizes = esm._weighted_means, []

    def small(batch):
        sizes.append(len(batch))
        if len(batch) > 2:
            raise torch.OutOfMemoryError
        return means(batch)

    expected = esm.embed_documents(PROTEINS)
    monkeypatch.setattr(esm, "_weighted_means", small)
    np.testing.assert_allclose(esm.embed_documents(PROTEINS), expected, atol=1e-5)
    assert sizes == [5, 2, 3, 1, 2]


def test_a_protein_that_does_not_fit_says_what_to_do(esm, monkeypatch):
    import torch

    def full(batch):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(esm, "_weighted_means", full)
    with pytest.raises(UserError, match=r"no memory for a window of 30 residues.*smaller model"):
        esm.embed_documents(PROTEINS[:1])


def test_states_that_overflow_at_half_precision_are_read_again(folder, monkeypatch):
    import torch

    exact = load_embedder(f"esm:{folder}")
    monkeypatch.setattr("retrieval.embedders.protein_lm._precision", lambda device: torch.float16)
    half = load_embedder(f"esm:{folder}")
    assert half._model.dtype == torch.float16
    with torch.no_grad():
        for one in (exact, half):  # the final norm gives about 1e6: beyond float16's 65,504
            one._model.encoder.emb_layer_norm_after.weight.fill_(60_000)
            one._model.encoder.emb_layer_norm_after.bias.fill_(60_000)
    vectors = half.embed_documents(PROTEINS)
    np.testing.assert_allclose(vectors, exact.embed_documents(PROTEINS), atol=0.02)
    assert half._model.dtype == torch.float16


def test_a_model_that_gives_no_numbers_is_refused(folder):
    import torch

    broken = load_embedder(f"esm:{folder}")
    with torch.no_grad():
        broken._model.encoder.emb_layer_norm_after.weight.fill_(float("nan"))
    with pytest.raises(UserError, match="gives no numbers"):
        broken.embed_documents(PROTEINS)


@pytest.mark.parametrize(("has_bf16", "wanted"), [(True, "bfloat16"), (False, "float16")])
def test_the_gpu_decides_the_half_precision(monkeypatch, has_bf16, wanted):
    import torch

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: has_bf16)
    assert _precision("cuda") == getattr(torch, wanted)
    assert _precision("cpu") == torch.float32


def test_rare_residues_are_read_as_the_nearest_standard_one(esm):
    written = ["MKUOBZJVLAAG", "MKCKNQLVLAAG", "MKV?LA1G", "MKVXLAXG"]
    one, two, three, four = esm.embed_documents(written)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(three, four)


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
