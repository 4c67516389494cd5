"""The estimator agrees with the counts, whatever the checkpoint does; `agreement.py` does it on 20,000 replications."""

import pytest

from tests.verification.agreement import CASES, block, z_of


@pytest.mark.parametrize("case", CASES)
def test_expected_detections_have_the_mean_of_the_counted_ones(case):
    """The difference of counted and expected has mean zero (|z| < 3.5), known to 6 % or better."""
    z, error = z_of(block(case, 0, 150))
    assert abs(z) < 3.5
    assert error < 0.06
