"""What a command costs: seconds on the clock, CPU seconds, and memory of all its processes.

Memory is the sum over the process and its descendants of the proportional set size (pages that
several processes share count once), looked at up to four times a second; Linux only, else 0.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EVERY: Final = 0.25  # seconds between two looks at the memory, at least
_REST: Final = 30  # times as long as a look takes, at least: large processes take long to look at
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, CPU seconds of all processes, and their peak memory in GB (10^9 bytes)."""

    seconds: float
    cpu_seconds: float
    peak_gb: float

    @property
    def cells(self) -> tuple[str, str, str]:
        """The figures as a table shows them."""
        return f"{self.seconds:.1f}", f"{self.cpu_seconds:.1f}", f"{self.peak_gb:.2f}"

    def __add__(self, other: Spent) -> Spent:
        """Cost of one after the other."""
        return Spent(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.peak_gb, other.peak_gb),
        )


def spend(
    command: Sequence[str], *, log: Path | None = None, extra: Mapping[str, str] | None = None
) -> Spent:
    """Run a command and measure it.

    Args:
        command: Program and arguments.
        log: Where its output goes; None: nowhere.
        extra: Environment variables beside those of this process.

    Raises:
        RuntimeError: It failed.
    """
    began = time.monotonic()
    with Path(log or os.devnull).open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(extra or {})}
        )
        peak = _Peak(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with code {process.returncode}; see {log}")
    return Spent(seconds, used.ru_utime + used.ru_stime, peak.end() / 1e9)


class _Peak:
    """Watch the memory of a process and its descendants in a thread of its own."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._bytes = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> int:
        """Stop, and return the peak in bytes."""
        self._ended.set()
        self._thread.join()
        return self._bytes

    def _watch(self) -> None:
        took = 0.0
        while not self._ended.wait(max(_EVERY, _REST * took)):
            began = time.monotonic()
            self._bytes = max(self._bytes, sum(map(_memory, _family(self._pid))))
            took = time.monotonic() - began


def _family(pid: int) -> list[int]:
    """List a process and its descendants."""
    members, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        members.append(member)
        for task in (_PROC / str(member) / "task").glob("*/children"):
            with suppress(OSError):
                waiting.extend(map(int, task.read_text().split()))
    return members


def _memory(pid: int) -> int:
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
