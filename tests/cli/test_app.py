"""The command line: thin, quick to answer, and every failure in words."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from funnelsim import __version__
from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.scenario import starter


def failing(monkeypatch, error):
    """Let `funnelsim new` end in an error."""

    def fail(_title):
        raise error

    monkeypatch.setattr(starter, "starter_scenario", fail)


def test_version_prints_the_version(run):
    assert run("--version") == (0, f"funnelsim {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["nwe"], ["new"], ["new", "a", "b"], ["schema", "--fast"]])
def test_a_wrong_command_line_exits_with_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Usage: " in err


def test_each_problem_has_its_own_line_on_the_error_stream(run, monkeypatch):
    """Long lines are not broken, so that they can be searched; what looks like markup stays as it is."""
    problems = [Problem("a.toml: lane", "[red]wrong[/red] " * 20), Problem("a.toml: area", "wrong, too")]
    failing(monkeypatch, ScenarioError(problems))
    code, out, err = run("new", "a3")
    assert (code, out) == (2, "")
    assert err == f"error: {problems[0]}\nerror: {problems[1]}\n"


def test_an_error_without_a_place_is_one_line(run, monkeypatch):
    failing(monkeypatch, FunnelsimError("nothing works"))
    assert run("new", "a3") == (2, "", "error: nothing works\n")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1, "error: No space left on device\n"),
        (PermissionError(errno.EROFS, "Read-only file system", "a3"), 2, "error: a3: Read-only file system\n"),
        (OSError("it broke"), 2, "error: it broke\n"),
    ],
)
def test_what_the_system_refuses_ends_in_words(run, monkeypatch, error, code, words):
    failing(monkeypatch, error)
    assert run("new", "a3") == (code, "", words)


def test_an_interrupt_ends_in_words(run, monkeypatch):
    failing(monkeypatch, KeyboardInterrupt())
    assert run("new", "a3") == (130, "", "error: interrupted from the keyboard\n")


def test_help_loads_nothing_heavy():
    """`funnelsim --help` answers at once: what a command needs is imported in the command."""
    heavy = ["numpy", "polars", "numba", "matplotlib", "scipy", "simpy", "pydantic"]
    code = (
        "import sys; sys.argv = ['funnelsim', '--help']\n"
        "from funnelsim import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert "Usage: funnelsim" in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_installed_command_and_the_module_are_the_same(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "funnelsim.cli", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"funnelsim {__version__}\n"
    assert (Path(sys.executable).parent / "funnelsim").exists()


@pytest.mark.parametrize(
    ("command", "made"),
    [
        (("run", "a.toml", "--replications", "2", "--jobs", "1", "--out=~/x"), "manifest.json"),
        (
            ("sweep", "a.toml", "--vary", "area.bays=2,3", "--replications", "2", "--jobs", "1", "--out=~/x"),
            "sweep.csv",
        ),
        (("compare", "a.toml", "--variant", "b: area.bays=2", "--replications", "2", "--out=~/x"), "differences.csv"),
        (("events", "a.toml", "--out=~/x.csv"), None),
    ],
)
def test_a_tilde_is_the_home_in_every_part_of_a_command(run, monkeypatch, tmp_path, command, made):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    run("new", "a")
    code, out, _ = run(*command)
    assert code == 0
    assert str(home) in out
    assert (home / "x" / made).is_file() if made else (home / "x.csv").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.toml", "home"]


def test_the_report_of_a_folder_with_square_brackets_is_that_of_its_own_plan(run):
    run("new", "a")
    short = ("--replications", "2", "--jobs", "1", "--set", "operation.closes=07:00")
    for command in (("sweep", "a.toml", "--vary", "area.bays=2,3"), ("run", "a.toml")):
        folder = f"results/[red] {command[0]} [1]"
        code, out, _ = run(*command, *short, "--out", folder)
        assert (code, out.splitlines()[-1]) == (0, f"Results are in {folder}")  # and not in red
        code, out, _ = run("report", folder)
        assert (code, out) == (0, f"Wrote {folder}/report.html. Open it in a browser, or print it from there.\n")
