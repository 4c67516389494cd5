"""The busiest and quietest four hours of a counted day, and the share of heavy vehicles by hour."""

import pytest

from funnelsim.counts import profile, read_counts

DAY = [900, 400, 100, 100, 100, 200, 500, 1000, 1200, 900, 800, 800, 800, 850, 900, 1300, 1500, 1400, 1000, 700] + [
    600
] * 4


def own(rows, columns="total"):
    return f"start,{columns}\n" + "".join(f"{start},{row}\n" for start, row in rows.items())


def test_the_busiest_and_the_quietest_four_hours_are_found(write):
    shape = profile(read_counts(write(own({f"{h:02d}:00": n for h, n in enumerate(DAY)})))).shape
    assert str(shape.busiest) == "15:00 to 19:00, 5,200 vehicles"
    assert str(shape.quietest) == "02:00 to 06:00, 500 vehicles"
    assert shape.heavy_shares == {}


def test_a_whole_day_runs_on_over_midnight(write):
    night = [50, 50, 60, *[500] * 20, 40]
    shape = profile(read_counts(write(own({f"{h:02d}:00": n for h, n in enumerate(night)})))).shape
    assert str(shape.quietest) == "23:00 to 03:00, 200 vehicles"


def test_hours_with_a_missing_interval_are_in_no_stretch(write):
    rows = {f"{h:02d}:{m:02d}": 10 * h for h in range(6, 12) for m in (0, 30)}
    del rows["09:30"]
    shape = profile(read_counts(write(own(rows)))).shape
    assert (shape.busiest, shape.quietest) == (None, None)
    assert list(shape.lines()) == []


def test_heavy_vehicles_are_coaches_and_lorries_by_hour(write):
    rows = {"06:00": "80,5,15", "07:00": "190,0,10", "08:00": "0,0,0", "09:00": "10,0,0"}
    shape = profile(read_counts(write(own(rows, "car,coach,lorry")))).shape
    assert shape.heavy_shares == {360: pytest.approx(0.2), 420: pytest.approx(0.05), 540: 0.0}
    assert list(shape.lines())[2] == (
        "heavy vehicles (coaches and lorries) by hour: from 0.0% at 09:00 to 20.0% at 06:00"
    )


def test_hours_after_midnight_are_those_of_the_next_day(write):
    shape = profile(
        read_counts(write(own({f"{hour}:00": f"{50 - hour},2" for hour in range(20, 28)}, "car,lorry")))
    ).shape
    assert str(shape.quietest) == "00:00 of the next day to 04:00, 106 vehicles"
    assert any(line.endswith("at 03:00 of the next day") for line in shape.lines())
