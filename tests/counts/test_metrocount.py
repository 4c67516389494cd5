"""MetroCount lists of single vehicles, in both layouts; what classes mean depends on the scheme."""

import pytest

from funnelsim.counts import describe, passages, read_counts
from funnelsim.errors import CountsError

CUSTOM = """\
MetroCount Traffic Executive
Individual

CustomList-7 -- English (ENG)

Datasets:
Site:\t[LAKE-01] Lake Road, north, 60 km/h
Scheme:\tVehicle classification (ARX)
Units:\tMetric (metre, kilometre, m/s, km/h, kg, tonne)

Column Legend:
 0  [Date-Time] \tFull date and time
 1  [Speed] \tVehicle speed
 2  [Dir] \tDirection code

          Date-Time Speed Dir  Span   Hdwy    Gap    Ax Gp  Rho       Nm Cl Vehicle Pic
2024-06-03 07:00:04  47.2   0   2.6    5.1    5.0     2  1 1.00      162  2 oo
2024-06-03 07:01:30  50.0   1  12.0   86.0   85.9     5  3 1.00      163  9 o  oo  oo
2024-06-03 07:20:00  61.5   0   2.7    9.1    9.0     2  1 0.98      164  2 oo

In profile:\tVehicles = 3 / 3 (100.00%)
"""

REPORT = """\
MetroCount Traffic Executive
Individual Vehicles

Site: [42] River Street
Scheme: Vehicle classification (VRX)
Units: Non metric (ft, mi, ft/s, mph, lb, ton)

DS  Axle Num Ht YYYY-MM-DD hh:mm:ss Dr  Speed     Wb    Hdwy     Gap Ax Gp  Rho  Cl     Nm   Vehicle
00  00000002  4 2024-06-03 07:00:04 NS   30.0    8.5     0.0     0.0  2  1 1.00   1      0   SV  o o
00  00000006  4 2024-06-03 07:00:09 SN   40.0    9.0     0.0     0.0  2  1 1.00   4      0   TB2 o  o
"""


def test_a_custom_list_is_read_by_its_heading(write):
    counts = read_counts(write(CUSTOM))
    assert counts.format == "metrocount"
    assert counts.table["stream"].unique().to_list() == ["LAKE-01"]
    assert counts.vehicles["channel"].to_list() == ["0", "1", "0"]
    assert counts.vehicles["speed_kmh"].to_list() == [47.2, 50.0, 61.5]
    assert passages(counts, channel=["0", "1"]).rows() == [(25204.0, "car"), (25290.0, "lorry"), (26400.0, "car")]
    assert "scheme of the classes: ARX; unit of speeds: km/h" in counts.notes


def test_a_report_in_miles_is_read_and_an_unknown_scheme_asked_for(write):
    counts = read_counts(write(REPORT))
    assert counts.vehicles["channel"].to_list() == ["NS", "SN"]
    assert counts.vehicles["speed_kmh"].round(2).to_list() == [48.28, 64.37]
    assert describe(counts).count("unknown: set it with classes") == 2
    with pytest.raises(CountsError, match="no scenario class for 1, 4"):
        passages(counts, channel=["NS", "SN"])


def test_the_same_vehicle_twice_counts_once(write):
    twice = REPORT + REPORT.splitlines(keepends=True)[-1]
    assert read_counts(write(twice)).vehicles.height == 2


def test_vehicles_that_are_missing_are_said(write):
    lines = [line for line in CUSTOM.splitlines(keepends=True) if "07:20:00" not in line]
    counts = read_counts(write("".join(lines)))
    assert "the list says that it holds 3 vehicles, but 2 are there" in counts.warnings
    assert not any("the list says" in said for said in read_counts(write(CUSTOM)).warnings)


def test_a_line_among_the_vehicles_that_holds_none_is_named(write):
    counts = read_counts(write(CUSTOM.replace("2024-06-03 07:01:30", "x 07:01:30")))
    assert any(
        said.startswith("1 line among the vehicles holds none (line 18: 'x 07:01:30") for said in counts.warnings
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" 163  9 o  oo  oo", " 163", "line 18: .* has not the columns of the heading"),
        (
            "07:01:30  50.0   1  12.0   86.0   85.9     5  3 1.00      163  9 o  oo  oo",
            "07:0",
            "line 18: '2024-06-03 07:0'",
        ),
        ("  163  9 ", "  163  x ", "line 18: class 'x' given; allowed: a number"),
        ("  50.0   1", "  fast   1", "line 18: speed 'fast' given"),
        ("2024-06-03 07:01", "2024-13-03 07:01", "'2024-13-03' is not a date"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(write, old, new, message):
    with pytest.raises(CountsError, match=message):
        read_counts(write(CUSTOM.replace(old, new)))
