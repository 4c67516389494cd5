"""What may change where a scenario does not say it: selection rates, also by time of day, and the valve's marks."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from funnelsim.decision.fluid.bound import Bound
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.rate_steps import hours_that_count, rates_in, usual_rates
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Selection
from funnelsim.scenario.toml_text import path_text
from funnelsim.selection_rules import BY_NAME, Amount

FUNNELS: Final = "funnels"
RATE: Final = ("selection", "rate")
BY_TIME: Final = ("selection", "rate_by_time")
VALVE: Final = ("selection", "valve")
MARKS: Final = ("suspend_at_m", "lift_at_m")
FREE_RATE: Final = 3.0  # times the larger of today's rate and the fluid plan's
LEAST_RATE: Final = 0.05
FREE_MARK: Final = (0.5, 2.0)  # times today's mark
NEW_MARK: Final = (0.1, 1.0)  # times the way to the critical point, where there is no mark

Path = tuple[str, ...]


class OwnSelection(NamedTuple):
    """A selection of its own, and the funnels that select so.

    Attributes
    ----------
    funnels
        Their indices, the one to which it belongs first.
    side
        That one as a scenario of its own.
    within
        Where the keys of that one stand.
    """

    funnels: tuple[int, ...]
    side: Scenario
    within: Path

    def key(self, *path: str) -> str:
        """Return the dotted key in the scenario of a key within the funnel."""
        return path_text((*self.within, *path))


def own_selections(scenario: Scenario) -> list[OwnSelection]:
    """Return the selections that a planner can change apart: a funnel without one selects as the first one does."""
    sides = scenario.per_funnel
    own = [number for number, funnel in enumerate(scenario.funnels, start=1) if funnel.selection is not None]
    shared = tuple(number for number in range(len(sides)) if number not in own)
    others = [OwnSelection((number,), sides[number], (FUNNELS, str(number - 1))) for number in own]
    return [OwnSelection(shared, sides[0], ()), *others]


def by_default(scenario: Scenario, bound: Bound) -> dict[str, str]:
    """Return what may change by key: rates of classes that carry something, at all times, and the valve's marks."""
    vary = {}
    for own in own_selections(scenario):
        side = own.side
        for path, most in _rates(side, bound, own.funnels[0]):
            vary[own.key(*path)] = f"0:{most:.2g}"
        for name in MARKS:
            mark = getattr(side.selection.valve, name)
            metres = mark or side.approach.critical_m or side.approach.length_m
            least, most = NEW_MARK if mark is None else FREE_MARK
            vary[own.key(*VALVE, name)] = f"{least * metres:g}:{most * metres:g}"
    return vary


def _rates(side: Scenario, bound: Bound, funnel: int) -> Iterator[tuple[Path, float]]:
    """Yield the rates that may change, and the highest rate of each; none where the rule has no rates."""
    rule = BY_NAME[side.selection.rule]
    if rule.amount is not Amount.RATE or rule.priced:
        return
    for name, rate in zip(bound.classes, bound.rates[funnel].tolist(), strict=True):
        carries = any(target.per_10k.get(name, 0.0) > 0.0 for target in side.targets)
        for path in rates_of(side, name) if carries else ():
            today = rate_today(side.selection, path)
            if not rate == today == 0.0:
                yield path, min(1.0, max(FREE_RATE * max(rate, today), LEAST_RATE))


def rates_of(side: Scenario, of_class: str) -> Iterator[Path]:
    """Yield the keys of a class's rates that hold at some time at which the funnel stands."""
    spans = side.selection.rate_by_time
    usual, counts = hours_that_count(side.selection, side.operation.windows)
    own = [number for number in counts if {of_class, "default"} & set(spans[number].rate)]
    if usual or len(own) < len(counts):
        yield (*RATE, of_class)
    for number in own:
        yield (*BY_TIME, str(number), RATE[-1], of_class)


def is_rate(path: Sequence[str]) -> bool:
    """Tell whether a key within a funnel is the selection rate of a class, at all times or by time of day."""
    return tuple(path[:-1]) == RATE or (tuple(path[:2]) == BY_TIME and tuple(path[3:-1]) == RATE[1:])


def rate_today(selection: Selection, path: Sequence[str]) -> float:
    """Return the rate that a key stands for, whether the scenario has it or leaves it to a default."""
    of_class = [path[-1]]
    if tuple(path[:-1]) == RATE:
        return float(usual_rates(selection, of_class)[0])
    return float(rates_in(selection.rate_by_time[int(path[2])], selection, of_class)[0])


def of_funnel(key: str) -> tuple[int, Path]:
    """Return which funnel a key belongs to, and the key within it; what belongs to none, to the first."""
    path = tuple(split_path(key))
    if path[0] == FUNNELS and len(path) > 1 and path[1].isdecimal():
        return int(path[1]) + 1, path[2:]
    return 0, path
