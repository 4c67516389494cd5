"""Changes of a plan that change nothing: their keys are left as they are today."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from funnelsim.analysis.catalogue import Ratio, measure_named
from funnelsim.decision.optimisation.question import Question
from funnelsim.decision.simulations import Simulations
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.compare import MEASURES
from funnelsim.experiments.vary import Point

FIRST: Final = 20  # operations: most changes that do something show in these


def compared_measures(question: Question) -> tuple[str, ...]:
    """Return the measures that tell whether a change does anything: those asked about, yield, burden and cost."""
    means = (name for name in MEASURES if not isinstance(measure_named(name).kind, Ratio))
    return tuple(dict.fromkeys((*question.measures, *means)))


def left_as_today(
    question: Question, simulations: Simulations, values: Point, operations: int
) -> tuple[Point, tuple[str, ...]]:
    """Return a plan without the changes that change nothing in any operation, and the keys of these.

    A plan that is searched has a value for each key, also for the marks of a valve that never acts. Nobody should
    change them for that. The plan returned was simulated itself, in the same operations with the same results.

    Parameters
    ----------
    question
        What may change.
    simulations
        Simulates; its measures are those of `compared_measures`.
    values
        The plan.
    operations
        How many show that a change changes nothing.
    """
    spans = range(min(FIRST, operations)), range(FIRST, operations)
    left: list[str] = []
    now, simulated = values, simulations.add(values)
    for factor in question.factors:
        changed = [key for key in factor.keys if not _as_today(question, now, key)]
        if not changed:
            continue
        today = {key: question.today[key] for key in factor.keys}
        trial = {key: value for key, value in {**now, **today}.items() if value is not None}
        try:
            number = simulations.add(trial)
        except FunnelsimError:  # without the change, this plan cannot do what it says
            continue
        if all(_same(simulations, (simulated, number), span) for span in spans):
            now, simulated = trial, number
            left += changed
    return now, tuple(left)


def _as_today(question: Question, values: Mapping[str, Any], key: str) -> bool:
    today = question.today[key]
    return bool(values.get(key, today) == today)


def _same(simulations: Simulations, numbers: Iterable[int], operations: range) -> bool:
    """Tell whether two plans have the same results in each of some operations."""
    one, other = (simulations([number], operations)[0] for number in numbers)
    return bool(np.array_equal(one, other, equal_nan=True))
