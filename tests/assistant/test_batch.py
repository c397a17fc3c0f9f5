import csv
import json
import multiprocessing

import pytest

from assistant.batch import Batch, prepare_folder, run_batch
from assistant.inputs import QueryGenes
from ingest.errors import RunError
from ingest.records import Gene
from tests.assistant.fake_annotator import build, run_in_child
from tests.assistant.sample_reports import sample_run

GENES = tuple(Gene(f"gene-{n:02d}", "MK" + "A" * n) for n in range(1, 12))


def query(genes=GENES, failed=()):
    return QueryGenes(tuple(genes), tuple(failed), (), ("0" * 64,))


def batch_in(folder, genes=GENES, failed=()):
    return Batch(query(genes, failed), folder, sample_run(), shard_size=4)


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def run_whole(folder, **options):
    batch = batch_in(folder, **{k: v for k, v in options.items() if k in {"genes", "failed"}})
    prepare_folder(folder, resume=False, force=False)
    workers = options.get("workers", 1)
    return run_batch(batch, build, workers=workers)


def gene_ids(folder):
    with (folder / "annotations.tsv").open() as handle:
        return [row["gene_id"] for row in csv.DictReader(handle, delimiter="\t")]


def test_every_gene_comes_out_in_the_order_of_the_input(tmp_path):
    outcome = run_whole(tmp_path / "run")
    assert gene_ids(tmp_path / "run") == [gene.id for gene in GENES]
    assert outcome.annotated == len(GENES)
    assert not (tmp_path / "run" / ".work").exists()


def test_a_gene_that_breaks_is_reported_and_the_others_go_on(tmp_path):
    genes = (*GENES[:3], Gene("bad-gather", "MKA"), Gene("bad-draft", "MKA"), *GENES[3:])
    outcome = run_whole(tmp_path / "run", genes=genes, failed=[("broken", "line 3: no sequence")])
    assert outcome.annotated == len(GENES)
    assert gene_ids(tmp_path / "run") == [gene.id for gene in GENES]
    failed = (tmp_path / "run" / "failed.tsv").read_text().splitlines()
    assert [line.split("\t")[0] for line in failed] == [
        "gene_id",
        "broken",
        "bad-gather",
        "bad-draft",
    ]
    counts = json.loads((tmp_path / "run" / "run.json").read_text())["counts"]
    assert counts["input"] == counts["annotated"] + counts["failed"]


def test_two_workers_give_the_same_bytes_as_one(tmp_path):
    run_whole(tmp_path / "one")
    run_whole(tmp_path / "two", workers=2)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_a_killed_run_resumes_to_the_same_bytes(tmp_path):
    run_whole(tmp_path / "whole")
    kill_file = tmp_path / "killed"
    context = multiprocessing.get_context("spawn")
    for expected in (-9, 0):
        child = context.Process(
            target=run_in_child, args=(str(tmp_path / "killed-run"), str(kill_file))
        )
        child.start()
        child.join()
        assert child.exitcode == expected
    assert files_of(tmp_path / "whole") == files_of(tmp_path / "killed-run")


def test_a_run_is_never_overwritten_unasked(tmp_path):
    run_whole(tmp_path / "run")
    with pytest.raises(RunError, match="--resume"):
        prepare_folder(tmp_path / "run", resume=False, force=False)
    assert not prepare_folder(tmp_path / "run", resume=True, force=False)
    assert prepare_folder(tmp_path / "run", resume=False, force=True)


def test_force_does_not_remove_a_folder_that_is_not_a_run(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(RunError, match="not a run"):
        prepare_folder(tmp_path, resume=False, force=True)
    assert (tmp_path / "thesis.docx").exists()


def test_resume_refuses_another_input(tmp_path):
    folder = tmp_path / "run"
    first = batch_in(folder)
    prepare_folder(folder, resume=False, force=False)
    with pytest.raises(KeyboardInterrupt):
        run_batch(first, build, progress=interrupt)
    with pytest.raises(RunError, match="another input"):
        run_batch(batch_in(folder, genes=GENES[:5]), build)


def interrupt(stage, done, total):
    raise KeyboardInterrupt
