"""The figure of a count file shows what was counted, and what was not."""

import numpy as np

from funnelsim.counts import read_counts
from funnelsim.plots.count_days import count_days

MAPPING = {"time": "t", "format": "%Y-%m-%d %H:%M", "label": "start", "minutes": 60, "total": "n"}


def read(tmp_path, starts, **keys):
    path = tmp_path / "counts.csv"
    path.write_text("t,n\n" + "".join(f"{start},{number}\n" for number, start in enumerate(starts, 100)))
    return read_counts(path, mapping=MAPPING | keys)


def test_a_gap_is_left_out_and_a_day_is_a_row(tmp_path):
    figure = count_days(read(tmp_path, ["2024-05-06 07:00", "2024-05-08 09:00"]))
    cells = figure.axes[0].images[0].get_array()
    assert cells.shape == (3, 24)
    assert np.ma.count(cells) == 2
    assert (cells[0, 7], cells[2, 9]) == (100, 101)


def test_the_hour_that_comes_twice_is_drawn_by_its_mean(tmp_path):
    starts = ["2024-10-27 02:00+0200", "2024-10-27 02:00+0100"]
    figure = count_days(read(tmp_path, starts, format="%Y-%m-%d %H:%M%z"))
    assert figure.axes[0].images[0].get_array()[0, 2] == 100.5


def test_the_words_say_how_many_vehicles_and_the_first_doubts(tmp_path):
    counts = read(tmp_path, [f"2024-05-06 0{hour}:00" for hour in range(9)], total="n")
    texts = [text.get_text() for text in count_days(counts).texts]
    assert any(text.startswith("936 vehicles; shades of blue are vehicles per hour") for text in texts)


def test_a_day_without_a_date_is_drawn_as_bars(tmp_path):
    figure = count_days(read(tmp_path, ["07:00", "08:00"], format="%H:%M"))
    assert [bar.get_height() for bar in figure.axes[0].patches] == [100, 101]


def test_a_record_without_a_whole_interval_says_so(tmp_path):
    keys = {"format": "%Y-%m-%d %H:%M", "each_row": "vehicle", "total": None, "minutes": None}
    figure = count_days(read(tmp_path, ["2024-05-06 07:00"], **keys))
    assert figure.axes[0].texts[0].get_text() == "No interval was counted whole."
