"""The program is killed, interrupted, or denied the disk in the middle of a batch; then resumed."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.world import gene_fasta

#: Genes a shard in these tests: several shards from few genes.
SHARD = 3
START = f"import assistant.services as s; s.SHARD_SIZE = {SHARD}; s.SHARD_SIZE_WITH_LLM = {SHARD}"
PROGRAM = f"{START}; from assistant.cli import main; main()"


def started(*arguments, limit=None):
    """Start the program in a child of its own process group."""

    def prepare():
        # Who runs the tests in the background of a shell ignores interrupts, and so would a child.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - no thread of ours runs
        env=os.environ | {"METALUMEN_THREADS": "1"},
    )


def finished(*arguments, **options):
    child = started(*arguments, **options)
    out, err = child.communicate(timeout=120)
    return child.returncode, out, err


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*")}


def wait_for(path, child):
    """Wait until a file is there, and make sure that the program is still at work."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        assert child.poll() is None, child.communicate()[1]
        time.sleep(0.005)


@pytest.fixture(scope="module")
def genes(tmp_path_factory):
    """Genes for twelve shards: the last ends long after a signal that the first one set off."""
    path = tmp_path_factory.mktemp("genes") / "genes.faa"
    path.write_text(gene_fasta(12 * SHARD - 1))
    return path


@pytest.fixture(scope="module")
def unbroken(made, genes, tmp_path_factory):
    """The files of a run that nothing disturbed."""
    run = tmp_path_factory.mktemp("unbroken") / "run"
    code, _, err = finished("annotate", made.kb, genes, "-o", run)
    assert (code, "failed" in err) == (0, True)
    return files_of(run)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_batch_resumes_to_the_same_bytes(made, genes, unbroken, tmp_path, workers):
    command = ("annotate", made.kb, genes, "-o", tmp_path / "run", "--resume", "--workers", workers)
    for shard in (0, 2) if workers == 1 else (1,):
        child = started(*command)
        wait_for(tmp_path / "run" / ".work" / f"shard-{shard:06d}.jsonl", child)
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        assert child.returncode == -signal.SIGKILL
        assert not (tmp_path / "run" / "run.json").exists()
    assert finished(*command)[0] == 0
    assert files_of(tmp_path / "run") == unbroken


@pytest.mark.parametrize(
    ("sent", "code", "workers"), [(signal.SIGINT, 130, 1), (signal.SIGTERM, 143, 2)]
)
def test_an_interrupt_ends_at_once_and_says_how_to_go_on(
    made, genes, unbroken, tmp_path, sent, code, workers
):
    command = ("annotate", made.kb, genes, "-o", tmp_path / "run", "--workers", workers)
    child = started(*command)
    wait_for(tmp_path / "run" / ".work" / "shard-000000.jsonl", child)
    os.kill(child.pid, sent)
    asked = time.monotonic()
    err = child.communicate(timeout=60)[1]
    assert child.returncode == code
    assert time.monotonic() - asked < 20
    assert err.count("\n") == 1
    assert "--resume" in err
    assert finished(*command, "--resume")[0] == 0
    assert files_of(tmp_path / "run") == unbroken


def test_no_file_may_grow_is_an_error_and_loses_nothing(made, genes, unbroken, tmp_path):
    command = ("annotate", made.kb, genes, "-o", tmp_path / "run")
    code, _, err = finished(*command, limit=60_000)
    assert code in {1, 2}
    assert err.startswith("metalumen: ")
    assert not (tmp_path / "run" / "run.json").exists()
    assert finished(*command, "--resume")[0] == 0
    assert files_of(tmp_path / "run") == unbroken


def test_two_processes_do_not_work_on_one_run(made, genes, tmp_path):
    command = ("annotate", made.kb, genes, "-o", tmp_path / "run", "--resume")
    first = started(*command)
    wait_for(tmp_path / "run" / ".work" / "ledger.sqlite", first)
    code, _, err = finished(*command)
    first.communicate()
    assert first.returncode == 0
    # The second is refused, or came so late that all was done.
    assert code == 0 or (code == 2 and "another process" in err)


def test_a_reader_that_leaves_early_is_no_error(made):
    child = started("formats")
    assert child.stdout.readline().startswith("name")
    child.stdout.close()
    assert child.stderr.read() == ""
    assert child.wait(timeout=60) == 0
    child.stderr.close()
