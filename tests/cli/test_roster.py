"""`funnelsim roster`: the page, the folder, and what is wrong in words."""

import pytest

FEW = ("--replications", "5", "--jobs", "1", "--set", "operation.closes=08:00")


@pytest.fixture
def a3(run):
    """Write the starter scenario."""
    run("new", "a3")
    return run


def test_the_page_and_the_folder(a3, tmp_path):
    code, out, err = a3("roster", "a3.toml", *FEW, "--out", "kept")
    assert code == 0
    assert "Traceback" not in err
    said = " ".join(out.split())
    assert "EUR an operation instead of" in said
    assert "The roster is in kept/roster.toml. Simulate it: funnelsim run kept/roster.toml --seed 2" in said
    assert {"roster.toml", "persons.csv", "manifest.json", "differences.csv"} <= {
        p.name for p in (tmp_path / "kept").iterdir()
    }
    code, _, _ = a3("run", "kept/roster.toml", "--replications", "3")
    assert code == 0


def test_a_rule_that_cannot_be_kept_is_said_in_a_sentence(a3):
    code, out, err = a3("roster", "a3.toml", *FEW, "--set", "shifts.officers.police=2")
    assert (code, out) == (2, "")
    assert "shifts.officers.police: 2 persons given, and what is wanted takes more: up to" in " ".join(err.split())


def test_a_folder_that_exists_is_not_touched(a3, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine")
    code, _, err = a3("roster", "a3.toml", *FEW, "--out", "kept")
    assert code == 2
    assert "kept: already exists and is not empty" in " ".join(err.split())
