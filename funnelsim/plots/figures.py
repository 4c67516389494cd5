"""The figures of each kind of result by name, and the options that choose among them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
from matplotlib.figure import Figure

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.comparison_folder import differences_table
from funnelsim.experiments.highlights import highlighted_points, simulated_again
from funnelsim.experiments.key_words import point_words
from funnelsim.experiments.point_estimates import measures_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.delay_by_class import delay_by_class, delay_by_class_tables
from funnelsim.plots.funnel import funnel, funnel_table
from funnelsim.plots.heat_map import cells_of, heat_map, heat_map_table
from funnelsim.plots.hours_on_site import hours_on_site, hours_on_site_table
from funnelsim.plots.paired_differences import paired_differences
from funnelsim.plots.queue_and_delay import queue_and_delay, queue_and_delay_tables
from funnelsim.plots.queue_warning import queue_warning, queue_warning_tables
from funnelsim.plots.small_multiples import MEASURES, small_multiples, small_multiples_table
from funnelsim.plots.staff_and_bays import staff_and_bays, staff_and_bays_tables
from funnelsim.plots.tail_fans import tail_fans, tail_fans_table
from funnelsim.plots.time_space import time_space, time_space_tables
from funnelsim.plots.trade_off import trade_off, trade_off_table
from funnelsim.plots.varied_keys import told_apart, twins_of
from funnelsim.plots.waterfall import (
    waterfall,
    waterfall_table,
    waterfalls,
    waterfalls_of_plans,
    waterfalls_of_plans_table,
    waterfalls_table,
)

SWEEP_FIGURES = ("trade_off", "heat_map", "small_multiples", "waterfalls", "tail_fans")
_TWO = 2
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class FigureOptions:
    """What the user wants to see; the rest is chosen to fit.

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
    "funnel": funnel,
    "queue_and_delay": queue_and_delay,
    "waterfall": waterfall,
    "staff_and_bays": staff_and_bays,
    "delay_by_class": delay_by_class,
    "queue_warning": queue_warning,
    "hours_on_site": hours_on_site,
    "time_space": _time_space,
}

# What each of them draws, by the part of the figure.
RUN_TABLES: dict[str, Callable[[Run], Tables]] = {
    "funnel": lambda run: {"": funnel_table(run)},
    "queue_and_delay": queue_and_delay_tables,
    "waterfall": lambda run: {"": waterfall_table(run)},
    "staff_and_bays": staff_and_bays_tables,
    "delay_by_class": delay_by_class_tables,
    "queue_warning": queue_warning_tables,
    "hours_on_site": lambda run: {"": hours_on_site_table(run)},
    "time_space": lambda run: time_space_tables(run.first_log(), run.plan),
}

# A run draws these for its folder; the picture of one operation is drawn when it is asked for.
FIGURES: dict[str, Callable[[Run], Figure]] = {name: draw for name, draw in RUN_FIGURES.items() if name != "time_space"}


COMPARISON_FIGURES: dict[str, Callable[[Comparison], Figure]] = {
    "paired_differences": paired_differences,
    "waterfalls": waterfalls_of_plans,
}

COMPARISON_TABLES: dict[str, Callable[[Comparison], pl.DataFrame]] = {
    "paired_differences": differences_table,
    "waterfalls": waterfalls_of_plans_table,
}


@dataclass(frozen=True)
class Drawn:
    """A figure with its data.

    Attributes
    ----------
    figure
        As drawn.
    tables
        Returns what it draws, by the part of it; the name is empty where there is one table.
    """

    figure: Figure
    tables: Callable[[], Tables]


def figures_of(
    result: Run | Sweep | Comparison,
    options: FigureOptions,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Figure]:
    """Draw the figures of a result, by name, as `drawn_of` does."""
    return {name: drawn.figure for name, drawn in drawn_of(result, options, jobs, progress).items()}


def drawn_of(
    result: Run | Sweep | Comparison,
    options: FigureOptions,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Drawn]:
    """Draw the figures of a result, by name, each with what it draws as tables.

    Parameters
    ----------
    result
        What was simulated.
    options
        What the user wants to see.
    jobs
        How many threads simulate design points again.
    progress
        Called with a few words on what is being done.

    Raises
    ------
    FunnelsimError
        If a figure, key, measure or point is not known, or does not go together.
    """
    names = names_of(result, options)
    if isinstance(result, Run):
        return {name: _of_run(result, name) for name in names}
    if isinstance(result, Comparison):
        return {name: _of_comparison(result, name) for name in names}
    return {name: _of_sweep(result, name, options, jobs, progress) for name in names}


def names_of(result: Run | Sweep | Comparison, options: FigureOptions) -> tuple[str, ...]:
    """Return the names of the figures that `drawn_of` draws, without drawing them.

    Raises
    ------
    FunnelsimError
        If a figure is not known, or what is given does not go together.
    """
    if isinstance(result, Run):
        return _chosen(tuple(RUN_FIGURES), options, "a run")
    if isinstance(result, Comparison):
        return _chosen(tuple(COMPARISON_FIGURES), options, "a comparison")
    return _checked(options.figures, SWEEP_FIGURES) or _suitable(result, options)


def _chosen(figures: tuple[str, ...], options: FigureOptions, what: str) -> tuple[str, ...]:
    """Return the names of the figures of a result of which nothing but the figures can be chosen."""
    given = {"--x": options.x, "--y": options.y, "--colour": options.colour, "--points": options.points}
    wrong = [option for option, value in given.items() if value is not None]
    if wrong:
        raise FunnelsimError([Problem(", ".join(wrong), f"given for {what}; allowed: for a sweep")])
    return _checked(options.figures, figures) or figures


def _of_run(run: Run, name: str) -> Drawn:
    return Drawn(RUN_FIGURES[name](run), partial(RUN_TABLES[name], run))


def _of_comparison(comparison: Comparison, name: str) -> Drawn:
    return Drawn(COMPARISON_FIGURES[name](comparison), lambda: {"": COMPARISON_TABLES[name](comparison)})


def _checked(names: tuple[str, ...], allowed: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in allowed]
    if unknown:
        message = f"not a figure of this result; allowed: {', '.join(allowed)}"
        raise FunnelsimError([Problem(f"--figure {name}", message) for name in unknown])
    return tuple(dict.fromkeys(names))


def _suitable(sweep: Sweep, options: FigureOptions) -> tuple[str, ...]:
    """Return the figures that the other options ask for; all that can be drawn if there are none."""
    if options.x in sweep.keys:
        return ("small_multiples",)
    if options.x is not None:
        if options.x not in measures_of(sweep):
            allowed = f"the keys {', '.join(sweep.keys)}; the measures {', '.join(measures_of(sweep))}"
            raise FunnelsimError(
                [Problem(f"--x {options.x}", f"neither a varied key nor a measure; allowed: {allowed}")]
            )
        return ("trade_off",)
    if options.points is not None:
        return "waterfalls", "tail_fans"
    names = [name for name in SWEEP_FIGURES if name != "heat_map" or _is_a_grid(sweep)]
    if options.y is not None or options.colour is not None:
        names = [name for name in names if name in ("trade_off", "heat_map", "small_multiples")]
    if options.y == "expected_detections":
        names.remove("trade_off")  # against itself
    return tuple(names)


def _is_a_grid(sweep: Sweep) -> bool:
    independent = list(dict.fromkeys(tuple(twins_of(sweep, key)) for key in sweep.keys))
    if len(independent) != _TWO:
        return False
    try:
        cells_of(sweep, *(twins[0] for twins in independent))
    except FunnelsimError:
        return False
    return True


def _of_sweep(
    sweep: Sweep, name: str, options: FigureOptions, jobs: int, progress: Callable[[str], None] | None
) -> Drawn:
    x, y, colour = options.x, options.y, options.colour
    match name:
        case "trade_off":
            axes = x or "expected_detections", y or "delay_p95_s"
            return Drawn(trade_off(sweep, *axes, colour), lambda: {"": trade_off_table(sweep, *axes)})
        case "heat_map":
            measure = y or "expected_detections"
            drawn = heat_map(sweep, measure, x, colour)
            return Drawn(drawn, lambda: {"": heat_map_table(sweep, measure, x, colour)})
        case "small_multiples":
            measures = MEASURES if y is None else (y,)
            drawn = small_multiples(sweep, x, measures, colour)
            return Drawn(drawn, lambda: {"": small_multiples_table(sweep, measures)})
        case "waterfalls":
            return Drawn(waterfalls(sweep, options.points), lambda: {"": waterfalls_table(sweep, options.points)})
        case _:
            runs, same = _highlighted_runs(sweep, options.points, jobs, progress)
            return Drawn(tail_fans(runs, same), lambda: {"": tail_fans_table(runs)})


def _highlighted_runs(
    sweep: Sweep, points: tuple[int, ...] | None, jobs: int, progress: Callable[[str], None] | None
) -> tuple[dict[str, Run], str]:
    """Return the runs of a few points, by what they differ in; and what they have in common."""
    runs = {}
    chosen = highlighted_points(sweep, points)
    names, same = told_apart(sweep, list(chosen))
    for row, reason in chosen.items():
        if progress is not None:
            progress(f"simulating {reason}: {point_words(sweep, row)}")
        runs[f"{reason}: {names[row]}"] = simulated_again(sweep, row, jobs)
    return runs, same
