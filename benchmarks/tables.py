"""What benchmarks share that print a table: the options and the output."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Begin a benchmark's options: ``-o`` names a file for the table."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path)
    return parser


def write_table(lines: Sequence[str], output: Path | None) -> None:
    """Write the table to a file if one is named."""
    if output:
        output.write_text("\n".join(lines) + "\n", encoding="utf-8")
