"""`funnelsim fit` turns observations into lines that a scenario takes, and its page shows what the command says."""

import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest

from funnelsim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "fitting.md").read_text(encoding="utf-8")
FEW = ("--resamples", "99")

SCENARIO = """
title = "fitted"
operation = { opens = "06:00", closes = "08:00" }
traffic.counts = { from = "00:00", vehicles.total = [100, 100, 100, 100, 100, 100, 300, 300, 300, 300, 300, 300] }
"""
STAGE = '[[area.stages]]\nname = "check"\n'
DURATION = "duration = { mean_s = 60 }\n"


@pytest.fixture
def seen(tmp_path):
    """Return a function that writes observations under a header."""

    def put(header, rows):
        (tmp_path / "seen.csv").write_text("\n".join([header, *map(str, rows)]) + "\n", encoding="utf-8")
        return "seen.csv"

    return put


def durations(mean_s, count=60):
    return np.random.default_rng(1).lognormal(np.log(mean_s), 0.3, count).round(1)


def pasted(tmp_path, before, after=""):
    """Load a scenario with the lines that the command wrote to lines.toml in it."""
    lines = (tmp_path / "lines.toml").read_text(encoding="utf-8")
    (tmp_path / "pasted.toml").write_text(before + lines + after, encoding="utf-8")
    return load_scenario(tmp_path / "pasted.toml")


def fit(run, *arguments):
    code, out, err = run("fit", *arguments, "--out", "lines.toml", *FEW)
    assert (code, err) == (0, "")
    assert "Wrote lines.toml." in out
    return out


def test_the_lines_for_a_look_are_taken(run, seen, tmp_path):
    fit(run, "look", seen("duration_s", durations(3.0)))
    look = pasted(tmp_path, SCENARIO + STAGE + DURATION).selection.look
    assert look.mean_s == pytest.approx(3.1, abs=0.3)
    assert look.cv == pytest.approx(0.3, abs=0.1)


def test_the_lines_for_a_stage_by_class_are_taken(run, seen, tmp_path):
    rows = [f"{time_s},{('car', 'lorry')[k % 2]}" for k, time_s in enumerate(durations(90.0))]
    fit(run, "stage", seen("duration_s,class", rows))
    duration = pasted(tmp_path, SCENARIO + STAGE).area.stages[0].duration
    assert duration.mean_s.keys() == {"car", "lorry", "default"}
    assert duration.distribution == "lognormal"


def test_the_lines_for_the_lane_are_taken(run, seen, tmp_path):
    fit(run, "headways", seen("headway_s", durations(2.5)))
    lane = pasted(tmp_path, SCENARIO + STAGE + DURATION).lane
    assert lane.capacity_vph == pytest.approx(3600.0 / 2.6, rel=0.1)
    assert lane.headway_cv == pytest.approx(0.3, abs=0.1)


def test_the_lines_for_classes_are_taken(run, seen, tmp_path):
    kinds = np.random.default_rng(2).choice(["car", "lorry"], 200, p=[0.7, 0.3])
    rows = [
        f"{time_s},{kind},{leader}" for time_s, kind, leader in zip(durations(2.5, 199), kinds[1:], kinds, strict=False)
    ]
    fit(run, "headways", seen("headway_s,class,leader", rows), "--lane-speed-kmh", "36")
    made = pasted(tmp_path, SCENARIO + STAGE + DURATION)
    assert made.lane.capacity_vph is None
    lines = tomllib.loads((tmp_path / "lines.toml").read_text(encoding="utf-8"))
    assert made.classes["lorry"].spacing_m == lines["classes"]["lorry"]["spacing_m"]
    assert made.classes["car"].reaction_s == lines["classes"]["car"]["reaction_s"]
    assert made.classes["car"].spacing_m == 7.5  # taken as known


def test_the_lines_for_arrivals_are_taken(run, seen, tmp_path):
    times_s = 21_600 + np.sort(np.random.default_rng(3).random(500)) * 3600.0
    fit(
        run,
        "arrivals",
        seen("time", [f"{int(t) // 3600:02d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in times_s]),
    )
    counts = 'counts = { from = "06:00", vehicles.total = [300, 300, 300] }\n'
    before = SCENARIO.replace("traffic.counts", "#") + STAGE + DURATION
    assert pasted(tmp_path, before, counts).traffic.arrivals == "poisson"


def test_the_lines_for_bunched_arrivals_are_taken(run, seen, tmp_path):
    """Pairs that follow each other at 2 s, the pairs at random."""
    first_s = 21_600 + np.sort(np.random.default_rng(3).random(300)) * 3600.0
    times_s = np.sort(np.concatenate([first_s, first_s + 2.0]))
    file = seen("time", [f"{int(t) // 3600:02d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in times_s])
    fit(run, "arrivals", file)
    counts = 'counts = { from = "06:00", vehicles.total = [300, 300, 300] }\n'
    traffic = pasted(tmp_path, SCENARIO.replace("traffic.counts", "#") + STAGE + DURATION, counts).traffic
    assert traffic.arrivals == "bunched"
    assert 0.5 < traffic.least_gap_s <= 2.5
    assert traffic.bunching_factor > 1.0


def test_the_same_seed_says_the_same(run, seen):
    file = seen("duration_s", durations(3.0))
    first, again, other = (run("fit", "look", file, *FEW, "--seed", seed)[1] for seed in "112")
    assert first == again != other


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["look", "none.csv"], "none.csv"),
        (["look", "seen.csv", "--channel", "1"], "--channel: given with look; allowed: with arrivals"),
        (["stage", "seen.csv", "--lane-speed-kmh", "30"], "--lane-speed-kmh: given with stage; allowed: with headways"),
        (["headways", "seen.csv"], "the header has duration_s; needed: headway_s, or time; also allowed: class"),
    ],
)
def test_what_fit_cannot_use_is_said_in_words(run, seen, arguments, said):
    seen("duration_s", durations(3.0))
    code, out, err = run("fit", *arguments)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("shown", re.findall(r"```\n\$ funnelsim (fit [^\n]*)\n(.*?)```", PAGE, flags=re.DOTALL))
def test_the_page_shows_what_the_command_says(run, tmp_path, monkeypatch, shown):
    arguments, output = shown
    name = arguments.split()[2]
    if not (SHARED / name).is_file():
        pytest.skip(f"the real count file {name} is not beside the repository (shared/data)")
    shutil.copy(SHARED / name, tmp_path / name)
    monkeypatch.setenv("COLUMNS", "100")
    said = run(*arguments.split())[1]
    assert [line.rstrip() for line in said.splitlines()] == output.splitlines()
