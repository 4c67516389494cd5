"""`funnelsim stress`: bad days as words, tables and a figure."""

import json

FEW = ("--replications", "10", "--jobs", "2", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")


def test_the_page_the_tables_and_the_figure(run, tmp_path):
    run("new", "a3")
    code, out, err = run("stress", "a3.toml", *FEW, "--out", "kept", "--figure", "t.svg")
    assert code == 0
    assert "Traceback" not in err
    assert "Operations that keep a limit, %" in out
    assert out.endswith("All figures are in kept\nDrew t.svg\n")
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert (
        {"bad_days.csv", "manifest.json"} <= set(names) <= {"bad_days.csv", "levers.csv", "manifest.json", "trials.csv"}
    )
    assert json.loads((tmp_path / "kept" / "manifest.json").read_text())["replications"] == 10
    assert b"<svg" in (tmp_path / "t.svg").read_bytes()[:300]


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
