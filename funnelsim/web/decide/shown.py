"""What the page shows of a finished job, as plain data: the words, and what charts draw and clicks take over."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.levers.levers import Levers
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, Optimum
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.experiments.vary import Point
from funnelsim.plots.tornado import tornado_rows
from funnelsim.reporting.optimise_words import NEAREST

ON_FRONT: Final = "plan on the front"
TRIED: Final = "plan tried"
AGAINST: Final = ("delay_p95_s", "tail_max_m", "ordinary_stops", "ordinary_h", "officer_h", "staff_cost")
"""What finds can be drawn against, as far as it is known of the plans."""

Data = dict[str, Any]


def shown_of_levers(levers: Levers, words: Sequence[Mapping[str, Any]]) -> Data:
    """Return the rows of the tornado, a bar each, with what each lever changes.

    Parameters
    ----------
    levers
        What each lever does.
    words
        The same in words, as data.
    """
    tried = levers.plans.tried
    by_name = {(lever.choice, lever.to): dict(lever.changes) for lever in tried.values()}
    bars = [
        {
            "choice": choice,
            "to": bar.to,
            "changes": by_name[choice, bar.to],
            "found": _numbers(bar.found.estimate),
            "seen": bar.found.seen,
        }
        for choice, of_choice in tornado_rows(levers).items()
        for bar in of_choice
    ]
    return {"words": list(words), "bars": bars, "retuned": levers.retuned}


def shown_of_optimum(optimum: Optimum, words: Sequence[Mapping[str, Any]]) -> Data:
    """Return the plans of an optimisation, each with its values and estimates in the units shown, and the limits.

    Parameters
    ----------
    optimum
        The answer.
    words
        The same in words, as data.
    """
    points = [*_tried(optimum), *_on_front(optimum), *_named(optimum)]
    limits = {
        one.measure: {"most": one.bound * measure_named(one.measure).unit.factor, "key": one.key}
        for one in optimum.question.requirements
        if not one.at_least
    }
    least = [one.bound for one in optimum.question.requirements if one.at_least and one.measure == FOUND]
    return {
        "words": list(words),
        "points": [one.data for one in points],
        "limits": limits,
        "find_at_least": least[0] if least else None,
    }


@dataclass(frozen=True)
class _Plan:
    """A plan with its estimates, in the units in which measures are kept."""

    name: str
    values: Point
    estimates: Mapping[str, Estimate]

    @property
    def data(self) -> Data:
        known = [name for name in (FOUND, *AGAINST) if name in self.estimates]
        shown = {name: _numbers(self.estimates[name], measure_named(name).unit.factor) for name in known}
        return {"name": self.name, "values": dict(self.values), "estimates": shown}


def _named(optimum: Optimum) -> Iterator[_Plan]:
    """Yield the plans that the answer names: today's, the runner-up and the best, which is drawn last.

    Where no plan keeps what it must, the best one is only the nearest.
    """
    values = {TODAY: {}, RUNNER_UP: optimum.choice.runner_up, BEST: optimum.choice.values}
    for name in (TODAY, RUNNER_UP, BEST):
        if name in optimum.scenarios:
            called = NEAREST if name == BEST and not optimum.feasible else name
            yield _Plan(called, values[name] or {}, optimum.comparison.estimates[name])


def _on_front(optimum: Optimum) -> Iterator[_Plan]:
    for point in optimum.choice.front.points if optimum.choice.front is not None else ():
        yield _Plan(ON_FRONT, point.values, point.estimates)


def _tried(optimum: Optimum) -> Iterator[_Plan]:
    """Yield the plans that the best one was selected from: their means, without an interval."""
    selected, question = optimum.choice.selected, optimum.question
    if selected is None:
        return
    means = selected.means.copy()
    means[:, 0] *= question.signs[0]
    for number, (values, of_plan) in enumerate(zip(optimum.choice.points, means.tolist(), strict=True)):
        count = int(selected.replications[number])
        estimates = {
            name: Estimate(mean, math.nan, math.nan, count)
            for name, mean in zip(question.measures, of_plan, strict=True)
        }
        yield _Plan(TRIED, values, estimates)


def _numbers(estimate: Estimate, factor: float = 1.0) -> list[float | None]:
    """Return mean, low and high; null where there is none."""
    ends = (estimate.mean, estimate.low, estimate.high)
    return [factor * end if math.isfinite(end) else None for end in ends]
