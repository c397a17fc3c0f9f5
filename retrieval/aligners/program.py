"""Find and run the program of an aligner."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import MetalumenError, MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST_LINES = 5  # of a failed run's output, kept in the message
_KILLED = -9  # return code of a process that the system ended, most often for memory


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its name on the PATH, how a user names another, and how to get it.

    ``in_wheel`` is its path below the installed packages, where a Python package carries it.
    """

    title: str
    command: str
    variable: str
    how_to_get: str
    in_wheel: str = ""

    def find(self) -> Path:
        """Find the program: the environment variable, the Python package, then the PATH.

        Raises:
            MissingDependencyError: There is none, or the named one cannot be run.
        """
        named = os.environ.get(self.variable, "")
        if named:
            return self._runnable(Path(named), self.variable)
        for scheme in ("platlib", "purelib") if self.in_wheel else ():
            carried = Path(sysconfig.get_path(scheme)) / self.in_wheel
            if carried.is_file():
                return self._runnable(carried, self.in_wheel.partition("/")[0])
        found = shutil.which(self.command)
        if found:
            return Path(found)
        hint = f"{self.how_to_get}; or set {self.variable} to the program"
        raise MissingDependencyError(f"{self.title} is not installed", hint=hint)

    def run(self, arguments: Sequence[str]) -> str:
        """Run the program and return what it prints.

        Raises:
            MissingDependencyError: It is not installed.
            MetalumenError: It failed; the message shows its last lines.
        """
        command = [str(self.find()), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode == 0:
            return done.stdout
        printed = f"{done.stdout}\n{done.stderr}".splitlines()
        hint = "; ".join([line.strip() for line in printed if line.strip()][-_LAST_LINES:])
        if done.returncode == _KILLED:
            hint = f"The system ended it, most likely for want of memory. {hint}"
        what = f"{self.title} ended with code {done.returncode}"
        raise MetalumenError(what, where=f"{self.command} {arguments[0]}", hint=hint)

    def _runnable(self, path: Path, source: str) -> Path:
        if not path.is_file():
            what = f"no such {self.title} program"
            raise MissingDependencyError(what, where=f"{source}={path}")
        if not os.access(path, os.X_OK):
            try:  # a wheel unpacked without its mode bits
                path.chmod(path.stat().st_mode | 0o111)
            except OSError as error:
                what = f"the {self.title} program may not be run ({error.strerror})"
                hint = "Make it executable with chmod +x"
                raise MissingDependencyError(what, where=f"{source}={path}", hint=hint) from error
        return path
