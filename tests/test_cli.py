"""The command line: thin, quick to answer, and every failure in words."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from funnelsim import __version__, cli
from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.scenario import load_scenario, starter


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run a command in an empty folder; return its exit code, output and error output."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code, out, err

    return command


def failing(monkeypatch, error):
    """Let `funnelsim new` end in an error."""

    def fail(_title):
        raise error

    monkeypatch.setattr(starter, "starter_scenario", fail)


def test_new_writes_a_scenario_that_loads(run, tmp_path):
    code, out, err = run("new", "a3_eastbound-early")
    assert (code, err) == (0, "")
    assert "a3_eastbound-early.toml is written" in out
    assert load_scenario(tmp_path / "a3_eastbound-early.toml").title == "A3 eastbound early"


def test_new_takes_a_name_with_its_ending(run, tmp_path):
    assert run("new", "a3.toml")[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["a3.toml"]


def test_new_refuses_to_overwrite(run, tmp_path):
    (tmp_path / "a3.toml").write_text("mine")
    assert run("new", "a3") == (2, "", "error: a3.toml: is there already and stays as it is; allowed: another name\n")
    assert (tmp_path / "a3.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", ".", "..", "../a3", "plans/a3", "plans\\a3", "a\x1b[0m", "a\udc80", ".toml"])
def test_new_refuses_what_is_no_name(run, tmp_path, name):
    code, out, err = run("new", name)
    assert (code, out) == (2, "")
    assert "no name for a scenario; allowed: letters and digits" in err
    assert "\x1b" not in err
    assert list(tmp_path.iterdir()) == []


def test_schema_prints_json_schema(run):
    code, out, err = run("schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "Scenario"


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
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "error: No space left on device\n"),
        (PermissionError(errno.EROFS, "Read-only file system", "a3.toml"), "error: a3.toml: Read-only file system\n"),
        (OSError("it broke"), "error: it broke\n"),
    ],
)
def test_what_the_system_refuses_ends_in_words(run, monkeypatch, error, words):
    failing(monkeypatch, error)
    assert run("new", "a3") == (2, "", words)


def test_an_interrupt_ends_in_words(run, monkeypatch):
    failing(monkeypatch, KeyboardInterrupt())
    assert run("new", "a3") == (130, "", "error: stopped from the keyboard\n")


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
