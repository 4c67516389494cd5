"""The tipping points of a plan: where a queue begins to form on an average day, and where it outlasts the window."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from funnelsim.analysis.fluid import STEP_S, arriving_in, capacity_of, moments_of, rate_step_at, standing_funnel
from funnelsim.analysis.forecast import selection_chances
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S

LONGEST_LOOK_S = HOUR_S
HALVINGS = 32  # of the time between no look and the longest, until a microsecond is left
ROUNDING = 1e-9  # vehicles


@dataclass(frozen=True)
class Tipping:
    """Where something tips: with less than this capacity, or more than this look.

    Attributes
    ----------
    capacity_vph
        Vehicles an hour that have to get through while the funnel stands, whatever limits them.
    look_s
        The mean look with which the plan's lane and officers let as many through as needed; `None` where the lane does
        not carry them even without a look, infinite where no look is too long.
    """

    capacity_vph: float
    look_s: float | None


@dataclass(frozen=True)
class _Window:
    """A window, or several without a break, in steps: who comes, shares of the classes, rates, whether it selects."""

    arriving: FloatArray
    mix: FloatArray
    rate_step: IntArray
    selecting: BoolArray


def queue_forms(plan: Plan) -> Tipping:
    """Return where a queue begins to form: at the largest demand in a window. The valve is left out."""
    windows = _windows(plan)
    capacity_vph = max(float(one.arriving.max(initial=0.0)) for one in windows) * HOUR_S / STEP_S
    return Tipping(capacity_vph, _longest_look_s(plan, windows, _is_never_queued))


def queue_stays(plan: Plan) -> Tipping:
    """Return where a queue begins to outlast its window. The valve is left out.

    A queue has gone at the closing if, whenever it may have begun, no more have come since than could pass.
    """
    windows = _windows(plan)
    capacity_vph = max(
        float((_until_the_end(one.arriving) / np.arange(len(one.arriving), 0, -1)).max(initial=0.0)) for one in windows
    )
    return Tipping(capacity_vph * HOUR_S / STEP_S, _longest_look_s(plan, windows, _has_cleared))


def _is_never_queued(surplus: FloatArray) -> bool:
    return bool(surplus.max(initial=0.0) <= ROUNDING)


def _has_cleared(surplus: FloatArray) -> bool:
    return bool(_until_the_end(surplus).max(initial=0.0) <= ROUNDING)


def _until_the_end(values: FloatArray) -> FloatArray:
    """Return the sum of each step and all that follow."""
    sums: FloatArray = np.cumsum(values[::-1])[::-1]
    return sums


def _windows(plan: Plan) -> list[_Window]:
    found = []
    for times_s in moments_of(plan):
        arriving, mix, _ = arriving_in(plan, times_s)
        _, stands, selecting = standing_funnel(plan, times_s)
        rate_step = rate_step_at(plan, times_s)
        # Windows that follow each other without a break are one: their queue goes on.
        number = np.cumsum(np.diff(stands, prepend=False) & stands)
        for window in range(1, int(number[-1]) + 1):
            inside = stands & (number == window)
            found.append(_Window(arriving[inside], mix[inside], rate_step[inside], selecting[inside]))
    return found


def _longest_look_s(plan: Plan, windows: list[_Window], holds: Callable[[FloatArray], bool]) -> float | None:
    """Return the longest mean look with which something holds of what comes beyond what can pass, step by step."""
    chances = selection_chances(plan)
    met = np.concatenate([np.column_stack([one.rate_step, one.mix]) for one in windows])
    kinds, place = np.unique(met, axis=0, return_inverse=True)
    places = np.split(place.ravel(), np.cumsum([len(one.mix) for one in windows])[:-1])

    def fits(look_s: float) -> bool:
        looked_at = replace(plan, road=replace(plan.road, look_mean_s=look_s))
        rates = [
            capacity_of(looked_at, mix, chances[step]) if mix.any() else None
            for step, mix in zip(kinds[:, 0].astype(np.int64).tolist(), kinds[:, 1:], strict=True)
        ]
        through = np.array([[0.0, 0.0] if one is None else [one.lane, one.selecting] for one in rates])
        return all(
            holds(one.arriving - through[at, one.selecting.astype(np.int64)] * STEP_S / HOUR_S)
            for one, at in zip(windows, places, strict=True)
        )

    shortest_s, longest_s = 0.0, LONGEST_LOOK_S
    if not fits(shortest_s):
        return None
    if fits(longest_s):
        return np.inf
    for _ in range(HALVINGS):
        middle_s = (shortest_s + longest_s) / 2.0
        shortest_s, longest_s = (middle_s, longest_s) if fits(middle_s) else (shortest_s, middle_s)
    return shortest_s
