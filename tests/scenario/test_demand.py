import numpy as np
import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario.demand import bunching, demand_of

H = 3600.0


@pytest.fixture
def demand(build):
    """Return the demand of typed counts, by default hourly from midnight, for an operation without lead-in."""

    def demand(vehicles, opens="06:00", closes="08:00", from_="00:00", minutes=60, lead_in=0.0, run_out=0.0, **keys):
        traffic = keys.pop("traffic", {})
        scenario = build(
            {
                "operation": {
                    "opens": opens,
                    "closes": closes,
                    "lead_in_min": lead_in,
                    "run_out_min": run_out,
                    **keys.pop("operation", {}),
                },
                **keys,
            }
        ).model_dump(by_alias=True, exclude_none=True)
        scenario["traffic"] = {"counts": {"from": from_, "minutes": minutes, "vehicles": vehicles}, **traffic}
        return demand_of(type(build()).model_validate(scenario))

    return demand


def boxes(demand):
    return demand.vehicles[:, demand.classes.index("box")].tolist()


HOURS = [100 + hour for hour in range(24)]


def test_intervals_cover_the_window_from_lead_in_to_run_out(demand):
    day = demand({"box": HOURS}, lead_in=15.0, run_out=90.0)
    assert day.window_s == (5.75 * H, 9.5 * H)
    assert (day.starts_s / H).tolist() == [5, 6, 7, 8, 9]
    assert (day.ends_s / H).tolist() == [6, 7, 8, 9, 10]
    assert boxes(day) == [105, 106, 107, 108, 109]
    assert day.notes == ()


def test_a_typical_day_repeats_over_midnight(demand):
    day = demand({"box": HOURS}, opens="23:00", closes="02:00", lead_in=30.0)
    assert (day.starts_s / H).tolist() == [22, 23, 24, 25]
    assert boxes(day) == [122, 123, 100, 101]


def test_the_lead_in_of_midnight_is_the_evening_of_the_same_typical_day(demand):
    day = demand({"box": HOURS}, opens="00:00", closes="01:00", lead_in=30.0)
    assert (day.starts_s / H).tolist() == [-1, 0]
    assert boxes(day) == [123, 100]


def test_counts_of_two_days_are_not_repeated(demand):
    two_days = [100 + hour for hour in range(48)]
    day = demand({"box": two_days}, opens="23:00", closes="02:00")
    assert boxes(day) == [123, 124, 125]


def test_a_day_typed_from_its_morning_on_repeats_too(demand):
    """24 hours from 06:00 cover every hour of a typical day: 04:00 is the last but one."""
    day = demand({"box": [6, 7, 8, 9, *range(10, 24), 0, 1, 2, 3, 4, 5]}, opens="04:00", closes="08:00", from_="06:00")
    assert boxes(day) == [4, 5, 6, 7]


def test_a_night_typed_from_its_evening_on_covers_an_operation_after_midnight(demand):
    day = demand({"box": [22, 23, 0, 1, 2, 3]}, opens="00:00", closes="03:00", from_="22:00")
    assert boxes(day) == [0, 1, 2]


def test_quarters_and_intervals_off_the_hour(demand):
    day = demand({"box": [10] * 20}, opens="06:00", closes="06:30", from_="05:10", minutes=15, lead_in=5.0)
    assert (day.starts_s / 60).tolist() == [355, 370, 385]
    assert day.rates_vph.tolist() == [40.0] * 3


def test_an_uncounted_lead_in_or_run_out_takes_the_nearest_interval_and_a_note_says_so(demand):
    day = demand({"box": [6, 7]}, from_="06:00", lead_in=60.0, run_out=120.0)
    assert boxes(day) == [6, 6, 7, 7, 7]
    assert len(day.notes) == 1
    assert "3 intervals" in day.notes[0]


def test_an_uncounted_hour_of_the_operation_is_an_error_that_names_it(demand):
    with pytest.raises(ScenarioError, match=r"no counts for the intervals from 07:00; allowed: .* 06:00 to 08:00"):
        demand({"box": [6]}, from_="06:00")


def test_a_total_is_split_by_shares_and_says_so(demand):
    classes = {"box": {"share": 0.75}, "truck": {"share": 0.25}}
    day = demand({"total": [200, 400]}, from_="06:00", classes=classes)
    assert not day.typed_by_class
    assert boxes(day) == [150.0, 300.0]
    assert day.vehicles.sum(axis=1).tolist() == [200.0, 400.0]
    assert demand({"box": [1, 1]}, from_="06:00").typed_by_class


def test_a_part_of_a_counted_class_can_be_another_class(demand):
    day = demand({"box": [100, 40], "truck": [10, 0]}, from_="06:00", traffic={"split": {"box": {"truck": 0.2}}})
    assert boxes(day) == [80.0, 32.0]
    assert day.vehicles[:, day.classes.index("truck")].tolist() == [30.0, 8.0]


def test_scale_scales_all(demand):
    assert boxes(demand({"box": [100, 40]}, from_="06:00", traffic={"scale": 1.5})) == [150.0, 60.0]


def test_an_unknown_class_is_an_error_that_lists_the_known(demand):
    with pytest.raises(ScenarioError, match=r"counts have the classes tank; allowed: .*box"):
        demand({"box": [1, 1], "tank": [1, 1]}, from_="06:00")


def test_the_mix_weighs_intervals_by_what_of_them_lies_in_the_span(demand):
    day = demand({"box": [100, 0], "truck": [0, 100]}, from_="06:00")
    truck = day.classes.index("truck")
    assert day.mix([(6 * H, 8 * H)])[truck] == pytest.approx(0.5)
    assert day.mix([(6.5 * H, 7.25 * H)])[truck] == pytest.approx(25 / 75)
    assert day.mix([(6 * H, 7 * H)])[truck] == 0.0
    assert day.mix([(6 * H, 6.5 * H), (7 * H, 7.25 * H)])[truck] == pytest.approx(25 / 75)


def test_an_empty_road_has_an_even_mix(demand):
    day = demand({"box": [0, 0]}, from_="06:00")
    assert day.mix([(6 * H, 8 * H)]) == pytest.approx(np.full(len(day.classes), 1.0 / len(day.classes)))


def test_bunched_traffic_must_leave_room_for_its_least_gap(demand):
    most = 0.9 * 3600.0 / bunching(1)[0]
    demand({"box": [int(most)] * 2}, from_="06:00", traffic={"arrivals": "bunched"})
    with pytest.raises(ScenarioError, match="at most 2,160"):
        demand({"box": [int(most) + 1] * 2}, from_="06:00", traffic={"arrivals": "bunched"})


def test_a_road_may_have_bunches_of_its_own(demand):
    own = {"arrivals": "bunched", "least_gap_s": 3.0, "bunching_factor": 1.5}
    with pytest.raises(ScenarioError, match="at most 1,080"):
        demand({"box": [1081] * 2}, from_="06:00", traffic=own)


def test_typed_counts_cannot_be_replayed_as_a_trace(demand):
    with pytest.raises(ScenarioError, match="per-vehicle file"):
        demand({"box": [1, 1]}, from_="06:00", traffic={"arrivals": "trace"})


# Several windows and days


AFTERNOON = {"also": [{"opens": "16:00", "closes": "18:00"}]}


def test_each_window_is_simulated_from_its_lead_in_to_its_run_out_and_nothing_in_between(demand):
    day = demand({"box": HOURS}, lead_in=30.0, run_out=90.0, operation=AFTERNOON)
    assert day.spans_s == ((5.5 * H, 9.5 * H), (15.5 * H, 19.5 * H))
    assert day.window_s == (5.5 * H, 19.5 * H)
    assert (day.starts_s / H).tolist() == [5, 6, 7, 8, 9, 15, 16, 17, 18, 19]
    assert day.expected(10 * H, 15 * H).sum() == 0.0


@pytest.mark.parametrize(("run_out", "joined"), [(479.0, False), (480.0, True), (500.0, True)])
def test_windows_are_one_time_span_where_the_run_out_of_one_meets_the_lead_in_of_the_next(demand, run_out, joined):
    day = demand({"box": HOURS}, run_out=run_out, operation=AFTERNOON)
    assert (len(day.spans_s) == 1) == joined
    assert day.window_s == (6 * H, 18 * H + run_out * 60.0)


def test_every_day_of_a_repeated_operation_has_the_counts_of_the_typical_day(demand):
    days = demand({"box": HOURS}, operation={"days": 3})
    assert (days.starts_s / H).tolist() == [6, 7, 30, 31, 54, 55]
    assert boxes(days) == [106, 107] * 3


def test_counts_of_two_days_bring_the_second_day_its_own_and_the_third_the_first_again(demand):
    two_days = [100 + hour for hour in range(48)]
    assert boxes(demand({"box": two_days}, operation={"days": 3})) == [106, 107, 130, 131, 106, 107]


def test_an_uncounted_hour_of_a_later_window_is_an_error_that_names_it_and_every_window(demand):
    with pytest.raises(ScenarioError, match=r"from 17:00; allowed: .*, 06:00 to 08:00, 16:00 to 18:00"):
        demand({"box": [1] * 11}, from_="06:00", operation=AFTERNOON)


def test_the_mix_of_an_operation_is_that_of_its_windows_alone(demand):
    """Trucks come between the windows only, and in the afternoon as many as boxes."""
    trucks = [0] * 8 + [500] * 8 + [100] * 2 + [0] * 6
    day = demand({"box": [100] * 24, "truck": trucks}, run_out=600.0, operation=AFTERNOON)
    assert day.mix([(6 * H, 8 * H), (16 * H, 18 * H)])[day.classes.index("truck")] == pytest.approx(1 / 3)
