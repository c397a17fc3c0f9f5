"""What the tiers are said to mean is what the bars of the calibration say."""

from __future__ import annotations

import pytest

from assistant.calibration import load_calibration
from assistant.report.words import TIERS


@pytest.mark.parametrize("tier", ["low", "medium", "high"])
def test_a_tier_names_its_bar(tier):
    bar = getattr(load_calibration().bars, tier)
    assert TIERS[tier].meaning.startswith(f"Probability {bar:.1f} or more")
    assert TIERS["abstain"].meaning.startswith("Below 0.5")
