"""A first inspection of all and a second of a share: waiting is convex in the share, and a best share lies between."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.analysis.estimates import Estimate, mean_estimate, with_error
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import log_of
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.plots.line_styles import line_styles
from funnelsim.plots.style import INK, house_style, laid_out, new_figure
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import BOUND_Z, Claim
from validation.literature.study import AS_PUBLISHED, SEED, Study, draw_line, footer_of, sample, scenario_of
from validation.literature.verdicts import convexity_of, excess, is_seen

NAME = "further_inspection"
SOURCE = (
    "Zhang, Luh and Wang (2011), Modeling security-check queues, Management Science 57(11), 1979-1995 (abstract; DOI "
    "not seen)"
)
FULL_SHARE = 0.1  # 300 vehicles an hour, 2 minutes each: the second inspection takes all its officer's time
SHARES = tuple(0.01 * step for step in range(13))
SETTINGS = {
    "one bay": [],
    "three bays": ["area.bays=3", 'area.stages."second inspection".duration.mean_s=360'],
    "one bay, lane held when full": ["area.waiting=4", "area.when_full=hold"],
    "one bay, waved through when full": ["area.waiting=4"],
}
QUEUE, SEVERAL, HELD, WAVED = SETTINGS
TARGETS_OF_ALL = 0.005  # 50 of 10,000, all found if inspected a second time
WORTHS_H = (10, 30, 100)  # hours of waiting that a find is worth


@dataclass(frozen=True)
class Curve:
    """What follows from the share, shape (replications, shares).

    Attributes
    ----------
    wait_s
        Mean waiting of a vehicle: before the first officer, and before the second if it is sent there.
    inspected
        Share of the vehicles that are inspected a second time.
    """

    wait_s: FloatArray
    inspected: FloatArray

    def cost_s(self, worth_h: float) -> FloatArray:
        """Return the mean waiting less what the finds are worth."""
        cost: FloatArray = self.wait_s - HOUR_S * worth_h * TARGETS_OF_ALL * self.inspected
        return cost


def further_inspection(effort: Effort) -> Study:
    """Vary the share that is inspected a second time.

    References
    ----------
    Zhang, Luh and Wang (2011), Modeling security-check queues, Management Science 57(11), 1979-1995.
    """
    replications = 40 if effort.quick else 200
    curves = {name: _curve(overrides, replications, effort) for name, overrides in SETTINGS.items()}
    lines = (_convex(curves), _convex_with_several(curves), _best_between(curves[QUEUE]))
    figure, said = _figure(curves, replications)
    return Study(NAME, lines, figure, said)


def _curve(overrides: list[str], replications: int, effort: Effort) -> Curve:
    plans = [
        plan_of(scenario_of(NAME, [*AS_PUBLISHED, f"selection.rate.default={share}", *overrides])) for share in SHARES
    ]
    found = np.array([[_waiting(plan, number, effort) for plan in plans] for number in range(replications)])
    return Curve(found[..., 0], found[..., 1])


def _waiting(plan: Plan, replication: int, effort: Effort) -> tuple[float, float]:
    """Return the mean waiting of those who come in the operation, seconds, and the share inspected a second time.

    The first look is in it, too; it is the same whatever the share, and bends no curve.
    """
    log = log_of(plan, SEED, replication, effort.engine)
    opens_s, closes_s = plan.window_s
    here = (log.traffic.free_s >= opens_s) & (log.traffic.free_s < closes_s)
    again = here & log.inspected
    before_first_s = (log.passed_s[here] - log.arrival_s[here]).sum()
    before_second_s = (log.bay_from_s[again] - log.area_s[again]).sum()
    return float(before_first_s + before_second_s) / int(here.sum()), int(again.sum()) / int(here.sum())


def _bends(curve: Curve) -> str:
    """Return in words how a curve bends."""
    found, waits = convexity_of(curve.wait_s), _waits(curve)
    return (
        f"from {with_error(waits[0])} to {with_error(waits[-1])} s, {with_error(found.sag)} s below the chord, least "
        f"second difference {found.least_z:+.1f} standard errors"
    )


def _waits(curve: Curve) -> list[Estimate]:
    return [mean_estimate(column) for column in curve.wait_s.T]


def _convex(curves: dict[str, Curve]) -> Claim:
    third = (len(SHARES) - 1) // 3
    thirds = curves[WAVED].wait_s[:, ::third]
    rise = ", ".join(with_error(excess(thirds[:, k + 1], thirds[:, k]), digits=1) for k in range(3))
    return Claim(
        "further inspection: waiting",
        "the expected waiting cost is convex in the share sent to further inspection",
        f"shares of 0 to {100 * SHARES[-1]:.0f} %; {QUEUE}: {_bends(curves[QUEUE])}; {HELD}: {_bends(curves[HELD])}",
        convexity_of(curves[QUEUE].wait_s).is_convex and convexity_of(curves[HELD].wait_s).is_convex,
        SOURCE,
        "Mean waiting of all vehicles, by lot, the same vehicles at each share. Agrees if no second difference, over "
        f"one step or several, is below nothing by more than {BOUND_Z:g} standard errors and the curve lies below its "
        "chord beyond the error, whether all may wait or a full area holds the lane. Where a full area waves through, "
        f"those whom it refuses do not wait: there each third of the range adds {rise} s. At {100 * FULL_SHARE:g} % "
        "the second inspection takes all its officer's time; far beyond, closing cuts the queue short, which an "
        "endless queue does not know.",
    )


def _convex_with_several(curves: dict[str, Curve]) -> Claim:
    return Claim(
        "further inspection: several servers",
        "the properties also hold, approximately, with several servers",
        f"{SEVERAL}, each inspection three times as long: {_bends(curves[SEVERAL])}",
        convexity_of(curves[SEVERAL].wait_s).is_convex,
        SOURCE,
        "The second stage has several bays; the first keeps one officer. Agrees as above.",
    )


def _best_between(curve: Curve) -> Claim:
    best = {worth: _best(curve, worth) for worth in WORTHS_H}
    costs = {worth: curve.cost_s(worth) for worth in WORTHS_H}
    saved = {
        worth: [excess(costs[worth][:, end], costs[worth][:, place]) for end in (0, -1)]
        for worth, place in best.items()
    }
    between = all(is_seen(difference) for differences in saved.values() for difference in differences)
    said = "; ".join(
        f"a find worth {worth} h of waiting: best at {100 * SHARES[place]:.0f} %, by {with_error(saved[worth][0])} s a "
        f"vehicle better than sending nobody and by {with_error(saved[worth][1])} s than {100 * SHARES[-1]:.0f} %"
        for worth, place in best.items()
    )
    return Claim(
        "further inspection: the best share",
        "the share that balances security and waiting can be determined, as the cost is convex",
        said,
        between and list(best.values()) == sorted(best.values()),
        SOURCE,
        "Cost is mean waiting less the worth of what is found; the worths are ours. Agrees if the best share is better "
        "than either end beyond the error and does not fall as finds are worth more. The paper's classes of capacity "
        "(security-favourable and so on) are not reproduced.",
    )


def _best(curve: Curve, worth_h: float) -> int:
    return int(np.argmin(curve.cost_s(worth_h).mean(axis=0)))


@house_style()
def _figure(curves: dict[str, Curve], replications: int) -> tuple[Figure, str]:
    said = (
        "The more are sent on, the steeper waiting rises, until the second inspection takes all its officer's time. So "
        "the cost has one lowest point, marked, and it moves right as finds are worth more."
    )
    styles = line_styles(len(SETTINGS))[::-1]
    key = [sample(look, name) for name, look in zip(SETTINGS, styles, strict=True)]
    figure = new_figure(footer_of(NAME, replications), "Waiting, by the share inspected further", said, 2.6, key)
    left, right = figure.subplots(1, 2)
    per_cent = [100 * share for share in SHARES]
    for curve, look in zip(curves.values(), styles, strict=True):
        draw_line(left, per_cent, _waits(curve), look, 1 / 60)
    left.set_title("Mean waiting of a vehicle, min")
    left.set_ylim(0.0, 1.1 * float(curves[QUEUE].wait_s[:, -1].mean()) / 60)  # the held lane goes far beyond
    for worth in WORTHS_H:
        _draw_cost(right, curves[QUEUE], worth)
    right.margins(y=0.2)
    right.set_title(f"Cost of a vehicle, min ({QUEUE})")
    for axes in (left, right):
        axes.set_xlabel("share inspected further, %")
        axes.set_xticks(per_cent[::2])
    laid_out(figure)
    return figure, said


def _draw_cost(axes: Axes, curve: Curve, worth_h: float) -> None:
    cost_min = curve.cost_s(worth_h).mean(axis=0) / 60
    place = _best(curve, worth_h)
    axes.plot([100 * share for share in SHARES], cost_min, color=INK, linewidth=1.2)
    axes.plot(100 * SHARES[place], cost_min[place], "o", color="white", markeredgecolor=INK, markersize=6.0)
    above = worth_h == WORTHS_H[0]
    axes.annotate(
        f"a find worth {worth_h} h",
        (100 * SHARES[place], cost_min[place]),
        (0, 8 if above else -8),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
    )
