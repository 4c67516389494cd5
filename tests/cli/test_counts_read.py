"""A command reads and plans its scenario once: counts may be large."""

import pytest

import funnelsim.counts.reading
from funnelsim.scenario.starter import starter_scenario


@pytest.fixture
def reads(monkeypatch):
    """Record each count file that is opened."""
    opened = []
    open_csv = funnelsim.counts.reading.open_csv

    def recorded(path, **options):
        opened.append(path)
        return open_csv(path, **options)

    monkeypatch.setattr(funnelsim.counts.reading, "open_csv", recorded)
    return opened


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Write a scenario with a count file into the current folder."""
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{hour:02d}:00,300\n" for hour in range(24))
    (tmp_path / "day.csv").write_text(f"start,total\n{rows}")
    head, _, rest = starter_scenario("counted").partition("[traffic.counts]")
    _, _, rest = rest.partition("]\n")
    (tmp_path / "counted.toml").write_text(head + 'counts = { file = "day.csv" }\n' + rest)
    return "counted.toml"


@pytest.mark.parametrize(
    ("command", "options", "times"),
    [
        ("check", [], 1),
        ("run", ["--replications", "2", "--jobs", "1"], 1),
        ("sweep", ["--vary", "area.bays=3,4", "--replications", "2", "--jobs", "1"], 1),
        ("compare", ["--variant", "more bays: area.bays=6", "--replications", "2", "--jobs", "1"], 2),
    ],
)
def test_a_command_reads_the_counts_of_each_scenario_once(run, counted, reads, command, options, times):
    code, _, err = run(command, counted, *options)
    assert code == 0, err
    assert len(reads) == times
