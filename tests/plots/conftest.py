"""Runs small enough for tests, and ways to read a figure."""

import copy

import pytest

from funnelsim.experiments.run import run
from funnelsim.scenario.schema import Scenario

BUSY = {
    "title": "Test funnel, $5 a look",
    "operation": {"opens": "06:00", "closes": "08:00", "stop_selecting_min": 20.0},
    "approach": {"critical_m": 900.0},
    "lane": {"capacity_vph": 900.0},
    "traffic": {
        "day_cv": 0.0,
        "counts": {"from": "05:00", "minutes": 60, "vehicles": {"total": [500.0, 1000.0, 850.0, 300.0, 100.0]}},
    },
    "targets": [{"name": "concealed persons", "per_10k": {"car": 20.0, "van": 50.0, "lorry": 50.0}}],
    "selection": {
        "rate": {"default": 0.03, "lorry": 0.3},
        "post": {"border_police": 1},
        "valve": {"suspend_at_m": 600.0, "resume_at_m": 200.0, "lift_at_m": 850.0},
    },
    "area": {
        "bays": 2,
        "waiting": 1,
        "stages": [
            {
                "name": "documents",
                "duration": {"mean_s": 120.0},
                "crew": {"border_police": 1},
                "finds": {"concealed persons": 0.5},
            },
            {
                "name": "probe",
                "for": ["lorry"],
                "duration": {"mean_s": 1200.0},
                "crew": {"police": 1},
                "equipment": {"co2_probe": 1},
                "alarms": {"concealed persons": 0.8},
            },
        ],
        "after_detection": {"crew": {"police": 2}},
    },
    "staffing": {
        "posts": {"traffic control": {"police": 1}},
        "roster": [
            {
                "agency": "police",
                "count": 4,
                "from": "05:30",
                "to": "08:00",
                "breaks": {"minutes": 20.0, "after_h": 1.0},
            },
            {"agency": "border_police", "count": 2, "from": "05:30", "to": "07:30"},
        ],
    },
    "equipment": {"co2_probe": 1},
    "limits": {"p95_delay_min": 5.0, "tail_m": 800.0},
}

QUIET = {
    "title": "Nothing to look for, nobody to delay",
    "operation": {"opens": "09:00", "closes": "11:00", "stop_selecting_min": 0.0},
    "approach": {"merge_s": 0.0, "speed_kmh": 30.0},
    "traffic": {"counts": {"from": "08:00", "minutes": 60, "vehicles": {"total": [20.0] * 6}}},
    "selection": {"rate": {"default": 0.0}},
    "area": {"bays": 0, "waiting": 0, "stages": [{"name": "documents", "duration": {"mean_s": 60.0}}]},
}


def _simulated(replications, given, **changes):
    return run(Scenario.model_validate(copy.deepcopy(given) | changes), replications=replications, seed=7)


@pytest.fixture(scope="session")
def busy():
    """Eight operations with everything: queue, valve, limits, targets, two agencies, breaks, equipment, overtime."""
    return _simulated(8, BUSY)


@pytest.fixture(scope="session")
def single():
    """One operation, so without bands or error bars."""
    return _simulated(1, BUSY)


@pytest.fixture(scope="session")
def night():
    """Three operations from 23:00 to 01:00, without limits, critical point or valve."""
    clock = {
        "operation": {"opens": "23:00", "closes": "01:00", "stop_selecting_min": 115.0},
        "approach": {},
        "selection": {"rate": {"default": 0.1}},
        "staffing": {
            "roster": [
                {"agency": agency, "count": 2, "from": "22:00", "to": "02:00"} for agency in ("police", "border_police")
            ]
        },
        "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"total": [300.0] * 24}}},
        "limits": {},
    }
    return _simulated(3, BUSY, **clock)


@pytest.fixture(scope="session")
def quiet():
    """Two operations without targets, officers, bays, limits or delay."""
    return _simulated(2, QUIET)


@pytest.fixture(scope="session")
def warned():
    """Six operations with a warning sign that the queue passes, an exit, and targets who are warned or turn away."""
    [target] = BUSY["targets"]
    exit_ = {"at_m": 700.0, "leave_when_tail_m": 400.0, "share": 0.05}
    evade = {"alerted": 0.8, "half_life_h": 0.5, "visible": 0.1, "queue": 0.4}
    return _simulated(
        6, BUSY, approach={"critical_m": 900.0, "warning_m": 500.0, "exit": exit_}, targets=[{**target, "evade": evade}]
    )


@pytest.fixture(scope="session")
def days():
    """Three operations of two windows on two days, with a warning sign that no queue passes."""
    clock = {"opens": "06:00", "closes": "07:00", "also": [{"opens": "17:00", "closes": "18:30"}], "days": 2}
    approach = {"warning_m": 40_000.0}
    counts = {"from": "00:00", "minutes": 60, "vehicles": {"total": [700.0] * 24}}
    return _simulated(
        3, BUSY, operation={**clock, "stop_selecting_min": 10.0}, approach=approach, traffic={"counts": counts}
    )


@pytest.fixture(scope="session")
def sides():
    """Three operations of two funnels, of which the second, westbound, has the longer queue."""
    counts = {"from": "05:00", "minutes": 60, "vehicles": {"total": [500.0, 1100.0, 1000.0, 300.0, 100.0]}}
    little = {"from": "05:00", "minutes": 60, "vehicles": {"total": [100.0] * 5}}
    far = {"direction": "westbound", "traffic": {"counts": counts}, "approach": {"warning_m": 450.0}}
    police, border_police = BUSY["staffing"]["roster"]
    staffing = BUSY["staffing"] | {"roster": [police, border_police | {"count": 3}]}  # each funnel has a post
    return _simulated(3, BUSY, direction="eastbound", traffic={"counts": little}, funnels=[far], staffing=staffing)


@pytest.fixture(params=["busy", "single", "night", "quiet", "warned", "days", "sides"])
def any_run(request):
    """Each of the runs in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def uprights():
    """Return a function from axes to the times at which a line stands across the whole height."""

    def find(axes):
        lines = [line for line in axes.lines if list(line.get_ydata()) == [0, 1]]
        return sorted(float(line.get_xdata()[0]) for line in lines)

    return find


@pytest.fixture
def across():
    """Return a function from axes to the heights at which a line runs across the whole width."""

    def find(axes):
        lines = [line for line in axes.lines if list(line.get_xdata()) == [0, 1]]
        return sorted(float(line.get_ydata()[0]) for line in lines)

    return find


@pytest.fixture
def words():
    """Return a function from a figure to all its text."""

    def find(figure):
        texts = [text.get_text() for text in figure.texts] + [figure.get_suptitle()]
        for axes in figure.axes:
            texts += [text.get_text() for text in axes.texts]
            texts += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
            texts += [label.get_text() for label in axes.get_yticklabels()]
        for legend in figure.legends:
            texts += [text.get_text() for text in legend.get_texts()]
        return " | ".join(" ".join(text.split()) for text in texts)

    return find
