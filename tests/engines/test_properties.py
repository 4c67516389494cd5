"""What holds on every scenario, and what a planner may take for granted but does not hold.

Monotone facts that are true, vehicle by vehicle and with the same dice:

- Nobody selected, no valve, nothing for a look: a longer headway lets nobody pass earlier. The times are sums and
  maxima of headways and arrivals, and closing only ever lets vehicles go.
- The rule `random`, no valve, an area that is never full, a post always staffed: of the vehicles that find the gate
  open at the higher rate, the higher rate selects all that the lower one selects.
- In the same case, without cost of a diversion, the two rates see the very same lane.
- An area with more waiting spaces accepts the first vehicle that the smaller one refuses.

Facts that fail (each has its counterexample below):

- *Longer headways delay everybody*: with a look that lasts over closing, a vehicle that is late enough to meet the
  closed funnel overtakes its own other self that is still being looked at.
- *A higher rate selects more*: diversions cost the lane time, and vehicles that came in time meet the last minutes.
- *More bays inspect more*: a bay taken by a long inspection is missing for many short ones.
- *More officers end no inspection later*: whoever starts earlier takes officers whom a vehicle selected before needs
  for its next stage (Graham's anomaly of list scheduling).
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.log import NOT_FOUND, Fate, Gate
from funnelsim.model.plan import plan_of
from funnelsim.model.traffic import draw_traffic

GRID_PER_S = 2.0**20
SEARCH = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

few = st.integers(0, 3)
ALWAYS = [
    {"agency": agency, "count": count, "from": "00:00", "to": "03:00"}
    for agency, count in (("police", 3), ("customs", 1), ("border", 2))
]


@st.composite
def clock(draw, first=0, last=3):
    return f"{draw(st.integers(first, last)):02d}:{draw(st.sampled_from([0, 7, 15, 30, 59])):02d}"


@st.composite
def crews(draw):
    names = draw(st.lists(st.sampled_from(["police", "customs", "border"]), unique=True, max_size=2))
    return {name: draw(st.integers(1, 2)) for name in names}


@st.composite
def stage_tables(draw, number):
    mean_s = draw(st.sampled_from([0.5, 20.0, 90.0, 240.0]))
    table = {
        "name": f"stage {number}",
        "duration": {
            "mean_s": mean_s,
            "per_occupant_s": draw(st.sampled_from([0.0, 10.0])),
            "cv": draw(st.sampled_from([0.0, 0.6])),
            "distribution": draw(st.sampled_from(["lognormal", "exponential"])),
        },
        "crew": draw(crews()),
        "equipment": draw(st.sampled_from([{}, {}, {"probe": 1}, {"probe": 2}])),
        "only_after_alarm": number > 0 and draw(st.booleans()),
        "alarms": draw(st.sampled_from([{"ordinary": 0.5, "hidden": 0.9}, {}])) if number else {"ordinary": 0.5},
        "finds": draw(st.sampled_from([{"hidden": 0.4, "goods": 1.0}, {"hidden": 0.7}, {}])),
    }
    if number and draw(st.booleans()):
        table["for"] = ["truck"]
    return table


@st.composite
def shifts(draw):
    breaks = draw(
        st.none()
        | st.fixed_dictionaries(
            {"minutes": st.sampled_from([7.0, 7.7777, 30.0]), "after_h": st.sampled_from([0.3333, 0.5, 1.1])}
        )
    )
    table = {
        "agency": draw(st.sampled_from(["police", "customs", "border"])),
        "count": draw(st.integers(0, 4)),
        "from": draw(clock()),
        "to": draw(clock()),
    }
    return table if breaks is None else table | {"breaks": breaks}


@st.composite
def valves(draw):
    table = {"resume_at_m": draw(st.sampled_from([0.0, 20.0]))}
    if draw(st.booleans()):
        table["suspend_at_m"] = draw(st.sampled_from([30.0, 100.0]))
    if draw(st.booleans()):
        table["lift_at_m"] = draw(st.sampled_from([100.0, 300.0]))
    return table


@st.composite
def scenarios(draw):
    """Draw a small scenario with any mixture of what the model knows."""
    bays = draw(st.sampled_from([2, 1, 4, 1, 2, 0]))
    hold = bays > 0 and draw(st.sampled_from([False, False, True]))
    return {
        "operation": {
            **draw(st.sampled_from([{}, {"opens": "00:00", "closes": "01:00"}])),
            "stop_selecting_min": draw(st.sampled_from([0.0, 10.0])),
            "lead_in_min": draw(st.sampled_from([0.0, 5.0, 6.614])),
            "run_out_min": draw(st.sampled_from([0.0, 20.0])),
        },
        "approach": {
            "lanes": draw(st.sampled_from([1, 2])),
            "merge_s": draw(st.sampled_from([0.0, 3.0, 7.3])),
        },
        "lane": {
            "length_m": draw(st.sampled_from([10.0, 100.0])),
            "headway_cv": draw(st.sampled_from([0.0, 0.5])),
            **draw(st.sampled_from([{}, {"capacity_vph": 400.0}, {"capacity_vph": 1200.0}])),
        },
        "traffic": {
            "arrivals": draw(st.sampled_from(["poisson", "bunched", "counted"])),
            "counts": {
                "from": "00:00",
                "minutes": 60,
                "vehicles": {
                    "box": [draw(st.sampled_from([400, 150, 700, 400, 150, 700, 0]))] * 24,
                    "truck": [draw(st.sampled_from([100, 30, 0]))] * 24,
                },
            },
        },
        "classes": {"box": {"spacing_m": draw(st.sampled_from([10.0, 7.3]))}},
        "targets": [
            {"name": "hidden", "per_10k": {"box": 2000.0, "truck": 3000.0}, "cue_auc": 0.8},
            {"name": "goods", "per_10k": {"box": 500.0}},
        ],
        "selection": {
            "rule": draw(st.sampled_from(["score", "random", "every_nth", "free_bay"])),
            "rate": {
                "default": draw(st.sampled_from([0.3, 0.1, 1.0, 0.0])),
                "truck": draw(st.sampled_from([0.5, 0.2, 0.0])),
            },
            "every": {"default": draw(st.integers(1, 4))},
            "look": {
                "mean_s": draw(st.sampled_from([0.0, 4.0])),
                "cv": 0.3,
                "officers": draw(st.integers(1, 3)),
            },
            "post": draw(st.sampled_from([{}, {"police": 1}, {"police": 1, "border": 1}])),
            "valve": draw(valves()),
        },
        "area": {
            "bays": bays,
            "waiting": draw(few) if bays else 0,
            "divert_s": draw(st.sampled_from([0.0, 13.7])),
            "when_full": "hold" if hold else "wave_through",
            "stages": [draw(stage_tables(k)) for k in range(draw(st.sampled_from([3, 2, 1])))],
            "after_detection": {"duration": {"mean_s": 200.0, "cv": 0.4}, "crew": draw(crews())},
        },
        "staffing": {
            "posts": draw(st.sampled_from([{}, {}, {"cones": {"police": 1}}])),
            "roster": draw(st.sampled_from([ALWAYS, ALWAYS, []])) + draw(st.lists(shifts(), max_size=4)),
        },
        "equipment": {"probe": draw(st.integers(1, 2))},
    }


@pytest.fixture(scope="session")
def run(build):
    """Return what simulates a drawn scenario: its plan and its log."""

    def run(changes, seed=1):
        plan = plan_of(build(changes))
        return plan, simulate(draw_traffic(plan.road, seed, 0), plan)

    return run


def is_on_grid(times_s):
    finite = times_s[np.isfinite(times_s)] * GRID_PER_S
    return bool((finite == np.floor(finite)).all())


def number_at_once(from_s, to_s, weight=1):
    """Return the largest number of spans [from, to) that overlap; a span that ends makes room first."""
    weights = np.broadcast_to(weight, len(from_s))
    times = np.concatenate([to_s, from_s])
    change = np.concatenate([-weights, weights])
    order = np.lexsort((change > 0, times))
    return int(np.cumsum(change[order]).max(initial=0))


def test_the_search_meets_everything_that_the_model_knows(run):
    """Properties say nothing about what no scenario does: each of these happens somewhere."""
    met = Counter()

    @SEARCH
    @given(scenarios())
    def look(changes):
        plan, log = run(changes)
        in_bay_s = log.bay_from_s[log.stage_vehicle]
        met.update(Fate(fate).name for fate in set(log.fate.tolist()))
        met.update(Gate(gate).name for gate in set(log.gate.tolist()))
        met["found"] += bool((log.found_at != NOT_FOUND).any())
        met["after an alarm"] += bool(plan.inspection.after_alarm[log.stage].any())
        met["held"] += plan.hold and bool((log.fate == Fate.INSPECTED).any())
        met["waits for a bay"] += bool(
            (log.bay_from_s > log.passed_s + plan.divert_s)[log.fate == Fate.INSPECTED].any()
        )
        met["waits for a crew"] += bool((log.stage_from_s > in_bay_s)[log.stage == 0].any())
        met["valve"] += len(log.valve) > 1

    look()
    known = {fate.name for fate in Fate} - {"LEFT_AT_EXIT", "EVADED"} | {gate.name for gate in Gate}
    known |= {"found", "after an alarm", "held", "waits for a bay", "waits for a crew", "valve"}
    assert known - set(+met) == set()


@SEARCH
@given(scenarios())
def test_nobody_overtakes_and_the_funnel_helps_nobody(run, changes):
    plan, log = run(changes)
    assert (np.diff(log.passed_s) >= 0).all()
    assert (np.diff(log.joined_s) >= 0).all()
    assert (log.passed_s >= log.traffic.free_s).all()
    assert (log.passed_s >= log.baseline_s).all()
    in_funnel = (log.gate == Gate.OPEN) | (log.gate == Gate.UNSTAFFED) | (log.gate == Gate.SUSPENDED)
    assert (log.passed_s[in_funnel] >= log.arrival_s[in_funnel]).all()
    assert (log.joined_s <= log.passed_s).all()
    assert (log.joined_s <= log.traffic.free_s).all()
    assert (log.tail_m >= 0).all()
    opens_s, closes_s = plan.window_s
    assert (log.passed_s[log.gate != Gate.NO_FUNNEL] >= opens_s).all()
    assert ((log.valve_s >= opens_s) & (log.valve_s < closes_s)).all()


@SEARCH
@given(scenarios())
def test_every_time_is_on_the_grid(run, changes):
    _, log = run(changes)
    for name in (
        "arrival_s",
        "baseline_s",
        "passed_s",
        "joined_s",
        "bay_from_s",
        "left_s",
        "stage_from_s",
        "stage_to_s",
        "valve_s",
    ):
        assert is_on_grid(getattr(log, name)), name


@SEARCH
@given(scenarios())
def test_every_vehicle_has_one_fate_and_whoever_is_inspected_leaves(run, changes):
    plan, log = run(changes)
    inspected = log.fate == Fate.INSPECTED
    assert np.isfinite(log.left_s[inspected]).all()
    assert (log.bay_from_s[inspected] >= log.passed_s[inspected] + plan.divert_s).all()
    assert (log.left_s[inspected] >= log.bay_from_s[inspected]).all()
    assert np.isinf(log.left_s[~inspected]).all()
    assert np.isinf(log.bay_from_s[~inspected]).all()
    assert (log.found_at[~inspected | (log.traffic.target == 0)] == NOT_FOUND).all()
    assert set(log.stage_vehicle.tolist()) <= set(np.flatnonzero(inspected).tolist())
    looked_at = np.isin(log.fate, [Fate.NOT_SELECTED, Fate.AREA_FULL, Fate.INSPECTED])
    assert (looked_at == (log.gate == Gate.OPEN)).all()
    assert ((log.fate == Fate.POST_UNSTAFFED) == (log.gate == Gate.UNSTAFFED)).all()
    scores = log.traffic.impression + plan.cue[log.traffic.target]
    selected = looked_at & (scores > log.threshold)
    assert (selected == np.isin(log.fate, [Fate.AREA_FULL, Fate.INSPECTED])).all()
    assert (log.accepted[selected] == inspected[selected]).all()
    if plan.hold:
        assert Fate.AREA_FULL not in log.fate


@SEARCH
@given(scenarios())
def test_a_vehicle_goes_through_its_stages_in_order_one_at_a_time_inside_its_bay(run, changes):
    plan, log = run(changes)
    assert (np.diff(log.stage_to_s) >= 0).all()
    for vehicle in np.flatnonzero(log.fate == Fate.INSPECTED):
        mine = log.stage_vehicle == vehicle
        assert (np.diff(log.stage[mine]) > 0).all()
        begun, ended = log.stage_from_s[mine], log.stage_to_s[mine]
        assert (begun[1:] >= ended[:-1]).all()
        assert (begun >= log.bay_from_s[vehicle]).all()
        last = ended.max(initial=log.bay_from_s[vehicle])
        assert last == log.left_s[vehicle]
        carried_out = set(log.stage[mine].tolist())
        possible = plan.inspection.possible
        after = plan.inspection.after_detection
        found_at = log.found_at[vehicle]
        assert (after in carried_out) == (found_at != NOT_FOUND and bool(possible[after]))
        for stage in range(after):
            applies = plan.inspection.applies[stage, log.traffic.vehicle_class[vehicle]]
            if not possible[stage] or not applies or (found_at != NOT_FOUND and stage > found_at):
                assert stage not in carried_out
            elif not plan.inspection.after_alarm[stage]:
                assert stage in carried_out


@SEARCH
@given(scenarios())
def test_no_more_places_and_bays_are_taken_than_there_are(run, changes):
    plan, log = run(changes)
    inspected = log.fate == Fate.INSPECTED
    assert number_at_once(log.bay_from_s[inspected], log.left_s[inspected]) <= plan.bays
    places = number_at_once(log.passed_s[inspected], log.left_s[inspected])
    assert places <= plan.bays + plan.waiting
    assert (np.diff(log.bay_from_s[inspected]) >= 0).all()


@SEARCH
@given(scenarios())
def test_a_stage_starts_only_within_the_capacity_of_that_moment(run, changes):
    """So officers in use exceed the capacity only while those in a stage at a step down finish it; equipment never."""
    plan, log = run(changes)
    need = plan.inspection.need[log.stage]
    for pool in range(len(plan.inspection.pools)):
        takes = need[:, pool] > 0
        from_s, to_s, weight = log.stage_from_s[takes], log.stage_to_s[takes], need[takes, pool]
        for at_s in from_s:
            in_use = weight[(from_s <= at_s) & (to_s > at_s)].sum()
            now = plan.capacity_times_s.searchsorted(at_s, side="right") - 1
            before = plan.capacity_times_s.searchsorted(at_s, side="left") - 1  # stage ends precede roster steps
            assert in_use <= max(plan.capacity[now, pool], plan.capacity[before, pool])
        if plan.inspection.pools[pool] == "probe":
            assert number_at_once(from_s, to_s, weight) <= plan.capacity[0, pool]


@SEARCH
@given(scenarios())
def test_the_same_inputs_give_the_same_log(run, changes):
    _, one = run(changes)
    _, other = run(changes)
    for name, values in vars(one).items():
        if name != "traffic":
            assert np.array_equal(values, getattr(other, name)), name


@SEARCH
@given(scenarios(), st.integers(1, 200))
def test_what_comes_later_does_not_change_what_was(run, changes, count):
    """Whoever meets the queue after a moment changes nothing before it, the valve's decisions included."""
    plan, whole = run(changes)
    if len(whole.traffic) <= count:
        return
    arrays = {name: values[:count] for name, values in vars(whole.traffic).items() if isinstance(values, np.ndarray)}
    part = simulate(replace(whole.traffic, **arrays), plan)
    before = whole.passed_s[:count] < whole.joined_s[count]
    for name in ("passed_s", "gate", "threshold", "accepted", "fate"):
        assert np.array_equal(getattr(part, name)[before], getattr(whole, name)[:count][before]), name


# Monotone facts


def lane_only(changes):
    selection = {**changes["selection"], "rate": {"default": 0.0}, "valve": {}, "look": {"mean_s": 0.0}}
    return {**changes, "selection": selection}


@SEARCH
@given(scenarios(), st.floats(1.0, 3.0))
def test_a_longer_headway_lets_nobody_pass_earlier_where_nobody_is_looked_at(run, changes, factor):
    plan, log = run(lane_only(changes))
    longer = replace(plan, funnel=replace(plan.funnel, headway_factor=plan.funnel.headway_factor * factor))
    assert (simulate(log.traffic, longer).passed_s >= log.passed_s).all()


def test_a_longer_headway_can_let_a_vehicle_pass_earlier_when_the_look_lasts_over_closing(build, vehicles):
    plan = plan_of(build({"selection": {"rate": {"default": 0.0}}}))
    traffic = vehicles(plan, [3589, 3589], look_s=[0, 60])
    longer = replace(plan, funnel=replace(plan.funnel, headway_factor=2.0))
    opens_s = plan.funnel.opens_s
    assert (simulate(traffic, plan).passed_s - opens_s).tolist() == [3597, 3657]
    assert (simulate(traffic, longer).passed_s - opens_s).tolist() == [3597, 3600]


def by_lot(changes, rate, diversion_s):
    return {
        **changes,
        "classes": {
            "box": {**changes["classes"]["box"], "diversion_s": diversion_s},
            "truck": {"diversion_s": diversion_s},
        },
        "selection": {
            **changes["selection"],
            "rule": "random",
            "rate": {"default": rate},
            "valve": {},
            "post": {},
        },
        "area": {**changes["area"], "bays": 1, "waiting": 100_000, "when_full": "wave_through"},
        "staffing": {},
    }


@SEARCH
@given(scenarios(), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.sampled_from([0.0, 4.0]))
def test_a_higher_rate_selects_a_superset_of_whoever_finds_the_gate_open(run, changes, one, other, diversion_s):
    _, lower = run(by_lot(changes, min(one, other), diversion_s))
    _, higher = run(by_lot(changes, max(one, other), diversion_s))
    selected = (lower.fate == Fate.INSPECTED) & (higher.gate == Gate.OPEN)
    assert (higher.fate[selected] == Fate.INSPECTED).all()
    if diversion_s == 0.0:
        assert np.array_equal(lower.passed_s, higher.passed_s)
        assert np.array_equal(lower.gate, higher.gate)


def test_a_higher_rate_can_select_a_vehicle_less_as_diversions_cost_time(build, vehicles):
    late = {"operation": {"stop_selecting_min": 10.0}, "area": {"bays": 9}, "selection": {"rule": "random"}}
    few, all_ = (plan_of(build({**late, "selection": {"rate": {"default": rate}}})) for rate in (0.3, 1.0))
    traffic = vehicles(all_, [2989, 2991], impression=[0.0, 2.0])
    assert simulate(traffic, few).fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED]
    assert simulate(traffic, all_).fate.tolist() == [Fate.INSPECTED, Fate.SELECTION_SUSPENDED]


@SEARCH
@given(scenarios())
def test_one_more_waiting_space_accepts_the_first_vehicle_that_was_refused(run, changes):
    area = {**changes["area"], "bays": max(1, changes["area"]["bays"]), "when_full": "wave_through"}
    plan, log = run({**changes, "area": area})
    refused = np.flatnonzero(log.fate == Fate.AREA_FULL)
    more = simulate(log.traffic, replace(plan, waiting=plan.waiting + 1))
    if plan.rule != "free_bay":
        until = refused[0] if len(refused) else len(log.fate)
        assert np.array_equal(more.fate[:until], log.fate[:until])
        assert (more.fate[refused[:1]] == Fate.INSPECTED).all()


def test_one_more_bay_can_inspect_fewer(build, vehicles):
    """A bay more takes in a long inspection, which then stands in for the short ones that come after."""
    duration = {"mean_s": {"default": 10.0, "truck": 3600.0}, "cv": 0.0}
    area = {"bays": 1, "waiting": 0, "stages": [{"name": "check", "duration": duration, "crew": {"police": 1}}]}
    shifts = [{"agency": "police", "count": 1, "from": "00:00", "to": "03:00"}]
    plan = plan_of(build({"area": area, "staffing": {"roster": shifts}}))
    traffic = vehicles(plan, [0, 5, 100, 200, 300], ["box", "truck", "box", "box", "box"])
    assert (simulate(traffic, plan).fate == Fate.INSPECTED).sum() == 4
    assert (simulate(traffic, replace(plan, bays=2)).fate == Fate.INSPECTED).sum() == 3


def test_one_more_officer_can_make_inspections_end_later(build, vehicles):
    """With a third officer the truck need not wait for the box: then the box waits for the truck."""
    stages = [
        {"name": "papers", "for": ["box"], "duration": {"mean_s": 50.0, "cv": 0.0}, "crew": {"police": 1}},
        {"name": "search", "for": ["box"], "duration": {"mean_s": 10.0, "cv": 0.0}, "crew": {"police": 2}},
        {"name": "long", "for": ["truck"], "duration": {"mean_s": 500.0, "cv": 0.0}, "crew": {"police": 2}},
    ]
    left = {}
    for officers in (2, 3):
        shifts = [{"agency": "police", "count": officers, "from": "00:00", "to": "03:00"}]
        plan = plan_of(build({"area": {"stages": stages}, "staffing": {"roster": shifts}}))
        log = simulate(vehicles(plan, [0, 0], ["box", "truck"]), plan)
        left[officers] = (log.left_s - plan.funnel.opens_s).tolist()
    assert left == {2: [68, 568], 3: [525, 515]}


def test_the_clock_keeps_to_the_grid_wherever_the_lead_in_begins(build, vehicles):
    """Lead-ins are typed in minutes: a clock started off the grid would miss the very instants by rounding."""
    operation = {"opens": "00:00", "closes": "01:00", "lead_in_min": 6.614}
    plan = plan_of(build({"operation": operation}))
    traffic = vehicles(plan, [1952.8942878777466 - 8])
    assert simulate(traffic, plan).passed_s.tolist() == [1952.8942878777466]
