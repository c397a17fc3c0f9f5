import json
import subprocess
import sys

import numpy as np
import pytest

from ingest.errors import UserError
from retrieval.embedders import load_embedder
from tests.contracts.embedder import EmbedderContract


class TestHashing(EmbedderContract):
    @pytest.fixture
    def embedder(self):
        return load_embedder("hashing")

    @pytest.fixture
    def items(self):
        return ["bile acid metabolism", "sulfate reduction in the gut", "MKVLAAGIT", "MSDERRWTQ"]


def test_another_process_gives_the_same_numbers():
    code = (
        "from retrieval.embedders import load_embedder;"
        "print(load_embedder('hashing').embed_documents(['bile acid'])[0].tolist())"
    )
    # Another hash seed would change Python's own hash().
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "12345", "PYTHONPATH": ":".join(path for path in sys.path if path)},
    )  # fmt: skip
    theirs = np.array(json.loads(run.stdout), dtype=np.float32)
    np.testing.assert_array_equal(
        load_embedder("hashing").embed_documents(["bile acid"])[0], theirs
    )


def test_shared_words_and_shared_mers_bring_items_together():
    embedder = load_embedder("hashing:4096")
    words = embedder.embed_documents(["bile acid hydrolase", "acid bile", "flagellar motor switch"])
    assert words[0] @ words[1] > words[0] @ words[2]
    mers = embedder.embed_documents(["MKVLAAGITGQ", "mkvlaagit", "WWPHCDERYYS"])
    assert mers[0] @ mers[1] > mers[0] @ mers[2]


@pytest.mark.parametrize("argument", ["many", "0", "-3"])
def test_a_wrong_number_of_dimensions_is_refused(argument):
    with pytest.raises(UserError, match="number of dimensions"):
        load_embedder(f"hashing:{argument}")
