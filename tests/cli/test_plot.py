"""`funnelsim plot`, and reading results back."""

import json
import os
import shutil
import subprocess
import sys

import polars as pl
import pytest

import funnelsim.cli.plot  # noqa: F401  (registers the command)
from funnelsim.errors import ResultsError
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.results import resolved, save_run
from funnelsim.experiments.run import run as simulate
from funnelsim.experiments.sweep import sweep
from funnelsim.plots import RUN_FIGURES, SWEEP_FIGURES
from funnelsim.scenario.schema import Scenario

SMALL = {
    "title": "small",
    "operation": {"opens": "06:00", "closes": "07:00"},
    "traffic": {"counts": {"from": "05:00", "minutes": 60, "vehicles": {"total": [100.0, 600.0, 300.0, 0.0]}}},
    "targets": [{"name": "contraband", "per_10k": {"car": 50.0}}],
    "area": {"stages": [{"name": "documents", "duration": {"mean_s": 120.0}, "finds": {"contraband": 0.5}}]},
    "limits": {"p95_delay_min": 5.0},
}


@pytest.fixture(scope="module")
def made():
    return simulate(Scenario.model_validate(SMALL), 3, 5)


@pytest.fixture(scope="module")
def run_folder(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    save_run(made, folder, 1.0, lambda _run, _folder: [])
    return folder


@pytest.fixture(scope="module")
def sweep_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    vary = {"area.bays": [1, 2], "selection.rate.default": [0.01, 0.1]}
    sweep(Scenario.model_validate(SMALL), vary, replications=2, seed=5, folder=folder)
    return folder


def test_a_run_read_back_is_the_run(made, run_folder):
    read = load_result(run_folder)
    assert read.replications.equals(made.replications)
    assert read.series.equals(made.series)
    assert read.delays.equals(made.delays)
    assert repr(read.estimates) == repr(made.estimates)  # with what is not a number
    assert (read.seed, read.complete) == (made.seed, made.complete)
    assert resolved(read.scenario, read.plan.road.demand) == resolved(made.scenario, made.plan.road.demand)
    assert read.first_log().passed_s.tolist() == made.first_log().passed_s.tolist()


def test_a_sweep_is_read_back(sweep_folder):
    read = load_result(sweep_folder)
    assert read.keys == ("area.bays", "selection.rate.default")
    assert len(read.points) == 4


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (shutil.rmtree, "does not exist; allowed: the results folder"),
        (lambda folder: (folder / "manifest.json").unlink(), "is incomplete"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json: is damaged"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json: is damaged"),
        (lambda folder: (folder / "delays.parquet").write_bytes(b"nothing"), "delays.parquet: is damaged"),
        (lambda folder: (folder / "series.parquet").unlink(), "series.parquet: is missing"),
        (
            lambda folder: pl.read_parquet(folder / "replications.parquet")[:1].write_parquet(
                folder / "replications.parquet"
            ),
            "replications.parquet: is damaged",
        ),
    ],
)
def test_a_run_that_is_not_whole_is_refused(run_folder, tmp_path, harm, message):
    folder = tmp_path / "copy"
    shutil.copytree(run_folder, folder)
    harm(folder)
    with pytest.raises(ResultsError, match=message):
        load_result(folder)


def _manifest(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"funnelsim": "0.0.1"}, "was made with funnelsim 0.0.1; allowed: results of"),
        (
            {"kind": "compare"},
            "holds a compare; allowed: the results folder of a run, a sweep, a comparison or an optimisation",
        ),
        ({"scenario": {}}, "manifest.json: is damaged"),
        ({"seed": None}, "manifest.json: is damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(run_folder, tmp_path, changes, message):
    folder = tmp_path / "copy"
    shutil.copytree(run_folder, folder)
    _manifest(folder, **changes)
    with pytest.raises(ResultsError, match=message):
        load_result(folder)


def test_a_sweep_that_is_not_whole_is_refused(sweep_folder, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(sweep_folder, folder)
    (folder / "points.parquet").write_bytes(b"nothing")
    with pytest.raises(ResultsError, match=r"points\.parquet: is damaged"):
        load_result(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ResultsError, match="a sweep that is not finished"):
        load_result(folder)


def test_all_figures_of_a_run_are_drawn_beside_it(run, made, tmp_path):
    folder = tmp_path / "result"
    folder.mkdir()
    save_run(made, folder, 1.0, lambda _run, _folder: [])
    code, out, _ = run("plot", "result", "--format", "svg")
    assert code == 0
    assert out.split() == [f"result/figures/{name}.svg" for name in RUN_FIGURES]
    assert {path.name for path in (folder / "figures").iterdir()} == {f"{name}.svg" for name in RUN_FIGURES}


def test_all_figures_of_a_sweep_are_drawn(run, sweep_folder):
    code, out, err = run("plot", str(sweep_folder), "--out", "pictures", "--format", "svg")
    assert code == 0
    assert out.split() == [f"pictures/{name}.svg" for name in SWEEP_FIGURES]
    assert "simulating" in err


def test_print_and_screen_files_come_together(run, run_folder, tmp_path):
    code, out, _ = run("plot", str(run_folder), "--figure", "waterfall", "--out", "pictures")
    assert code == 0
    assert out.strip() == "pictures/waterfall.png, .svg, .pdf"
    assert (tmp_path / "pictures/waterfall.pdf").read_bytes().startswith(b"%PDF")


def test_data_are_written_beside_the_figures_and_not_over_other_files(run, run_folder, tmp_path):
    given = ("plot", str(run_folder), "--figure", "waterfall", "--figure", "queue_and_delay", "--out", "pictures")
    code, out, _ = run(*given, "--format", "svg", "--data")
    assert code == 0
    files = ["waterfall.svg", "waterfall.csv", "queue_and_delay.svg"]
    files += ["queue_and_delay_queue_m.csv", "queue_and_delay_delay_min.csv"]
    assert out.split() == [f"pictures/{name}" for name in files]
    assert "found" in pl.read_csv(tmp_path / "pictures/waterfall.csv")["step"]
    for path in (tmp_path / "pictures").glob("*.svg"):
        path.unlink()
    code, _, err = run(*given, "--format", "svg", "--data")
    assert code != 0
    assert "waterfall.csv" in err


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        (["--x", "selection.rate.default", "--y", "tail_max_m", "--colour", "area.bays"], ["small_multiples"]),
        (["--x", "share_found"], ["trade_off"]),
        (["--y", "tail_max_m"], ["trade_off", "heat_map", "small_multiples"]),
        (["--y", "expected_detections"], ["heat_map", "small_multiples"]),
        (["--figure", "heat_map", "--y", "tail_max_m"], ["heat_map"]),
        (["--figure", "waterfalls", "--points", "0,3"], ["waterfalls"]),
    ],
)
def test_options_choose_the_figures_that_fit(run, sweep_folder, options, figures):
    code, out, _ = run("plot", str(sweep_folder), "--out", "pictures", "--format", "svg", *options)
    assert code == 0
    assert out.split() == [f"pictures/{name}.svg" for name in figures]


@pytest.mark.parametrize(
    ("which", "options", "message"),
    [
        ("sweep", ["--figure", "pie"], "--figure pie: not a figure of this result; allowed: trade_off, heat_map"),
        (
            "run",
            ["--figure", "trade_off"],
            "--figure trade_off: not a figure of this result; allowed: funnel, queue_and_delay",
        ),
        ("run", ["--x", "area.bays"], "--x: given for a run; allowed: for a sweep"),
        ("sweep", ["--x", "pie"], "--x pie: neither a varied key nor a measure; allowed: the keys area.bays"),
        ("sweep", ["--y", "pie"], "pie: unknown measure; allowed: "),
        ("sweep", ["--colour", "pie"], "pie: is not varied in this sweep; allowed: area.bays, selection.rate.default"),
        ("sweep", ["--points", "9"], "9 given; allowed: 1 to 4 of the points 0 to 3"),
        ("sweep", ["--points", "all"], "--points: all given; allowed: numbers of points of the sweep"),
        ("run", ["--format", "gif"], "--format gif: allowed: png, svg, pdf"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is_allowed(run, run_folder, sweep_folder, which, options, message):
    code, out, err = run("plot", str(run_folder if which == "run" else sweep_folder), "--out", "pictures", *options)
    assert code == 2
    assert out == ""
    assert message in err


def test_no_result_is_refused(run):
    code, _, err = run("plot", "nowhere")
    assert code == 2
    assert (
        "nowhere: does not exist; allowed: the results folder of a run, a sweep, a comparison or an optimisation" in err
    )


def test_letters_that_the_font_of_figures_lacks_are_named_once(run):
    run("new", "a")
    arguments = ("a.toml", "--set", 'title="北京 A4 $x$ ßŁ"', "--set", "operation.closes=06:30", "--jobs", "1")
    code, _, err = run("run", *arguments, "--replications", "2", "--out", "r")
    assert code == 0
    said = "warning: figures show boxes for letters that their font (DejaVu Sans) lacks: 北 京; write them in other"
    assert err.count(said) == err.count("warning") == 1
    code, _, err = run("plot", "r", "--figure", "waterfall", "--figure", "queue_and_delay", "--format", "png")
    assert code == 0
    assert err.count("北 京") == 1


def test_without_a_home_no_word_of_the_library_of_figures_reaches_a_planner(tmp_path):
    """The library makes a temporary cache of fonts and says so."""
    (tmp_path / "file").write_text("")
    surroundings = os.environ | {"MPLCONFIGDIR": str(tmp_path / "file" / "no folder")}
    said = subprocess.run(
        [sys.executable, "-c", "import funnelsim.plots"], env=surroundings, capture_output=True, text=True, check=True
    )
    assert said.stdout + said.stderr == ""


def test_figures_in_a_result_are_replaced_only_if_asked_and_this_is_said_before_any_is_drawn(
    run, run_folder, tmp_path, monkeypatch
):
    folder = tmp_path / "copy"
    shutil.copytree(run_folder, folder)
    one = ("plot", str(folder), "--figure", "waterfall", "--format", "svg")
    assert run(*one)[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr("funnelsim.plots.drawn_of", None)
        code, out, err = run(*one)
    assert (code, out) == (2, "")
    assert "waterfall.svg: already exists" in err
    assert run(*one, "--replace")[0] == 0
