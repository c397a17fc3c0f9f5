"""Run shards in this process or in several; results come as they are finished."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from typing import TYPE_CHECKING

from ingest.errors import MetalumenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.annotate import Annotator
    from assistant.batch import Shard

    Tick = Callable[[int], None]
    Work = Callable[[Shard, Annotator, Tick | None], tuple[str, ...]]

# A worker opens the knowledge base and the models once and keeps them for all its shards.
_worker: dict[str, Annotator] = {}


def run_shards(
    shards: Sequence[Shard],
    build: Callable[[], Annotator],
    work: Work,
    *,
    workers: int,
    tick: Tick | None = None,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (shard number, lines) for each shard; ``tick`` hears of genes in this process only."""
    if not shards:
        return
    if workers == 1:
        with closing(build()) as annotator:
            yield from ((shard.number, work(shard, annotator, tick)) for shard in shards)
        return
    # Spawned, not forked: a fork would copy the thread pools of torch and FAISS half alive.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=min(workers, len(shards)),
        mp_context=context,
        initializer=_start,
        initargs=(build,),
    ) as pool:
        numbers = {pool.submit(_work_in_worker, work, shard): shard.number for shard in shards}
        try:
            # What is finished is handed on at once: it is then safe from whatever comes next.
            for future in as_completed(numbers):
                yield numbers[future], future.result()
        except BrokenProcessPool as error:
            raise MetalumenError(
                "a worker process was ended by the system, most likely for want of memory",
                where="annotate",
                hint="Go on with --resume and fewer --workers",
            ) from error
        except BaseException:
            # Waiting for shards in progress would look like a hang to who pressed Ctrl-C.
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start(build: Callable[[], Annotator]) -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    _worker["annotator"] = build()
    # An exception ends the search program that runs, and removes its temporary files. Before
    # there is one the signal ends the process at once: here, an exception would be printed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def _end_with_parent() -> None:
    """Leave when the parent is gone: a worker without one would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work_in_worker(work: Work, shard: Shard) -> tuple[str, ...]:
    return work(shard, _worker["annotator"], None)
