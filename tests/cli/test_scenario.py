"""The commands about a scenario file: new, check, schema."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from funnelsim.scenario import load_scenario

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


def test_new_writes_a_scenario_that_loads(run, tmp_path):
    code, out, err = run("new", "a3_eastbound-early")
    assert (code, err) == (0, "")
    assert "Wrote a3_eastbound-early.toml" in out
    assert load_scenario(tmp_path / "a3_eastbound-early.toml").title == "A3 eastbound early"


def test_new_takes_a_name_with_its_ending(run, tmp_path):
    assert run("new", "a3.toml")[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["a3.toml"]


def test_new_refuses_to_overwrite(run, tmp_path):
    (tmp_path / "a3.toml").write_text("mine")
    assert run("new", "a3") == (2, "", "error: a3.toml: already exists and was not changed; allowed: another name\n")
    assert (tmp_path / "a3.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", ".", "..", "../a3", "plans/a3", "plans\\a3", "a\x1b[0m", "a\udc80", ".toml"])
def test_new_refuses_what_is_no_name(run, tmp_path, name):
    code, out, err = run("new", name)
    assert (code, out) == (2, "")
    assert "not a valid scenario name; allowed: letters and digits" in err
    assert "\x1b" not in err
    assert list(tmp_path.iterdir()) == []


def test_schema_prints_json_schema(run):
    code, out, err = run("schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "Scenario"


def test_the_starter_is_checked_without_a_warning(run):
    run("new", "a3")
    code, out, err = run("check", "a3.toml")
    assert (code, err) == (0, "")
    assert "Opens at 06:00 and closes at 14:00" in out
    assert "No warnings." in out


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_is_checked(run, file):
    code, out, err = run("check", str(file))
    assert (code, err) == (0, "")
    assert load_scenario(file).title in out


def test_check_takes_settings(run):
    run("new", "a3")
    assert "closes at 22:00" in run("check", "a3.toml", "--set", "operation.closes=22:00")[1]


def test_a_grave_warning_is_no_error(run):
    """What nobody is selected under may be meant; an error is what cannot be simulated."""
    run("new", "a3")
    code, out, err = run("check", "a3.toml", "--set", "selection.rate={ default = 0 }")
    assert (code, err) == (0, "")
    assert "1 grave warning" in out


def test_all_problems_of_a_file_are_said_at_once_with_exit_code_2(run, tmp_path):
    run("new", "a3")
    text = (tmp_path / "a3.toml").read_text().replace("lanes = 2", "lanse = 2").replace("bays = 4", "bays = -4")
    (tmp_path / "a3.toml").write_text(text)
    code, out, err = run("check", "a3.toml")
    assert (code, out) == (2, "")
    assert "a3.toml: approach.lanse: unknown key; did you mean lanes?" in err
    assert "a3.toml: area.bays: -4 given; allowed: a whole number from 0" in err


def test_check_loads_no_compiler_and_no_plotting():
    """`funnelsim check` answers at once: it needs neither engine nor figures (SciPy only where a price is searched)."""
    heavy = ["numba", "matplotlib", "scipy", "simpy"]
    motorway = next(path for path in SHIPPED if path.stem == "motorway_early_shift")
    code = (
        f"import sys; sys.argv = ['funnelsim', 'check', {str(motorway)!r}]\n"
        "from funnelsim import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert "Road and lane" in done.stdout
    assert done.stderr.strip() == "[]"


def test_new_writes_no_name_that_windows_cannot_hold(run, tmp_path):
    code, out, _ = run("new", "CON")
    assert code == 0
    assert out.startswith("Wrote CON_.toml.")
    assert [path.name for path in tmp_path.iterdir()] == ["CON_.toml"]
