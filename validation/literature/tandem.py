"""Officers one behind the other in one lane: the gain in capacity, and what blocking takes from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from funnelsim.analysis.estimates import mean_estimate, with_error
from funnelsim.arrays import FloatArray
from funnelsim.experiments.replication import log_of
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Gate
from funnelsim.plots.line_styles import DASHED, SOLID, LineStyle, line_styles
from funnelsim.plots.style import INK, MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Claim
from validation.literature.study import SEED, Study, draw_line, footer_of, sample, scenario_of
from validation.literature.verdicts import excess, is_seen, rises

NAME = "tandem"
GU = (
    "Gu, Cassidy and Li (2012), On the capacity of highway checkpoints: models for unconventional configurations, "
    "Transportation Research Part B 46(10), 1308-1321, doi:10.1016/j.trb.2012.08.006 (abstract)"
)
BOOTHS = (
    "Checkpoint congestion mitigation via tandem service booths: capacity and delay analysis, TRB 90th Annual Meeting "
    "(2011), paper 11-2597 (abstract in TRID, record 01334146, which names no authors as seen)"
)
HANDBOOKS = (
    "SDDCTEA, Exh. 2.6 (300 to 450 veh/h, 400 to 600 in tandem); UFC 4-022-01 (2005), Table 6-1, after SDDCTEA "
    "(300 to 400, 450 to 600)"
)
OFFICERS = (1, 2, 3, 4)
SCATTERS = (0.0, 0.3, 0.6, 1.0)
USUAL_CV = 0.3  # the default scatter of a look
LONG_S, MIDDLE_S, SHORT_S = 8.7, 6.3, 4.7  # looks at which one officer passes 300, 375 and 450 veh/h
SDDCTEA_VPH = (400.0, 600.0)
ADDED = (400.0 / 300.0, 450.0 / 300.0)  # what a second officer brings, by the one handbook and by the other
SETTLED_S = 1800.0  # after the opening


@dataclass(frozen=True)
class Post:
    """Officers who look: how many, how long, and how much that scatters."""

    officers: int
    look_s: float
    cv: float

    @property
    def plan(self) -> Plan:
        """The checkpoint with these officers."""
        changed = {"officers": self.officers, "mean_s": self.look_s, "cv": self.cv}
        return plan_of(scenario_of(NAME, [f"selection.look.{key}={value}" for key, value in changed.items()]))


def pair_look_s(look_s: float, cv: float) -> float:
    """Return the look of one officer that passes as many as two fixed posts, which serve vehicles in pairs.

    Two posts at fixed places must both be done before the next two drive up. A pair then costs the lane two headways
    and the longer of two looks; half of the mean of that is what each vehicle costs beside its headway. The mean of
    the longer of two independent lognormal times is 2 Φ(s / √2) times their own, with s² = log(1 + cv²).

    Examples
    --------
    >>> pair_look_s(6.0, 0.0)
    3.0
    >>> round(pair_look_s(6.0, 0.3), 2)
    3.49
    """
    sigma = math.sqrt(math.log1p(cv**2))
    return look_s * float(stats.norm.cdf(sigma / math.sqrt(2.0)))


def capacities_vph(post: Post, replications: int, effort: Effort) -> FloatArray:
    """Return the vehicles an hour that pass when demand exceeds capacity, by replication."""
    plan = post.plan
    found = []
    for replication in range(replications):
        log = log_of(plan, SEED, replication, effort.engine)
        looked_at = (log.gate == Gate.OPEN) & (log.passed_s > plan.window_s[0] + SETTLED_S)
        passed_s = log.passed_s[looked_at]
        found.append(HOUR_S * (len(passed_s) - 1) / (passed_s[-1] - passed_s[0]))
    return np.array(found)


@dataclass(frozen=True)
class Capacities:
    """What was simulated: vehicles an hour by replication.

    Attributes
    ----------
    of_posts
        By scatter and officers, for the middle look.
    of_pairs
        By scatter, two fixed posts that serve pairs, for the middle look.
    of_range
        One officer, two officers and a pair, each for the long and for the short look, at the usual scatter.
    """

    of_posts: dict[tuple[float, int], FloatArray]
    of_pairs: dict[float, FloatArray]
    of_range: tuple[tuple[FloatArray, FloatArray], ...]

    def gain(self, cv: float, officers: int) -> FloatArray:
        """Return how many times as many pass as with one officer."""
        gain: FloatArray = self.of_posts[cv, officers] / self.of_posts[cv, 1]
        return gain

    def pair_gain(self, cv: float) -> FloatArray:
        """Return how many times as many two fixed posts pass as one."""
        gain: FloatArray = self.of_pairs[cv] / self.of_posts[cv, 1]
        return gain


def tandem(effort: Effort) -> Study:
    """Vary the officers in a lane and the scatter of their looks.

    References
    ----------
    Gu, Cassidy and Li (2012), On the capacity of highway checkpoints. doi:10.1016/j.trb.2012.08.006
    """
    replications = 10 if effort.quick else 100

    def of(officers: int, look_s: float, cv: float) -> FloatArray:
        return capacities_vph(Post(officers, look_s, cv), replications, effort)

    ends = LONG_S, SHORT_S
    found = Capacities(
        {(cv, officers): of(officers, MIDDLE_S, cv) for cv in SCATTERS for officers in OFFICERS},
        {cv: of(1, pair_look_s(MIDDLE_S, cv), cv) for cv in SCATTERS},
        (
            (of(1, ends[0], USUAL_CV), of(1, ends[1], USUAL_CV)),
            (of(2, ends[0], USUAL_CV), of(2, ends[1], USUAL_CV)),
            (of(1, pair_look_s(ends[0], USUAL_CV), USUAL_CV), of(1, pair_look_s(ends[1], USUAL_CV), USUAL_CV)),
        ),
    )
    figure, said = _figure(found, replications)
    return Study(NAME, (_more(found), _not_in_proportion(found), _scatter(found), *_handbooks(found)), figure, said)


def _words(values: FloatArray, digits: int = 0) -> str:
    return with_error(mean_estimate(values), digits=digits)


def _more(found: Capacities) -> Claim:
    one, two = found.of_posts[USUAL_CV, 1], found.of_posts[USUAL_CV, 2]
    return Claim(
        "tandem: without a further lane",
        "the capacity of a checkpoint can be increased without further lanes by stations in tandem",
        f"{_words(one)} veh/h with one officer, {_words(two)} with two one behind the other "
        f"({_words(found.gain(USUAL_CV, 2), 2)} times)",
        is_seen(excess(two, one)),
        GU,
        "That tandem is the best of three layouts (branched, staggered, tandem), as the paper finds, cannot be tested "
        "here: a funnel has one lane, and no places beside it where vehicles can be overtaken.",
    )


def _not_in_proportion(found: Capacities) -> Claim:
    gains = [found.gain(USUAL_CV, officers) for officers in OFFICERS[1:]]
    lags = [excess(np.full(len(gain), float(many)), gain) for many, gain in zip(OFFICERS[1:], gains, strict=True)]
    said = ", ".join(_words(gain, 2) for gain in gains)
    return Claim(
        "tandem: blocking",
        "the added capacity is not in proportion to the booths, as a vehicle in service blocks others",
        f"two, three, four officers pass {said} times as many as one",
        all(is_seen(lag) for lag in lags),
        BOOTHS,
        f"Looks of {MIDDLE_S:g} s with a scatter of {USUAL_CV:g}. Nobody overtakes: who is done waits for whoever "
        "stands in front. Agrees if each gain is below the number of officers, beyond the error. With four the lane's "
        "headway limits, too.",
    )


def _scatter(found: Capacities) -> Claim:
    gains = [found.gain(cv, 2) for cv in SCATTERS]
    pairs = [found.pair_gain(cv) for cv in SCATTERS]
    listed = ", ".join(f"{cv:g}" for cv in SCATTERS)
    return Claim(
        "tandem: scatter of the looks",
        "tandem booths are particularly beneficial when service times vary little",
        f"two officers pass {', '.join(_words(gain, 2) for gain in gains)} times as many as one at a scatter of "
        f"{listed}",
        rises(gains[::-1]) and rises(pairs[::-1]),
        BOOTHS,
        f"Posts that serve pairs gain {', '.join(_words(pair, 2) for pair in pairs)} times. Agrees if each gain falls "
        "with the scatter, beyond the error. Buffers between booths, which that paper also studies, cannot be tested "
        "here.",
    )


def _handbooks(found: Capacities) -> tuple[Claim, Claim]:
    (slow, fast), twos, pairs = found.of_range
    alone = f"looks at which one officer passes {_words(slow)} and {_words(fast)} veh/h"
    claim = f"{SDDCTEA_VPH[0]:.0f} to {SDDCTEA_VPH[1]:.0f} veh/h with two in tandem, where one passes 300 to 450"
    free = Claim(
        "tandem: handbook figures, two officers who walk to their vehicles",
        claim,
        f"{alone}: two pass {_words(twos[0])} and {_words(twos[1])} ({_ratios(twos, (slow, fast))} times)",
        _within(twos, SDDCTEA_VPH),
        HANDBOOKS,
        explanation="With `look.officers = 2` a vehicle is looked at wherever it stands: an officer who is done walks "
        "to the next but one while the vehicle between is still being looked at. Posts at fixed places cannot: both "
        "must be done before the next two drive up. So `officers` is an upper bound for them.",
    )
    shorter = [pair_look_s(look_s, USUAL_CV) for look_s in (LONG_S, SHORT_S)]
    fixed = Claim(
        "tandem: handbook figures, two fixed posts that serve pairs",
        f"{claim}; that is {ADDED[0]:.2f} times, and {ADDED[1]:.2f} times by UFC 4-022-01",
        f"{alone}: pairs pass {_words(pairs[0])} and {_words(pairs[1])} ({_ratios(pairs, (slow, fast))} times)",
        _within(pairs, SDDCTEA_VPH),
        HANDBOOKS,
        "That the handbooks' posts serve pairs is our reading; the figures as seen do not say. The model has no key "
        "for pairs, but what they cost the lane can be written: one officer, whose look is half the mean of the longer "
        f"of two looks (here {shorter[0]:.1f} and {shorter[1]:.1f} s instead of {LONG_S:g} and {SHORT_S:g}; a scatter "
        f"of {USUAL_CV:g} makes it {pair_look_s(1.0, USUAL_CV):.2f} of a look).",
    )
    return free, fixed


def _within(values: Sequence[FloatArray], limits: tuple[float, float]) -> bool:
    """Tell whether means lie in a range, as far as their errors tell."""
    found = [mean_estimate(each) for each in values]
    return all(one.high >= limits[0] and one.low <= limits[1] for one in found)


def _ratios(more: Sequence[FloatArray], fewer: Sequence[FloatArray]) -> str:
    return " and ".join(_words(above / below, 2) for above, below in zip(more, fewer, strict=True))


@house_style()
def _figure(found: Capacities, replications: int) -> tuple[Figure, str]:
    said = (
        "The more looks scatter, the less each further officer adds to what one passes alone. Posts at fixed "
        "places, which serve pairs, gain about what the handbooks say; officers who walk to their vehicles gain more."
    )
    styles = line_styles(len(SCATTERS))[::-1]
    key = [sample(look, f"scatter {cv:g}") for cv, look in zip(SCATTERS, styles, strict=True)]
    figure = new_figure(footer_of(NAME, replications), "Officers one behind the other", said, 2.7, key)
    left, right = figure.subplots(1, 2)
    for cv, look in zip(SCATTERS, styles, strict=True):
        draw_line(left, OFFICERS, [mean_estimate(found.of_posts[cv, officers]) for officers in OFFICERS], look)
    left.set_title("Vehicles an hour")
    left.set_xlabel("officers in the lane")
    left.set_xticks(OFFICERS)
    left.set_ylim(bottom=0.0)
    walking, pairs = LineStyle(INK, "o", SOLID), LineStyle(MUTED, "s", DASHED)
    draw_line(right, SCATTERS, [mean_estimate(found.gain(cv, 2)) for cv in SCATTERS], walking)
    draw_line(right, SCATTERS, [mean_estimate(found.pair_gain(cv)) for cv in SCATTERS], pairs)
    right.axhspan(*ADDED, color=WARM, alpha=0.18, linewidth=0.0)
    right.text(0.45, 1.87, "officers who walk", color=INK)
    right.text(0.6, 1.44, "two handbooks", color=WARM)
    right.text(0.03, 1.24, "posts that serve pairs", color=MUTED)
    right.set_title("Gain by the second officer, times")
    right.set_xlabel("scatter of the look (standard deviation over mean)")
    right.set_ylim(1.0, 2.1)
    laid_out(figure)
    return figure, said
