"""Run shards in this process or in several; results come in the order of the shards."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.annotate import Annotator
    from assistant.batch import Shard

    Work = Callable[[Shard, Annotator], tuple[str, ...]]

# A worker opens the knowledge base and the models once and keeps them for all its shards.
_worker: dict[str, Annotator] = {}


def run_shards(
    shards: Sequence[Shard],
    build: Callable[[], Annotator],
    work: Work,
    *,
    workers: int,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (shard number, lines) for each shard."""
    if not shards:
        return
    if workers == 1:
        annotator = build()
        yield from ((shard.number, work(shard, annotator)) for shard in shards)
        return
    # Spawned, not forked: a fork would copy the thread pools of torch and FAISS half alive.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=min(workers, len(shards)),
        mp_context=context,
        initializer=_start,
        initargs=(build,),
    ) as pool:
        futures = [pool.submit(_work_in_worker, work, shard) for shard in shards]
        try:
            for shard, future in zip(shards, futures, strict=True):
                yield shard.number, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start(build: Callable[[], Annotator]) -> None:
    _worker["annotator"] = build()


def _work_in_worker(work: Work, shard: Shard) -> tuple[str, ...]:
    return work(shard, _worker["annotator"])
