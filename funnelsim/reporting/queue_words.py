"""The queue of an average day in words: how long it is, when it is gone, and from when on it would not be."""

import numpy as np

from funnelsim.analysis.fluid import STEP_S, Fluid
from funnelsim.analysis.tipping import Tipping, queue_forms, queue_stays
from funnelsim.model.plan import Plan
from funnelsim.reporting.days import day_of, on_days, said_by_day
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.site import Operation
from funnelsim.wording import hours_text, joined, minutes_text, number_text

FEW = 5.0  # vehicles: fewer are the last of a queue that is as good as gone
GONE = 0.5  # vehicles: less is no queue
NEARLY = 0.99  # of the longest queue: days that differ less are alike
ROUND_S = 300.0  # a rough calculation names no minutes


def longest_queue_text(fluid: Fluid, operation: Operation) -> str:
    """Return the longest queue and the longest wait of a mean day, in words.

    "A queue of about 2,300 m around 09:00 and a wait of up to 14 min". The longest wait need not be in
    the longest queue: a queue at closing dissolves at the road's own rate.
    """
    step = int(np.argmax(fluid.waiting))
    as_long = fluid.times_s[fluid.waiting >= NEARLY * fluid.waiting[step]].tolist()
    days = {day_of(time_s, operation) for time_s in as_long}
    when = "" if len(days) == operation.days else on_days(days, operation)
    return (
        f"a queue of about {round(fluid.longest_m, -1):,.0f} m around {_about(fluid.times_s[step])}{when} and a wait "
        f"of up to {minutes_text(float(fluid.wait_s.max()))}"
    )


def clearing_text(fluid: Fluid) -> str:
    """Return when the longest queue of a mean day is gone: "it is gone around 11:20, 1 h 20 min later".

    Where the funnel closes upon it, that is said; nothing if it does not dissolve in the time that is simulated.
    """
    longest = int(np.argmax(fluid.waiting))
    gone = longest + int(np.argmax(fluid.waiting[longest:] < GONE))
    if fluid.waiting[longest] < GONE or fluid.waiting[gone] >= GONE:
        return ""
    around = f"around {_about(float(fluid.times_s[gone]) + STEP_S)}"
    if not fluid.stands[longest : gone + 1].all():
        return f"it is gone after closing, {around}"
    end = gone + int(np.argmin(np.append(fluid.stands[gone:], False)))
    again = fluid.waiting[gone:end].max(initial=0.0) >= FEW
    later = f"{hours_text(float(gone - longest) * STEP_S)} later"
    return f"it is gone {around}, {later}{', and then another forms' if again else ''}"


def tipping_text(plan: Plan) -> str:
    """Return from which capacity or look on a queue forms, and from which on it outlasts the window, on a mean day."""
    forms, stays = queue_forms(plan), queue_stays(plan)
    if forms.capacity_vph <= 0.0:
        return ""
    acts = np.isfinite(min(plan.funnel.suspend_at_m, plan.funnel.lift_at_m))
    but = "Without the valve, a" if acts else "A"
    begins = f"if fewer than {forms.capacity_vph:,.0f} vehicles an hour get through ({_look(forms)})"
    if f"{forms.capacity_vph:.0f}" == f"{stays.capacity_vph:.0f}":
        return f"{but} queue forms and does not clear before closing {begins}."
    outlasts = f"{stays.capacity_vph:,.0f} ({_look(stays)})"
    return f"{but} queue forms {begins}; it does not clear before closing with fewer than {outlasts}."


def _look(tips: Tipping) -> str:
    if tips.look_s is None:
        return "more than the lane carries"
    return "whatever the look" if np.isinf(tips.look_s) else f"looks over {number_text(tips.look_s, 2)} s"


def waiting_at_closing_text(fluid: Fluid, operation: Operation) -> str:
    """Return how many still wait when the funnel closes on a mean day, and when; nothing if hardly anybody does."""
    said = []
    opens = {window.opens_s for window in operation.windows}
    for window in operation.windows:
        before = np.searchsorted(fluid.times_s, window.closes_s) - 1
        if window.closes_s in opens:
            continue  # they meet the next window
        if fluid.waiting[before] >= FEW:
            number = float(f"{fluid.waiting[before]:.2g}")
            said.append((window.day, f"about {number:,.0f} vehicles still wait at {clock_of(window.closes_s)}"))
    texts = [f"{text}{days}" for text, days in said_by_day(said, operation)]
    return f"{joined(texts)}, when the funnel closes" if said else ""


def _about(time_s: float) -> str:
    return clock_of(ROUND_S * round(float(time_s) / ROUND_S))
