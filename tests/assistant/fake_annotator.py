"""An annotator that needs no knowledge base; importable, so that workers can build it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from assistant.claims import AnnotationRecord, Hypothesis


class FakeAnnotator:
    """Abstain on every gene; break on a gene whose id begins with ``bad``."""

    def __init__(self, kill_file: str = "", delay: float = 0.0):
        self.kill_file = kill_file
        self.delay = delay

    def close(self):
        pass

    def use_searched(self, path):
        pass

    def gather(self, genes, surroundings):
        if any(gene.id.startswith("bad-gather") for gene in genes):
            raise ValueError("cannot gather")
        return {gene.id: () for gene in genes}

    def draft(self, gene, evidence):
        if gene.id.startswith("bad"):
            raise ValueError("cannot draft")
        time.sleep(self.delay)
        if self.kill_file and gene.id == "gene-07" and not Path(self.kill_file).exists():
            Path(self.kill_file).write_text("killed once")
            os.kill(os.getpid(), signal.SIGKILL)
        statement = f"No evidence on a protein of {len(gene.translation)} residues."
        hypothesis = Hypothesis(
            id=f"hyp-{gene.id}", gene_id=gene.id, statement=statement, tier="abstain", probability=0
        )
        return AnnotationRecord(gene=gene, hypothesis=hypothesis, evidence=evidence)


def build():
    return FakeAnnotator()


def run_in_child(folder: str, kill_file: str) -> None:
    """Run the batch of the resume test; killed in the middle the first time."""
    from assistant.batch import prepare_folder, run_batch
    from tests.assistant.test_batch import batch_in

    batch = batch_in(Path(folder))
    prepare_folder(batch.folder, resume=True, force=False)
    run_batch(batch, lambda: FakeAnnotator(kill_file))
