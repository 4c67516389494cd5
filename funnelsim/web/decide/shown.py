"""What the page shows of a finished job, as plain data: the words, and what charts draw and clicks take over."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, share_estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.levers.levers import Levers
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, Optimum
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.decision.optimisation.requirement import ROUNDING, Requirement
from funnelsim.experiments.vary import Point
from funnelsim.plots.tornado import tornado_rows
from funnelsim.reporting.compare_words import checks
from funnelsim.reporting.optimise_words import CHANGES, NEAREST
from funnelsim.reporting.section import Column, Grid, Section, as_data
from funnelsim.web.change_words import key_said, value_said

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
    """Return the plans of an optimisation, and the limits.

    Each plan has its values, its estimates in the units shown, and how it fares with everything that it must keep.

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
        "words": [_changes(optimum) if one["heading"] == CHANGES else one for one in words],
        "points": [one.data for one in points],
        "limits": limits,
        "find_at_least": least[0] if least else None,
    }


def _changes(optimum: Optimum) -> Data:
    """Return the table of what to change, with words in the place of keys and values of the file."""
    today, best, other = optimum.question.today, optimum.choice.values, optimum.choice.runner_up
    plans = {"today": today, "best" if optimum.feasible else "nearest": best} | (
        {} if other is None else {"runner-up": other}
    )
    rows = [
        (key_said(key), *(value_said(key, values.get(key, today[key])) for values in plans.values()))
        for key in optimum.question.keys
    ]
    columns = (Column("", "left"), *(Column(name, "left") for name in plans))
    return as_data([Section(CHANGES, (Grid(columns, tuple(rows)),))])[0]


@dataclass(frozen=True)
class PlanShown:
    """A plan with its estimates, in the units in which measures are kept.

    Attributes
    ----------
    name
        What kind of plan it is.
    values
        What it changes.
    estimates
        By measure.
    kept_in
        By key of each limit the share of operations that keep it.
    requirements
        What it must keep.
    """

    name: str
    values: Point
    estimates: Mapping[str, Estimate]
    kept_in: Mapping[str, Estimate]
    requirements: Sequence[Requirement]

    @property
    def data(self) -> Data:
        """The plan as plain data, in the units shown."""
        known = [name for name in (FOUND, *AGAINST) if name in self.estimates]
        shown = {name: _numbers(self.estimates[name], measure_named(name).unit.factor) for name in known}
        musts = [
            self._must(one) for one in self.requirements if one.key in self.kept_in or one.measure in self.estimates
        ]
        return {"name": self.name, "values": dict(self.values), "estimates": shown, "musts": musts}

    def _must(self, one: Requirement) -> Data:
        """Return how the plan fares with what it must keep, by the rules of the commands."""
        must = {"measure": one.measure, "bound": one.bound * measure_named(one.measure).unit.factor}
        if one.in_share is None:
            mean = self.estimates[one.measure].mean
            kept = math.isnan(mean) or one.shortfall(mean - one.bound if one.at_least else one.bound - mean) <= ROUNDING
            return must | {"at_least": one.at_least, "kept": kept, "verdict": "kept" if kept else "broken"}
        share = self.kept_in[one.key]
        check = LimitCheck(one.key, one.measure, one.bound, share, share, one.in_share)  # the share alone decides
        shares = {"kept_in": share.mean, "operations": share.n, "wanted": one.in_share}
        return must | {"at_least": False, "kept": check.kept, "verdict": check.verdict} | shares


def _named(optimum: Optimum) -> Iterator[PlanShown]:
    """Yield the plans that the answer names: today's, the runner-up and the best, which is drawn last.

    Where no plan keeps what it must, the best one is only the nearest.
    """
    values = {TODAY: {}, RUNNER_UP: optimum.choice.runner_up, BEST: optimum.choice.values}
    for name in (TODAY, RUNNER_UP, BEST):
        if name in optimum.scenarios:
            called = NEAREST if name == BEST and not optimum.feasible else name
            kept_in = {f"limits.{check.key}": check.kept_in for check in checks(optimum.comparison, name)}
            estimates = optimum.comparison.estimates[name]
            yield PlanShown(called, values[name] or {}, estimates, kept_in, optimum.question.requirements)


def _on_front(optimum: Optimum) -> Iterator[PlanShown]:
    for point in optimum.choice.front.points if optimum.choice.front is not None else ():
        yield PlanShown(ON_FRONT, point.values, point.estimates, point.kept_in, optimum.question.requirements)


def _tried(optimum: Optimum) -> Iterator[PlanShown]:
    """Yield the plans that the best one was selected from: their means, without an interval."""
    selected, question = optimum.choice.selected, optimum.question
    if selected is None:
        return
    means = selected.means.copy()
    means[:, 0] *= question.signs[0]
    counts, kept = selected.replications.tolist(), selected.kept.tolist()
    for values, of_plan, count, kept_by in zip(optimum.choice.points, means.tolist(), counts, kept, strict=True):
        if not count:
            continue
        estimates = {
            name: Estimate(mean, math.nan, math.nan, count)
            for name, mean in zip(question.measures, of_plan, strict=True)
        }
        kept_in = {
            one.key: share_estimate(round(share * count), count)
            for one, share in zip(question.requirements, kept_by, strict=True)
            if one.in_share is not None
        }
        yield PlanShown(TRIED, values, estimates, kept_in, question.requirements)


def _numbers(estimate: Estimate, factor: float = 1.0) -> list[float | None]:
    """Return mean, low and high; null where there is none."""
    ends = (estimate.mean, estimate.low, estimate.high)
    return [factor * end if math.isfinite(end) else None for end in ends]
