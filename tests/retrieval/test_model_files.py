import hashlib

import pytest

from ingest.errors import UserError
from retrieval.model_files import is_online, model_folder, weights_revision


def test_revision_is_the_digest_of_the_weights_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "model.safetensors").write_bytes(b"two")
    (tmp_path / "a.safetensors").write_bytes(b"one")
    (tmp_path / "config.json").write_text("{}")
    assert weights_revision(tmp_path) == hashlib.sha256(b"onetwo").hexdigest()[:16]


def test_a_folder_is_itself(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    assert model_folder(str(tmp_path)) == tmp_path


def test_pickled_weights_are_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(UserError, match="no safetensors weights"):
        model_folder(str(tmp_path))


def test_a_model_that_is_not_here_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"not in the local cache.*--online"):
        model_folder("no-such-owner/no-such-model")


@pytest.mark.parametrize("name", ["", "../no/such/folder", "a b c"])
def test_a_wrong_name_is_a_user_error(name):
    with pytest.raises(UserError, match=r"no model is named|no such folder"):
        model_folder(name)


@pytest.mark.parametrize(
    ("value", "online"), [("0", True), ("1", False), ("", False), ("no", False)]
)
def test_only_a_plain_0_allows_downloads(monkeypatch, value, online):
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert is_online() is online
