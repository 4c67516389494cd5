"""A sweep's tables depend on the scenario, the points, the replications and the seed, and on nothing else."""

import json
import math

import polars as pl
import pytest

import funnelsim
from funnelsim.errors import FunnelsimError, ResultsError, ScenarioError
from funnelsim.experiments import point_batch as batch_module
from funnelsim.experiments import scheduler as scheduler_module
from funnelsim.experiments import sweep_folder as folder_module
from funnelsim.experiments.points import PointPlanner, content_of
from funnelsim.experiments.ranking import limits_of, shares_kept
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import load_sweep, sweep
from funnelsim.experiments.vary import factors_of
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from

VARY = ["selection.rate.default=0.05,0.1", "area.bays=1,2,4"]
TABLES = ("points.parquet", "replications.parquet", "sweep.csv")


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def whole(scenario, tmp_path_factory):
    """Return the folder of a sweep that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    sweep(scenario, VARY, replications=3, seed=4, folder=folder)
    return folder


def again(scenario, folder, **changes):
    return sweep(scenario, VARY, **{"replications": 3, "seed": 4, "folder": folder} | changes)


def test_a_point_says_what_a_run_of_its_scenario_says(whole):
    found = load_sweep(whole)
    alone = run(found.scenario_of(4), replications=3, seed=4)
    own = found.replications.filter(pl.col("point") == 4).drop("point").collect()
    assert own.equals(alone.replications)
    row = found.points.row(4, named=True)
    assert (row["selection.rate.default"], row["area.bays"], row["n"]) == (0.1, 2, 3)
    for name, estimate in alone.estimates.items():
        parts = ("mean", "low", "high", "n")
        assert str([row[f"{name}.{part}"] for part in parts]) == str([getattr(estimate, part) for part in parts])


def test_every_point_meets_the_same_vehicles(whole):
    offered = load_sweep(whole).replications.collect().partition_by("point")
    assert len(offered) == 6
    assert all(one["vehicles"].equals(offered[0]["vehicles"]) for one in offered)
    sums = [one["targets_offered"].to_list() for one in offered]
    assert all(one == pytest.approx(sums[0], rel=1e-12) for one in sums)  # added up in another order


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_tables_are_the_same_whichever_engine_and_however_many_share_the_work(
    scenario, whole, tmp_path, monkeypatch, engine
):
    monkeypatch.setattr(batch_module, "SECONDS_PER_TASK", 1e-9)  # blocks of one replication: there is work to share
    again(scenario, tmp_path / "one", engine=engine)
    again(scenario, tmp_path / "two", engine=engine, jobs=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two") == tables(whole)


def test_what_one_engine_finished_the_other_need_not_do_again(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_module, "SECONDS_PER_TASK", 1e-9)  # blocks of the same size with both
    again(scenario, tmp_path, engine="simpy")
    before = tables(tmp_path)
    monkeypatch.setattr(batch_module, "measures_of", None)
    again(scenario, tmp_path, engine="compiled")
    assert tables(tmp_path) == before


@pytest.mark.parametrize(("seconds", "points"), [(1e-9, 1), (0.05, 4), (100.0, 100)])
def test_tables_are_the_same_whatever_the_size_of_blocks(scenario, whole, tmp_path, monkeypatch, seconds, points):
    monkeypatch.setattr(batch_module, "SECONDS_PER_TASK", seconds)
    monkeypatch.setattr(scheduler_module, "POINTS_PER_BATCH", points)
    again(scenario, tmp_path / "other")
    assert tables(tmp_path / "other") == tables(whole)


def test_the_same_sweep_again_simulates_nothing(scenario, whole, monkeypatch):
    monkeypatch.setattr(batch_module, "measures_of", None)
    before = tables(whole)
    again(scenario, whole)
    assert tables(whole) == before


def test_an_interrupted_sweep_keeps_its_points_and_goes_on(scenario, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduler_module, "POINTS_PER_BATCH", 2)

    def interrupt(_simulated, finished):
        if finished == 2:
            raise KeyboardInterrupt

    found = again(scenario, tmp_path / "s", progress=interrupt)
    assert (found.complete, found.points["point"].to_list()) == (False, [0, 1])
    assert found.points.equals(pl.read_parquet(whole / "points.parquet").head(2))
    kept = {path.name for path in (tmp_path / "s" / "parts").iterdir()}
    assert again(scenario, tmp_path / "s").complete
    assert kept <= {path.name for path in (tmp_path / "s" / "parts").iterdir()}
    assert tables(tmp_path / "s") == tables(whole)


def test_interrupted_before_a_point_is_finished_it_still_keeps_the_blocks(scenario, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_module, "SECONDS_PER_TASK", 1e-9)

    def interrupt(simulated, _finished):
        if simulated == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(scenario, tmp_path / "s", progress=interrupt)
    assert len(list((tmp_path / "s" / "parts").iterdir())) == 2
    again(scenario, tmp_path / "s")
    assert tables(tmp_path / "s") == tables(whole)


@pytest.mark.parametrize("harm", [lambda b: b[: len(b) // 2], lambda b: b[:200] + bytes([b[200] ^ 1]) + b[201:]])
def test_a_damaged_part_is_named_and_made_again(scenario, whole, tmp_path, harm):
    again(scenario, tmp_path / "s")
    part = next((tmp_path / "s" / "parts").iterdir())
    part.write_bytes(harm(part.read_bytes()))
    assert again(scenario, tmp_path / "s").damaged == (part.name,)
    assert tables(tmp_path / "s") == tables(whole)
    assert again(scenario, tmp_path / "s").damaged == ()


def test_leftovers_of_a_killed_process_do_no_harm(scenario, whole, tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / ".sweep.json.part.json").write_text('{"kin')
    again(scenario, folder)
    (folder / "manifest.json").unlink()
    (folder / "batches").mkdir()
    (folder / "batches" / "000000.parquet").write_bytes(b"half")
    (folder / "parts" / ".x.parquet.part.parquet").write_bytes(b"half")
    (folder / "points.parquet").write_bytes(b"half")
    again(scenario, folder)
    assert tables(folder) == tables(whole)
    names = {path.name for path in folder.iterdir()}
    assert names == {"parts", "sweep.json", "manifest.json", *TABLES}


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"seed": 5}, "seed"), ({"replications": 4}, "replications"), ({"precision": "vehicles=1"}, "precision")],
)
def test_a_folder_of_another_sweep_is_refused_and_left_alone(scenario, whole, changes, word):
    before = tables(whole)
    with pytest.raises(ResultsError, match=rf"another sweep .*{word}.*allowed"):
        again(scenario, whole, **changes)
    with pytest.raises(ResultsError, match=r"another sweep .*the varied keys are"):
        sweep(scenario, ["area.bays=1,2,3,4,5,6"], replications=3, seed=4, folder=whole)
    assert tables(whole) == before
    assert load_sweep(whole).complete


def test_a_folder_with_something_else_is_refused(scenario, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ResultsError, match="not empty"):
        again(scenario, tmp_path)
    with pytest.raises(ResultsError, match="no finished sweep"):
        load_sweep(tmp_path)


def test_without_a_folder_everything_is_in_memory(scenario, whole):
    found = again(scenario, None)
    assert found.points.equals(load_sweep(whole).points)
    assert found.replications.collect().equals(load_sweep(whole).replications.collect())


def test_partial_tables_grow_while_it_runs(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduler_module, "POINTS_PER_BATCH", 2)
    monkeypatch.setattr(folder_module, "REFRESHED_EVERY_S", 0.0)
    monkeypatch.setattr(folder_module, "REFRESHING_SHARE", 0.0)
    seen = []

    def look(_simulated, finished):
        if finished:
            seen.append((finished, len(pl.read_parquet(tmp_path / "points.parquet"))))
            assert len(pl.read_csv(tmp_path / "sweep.csv")) == finished

    again(scenario, tmp_path, progress=look)
    assert seen[0] == (2, 2)
    assert all(finished == rows for finished, rows in seen)


def test_it_tells_how_far_it_is(scenario, whole):
    seen = []
    again(scenario, None, progress=lambda *numbers: seen.append(numbers))
    assert seen[0] == (0, 0)
    assert seen[-1] == (18, 6)
    seen.clear()
    again(scenario, whole, progress=lambda *numbers: seen.append(numbers))
    assert seen[-1] == (18, 6)


def test_nothing_runs_unless_all_is_allowed(scenario, tmp_path):
    with pytest.raises(ScenarioError, match="unknown key"):
        sweep(scenario, ["area.bays=1,2", "area.wating=1"], folder=tmp_path / "s")
    with pytest.raises(FunnelsimError, match=r"unknown measure; did you mean delay_p95_s"):
        sweep(scenario, ["area.bays=1,2"], precision="delay_p95=0.1", folder=tmp_path / "s")
    with pytest.raises(FunnelsimError) as caught:
        sweep(scenario, ["area.bays="], precision=["x"], seed=-1, replications=0)
    assert len(caught.value.problems) == 4
    assert not (tmp_path / "s").exists()


def test_two_points_may_have_the_same_scenario(scenario):
    found = sweep(scenario, ["lane.speed_kmh=30,30.5", "selection.every.default=20,40"], replications=2)
    rows = found.points.drop("point", "same_as", "lane.speed_kmh", "selection.every.default")
    assert rows.row(0) == rows.row(1) or str(rows.row(0)) == str(rows.row(1))  # every counts in another rule alone


@pytest.mark.parametrize(
    ("vary", "kind", "column"),
    [
        ("area.bays=1,2", pl.Int64, [1, 2]),
        ("traffic.scale=1,1.5", pl.Float64, [1.0, 1.5]),
        ("selection.rule=score,random", pl.String, ["score", "random"]),
        ("area.stages.search.only_after_alarm=true,false", pl.Boolean, [True, False]),
        ("area.stages.search.for=['van'],['van','car']", pl.String, ['["van"]', '["van", "car"]']),
        (
            "area.stages.search.duration.mean_s=200,{default=100,van=300}",
            pl.String,
            ["200", "{ default = 100, van = 300 }"],
        ),
    ],
)
def test_values_of_every_kind_stand_in_the_table_and_lead_back_to_their_scenario(
    scenario, tmp_path, vary, kind, column
):
    found = sweep(scenario, [vary], replications=1, folder=tmp_path)
    key = vary.partition("=")[0]
    assert (found.points[key].dtype, found.points[key].to_list()) == (kind, column)
    assert load_sweep(tmp_path).points.equals(found.points)
    last = factors_of([vary])[0].levels[-1][0]
    here = load_sweep(tmp_path).scenario_of(1)
    assert content_of(here, demand_of(here)) == PointPlanner(scenario).plan(1, {key: last}).content


def test_the_scenario_of_a_point_is_right_also_where_what_is_varied_bears_on_the_counts(scenario, tmp_path):
    found = sweep(scenario, ["traffic.scale=0.5,1.5", "operation.closes=06:30,07:00"], replications=2, folder=tmp_path)
    alone = run(load_sweep(tmp_path).scenario_of(3), replications=2)
    own = found.replications.filter(pl.col("point") == 3).drop("point").collect()
    assert own.equals(alone.replications)


def test_a_measure_that_a_point_does_not_have_is_null(scenario, tmp_path):
    found = sweep(scenario, ["equipment={scanner=1},{probe=2}"], replications=2, folder=tmp_path)
    assert found.points["equipment_utilisation.scanner.mean"].null_count() == 1
    assert found.points["equipment_utilisation.probe.mean"].null_count() == 1
    assert "NaN" not in (tmp_path / "sweep.csv").read_text()


def test_one_replication_has_no_half_width(scenario):
    assert math.isnan(sweep(scenario, ["area.bays=1"], replications=1).points["vehicles.low"][0])


def test_precision_stops_early_and_names_the_points_that_missed_it(scenario):
    found = sweep(scenario, ["traffic.scale=0.1,3"], replications=40, precision="vehicles=0.012")
    assert found.points["n"].to_list() == [40, 20]
    assert found.missed == (0,)
    assert sweep(scenario, ["area.bays=1"], replications=2).missed == ()
    never = sweep(scenario, ["selection.rate.default=0"], replications=25, precision="detections=1")
    assert (never.points["n"].to_list(), never.missed) == ([25], (0,))


def test_the_scenarios_own_table_is_used_where_nothing_else_is_said(scenario):
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    table = {
        "vary": {"selection.rate.default": "0:0.2", "area.bays": [1, 2]},
        "design": "lhs",
        "points": 3,
        "replications": 2,
    }
    own = scenario_from({**data, "sweep": table}, where="x")
    found = sweep(own)
    assert (len(found.points), found.points["n"].to_list()) == (3, [2, 2, 2])
    assert found.keys == ("selection.rate.default", "area.bays")
    over = sweep(own, ["area.bays=1,2"], design="grid", replications=1)
    assert (over.keys, over.points["n"].to_list()) == (("area.bays",), [1, 1])


def test_a_sweep_table_changes_nothing_for_a_run(scenario):
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    own = scenario_from({**data, "sweep": {"vary": {"area.bays": [1, 2]}}}, where="x")
    assert own.model_dump() == scenario.model_dump()


def test_the_manifest_says_what_was_done(whole):
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["kind"] == "sweep"
    assert manifest["keys"] == ["selection.rate.default", "area.bays"]
    assert (manifest["seed"], manifest["replications"], manifest["complete"]) == (4, 3, True)
    assert manifest["funnelsim"] == funnelsim.__version__


def test_the_tables_have_the_share_of_operations_that_keep_each_limit_also_where_it_is_varied(scenario, tmp_path):
    base = scenario.model_copy(update={"limits": scenario.limits.model_copy(update={"p95_delay_min": 1.0})})
    queues = sweep(scenario, ["area.bays=2"], replications=6).replications.collect()["tail_max_m"]
    middle = float(queues.median())
    found = sweep(base, [f"limits.tail_m={middle},1e6"], replications=6, folder=tmp_path)
    table = pl.read_csv(tmp_path / "sweep.csv")
    assert table["limits.tail_m.kept_in"].to_list() == [(queues <= middle).mean(), 1.0]
    for limit in limits_of(found):
        assert table[f"limits.{limit.key}.kept_in"].to_list() == shares_kept(found, limit).tolist()
    assert [name for name in table.columns if name.endswith(".kept_in")] == [
        "limits.p95_delay_min.kept_in",
        "limits.tail_m.kept_in",
    ]


def test_without_limits_the_tables_have_no_such_column(scenario):
    without = scenario.model_copy(update={"limits": type(scenario.limits)()})
    found = sweep(without, ["area.bays=1,2"], replications=2)
    assert not [name for name in found.points.columns if name.endswith(".kept_in")]
