"""`funnelsim optimise`: from a scenario file to the best plan as another one, with a page to decide by."""

import re
import signal
import tomllib

import polars as pl
import pytest

from funnelsim.decision.fluid.program import solve
from tests.processes import GUARD_S, QUICK, begun, hold_at, parts_in, wait_until

GRID = ("--vary", "selection.rate.van=0.06,0.3", "--vary", "area.bays=4,6")
FEW = (*QUICK, "--replications", "1000", "--jobs", "1")
FILES = {
    "best_plan.toml",
    "runner_up.toml",
    "decision.json",
    "differences.csv",
    "manifest.json",
    "optimise.json",
    "parts",
    "plans.csv",
    "replications.parquet",
}


@pytest.fixture
def optimise(run):
    def command(*arguments, few=FEW):
        if run("new", "a3")[0] not in (0, 2):  # 2: it is there already
            raise AssertionError
        return run("optimise", "a3.toml", *few, *arguments)

    return command


def plain(out):
    return " ".join(out.split())


def test_the_answer_is_printed_and_everything_is_kept(optimise, run, tmp_path):
    code, out, err = optimise(*GRID)
    assert (code, err.strip()) == (0, "")
    said = plain(out)
    assert said.startswith("A3 The best plan finds ")
    assert "today's plan finds" in said
    assert "With 95 % confidence the plan keeps what it must" in said
    folder = tmp_path / out.strip().splitlines()[-1].partition("Results are in ")[2].partition(". A page")[0]
    assert folder.parts[-3:-1] == ("results", "a3")
    assert folder.name.startswith("optimise-")
    assert {path.name for path in folder.iterdir()} == FILES
    plans = pl.read_csv(folder / "plans.csv")
    assert len(plans) == 4
    assert plans["verdict"].to_list().count("best") == 1
    assert {"not told apart from the best", "worse"} & set(plans["verdict"])
    best = tomllib.loads((folder / "best_plan.toml").read_text())
    (row,) = plans.filter(verdict="best").to_dicts()
    assert best["selection"]["rate"]["van"] == row["selection.rate.van"]
    assert best["area"]["bays"] == row["area.bays"]
    assert best["operation"]["closes"] == "07:00"  # what was set on top counts, too

    # What is said is what a run of the plan gives, with the seed that is named.
    command = re.search(r"Simulate it: funnelsim (run .*)$", out, re.MULTILINE)[1].split()
    found = re.search(r"finds ([\d.]+) ± [\d.]+ targets", said)[1]
    code, out, _ = run(*command, "--replications", "400", "--jobs", "1")
    assert code == 0
    assert f"would find {found} ± " in plain(out)

    # The page to decide by, with room to sign.
    code, _, err = run("report", str(folder))
    assert (code, err) == (0, "")
    page = (folder / "report.html").read_text()
    assert "Which plan should be carried out?" in page
    assert all(who in page for who in ("Recommended by", "Approved by", "Remarks", "The best plan finds"))


@pytest.mark.parametrize("goal", ["most_found", "front"])
def test_it_fits_a_terminal(optimise, monkeypatch, goal):
    for width in (60, 80, 140):
        monkeypatch.setenv("COLUMNS", str(width))
        arguments = ("--vary", "staffing.roster.police.count=5,6", "--set", f"decide.goal={goal}", "--out", "o")
        _, out, _ = optimise(*GRID, *arguments)
        lines = out[: out.index("The plan ")].splitlines()
        assert max(map(len, lines)) <= width
        assert "…" not in out


def test_the_same_command_again_simulates_nothing_and_gives_the_same(optimise, tmp_path, monkeypatch):
    _, first, _ = optimise(*GRID, "--out", "o")
    before = answer(tmp_path / "o")
    monkeypatch.setattr("funnelsim.decision.simulations.values_of", None)
    monkeypatch.setattr("funnelsim.decision.optimisation.optimise.compare", None)
    code, again, _ = optimise(*GRID, "--out", "o")
    assert (code, again) == (0, first)
    assert answer(tmp_path / "o") == before


def test_the_bound_of_a_plan_is_computed_once(optimise, monkeypatch):
    """Once for the question, and once for the plans named, which differ in their rates alone."""
    solved = []
    monkeypatch.setattr("funnelsim.decision.fluid.bound.solve", lambda *given: solved.append(1) or solve(*given))
    assert optimise(*GRID[:2], "--out", "o")[0] == 0
    assert len(solved) == 2


def answer(folder):
    return {name: (folder / name).read_bytes() for name in ("best_plan.toml", "plans.csv", "decision.json")}


@pytest.mark.parametrize("name", ["best_plan.toml", "runner_up.toml"])
def test_a_plan_that_somebody_changed_is_not_overwritten(optimise, run, tmp_path, name):
    _, first, _ = optimise(*GRID, "--out", "o")
    plan = tmp_path / "o" / name
    mine = plan.read_text() + "# agreed with the shift leader\n"
    plan.write_text(mine)
    before = answer(tmp_path / "o")
    code, out, err = optimise(*GRID, "--out", "o")
    assert code == 2
    assert f"o/{name}: already exists with another text and was not changed; allowed: another folder" in plain(err)
    assert out.splitlines()[0] == first.splitlines()[0]  # the answer is printed all the same
    assert plan.read_text() == mine
    assert answer(tmp_path / "o") == before
    assert run("report", "o")[0] == 0  # the results that were there are whole
    plan.unlink()
    assert optimise(*GRID, "--out", "o")[:2] == (0, first)


def test_a_folder_of_another_optimisation_is_refused(optimise, tmp_path):
    optimise(*GRID, "--out", "o")
    before = answer(tmp_path / "o")
    code, out, err = optimise(*GRID, "--seed", "2", "--out", "o")
    assert (code, out) == (2, "")
    assert "o: holds another optimisation; allowed: a new folder, or the same command to resume" in plain(err)
    assert answer(tmp_path / "o") == before
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    assert "already exists and is not empty" in plain(optimise(*GRID, "--out", "other")[2])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--vary", "selection.rat.van=0:1"], ["--vary selection.rat: unknown key; did you mean rate?"]),
        (["--vary", "area.bays=-1,2", "--vary", "traffic.scale=1,2"], ["-1 given", "nobody chooses this"]),
        (["--vary", "area.bays=3:1"], ["error: --vary area.bays=3:1: 3:1 leads nowhere"]),
        (["--set", "decide.vary={'area.bays'='3:1'}"], ["a3.toml: decide.vary area.bays: 3:1 leads nowhere"]),
        (["--set", "decide.varry=1"], ["decide.varry: unknown key; did you mean vary?"]),
        (["--set", "decide.goal=least_cost"], ["find_at_least: nothing given"]),
        (["--set", "decide.at_most.officers_h=4"], ["decide.at_most.officers_h: unknown measure", "officer_h"]),
        (["--set", "limits.in_share_of_operations=1"], ["such as 0.99"]),
        (["--cluster", "tcp://127.0.0.1:1"], ["given with --cluster"]),
        (["--out", "a3.toml/o"], ["a3.toml/o"]),
    ],
)
def test_what_is_wrong_is_said_in_words_before_anything_is_written(optimise, tmp_path, arguments, words):
    code, out, err = optimise(*arguments)
    assert (code, out) == (2, "")
    assert all(word in plain(err) for word in words)
    assert "Traceback" not in err
    assert {path.name for path in tmp_path.iterdir()} == {"a3.toml"}


def test_how_many_operations_are_allowed(optimise):
    assert "--replications: 5 given; allowed" in optimise(few=("--replications", "5"))[2]
    assert "allowed: a whole number from 1,000 to 10,000,000" in optimise(few=("--replications", "99999999"))[2]


def test_that_no_plan_can_be_carried_out_is_said_with_the_reason(optimise):
    code, _, err = optimise("--vary", "staffing.roster.police.count=1")
    assert code == 2
    assert "none of the plans proposed" in err
    assert "needs 2 police" in plain(err)


def test_where_no_plan_keeps_the_limits_the_nearest_one_is_written(optimise, run):
    code, out, _ = optimise(
        "--vary", "selection.rate.van=0.001,0.06", "--set", "decide.at_most.ordinary_stops=1", "--out", "o"
    )
    assert code == 0
    assert "No plan" in out
    assert "The nearest plan is in o/best_plan.toml" in plain(out)
    assert "Nearest plan against today's plan" in out
    assert "best plan" not in out
    assert run("report", "o")[0] == 0


def test_check_accepts_the_table(run, tmp_path):
    run("new", "a3")
    with (tmp_path / "a3.toml").open("a") as file:
        file.write('\n[decide]\nvary = { "area.bays" = "4:8" }\n')
    assert run("check", "a3.toml")[0] == 0


def test_a_damaged_answer_is_no_page(optimise, run, tmp_path):
    optimise(*GRID, "--out", "o")
    for damage in ('{"sections": 3}', '{"sections": [{"heading": 1}]}', '{"sections": [3]}', "{}", "{"):
        (tmp_path / "o" / "decision.json").write_text(damage)
        code, out, err = run("report", "o", "--replace")
        assert (code, out) == (2, "")
        assert "decision.json: is damaged" in plain(err)


def test_after_ctrl_c_the_same_command_goes_on(optimise, tmp_path):
    optimise(*GRID, "--out", "whole")
    hold = tmp_path / "hold"
    hold_at(2, hold)
    with begun(tmp_path, "optimise", "a3.toml", *FEW, *GRID, "--out", "o") as process:
        wait_until(lambda: len(parts_in(tmp_path / "o")) == 2, process)
        process.send_signal(signal.SIGINT)
        hold.unlink()
        out, err = process.communicate(timeout=GUARD_S)
    assert process.returncode == 130, err
    assert "Finished work is kept: run the same command again to continue." in plain(out + err)
    assert not (tmp_path / "o" / "manifest.json").exists()
    assert optimise(*GRID, "--out", "o")[0] == 0
    assert answer(tmp_path / "o") == answer(tmp_path / "whole")
