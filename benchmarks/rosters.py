"""What `funnelsim roster` finds for the scenarios shipped."""

from pathlib import Path
from time import perf_counter

import funnelsim
from funnelsim.decision.rosters.roster import TODAY
from funnelsim.decision.rosters.roster_planner import FOUND, LEAST, SAME

SCENARIOS = Path(__file__).parents[1] / "scenarios"
COST, OFFICER_H = "staff_cost", "officer_h"


def measure():
    """Return costs, officer-hours and finds of today's roster and of those planned, by scenario."""
    rows = []
    for file in sorted(SCENARIOS.glob("*.toml")):
        begun = perf_counter()
        made = funnelsim.roster(funnelsim.load_scenario(file), jobs=2)
        comparison = made.comparison
        row = {"scenario": file.stem, "met": made.met, "simulated": made.simulated, "seconds": perf_counter() - begun}
        for name in (TODAY, LEAST, SAME):
            if name in comparison.scenarios:
                estimates = comparison.estimates[name]
                row[name] = {measure: estimates[measure].mean for measure in (FOUND, COST, OFFICER_H)}
        for one in comparison.differences:
            if one.measure == FOUND:
                row[one.second]["difference"] = [one.estimate.mean, one.estimate.half_width]
        rows.append(row)
        print(row, flush=True)
    return {"rows": rows}


if __name__ == "__main__":
    measure()
