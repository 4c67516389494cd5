"""How often the probabilities of `funnelsim sensitivity` are right for plans that are simulated.

A checkpoint of one hour on a road with 420 vehicles has 3 to 8 uncertain inputs, of those that a scenario has by
default. The second plan of a pair selects, staffs or equips otherwise than the first; of a few that are tried out it is
the one whose probability to be worse is nearest to a number drawn from 0 to 1, so that probabilities are spread.

The pairs go through the code of the command. The truth comes from other circumstances and other operations: in each of
250, both plans are simulated as often as it takes to see which of them finds more, but at most 320 times.

    python benchmarks/sensitivity_plans.py [PAIRS]
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import numpy as np
from sensitivity_reliability import RESULTS, draw, summary, write_page

from funnelsim.decision.uncertainty.responses import FOUND, SimulatedPlans
from funnelsim.decision.uncertainty.sensitivity import findings_of
from funnelsim.decision.uncertainty.uncertain_inputs import uncertain_inputs
from funnelsim.experiments.executor import InProcessExecutor
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from

PAIRS, POINTS, REPLICATIONS = 100, 512, 8  # some 15 minutes on two quiet cores
CIRCUMSTANCES = 250  # from which the truth is known
FEWEST, MOST = 20, 320  # operations of each
CLEAR = 3.5  # standard errors: then the sign of a difference is taken to be seen
TRIED, PILOT = 5, 32  # plans that are tried out as the second one, and in how many circumstances
SEED = 20_27
ROAD = {
    "title": "Calibration",
    "operation": {"opens": "06:00", "closes": "07:00", "run_out_min": 20, "lead_in_min": 5, "stop_selecting_min": 5},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"car": [300] * 4, "van": [60] * 4, "lorry": [60] * 4}}},
    "targets": [
        {"name": "concealed persons", "per_10k": {"van": 200, "lorry": 300}, "cue_auc": 0.7},
        {"name": "contraband", "per_10k": {"car": 60, "van": 100}, "cue_auc": 0.6},
    ],
    "selection": {"rule": "score", "rate": {"default": 0.0}},
    "area": {
        "bays": 3,
        "waiting": 3,
        "stages": [
            {
                "name": "probe",
                "duration": {"mean_s": 120, "cv": 0.4},
                "crew": {"police": 1},
                "alarms": {"concealed persons": 0.8, "contraband": 0.3, "ordinary": 0.1},
            },
            {
                "name": "search",
                "only_after_alarm": True,
                "duration": {"mean_s": 600, "cv": 0.6},
                "crew": {"police": 2},
                "finds": {"concealed persons": 0.9, "contraband": 0.6},
            },
        ],
    },
    "staffing": {"roster": [{"agency": "police", "count": 4, "from": "05:30", "to": "08:00"}]},
}


def choices(generator):
    """Return what a plan chooses, drawn at random."""
    rates = {name: float(generator.uniform(*ends)) for name, ends in (("car", (0, 0.1)), ("van", (0, 0.5)))}
    return {
        "selection.rate.car": rates["car"],
        "selection.rate.van": rates["van"],
        "selection.rate.lorry": float(generator.uniform(0, 0.5)),
        "area.bays": int(generator.integers(2, 6)),
        "area.waiting": int(generator.integers(0, 6)),
        "staffing.roster.police.count": int(generator.integers(2, 7)),
    }


class Pair:
    """Two plans, and what is uncertain about them."""

    def __init__(self, number):
        self.number = number
        generator = np.random.default_rng([SEED, number])
        tried = [scenario_from(ROAD, where="plan", overrides=choices(generator)) for _ in range(TRIED + 1)]
        of_first = uncertain_inputs(tried[0], demand_of(tried[0]))
        some = generator.choice(len(of_first), int(generator.integers(3, 9)), replace=False)
        self.inputs = [of_first[place] for place in sorted(some.tolist())]
        wanted = generator.uniform()
        u = generator.uniform(size=(PILOT, len(self.inputs)))
        pilot = self._simulated(tried, 0)(u, _apart(PILOT, REPLICATIONS), REPLICATIONS)[:, :, :, 0].mean(axis=1)
        first_best = (pilot[:, :1] > pilot[:, 1:]).mean(axis=0)
        self.plans = [tried[0], tried[1 + int(np.abs(first_best - wanted).argmin())]]

    def _simulated(self, plans, purpose):
        scenarios = {f"plan {place}": one for place, one in enumerate(plans)}
        demands = {name: demand_of(one) for name, one in scenarios.items()}
        seed = 3 * self.number + purpose
        return SimulatedPlans(scenarios, demands, self.inputs, seed, InProcessExecutor(), 1)

    def stated(self):
        """Return what is stated about the pair."""
        respond, distributions = self._simulated(self.plans, 1), [one.distribution for one in self.inputs]

        def finds(u, first, replications):
            return respond(u, first, replications)[:, :, :, :1]

        found = findings_of(
            distributions, finds, 2, [FOUND], POINTS, REPLICATIONS, 3 * self.number + 1, InProcessExecutor()
        )
        best = found.choice.best[0]
        unmodelled = float(np.mean(found.values[:, 0] < 0.0) + 0.5 * np.mean(found.values[:, 0] == 0.0))
        return {"stated": best.mean, "low": best.low, "high": best.high, "unmodelled": unmodelled}

    def true(self, circumstances=CIRCUMSTANCES):
        """Return in which of some circumstances the first plan finds more, as 0, 1/2 or 1, and where that is seen."""
        respond = self._simulated(self.plans, 2)
        u = np.random.default_rng([SEED, self.number, 1]).uniform(size=(circumstances, len(self.inputs)))
        total, squares, clear = np.zeros(circumstances), np.zeros(circumstances), np.zeros(circumstances, dtype=bool)
        done = 0
        while done < MOST and not clear.all():
            more = max(FEWEST, done)  # twice as many as before
            open_ = np.flatnonzero(~clear)
            values = respond(u[open_], MOST * open_ + done, more)[:, :, :, 0]
            finds = values[:, :, 0] - values[:, :, 1]
            total[open_] += finds.sum(axis=1)
            squares[open_] += (finds**2).sum(axis=1)
            done += more
            mean = total[open_] / done
            error = np.sqrt(np.maximum(squares[open_] / done - mean**2, 0.0) / done)
            clear[open_] = np.abs(mean) > CLEAR * error
        return 0.5 + 0.5 * np.sign(total), clear


def _apart(points, replications):
    return replications * np.arange(points, dtype=np.int64)


def measured(number):
    """Return what is stated about a pair, and what is true."""
    pair = Pair(number)
    best, clear = pair.true()
    return {
        **pair.stated(),
        "true": float(best.mean()),
        "happens": float(best[0]),
        "circumstances": CIRCUMSTANCES,
        "unclear": float(1.0 - clear.mean()),
        "inputs": len(pair.inputs),
    }


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    begun = perf_counter()
    with ProcessPoolExecutor(2) as workers:
        made = list(workers.map(measured, range(pairs)))
    found = summary(made) | {
        "unclear": float(np.mean([one["unclear"] for one in made])),
        "minutes": round((perf_counter() - begun) / 60.0, 1),
    }
    RESULTS["plans"].write_text(json.dumps(found | {"each": made}, indent=1) + "\n", encoding="utf-8")
    draw()
    write_page()
    print(json.dumps({name: value for name, value in found.items() if name != "bins"}, indent=1))


if __name__ == "__main__":
    main()
