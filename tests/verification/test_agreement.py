"""The expected detections have the mean of the counted ones, whatever the checkpoint does."""

import numpy as np
import pytest

from funnelsim.experiments.replication import measures_of
from tests.verification.agreement import CASES, plan_for

SEED = 77
REPLICATIONS = 20_000


@pytest.mark.parametrize("case", CASES)
def test_expected_detections_have_the_mean_of_the_counted_ones(case):
    """The difference of counted and expected has mean zero (|z| < 3), known to half a per cent."""
    (found,) = measures_of([plan_for(case)], SEED, range(REPLICATIONS))
    difference = found["detections"] - found["expected_detections"]
    error = difference.std(ddof=1) / np.sqrt(REPLICATIONS)
    assert abs(difference.mean()) < 3.0 * error
    assert error < 0.005 * found["detections"].mean()
