"""DIAMOND as an aligner, where it is installed."""

import pytest

from ingest.errors import MissingDependencyError
from retrieval.aligners.diamond import PROGRAM, Diamond
from tests.contracts.aligner import AlignerContract


def is_installed() -> bool:
    try:
        PROGRAM.find()
    except MissingDependencyError:
        return False
    return True


@pytest.mark.skipif(not is_installed(), reason="DIAMOND is not installed")
class TestDiamond(AlignerContract):
    @pytest.fixture
    def aligner(self):
        return Diamond()


def test_a_missing_program_says_how_to_get_it(monkeypatch):
    monkeypatch.delenv("METALUMEN_DIAMOND", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingDependencyError, match="METALUMEN_DIAMOND"):
        Diamond().version()
