"""The process whose children are killed, as the tests see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.faults import kb_victim


class Victims:
    """Talk to the process whose children are killed."""

    def __init__(self):
        root = Path(kb_victim.__file__).parent.parent.parent
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kb_victim"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, task, kb, files=(), **moment):
        self.order(task, kb, files, **moment)
        return self.answer()

    def order(self, task, kb, files, *, kill_at=0, kill_in=(), limit=0):
        order = {"task": task, "kb": str(kb), "files": [str(it) for it in files]}
        order |= {"kill_at": kill_at, "kill_in": kill_in, "limit": limit}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)
