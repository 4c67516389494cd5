"""A results folder is written whole, loses nothing that was there, and is enough to do the run again."""

import errno
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.errors import ResultsError
from funnelsim.experiments.compare import compare
from funnelsim.experiments.comparison_folder import save_comparison
from funnelsim.experiments.results import (
    default_folder,
    resolved,
    run_id,
    save_run,
    summary,
    vehicles_table,
)
from funnelsim.experiments.run import run
from funnelsim.experiments.selection_record import SCHEMA
from funnelsim.experiments.suspension_record import suspension_record
from funnelsim.experiments.sweep import sweep
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.schema import Scenario


def no_figures(_run, _folder):
    return []


@pytest.fixture(scope="module")
def folder(quick_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    save_run(quick_run, folder, 1.5, no_figures)
    return folder


def test_folder_holds_what_the_readme_promises(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "delays.parquet",
        "manifest.json",
        "replications.parquet",
        "selection.csv",
        "series.parquet",
        "summary.json",
        "suspensions.csv",
        "vehicles.parquet",
    ]


def test_the_folder_has_the_suspensions_of_the_first_replication(folder, quick_run):
    table = pl.read_csv(folder / "suspensions.csv")
    assert table.columns == list(suspension_record(quick_run.first_log(), quick_run.plan).columns)
    assert table.height == quick_run.replications["suspensions"][0]


def test_the_folder_has_whom_the_first_replication_selected(folder, quick_run):
    table = pl.read_csv(folder / "selection.csv")
    assert table.columns == list(SCHEMA)
    assert table["selected"].sum() > 0
    assert set(table["class"]) <= set(quick_run.plan.classes)


def test_summary_has_mean_interval_and_n_of_every_measure(folder, quick_run):
    measures = json.loads((folder / "summary.json").read_text())["measures"]
    assert set(measures) == set(quick_run.replications.columns) - {"replication"}
    assert measures["vehicles"] == {
        "mean": pytest.approx(quick_run.replications["vehicles"].mean()),
        "low": pytest.approx(quick_run.estimates["vehicles"].low),
        "high": pytest.approx(quick_run.estimates["vehicles"].high),
        "n": 10,
    }


def test_what_has_no_meaning_is_null_in_the_summary(scenario):
    measures = summary(run(scenario, replications=1))["measures"]
    assert measures["vehicles"]["low"] is measures["vehicles"]["high"] is None


@pytest.mark.parametrize("replications", [1, 3])
def test_every_null_of_the_summary_has_a_reason(scenario, replications):
    said = summary(run(scenario, replications=replications))
    estimates = [*said["measures"].values(), *(limit["kept_in"] for limit in said["limits"].values())]
    for estimate in estimates:
        assert ("why" in estimate) == (None in estimate.values())
        assert estimate.get("why", "a reason")
    assert any("why" in estimate for estimate in estimates)


def holds_null(value):
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(map(holds_null, parts))


def test_every_manifest_and_the_plan_of_a_sweep_say_what_their_nulls_mean(folder, scenario, tmp_path):
    sweep(scenario, {"area.bays": [2, 4]}, replications=2, folder=tmp_path / "sweep")
    compared = compare({"first": scenario, "second": scenario}, replications=2)
    (tmp_path / "comparison").mkdir()
    save_comparison(compared, tmp_path / "comparison", no_figures)
    for file in (folder / "manifest.json", *tmp_path.glob("*/*.json")):
        said = json.loads(file.read_text())
        with_null = {name for name, value in said.items() if holds_null(value)}
        assert with_null
        assert with_null <= set(said["why_null"]) <= set(said), file.name


def test_the_same_run_gives_the_same_bytes_but_for_the_wall_time(folder, scenario, tmp_path):
    save_run(run(scenario, replications=10, seed=4, jobs=2), tmp_path, 99.0, no_figures)
    for name in ("summary.json", "replications.parquet", "series.parquet", "delays.parquet", "vehicles.parquet"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    one, other = (json.loads((place / "manifest.json").read_text()) for place in (folder, tmp_path))
    assert {name for name in one if one[name] != other[name]} == {"wall_s", "checksum"}
    assert list(one) == list(other)


def test_the_recorded_scenario_runs_again_to_the_same_measures(folder, quick_run):
    recorded = json.loads((folder / "manifest.json").read_text())
    again = run(Scenario.model_validate(recorded["scenario"]), recorded["replications"], recorded["seed"])
    assert again.replications.equals(quick_run.replications)


def test_the_resolved_scenario_needs_no_other_file(quick_run):
    data = resolved(quick_run.scenario, quick_run.plan.road.demand)
    assert "file" not in json.dumps(data["traffic"])
    assert data["traffic"]["scale"] == 1.0
    assert sum(map(sum, data["traffic"]["counts"]["vehicles"].values())) == pytest.approx(1.1 * 1500)


QUARTERS = {"from": "00:00", "minutes": 15, "vehicles": {"total": list(range(100, 292))}}  # two days that differ


@pytest.mark.parametrize(
    ("operation", "counts"),
    [
        pytest.param(
            {"opens": "06:00", "closes": "07:00", "also": [{"opens": "16:00", "closes": "17:30"}]},
            {"from": "00:00", "vehicles": {"total": list(range(24))}},
            id="two windows far apart",
        ),
        pytest.param(
            {"opens": "06:00", "closes": "09:00", "days": 31},
            {"from": "05:00", "vehicles": {"total": [300, 900, 300, 200, 100, 80, 70]}},
            id="a month",
        ),
        pytest.param({"opens": "22:00", "closes": "04:00", "days": 5}, QUARTERS, id="nights, more than can be typed"),
        pytest.param(
            {"opens": "00:05", "closes": "01:00", "days": 3, "lead_in_min": 30}, QUARTERS, id="from before midnight on"
        ),
        pytest.param(
            {"opens": "23:00", "closes": "02:00", "also": [{"opens": "20:00", "closes": "21:00"}]},
            QUARTERS,
            id="into the second day counted",
        ),
    ],
)
def test_counts_typed_in_give_the_same_demand_again(operation, counts):
    """However many windows and days: what is typed in is at most 192 numbers a class."""
    scenario = Scenario.model_validate(
        {
            "title": "several",
            "operation": operation,
            "traffic": {"counts": counts, "scale": 1.1, "split": {"lorry": {"reefer": 0.2}}},
            "area": {"stages": [{"name": "search", "duration": {"mean_s": 200}}]},
        }
    )
    demand = demand_of(scenario)
    again = demand_of(Scenario.model_validate(json.loads(json.dumps(resolved(scenario, demand)))))
    assert np.array_equal(again.starts_s, demand.starts_s)
    assert np.array_equal(again.vehicles, demand.vehicles)
    assert again.spans_s == demand.spans_s


@pytest.fixture(scope="module")
def two_sided(scenario, tmp_path_factory):
    """Return a scenario with a further funnel whose counts stand in a file, a chase car and drivers who turn off."""
    file = tmp_path_factory.mktemp("counts") / "west.csv"
    file.write_text("start,car,van\n" + "".join(f"{h:02d}:00,{500 + h},90\n" for h in range(24)))
    data = scenario.model_dump(mode="json", by_alias=True) | {
        "direction": "east",
        "funnels": [
            {
                "direction": "west",
                "traffic": {"counts": {"file": str(file)}, "scale": 1.3},
                "selection": {"rule": "random", "rate": {"default": 0.1}},
            }
        ],
    }
    data["targets"][0] |= {"per_10k": {"van": 2000.0}, "evade": {"visible": 0.5}}
    data["staffing"]["chase"] = {"pursues": 0.8, "brings": 0.8, "duration": {"mean_s": 200}}
    return Scenario.model_validate(data)


def test_counts_of_further_funnels_are_typed_in_so_that_a_manifest_is_enough(two_sided, tmp_path):
    made = run(two_sided, replications=3, seed=4)
    save_run(made, tmp_path, 1.0, no_figures)
    recorded = json.loads((tmp_path / "manifest.json").read_text())
    (west,) = recorded["scenario"]["funnels"]
    assert west["traffic"]["scale"] == 1.0
    assert sum(west["traffic"]["counts"]["vehicles"]["car"]) == pytest.approx(1.3 * (505 + 506 + 507))
    assert "file" not in json.dumps(recorded["scenario"]["traffic"] | west["traffic"])
    again = run(Scenario.model_validate(recorded["scenario"]), 3, 4)
    assert again.replications.equals(made.replications)


def test_vehicles_table_tells_the_funnel_and_who_turned_off(two_sided):
    plan = plan_of(two_sided)
    log = simulate(draw_traffic(plan.road, 1, 0), plan)
    table = vehicles_table(log, plan)
    assert (table["funnel"] == "west").sum() == (log.traffic.funnel == 1).sum() > 0
    assert table["occupants"].to_list() == log.traffic.occupants.tolist()
    off = table.filter(pl.col("fate").is_in(["evaded", "left_at_exit", "brought_back"]))
    assert off["passed_s"].null_count() == len(off) > 0
    assert off["joined_s"].null_count() == len(off)
    back = table.filter(pl.col("fate") == "brought_back")
    assert len(back) > 0
    assert back.select("area_s", "bay_from_s", "bay_to_s", "left_s").null_count().sum_horizontal()[0] == 0
    assert back["chase_ready"].all()


def test_score_in_the_table_is_the_one_that_was_held_against_the_threshold(two_sided):
    """A rule without a cue in one direction leaves the cue of the other alone; a short look tells less."""
    data = two_sided.model_dump(mode="json", by_alias=True)
    data["selection"]["look"] |= {"reference_s": 4.0}
    plan = plan_of(Scenario.model_validate(data))
    log = simulate(draw_traffic(plan.road, 1, 0), plan)
    table = vehicles_table(log, plan).filter((pl.col("gate") == "open") & (pl.col("target") != "ordinary"))
    selected = table["fate"].is_in(["inspected", "area_full"])
    assert table["quality"].n_unique() > 2
    assert 0 < selected.sum() < len(table)
    assert ((table["score"] > table["threshold"]) == selected).all()
    west = vehicles_table(log, plan).filter(pl.col("funnel") == "west")
    assert west["score"].to_list() == log.traffic.impression[log.traffic.funnel == 1].tolist()


def test_vehicles_table_has_a_row_a_vehicle_in_words(folder, quick_run):
    table = pl.read_parquet(folder / "vehicles.parquet")
    log = quick_run.first_log()
    assert table["vehicle"].to_list() == draw_traffic(quick_run.plan.road, 4, 0).number.tolist()
    assert table.equals(vehicles_table(log, quick_run.plan))
    inspected = table.filter(pl.col("fate") == "inspected")
    assert len(inspected) == (log.fate == Fate.INSPECTED).sum() > 0
    assert inspected["left_s"].null_count() == 0
    assert table.filter(pl.col("fate") != "inspected")["left_s"].null_count() == len(table) - len(inspected)


def test_run_id_changes_with_scenario_seed_and_replications_only(scenario, quick_run):
    demand = quick_run.plan.road.demand
    first = run_id(scenario, demand, 10, 4)
    assert run_id(scenario, demand, 10, 4) == first
    changed = scenario.model_copy(update={"title": "another"})
    others = {run_id(changed, demand, 10, 4), run_id(scenario, demand, 11, 4), run_id(scenario, demand, 10, 5), first}
    assert len(others) == 4


def test_default_folder_is_named_after_the_scenario_file(scenario, quick_run):
    path = default_folder(Path("a b/night shift.toml"), scenario, quick_run.plan.road.demand, 10, 4)
    assert path.parts[:2] == ("results", "night_shift")


def test_without_a_manifest_a_folder_is_known_to_be_unfinished(quick_run, tmp_path):
    def full_disk(_run, _folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ResultsError, match="No space left"):
        save_run(quick_run, tmp_path, 1.0, full_disk)
    assert not (tmp_path / "manifest.json").exists()
    assert (tmp_path / "summary.json").exists()
