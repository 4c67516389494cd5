"""Whom the officers divert, in plain words: the rule, the rates by class, the look, the valve, the watch list."""

from collections.abc import Iterator

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan
from funnelsim.report.forecast import selected_between, selecting_spans, vehicles_in_windows, windows_h
from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.words import NOTHING, number_text, share_text
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Adapt, Index, Look, Valve, Watchlist
from funnelsim.units import HOUR_MIN, HOUR_S


def selection(scenario: Scenario, plan: Plan, chances: FloatArray) -> Section:
    """Return the rule, the rates by class, and what else decides whom the officers divert."""
    given = scenario.selection
    rule = _index(given.index, plan) if plan.selection.rule.priced else plan.selection.rule.sentence
    items: list[str | Grid] = [rule, _rates(plan, chances), *_look(given.look), _valve(given.valve)]
    if given.watchlist is not None:
        items.append(_watchlist(given.watchlist))
    if given.adapt is not None:
        items.append(_adapt(given.adapt))
    return Section("Selection", tuple(items))


def _index(index: Index, plan: Plan) -> str:
    """Return what an officer-minute must promise, and what that price was found for."""
    price = plan.selection.price
    wanted = (
        f"{share_text(index.rate)} of all vehicles"
        if index.rate is not None
        else f"{share_text(index.utilisation or 0.0)} of the officers' time that is free for inspection"
    )
    if price == 0.0 and np.isposinf(plan.selection.cutoff).all():
        return "Whoever promises enough detections for an officer-minute is selected, but nobody promises any."
    if price == 0.0:
        return f"Everybody who promises any detection is selected, as even that takes no more than {wanted}."
    if np.isinf(price):
        return (
            "Whoever promises enough detections for an officer-minute is selected, but hits of the watch list, and "
            f"whoever takes no officer's time, are more than {wanted} already, so nobody else is."
        )
    found = "" if index.price is not None else f". This price is found such that the selected are {wanted}"
    if index.utilisation is not None:
        found = f". This price is found such that the selected take {wanted}, if nobody waits"
    return (
        f"Whoever promises enough is selected: an officer-minute must promise at least {number_text(price, 2)} "
        f"detections (one in {number_text(1.0 / (price * HOUR_MIN), 2)} officer-hours){found}."
    )


def _rates(plan: Plan, chances: FloatArray) -> Grid:
    """Return the classes that come, their rates, and how many an hour are selected."""
    selecting_h = sum(to_s - from_s for from_s, to_s in selecting_spans(plan, *plan.window_s)) / HOUR_S
    vehicles = vehicles_in_windows(plan)
    selected = selected_between(plan, *plan.window_s, chances).sum(axis=1)
    columns = (
        Column("", "left"),
        Column("of all\nvehicles"),
        Column("vehicles\nan hour"),
        Column("rate"),
        Column("selected\nan hour"),
    )
    rows = tuple(
        (
            name,
            share_text(vehicles[c] / vehicles.sum()),
            number_text(vehicles[c] / windows_h(plan), 2),
            share_text(chances[c, 0]) if chances[c, 0] > 0 else "never",
            number_text(selected[c] / selecting_h, 2) if selecting_h > 0 else NOTHING,
        )
        for c, name in enumerate(plan.classes)
        if vehicles[c] > 0
    )
    return Grid(columns, rows)


def _look(look: Look) -> Iterator[str]:
    """Yield what a longer look tells, and what an officer who has stood there for long."""
    if look.reference_s is not None:
        yield (
            f"What cue_auc says holds for a look of {look.reference_s:g} s; a look four times as long tells a target "
            "twice as well (d')."
        )
    if look.tires_half_life_h is not None:
        fresh = "at each opening" if look.rotate_min is None else f"every {look.rotate_min:g} min"
        yield (
            f"An officer tells a target half as well (d') after {look.tires_half_life_h:g} h at the post; a fresh one "
            f"takes it {fresh}."
        )


def _valve(valve: Valve) -> str:
    if valve.suspend_at_m is None and valve.lift_at_m is None:
        return "No safety valve: selection goes on however long the queue is."
    acts = []
    if valve.suspend_at_m is not None:
        acts.append(f"from {valve.suspend_at_m:,.0f} m of queue on nobody is selected")
    if valve.lift_at_m is not None:
        acts.append(f"from {valve.lift_at_m:,.0f} m on the funnel is lifted and all lanes run")
    return f"Safety valve: {', '.join(acts)}, until the queue is down to {valve.resume_at_m:,.0f} m."


def _watchlist(watchlist: Watchlist) -> str:
    return (
        f"Watch list: it has {share_text(watchlist.target_share)} of the targets, and stops "
        f"{number_text(watchlist.false_hits_per_10k)} of 10,000 ordinary vehicles wrongly; a hit is selected whatever "
        "its score, also while selection is suspended, and counts in the rates above."
    )


def _adapt(adapt: Adapt) -> str:
    if adapt.on == "area":
        what = "how many of the area's places are taken"
        points = [f"{number_text(factor)} at {share_text(at)}" for at, factor in adapt.points]
    else:
        what = "the queue"
        points = [f"{number_text(factor)} at {at:,.0f} m" for at, factor in adapt.points]
    return (
        f"The rate follows {what}: it is multiplied by {', '.join(points)}, straight lines in between; the table has "
        "it where that is 1."
    )
