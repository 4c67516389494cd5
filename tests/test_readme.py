"""What the README says is true: its commands run, its scenario loads, its numbers are those of the reference result."""

import io
import json
import math
import re
import runpy
import subprocess
import sys

import pytest
from rich.console import Console

from funnelsim.analysis.limits import checks_of
from funnelsim.decision.optimisation.decision_folder import WORDS
from funnelsim.decision.words_file import load_words
from funnelsim.experiments.run import run
from funnelsim.reporting.section import from_data
from funnelsim.reporting.terminal import Page
from funnelsim.scenario import load_scenario
from tests.reference import pages
from tests.reference.pages import REFERENCE, ROOT, SCENARIO, SHOWN, reference_run, shown

PLANS = ROOT / "results" / "plans"
README = pages.README.read_text(encoding="utf-8")


def block(language):
    """Return the first fenced block of a language."""
    return re.search(rf"```{language}\n(.*?)```", README, flags=re.DOTALL).group(1)


def test_the_first_lines_are_the_two_commands_and_make_knows_them():
    commands = re.findall(r"^make (\w+)", block(""), flags=re.MULTILINE)
    assert commands == ["run", "test"]
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{command}:", makefile, flags=re.MULTILINE) for command in commands)


def test_ci_calls_the_test_command_of_the_readme():
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text()


def test_the_commands_of_the_readme_run(tmp_path):
    lines = re.search(r"```\n(funnelsim new .*?)```", README, flags=re.DOTALL).group(1).splitlines()
    commands = [line.partition("#")[0].split() for line in lines]
    assert [command[1] for command in commands] == ["new", "check", "run"]
    for command in commands:
        few = ["--replications", "2"] if command[1] == "run" else []
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "funnelsim.cli", *command[1:], *few], cwd=tmp_path, check=True, capture_output=True
        )


def test_every_command_of_the_table_exists():
    named = re.findall(r"^\| `funnelsim (\w+)", README, flags=re.MULTILINE)
    assert len(named) >= 5
    for command in named:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "funnelsim.cli", command, "--help"], check=True, capture_output=True, text=True
        )
        assert "Usage:" in done.stdout


def test_the_answer_at_the_head_is_that_of_the_plan_shipped():
    """The plans of `make plans` are kept with the words in which they were found."""
    answer = from_data(load_words(PLANS / "motorway_early_shift" / WORDS))[:1]
    console = Console(width=80, file=io.StringIO())
    console.print(Page(answer))
    printed = [line.rstrip() for line in console.file.getvalue().rstrip().splitlines()]
    shown = re.search(r"\$ funnelsim optimise .*?\n(.*?)```", README, flags=re.DOTALL).group(1)
    assert shown.rstrip().splitlines() == printed


@pytest.mark.parametrize("folder", sorted(PLANS.iterdir()), ids=lambda path: path.name)
def test_a_plan_shipped_keeps_its_limits(folder):
    """On random numbers of their own: those on which it was chosen and judged are others."""
    scenario = load_scenario(folder / "best_plan.toml")
    made = run(scenario, replications=100, seed=77, jobs=2)
    operations = {name: made.replications[name].to_numpy() for name in ("delay_p95_s", "tail_max_m")}
    checks = checks_of(scenario.limits, made.estimates, operations)
    assert checks
    assert all(check.kept_in.high >= check.wanted for check in checks)


def test_the_scenario_of_the_readme_has_about_40_lines_and_runs(tmp_path):
    text = block("toml")
    assert len([line for line in text.splitlines() if line.strip()]) <= 45
    (tmp_path / "a3.toml").write_text(text)
    assert run(load_scenario(tmp_path / "a3.toml"), replications=2).estimates["expected_detections"].mean > 0


def test_the_python_of_the_readme_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    exec(compile(block("python"), "README.md", "exec"), {})  # noqa: S102  (our own README)
    assert "Estimate(mean=" in capsys.readouterr().out


def test_the_reference_result_is_what_its_scenario_gives_today():
    recorded = json.loads((REFERENCE / "summary.json").read_text())["measures"]
    today = reference_run().estimates
    assert set(recorded) == set(today)
    for name, estimate in today.items():
        mean = math.nan if recorded[name]["mean"] is None else recorded[name]["mean"]
        assert mean == pytest.approx(estimate.mean, rel=1e-9, nan_ok=True), name


def test_the_reference_result_is_of_the_shipped_scenario():
    recorded = reference_run().scenario
    same = {"traffic": recorded.traffic, "decide": None}  # recorded with its counts typed in, and without the question
    assert load_scenario(SCENARIO).model_copy(update=same) == recorded


def test_the_result_shown_in_the_readme_is_the_reference_result():
    assert SHOWN.findall(README) == [shown()]


def test_the_picture_of_a_funnel_is_what_its_script_draws():
    script = runpy.run_path(str(ROOT / "docs" / "figures" / "funnel.py"))
    assert script["picture"]() == (ROOT / "docs" / "figures" / "funnel.svg").read_text(encoding="utf-8")


def test_files_that_the_readme_links_to_exist():
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert len(links) >= 8
    for link in links:
        assert (ROOT / link).exists(), link
