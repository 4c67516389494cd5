"""`funnelsim run`: from a scenario file to a table, a folder, and figures; whatever happens, in words."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
GUARD_S = 1800.0  # against hanging only
MANY = 1_000_000  # replications that nobody waits for
QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--jobs", "1")


def quick_run(run, *arguments):
    run("new", "a3")
    return run("run", "a3.toml", "--replications", "3", *QUICK, *arguments)


def test_run_prints_yield_beside_burden_and_keeps_everything(run, tmp_path):
    code, out, _ = quick_run(run)
    assert code == 0
    assert out.index("Yield per operation") < out.index("Burden on ordinary travellers")
    assert "Yield, and where the losses go" not in out
    folder = tmp_path / out.strip().splitlines()[-1].removeprefix("Results are in ")
    assert folder.parts[-3:-1] == ("results", "a3")
    names = {path.name for path in folder.iterdir()}
    assert {"manifest.json", "summary.json", "replications.parquet", "vehicles.parquet"} <= names
    assert {f"{name}.{ending}" for name in ("queue_and_delay", "waterfall") for ending in ("png", "svg")} <= names
    assert set(json.loads((folder / "manifest.json").read_text())["figures"]) <= names
    assert len(pl.read_parquet(folder / "replications.parquet")) == 3


def test_run_prints_all_tables_if_asked(run):
    code, out, _ = quick_run(run, "--full")
    assert code == 0
    assert "Yield, and where the losses go" in out
    assert "How far these numbers carry" in out
    assert "--full" not in out


def test_run_says_before_its_results_what_check_warns_of(run):
    nobody = ("--set", "selection.rate={ default = 0 }", "--set", "limits.tail_m=5000")
    code, out, _ = quick_run(run, *nobody)
    assert code == 0
    first, second, *_ = out.splitlines()
    assert first == "2 warnings, 1 of them grave; see funnelsim check."
    assert second.startswith("  - selection.rate is 0 for every class, so nobody is ever selected")
    assert "limits.tail_m = 5000 lies beyond" not in out
    assert quick_run(run)[1].startswith("A3")


def test_the_same_command_twice_gives_the_same_folder_and_the_same_bytes(run, tmp_path):
    first = quick_run(run)[1].strip().splitlines()[-1]
    files = {path: path.read_bytes() for path in (tmp_path / "results").rglob("*") if path.is_file()}
    assert run("run", "a3.toml", "--replications", "3", *QUICK)[1].strip().splitlines()[-1] == first
    again = {path: path.read_bytes() for path in (tmp_path / "results").rglob("*") if path.is_file()}
    different = {path.name for path in files if files[path] != again[path]}
    assert set(files) == set(again)
    assert different <= {"manifest.json"}


def test_a_precision_is_run_to_and_said(run):
    code, out, _ = quick_run(run, "--precision", "vehicles=50%", "--max-replications", "7")
    assert code == 0
    assert (
        "The precision wanted is a half-width of 50 % of the mean for “vehicles that come”; it is reached."
        in " ".join(out.split())
    )
    code, out, _ = run("run", "a3.toml", *QUICK, "--precision", "vehicles=0.00001", "--max-replications", "7")
    assert "for “vehicles that come”; it is NOT reached" in " ".join(out.split())


def test_settings_change_what_is_run_and_are_recorded(run, tmp_path):
    assert quick_run(run, "--set", "area.bays=7", "--out", "out")[0] == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["scenario"]["area"]["bays"] == 7


def test_an_output_folder_with_something_in_it_is_refused_before_anything_runs(run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    code, out, err = quick_run(run, "--out", "out")
    assert (code, out) == (2, "")
    assert "not empty; allowed: a new or empty folder" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_full_disk_ends_in_words_and_the_table_is_printed_all_the_same(run, monkeypatch):
    def full_disk(_run, _folder, _helper):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("funnelsim.plots.save_figures", full_disk)
    code, out, err = quick_run(run, "--out", "out")
    assert code == 1
    assert "Targets found  " in out
    assert err.strip().endswith(
        "out: cannot be written (No space left on device); allowed: a folder with room to write in"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.toml"], "none.toml"),
        (["a3.toml", "--replications", "0"], "replications"),
        (["a3.toml", "--seed", "-1"], "seed"),
        (["a3.toml", "--seed", "99999999999999999999"], "seed"),
        (["a3.toml", "--precision", "delay_p95_s"], "--precision delay_p95_s: allowed: MEASURE=0.02"),
        (
            ["a3.toml", "--precision", "delay=5%"],
            "unknown measure; did you mean delay_cost, delay_p95_s or",
        ),
        (["a3.toml", "--set", "area.bay=3"], "did you mean"),
        (["a3.toml", "--set", "area.bays"], "area.bays"),
        (["a3.toml", "--out", "a3.toml/out"], "cannot be written"),
        (["a3.toml", "--set", "traffic.counts.vehicles.total=[1,2]"], "a3.toml: traffic.counts: no counts for"),
        (["a3.toml", "--set", "traffic.counts.vehicles.total=[nan]"], "a3.toml"),
        (["a3.toml", "--set", "traffic.scale=99"], "a3.toml: traffic.counts: 92,070 veh/h in the busiest interval"),
    ],
)
def test_bad_input_is_said_in_words_with_exit_code_2(run, arguments, words):
    run("new", "a3")
    code, out, err = run("run", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_roster_that_never_covers_the_posts_runs_and_says_where_the_targets_are_lost(run):
    code, out, _ = quick_run(run, "--set", "selection.post.border police=50")
    assert code == 0
    assert "because a post is unstaffed" in " ".join(out.split())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_runs(run, file):
    code, out, _ = run("run", str(file), "--replications", "2", "--jobs", "1")
    assert code == 0
    assert "Limits" in out


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_finished(tmp_path, jobs, engine):
    """A real process is interrupted as soon as some replications are finished: they are saved, whole."""
    command = [sys.executable, "-u", "-m", "funnelsim.cli"]
    subprocess.run([*command, "new", "a3"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S603
    code = (
        "import sys, funnelsim.experiments.run as r\n"
        "whole = r.run\n"
        "def run(scenario, replications, seed, jobs, progress, *others):\n"
        "    def told(finished):\n"
        "        progress(finished)\n"
        "        print('finished', finished, flush=True)\n"
        "    return whole(scenario, replications, seed, jobs, told, *others)\n"
        "if __name__ == '__main__':\n"
        "    r.run = run\n"
        "    from funnelsim import cli\n"
        "    cli.main()\n"
    )
    (tmp_path / "told.py").write_text(code)
    arguments = ["run", "a3.toml", "--replications", str(MANY), "--jobs", jobs, "--engine", engine, "--out", "out"]
    arguments += QUICK[:4]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", "told.py", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        for line in process.stdout:
            if line.startswith("finished") and int(line.split()[1]) >= 12:
                break
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        try:
            out, err = process.communicate(timeout=GUARD_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Results are in out" in out
    kept = pl.read_parquet(tmp_path / "out" / "replications.parquet")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert 12 <= len(kept) == manifest["replications"] < MANY
    assert not manifest["complete"]


@pytest.mark.parametrize(
    ("module", "drawing", "command"),
    [
        ("funnelsim.plots.saving", "_save_figure_of_run", ("run", "a3.toml")),
        ("funnelsim.plots", "save_comparison_figures", ("compare", "a3.toml", "--variant", "six: area.bays=6")),
    ],
)
def test_ctrl_c_while_figures_are_drawn_keeps_what_is_finished(run, monkeypatch, tmp_path, module, drawing, command):
    def interrupted(_result, *arguments):
        folder = arguments[-1]
        if (folder / "done.png").exists():
            signal.raise_signal(signal.SIGINT)
        (folder / "done.png").write_bytes(b"")
        signal.raise_signal(signal.SIGINT)
        return []

    monkeypatch.setattr(f"{module}.{drawing}", interrupted)
    run("new", "a3")
    code, out, _ = run(*command, "--replications", "2", *QUICK, "--out", "out")
    assert code == 130
    assert "Results are in out" in out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["figures"] == ["done.png"]
    assert run("report", "out")[0] == 0
