"""Flushing at a busy checkpoint: the wait is bounded, and vehicles pass without being looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from funnelsim.analysis.estimates import Estimate, mean_estimate, pseudo_values, with_error
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import ArraysByName
from funnelsim.plots.line_styles import DOTTED, LineStyle, line_styles
from funnelsim.plots.style import INK, house_style, laid_out, new_figure
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Claim
from validation.literature.study import Study, draw_line, footer_of, sample, simulated
from validation.literature.verdicts import excess, is_seen, rises

NAME = "flushing"
SOURCE = (
    "Jenkins, Marquardson, Proudfoot, Valacich, Golob and Nunamaker (2013), The checkpoint simulation: a tool for "
    "informing border patrol checkpoint design and resource allocation, EISIC 2013, 252-255, "
    "doi:10.1109/EISIC.2013.65 (abstract)"
)
OFFICERS = (1, 2, 3)
DEMANDS_VPH = (300, 400, 500, 600, 700, 800, 900, 1000)
TODAY_VPH, LATER_VPH, LATEST_VPH = 600, 900, 1000
ENOUGH = 2  # officers, for today's demand
SELDOM, OFTEN = 0.01, 0.05  # shares of the time: below the one a checkpoint copes, above the other it does not


@dataclass(frozen=True, order=True)
class DesignPoint:
    """One design point: officers who look, vehicles an hour, and whether the queue is flushed."""

    officers: int
    demand_vph: int
    flushed: bool = True

    @property
    def overrides(self) -> list[str]:
        """Changes to the scenario, which has 600 vehicles an hour."""
        changed = [f"selection.look.officers={self.officers}", f"traffic.scale={self.demand_vph / TODAY_VPH}"]
        return changed if self.flushed else [*changed, "selection.valve.suspend_at_m=1000000"]


class Found:
    """What was simulated, by point.

    Parameters
    ----------
    columns
        Measures of the replications.
    """

    def __init__(self, columns: Mapping[DesignPoint, ArraysByName]) -> None:
        self.columns = columns

    def values(self, point: DesignPoint, measure: str) -> FloatArray:
        """Return the values of a measure by replication."""
        return pseudo_values(self.columns[point], measure, ())

    def estimate(self, point: DesignPoint, measure: str) -> Estimate:
        """Return the mean of a measure with its error."""
        return mean_estimate(self.values(point, measure))

    def how_long(self, point: DesignPoint) -> str:
        """Return in words for how much of the time the queue is flushed."""
        if not self.values(point, "suspended_share").any():
            return "never"
        return f"{with_error(self.estimate(point, 'suspended_share'), 100)} % of the time"


def flushing(effort: Effort) -> Study:
    """Vary demand, officers and flushing.

    References
    ----------
    Jenkins et al. (2013), The checkpoint simulation. doi:10.1109/EISIC.2013.65
    """
    replications = 20 if effort.quick else 200
    points = [DesignPoint(officers, demand) for officers in OFFICERS for demand in DEMANDS_VPH]
    points += [DesignPoint(ENOUGH, demand, flushed=False) for demand in DEMANDS_VPH]
    found = Found(simulated(NAME, {point: point.overrides for point in points}, replications, effort))
    figure, said = _figure(found, replications)
    return Study(NAME, (_bounded(found), _resources(found), _growth(found), _yield_lost(found)), figure, said)


def _bounded(found: Found) -> Claim:
    with_it, without = DesignPoint(ENOUGH, LATER_VPH), DesignPoint(ENOUGH, LATER_VPH, flushed=False)
    more_with, more_without = DesignPoint(ENOUGH, LATEST_VPH), DesignPoint(ENOUGH, LATEST_VPH, flushed=False)
    delay, yields = "delay_p95_s", "expected_detections"
    agrees = (
        is_seen(excess(found.values(without, delay), found.values(with_it, delay)))
        and is_seen(excess(found.values(without, yields), found.values(with_it, yields)))
        and is_seen(excess(found.values(more_without, delay), found.values(without, delay)))
        and not is_seen(excess(found.values(more_with, delay), found.values(with_it, delay)))
    )
    p95_min = {point: with_error(found.estimate(point, delay), 1 / 60, 1) for point in found.columns}
    measured = (
        f"P95 of the delay at {LATER_VPH} and {LATEST_VPH:,} veh/h, {ENOUGH} officers: {p95_min[with_it]} and "
        f"{p95_min[more_with]} min with flushing, {p95_min[without]} and {p95_min[more_without]} min without; "
        f"at {LATER_VPH} it finds {with_error(found.estimate(with_it, yields), digits=2)} instead of "
        f"{with_error(found.estimate(without, yields), digits=2)} in six hours"
    )
    return Claim(
        "flushing: what it gives and costs",
        "cars pass without screening; so the wait is bounded and detections are lost",
        measured,
        agrees,
        SOURCE,
        "That cars pass unscreened stands in the abstract; that this bounds the wait is what flushing is for, not a "
        "figure of the paper. Flushing is `selection.valve`: while it is shut nobody is looked at. Agrees if each "
        "difference is beyond its error and the wait with flushing does not grow with demand.",
    )


def _resources(found: Found) -> Claim:
    points = [DesignPoint(officers, LATER_VPH) for officers in reversed(OFFICERS)]
    measured = ", ".join(f"{found.how_long(point)} with {point.officers}" for point in reversed(points))
    return Claim(
        "flushing: officers",
        "improper allocation of resources leads to flushing",
        f"flushed at {LATER_VPH} veh/h: {measured} officers",
        rises([found.values(point, "suspended_share") for point in points]),
        SOURCE,
        "A funnel has one lane, so here more resources are officers one behind the other in it; the abstract does not "
        "say how theirs are added. Agrees if each officer fewer means more flushing, beyond the error.",
    )


def _growth(found: Found) -> Claim:
    points = DesignPoint(ENOUGH, TODAY_VPH), DesignPoint(ENOUGH, LATER_VPH), DesignPoint(ENOUGH + 1, LATER_VPH)
    now, later, helped = (found.estimate(point, "suspended_share") for point in points)
    agrees = now.high < SELDOM and later.low > OFTEN and helped.high < SELDOM
    of_now, of_later, of_helped = (found.how_long(point) for point in points)
    measured = (
        f"flushed: {of_now} at {TODAY_VPH} veh/h with {ENOUGH} officers, {of_later} at {LATER_VPH}, {of_helped} at "
        f"{LATER_VPH} with {ENOUGH + 1}"
    )
    return Claim(
        "flushing: today's traffic and that to come",
        "the checkpoint copes with today's traffic, but needs more screening capacity for that of the next 20 years",
        measured,
        agrees,
        SOURCE,
        "Half as many vehicles again are 20 years of 2 % a year. That, the demand and the look are assumptions: "
        f"it is the order of things that agrees. It copes if flushed for less than {100 * SELDOM:g} % of the time, not "
        f"if for more than {100 * OFTEN:g} %.",
    )


def _yield_lost(found: Found) -> Claim:
    points = [DesignPoint(ENOUGH, demand) for demand in DEMANDS_VPH if demand >= LATER_VPH - 100]
    lost = ", ".join(with_error(found.estimate(point, "loss_suspended"), 100) for point in points)
    yields = ", ".join(with_error(found.estimate(point, "expected_detections"), digits=2) for point in points)
    at = ", ".join(f"{point.demand_vph:,}" for point in points)
    return Claim(
        "flushing: demand",
        "where flushing is frequent, the yield lost grows with demand",
        f"at {at} veh/h: {lost} % of the targets pass unscreened, found in six hours: {yields}",
        rises([found.values(point, "loss_suspended") for point in points]),
        SOURCE.replace("(abstract)", "(second hand: not in its abstract)"),
        "Agrees if each step of demand loses a larger share, beyond the error. Other demand means other vehicles, so "
        "the pairs help less here.",
    )


@house_style()
def _figure(found: Found, replications: int) -> tuple[Figure, str]:
    said = (
        "The more officers, the later flushing begins; once it is frequent, the share of targets that pass "
        "unscreened grows with demand. Without flushing, the wait grows."
    )
    styles = line_styles(len(OFFICERS))
    key = [
        sample(look, f"{officers} officer{'s' if officers > 1 else ''}")
        for officers, look in zip(OFFICERS, styles, strict=True)
    ]
    never = LineStyle(INK, "x", DOTTED)
    key.append(sample(never, f"{ENOUGH} officers, never flushed (right)"))
    figure = new_figure(footer_of(NAME, replications), "Flushing a checkpoint's queue", said, 2.6, key)
    left, right = figure.subplots(1, 2)
    for officers, look in zip(OFFICERS, styles, strict=True):
        points = [DesignPoint(officers, demand) for demand in DEMANDS_VPH]
        draw_line(left, DEMANDS_VPH, [found.estimate(point, "loss_suspended") for point in points], look, 100)
        draw_line(right, DEMANDS_VPH, [found.estimate(point, "delay_p95_s") for point in points], look, 1 / 60)
    points = [DesignPoint(ENOUGH, demand, flushed=False) for demand in DEMANDS_VPH]
    draw_line(right, DEMANDS_VPH, [found.estimate(point, "delay_p95_s") for point in points], never, 1 / 60)
    right.set_yscale("log")
    left.set_title("Targets that pass while it is flushed, %")
    right.set_title("P95 of the delay, min (logarithmic)")
    right.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    for axes in (left, right):
        axes.set_xlabel("demand, veh/h")
        axes.set_xticks(DEMANDS_VPH[::2])
    laid_out(figure)
    return figure, said
