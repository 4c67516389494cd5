"""`funnelsim report`: a result becomes one page; whatever is wrong is said in words."""

import json
from pathlib import Path

import pytest

import funnelsim.cli.report  # noqa: F401  (registers the command)
from funnelsim.reporting.html import pdf

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--jobs", "1")


@pytest.fixture
def result(run):
    run("new", "a3")
    assert run("run", "a3.toml", "--replications", "2", *QUICK, "--out", "out")[0] == 0
    return Path("out")


def test_the_page_goes_into_the_folder_and_is_the_same_twice(run, result):
    code, out, _ = run("report", str(result))
    assert code == 0
    page = result / "report.html"
    assert str(page) in out
    first = page.read_bytes()
    assert first.startswith(b"<!DOCTYPE html>")
    assert json.loads((result / "manifest.json").read_text())["libraries"]["simpy"].encode() in first
    assert run("report", str(result), "--out", "mine.html")[0] == 0
    assert Path("mine.html").read_bytes() == first
    code, _, err = run("report", str(result))
    assert code == 2
    assert "--replace" in err
    assert run("report", str(result), "--replace")[0] == 0


def test_a_folder_without_a_result_is_refused_in_words(run):
    Path("empty").mkdir()
    for name in ("empty", "nowhere"):
        code, out, err = run("report", name)
        assert (code, out) == (2, "")
        assert name in err
        assert "allowed" in err
        assert "Traceback" not in err


def test_a_page_that_cannot_be_written_is_said_in_words(run, result):
    code, _, err = run("report", str(result), "--out", "no/such/folder/page.html")
    assert code == 2
    assert "cannot be written" in err


def test_the_page_names_engine_and_command_that_made_the_result(run, tmp_path):
    run("new", "a")
    short = ("--replications", "2", "--jobs", "1", "--set", "operation.closes=06:30", "--engine", "simpy")
    assert run("run", "a.toml", *short, "--out", "r")[0] == 0
    assert run("report", "r", "--out", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "simpy engine, 2 simulated operations, seed 1" in page
    assert "funnelsim run a.toml --replications 2 --jobs 1" in page


def test_a_pdf_is_printed_by_the_browser_and_an_own_file_is_not_overwritten_unasked(run, result, monkeypatch):
    printed = []

    def copied(_, source, target):
        printed.append(target.write_bytes(source.read_bytes()))

    monkeypatch.setattr(pdf, "installed_browsers", lambda: iter(["a browser"]))
    monkeypatch.setattr(pdf, "_print", copied)
    monkeypatch.setattr(pdf, "_is_pdf", lambda content: content.startswith(b"<!DOCTYPE html>"))
    code, out, err = run("report", str(result), "--pdf")
    assert (code, out, err) == (0, f"Wrote {result / 'report.pdf'}.\n", "")
    assert b"The answer" in (result / "report.pdf").read_bytes()
    assert run("report", str(result), "--pdf", "--out", "mine.pdf")[0] == 0
    code, _, err = run("report", str(result), "--pdf", "--out", "mine.pdf")
    assert code == 2
    assert "mine.pdf: already exists" in err
    assert len(printed) == 2
    assert run("report", str(result), "--pdf", "--out", "mine.pdf", "--replace")[0] == 0


def test_without_a_browser_the_planner_learns_what_to_do(run, result, monkeypatch):
    monkeypatch.setattr(pdf, "installed_browsers", lambda: iter([]))
    code, out, err = run("report", str(result), "--pdf")
    assert (code, out) == (2, "")
    assert "--pdf: neither Chromium nor Chrome nor Edge is installed; allowed: the command without --pdf" in err
    assert not (result / "report.pdf").exists()


def test_a_folder_about_other_plans_is_named(run, result):
    few = ("--points", "32", "--replications", "2", *QUICK[:4], "--jobs", "1")
    assert run("sensitivity", "a3.toml", *few, "--set", "area.bays=1", "--out", "other")[0] == 0
    code, out, _ = run("report", str(result), "--with", "other")
    assert code == 0
    assert "Careful: other is about none of the plans of this page" in " ".join(out.split())
