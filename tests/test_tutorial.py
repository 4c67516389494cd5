"""The tutorial is true: its commands run in order, and print what it shows."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def blocks(language):
    """Return all fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


def funnelsim(command, folder):
    """Run a command of the page as a planner would, and return what it prints."""
    program, *arguments = shlex.split(command)
    assert program == "funnelsim"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "funnelsim.cli", *arguments],
        cwd=folder,
        env=os.environ | {"COLUMNS": "80"},
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


def edit(scenario):
    """Make the one change that the page asks for."""
    (typed_in,), (named,) = blocks("text"), blocks("toml")
    before = scenario.read_text(encoding="utf-8")
    assert before.count(typed_in) == 1
    scenario.write_text(before.replace(typed_in, named), encoding="utf-8")


def test_every_command_runs_and_prints_what_the_page_shows(tmp_path):
    """Lines of three dots stand for anything, as in a doctest."""
    (counts,) = blocks("csv")
    (tmp_path / "a3_monday.csv").write_text(counts, encoding="utf-8")
    same = doctest.OutputChecker().check_output
    for block in blocks("console"):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE):
            printed = funnelsim(command, tmp_path)
            assert same(shown, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE), f"{command}\n{printed}"
            if command == "funnelsim new a3":
                edit(tmp_path / "a3.toml")
    assert (tmp_path / "results" / "plans" / "report.html").exists()


def test_it_shows_at_least_eight_commands():
    assert sum(block.count("$ funnelsim ") for block in blocks("console")) >= 8
