"""The world of the command-line tests, and the process whose children are killed."""

import pytest

from tests.cli.conftest import made, told, world
from tests.faults.victims import Victims

__all__ = ["made", "told", "world"]


@pytest.fixture(scope="module")
def victims():
    with Victims() as started:
        yield started
