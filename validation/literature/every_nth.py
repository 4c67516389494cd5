"""A sobriety checkpoint that stops every n-th vehicle: which pattern suits how many officers."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from funnelsim.analysis.estimates import mean_estimate, with_error
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import ArraysByName
from funnelsim.plots.line_styles import line_styles
from funnelsim.plots.style import house_style, laid_out, new_figure
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Claim
from validation.literature.study import Study, draw_line, footer_of, sample, simulated
from validation.literature.verdicts import excess, is_seen, rises

NAME = "every_nth"
SOURCE = (
    "Katz, Coffey and Rakha (2009), Analysis of enforcement techniques for DWI checkpoints and their impact on traffic "
    "operations, Transportation Research Record (set-ups by its abstract, of which the end was not seen; what it found "
    "is taken from second hand; DOI not seen)"
)
PATTERNS = (10, 5, 2, 1)
OFFICERS = (1, 2, 4)
DEMAND_VPH, INTERVIEW_S = 500.0, 25.0
LIGHT, FULL, HEAVY = (10, 1), (5, 1), (2, 1)  # patterns and officers: loads of 0.35, 0.69 and 1.74


@dataclass(frozen=True)
class DesignPoint:
    """One design point: every which vehicle is stopped, by how many officers, and whether a long queue suspends it."""

    every: int
    officers: int
    suspended: bool = True

    @property
    def overrides(self) -> list[str]:
        """Changes to the scenario."""
        officers = [f"area.bays={self.officers}", f"staffing.roster.police.count={self.officers}"]
        changed = [f"selection.every.default={self.every}", *officers]
        return changed if self.suspended else [*changed, "selection.valve.suspend_at_m=1000000"]

    @property
    def load(self) -> float:
        """How busy its officers would be if nothing held the vehicles up; above 1 they cannot keep up."""
        return DEMAND_VPH / HOUR_S / self.every * INTERVIEW_S / self.officers


Found = Mapping[DesignPoint, ArraysByName]


def every_nth(effort: Effort) -> Study:
    """Vary the pattern and the officers.

    References
    ----------
    Katz, Coffey and Rakha (2009), Analysis of enforcement techniques for DWI checkpoints and their impact on traffic
    operations, Transportation Research Record.
    """
    replications = 30 if effort.quick else 200
    points = [
        DesignPoint(every, officers, kept) for every in PATTERNS for officers in OFFICERS for kept in (True, False)
    ]
    found = simulated(NAME, {point: point.overrides for point in points}, replications, effort)
    figure, said = _figure(found, replications)
    return Study(NAME, (_pattern(found), _officers(found), _steep(found)), figure, said)


def _p95(found: Found, point: DesignPoint) -> FloatArray:
    return found[point]["delay_p95_s"]


def _listed(found: Found, points: list[DesignPoint], measure: str) -> str:
    return ", ".join(with_error(mean_estimate(found[point][measure])) for point in points)


def _pattern(found: Found) -> Claim:
    points = [DesignPoint(every, 1) for every in PATTERNS]
    return Claim(
        "every n-th vehicle: the pattern",
        "the more vehicles an officer stops, the longer the queue and the delay",
        "one officer, every 10th, 5th, 2nd and every vehicle: P95 of the delay "
        f"{_listed(found, points, 'delay_p95_s')} s, mean queue {_listed(found, points, 'tail_mean_m')} m",
        rises([_p95(found, point) for point in points]) and rises([found[point]["tail_mean_m"] for point in points]),
        SOURCE,
        "The settings of scenarios/sobriety_checkpoint.toml, but checks follow each other at once: a queue of 250 m "
        "suspends the pattern, which keeps the delay low and caps the longest queue, so the mean one is compared. "
        "Agrees if each denser pattern means more of both, beyond the error.",
    )


def _officers(found: Found) -> Claim:
    points = [DesignPoint(1, officers) for officers in OFFICERS]
    return Claim(
        "every n-th vehicle: the officers",
        "with every vehicle stopped, fewer officers lengthen the queue and the delay",
        f"one, two, four officers: P95 of the delay {_listed(found, points, 'delay_p95_s')} s, mean queue "
        f"{_listed(found, points, 'tail_mean_m')} m",
        rises([_p95(found, point) for point in points[::-1]])
        and rises([found[point]["tail_mean_m"] for point in points[::-1]]),
        SOURCE,
        "Agrees if each step to fewer officers means more of both, beyond the error.",
    )


def _steep(found: Found) -> Claim:
    light, full, heavy = (DesignPoint(*which, suspended=False) for which in (LIGHT, FULL, HEAVY))
    below, above = _slope(found, light, full), _slope(found, full, heavy)
    return Claim(
        "every n-th vehicle: saturation",
        "the delay rises steeply once the officers are saturated",
        f"one officer, pattern never suspended: mean delay grows by {with_error(mean_estimate(below))} s for a load "
        f"higher by 1 between loads of {light.load:.2f} and {full.load:.2f}, by {with_error(mean_estimate(above))} s "
        f"between {full.load:.2f} and {heavy.load:.2f}",
        is_seen(excess(above, below)),
        SOURCE,
        "Load: interviews of 25 s that come in, over the officers' time. Agrees if the delay grows faster beyond the "
        "error where the load goes past 1. Seven set-ups stand in the abstract, of which six are among those drawn; of "
        "the seventh only the four officers were seen.",
    )


def _slope(found: Found, less: DesignPoint, more: DesignPoint) -> FloatArray:
    slope: FloatArray = (found[more]["delay_mean_s"] - found[less]["delay_mean_s"]) / (more.load - less.load)
    return slope


@house_style()
def _figure(found: Found, replications: int) -> tuple[Figure, str]:
    said = (
        "A denser pattern and fewer officers lengthen the delay. If a long queue does not suspend the pattern, the "
        "delay rises steeply from where the officers' load comes near 1."
    )
    styles = line_styles(len(OFFICERS))
    key = [
        sample(look, f"{officers} officer{'s' if officers > 1 else ''}")
        for officers, look in zip(OFFICERS, styles, strict=True)
    ]
    figure = new_figure(footer_of(NAME, replications), "Every n-th vehicle, by officers", said, 2.5, key)
    left, right = figure.subplots(1, 2)
    for officers, look in zip(OFFICERS, styles, strict=True):
        points = [DesignPoint(every, officers) for every in PATTERNS]
        draw_line(left, range(len(PATTERNS)), [mean_estimate(_p95(found, point)) for point in points], look)
        free = [DesignPoint(every, officers, suspended=False) for every in PATTERNS]
        waits = [mean_estimate(found[point]["delay_mean_s"]) for point in free]
        draw_line(right, [point.load for point in free], waits, look, 1 / 60)
    left.set_title("P95 of the delay, s (suspended at 250 m)")
    left.set_xlabel("vehicles stopped")
    left.set_xticks(range(len(PATTERNS)), ["every 10th", "every 5th", "every 2nd", "every one"])
    left.set_ylim(bottom=0.0)
    right.set_title("Mean delay, min (never suspended)")
    right.set_xlabel("load of the officers")
    right.set_ylim(bottom=0.0)
    laid_out(figure)
    return figure, said
