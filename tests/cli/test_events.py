"""`funnelsim events`: the event log of an operation, from a result or a scenario."""

from pathlib import Path

import polars as pl
import pytest

import funnelsim.cli.events  # noqa: F401  (registers the command)
from funnelsim.experiments.sweep import sweep
from funnelsim.scenario import load_scenario

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--jobs", "1")


@pytest.fixture
def scenario(run):
    run("new", "a3")
    return "a3.toml"


def test_events_of_a_scenario_differ_by_seed_and_replication(run, scenario):
    code, out, _ = run("events", scenario, "--out", "a.csv")
    assert code == 0
    assert "Wrote a.csv" in out
    table = pl.read_csv("a.csv")
    assert table.columns == ["entity_id", "event_type", "event", "time", "resource_id", "run_number"]
    run("events", scenario, "--out", "again.csv", "--seed", "1", "--replication", "0")
    assert Path("again.csv").read_bytes() == Path("a.csv").read_bytes()
    run("events", scenario, "--out", "b.csv", "--seed", "2")
    run("events", scenario, "--out", "c.csv", "--replication", "3")
    assert len({Path(name).read_bytes() for name in ("a.csv", "b.csv", "c.csv")}) == 3
    assert set(pl.read_csv("c.csv")["run_number"]) == {3}


def test_events_of_a_run_are_those_of_its_vehicles(run, scenario):
    assert run("run", scenario, "--replications", "1", "--seed", "9", *QUICK, "--out", "out")[0] == 0
    assert run("events", "out", "--out", "events.csv")[0] == 0
    table = pl.read_csv("events.csv")
    vehicles = pl.read_parquet("out/vehicles.parquet")
    assert set(table["entity_id"]) == set(vehicles["vehicle"])
    assert table.filter(event="inspection").height == (vehicles["fate"] == "inspected").sum()


def test_the_record_of_suspensions_is_that_of_the_run(run, scenario):
    """A queue of 20 m, which suspends selection, comes and goes."""
    often = ("--set", "selection.valve.suspend_at_m=20", "--set", "selection.valve.resume_at_m=1")
    often = (*often, "--set", "lane.capacity_vph=550", "--set", "lane.length_m=20")
    assert run("run", scenario, "--replications", "2", *QUICK, *often, "--out", "out")[0] == 0
    code, out, _ = run("events", "out", "--suspensions", "--out", "suspensions.csv")
    assert code == 0
    table = pl.read_csv("suspensions.csv")
    assert f"Wrote suspensions.csv: {table.height} suspension" in out
    assert Path("suspensions.csv").read_bytes() == Path("out/suspensions.csv").read_bytes()
    replications = pl.read_parquet("out/replications.parquet")
    assert table.height == replications["suspensions"][0] > 1
    assert table["minutes"].sum() * 60 == pytest.approx(replications["suspensions_s"][0], abs=1.0)


def test_a_sweep_has_no_single_operation(run, scenario, tmp_path):
    made = load_scenario(tmp_path / scenario, ["operation.closes=07:00", "operation.run_out_min=30"])
    sweep(made, ["area.bays=2,3"], replications=1, folder=tmp_path / "sweep")
    code, _, err = run("events", "sweep", "--out", "events.csv")
    assert code == 2
    assert "holds several plans" in err
    assert not Path("events.csv").exists()


def test_what_is_no_result_and_no_scenario_is_refused_in_words(run):
    code, _, err = run("events", "nothing.toml", "--out", "events.csv")
    assert code == 2
    assert "nothing.toml" in err
