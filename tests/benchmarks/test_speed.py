import sys

import numpy as np
import pytest

from benchmarks.annotate_speed import tiers_of
from benchmarks.million_references import build, exact, made_vectors, recall, search
from benchmarks.search_speed import DIAMOND, OURS, table
from benchmarks.spent import Spent, spend


def test_cost_of_a_process_with_a_child():
    eat = "x = bytearray(60_000_000); import time; time.sleep(0.6); sum(range(10**6))"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {eat!r}], check=True)"
    spent = spend([sys.executable, "-c", outer])
    assert spent.seconds >= 0.6
    assert spent.cpu_seconds > 0.0
    assert 0.06 < spent.peak_gb < 0.5


def test_a_failed_command_is_told():
    with pytest.raises(RuntimeError, match="code 3"):
        spend([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_table_has_diamond_as_its_unit():
    lines = table({OURS: Spent(5.0, 9.0, 1.0), DIAMOND: Spent(4.0, 8.0, 0.5)}, 10)
    assert lines[1].split("\t") == [OURS, "10", "5.0", "9.0", "1.00", "1.25"]
    assert table({OURS: Spent(5.0, 9.0, 1.0)}, 10)[1].endswith("\t")


def test_tiers_are_counted(tmp_path):
    (tmp_path / "annotations.tsv").write_text("gene_id\ttier\na\tlow\nb\tlow\nc\tabstain\n")
    assert dict(tiers_of(tmp_path)) == {"low": 2, "abstain": 1}


def test_made_vectors_are_searched_as_an_exact_search_would(tmp_path):
    random = np.random.default_rng(3)
    real = random.standard_normal((50, 16)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    made = np.concatenate(list(made_vectors(real, 400)))
    assert (made @ real.T).max(axis=1).min() > 0.49
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    build(real, 400, tmp_path)
    found = search(tmp_path, real[:5], threads=1)
    truth = exact(real, 400, real[:5])
    assert recall(found["10"]["ids"], truth, 10) == 1.0
