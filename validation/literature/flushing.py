"""Flushing at a busy checkpoint: a wait that is bounded, paid with what passes without being looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from funnelsim.analysis.estimates import Estimate, mean_estimate, pseudo_values
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import ArraysByName
from funnelsim.plots.looks import DOTTED, Look, looks
from funnelsim.plots.style import INK, house_style, laid_out, new_figure
from funnelsim.plots.words import with_error
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
class Plan:
    """One design point: officers who look, vehicles an hour, and whether the queue is flushed."""

    officers: int
    demand_vph: int
    flushed: bool = True

    @property
    def overrides(self) -> list[str]:
        """What it sets in the scenario, which has 600 vehicles an hour."""
        changed = [f"selection.look.officers={self.officers}", f"traffic.scale={self.demand_vph / TODAY_VPH}"]
        return changed if self.flushed else [*changed, "selection.valve.suspend_at_m=1000000"]


class Found:
    """What was simulated, by plan.

    Parameters
    ----------
    columns
        Measures of the replications.
    """

    def __init__(self, columns: Mapping[Plan, ArraysByName]) -> None:
        self.columns = columns

    def values(self, plan: Plan, measure: str) -> FloatArray:
        """Return what each replication says of a measure."""
        return pseudo_values(self.columns[plan], measure, ())

    def estimate(self, plan: Plan, measure: str) -> Estimate:
        """Return the mean of a measure with its error."""
        return mean_estimate(self.values(plan, measure))

    def how_long(self, plan: Plan) -> str:
        """Return in words for how much of the time the queue is flushed."""
        if not self.values(plan, "suspended_share").any():
            return "never"
        return f"{with_error(self.estimate(plan, 'suspended_share'), 100)} % of the time"


def flushing(effort: Effort) -> Study:
    """Vary demand, officers and flushing.

    References
    ----------
    Jenkins et al. (2013), The checkpoint simulation. doi:10.1109/EISIC.2013.65
    """
    replications = 20 if effort.quick else 200
    plans = [Plan(officers, demand) for officers in OFFICERS for demand in DEMANDS_VPH]
    plans += [Plan(ENOUGH, demand, flushed=False) for demand in DEMANDS_VPH]
    found = Found(simulated(NAME, {plan: plan.overrides for plan in plans}, replications, effort))
    figure, said = _figure(found, replications)
    return Study(NAME, (_bounded(found), _resources(found), _growth(found), _yield_lost(found)), figure, said)


def _bounded(found: Found) -> Claim:
    with_it, without = Plan(ENOUGH, LATER_VPH), Plan(ENOUGH, LATER_VPH, flushed=False)
    more_with, more_without = Plan(ENOUGH, LATEST_VPH), Plan(ENOUGH, LATEST_VPH, flushed=False)
    delay, yields = "delay_p95_s", "expected_detections"
    agrees = (
        is_seen(excess(found.values(without, delay), found.values(with_it, delay)))
        and is_seen(excess(found.values(without, yields), found.values(with_it, yields)))
        and is_seen(excess(found.values(more_without, delay), found.values(without, delay)))
        and not is_seen(excess(found.values(more_with, delay), found.values(with_it, delay)))
    )
    p95_min = {plan: with_error(found.estimate(plan, delay), 1 / 60, 1) for plan in found.columns}
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
    plans = [Plan(officers, LATER_VPH) for officers in reversed(OFFICERS)]
    measured = ", ".join(f"{found.how_long(plan)} with {plan.officers}" for plan in reversed(plans))
    return Claim(
        "flushing: officers",
        "improper allocation of resources leads to flushing",
        f"flushed at {LATER_VPH} veh/h: {measured} officers",
        rises([found.values(plan, "suspended_share") for plan in plans]),
        SOURCE,
        "A funnel has one lane, so here more resources are officers one behind the other in it; the abstract does not "
        "say how theirs are added. Agrees if each officer fewer means more flushing, beyond the error.",
    )


def _growth(found: Found) -> Claim:
    plans = Plan(ENOUGH, TODAY_VPH), Plan(ENOUGH, LATER_VPH), Plan(ENOUGH + 1, LATER_VPH)
    now, later, helped = (found.estimate(plan, "suspended_share") for plan in plans)
    agrees = (
        now.mean + now.half_width < SELDOM
        and later.mean - later.half_width > OFTEN
        and helped.mean + helped.half_width < SELDOM
    )
    of_now, of_later, of_helped = (found.how_long(plan) for plan in plans)
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
    plans = [Plan(ENOUGH, demand) for demand in DEMANDS_VPH if demand >= LATER_VPH - 100]
    lost = ", ".join(with_error(found.estimate(plan, "loss_suspended"), 100) for plan in plans)
    yields = ", ".join(with_error(found.estimate(plan, "expected_detections"), digits=2) for plan in plans)
    at = ", ".join(f"{plan.demand_vph:,}" for plan in plans)
    return Claim(
        "flushing: demand",
        "where flushing is frequent, the yield lost grows with demand",
        f"at {at} veh/h: {lost} % of the targets pass unscreened, found in six hours: {yields}",
        rises([found.values(plan, "loss_suspended") for plan in plans]),
        SOURCE.replace("(abstract)", "(second hand: not in its abstract)"),
        "Agrees if each step of demand loses a larger share, beyond the error. Other demand means other vehicles, so "
        "the pairs help less here.",
    )


@house_style()
def _figure(found: Found, replications: int) -> tuple[Figure, str]:
    said = (
        "The more officers, the later flushing begins; once it is frequent, the share of the targets that pass "
        "unscreened grows with demand. Without flushing it is the wait that grows."
    )
    styles = looks(len(OFFICERS))
    key = [
        sample(look, f"{officers} officer{'s' if officers > 1 else ''}")
        for officers, look in zip(OFFICERS, styles, strict=True)
    ]
    never = Look(INK, "x", DOTTED)
    key.append(sample(never, f"{ENOUGH} officers, never flushed (right)"))
    figure = new_figure(footer_of(NAME, replications), "Flushing a checkpoint's queue", said, 2.6, key)
    left, right = figure.subplots(1, 2)
    for officers, look in zip(OFFICERS, styles, strict=True):
        plans = [Plan(officers, demand) for demand in DEMANDS_VPH]
        draw_line(left, DEMANDS_VPH, [found.estimate(plan, "loss_suspended") for plan in plans], look, 100)
        draw_line(right, DEMANDS_VPH, [found.estimate(plan, "delay_p95_s") for plan in plans], look, 1 / 60)
    plans = [Plan(ENOUGH, demand, flushed=False) for demand in DEMANDS_VPH]
    draw_line(right, DEMANDS_VPH, [found.estimate(plan, "delay_p95_s") for plan in plans], never, 1 / 60)
    right.set_yscale("log")
    left.set_title("Targets that pass while it is flushed, %")
    right.set_title("P95 of the delay, min (logarithmic)")
    right.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    for axes in (left, right):
        axes.set_xlabel("demand, veh/h")
        axes.set_xticks(DEMANDS_VPH[::2])
    laid_out(figure)
    return figure, said
