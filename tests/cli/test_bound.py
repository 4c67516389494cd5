"""`funnelsim bound`: what no selection can exceed, what is scarce, and whom to select."""

from pathlib import Path

import pytest

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_scenario_has_a_bound(run, scenario, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = run("bound", str(scenario))
    assert code == 0
    said = " ".join(out.split())
    assert "no selection finds more than" in said
    assert "What is scarce" in said
    assert "Whom to select" in said
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= 60


def test_what_is_set_counts(run):
    """With one bay instead of six the bay is scarce, and the bound falls."""
    file = str(SCENARIOS[2])

    def most(*arguments):
        said = " ".join(run("bound", file, *arguments)[1].split())
        return float(said.partition("finds more than ")[2].split()[0])

    assert most("--set", "area.bays=1") < most()
