"""The small knowledge base and run of the command-line tests."""

from tests.cli.conftest import made, told, world

__all__ = ["made", "told", "world"]
