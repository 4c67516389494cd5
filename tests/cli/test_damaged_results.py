"""Commands that read a damaged results folder end well or in one sentence a problem, whatever was damaged."""

import os
import shutil

import pytest

from tests.damage import damage

FOLDERS = int(os.environ.get("FUZZ_FOLDERS", "24"))
SHORT = ("--replications", "2", "--jobs", "1", "--set", "operation.closes=07:00", "--out")
COMMANDS = (("report",), ("plot", "--figure", "trade_off"), ("events", "--replace", "--out", "events.csv"))


@pytest.mark.fuzz
def test_a_damaged_folder_ends_in_words(run, tmp_path):
    run("new", "a")
    assert run("run", "a.toml", *SHORT, "run")[0] == 0
    assert run("sweep", "a.toml", "--vary", "area.bays=2,3", *SHORT, "sweep")[0] == 0
    whole = tmp_path / "damaged"
    said = {}
    for seed in range(FOLDERS):
        kind = ("run", "sweep")[seed % 2]
        shutil.rmtree(whole, ignore_errors=True)
        shutil.copytree(tmp_path / kind, whole)
        done = damage(whole, seed)
        for command, *options in COMMANDS:
            code, out, err = run(command, "damaged", *options)
            assert code in (0, 2), (seed, kind, done, command)
            assert all(line.startswith("error: ") for line in err.splitlines()) or code == 0, (seed, done, err)
            assert "Traceback" not in out + err
            said[code, command] = seed
    assert {code for code, _ in said} == {0, 2}
