import pytest
from pydantic import ValidationError

from funnelsim.scenario.site import Exit, Operation

H = 3600.0
DAY_H = 24.0


def windows_h(**keys):
    return [(w.day, w.opens_s / H, w.closes_s / H) for w in Operation(**keys).windows]


def test_an_operation_has_one_window_on_one_day():
    assert windows_h(opens="06:00", closes="14:00") == [(1, 6.0, 14.0)]


@pytest.mark.parametrize(
    ("closes", "closes_h"), [("21:59", 45 + 59 / 60), ("22:00", 46.0), ("05:30", 29.5), ("00:00", 24.0)]
)
def test_a_closing_at_or_before_the_opening_is_on_the_next_day(closes, closes_h):
    (window,) = windows_h(opens="22:00", closes=closes)
    assert window == (1, 22.0, pytest.approx(closes_h))


def test_further_windows_follow_on_the_same_day():
    also = [{"opens": "16:00", "closes": "20:00"}]
    assert windows_h(opens="06:00", closes="10:00", also=also) == [(1, 6.0, 10.0), (1, 16.0, 20.0)]


def test_a_window_may_open_as_the_one_before_closes():
    also = [{"opens": "10:00", "closes": "12:00"}]
    assert windows_h(opens="06:00", closes="10:00", also=also)[1] == (1, 10.0, 12.0)


def test_a_window_that_opens_before_the_last_has_closed_is_of_the_next_day():
    also = [{"opens": "02:00", "closes": "04:00"}, {"opens": "01:00", "closes": "02:00"}]
    assert windows_h(opens="22:00", closes="01:00", also=also) == [(1, 22.0, 25.0), (1, 26.0, 28.0), (1, 49.0, 50.0)]


def test_the_windows_are_repeated_every_24_hours():
    also = [{"opens": "16:00", "closes": "20:00"}]
    first = windows_h(opens="06:00", closes="10:00", also=also)
    days = windows_h(opens="06:00", closes="10:00", also=also, days=3)
    assert days == [(day, a + (day - 1) * DAY_H, b + (day - 1) * DAY_H) for day in (1, 2, 3) for _, a, b in first]


def test_the_last_minutes_are_those_of_each_window():
    also = [{"opens": "16:00", "closes": "20:00"}]
    operation = Operation(opens="06:00", closes="10:00", also=also, days=2, stop_selecting_min=30.0)
    assert [w.closes_s - w.last_selection_s for w in operation.windows] == [1800.0] * 4


def test_an_operation_lasts_as_long_as_its_windows_together_from_the_first_opening_to_the_last_closing():
    also = [{"opens": "16:00", "closes": "20:00"}]
    operation = Operation(opens="06:00", closes="10:00", also=also, days=3)
    assert operation.duration_h == 24.0
    assert (operation.opens_s, operation.closes_s) == (6 * H, 68 * H)


def test_windows_that_would_run_into_those_of_the_next_day_cannot_be_repeated():
    also = [{"opens": "02:00", "closes": "07:00"}]
    assert len(windows_h(opens="06:00", closes="10:00", also=also)) == 2
    with pytest.raises(
        ValidationError, match=r"span 25 h and days = 2 .* allowed: windows that fit into 24 h, or days = 1"
    ):
        Operation(opens="06:00", closes="10:00", also=also, days=2)


def test_windows_of_a_whole_day_can_be_repeated():
    assert windows_h(opens="06:00", closes="06:00", days=2) == [(1, 6.0, 30.0), (2, 30.0, 54.0)]


def test_every_window_leaves_time_to_select():
    also = [{"opens": "16:00", "closes": "16:20"}]
    with pytest.raises(ValidationError, match="the funnel operates for 20 min; allowed: less than that"):
        Operation(opens="06:00", closes="10:00", also=also, stop_selecting_min=20.0)
    assert len(windows_h(opens="06:00", closes="10:00", also=also, stop_selecting_min=19.0)) == 2


def test_drivers_leave_for_a_queue_that_they_see_ahead_of_the_exit():
    assert Exit(at_m=2000.0, leave_when_tail_m=2000.0).share == 0.1
    with pytest.raises(ValidationError, match=r"leave_when_tail_m = 2001 .* allowed: at most at_m"):
        Exit(at_m=2000.0, leave_when_tail_m=2001.0)
