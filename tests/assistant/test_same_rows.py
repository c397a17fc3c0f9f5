"""The same genes give the same rows, whatever their order, their shards or what was done before."""

import json
import random

import pytest

from assistant.annotate import Annotator
from assistant.batch import Batch, prepare_folder, run_batch
from assistant.calibration import load_calibration
from assistant.inputs import QueryGenes
from ingest.records import Gene
from retrieval.aligners.mmseqs import Mmseqs
from retrieval.knowledge_base import KnowledgeBase
from tests.assistant.sample_reports import sample_run

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
ENTRIES = "accession\tec\tname\ttax\tsequence\n"


def relatives(ancestor, count, random_numbers):
    """Sequences in which every fifth residue may differ from the ancestor."""
    return [
        "".join(
            random_numbers.choice(RESIDUES) if random_numbers.random() < 0.2 else residue
            for residue in ancestor
        )
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A knowledge base of four families, and genes of these and of none."""
    folder = tmp_path_factory.mktemp("same")
    random_numbers = random.Random(7)
    families = ["".join(random_numbers.choices(RESIDUES, k=150)) for _ in range(4)]
    rows, genes = [], []
    for number, ancestor in enumerate(families):
        for copy, sequence in enumerate(relatives(ancestor, 8, random_numbers)):
            ec = f"3.2.1.{20 + number + (copy > 5)}"
            name = f"Enzyme {number} of substrate {copy > 5} (EC {ec})"
            rows.append(f"P{number}{copy:04d}\t{ec}\t{name}\tSpecies {copy}\t{sequence}\n")
        genes += relatives(ancestor, 3, random_numbers)
    genes += ["".join(random_numbers.choices(RESIDUES, k=120)) for _ in range(3)]
    table = folder / "enzymes.tsv"
    table.write_text(ENTRIES + "".join(rows))
    base = folder / "kb"
    with KnowledgeBase.create(base, text_embedder="hashing", protein_embedder="kmer") as kb:
        kb.add([table])
    return base, tuple(Gene(f"g{n:02d}", sequence) for n, sequence in enumerate(genes))


def rows_of(base, genes, folder, *, shard_size, ahead, keeps=False):
    """Annotate; return the whole answer for each gene."""
    batch = Batch(QueryGenes(genes, (), (), ("0" * 64,)), folder, sample_run(), shard_size)
    prepare_folder(folder, resume=False, force=False)

    def open_base():
        return KnowledgeBase.open(base)

    def build():
        return Annotator(open_base(), load_calibration())

    run_batch(batch, build, open_base=open_base if ahead else None, keeps_searches=keeps)
    lines = (folder / "hypotheses.jsonl").read_text().splitlines()
    return {json.loads(line)["gene"]["id"]: line for line in lines}


def test_order_shards_and_searching_ahead_change_no_row(world, tmp_path):
    base, genes = world
    expected = rows_of(base, genes, tmp_path / "a", shard_size=100, ahead=True)
    # There is something to compare: genes with relatives, and three without.
    tiers = [json.loads(line)["hypothesis"]["tier"] for line in expected.values()]
    assert (len(expected), tiers.count("abstain")) == (len(genes), 3)
    mixed = list(genes)
    random.Random(1).shuffle(mixed)
    assert rows_of(base, tuple(mixed), tmp_path / "b", shard_size=4, ahead=True) == expected
    assert rows_of(base, genes[::-1], tmp_path / "c", shard_size=100, ahead=False) == expected


def test_a_cold_a_warm_and_a_damaged_cache_change_no_row(world, tmp_path, monkeypatch):
    base, genes = world

    def rows(name, size=5):
        return rows_of(base, genes, tmp_path / name, shard_size=size, ahead=True, keeps=True)

    expected = rows_of(base, genes, tmp_path / "none", shard_size=5, ahead=True)
    assert not (base / "cache" / "searches").exists()
    assert rows("cold") == expected
    with monkeypatch.context() as patched:
        patched.setattr(Mmseqs, "_search", lambda *_: pytest.fail("searched again"))
        assert rows("warm", size=100) == expected
    kept = sorted(path for path in (base / "cache" / "searches").rglob("*") if path.is_file())
    assert len(kept) == len({gene.sequence_sha256 for gene in genes})
    kept[0].write_bytes(kept[1].read_bytes())
    kept[2].write_bytes(b"")
    kept[3].unlink()
    assert rows("partial") == expected


def test_references_that_are_added_or_removed_are_seen_in_spite_of_the_cache(world, tmp_path):
    _, genes = world
    tables = []
    for n, gene in enumerate(genes[:2]):
        tables.append(tmp_path / f"{n}.tsv")
        row = f"Q{n}0000\t3.2.1.{n}\tOne more enzyme\tSpecies\t{gene.translation}\n"
        tables[n].write_text(ENTRIES + row)

    def rows(name, *, keeps):
        folder = tmp_path / name
        return rows_of(base, genes[:3], folder, shard_size=9, ahead=True, keeps=keeps)

    base = tmp_path / "kb"
    with KnowledgeBase.create(base, text_embedder="hashing", protein_embedder="hashing") as kb:
        kb.add(tables[:1])
        first = rows("first", keeps=True)
        kb.add(tables[1:])
        second = rows("second", keeps=True)
    assert second == rows("second anew", keeps=False)
    assert second != first
