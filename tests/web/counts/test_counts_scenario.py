"""A scenario that the page makes of a counts file has the demand of the counts, as the command line reads them."""

import pytest

from funnelsim.counts import profile, read_counts, write_profile
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import load_scenario
from funnelsim.web.counts.counts_reader import Asked, Choice, CountsReader
from funnelsim.web.counts.counts_scenario import (
    Wanted,
    counts_keys,
    new_scenario,
    place_for,
    title_of,
    window_of,
    with_other_counts,
)
from funnelsim.web.draft import Planner
from tests.web.serving import SCENARIOS

HOURS = "\n".join(f"2024-05-0{day}T{hour:02d}:00,{100 * day + hour},{hour}" for day in (6, 7) for hour in range(24))
MAPPING = {"time": "t", "format": "%H:%M", "label": "end", "minutes": 60, "counts": {"cars": "car", "trucks": "lorry"}}


@pytest.fixture
def dated(tmp_path):
    path = place_for(tmp_path, "road.csv")
    path.write_text(f"start,car,lorry\n{HOURS}\n", encoding="utf-8")
    return path


@pytest.fixture
def mapped(tmp_path):
    path = place_for(tmp_path, "county.csv")
    rows = "\n".join(f"{hour:02d}:00,{10 * hour},{hour}" for hour in range(1, 25))
    path.write_text(f"t,cars,trucks\n{rows}\n", encoding="utf-8")
    return path


def demand_by_command_line(folder, counts, **choice):
    """Return the demand of the starter with the profile that `funnelsim counts --out` writes."""
    write_profile(profile(counts, **choice), folder / "profile.csv", replace=True)
    name = new_scenario(folder, {"file": "profile.csv"}, Wanted("by command", "06:00", "14:00"), SCENARIOS)
    return demand_of(load_scenario(folder / name))


def test_a_new_scenario_has_the_counts_of_the_days_chosen(tmp_path, dated):
    asked = Asked(dated, choice=Choice(date="2024-05-07"))
    name = new_scenario(tmp_path, counts_keys(asked, tmp_path), Wanted("A3: Tuesday", "06:00", "14:00"), SCENARIOS)
    scenario = load_scenario(tmp_path / name)
    assert scenario.title == "A3: Tuesday"
    assert scenario.traffic.counts.date == "2024-05-07"
    wanted = demand_by_command_line(tmp_path, read_counts(dated), date="2024-05-07")
    assert demand_of(scenario).vehicles.tolist() == wanted.vehicles.tolist()
    assert 706 + 6 in wanted.vehicles.sum(axis=1).round(6)


def test_a_mapping_lies_beside_the_counts_and_the_demand_is_that_of_the_command_line(tmp_path, mapped):
    keys = counts_keys(Asked(mapped, MAPPING), tmp_path)
    assert keys == {"file": "counts/county.csv", "mapping": "counts/county.csv.toml"}
    name = new_scenario(tmp_path, keys, Wanted("County", "06:00", "14:00"), SCENARIOS)
    found = demand_of(load_scenario(tmp_path / name))
    wanted = demand_by_command_line(tmp_path, read_counts(mapped, mapping=MAPPING))
    assert found.vehicles.tolist() == wanted.vehicles.tolist()
    assert found.vehicles.sum(axis=1)[found.starts_s == 6 * 3600].round(6).tolist() == [77]  # what ends at 7 began at 6


def test_two_scenarios_of_one_title_are_both_kept(tmp_path, dated):
    keys = counts_keys(Asked(dated), tmp_path)
    names = [new_scenario(tmp_path, keys, Wanted("One title", "06:00", "14:00"), SCENARIOS) for _ in range(2)]
    assert names == ["one_title.toml", "one_title_2.toml"]


def test_the_scenario_that_is_open_gets_other_counts_and_keeps_the_rest(tmp_path, dated):
    before = SCENARIOS / "motorway_early_shift.toml"
    name = with_other_counts(tmp_path, counts_keys(Asked(dated), tmp_path), before, SCENARIOS, day_cv=0.0412)
    old, new = load_scenario(before), load_scenario(tmp_path / name)
    assert new.traffic.counts.file == str(dated)
    assert new.traffic.day_cv == 0.041
    assert new.model_copy(update={"traffic": old.traffic}) == old
    assert (tmp_path / name).read_text(encoding="utf-8").count("#") >= before.read_text(encoding="utf-8").count("#")


def test_hours_are_those_of_the_starter_where_they_were_counted_else_the_first_counted(tmp_path, dated):
    day = CountsReader().look(Asked(dated)).day
    assert window_of(day) == ("06:00", "14:00")
    night = tmp_path / "night.csv"
    night.write_text("start,total\n15:00,5\n16:00,5\n17:00,5\n", encoding="utf-8")
    assert window_of(CountsReader().look(Asked(night)).day) == ("15:00", "18:00")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", ".", "", "a\\b.csv", "con.csv", "x" * 400 + ".csv", "\x00.csv", "ü" * 200, ".x"]
)
def test_any_name_of_a_file_is_kept_in_the_folder_of_counts(tmp_path, name):
    path = place_for(tmp_path, name)
    path.write_text("start,total\n", encoding="utf-8")
    assert path.resolve().parent == (tmp_path / "counts").resolve()
    assert title_of(path)


def test_two_files_of_one_name_are_both_kept(dated, tmp_path):
    assert place_for(tmp_path, "road.csv").name == "road_2.csv"
    assert dated.exists()


def test_counts_outside_the_folders_of_the_page_are_refused_unread(tmp_path):
    """What a message says of a file would be read by visitors."""
    outside, folder = tmp_path / "secret.csv", tmp_path / "page"
    outside.write_text("password,secret\n", encoding="utf-8")
    place_for_page = folder
    place_for_page.mkdir()
    name = new_scenario(folder, {"file": "../secret.csv"}, Wanted("x", "06:00", "14:00"), SCENARIOS)
    with pytest.raises(FunnelsimError, match="folders of the page") as raised:
        Planner(folder / name, (folder,)).plan({})
    assert "password" not in str(raised.value)


def test_a_new_scenario_has_the_name_of_no_other_that_can_be_opened(tmp_path, dated):
    """Scenarios are looked for by name among those of the page first."""
    keys = counts_keys(Asked(dated), tmp_path)
    name = new_scenario(tmp_path, keys, Wanted("Motorway early shift", "06:00", "14:00"), SCENARIOS)
    assert name == "motorway_early_shift_2.toml"
