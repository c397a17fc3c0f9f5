"""Works on a knowledge base in forked children that are killed at chosen moments.

Run as a script. Reads lines of JSON, ``{"kb", "files", "task", "kill_at", "kill_in", "limit"}``;
each is done in a child of its own, so that libraries are imported once. Answers ``{"signal",
"code", "said"}``, where ``said`` is the number of events, or the message of an error.
``kill_at`` counts the profiler's events (every Python and C call and return): SIGKILL comes at
that one. ``kill_in`` names a module, a function of it, and "call" or "return". ``limit`` is the
largest file in bytes that the child may write.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

import faiss
import numpy as np

from ingest.errors import MetalumenError
from ingest.readers import READERS
from retrieval.knowledge_base import KnowledgeBase
from retrieval.removing import remove_records

REFUSED = 7  # exit code: an error that says what to do

faiss.omp_set_num_threads(1)


class Countdown:
    """Count profiler events and kill the process at one of them."""

    def __init__(self, kill_at, kill_in):
        self.events = 0
        self.kill_at = kill_at
        self.module, self.function, self.event = kill_in or ("", "", "")

    def is_there(self, frame, event):
        if event != self.event or frame.f_code.co_name != self.function:
            return False
        return frame.f_globals.get("__name__") == self.module

    def __call__(self, frame, event, argument):
        self.events += 1
        if self.events == self.kill_at or self.is_there(frame, event):
            os.kill(os.getpid(), signal.SIGKILL)


def work(task, kb, files):
    if task == "add":
        with KnowledgeBase.open_or_create(
            kb, text_embedder="hashing", protein_embedder="hashing"
        ) as base:
            base.add(files)
    elif task == "rebuild":
        KnowledgeBase.rebuild(kb, text_embedder="hashing:32")
    elif task == "remove":
        remove_records(kb, [name.name for name in files])
    else:
        with KnowledgeBase.open(kb) as base:
            base.compact()


def child(order, answer):
    countdown = Countdown(order["kill_at"], order.get("kill_in"))
    if order["limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], resource.RLIM_INFINITY))
    code = 0
    try:
        sys.setprofile(countdown)
        work(order["task"], Path(order["kb"]), [Path(name) for name in order["files"]])
    except MetalumenError as error:
        code = REFUSED
        os.write(answer, str(error).encode())
    except Exception:  # noqa: BLE001 - the test shows it
        code = 1
        os.write(answer, traceback.format_exc().encode())
    finally:
        sys.setprofile(None)
    if code == 0:
        os.write(answer, str(countdown.events).encode())
    os._exit(code)


def forked(order):
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            child(order, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status)
    return {
        "signal": os.WTERMSIG(status) if killed else 0,
        "code": -1 if killed else os.WEXITSTATUS(status),
        "said": said,
    }


def main():
    for name in READERS.names():
        READERS.get(name)
    np.linalg.norm(np.ones(3))
    for line in sys.stdin:
        print(json.dumps(forked(json.loads(line))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
