"""Start the pages: Streamlit as a child process, on loopback, sending nothing anywhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import assistant
from ingest.errors import UserError

# Environment variables through which the pages learn what to open.
OPEN_KNOWLEDGE_BASE = "METALUMEN_KNOWLEDGE_BASE"
OPEN_RUN = "METALUMEN_RUN"
OPEN_LLM = "METALUMEN_LLM"

_HOST: Final = "127.0.0.1"

# Flags, not a file: Streamlit reads its project file from the current folder only.
# fileWatcherType: the watcher walks torch's modules. usageStats: nothing leaves the machine.
# toolbarMode, showErrorLinks: no menus and links to outside services.
# allowedHosts: a foreign site cannot reach the pages through a name that it points here.
# disableDataExport: files come from the exporters, which guard against cells that run as formulas.
FLAGS: dict[str, str | tuple[str, ...]] = {
    "server.address": _HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "200",
    "server.enableXsrfProtection": "true",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "server.allowedHosts": ("localhost", "127.0.0.1"),
    "client.toolbarMode": "viewer",
    "client.disableDataExport": "true",
    "client.showErrorDetails": "type",
    "client.showErrorLinks": "false",
    "runner.magicEnabled": "false",
    "theme.light.primaryColor": "#2b7f74",
    "theme.light.linkColor": "#0a5f56",
    "theme.dark.primaryColor": "#2b7f74",
    "theme.dark.linkColor": "#7fd0c2",
    "theme.paddingTop": "1rem",
    "theme.headingFontSizes": "1.75rem",
}


def entry_file() -> Path:
    """Find ``app.py``, beside the packages in a checkout and when installed."""
    return Path(assistant.__file__).resolve().parent.parent / "app.py"


def command(port: int) -> list[str]:
    """Build the command line that starts the pages."""
    flags = [
        f"--{name}={value}"
        for name, values in FLAGS.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return [
        sys.executable, "-m", "streamlit", "run", str(entry_file()),
        f"--server.port={port}", *flags,
    ]  # fmt: skip


def serve(*, port: int, knowledge_base: Path | None, run: Path | None, llm: str | None) -> int:
    """Run the pages until they are stopped; return the exit code.

    Raises:
        UserError: The port is taken, or not for this user.
    """
    _refuse_taken(port)
    chosen = {
        OPEN_KNOWLEDGE_BASE: str(knowledge_base.resolve()) if knowledge_base else None,
        OPEN_RUN: str(run.resolve()) if run else None,
        OPEN_LLM: llm,
    }
    given = {name: value for name, value in chosen.items() if value}
    sys.stderr.write(f"metalumen: the pages are at http://127.0.0.1:{port} (Ctrl-C stops them)\n")
    return subprocess.run(command(port), env={**os.environ, **given}, check=False).returncode


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port whose last connection has just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            what = f"port {port} cannot be used ({error.strerror})"
            hint = "The pages may be open already; else name another port with --port"
            raise UserError(what, where="ui", hint=hint) from error
