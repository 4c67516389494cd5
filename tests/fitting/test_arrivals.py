"""A Poisson road is called Poisson, a bunched one bunched, and the numbers behind the bunches are found."""

import re
import tomllib

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.fitting import fit_arrivals
from funnelsim.reporting.terminal import plain_text

RESAMPLES = 99


def fitted(file, **options):
    found = fit_arrivals(file, RESAMPLES, np.random.default_rng(1), **options)
    return plain_text(found.sections, 300), tomllib.loads(found.lines)["traffic"], found.lines


def interval(lines, name):
    """Return the interval of a number in the comments."""
    text = " ".join(lines.replace("\n#", " ").split())
    return tuple(map(float, re.search(rf"{name} [\d.]+(?: s)? \(([\d.]+) to ([\d.]+)\)", text).groups()))


def test_a_bunched_road_is_called_bunched_and_its_numbers_are_found(arrivals, agrees):
    words, keys, lines = fitted(arrivals("bunched", lanes=1, vph=600))
    assert keys["arrivals"] == "bunched"
    assert "Arrivals are bunched: independent arrivals are ruled out" in words
    assert "does not fit" not in words
    assert agrees(1.5, *interval(lines, "least gap"))
    assert agrees(0.6, *interval(lines, "bunching factor"))
    assert agrees(np.exp(-0.6 * 1.5 * 600 / 3600), *interval(lines, "free vehicles"))
    assert keys["least_gap_s"] == pytest.approx(1.5, abs=0.1)


def test_bunches_on_more_lanes_are_told_from_those_on_one(arrivals, agrees):
    _, keys, lines = fitted(arrivals("bunched", lanes=2, vph=1200))
    assert keys["arrivals"] == "bunched"
    assert agrees(0.5, *interval(lines, "least gap"))


def test_a_poisson_road_is_called_poisson(arrivals):
    verdicts = [fitted(arrivals("poisson", seed=seed))[:2] for seed in range(3)]
    assert [keys for _, keys in verdicts] == [{"arrivals": "poisson"}] * 3
    assert sum("The record is consistent with Poisson arrivals" in words for words, _ in verdicts) >= 2


def test_a_finer_clock_gives_the_same_verdict(arrivals, write):
    coarse = arrivals("bunched", seed=2)
    rng = np.random.default_rng(1)
    # What the coarse clock cut off is not known; any moments within its steps are the same road to a finer clock.
    times = [f"{line}.{rng.integers(10)}" for line in coarse.read_text().split()[1:]]
    fine = write("time", times, "fine.csv")
    assert [fitted(file)[1]["arrivals"] for file in (coarse, fine)] == ["bunched"] * 2


def test_demand_that_varies_over_the_day_is_no_bunching(write):
    rng = np.random.default_rng(8)
    times = np.concatenate([6 * 3600 + 900 * (k + rng.random(n)) for k, n in enumerate([40, 80, 160, 160, 80, 40] * 3)])
    rows = [f"{int(t) // 3600:02d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in np.sort(times)]
    assert fitted(write("time", rows))[1] == {"arrivals": "poisson"}


def test_a_real_road_is_found_to_be_bunched_and_the_model_to_fall_short(real):
    file = real("us_dvrpc_165367_per_vehicle_peak.txt")
    words, keys, _ = fitted(file, order="mdy", channel=["2"])
    assert "Arrivals are bunched" in words
    assert "Cowan's M3 does not fit well either" in words
    assert "Counts per minute vary more" in words
    assert keys["bunching_factor"] > 3 * 0.6  # Akçelik and Chung's for one lane


def test_a_count_with_several_channels_asks_which(real):
    with pytest.raises(FunnelsimError, match=r"choose one lane or one direction with --channel: 1, 2"):
        fitted(real("us_dvrpc_166905_per_vehicle.txt"))


def test_too_few_vehicles_are_refused_in_words(write):
    with pytest.raises(FunnelsimError, match="99 vehicles are too few for an estimate; needed: at least 100"):
        fitted(write("time", [f"06:{k // 60:02d}:{k % 60:02d}" for k in range(99)]))


def test_times_without_seconds_are_refused_with_their_lines(write):
    with pytest.raises(FunnelsimError) as caught:
        fitted(write("time", ["06:15", "06:16:01", "soon"]))
    assert [problem.where for problem in caught.value.problems] == ["seen.csv, line 2", "seen.csv, line 4"]
    assert "allowed: a time to the second" in str(caught.value)
