"""Fixtures for all tests: one thread everywhere, and the optional folder of real data."""

from __future__ import annotations

import os

# Set before numpy, torch or FAISS start their thread pools: results and timings stay stable.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the repository, or skip."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real data (../shared/data) is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def starter() -> Path:
    """The starter knowledge base's source files, which ship with the repository."""
    return REPOSITORY / "assistant" / "starter"
