"""What the README and docs/limits.md show of simulations, made again.

Run as a script after a change of the model, and after the reference result has been made again, it writes the result
shown in the README and the table of sensitivities. Sentences with numbers are for people: tests name those that differ.
"""

import json
import re
from functools import cache
from pathlib import Path

import funnelsim
from funnelsim.reporting.run_summary import summary_sections
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario.schema import Scenario

ROOT = Path(__file__).parents[2]
README, LIMITS = ROOT / "README.md", ROOT / "docs" / "limits.md"
REFERENCE = ROOT / "results" / "reference"
SCENARIO = ROOT / "scenarios" / "motorway_early_shift.toml"
SHOWN = re.compile(r"(?<=^```\n)Border motorway.*?(?=^```$)", flags=re.DOTALL | re.MULTILINE)
ROW = re.compile(
    r"^(?P<change>\| (?P<set>nothing|`[^`]+`)[^|]*)\|(?P<numbers>(?: [\d.]+ ± [\d.]+ \|){3})$", flags=re.MULTILINE
)
MEASURES = {"expected_detections": 3, "delay_mean_s": 0, "tail_max_m": 0}


@cache
def reference_run():
    """Run the reference result's scenario again, from what its manifest records."""
    manifest = json.loads((REFERENCE / "manifest.json").read_text(encoding="utf-8"))
    return funnelsim.run(Scenario.model_validate(manifest["scenario"]), manifest["replications"], manifest["seed"])


def shown():
    """Return what the README shows of the reference result: all of its first screen."""
    return plain_text(summary_sections(reference_run()), width=80)


def numbers(changed):
    """Return the numbers of a row of the table of sensitivities: what one changed key does to each measure."""
    overrides = [] if changed == "nothing" else [changed.strip("`")]
    estimates = funnelsim.run(funnelsim.load_scenario(SCENARIO, overrides), replications=100, seed=1).estimates
    cells = (
        f" {estimates[measure].mean:.{digits}f} ± {estimates[measure].half_width:.{digits}f} |"
        for measure, digits in MEASURES.items()
    )
    return "".join(cells)


def rewrite(page, pattern, replacement):
    """Write a page again with what matches the pattern replaced."""
    page.write_text(pattern.sub(replacement, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    rewrite(README, SHOWN, lambda _: shown())
    rewrite(LIMITS, ROW, lambda row: f"{row['change']}|{numbers(row['set'])}")
