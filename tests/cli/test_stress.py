"""`funnelsim stress`: bad days as words, tables and a figure."""

import json

FEW = ("--replications", "10", "--jobs", "2", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")


def test_the_page_the_tables_and_the_figure(run, tmp_path):
    run("new", "a3")
    code, out, err = run("stress", "a3.toml", *FEW, "--out", "kept", "--figure", "t.svg")
    assert code == 0
    assert "Traceback" not in err
    assert "Operations that keep a limit, %" in out
    assert out.endswith("Tables are in kept\nDrew t.svg\n")
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    always = {"bad_days.csv", "manifest.json", "stress.json"}
    assert always <= set(names) <= always | {"levers.csv", "trials.csv"}
    assert json.loads((tmp_path / "kept" / "manifest.json").read_text())["replications"] == 10
    assert b"<svg" in (tmp_path / "t.svg").read_bytes()[:300]


def test_a_report_takes_the_bad_days_along(run, tmp_path):
    run("new", "a3")
    run("run", "a3.toml", *FEW, "--out", "ran")
    run("stress", "a3.toml", *FEW, "--out", "days")
    code, out, _ = run("report", "ran", "--with", "days")
    assert (code, out.split(".")[0]) == (0, "Wrote ran/report")
    page = (tmp_path / "ran" / "report.html").read_text(encoding="utf-8")
    assert "How sure are we?" in page
    assert "bad days" in page
    assert "about none of the plans of this page" not in page
    run("run", "a3.toml", *FEW, "--set", "area.bays=2", "--out", "bays")
    run("report", "bays", "--with", "days")
    page = (tmp_path / "bays" / "report.html").read_text(encoding="utf-8")
    assert "Careful: days is about none of the plans of this page, but about another scenario." in page
    code, _, err = run("report", "ran", "--with", "ran", "--out", "other.html")
    assert code == 2
    assert "holds no sensitivity analysis and no bad days" in err
    code, _, err = run("report", "ran", "--with", "nowhere", "--out", "other.html")
    assert code == 2
    assert "nowhere: no such folder" in err
    assert not (tmp_path / "other.html").exists()


def test_what_is_given_is_checked_and_nothing_is_overwritten(run, tmp_path):
    run("new", "a3")
    (tmp_path / "t.png").write_text("mine")
    for arguments, message in (
        (("--replications", "3"), "--replications: 3 given; allowed: a whole number"),
        (("--figure", "t.png"), "t.png: already exists and was not changed; allowed: another name, or --replace"),
    ):
        code, out, err = run("stress", "a3.toml", *arguments)
        assert (code, out) == (2, ""), arguments
        assert message in " ".join(err.split())
    assert (tmp_path / "t.png").read_text() == "mine"


def test_the_folder_of_a_figure_is_made_before_anything_is_simulated(run, tmp_path):
    run("new", "a3")
    code, out, _ = run("stress", "a3.toml", *FEW, "--figure", "new/deep/t.svg")
    assert (code, out.splitlines()[-1]) == (0, "Drew new/deep/t.svg")
    (tmp_path / "file").write_text("mine")
    code, out, err = run("stress", "a3.toml", "--figure", "file/t.svg")
    assert (code, out) == (2, "")
    assert "file: cannot be made (File exists); allowed: a folder" in " ".join(err.split())
