"""`funnelsim sensitivity`: whether a choice holds, as words, tables and a figure."""

from pathlib import Path

import polars as pl
import pytest

SHORT = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")
FEW = ("--points", "32", "--replications", "2", "--jobs", "1", *SHORT)
TABLE = """
[uncertain]
"targets.concealed persons.per_10k" = { factor = 3 }
"traffic.scale" = { low_mid_high = [0.9, 1.0, 1.2] }
"""


@pytest.fixture
def a3(run):
    """Write the starter scenario with a table of what is uncertain, and another plan."""
    run("new", "a3")
    file = Path("a3.toml")
    file.write_text(file.read_text(encoding="utf-8") + TABLE, encoding="utf-8")
    Path("bays.toml").write_text(file.read_text(encoding="utf-8").replace("bays = 4", "bays = 1"), "utf-8")
    return run


def test_the_page_the_tables_and_the_figure(a3, tmp_path):
    code, out, err = a3("sensitivity", "a3.toml", "bays.toml", *FEW, "--out", "kept", "--figure", "s.svg")
    assert (code, "Traceback" in err) == (0, False), err
    assert "a3 finds more than bays with a probability of" in " ".join(out.split())
    assert out.endswith("Tables are in kept\nDrew s.svg\n")
    assert "choice.csv" in [path.name for path in (tmp_path / "kept").iterdir()]
    assert pl.read_csv(tmp_path / "kept" / "inputs.csv")["input"].to_list() == [
        "targets.concealed persons.per_10k",
        "traffic.scale",
    ]
    assert b"<svg" in (tmp_path / "s.svg").read_bytes()[:300]


def test_check_says_all_that_is_wrong_with_the_table(a3, tmp_path):
    file = tmp_path / "a3.toml"
    more = '"area.bays" = { range = [2, 8] }\n"selection.rate.van" = { factor = 2 }\n"traffic.skale" = { factor = 2 }\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    for command in (("check", "a3.toml"), ("sensitivity", "a3.toml", *FEW)):
        code, out, err = a3(*command)
        said = " ".join(err.split())
        assert (code, out) == (2, "")
        assert "a3.toml: uncertain.area.bays: this is a choice" in said
        assert "a3.toml: uncertain.selection.rate.van: this is a choice" in said
        assert "a3.toml: uncertain.traffic.skale: unknown key" in said


def test_nothing_that_exists_is_overwritten_and_plans_have_names_of_their_own(a3, tmp_path):
    (tmp_path / "s.png").write_text("mine")
    for arguments, message in (
        (("--figure", "s.png"), "s.png: already exists and was not changed"),
        (("--figure", "s.jpg"), "--figure: s.jpg given; allowed: a file that ends with"),
        (("a3.toml",), "SCENARIO: a3.toml and a3.toml given, which have the same name, a3; allowed: different names"),
        (("--points", "3"), "allowed: a whole number from 32"),
    ):
        code, out, err = a3("sensitivity", "a3.toml", *arguments, *FEW[2:])
        assert (code, out) == (2, ""), arguments
        assert message in " ".join(err.split())
