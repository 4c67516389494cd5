"""The tele-operator centre of the benchmarks, against a day computed by hand."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

DAY, H = 1440.0, 60.0


@pytest.fixture(scope="module")
def model():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
        return import_module("teleops_model")


def test_one_driver_for_a_day(model):
    """A car-only driver from 08:00 on; his break is 5 min late, and his last call ends 2 min after the shift."""
    starts = np.zeros((3, 24), dtype=np.int64)
    starts[model.CAR, 8] = 1
    clock_h = [9.0, 9.0 + 5 / 60, 11.0 + 55 / 60, 12.0 + 20 / 60, 15.0 + 59 / 60]
    times = DAY + H * np.array(clock_h)
    lengths = np.array([10.0, 10.0, 10.0, 3.0, 3.0])
    share, cost = model.simulate(starts, times, np.zeros(5, np.int64), lengths, np.array(model.PAY_PER_H))
    assert share == pytest.approx(3 / 5)  # at 09:05 he is busy, at 12:20 on his break
    extra = 0.5 * 20 * 5 / 60 + 1.5 * 20 * 2 / 60  # overtime instead of pay; overtime
    assert cost == pytest.approx(7.5 * 20 + extra / 7)


def test_the_shift_of_the_description_costs_164_dollars(model):
    """Car-only, 18:00 to 02:00 with a break at 22:00, late hours a fifth dearer."""
    assert model.pay(18 * H, 26 * H, 20.0) - model.pay(22 * H, 22.5 * H, 20.0) == pytest.approx(164.0)


def test_flexible_drivers_take_what_dedicated_ones_cannot(model):
    starts = np.zeros((3, 24), dtype=np.int64)
    starts[:, 8] = 1
    times = DAY + H * np.array([9.0, 9.01, 9.02, 9.03])
    kinds = np.array([0, 0, 1, 1])
    share, _ = model.simulate(starts, times, kinds, np.full(4, 30.0), np.array(model.PAY_PER_H))
    assert share == pytest.approx(3 / 4)  # the second car has the flexible driver, so the second truck waits
