"""A story is told in sentences, for every vehicle, and gives nobody away whom the officers did not find."""

import re

import numpy as np
import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.replay.outcomes import Outcome
from funnelsim.replay.tracks import tracks_of
from tests.replay.conftest import BUSY

pytest.importorskip("nicegui", reason="NiceGUI is not installed: pip install funnelsim[web]")

from funnelsim.web.replay.story import story_of, time_text
from tests.web.speaking import speak


@pytest.fixture(scope="module")
def shown(build):
    plan = plan_of(build(BUSY))
    return plan, tracks_of(log_of(plan, 1, 0), plan)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Without a visitor there is no language to choose."""
    speak(monkeypatch)


def first(tracks, outcome, where):
    return int(np.flatnonzero((tracks.outcome == outcome) & where)[0])


def told(shown, vehicle, *, targets=False):
    plan, tracks = shown
    return " ".join(story_of(tracks, plan, vehicle, targets=targets))


def test_every_story_is_in_whole_sentences_and_nothing_in_it_never_happens(shown):
    plan, tracks = shown
    for vehicle in range(len(tracks)):
        lines = story_of(tracks, plan, vehicle, targets=True)
        for line in lines:
            assert re.fullmatch(r"[A-Z].*\.", line), line
            assert not re.search(r"\b(inf|nan)\b|[{}]|-\d", line), line


def test_a_vehicle_that_is_not_selected_says_when_it_passed_and_how_much_later(shown):
    plan, tracks = shown
    vehicle = first(tracks, Outcome.NOT_SELECTED, tracks.tail_m > 100.0)
    said = told(shown, vehicle)
    assert said.startswith(f"Box {vehicle + 1:,} joined the queue at {time_text(tracks.joins_s[vehicle], plan)}, ")
    assert f"passed the selection point at {time_text(tracks.passes_s[vehicle], plan)}" in said
    assert "later than without a funnel" in said


def test_whoever_passes_unchecked_says_why(shown):
    plan, tracks = shown
    at, states = tracks.roads[0].gate
    suspended_s = at[states == 2][0]
    unchecked = tracks.outcome == Outcome.UNCHECKED
    vehicle = int(np.flatnonzero(unchecked & (tracks.passes_s > suspended_s + 10.0))[0])
    assert "the valve had suspended selection" in told(shown, vehicle)
    last = int(np.flatnonzero(unchecked & np.isfinite(tracks.passes_s))[-1])
    assert tracks.passes_s[last] > plan.window_s[1]
    assert "The funnel did not stand." in told(shown, last)


def test_an_inspected_vehicle_tells_of_its_wait_its_bay_and_its_stages(shown):
    plan, tracks = shown
    vehicle = first(tracks, Outcome.NOTHING_FOUND, np.isfinite(tracks.passes_s) & (tracks.space > 0))
    said = told(shown, vehicle)
    assert f"diverted at {time_text(tracks.passes_s[vehicle], plan)}" in said
    assert "for a bay, and was in bay" in said
    assert "Check: " in said
    assert said.endswith(f"Nothing was found. It left at {time_text(tracks.left_s[vehicle], plan)}.")


def test_one_that_a_chase_car_brings_back_has_turned_off_first(shown):
    _, tracks = shown
    vehicle = int(np.flatnonzero(np.isfinite(tracks.turns_off_s) & np.isfinite(tracks.area_s))[0])
    said = told(shown, vehicle)
    assert "turned off before the funnel" in said
    assert "A chase car pursued it" in said
    assert "diverted" not in said


def test_only_who_asks_hears_of_a_target_that_was_not_found(shown):
    _, tracks = shown
    missed = first(tracks, Outcome.NOT_SELECTED, tracks.target > 0)
    assert "target" not in told(shown, missed)
    assert "It was a target (goods) and was not found." in told(shown, missed, targets=True)
    found = first(tracks, Outcome.TARGET_FOUND, tracks.target > 0)
    assert "A target was found at" in told(shown, found)


def test_times_name_the_day_where_there_are_several(build):
    one_day = plan_of(build())
    assert time_text(3661.0, one_day) == "01:01:01"
    several = plan_of(build({"operation": {"days": 3}}))
    assert time_text(86400.0 + 3661.9, several) == "01:01:01 on day 2"
