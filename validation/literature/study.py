"""A study: variations of a small scenario, the claims that follow from them, and a figure."""

import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import funnelsim
from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.replication import ArraysByName, measures_of
from funnelsim.model.planning import plan_of
from funnelsim.plots.footer import Footer
from funnelsim.plots.line_styles import LineStyle
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Claim

SEED = 1
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Study:
    """Results of one study.

    Attributes
    ----------
    name
        Name of its figure's file.
    lines
        Its claims.
    figure
        Figure of the simulated results.
    alt_text
        What the figure shows, for readers who cannot see it.
    """

    name: str
    lines: tuple[Claim, ...]
    figure: Figure
    alt_text: str


# Publications simulate one day's traffic again and again, and checks that follow each other at once.
AS_PUBLISHED = ("traffic.day_cv=0", "area.changeover_s=0", "staffing.pause_between_checks_s=0")


def scenario_of(name: str, overrides: Sequence[str] = ()) -> Scenario:
    """Return a scenario of this folder with some keys changed, each as ``dotted.key=value``."""
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return scenario_from(tomllib.loads(text), where=f"{name}.toml", overrides=overrides)


def simulated(
    name: str, variants: Mapping[Key, Sequence[str]], replications: int, effort: Effort
) -> dict[Key, ArraysByName]:
    """Simulate variants of a scenario, all with the same replications, and return the measures of each.

    Variants on the same road get the same vehicles (common random numbers), so differences are taken in pairs.
    """
    plans = [plan_of(scenario_of(name, [*AS_PUBLISHED, *overrides])) for overrides in variants.values()]
    found = measures_of(plans, SEED, range(replications), effort.engine)
    return dict(zip(variants, found, strict=True))


def footer_of(name: str, replications: int) -> Footer:
    """Return the footer of a study's figure."""
    number = f"{replications} replications each"
    parts = f"seed {SEED}", number, f"funnelsim {funnelsim.__version__}", "± is half of the 95 % confidence interval"
    return Footer(scenario_of(name).title, parts)


def sample(look: LineStyle, label: str) -> Line2D:
    """Return a legend entry for a line style."""
    return Line2D(
        [], [], color=look.colour, linestyle=look.dashes, marker=look.mark, markersize=4.0, linewidth=1.3, label=label
    )


def draw_line(
    axes: Axes, places: Sequence[float], found: Sequence[Estimate], look: LineStyle, times: float = 1.0
) -> None:
    """Draw estimates as a line with error bars, multiplied by a factor."""
    axes.errorbar(
        places,
        [times * one.mean for one in found],
        yerr=times * np.array([one.sides for one in found]).T,
        color=look.colour,
        linestyle=look.dashes,
        marker=look.mark,
        markersize=4.0,
        linewidth=1.3,
        elinewidth=0.8,
        capsize=2.0,
    )
