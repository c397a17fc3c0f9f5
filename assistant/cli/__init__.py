"""The command line: parse, call, print. The one place where errors become exit codes.

0 done; 1 unexpected error; 2 user error; 3 some genes failed; 130 interrupted; 143 ended by
the system (SIGTERM).
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from pydantic import ValidationError

EXIT_UNEXPECTED = 1
EXIT_USER_ERROR = 2
EXIT_SOME_FAILED = 3
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

_AFTER_INTERRUPT = "Finished work is kept: `annotate --resume` goes on, `add` can be run again"


class Terminated(KeyboardInterrupt):
    """The system asked the program to end; handled like a person's Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and end the process with its exit code."""
    # No model hub is asked unless the user says --online; set before any library is imported.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    signal.signal(signal.SIGTERM, _terminate)
    # A stream that the shell has closed (>&-) is None; what is written there goes nowhere.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - for the whole process
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115 - for the whole process
    sys.exit(run(arguments))


def _terminate(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Terminated


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; errors go to stderr as one line."""
    from assistant.cli.app import call

    try:
        code = call(arguments)
        sys.stdout.flush()  # here, where a reader that has gone is no error
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line of defence
        message, code = _explain(error)
        sys.stderr.write(f"metalumen: {message}\n")
    return code


def _explain(error: BaseException) -> tuple[str, int]:
    """Turn an error into one line and an exit code."""
    from pydantic import ValidationError

    from ingest.errors import MetalumenError, UserError

    match error:
        case UserError() | MetalumenError():
            is_users = isinstance(error, UserError)
            return str(error), EXIT_USER_ERROR if is_users else EXIT_UNEXPECTED
        case KeyboardInterrupt():
            return _interruption(error)
        case ValidationError():
            return _settings_fault(error), EXIT_USER_ERROR
        case OSError():
            return _system_fault(error), EXIT_USER_ERROR
    if os.environ.get("METALUMEN_DEBUG"):
        traceback.print_exception(error)
    hint = "Set METALUMEN_DEBUG=1 to see where, and please report it"
    return f"unexpected {type(error).__name__}: {error}. {hint}", EXIT_UNEXPECTED


def _interruption(error: KeyboardInterrupt) -> tuple[str, int]:
    if isinstance(error, Terminated):
        return f"ended by the system. {_AFTER_INTERRUPT}", EXIT_TERMINATED
    return f"interrupted. {_AFTER_INTERRUPT}", EXIT_INTERRUPTED


def _system_fault(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}. Check the path, its permissions and the free space"


def _settings_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"setting {field}: {first['msg']}"
