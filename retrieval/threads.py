"""The one place that says how many CPU threads the numeric libraries may use.

Libraries that are already loaded are told at once; libraries loaded later, and child processes,
read the environment variables that are set here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

# Read by OpenMP (torch, FAISS, MMseqs2, scikit-learn) and by the BLAS libraries when they load.
_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def set_threads(count: int) -> None:
    """Let torch, FAISS, OpenMP and BLAS use ``count`` threads, in this process and its children.

    Raises:
        UserError: ``count`` is below 1.
    """
    if count < 1:
        what = f"the number of threads must be 1 or more, not {count}"
        raise UserError(what)
    for variable in _VARIABLES:
        os.environ[variable] = str(count)
    # Threads that wait for others sleep. By default they spin, which on a busy machine makes torch
    # ten times slower (0.6 texts a second instead of 6, two threads on two cores).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # The tokenizers of transformers warn, or deadlock, when a process forks after using threads.
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if count > 1 else "false"
    for module, tell in _LOADED.items():
        if module in sys.modules:
            tell(count)


def thread_count() -> int:
    """Return the number of threads in force: what was set, else the cores this process may use."""
    text = os.environ.get("OMP_NUM_THREADS", "")
    if text.isdecimal() and int(text) > 0:
        return int(text)
    return available_cores()


def available_cores() -> int:
    """Count the cores this process may run on, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # Linux only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _tell_torch(count: int) -> None:
    import torch

    torch.set_num_threads(count)


def _tell_faiss(count: int) -> None:
    import faiss

    faiss.omp_set_num_threads(count)


def _tell_blas(count: int) -> None:
    """Set the BLAS that numpy and scipy have loaded; it reads the environment only once."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=count, user_api="blas")


_LOADED: dict[str, Callable[[int], None]] = {
    "torch": _tell_torch,
    "faiss": _tell_faiss,
    "numpy": _tell_blas,
}
