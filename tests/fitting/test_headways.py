"""From vehicles leaving a queue the lane's capacity, its scatter and what each class costs are found."""

import re
import tomllib

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.fitting import fit_headways
from funnelsim.reporting.terminal import plain_text

RESAMPLES = 99


def fitted(file):
    found = fit_headways(file, RESAMPLES, np.random.default_rng(1))
    return plain_text(found.sections, 300), tomllib.loads(found.lines)


def interval(words, name):
    """Return the interval that a row of the table gives."""
    low, high = re.search(rf"{re.escape(name)} .*?([\d.,]+) to ([\d.,]+)", words).groups()
    return float(low.replace(",", "")), float(high.replace(",", ""))


def times(passed_s):
    """Write times as a clock shows them that cuts off seconds."""
    return [f"{int(t) // 3600:02d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in passed_s]


def test_reaction_spacing_and_scatter_of_a_simulated_lane_are_found(queue, write, agrees):
    passed_s, names = queue
    words, keys = fitted(write("time,class", zip(times(passed_s), names, strict=True)))
    truth = {"reaction time, car": 1.5, "reaction time, lorry": 1.8, "spacing, lorry": 19.0, "means (cv)": 0.3}
    for name, value in truth.items():
        assert agrees(value, *interval(words, name)), name
    assert keys["classes"]["lorry"].keys() == {"reaction_s", "spacing_m"}
    assert keys["classes"]["car"].keys() == {"reaction_s"}
    assert keys["lane"].keys() == {"headway_cv"}


def test_the_capacity_of_a_simulated_lane_is_found(queue, write, agrees):
    passed_s, names = queue
    words, keys = fitted(write("time", times(passed_s)))
    speed_ms = 30.0 / 3.6
    lorries = np.mean(names == "lorry")
    mean_s = (1 - lorries) * (1.5 + 7.5 / speed_ms) + lorries * (1.8 + 19.0 / speed_ms)
    assert agrees(3600.0 / mean_s, *interval(words, "capacity of the lane"))
    assert keys["lane"].keys() == {"capacity_vph", "headway_cv"}
    assert keys["lane"]["headway_cv"] > 0.32  # the classes' own differences are in it


def test_there_is_no_headway_between_runs(write):
    rng = np.random.default_rng(3)
    first_s = 21_600.0 + np.cumsum(rng.lognormal(0.8, 0.3, 30))
    words, _ = fitted(write("time,run", [f"{time},{run}" for run in "ab" for time in times(first_s)]))
    assert "58 in seen.csv" in words


def test_headways_that_can_be_no_queue_are_noted_with_their_lines(write):
    rows = [*np.round(np.random.default_rng(1).lognormal(0.8, 0.3, 40), 1), 30.0]
    words, _ = fitted(write("headway_s", map(str, rows)))
    assert "Check 1 headway longer than 3 medians (line 42): was there still a queue" in words


def test_a_class_seen_rarely_is_left_out_and_named(queue, write):
    passed_s, names = queue
    odd = names[:300].copy()
    odd[100] = "coach"
    words, keys = fitted(write("time,class", zip(times(passed_s[:300]), odd, strict=True)))
    assert "left out: 2 headways of coach" in words
    assert "coach" not in keys["classes"]


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("time", ["06:00:10", "06:00:09"], "line 3: this vehicle passes before the one in the row above"),
        ("time,run", ["06:00:10,a", ",a"], "line 3: time '' given; allowed: a time to the second"),
        ("headway_s,class", ["2.1,car"] * 30, "only one of class and leader given"),
        ("headway_s", ["2"] * 30, "all headways are 2 s"),
        ("headway_s", ["2.1", "2.2"], "2 headways are too few for an estimate; needed: at least 20"),
        ("headway", ["2.1"], "did you mean headway_s"),
        ("headway_s,leader,class", [f"{2 + k / 10},tram,tram" for k in range(30)], "allowed: one of car, van"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(write, header, rows, said):
    file = write(header, rows)
    with pytest.raises(FunnelsimError) as caught:
        fitted(file)
    assert said in str(caught.value)
