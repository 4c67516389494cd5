"""What `--help` says: in the order of the work, without Python types, whole at 60 columns, defaults in one style."""

import inspect
import re
from pathlib import Path

import pytest

from funnelsim import cli
from funnelsim.cli.app import COMMANDS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def help_of(run, monkeypatch):
    """Return the help of a command at a width."""

    def text(command, columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        return run(command, "--help")[1]

    return text


def test_commands_stand_in_the_order_of_the_readme(run):
    shown = re.findall(r"^│ (\w+) ", run("--help")[1], flags=re.MULTILINE)
    assert shown == re.findall(r"^\| `funnelsim (\w+)", README, flags=re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("columns", [60, 80, 140])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_word_is_cut_and_no_type_is_shown(help_of, command, columns):
    text = help_of(command, columns)
    assert "…" not in text
    assert not re.search(r"<\w|INTEGER|PATH|TEXT|\[default:|x[<>]=", text)
    assert all(len(line) <= columns for line in text.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_default_is_in_the_help_in_one_style(help_of, command):
    (function,) = [found.callback for found in cli.app.registered_commands if found.callback.__name__ == command]
    said = " ".join(re.sub(r"[│\n]", " ", help_of(command, 200)).split())
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default not in (inspect.Parameter.empty, None, False):
            assert re.search(rf"[(;] ?default {re.escape(str(parameter.default))}[,)]", said), name
    assert "Default:" not in said
    assert "default:" not in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "a.toml", "--replications", "0"], "--replications: 0 given; allowed: a whole number, at least 1"),
        (["run", "a.toml", "--jobs", "two"], "--jobs: two given; allowed: a whole number from 1 to 1024"),
        (["run", "a.toml", "--engine", "c"], "--engine: c given; allowed: compiled or simpy"),
        (["sweep", "a.toml", "--design", "x"], "--design: x given; allowed: grid, lhs or sobol"),
        (["fit", "x", "a.csv"], "WHAT: x given; allowed: arrivals, headways, look or stage"),
        (
            ["fit", "headways", "a.csv", "--lane-speed-kmh", "nan"],
            "--lane-speed-kmh: nan given; allowed: a number from 1 to 200",
        ),
    ],
)
def test_a_value_that_is_not_allowed_is_said_in_one_sentence(run, arguments, message):
    assert run(*arguments) == (2, "", f"error: {message}\n")
