"""Whatever a scenario file holds, `check` describes it or says in one line for each problem what is wrong."""

import json
import os
import re

import pytest

from funnelsim.cli.options import planned
from funnelsim.engines.compiled import checkpoint
from funnelsim.experiments.results import summary
from funnelsim.experiments.run import run as simulate
from funnelsim.model import traffic
from funnelsim.reporting.run_table import run_sections
from funnelsim.reporting.terminal import plain_text
from tests.broken_scenarios import broken_scenario

SCENARIOS = int(os.environ.get("FUZZ_SCENARIOS", "300"))
NOT_A_NUMBER = re.compile(r"(?<![\w.])[-+±]?(nan|inf)(?![\w.])", re.IGNORECASE)


@pytest.mark.fuzz
def test_a_broken_scenario_ends_in_words_and_an_odd_one_in_numbers(run, tmp_path):
    file = tmp_path / "a.toml"
    codes, faults = set(), []
    for seed in range(SCENARIOS):
        content, done = broken_scenario(seed)
        file.write_bytes(content)
        code, out, err = run("check", "a.toml")
        codes.add(code)
        lines = err.splitlines()
        if code == 0:
            made = simulate(planned(file, None)[0], replications=2)
            out += plain_text(run_sections(made))
            json.dumps(summary(made), allow_nan=False)
        elif code != 2 or not all(line.startswith("error: ") for line in lines) or len(set(lines)) < len(lines):
            faults.append((seed, done, code, err))
        if NOT_A_NUMBER.search(out) or "Traceback" in out + err:
            faults.append((seed, done, out, err))
    assert faults == []
    assert codes == {0, 2}
    # Whatever a scenario holds, nothing is compiled a second time for it.
    assert [len(one.signatures) for one in (checkpoint.run, traffic.draw_into)] == [1, 1]
