"""`funnelsim export`: a result becomes a workbook; whatever is wrong is said in words."""

from pathlib import Path

import openpyxl
import pytest

import funnelsim.cli.export  # noqa: F401  (registers the command)

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--jobs", "1")


@pytest.fixture
def result(run):
    run("new", "a3")
    assert run("run", "a3.toml", "--replications", "2", *QUICK, "--out", "out")[0] == 0
    return "out"


def test_the_workbook_goes_into_the_folder_or_where_it_is_asked_for(run, result):
    code, out, _ = run("export", result, "--to", "xlsx")
    assert code == 0
    assert str(Path("out") / "result.xlsx") in out
    assert openpyxl.load_workbook("out/result.xlsx").sheetnames[0] == "Summary"
    assert run("export", result, "--to", "xlsx", "--out", "mine.xlsx")[0] == 0
    assert openpyxl.load_workbook("mine.xlsx")["Replications"].max_row == 3


def test_a_file_that_exists_is_not_overwritten_unasked(run, result):
    Path("mine.xlsx").write_text("mine")
    code, _, err = run("export", result, "--to", "xlsx", "--out", "mine.xlsx")
    assert code == 2
    assert "already exists" in err
    assert Path("mine.xlsx").read_text() == "mine"
    assert run("export", result, "--to", "xlsx", "--out", "mine.xlsx", "--replace")[0] == 0


def test_another_format_is_refused_with_the_one_allowed(run):
    code, _, err = run("export", "out", "--to", "ods")
    assert code == 2
    assert "--to: ods given; allowed: xlsx" in err
