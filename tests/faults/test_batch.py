"""Who is to blame: a gene is reported, a fault of the machine stops the batch."""

import json

import pytest

from assistant.batch import Shard, annotate_shard
from assistant.ledger import Journal, Ledger
from ingest.errors import DamagedFileError, MetalumenError, RunError
from ingest.records import Gene
from retrieval.evidence.base import Surroundings
from tests.assistant.fake_annotator import FakeAnnotator

GENES = tuple(Gene(f"gene-{n:02d}", "MK" + "A" * n) for n in range(1, 9))


class Failing(FakeAnnotator):
    """Fail to gather whenever one of the named genes is asked about."""

    def __init__(self, error, bad):
        super().__init__()
        self.error, self.bad, self.calls = error, bad, 0

    def gather(self, genes, surroundings):
        self.calls += 1
        if any(gene.id in self.bad for gene in genes):
            raise self.error
        return {gene.id: () for gene in genes}


def shard(journal=None):
    return Shard(0, GENES, Surroundings({}), journal)


@pytest.mark.parametrize("error", [ValueError("odd"), MetalumenError("crashed"), MemoryError()])
def test_one_gene_that_breaks_a_tool_is_found_by_halving(error):
    annotator = Failing(error, {"gene-03"})
    lines = [json.loads(line) for line in annotate_shard(shard(), annotator)]
    assert [line.get("failed_gene") for line in lines] == [
        gene.id if gene.id == "gene-03" else None for gene in GENES
    ]
    assert annotator.calls == 7  # 8, 4 4, 2 2, 1 1


@pytest.mark.parametrize(
    "error", [DamagedFileError("damaged"), OSError(28, "No space left on device")]
)
def test_a_fault_of_the_machine_stops_the_batch(error):
    with pytest.raises(type(error)):
        annotate_shard(shard(), Failing(error, {"gene-03"}))


def test_a_tool_that_fails_for_every_gene_stops_the_batch():
    with pytest.raises(MetalumenError, match="no room"):
        annotate_shard(shard(), Failing(MetalumenError("no room"), {gene.id for gene in GENES}))


def test_a_journal_keeps_what_a_model_answered(tmp_path):
    whole = annotate_shard(shard(), FakeAnnotator())
    path = tmp_path / "shard.journal"
    journal = Journal(path)
    for line in whole[:3]:
        journal.append(line)
    with path.open("ab") as handle:
        handle.write(whole[3].encode()[:20])  # killed while it was written
    asked = []

    class Counting(FakeAnnotator):
        def draft(self, gene, evidence):
            asked.append(gene.id)
            return super().draft(gene, evidence)

    assert annotate_shard(shard(path), Counting()) == whole
    assert asked == [gene.id for gene in GENES[3:]]


def test_progress_counts_genes():
    told = []
    annotate_shard(shard(), FakeAnnotator(), told.append)
    assert told == list(range(1, 9))


def test_a_ledger_is_used_by_one_process_at_a_time(tmp_path):
    with Ledger(tmp_path / "work"), pytest.raises(RunError, match="another process"):
        Ledger(tmp_path / "work")
    with Ledger(tmp_path / "work"):
        pass


def test_a_damaged_ledger_says_what_to_do(tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(RunError, match="--force"):
        Ledger(tmp_path)


def test_a_shard_that_was_changed_is_done_again(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.write(0, ["a", "b"])
        assert ledger.is_done(0)
        (tmp_path / "shard-000000.jsonl").write_text("a\n")
        assert not ledger.is_done(0)
