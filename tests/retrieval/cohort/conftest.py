"""The real cohorts."""

import pytest


@pytest.fixture(scope="module")
def cohorts(shared):
    folder = shared / "cohorts"
    if not folder.is_dir():
        pytest.skip("no cohorts among the real data")
    return folder
