"""`funnelsim when`: windows and sites as words and a table."""

import polars as pl

FEW = ("--replications", "10", "--starts-every-h", "6", "--jobs", "2", "--set", "operation.run_out_min=30")


def test_sites_stand_side_by_side(run, tmp_path):
    run("new", "a3")
    run("new", "a9")
    code, out, err = run("when", "a3.toml", "a9.toml", *FEW, "--lengths-h", "1,2", "--out", "kept")
    assert code == 0
    assert "Traceback" not in err
    assert "Most in all: a" in out
    assert out.endswith("Tables are in kept\n")
    table = pl.read_csv(tmp_path / "kept" / "windows.csv")
    assert set(table["site"]) == {"a3", "a9"}
    assert set(table["hours_h"]) == {1.0, 2.0, 8.0}  # today's among them


def test_what_is_given_is_checked(run):
    run("new", "a3")
    for arguments, message in (
        (("--lengths-h", "4,x"), "--lengths-h: 4,x given; allowed: hours separated by commas, such as 4,6,8"),
        (("--lengths-h", "30"), "lengths_h: 30 given; allowed: from 0.5 to 24 h"),
        (("--starts-every-h", "0"), "--starts-every-h: 0 given; allowed: a number from 0.25 to 24"),
        (("a3.toml",), "SCENARIO: a3.toml and a3.toml given, which have the same name, a3; allowed: different"),
        (("--set", "operation.days=2"), "several windows given"),
    ):
        code, out, err = run("when", "a3.toml", *arguments)
        assert (code, out) == (2, ""), arguments
        assert message in " ".join(err.split())
