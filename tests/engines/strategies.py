"""Scenarios to search through: changes to the small checkpoint of conftest, any mixture of what the model knows."""

from itertools import pairwise

from hypothesis import reject, settings
from hypothesis import strategies as st

from funnelsim.errors import PlanError
from funnelsim.model.planning import plan_of
from funnelsim.selection_rules import RULES

MANY = settings(max_examples=max(settings().max_examples, min(300, 3 * settings().max_examples)))
"""300 random scenarios, 10,000 for make nightly, fewer for the quick tests."""

few = st.integers(0, 3)


def possible_plan(scenario):
    """Return the plan of a scenario; one with a stage that its roster can never staff is passed over."""
    try:
        return plan_of(scenario)
    except PlanError:
        reject()


ALWAYS = [
    {"agency": agency, "count": count, "from": "00:00", "to": "03:00"}
    for agency, count in (("police", 7), ("customs", 2), ("border", 3))
]
LATE = [{**shift, "from": "01:30"} for shift in ALWAYS]


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


def seldom(strategy):
    """Draw from a strategy in one case of three, else nothing."""
    return st.sampled_from([False, True, False]).flatmap(lambda on: strategy if on else st.none())


EXITS = st.fixed_dictionaries(
    {
        "at_m": st.sampled_from([60.0, 200.0]),
        "leave_when_tail_m": st.sampled_from([10.0, 60.0]),
        "share": st.sampled_from([0.5, 1.0, 0.0]),
    }
)
EVADES = st.fixed_dictionaries(
    {"visible": st.sampled_from([0.4, 0.0, 1.0]), "alerted": st.sampled_from([0.6, 0.0]), "half_life_h": st.just(0.1)},
    optional={"queue": st.sampled_from([0.9, 0.0])},
)
WATCHLISTS = st.fixed_dictionaries(
    {"target_share": st.sampled_from([0.5, 0.0]), "false_hits_per_10k": st.sampled_from([300.0, 0.0])}
)
ADAPTS = st.sampled_from(
    [
        {"on": "area", "points": [[0.0, 2.0], [0.5, 1.0], [1.0, 0.1]]},
        {"on": "tail_m", "points": [[0.0, 1.5], [40.0, 0.2]]},
    ]
)
RATES = st.fixed_dictionaries(
    {},
    optional={"default": st.sampled_from([0.4, 1.0, 0.0]), "truck": st.sampled_from([0.6, 0.0]), "box": st.just(0.2)},
)
CHASES = st.fixed_dictionaries(
    {
        "cars": st.sampled_from([1, 2]),
        "crew": st.sampled_from([{"police": 1}, {}]),
        "pursues": st.sampled_from([1.0, 0.5]),
        "brings": st.sampled_from([0.5, 1.0]),
        "duration": st.just({"mean_s": 200.0, "cv": 0.5}),
    }
)
TRANSPORTS = st.sampled_from(
    [
        {"duration": {"mean_s": 900.0, "cv": 0.5}, "crew": {"police": 1}, "equipment": {"van": 1}},
        {"duration": {"mean_s": 300.0, "cv": 0.0}, "equipment": {"van": 1}},
    ]
)
WINDOWS = st.sampled_from([{"also": [{"opens": "02:30", "closes": "03:00"}]}, {"days": 2}])


@st.composite
def counts(draw):
    return {
        "from": "00:00",
        "minutes": 60,
        "vehicles": {
            "box": [draw(st.sampled_from([400, 150, 700, 400, 150, 700, 0]))] * 24,
            "truck": [draw(st.sampled_from([100, 30, 0]))] * 24,
        },
    }


@st.composite
def traffics(draw):
    arrivals = draw(st.sampled_from(["poisson", "bunched", "counted"]))
    day_cv = 0.0 if arrivals == "counted" else draw(st.sampled_from([0.0, 0.5]))
    return {"arrivals": arrivals, "counts": draw(counts()), "day_cv": day_cv}


@st.composite
def rates_by_time(draw):
    """Draw one to three spans that touch or lie apart, in any order; the last may pass midnight."""
    edges = draw(st.lists(clock(0, 3), unique=True, min_size=2, max_size=4).map(sorted))
    spans = [{"from": from_, "to": to, "rate": draw(RATES)} for from_, to in pairwise(edges)]
    if draw(st.booleans()):
        spans.append({"from": edges[-1], "to": edges[0], "rate": draw(RATES)})
    return draw(st.permutations(spans))


@st.composite
def selections(draw):
    rule = draw(st.sampled_from([one.name for one in RULES]))
    look = {
        "mean_s": draw(st.sampled_from([0.0, 4.0])),
        "cv": 0.3,
        "officers": draw(st.integers(1, 3)),
        "mode": draw(st.sampled_from(["rolling", "rolling", "rolling", "stop"])),
        "reference_s": draw(seldom(st.just(3.0))),
        "tires_half_life_h": draw(seldom(st.just(0.5))),
        "rotate_min": draw(seldom(st.just(20.0))),
    }
    table = {
        "rule": rule,
        "index": draw(st.sampled_from([{"utilisation": 0.8}, {"rate": 0.2}, {"price": 0.01}])),
        "rate": {
            "default": draw(st.sampled_from([0.3, 0.1, 1.0, 0.0])),
            "truck": draw(st.sampled_from([0.5, 0.2, 0.0])),
        },
        "every": {"default": draw(st.integers(1, 4))},
        "look": look,
        "post": draw(st.sampled_from([{}, {"police": 1}, {"police": 1, "border": 1}])),
        "valve": draw(valves()),
        "watchlist": draw(seldom(WATCHLISTS)),
    }
    if rule in ("score", "random", "index"):
        table["adapt"] = draw(seldom(ADAPTS))
    if rule != "index":
        table["rate_by_time"] = draw(seldom(rates_by_time())) or []
    return table


@st.composite
def approaches(draw):
    return {
        "lanes": draw(st.sampled_from([1, 2])),
        "merge_s": draw(st.sampled_from([0.0, 3.0, 7.3])),
        "speed_kmh": 72.0,
        "wave_speed_kmh": 18.0,
        "exit": draw(seldom(EXITS)),
    }


@st.composite
def further_funnels(draw):
    table = {
        "direction": "westbound",
        "traffic": {"arrivals": "poisson", "counts": draw(counts())},
        "approach": draw(st.none() | approaches()),
        "selection": draw(st.none() | selections()),
        "prevalence_factor": draw(st.sampled_from([1.0, 0.5])),
    }
    return [table]


@st.composite
def equipment(draw):
    """Draw equipment that is always there or, in one case of three, comes, leaves or fails."""
    pieces = {"probe": draw(st.integers(2, 3)), "van": 1}
    hours = draw(seldom(st.fixed_dictionaries({}, optional={"from": clock(1, 2), "to": clock(1, 2)})))
    if hours is None:
        return pieces
    probe = {"name": "probe", "count": pieces["probe"], "when_absent": draw(st.sampled_from(["skip", "wait"])), **hours}
    outage = draw(st.none() | st.fixed_dictionaries({"from": clock(1, 2), "to": clock(1, 2)}))
    partly = draw(st.none() | st.fixed_dictionaries({"from": clock(1, 2), "to": clock(1, 2), "pieces": st.just(1)}))
    probe = probe if partly is None else probe | {"outages": [partly]}
    van = {"name": "van", "when_absent": draw(st.sampled_from(["skip", "wait"]))}
    return [probe, van if outage is None else van | {"outages": [outage]}]


@st.composite
def scenarios(draw):
    """Draw a small scenario with any mixture of what the model knows; what came later is off in most of them."""
    bays = draw(st.sampled_from([2, 1, 4, 1, 2, 0]))
    hold = bays > 0 and draw(st.sampled_from([False, False, True]))
    after = {
        "duration": {"mean_s": 200.0, "cv": 0.4},
        "crew": draw(crews()),
        "transport": draw(seldom(TRANSPORTS)),
    }
    spots = draw(seldom(st.integers(1, 2))) if bays else None
    return {
        "operation": {
            **draw(st.sampled_from([{}, {"opens": "00:00", "closes": "01:00"}])),
            "stop_selecting_min": draw(st.sampled_from([0.0, 10.0])),
            "lead_in_min": draw(st.sampled_from([0.0, 5.0, 6.614])),
            "run_out_min": draw(st.sampled_from([0.0, 20.0])),
            **(draw(seldom(WINDOWS)) or {}),
        },
        "approach": draw(approaches()),
        "lane": {
            "length_m": draw(st.sampled_from([10.0, 100.0])),
            "headway_cv": draw(st.sampled_from([0.0, 0.5])),
            **draw(st.sampled_from([{}, {"capacity_vph": 400.0}, {"capacity_vph": 1200.0}])),
        },
        "traffic": draw(traffics()),
        "classes": {"box": {"spacing_m": draw(st.sampled_from([10.0, 7.3]))}},
        "targets": [
            {
                "name": "hidden",
                "per_10k": {"box": 2000.0, "truck": 3000.0},
                "cue_auc": 0.8,
                "evade": draw(seldom(EVADES)) or {},
            },
            {"name": "goods", "per_10k": {"box": 500.0}},
        ],
        "selection": draw(selections()),
        "area": {
            "bays": bays,
            "waiting": draw(few) if bays else 0,
            "divert_s": draw(st.sampled_from([0.0, 13.7])),
            "changeover_s": draw(st.sampled_from([0.0, 0.0, 45.5])),
            "when_full": "hold" if hold else "wave_through",
            "stages": [draw(stage_tables(k)) for k in range(draw(st.sampled_from([3, 2, 1])))],
            "spots": spots or 0,
            "after_detection": after | {"place": "spot" if spots else "bay"},
        },
        "staffing": {
            "posts": draw(st.sampled_from([{}, {}, {"cones": {"police": 1}}])),
            "roster": draw(st.sampled_from([ALWAYS, ALWAYS, LATE])) + draw(st.lists(shifts(), max_size=4)),
            "chase": draw(seldom(CHASES)),
            "pause_between_checks_s": draw(st.sampled_from([0.0, 0.0, 30.25, 200.0])),
        },
        "equipment": draw(equipment()),
        "funnels": draw(seldom(further_funnels())) or [],
    }
