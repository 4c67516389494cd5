"""Which figures there are of which result, and how the options of the command line choose among them."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.point_estimates import measures_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.run import run as simulate
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.choice import chosen_points
from funnelsim.plots.delay_by_class import delay_by_class
from funnelsim.plots.heat_map import cells_of, heat_map
from funnelsim.plots.hours_on_site import hours_on_site
from funnelsim.plots.keys import point_words
from funnelsim.plots.queue_and_delay import queue_and_delay
from funnelsim.plots.queue_warning import queue_warning
from funnelsim.plots.small_multiples import MEASURES, small_multiples
from funnelsim.plots.staff_and_bays import staff_and_bays
from funnelsim.plots.tail_fans import tail_fans
from funnelsim.plots.time_space import time_space
from funnelsim.plots.trade_off import trade_off
from funnelsim.plots.waterfall import waterfall
from funnelsim.plots.waterfalls import waterfalls

OF_A_SWEEP = ("trade_off", "heat_map", "small_multiples", "waterfalls", "tail_fans")
MOST_REPLICATIONS = 50  # of a point simulated again for its queue: bands need no more
_TWO = 2


@dataclass(frozen=True)
class Wishes:
    """What the user wants to see; what is left out is chosen.

    Attributes
    ----------
    figures
        Names of figures.
    x, y, colour
        Keys or measures of the axes, and the key of the lines.
    points
        Numbers of design points.
    """

    figures: tuple[str, ...] = ()
    x: str | None = None
    y: str | None = None
    colour: str | None = None
    points: tuple[int, ...] | None = None


def _time_space(run: Run) -> Figure:
    return time_space(run.first_log(), run.plan, run.scenario)


RUN_FIGURES: dict[str, Callable[[Run], Figure]] = {
    "queue_and_delay": queue_and_delay,
    "waterfall": waterfall,
    "staff_and_bays": staff_and_bays,
    "delay_by_class": delay_by_class,
    "queue_warning": queue_warning,
    "hours_on_site": hours_on_site,
    "time_space": _time_space,
}


def figures_of(
    result: Run | Sweep, wishes: Wishes, jobs: int = 1, told: Callable[[str], None] | None = None
) -> dict[str, Figure]:
    """Draw the figures of a result, by name.

    Parameters
    ----------
    result
        What was simulated.
    wishes
        What the user wants to see.
    jobs
        Processes for what is simulated again.
    told
        Called with what is being done.

    Raises
    ------
    FunnelsimError
        If a figure, key, measure or point is not known, or does not go together.
    """
    if isinstance(result, Run):
        return _of_run(result, wishes)
    names = _checked(wishes.figures, OF_A_SWEEP) or _fitting(result, wishes)
    return {name: _of_sweep(result, name, wishes, jobs, told) for name in names}


def _of_run(run: Run, wishes: Wishes) -> dict[str, Figure]:
    given = {"--x": wishes.x, "--y": wishes.y, "--colour": wishes.colour, "--points": wishes.points}
    wrong = [option for option, value in given.items() if value is not None]
    if wrong:
        raise FunnelsimError([Problem(", ".join(wrong), "this result is one run; allowed for the result of a sweep")])
    names = _checked(wishes.figures, tuple(RUN_FIGURES)) or tuple(RUN_FIGURES)
    return {name: RUN_FIGURES[name](run) for name in names}


def _checked(names: tuple[str, ...], allowed: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in allowed]
    if unknown:
        message = f"no figure of this result; allowed: {', '.join(allowed)}"
        raise FunnelsimError([Problem(f"--figure {name}", message) for name in unknown])
    return tuple(dict.fromkeys(names))


def _fitting(sweep: Sweep, wishes: Wishes) -> tuple[str, ...]:
    """Return the figures that the other options ask for; all that can be drawn if there are none."""
    if wishes.x in sweep.keys:
        return ("small_multiples",)
    if wishes.x is not None:
        if wishes.x not in measures_of(sweep):
            allowed = f"the keys {', '.join(sweep.keys)}; the measures {', '.join(measures_of(sweep))}"
            raise FunnelsimError(
                [Problem(f"--x {wishes.x}", f"neither a varied key nor a measure; allowed: {allowed}")]
            )
        return ("trade_off",)
    if wishes.points is not None:
        return "waterfalls", "tail_fans"
    names = [name for name in OF_A_SWEEP if name != "heat_map" or _is_a_grid(sweep)]
    if wishes.y is not None or wishes.colour is not None:
        names = [name for name in names if name in ("trade_off", "heat_map", "small_multiples")]
    if wishes.y == "expected_detections":
        names.remove("trade_off")  # against itself
    return tuple(names)


def _is_a_grid(sweep: Sweep) -> bool:
    if len(sweep.keys) != _TWO:
        return False
    try:
        cells_of(sweep, *sweep.keys)
    except FunnelsimError:
        return False
    return True


def _of_sweep(sweep: Sweep, name: str, wishes: Wishes, jobs: int, told: Callable[[str], None] | None) -> Figure:
    x, y, colour = wishes.x, wishes.y, wishes.colour
    match name:
        case "trade_off":
            return trade_off(sweep, x or "expected_detections", y or "delay_p95_s", colour)
        case "heat_map":
            return heat_map(sweep, y or "expected_detections", x, colour)
        case "small_multiples":
            return small_multiples(sweep, x, MEASURES if y is None else (y,), colour)
        case "waterfalls":
            return waterfalls(sweep, wishes.points)
        case _:
            return tail_fans(_simulated_again(sweep, wishes.points, jobs, told))


def _simulated_again(
    sweep: Sweep, points: tuple[int, ...] | None, jobs: int, told: Callable[[str], None] | None
) -> dict[str, Run]:
    """Simulate a few points again, with the dice of the sweep: a sweep does not keep the queue over the day."""
    runs = {}
    for row, reason in chosen_points(sweep, points).items():
        name = f"{reason}: {point_words(sweep, row)}"
        if told is not None:
            told(f"simulating {name}")
        replications = min(MOST_REPLICATIONS, int(sweep.points["n"][row]))
        point = int(sweep.points["point"][row])
        runs[name] = simulate(sweep.scenario_of(point), replications, sweep.settings.seed, jobs)
    return runs
