"""Which vehicles the officers divert: the rule, the rates by class, the look, the valve, the watch list."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.forecast import (
    chances_between,
    selected_between,
    selecting_spans,
    vehicles_in_windows,
    windows_h,
)
from funnelsim.arrays import FloatArray
from funnelsim.model.plan import Plan
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.rate_steps import rates_in, usual_rates
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Adapt, Index, Look, Selection, Valve, Watchlist
from funnelsim.selection_rules import Amount
from funnelsim.units import HOUR_MIN, HOUR_S
from funnelsim.wording import NOTHING, joined, number_text, share_text

_FOLLOWS_LOAD = (
    "This rule follows the load of the area and the order in which vehicles come, not their classes: who comes first "
    "behind a vehicle that was selected, as cars behind the lorry that leads them, passes while the bay is taken. "
    "Shares of classes can be far from these; the results show the share stopped beside the one that is meant, and by "
    "hour in selection.csv."
)


def selection(scenario: Scenario, plan: Plan, chances: FloatArray) -> Section:
    """Return the rule, the rates by class, and what else decides which vehicles the officers divert."""
    given = scenario.selection
    rule = _index(given.index, plan) if plan.selection.rule.priced else plan.selection.rule.sentence
    items: list[str | Grid] = [rule, _rates(plan, chances), *_look(given.look), _valve(given.valve)]
    if given.rate_by_time:
        items[2:2] = _rates_by_time(given, plan)
    if plan.selection.rule.amount is Amount.AREA:
        items.insert(2, _FOLLOWS_LOAD)
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
        return "Vehicles that promise enough detections for an officer-minute are selected, but none promises any."
    if price == 0.0:
        return f"Every vehicle that promises any detection is selected, as even that takes no more than {wanted}."
    if np.isinf(price):
        return (
            "Vehicles that promise enough detections for an officer-minute are selected, but hits of the watch list "
            f"and vehicles that take no officer's time are more than {wanted} already, so no other is."
        )
    found = "" if index.price is not None else f". At this price {wanted} are selected"
    if index.utilisation is not None:
        found = f". At this price the selected take {wanted}, if nobody waits"
    return (
        f"A vehicle is selected if it promises at least {number_text(price, 2)} detections for each officer-minute "
        f"(one in {number_text(1.0 / (price * HOUR_MIN), 2)} officer-hours){found}."
    )


def _rates(plan: Plan, chances: FloatArray) -> Grid:
    """Return the classes that come, their mean rates, and how many an hour are selected."""
    mean = chances_between(plan, *plan.window_s, chances)[:, 0]
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
            share_text(mean[c]) if mean[c] > 0 else "never",
            number_text(selected[c] / selecting_h, 2) if selecting_h > 0 else NOTHING,
        )
        for c, name in enumerate(plan.classes)
        if vehicles[c] > 0
    )
    return Grid(columns, rows)


def _rates_by_time(given: Selection, plan: Plan) -> tuple[str, Grid]:
    """Return the rates of the classes that come, hours of the day by hours, and outside all of these."""
    come = np.flatnonzero(vehicles_in_windows(plan)).tolist()
    classes = [plan.classes[c] for c in come]
    rows = [(span.hours, rates_in(span, given, classes)) for span in given.rate_by_time]
    rows.append(("otherwise", usual_rates(given, classes)))
    by_rate = plan.selection.rule.amount is Amount.RATE

    def said(rate: float) -> str:
        return "never" if rate == 0.0 else share_text(rate) if by_rate else "by the rule"

    what = "The rates change with the time of day" if by_rate else "Some classes are selected at some times only"
    return (
        f"{what}; the table above has their mean over the operation.",
        Grid((Column("", "left"), *map(Column, classes)), tuple((hours, *map(said, rates)) for hours, rates in rows)),
    )


def _look(look: Look) -> Iterator[str]:
    """Yield what a longer look tells, and what an officer who has stood there for long."""
    if look.reference_s is not None:
        yield (
            f"The given cue_auc holds for a look of {look.reference_s:g} s; a look four times as long recognises "
            "targets twice as well (d')."
        )
    if look.tires_half_life_h is not None:
        fresh = "at each opening" if look.rotate_min is None else f"every {look.rotate_min:g} min"
        yield (
            f"After {look.tires_half_life_h:g} h at the post an officer recognises targets half as well (d'); a fresh "
            f"officer takes over {fresh}."
        )


def _valve(valve: Valve) -> str:
    if valve.suspend_at_m is None and valve.lift_at_m is None:
        return "No safety valve: selection goes on however long the queue is."
    acts = []
    if valve.suspend_at_m is not None:
        acts.append(f"when the queue reaches {valve.suspend_at_m:,.0f} m, no vehicle is selected")
    if valve.lift_at_m is not None:
        it = "it" if acts else "the queue"
        acts.append(f"when {it} reaches {valve.lift_at_m:,.0f} m, the funnel is lifted and all lanes are open")
    return f"Safety valve: {'; '.join(acts)}; this lasts until the queue is down to {valve.resume_at_m:,.0f} m."


def _watchlist(watchlist: Watchlist) -> str:
    return (
        f"Watch list: it holds {share_text(watchlist.target_share)} of the targets, and wrongly "
        f"{number_text(watchlist.false_hits_per_10k)} of 10,000 ordinary vehicles. A hit is selected whatever its "
        "score, even while selection is suspended; the rates above include the hits."
    )


def _adapt(adapt: Adapt) -> str:
    what = "how many of the area's places are taken" if adapt.on == "area" else "the queue"
    return (
        f"The rate follows {what}: it is multiplied by {_factors(adapt)}, with straight lines in between; the table "
        "shows it for a factor of 1."
    )


def adapted_text(adapt: Adapt) -> str:
    """Return by what the rate is multiplied, and when: "3 at 50 % and 1 at 90 % of the area's places taken"."""
    what = "the area's places taken" if adapt.on == "area" else "queue"
    return f"{_factors(adapt)} of {what}"


def _factors(adapt: Adapt) -> str:
    at_text = share_text if adapt.on == "area" else _metres
    return joined([f"{number_text(factor)} at {at_text(at)}" for at, factor in adapt.points])


def _metres(distance_m: float) -> str:
    return f"{distance_m:,.0f} m"
