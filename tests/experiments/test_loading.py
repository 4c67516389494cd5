"""A results folder is read back as it was written, or the error says what is wrong with it."""

import json

import polars as pl
import pytest

from funnelsim.errors import ResultsError
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.manifest import counts_digest
from funnelsim.experiments.results import save_run
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario


def no_figures(_run, _folder):
    return []


@pytest.fixture
def folder(quick_run, tmp_path):
    save_run(quick_run, tmp_path, 1.5, no_figures)
    return tmp_path


def refused(folder):
    with pytest.raises(ResultsError) as caught:
        load_result(folder)
    return str(caught.value)


def changed(folder, **entries):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))
    return folder


def test_a_run_comes_back_as_it_was(folder, quick_run):
    loaded = load_result(folder)
    assert (loaded.seed, loaded.complete, loaded.wanted) == (quick_run.seed, True, ())
    assert loaded.replications.equals(quick_run.replications)
    assert loaded.series.equals(quick_run.series)
    assert loaded.estimates == quick_run.estimates


def test_a_folder_that_does_not_exist_and_a_file_are_told_apart(tmp_path):
    assert "does not exist" in refused(tmp_path / "none")
    (tmp_path / "file").touch()
    assert "is a file" in refused(tmp_path / "file")
    assert refused(tmp_path).endswith(
        "holds no results; allowed: the results folder of a run, a sweep, a comparison or an optimisation"
    )
    (tmp_path / "optimise.json").touch()
    assert "holds an optimisation that is not finished" in refused(tmp_path)


def test_a_folder_without_manifest_says_what_was_begun(folder):
    (folder / "manifest.json").unlink()
    assert "is incomplete" in refused(folder)
    (folder / "sweep.json").touch()
    assert "sweep that is not finished" in refused(folder)


@pytest.mark.parametrize("content", ["{", "[]", "[" * 100_000, "", "\0", '{"kind": null}'])
def test_a_manifest_that_is_none_is_named(folder, content):
    (folder / "manifest.json").write_text(content)
    said = refused(folder)
    assert "is damaged" in said or "was made with funnelsim None" in said


def test_a_manifest_in_another_encoding_is_named(folder):
    (folder / "manifest.json").write_bytes(b'{"title": "\xff"}')
    assert "manifest.json: is damaged" in refused(folder)


def test_results_of_another_kind_or_version_are_refused(folder):
    assert "holds a study" in refused(changed(folder, kind="study"))
    assert "was made with funnelsim 0.0.1" in refused(changed(folder, kind=None, funnelsim="0.0.1"))


@pytest.mark.parametrize(
    "edit", [{"seed": 5}, {"scenario": {}}, {"checksums": {}}, {"checksum": None}, {"engine": "x"}]
)
def test_a_manifest_that_was_edited_is_not_believed(folder, edit):
    assert "manifest.json: is damaged, or was edited" in refused(changed(folder, **edit))


TABLES = ("replications.parquet", "series.parquet", "delays.parquet", "vehicles.parquet")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_flipped_bit_in_a_table_is_seen(folder, name, place):
    content = bytearray((folder / name).read_bytes())
    content[int(place * len(content))] ^= 4
    (folder / name).write_bytes(content)
    assert f"{name}: is damaged: it is not as it was written" in refused(folder)


def test_all_tables_that_are_missing_foreign_or_cut_are_named(folder, quick_run):
    quick_run.replications.head(3).write_parquet(folder / "replications.parquet")
    (folder / "series.parquet").write_bytes(b"nothing")
    (folder / "delays.parquet").unlink()
    said = refused(folder)
    assert "replications.parquet: is damaged" in said
    assert "series.parquet: is damaged" in said
    assert "delays.parquet: is missing" in said


def test_a_sweep_comes_back_and_a_damaged_one_does_not(scenario, tmp_path):
    made = sweep(scenario, ["selection.rate.default=0.1,0.2"], replications=2, folder=tmp_path)
    assert load_result(tmp_path).points.equals(made.points)
    made.points.head(1).write_parquet(tmp_path / "points.parquet")  # a report of "1 plan" otherwise
    assert "points.parquet: is damaged" in refused(tmp_path)


def test_the_manifest_says_what_ran(scenario, tmp_path):
    for engine in ("simpy", "compiled"):
        made = run(scenario, replications=2, engine=engine)
        place = tmp_path / engine
        place.mkdir()
        save_run(made, place, 1.5, no_figures, ["funnelsim", "run", "a.toml"])
        said = json.loads((place / "manifest.json").read_text())
        assert (said["engine"], said["command"]) == (engine, ["funnelsim", "run", "a.toml"])
        assert said["counts"] == counts_digest([made.plan.road.demand])
        assert load_result(place).engine == engine
    other = run(
        scenario_from(scenario.model_dump(mode="json", by_alias=True), where="x", overrides=["traffic.scale=2"])
    )
    assert counts_digest([other.plan.road.demand]) != said["counts"]


RECORDED = """Veh. No., Date, Time, Channel, Class, Speed
1, 2024-01-30, 06:01:00, 1, 2, 50
2, 2024-01-30, 06:02:00, 1, 2, 50
3, 2024-01-30, 06:03:30, 1, 9, 50
4, 2024-01-30, 06:40:00, 1, 2, 50
"""
LATER = "5, 2024-01-30, 06:59:00, 1, 2, 50\n"


def test_recorded_passages_come_along_with_the_results(scenario, tmp_path):
    """Two funnels read files of the same name; one is edited afterwards and one is lost."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in ("east", "west"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "seen.csv").write_text(RECORDED if name == "east" else RECORDED.replace("06:4", "06:5"))
    recorded = {"arrivals": "trace", "counts": {"file": str(tmp_path / "east" / "seen.csv")}}
    other = {"arrivals": "trace", "counts": {"file": str(tmp_path / "west" / "seen.csv")}}
    data |= {"traffic": recorded, "direction": "east", "funnels": [{"direction": "west", "traffic": other}]}
    made = run(Scenario.model_validate(data), replications=2)
    (tmp_path / "results").mkdir()
    save_run(made, tmp_path / "results", 1.0, no_figures)
    (tmp_path / "east" / "seen.csv").write_text(RECORDED + LATER)
    (tmp_path / "west" / "seen.csv").unlink()
    (tmp_path / "results").rename(tmp_path / "moved")
    loaded = load_result(tmp_path / "moved")
    demand = loaded.plan.road.demand
    assert [len(road.passages[0]) for road in (demand, *demand.other_funnels)] == [4, 4]
    assert run(loaded.scenario, replications=2).replications.equals(made.replications)


def test_passages_that_change_while_they_are_simulated_are_not_filed_under_these_results(scenario, tmp_path):
    file = tmp_path / "seen.csv"
    file.write_text(RECORDED)
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["traffic"] = {"arrivals": "trace", "counts": {"file": str(file)}}
    made = run(Scenario.model_validate(data), replications=2)
    file.write_text(RECORDED + LATER)
    (tmp_path / "results").mkdir()
    with pytest.raises(ResultsError, match=r"seen\.csv: changed while it was simulated"):
        save_run(made, tmp_path / "results", 1.0, no_figures)


COUNTS = "start,car\n" + "".join(f"{hour:02d}:00,{{rate}}\n" for hour in range(24))


@pytest.fixture
def over_files(scenario, tmp_path):
    """Return what sweeps over two count files into a folder."""
    for name, rate in (("a", 200), ("b", 400)):
        (tmp_path / f"{name}.csv").write_text(COUNTS.format(rate=rate))
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["traffic"]["counts"] = {"file": str(tmp_path / "a.csv")}
    base = Scenario.model_validate(data)
    return lambda **more: sweep(
        base, ["traffic.counts.file=a.csv,b.csv"], folder=tmp_path / "s", **{"replications": 2} | more
    )


def test_a_sweep_over_count_files_holds_the_files(over_files, tmp_path):
    made = over_files()
    vehicles = made.points["vehicles.mean"].to_list()
    (tmp_path / "a.csv").unlink()
    (tmp_path / "b.csv").write_text(COUNTS.format(rate=900))
    (tmp_path / "s").rename(tmp_path / "moved")
    loaded = load_result(tmp_path / "moved")
    again = [run(loaded.scenario_of(point), replications=2).estimates["vehicles"].mean for point in (0, 1)]
    assert again == vehicles
    assert [plan_of(loaded.scenario_of(point)).road.demand.vehicles.max() for point in (0, 1)] == pytest.approx(
        [220.0, 440.0]
    )
    assert plan_of(loaded.scenario).road.demand.vehicles.max() == pytest.approx(220.0)
    kept = next((tmp_path / "moved" / "inputs").rglob("b.csv"))
    kept.write_text(COUNTS.format(rate=500))
    assert "b.csv: is damaged" in refused(tmp_path / "moved")


def test_a_sweep_that_goes_on_names_the_file_that_was_edited(over_files, tmp_path):
    over_files()
    (tmp_path / "b.csv").write_text(COUNTS.format(rate=401))
    with pytest.raises(ResultsError, match=r"another sweep \(the file b\.csv was edited since\); allowed"):
        over_files()
    (tmp_path / "b.csv").write_text(COUNTS.format(rate=400))
    assert over_files().complete
    with pytest.raises(ResultsError, match=r"another sweep \(seed is 1 there and 2 here\); allowed"):
        over_files(seed=2)


def test_a_sweep_that_goes_on_names_the_key_that_differs(scenario, tmp_path):
    sweep(scenario, ["selection.rate.default=0.1,0.2"], replications=2, folder=tmp_path)
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    other = scenario_from(data, where="x", overrides=["area.bays=9", "traffic.scale=2"])
    with pytest.raises(ResultsError) as caught:
        sweep(other, ["selection.rate.default=0.1,0.2"], replications=2, folder=tmp_path)
    said = str(caught.value)
    assert f"area.bays is {scenario.area.bays} there and 9 here" in said
    assert "traffic.counts differs" in said
    assert "content" not in said


def test_a_sweep_names_all_engines_that_worked_on_it(scenario, tmp_path):
    for engine in ("simpy", "compiled"):
        sweep(scenario, ["area.bays=2,3"], replications=2, folder=tmp_path, engine=engine)
    assert json.loads((tmp_path / "manifest.json").read_text())["engine"] == "simpy and compiled"


def test_only_one_command_is_at_work_in_a_folder(scenario, tmp_path):
    def meanwhile(_simulated, _finished):
        with pytest.raises(ResultsError, match="another command is at work in this folder"):
            sweep(scenario, ["area.bays=2,3"], replications=2, folder=tmp_path)

    assert sweep(scenario, ["area.bays=2,3"], replications=2, folder=tmp_path, progress=meanwhile).complete
    assert not list(tmp_path.glob(".*"))
    assert sweep(scenario, ["area.bays=2,3"], replications=2, folder=tmp_path).complete


def test_the_types_of_a_table_do_not_change_with_chance(scenario, tmp_path):
    """No vehicle is found at all, and none is inspected: the columns have their types all the same."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    nobody = scenario_from(data, where="x", overrides=["selection.rate={default=0}"])
    empty = scenario_from(data, where="x", overrides=["traffic.counts.vehicles.total=[0, 0, 0]"])
    for name, each in (("some", scenario), ("nobody", nobody), ("empty", empty)):
        (tmp_path / name).mkdir()
        save_run(run(each, replications=2), tmp_path / name, 1.0, no_figures)
    for table in TABLES:
        some, *others = (pl.read_parquet(tmp_path / name / table).schema for name in ("some", "nobody", "empty"))
        assert pl.Null not in some.values()
        assert all(other == some for other in others), table
