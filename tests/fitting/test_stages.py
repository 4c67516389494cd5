"""From inspections and looks on the clock their means, scatters and shapes are found."""

import tomllib

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.fitting import fit_look, fit_stage
from funnelsim.reporting.terminal import plain_text

RESAMPLES = 99


def fitted(fit, file):
    found = fit(file, RESAMPLES, np.random.default_rng(1))
    return plain_text(found.sections, 300), tomllib.loads(found.lines)


def intervals(words):
    """Return the intervals that the table gives, row by row."""
    rows = [line.split() for line in words.splitlines() if line.count(" to ") == 1 and "  " in line.strip()]
    return [(float(row[-3]), float(row[-1])) for row in rows]


def test_the_durations_of_a_simulated_stage_are_found_by_class_and_occupants(stages, write, agrees):
    durations_s, names, occupants = stages
    rows = zip((round(time_s) for time_s in durations_s), names, occupants, strict=True)
    words, keys = fitted(fit_stage, write("duration_s,class,occupants", rows))
    assert keys["duration"]["distribution"] == "lognormal"
    assert keys["duration"]["mean_s"].keys() == {"car", "lorry", "default"}
    truth = [60.0, 150.0, 30.0, 0.5]  # car, lorry, each occupant, cv
    assert all(agrees(value, *ends) for value, ends in zip(truth, intervals(words), strict=True))
    assert "Means by class fit better than one mean" in words
    assert "A lognormal distribution fits" in words


def test_memoryless_durations_are_called_exponential(write):
    rows = np.random.default_rng(2).exponential(120.0, 150).round() + 1
    words, keys = fitted(fit_stage, write("duration_s", map(str, rows)))
    assert keys["duration"].keys() == {"mean_s", "distribution"}
    assert keys["duration"]["distribution"] == "exponential"
    assert "the exponential one fits better" in words


def test_looks_read_in_whole_seconds_are_found(write, agrees):
    cv = 0.3
    scatter = np.sqrt(np.log1p(cv**2))
    true_s = np.random.default_rng(4).lognormal(np.log(2.0) - scatter**2 / 2, scatter, 200)
    words, keys = fitted(fit_look, write("duration_s", map(str, true_s.round().astype(int))))
    assert all(agrees(value, *ends) for value, ends in zip([2.0, cv], intervals(words), strict=True))
    assert keys["selection"]["look"].keys() == {"mean_s", "cv"}
    assert "in steps of 1 s and assumed to be rounded to the nearest" in words


def test_beginnings_and_ends_are_read_through_midnight(write):
    rng = np.random.default_rng(5)
    begin_s = 23.9 * 3600 - 5.0 + np.arange(30) * 60.0  # one goes on over midnight
    end_s = begin_s + rng.lognormal(3.0, 0.4, 30)
    rows = [
        ",".join(f"{int(t) // 3600 % 24:02d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in pair)
        for pair in zip(begin_s, end_s, strict=True)
    ]
    _, keys = fitted(fit_stage, write("from,to", rows))
    assert abs(keys["duration"]["mean_s"] - np.mean(end_s - begin_s)) < 2.0


def test_minutes_decimal_commas_and_blanks_are_read(write):
    rows = ["1:30", "75,5", "", "80.25", *(str(60 + k) for k in range(30))]
    file = write("duration_s;remark", [f"{row};x" for row in rows])
    words, _ = fitted(fit_stage, file)
    assert "33 observed" in words
    assert "left out: 1 rows in which duration_s is blank" in words
    assert "ignored column: remark" in words


def test_a_class_observed_rarely_is_taken_with_others_as_default(write):
    rng = np.random.default_rng(6)
    kinds = ["car"] * 40 + ["van"] * 6 + ["coach"] * 6
    rows = [f"{rng.integers(30, 90)},{kind}" for kind in kinds]
    words, keys = fitted(fit_stage, write("duration_s,class", rows))
    assert "combined as default: coach and van" in words
    assert keys["duration"]["mean_s"].keys() == {"car", "default"}


def test_occupants_that_change_nothing_are_said_to(write):
    rng = np.random.default_rng(7)
    rows = [f"{rng.lognormal(4.0, 0.5) - 4 * k:.1f},{k}" for k in rng.integers(1, 4, 60)]
    words, keys = fitted(fit_stage, write("duration_s,occupants", rows))
    assert keys["duration"]["per_occupant_s"] == 0.0
    assert "There is no evidence that occupants add to the duration" in words
    assert intervals(words)[1][0] == 0.0


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("duration_s", ["12", "quick", "-3"], ["line 3: duration_s 'quick' given; allowed: seconds", "line 4"]),
        ("duration_s", ["12"] * 25, ["all 25 durations are 12 s"]),
        ("duration_s", ["12", "13"], ["2 durations are too few for an estimate; needed: at least 20, better 100"]),
        ("from,to", ["06:00:10,06:00:05"], ["line 2: ends before it begins"]),
        ("from,to", ["06:00:10,2024-05-06 06:00:05"], ["some times have a date and others do not"]),
        ("from,to", ["3/4/2024 06:00:10,3/4/2024 06:00:15"], ["set --date-order"]),
        ("seconds", ["12,3"], ["line 1: the header has seconds", "needed: duration_s, or from and to"]),
        ("duration_s,occupants", [f"{k},0" for k in range(10, 40)], ["persons in the vehicle, the driver included"]),
        ("duration_s,occupants", [f"{k},2" for k in range(10, 40)], ["occupants is 2 in every row"]),
        ("duration_s,class", [f"{k}," for k in range(10, 13)], ["line 2: class '' given; allowed: a name"]),
        ("duration_s", [], ["there are no rows under the header"]),
        ("duration_s", [f"{k}00000" for k in range(10, 40)], ["allowed in a scenario: at most"]),
    ],
)
def test_what_cannot_be_used_is_said_in_words(write, header, rows, said):
    with pytest.raises(FunnelsimError) as caught:
        fitted(fit_stage, write(header, rows))
    for words in said:
        assert words in str(caught.value)


def test_the_lines_for_the_scenario_say_what_they_were_fitted_to(write):
    found = fit_look(write("duration_s", ["2", "3"] * 15), RESAMPLES, np.random.default_rng(1))
    assert found.lines.startswith("# Fitted to 30 observations in seen.csv; with 95 % intervals:\n# mean 2.5")
