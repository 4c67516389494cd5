"""`funnelsim levers`: what would find more, as words, a table and a figure."""

import json

import polars as pl
import pytest

FEW = ("--replications", "3", "--jobs", "1", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")


@pytest.fixture
def a3(run):
    """Write the starter scenario."""
    run("new", "a3")
    return run


def test_the_page_the_table_and_the_figure(a3, tmp_path):
    code, out, err = a3("levers", "a3.toml", *FEW, "--out", "kept", "--figure", "t.svg")
    assert code == 0
    assert "Traceback" not in err
    assert "selection rates included" in " ".join(out.split())
    assert out.endswith("Tables are in kept\nDrew t.svg\n")
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["levers.csv", "manifest.json"]
    assert "bays: one more" in pl.read_csv(tmp_path / "kept" / "levers.csv")["plan"].to_list()
    assert b"<svg" in (tmp_path / "t.svg").read_bytes()[:300]


def test_rates_are_re_tuned_if_asked(a3, tmp_path):
    code, out, _ = a3("levers", "a3.toml", *FEW, "--retune", "--out", "kept")
    assert code == 0
    assert "with the rates of its own bound (re-tuned)" in " ".join(out.split())
    assert json.loads((tmp_path / "kept" / "manifest.json").read_text())["retuned"]


def test_nothing_that_exists_is_overwritten(a3, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine")
    (tmp_path / "t.png").write_text("mine")
    for arguments, message in (
        (("--out", "kept"), "kept: already exists and is not empty"),
        (("--figure", "t.png"), "t.png: already exists and was not changed; allowed: another name, or --replace"),
        (("--figure", "t.jpg"), "--figure: t.jpg given; allowed: a file that ends with one of .png, .svg, .pdf"),
    ):
        code, out, err = a3("levers", "a3.toml", *FEW, *arguments)
        assert (code, out) == (2, ""), arguments
        assert message in " ".join(err.split())
    assert (tmp_path / "t.png").read_text() == "mine"
