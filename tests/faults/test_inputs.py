"""Bad input through the command line: one line, the right exit code, nothing written or lost."""

import bz2
import csv
import gzip
import json
import lzma
import shutil
import sqlite3

import pytest

from retrieval.upkeep import check_everything
from tests.cli.world import EMBEDDERS, protein


def one_line(result, *words):
    """Check that the error is one line that says what, and shows no traceback."""
    assert result.code == 2
    assert result.err.startswith("metalumen: ")
    assert result.err.count("\n") == 1
    for word in words:
        assert word in result.err
    return True


GOOD = protein("good")
#: What is broken, and a word of the reason.
BROKEN = {
    "no sequence": (f">bad\n\n>good\n{GOOD}\n", "bad", "no sequence"),
    "an illegal character": (f">bad\nMK1$LL\n>good\n{GOOD}\n", "bad", "illegal character"),
    "a stop inside": (f">bad\nMKV*LLLAAAKK\n>good\n{GOOD}\n", "bad", "stop"),
    "another script": (f">bad\nMKÜLL\n>good\n{GOOD}\n", "bad", "illegal character"),
    "no id": (f">\nMKVV\n>good\n{GOOD}\n", "line 1", "no id"),
    "an id twice": (f">good\n{GOOD}\n>good\nMKV\n", "good", "twice"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_record_is_named_and_the_good_one_annotated(told, made, tmp_path, what):
    text, gene_id, reason = BROKEN[what]
    (tmp_path / "genes.faa").write_text(text, encoding="utf-8")
    result = told("annotate", made.kb, tmp_path / "genes.faa", "-o", tmp_path / "run")
    assert result.code == 3
    assert str(tmp_path / "run" / "failed.tsv") in result.err
    failed = (tmp_path / "run" / "failed.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split("\t")[0] for line in failed] == [gene_id]
    assert reason in failed[0]
    assert annotated(tmp_path / "run") == ["good"]


def annotated(run):
    with (run / "annotations.tsv").open(encoding="utf-8", newline="") as handle:
        return [row["gene_id"] for row in csv.DictReader(handle, delimiter="\t")]


def test_odd_but_good_genes_change_nothing_for_the_others(told, made, tmp_path):
    odd = {
        "xs": "X" * 40,
        "lower": GOOD.lower(),
        "long": protein("long", 40_000),
        "short": "MK",
        "stop_at_end": f"{GOOD}*",
        "ambiguous": f"{GOOD}BZJUO",
    }
    text = "".join(f">{name} some words\r\n{residues}\r\n" for name, residues in odd.items())
    (tmp_path / "odd.faa").write_bytes(f">plain\n{GOOD}\n{text}".encode())
    (tmp_path / "plain.faa").write_text(f">plain\n{GOOD}\n")
    for name in ("odd", "plain"):
        result = told("annotate", made.kb, tmp_path / f"{name}.faa", "-o", tmp_path / name)
        assert result.code == 0
    assert annotated(tmp_path / "odd") == ["plain", *odd]
    first = [
        (tmp_path / name / "hypotheses.jsonl").read_text().splitlines()[0]
        for name in ("odd", "plain")
    ]
    alone, beside = (json.loads(line) for line in first)
    assert alone["hypothesis"] == beside["hypothesis"]


COMPRESSORS = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


@pytest.mark.parametrize("suffix", COMPRESSORS)
@pytest.mark.parametrize("command", ["inspect", "add", "annotate"])
def test_a_truncated_file(told, made, tmp_path, suffix, command):
    cut = tmp_path / f"genes.faa.{suffix}"
    whole = COMPRESSORS[suffix](made.files["genes.faa"].read_bytes())
    cut.write_bytes(whole[: len(whole) // 2])
    kb, run = tmp_path / "kb", tmp_path / "run"
    shutil.copytree(made.kb, kb)
    before = (kb / "kb.sqlite").read_bytes()
    arguments = {
        "inspect": ("inspect", cut),
        "add": ("add", kb, cut),
        "annotate": ("annotate", kb, cut, "-o", run),
    }
    assert one_line(told(*arguments[command]), cut.name, "damaged or cut short")
    assert (kb / "kb.sqlite").read_bytes() == before
    assert not run.exists()


NO_FILES = {
    "absent": (None, "no such file"),
    "empty": (b"", "empty"),
    "junk": (b"\x00\x01\x02\xff" * 50, "binary"),
    "prose": (b"Dear reviewer, thank you.\n", "Dear reviewer"),
    "table": (b"accession\tname\nP1\tx\n", "accession"),
}


@pytest.mark.parametrize("name", NO_FILES)
@pytest.mark.parametrize("command", ["inspect", "add", "annotate"])
def test_what_is_no_input(told, made, tmp_path, name, command):
    content, words = NO_FILES[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    arguments = {
        "inspect": ("inspect", tmp_path / name),
        "add": ("add", tmp_path / "kb", tmp_path / name, *EMBEDDERS),
        "annotate": ("annotate", made.kb, tmp_path / name, "-o", tmp_path / "run"),
    }
    assert one_line(told(*arguments[command]), name, words)
    assert not (tmp_path / "run").exists()


def test_a_folder_is_no_input(told, made, tmp_path):
    assert one_line(told("annotate", made.kb, tmp_path, "-o", tmp_path / "run"), "folder")


def test_tables_are_no_genes(told, made, tmp_path):
    table = made.files["profile.tsv"]
    result = told("annotate", made.kb, table, "-o", tmp_path / "run")
    assert one_line(result, "profile.tsv", "not genes", "metalumen add")


def test_one_bad_file_of_several_adds_nothing(told, made, tmp_path):
    (tmp_path / "junk").write_bytes(b"\x00" * 10)
    files = (made.files["papers.jsonl"], tmp_path / "junk")
    assert one_line(told("add", tmp_path / "kb", *files, *EMBEDDERS), "junk")
    assert not (tmp_path / "kb").exists()


def test_a_file_that_is_refused_leaves_no_base_behind(told, made, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('[{"title": "A title", "abstract": "cut')
    assert one_line(told("add", tmp_path / "kb", broken, *EMBEDDERS), "broken.json")
    assert not (tmp_path / "kb").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".keep").touch()
    assert one_line(told("add", tmp_path / "mine", broken, *EMBEDDERS), "broken.json")
    assert [it.name for it in (tmp_path / "mine").iterdir()] == [".keep"]


def test_what_was_added_before_a_file_that_is_refused_stays(told, made, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('[{"title": "A title", "abstract": "cut')
    files = (made.files["papers.jsonl"], broken)
    assert one_line(told("add", tmp_path / "kb", *files, *EMBEDDERS), "broken.json")
    assert json.loads(told("info", tmp_path / "kb", "--json").out)["counts"]["files"] == 1
    assert one_line(told("add", tmp_path / "kb", broken, *EMBEDDERS), "broken.json")
    assert json.loads(told("info", tmp_path / "kb", "--json").out)["counts"]["files"] == 1


def test_paths_with_spaces_and_letters_of_other_scripts(told, made, tmp_path):
    folder = tmp_path / "päth with späces"
    folder.mkdir()
    shutil.copytree(made.kb, folder / "kb ü")
    shutil.copy(made.files["genes.faa"], folder / "gènes 1.faa")
    run = folder / "rün 1"
    result = told("annotate", folder / "kb ü", folder / "gènes 1.faa", "-o", run)
    assert result.code == 0
    assert len(annotated(run)) == 12
    assert told("report", run, "-o", folder / "ré port.html").code == 0


# the knowledge base


def test_a_damaged_segment_is_named_and_nothing_is_annotated(told, world):
    segment = next((world.kb / "vectors" / "sequence").iterdir())
    content = bytearray(segment.read_bytes())
    content[-5] ^= 1
    segment.write_bytes(content)
    run = world.folder / "fresh"
    result = told("annotate", world.kb, world.files["genes.faa"], "-o", run)
    assert one_line(result, segment.name, "metalumen rebuild KB")
    assert not (run / "annotations.tsv").exists()
    with pytest.raises(Exception, match=segment.name):
        check_everything(world.kb)
    assert told("rebuild", world.kb).code == 0
    genes = world.files["genes.faa"]
    assert told("annotate", world.kb, genes, "-o", run, "--resume").code == 0
    assert len(annotated(run)) == 12


def test_another_schema_version(told, world):
    (world.kb / "manifest.json").unlink()
    connection = sqlite3.connect(world.kb / "kb.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert one_line(told("info", world.kb), "schema version 99", "Update Metalumen")


def test_what_is_no_knowledge_base(told, made, tmp_path):
    (tmp_path / "file").write_text("x")
    assert one_line(told("info", tmp_path / "file"), "not a knowledge base")
    assert one_line(told("search", tmp_path / "none", "x"), "no such knowledge base")
    result = told("add", tmp_path, made.files["papers.jsonl"])
    assert one_line(result, "holds other files")


def test_an_embedder_is_never_changed_in_passing(told, made):
    result = told("add", made.kb, made.files["papers.jsonl"], "--text-embedder", "minilm")
    assert one_line(result, "hashing", "metalumen rebuild")


# runs and models


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nonsense", "nonsense"),
        ("gguf:absent.gguf", "absent.gguf"),
        ("openai:http://127.0.0.1", "model is missing"),
        ("openai:https://api.example.com/v1#m", "--online"),
        ("openai:http://127.0.0.1:9/v1#m", "no language-model server answers"),
        ("scripted:absent.jsonl", "absent.jsonl"),
    ],
)
def test_a_wrong_model_is_told_before_anything_is_written(told, made, tmp_path, spec, words):
    genes, run = made.files["genes.faa"], tmp_path / "run"
    result = told("annotate", made.kb, genes, "-o", run, "--llm", spec)
    assert one_line(result, words)
    assert not run.exists()


def test_a_run_is_resumed_only_with_the_same_arguments(told, world):
    genes = world.files["genes.faa"]
    again = ("annotate", world.kb, genes, "-o", world.run)
    assert one_line(told(*again), "--resume", "--force")
    before = (world.run / "hypotheses.jsonl").read_bytes()
    assert told(*again, "--resume").code == 0
    assert one_line(told(*again, "--resume", "--seed", "4"), "seed")
    assert one_line(told(*again, "--resume", "--force"), "exclude")
    (world.folder / "other.faa").write_text(f">other\n{GOOD}\n")
    other = ("annotate", world.kb, world.folder / "other.faa", "-o", world.run, "--resume")
    assert one_line(told(*other), "input")
    assert (world.run / "hypotheses.jsonl").read_bytes() == before


def test_force_removes_a_run_and_nothing_else(told, world):
    genes = world.files["genes.faa"]
    (world.run / "notes.txt").write_text("mine")
    again = ("annotate", world.kb, genes, "-o", world.run, "--force")
    assert told(*again).code == 0
    assert (world.run / "notes.txt").read_text() == "mine"
    assert told("review", world.run, "defer", "gene_00", "--reviewer", "Ada").code == 0
    assert one_line(told(*again), "reviewers")
    assert "deferred" in told("review", world.run, "history", "gene_00").out


@pytest.mark.parametrize("damage", ["{", "[]", "\x00", '{"schema_version": "0"}'])
def test_a_damaged_run(told, world, damage):
    (world.run / "run.json").write_text(damage)
    for command in (
        ("report", world.run, "-o", world.folder / "r.md"),
        ("review", world.run, "list"),
    ):
        assert one_line(told(*command), "run.json")


def test_a_place_that_cannot_be_written(told, made):
    target = made.run / "no folder" / "r.html"
    assert one_line(told("report", made.run, "-o", target), "r.html", "Check the path")


def test_a_mistyped_gene_or_filter(told, made):
    assert one_line(told("review", made.run, "history", "gene_99"), "gene_99")
    assert one_line(told("review", made.run, "show", "gene_99"), "gene_99")
    assert one_line(told("review", made.run, "list", "--state", "signed"), "accepted")
    assert one_line(told("search", made.kb, " "), "empty")
    assert one_line(told("search", made.kb, "x", "--in", "attic"), "literature")


def test_a_read_only_base_can_be_read(told, world):
    files = [world.kb / "kb.sqlite", world.kb]
    for path in files:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        assert told("search", world.kb, "urease", "-k", "1").code == 0
    finally:
        for path in files:
            path.chmod(path.stat().st_mode | 0o200)


def test_what_was_added_before_a_bad_file_is_told_and_stays(told, made, tmp_path):
    kb, table = tmp_path / "kb", made.files["profile.tsv"]
    result = told("add", kb, made.files["papers.jsonl"], "--metadata", table, *EMBEDDERS)
    assert one_line(result, "profile.tsv")
    assert "2 publications added" in result.out
    assert json.loads(told("info", kb, "--json").out)["counts"]["publications"] == 2


def test_genes_without_a_sequence_are_told_and_listed(told, made, tmp_path):
    result = told("annotate", made.kb, made.files["genome.gff"], "-o", tmp_path / "run")
    assert result.code == 3
    assert "genome.gff: 2 genes have no sequence" in result.err
    failed = (tmp_path / "run" / "failed.tsv").read_text().splitlines()
    assert [line.split("\t")[0] for line in failed] == ["gene_id", "ABC_00001", "ABC_00002"]
