"""The tutorials are true: their commands run in order, and print what they show."""

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FRIDAY = (ROOT / "docs" / "friday.md").read_text(encoding="utf-8")


def blocks(language, page=PAGE):
    """Return all fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


def funnelsim(command, folder):
    """Run a command of the page as a planner would, and return what it prints."""
    program, *arguments = shlex.split(command)
    assert program == "funnelsim"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "funnelsim.cli", *arguments],
        cwd=folder,
        env=os.environ | {"COLUMNS": "100"},
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


def commands(page):
    """Return each command of a page with what it shows of the output; lines of three dots stand for anything."""
    return [
        found
        for block in blocks("console", page)
        for found in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE)
    ]


def same(shown, printed):
    return doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)


def test_every_command_runs_and_prints_what_the_page_shows(tmp_path):
    (counts,) = blocks("csv")
    (tmp_path / "a3_monday.csv").write_text(counts, encoding="utf-8")
    for command, shown in commands(PAGE):
        printed = funnelsim(command, tmp_path)
        assert same(shown, printed), f"{command}\n{printed}"
        if command == "funnelsim new a3":
            edit(tmp_path / "a3.toml")
    assert (tmp_path / "results" / "plans" / "report.html").exists()


@pytest.mark.parametrize(("command", "shown"), commands(FRIDAY), ids=lambda text: text.split("--")[-1][:30])
def test_each_question_of_a_friday_has_the_answer_that_the_page_shows(command, shown, tmp_path):
    shutil.copy(ROOT / "scenarios" / "friday_afternoon.toml", tmp_path)
    printed = funnelsim(command, tmp_path)
    assert same(shown, printed), printed


def test_it_shows_at_least_eight_commands():
    assert len(commands(PAGE)) >= 8
    assert len(commands(FRIDAY)) >= 5
