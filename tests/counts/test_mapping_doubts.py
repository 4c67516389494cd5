"""A mapping can be wrong: what it counts twice, merges or misunderstands is refused or doubted by name."""

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.errors import CountsError

MAPPING = {"time": "t", "format": "%d/%m/%Y %H:%M", "label": "start", "minutes": 60}


def day(cells, date="06/05/2024", header="n"):
    """Return a file with a row an hour; `cells` gives the cells of an hour."""
    return f"t,{header}\n" + "".join(f"{date} {hour:02d}:00,{cells(hour)}\n" for hour in range(24))


def cars(hour):
    return 400 + 7 * (hour * hour % 11)


def lorries(hour):
    return 40 + 3 * (hour * hour * hour % 13)


def warnings(path, **keys):
    return read_counts(path, mapping=MAPPING | keys).warnings


def problems(path, **keys):
    with pytest.raises(CountsError) as caught:
        read_counts(path, mapping=MAPPING | keys)
    return str(caught.value)


def test_a_class_that_is_the_sum_of_others_is_refused(write):
    path = write(day(lambda h: f"{cars(h)},{lorries(h)},{cars(h) + lorries(h)}", header="a,b,motor"))
    counts = {"a": "car", "b": "lorry", "motor": "car"}
    assert "'motor' is the sum of 'a' and 'b' in every row, so vehicles would be counted twice" in problems(
        path, counts=counts
    )
    assert warnings(path, counts=counts | {"motor": "-"}) == ()


def test_a_class_that_is_another_under_a_second_name_is_refused(write):
    path = write(day(lambda h: f"{cars(h)},{cars(h)}", header="a,b"))
    assert "is the same as" in problems(path, counts={"a": "car", "b": "van"})


def test_a_channel_that_is_the_sum_of_others_is_doubted(write):
    rows = "".join(
        f"06/05/2024 {h:02d}:00,{lane},{n}\n"
        for h in range(24)
        for lane, n in (("N", cars(h)), ("S", lorries(h)), ("both", cars(h) + lorries(h)))
    )
    said = warnings(write("t,lane,n\n" + rows), total="n", channel="lane")
    assert said == (
        "channel both is the sum of channel N and channel S in every interval: do not choose them together",
    )


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Totalt", "'Totalt' becomes car, but is called like a total"),
        ("pedal_cycles", "'pedal_cycles' becomes car, but is called like bicycles"),
        ("Rad", "'Rad' becomes car, but is called like bicycles"),
        ("two_wheeled_motor_vehicles", None),
        ("Radweg-nah", None),
    ],
)
def test_names_of_totals_and_bicycles_are_doubted(write, column, said):
    found = warnings(write(day(cars, header=column)), counts={column: "car"})
    assert (said is None and not found) or any(said in warning for warning in found)


def test_classes_that_miss_the_total_by_more_than_one_are_named(write):
    def cells(hour):
        return f"{cars(hour)},{lorries(hour)},{cars(hour) + lorries(hour) + {3: 1, 5: 20}.get(hour, 0)}"

    path = write(day(cells, header="a,b,all"))
    assert warnings(path, counts={"a": "car", "b": "lorry"}, total="all") == (
        (
            f"in 1 interval the classes do not add up to the total (line 7: {cars(5) + lorries(5)} against "
            f"{cars(5) + lorries(5) + 20} on Mon 06 May 2024 05:00); the classes are used"
        ),
    )


def test_days_with_a_total_only_are_named_and_left_out_of_the_classes(write):
    first = day(lambda h: f"{cars(h)},{lorries(h)},{cars(h) + lorries(h)}", header="a,b,all")
    second = day(lambda h: f",,{cars(h)}", date="07/05/2024", header="x").partition("\n")[2]
    counts = read_counts(
        write(first + second), mapping=MAPPING | {"counts": {"a": "car", "b": "lorry"}, "total": "all"}
    )
    assert counts.warnings == ("24 intervals have a total but no classes on Tue 07 May 2024",)
    assert profile(counts).table["class"].unique().sort().to_list() == ["car", "lorry"]


def test_values_beyond_all_other_days_are_named(write):
    days = [f"{number:02d}/05/2024" for number in range(6, 16)]
    texts = [day(lambda h, date=date: 9226 if (date[:2], h) == ("09", 8) else cars(h), date=date) for date in days]
    path = write(texts[0] + "".join(text.partition("\n")[2] for text in texts[1:]))
    assert warnings(path, total="n") == (
        (
            f"far more vehicles than at the same time on other days: Thu 09 May 2024 08:00 (9,226, usually {cars(8)}); "
            "these counts are used unchanged"
        ),
    )


def test_fractions_are_mentioned_with_their_days(write):
    path = write(day(lambda h: cars(h) + 0.5 * (h == 3)))
    assert warnings(path, total="n") == (
        (
            f"1 row on Mon 06 May 2024 has fractions of vehicles (line 5: n {cars(3) + 0.5:g}): averages, or filled "
            "in; not counted as such"
        ),
    )


def test_the_other_order_of_day_and_month_is_doubted_where_its_days_lie_together(write):
    rows = "".join(f"{month:02d}/05/2024 {hour:02d}:00,9\n" for month in (6, 7, 8) for hour in range(24))
    said = warnings(write("t,n\n" + rows), format="%m/%d/%Y %H:%M", total="n")
    assert any("with '%d/%m/%Y %H:%M' 2: is the order of day and month the right one?" in one for one in said)
    assert warnings(write("t,n\n" + rows), total="n") == ()


def test_an_interval_that_ends_a_month_later_is_refused(write):
    path = write("t,end,n\n01/01/2024 00:00,31/01/2024 00:00,9000\n01/02/2024 00:00,02/03/2024 00:00,9000\n")
    assert "'end' is 30 days from 't', but minutes = 60; allowed: counts of an hour or less" in problems(
        path, total="n"
    )


def test_two_counts_of_one_interval_are_refused_with_both_lines(write):
    path = write(day(cars) + "06/05/2024 07:00,1\n")
    said = problems(path, total="n")
    assert "2024-05-06 is counted twice with different numbers in 1 interval (lines 9, 26; 07:00: " in said


def test_the_same_row_twice_is_counted_once(write):
    text = day(cars)
    counts = read_counts(write(text + text.splitlines()[3] + "\n"), mapping=MAPPING | {"total": "n"})
    assert counts.table["vehicles"].sum() == sum(map(cars, range(24)))
    assert "1 row repeats an interval with the same counts, which is counted once" in counts.notes


def test_streams_that_were_never_counted_together_are_named(write):
    rows = "".join(f"0{6 + n}/05/2024 {h:02d}:00,{'AB'[n]},9\n" for n in (0, 1) for h in range(24))
    said = warnings(write("t,road,n\n" + rows), total="n", stream="road")
    assert any(one.startswith("no interval was counted in all streams and channels (A and B)") for one in said)


def test_a_column_that_varies_like_a_site_is_named(write):
    rows = "".join(f"0{6 + n}/05/2024 {h:02d}:00,{'AB'[n]},9\n" for n in (0, 1) for h in range(24))
    said = warnings(write("t,road,n\n" + rows), total="n")
    assert said == (
        (
            "the column 'road' is not used, but varies like a site (A, B): if it is one, name it as stream or channel, "
            "or keep one with where"
        ),
    )
