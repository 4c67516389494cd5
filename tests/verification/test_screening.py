"""Known answer 7: binormal selection. Scores lie evenly over their distribution: shares are exact to a vehicle."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.validation.closed_forms.detection import operating_point

COUNT = 60_000


@pytest.fixture(scope="module")
def selected_and_found(build, known, vehicles):
    """Return, for ordinary vehicles and for targets, the share selected and the share found."""
    changes = known.day | {
        "targets": [{"name": "hidden", "per_10k": {"box": 20.0}, "cue_auc": float(ndtr(1.0 / np.sqrt(2.0)))}],
        "selection": {"rule": "score", "rate": {"default": 0.05}},
        "area": {
            "bays": 10_000,
            "waiting": 0,
            "stages": [{"name": "search", "duration": {"mean_s": 10.0, "cv": 0.0}, "finds": {"hidden": 0.8}}],
        },
    }
    plan = plan_of(build(changes))
    even = ndtri((np.arange(COUNT) + 0.5) / COUNT)
    shares = []
    for target in (0, 1):
        traffic = vehicles(plan, 1.0 * np.arange(COUNT), impression=even, targets=[target] * COUNT)
        log = simulate(traffic, plan)
        shares.append(((log.fate == Fate.INSPECTED).mean(), (log.found_at == 0).mean()))
    return shares


def test_binormal_selection(selected_and_found):
    """Prevalence 0.002, false positives 0.05, d' = 1, chance to find 0.8: 0.2595, 0.0504, 0.2076, 0.00824."""
    point = operating_point(0.002, 0.05, 1.0, 0.8)
    (false_positive_rate, found_ordinary), (true_positive_rate, found_share) = selected_and_found
    assert false_positive_rate == pytest.approx(0.05, abs=1.01 / COUNT)
    assert found_ordinary == 0.0
    assert true_positive_rate == pytest.approx(point.true_positive_rate, abs=1.01 / COUNT)
    selected_share = 0.002 * true_positive_rate + 0.998 * false_positive_rate
    assert selected_share == pytest.approx(point.selected_share, abs=1.01 / COUNT)
    # Whether a search finds is random: a binomial share of those selected.
    error = point.true_positive_rate * np.sqrt(0.8 * 0.2 / (COUNT * point.true_positive_rate))
    assert 1.96 * error < 0.01 * point.found_share
    assert found_share == pytest.approx(point.found_share, abs=3.5 * error)
    hit_rate = 0.002 * found_share / selected_share
    assert hit_rate == pytest.approx(point.hit_rate, rel=3.5 * error / point.found_share)
