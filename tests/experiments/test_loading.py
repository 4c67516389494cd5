"""A results folder is read back as it was written, or the error says what is wrong with it."""

import json

import pytest

from funnelsim.errors import ResultsError
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.results import save_run
from funnelsim.experiments.sweep import sweep


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
    assert "holds no results" in refused(tmp_path)


def test_a_folder_without_manifest_says_what_was_begun(folder):
    (folder / "manifest.json").unlink()
    assert "is incomplete" in refused(folder)
    (folder / "sweep.json").touch()
    assert "sweep that is not finished" in refused(folder)


@pytest.mark.parametrize(("content", "said"), [("{", "is damaged"), ("[]", "is not a manifest")])
def test_a_manifest_that_is_none_is_named(folder, content, said):
    (folder / "manifest.json").write_text(content)
    assert f"manifest.json: {said}" in refused(folder)


def test_results_of_another_kind_or_version_are_refused(folder):
    assert "holds a comparison" in refused(changed(folder, kind="comparison"))
    assert "was made with funnelsim 0.0.1" in refused(changed(folder, kind=None, funnelsim="0.0.1"))


def test_a_table_that_is_missing_damaged_or_cut_is_named(folder, quick_run):
    quick_run.replications.head(3).write_parquet(folder / "replications.parquet")
    assert "has 3 replications where the manifest says 10" in refused(folder)
    (folder / "series.parquet").write_bytes(b"nothing")
    assert "series.parquet: is damaged" in refused(folder)
    (folder / "replications.parquet").unlink()
    assert "replications.parquet: is missing" in refused(folder)


def test_a_scenario_that_is_none_or_cannot_be_planned_is_named(folder):
    scenario = json.loads((folder / "manifest.json").read_text())["scenario"]
    assert "manifest.json: is damaged" in refused(changed(folder, scenario={}))
    lost = scenario | {"traffic": scenario["traffic"] | {"counts": {"file": str(folder / "lost.csv")}}}
    assert "lost.csv" in refused(changed(folder, scenario=lost))


def test_a_sweep_comes_back_and_a_damaged_one_does_not(scenario, tmp_path):
    made = sweep(scenario, ["selection.rate.default=0.1,0.2"], replications=2, folder=tmp_path)
    assert load_result(tmp_path).points.equals(made.points)
    (tmp_path / "points.parquet").write_bytes(b"nothing")
    assert "points.parquet: is damaged" in refused(tmp_path)
