import subprocess
import sys

import pytest

from ingest.errors import UserError
from retrieval import threads

# Each check runs in a process of its own: thread counts belong to a process.
SHOW = "print(torch.get_num_threads(), faiss.omp_get_max_threads(), thread_count())"


def run(*lines, **environment):
    code = "\n".join(["from retrieval.threads import set_threads, thread_count", *lines])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), **environment},
    )  # fmt: skip
    return done.stdout.split()


def test_libraries_that_are_loaded_later_obey():
    # One, since torch takes no more threads from the environment than there are cores.
    assert run("set_threads(1)", "import torch, faiss", SHOW) == ["1", "1", "1"]


def test_libraries_that_are_loaded_already_obey():
    assert run("import torch, faiss", "set_threads(3)", SHOW) == ["3", "3", "3"]


def test_blas_that_is_loaded_already_obeys():
    show = (
        "import threadpoolctl; print({p['num_threads'] for p in threadpoolctl.threadpool_info()})"
    )
    assert run("import numpy", "set_threads(1)", show) == ["{1}"]


def test_children_inherit_the_number():
    child = "import os; print(os.environ['OMP_NUM_THREADS'])"
    lines = ["import subprocess, sys", "set_threads(2)"]
    assert run(*lines, f"subprocess.run([sys.executable, '-c', {child!r}])") == ["2"]


@pytest.mark.parametrize(
    ("environment", "policy"), [({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")]
)
def test_waiting_threads_sleep_unless_the_user_says_otherwise(environment, policy):
    show = "print(os.environ['OMP_WAIT_POLICY'])"
    assert run("import os", "set_threads(2)", show, **environment) == [policy]


def test_nothing_is_imported_to_set_threads():
    heavy = "{'torch', 'faiss', 'numpy', 'threadpoolctl'}"
    assert run("import sys", "set_threads(2)", f"print({heavy} & set(sys.modules))") == ["set()"]


def test_without_a_setting_the_cores_of_the_process_count():
    assert run("print(thread_count())") == [str(threads.available_cores())]
    assert run("print(thread_count())", OMP_NUM_THREADS="5") == ["5"]
    assert run("print(thread_count())", OMP_NUM_THREADS="odd") == [str(threads.available_cores())]


@pytest.mark.parametrize("count", [0, -1])
def test_less_than_one_thread_is_refused(count):
    with pytest.raises(UserError, match="1 or more"):
        threads.set_threads(count)
