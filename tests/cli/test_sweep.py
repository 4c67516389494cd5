"""`funnelsim sweep`: from a scenario file to a table and a folder."""

import re

import polars as pl
import pytest

from tests.processes import QUICK, TABLES, VARY, tables


def quick_sweep(run, *arguments, jobs="1"):
    if run("new", "a3")[0] not in (0, 2):  # 2: it is there already
        raise AssertionError
    return run("sweep", "a3.toml", *QUICK, *(("--jobs", jobs) if jobs else ()), *arguments)


def test_a_sweep_prints_its_points_and_keeps_everything(run, tmp_path):
    code, out, err = quick_sweep(run, *VARY, "--replications", "3", "--full")
    assert (code, err.strip()) == (0, "")
    table = out.partition("All points")[2].partition("\n\n")[0]
    beside = re.findall(r"±|\([\d.,]+ to [\d.,]+\)|\(too few operations\)", table)
    assert len(beside) == 6 * 4  # each number has an interval, or says why not
    folder = tmp_path / out.strip().splitlines()[-1].removeprefix("Results are in ")
    assert folder.parts[-3:-1] == ("results", "a3")
    assert folder.name.startswith("sweep-")
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "sweep.json", "parts", *TABLES}
    assert len(pl.read_parquet(folder / "replications.parquet")) == 18
    assert len(pl.read_csv(folder / "sweep.csv")) == 6


def test_what_check_warns_of_in_the_base_scenario_is_said_first(run):
    _, out, _ = quick_sweep(run, "--set", "limits.tail_m=5000", *VARY, "--replications", "1")
    assert out.startswith("The base scenario: 1 warning; see funnelsim check.\n\nA3\n")


def test_what_changes_nothing_is_said_first_and_marked_in_the_table_and_the_file(run, tmp_path):
    nothing = ("--vary", "selection.every.default=10,20", "--vary", "area.bays=4,5")
    code, out, _ = quick_sweep(run, *nothing, "--replications", "2", "--out", "s", "--full")
    assert code == 0
    assert out.startswith("Varied without effect\n  - selection.every.default changes nothing: all its values give the")
    # Point 2 is the file's own plan: every 20th, four bays.
    assert re.search(r"^ +0 = 2 +10 +4 .*\n +1 +10 +5 .*\n +2 +20 +4 .*\n +3 = 1 +20 +5 ", out, re.MULTILINE)
    assert "2 points have the same results as another in every measure (marked =)" in " ".join(out.split())
    assert pl.read_csv(tmp_path / "s" / "sweep.csv")["same_as"].to_list() == [2, None, None, 1]
    assert "Varied without effect" not in quick_sweep(run, *VARY, "--replications", "1")[1]


def test_a_valve_that_never_acts_is_seen_in_the_results_alone(run):
    """The queue of an hour is short: no plan is the same, but all results are."""
    _, out, _ = quick_sweep(run, "--vary", "selection.valve.suspend_at_m=5000,6000", "--replications", "2", "--full")
    assert "Varied without effect" not in out
    assert "1 = 0" in out


def test_the_same_command_again_gives_the_same_tables_without_simulating(run, tmp_path, monkeypatch):
    quick_sweep(run, *VARY, "--replications", "1", "--out", "s")
    before = tables(tmp_path / "s")
    monkeypatch.setattr("funnelsim.experiments.point_batch.measures_of", None)
    assert quick_sweep(run, *VARY, "--replications", "1", "--out", "s")[0] == 0
    assert quick_sweep(run, *VARY, "--replications", "1", "--out", "s", "--resume")[0] == 0
    assert tables(tmp_path / "s") == before


def test_the_table_of_the_file_is_used_and_the_command_line_wins(run, tmp_path):
    run("new", "a3")
    with (tmp_path / "a3.toml").open("a") as file:
        file.write('\n[sweep]\nvary = { "area.bays+area.waiting" = ["4+4", "6+2"] }\nreplications = 2\n')
    assert quick_sweep(run, "--out", "own")[0] == 0
    assert pl.read_parquet(tmp_path / "own" / "points.parquet")["area.bays"].to_list() == [4, 6]
    assert quick_sweep(run, "--vary", "selection.rule=random", "--replications", "1", "--out", "line")[0] == 0
    points = pl.read_parquet(tmp_path / "line" / "points.parquet")
    assert (points["selection.rule"].to_list(), points["n"].to_list()) == (["random"], [1])


def test_points_that_missed_their_precision_are_named(run):
    code, out, _ = quick_sweep(
        run, "--vary", "area.bays=4,6", "--precision", "expected_detections=0.1%", "--max-replications", "3"
    )
    assert code == 0
    assert "did not reach the precision" in out
    assert "after 3 operations: 0, 1." in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["nothing is varied"]),
        (["--vary", "area.bay=1"], ["a3.toml with area.bay=1", "did you mean bays"]),
        (["--vary", "area.bays=-1,2", "--vary", "selection.rule=scroe"], ["-1 given", "did you mean"]),
        (["--vary", "area.bays=", "--vary", "area.waiting=5:1:1", "--precision", "x"], ["no key", "leads", "MEASURE"]),
        (["--vary", "area.bays=1:5"], ["range without a step"]),
        (["--vary", "area.bays=1:5", "--design", "lhs"], ["--points"]),
        (["--vary", "area.bays=1", "--precision", "delay_p95=1%"], ["did you mean delay_p95_s"]),
        (["--vary", "area.bays=1", "--precision", "vehicles=1%", "--replications", "3"], ["one of the two"]),
        (["--vary", "area.bays=1", "--max-replications", "3"], ["without --precision"]),
        (["--vary", "area.bays=1", "--cluster", "tcp://127.0.0.1:1"], ["--jobs"]),
        (["--set", "sweep.design=sobel", "--vary", "area.bays=1"], ["sweep.design", "did you mean", "sobol"]),
        (["--set", "sweep.vary={'area.bays'=[]}"], ["no values"]),
        (["--vary", "area.bays=1", "--resume"], ["no sweep was started here"]),
        (["--vary", "area.bays=1", "--out", "a3.toml/s"], ["a3.toml/s"]),
    ],
)
def test_what_is_wrong_is_said_in_words_before_anything_runs(run, tmp_path, arguments, words):
    code, out, err = quick_sweep(run, *arguments)
    assert (code, out) == (2, "")
    assert all(word in err for word in words)
    assert "Traceback" not in err
    assert {path.name for path in tmp_path.iterdir()} == {"a3.toml"}


def test_a_folder_that_holds_something_else_is_refused(run, tmp_path):
    quick_sweep(run, *VARY, "--replications", "1", "--out", "s")
    before = tables(tmp_path / "s")
    code, _, err = quick_sweep(run, *VARY, "--replications", "2", "--out", "s")
    assert code == 2
    assert "holds another sweep (replications is 1 there and 2 here); allowed" in err
    assert tables(tmp_path / "s") == before
