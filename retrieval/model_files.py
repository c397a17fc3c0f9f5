"""Finds the folder of a model on this machine and says which weights it holds.

Only safetensors are accepted: pickled weights can run code when they are opened. Nothing is
fetched unless the user allowed it (``--online`` sets HF_HUB_OFFLINE to 0).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ingest.errors import UserError

_WEIGHTS = "*.safetensors"
# What is fetched: weights, configuration and vocabulary; never pickles, never other formats.
_WANTED = [_WEIGHTS, "*.json", "*.txt", "*.model"]
_REVISION_DIGITS = 16  # hexadecimal digits of SHA-256 kept; enough to tell models apart
_CHUNK = 1 << 20  # bytes read at a time


def is_online() -> bool:
    """Say whether the user allowed downloads: HF_HUB_OFFLINE is set to 0, nothing less."""
    return os.environ.get("HF_HUB_OFFLINE") == "0"


def quiet_loading() -> None:
    """Keep transformers' own progress bars off stderr, where ours are shown."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own fault


def model_folder(path_or_name: str) -> Path:
    """Return the folder of a model: ``path_or_name`` itself, or its copy in the local cache.

    Raises:
        UserError: It is not on this machine, or it holds no safetensors.
    """
    if not path_or_name:
        raise UserError("no model is named", hint="Give a folder, or a name such as owner/model")
    path = Path(path_or_name).expanduser()
    folder = path if path.is_dir() else _cached(path_or_name)
    if not _weight_files(folder):
        raise UserError(
            "the model has no safetensors weights",
            where=str(folder),
            hint="Pickled weights (*.bin, *.pt) are not loaded, since they can run code; "
            "convert them to safetensors",
        )
    return folder


def model_name(path_or_name: str) -> str:
    """Return what to call a model: the folder's own name, or the name it was asked for by."""
    path = Path(path_or_name).expanduser()
    return path.resolve().name if path.is_dir() else path_or_name


def weights_revision(folder: Path) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the weight files in ``folder``."""
    digest = hashlib.sha256()
    for file in _weight_files(folder):
        with file.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()[:_REVISION_DIGITS]


def _weight_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob(_WEIGHTS), key=lambda file: file.relative_to(folder).as_posix())


def _cached(name: str) -> Path:
    """Return the newest copy of a model in the cache of transformers; fetch it when allowed."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    online = is_online()
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED, local_files_only=not online))
    except HFValidationError as error:
        raise UserError("no such folder, and not the name of a model", where=name) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        hint = "Give a path, or allow the download with --online"
        if online:
            hint = f"Check the name and the connection ({type(error).__name__})"
        raise UserError("the model is not in the local cache", where=name, hint=hint) from error
