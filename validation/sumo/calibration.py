"""CalibrationResult once: capacity and merge cost to the delays, then the wave speed to the queue, at 1,500 vehicles/h.

In a lane with more demand than capacity, delays grow from vehicle to vehicle. Capacity determines how fast, merge cost
from where. Both are found by least squares over all vehicles of the calibration runs. The wave speed has
no influence on delays; it is found afterwards, as the one that gives the longest queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq, least_squares

from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import Engine
from validation.sumo.recorded import CALIBRATED_VPH, Hour, Queue
from validation.sumo.replayed import replay
from validation.sumo.twin import Calibration, Twin

FIRST_GUESS = (1350.0, 20.0)  # vehicles/h, s
SCALES = np.array([100.0, 10.0])  # so that steps in both have a similar effect
STEP = 1e-4  # for slopes, as a share
ENOUGH = 1e-6  # relative gain at which the search stops
WAVES_KMH = (8.0, 40.0)
WAVE_TO_KMH = 0.01


@dataclass(frozen=True)
class CalibrationResult:
    """The result of a calibration.

    Attributes
    ----------
    best
        The calibration.
    merge_each_s
        The merge cost from each hour alone, which shows how well it is known.
    """

    best: Calibration
    merge_each_s: tuple[float, ...]


def calibrate(
    hours: list[Hour], twins: list[Twin], longest: Mapping[int, Queue], model: str, engine: Engine
) -> CalibrationResult:
    """Take capacity, merge cost and wave speed from the runs at 1,500 vehicles/h; and from no others.

    Parameters
    ----------
    hours, twins
        SUMO's runs, and the same vehicles in funnelsim.
    longest
        SUMO's longest queue by demand.
    model
        SUMO's car-following model.
    engine
        That simulates.
    """
    runs = [(hour, twin) for hour, twin in zip(hours, twins, strict=True) if hour.demand_vph == CALIBRATED_VPH]

    def differences_s(scaled: FloatArray) -> FloatArray:
        tried = _calibration(scaled)
        return np.concatenate(
            [replay(twin, tried, engine).delays_s.mean(axis=0) - hour.delay_s(model) for hour, twin in runs]
        )

    fit = least_squares(differences_s, np.array(FIRST_GUESS) / SCALES, diff_step=[STEP, STEP], ftol=ENOUGH)
    found = _calibration(fit.x)

    def too_long_m(wave_kmh: float) -> float:
        tried = replace(found, wave_speed_kmh=wave_kmh)
        ours = [replay(twin, tried, engine).longest_m for _, twin in runs]
        return float(np.mean(ours)) - longest[CALIBRATED_VPH].longest_m

    wave_kmh = float(brentq(too_long_m, *WAVES_KMH, xtol=WAVE_TO_KMH))
    parts = np.split(np.arange(len(fit.fun)), np.cumsum([len(hour.arrives_s) for hour, _ in runs])[:-1])
    # Near the best fit differences are straight lines, so an hour's own best is one step away.
    slopes, left_s = np.asarray(fit.jac, dtype=np.float64), np.asarray(fit.fun, dtype=np.float64)
    each = [_calibration(fit.x - np.linalg.lstsq(slopes[part], left_s[part])[0]) for part in parts]
    return CalibrationResult(replace(found, wave_speed_kmh=wave_kmh), tuple(one.merge_s for one in each))


def _calibration(scaled: FloatArray) -> Calibration:
    capacity_vph, merge_s = (scaled * SCALES).tolist()
    return Calibration(capacity_vph, merge_s)
