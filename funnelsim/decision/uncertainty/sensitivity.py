"""Does the answer hold when assumptions are wrong: which of them matter, and whether they change the choice."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from funnelsim.analysis.estimates import Estimate
from funnelsim.analysis.intervals import share_interval
from funnelsim.analysis.limits import Limit
from funnelsim.arrays import FloatArray
from funnelsim.decision.uncertainty.distributions import Distribution
from funnelsim.decision.uncertainty.emulated_outputs import Emulated, emulated_outputs
from funnelsim.decision.uncertainty.emulator import drawn_by
from funnelsim.decision.uncertainty.indices import Index, coordinates
from funnelsim.decision.uncertainty.responses import KEPT, Output, Respond, SimulatedPlans, outputs_of
from funnelsim.decision.uncertainty.screening import TRAJECTORIES, Effect, screened
from funnelsim.decision.uncertainty.uncertain_input import UncertainInput
from funnelsim.decision.uncertainty.uncertain_inputs import Circumstances, uncertain_inputs
from funnelsim.decision.uncertainty.value_of_information import Choice, choice_of
from funnelsim.experiments.arguments import check_arguments, not_by_name, not_whole, wrong_numbers
from funnelsim.experiments.executor import workers
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.same_traffic import refuse_other_traffic
from funnelsim.experiments.shown import Shown
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.schema import Scenario

POINTS: Final = 512
LEAST_POINTS, MOST_POINTS = 32, 4_096
REPLICATIONS: Final = 8
SPREAD: Final = 4_096  # points at which the emulators of the choice are asked
DRAWS: Final = 200
Z_95: Final = 1.96
THIS_PLAN: Final = "this plan"


@dataclass(frozen=True, eq=False)
class Findings:
    """What the plans give over all values of the uncertain inputs.

    Attributes
    ----------
    measures
        Names of what is looked at; of `limits.KEY` the mean is the chance that the limit is kept.
    outputs
        The numbers that depend on the inputs.
    effects
        What each input does to each output, from the screening.
    indices
        Shares of variance, of the outputs that vary and of the inputs that matter to them.
    means
        By plan and measure the mean over all circumstances, shape (plans, measures) of estimates.
    noise_share
        By output the share of its variance from point to point that is luck of the few operations at each.
    choice
        The choice between the plans; None where there is one.
    u, values
        The points, as probabilities of the inputs, and the mean of each output there, (points, outputs).
    """

    measures: tuple[str, ...]
    outputs: tuple[Output, ...]
    effects: tuple[Effect, ...]
    indices: tuple[Index, ...]
    means: tuple[tuple[Estimate, ...], ...]
    noise_share: tuple[float, ...]
    choice: Choice | None
    u: FloatArray
    values: FloatArray


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Shown):
    """Whether the answer holds when assumptions are wrong.

    Attributes
    ----------
    scenarios, demands
        The plans by name, the first one first, and their demands.
    inputs
        What is uncertain.
    missing
        By name of a plan the inputs that it does not have, in words.
    limits
        The limits of the first plan.
    findings
        What comes out.
    points, replications, seed, engine
        How many points were simulated beside the screening, how many operations at each, the random seed, the engine.
    """

    scenarios: Mapping[str, Scenario]
    demands: Mapping[str, Demand]
    inputs: tuple[UncertainInput, ...]
    missing: Mapping[str, tuple[str, ...]]
    limits: tuple[Limit, ...]
    findings: Findings
    points: int
    replications: int
    seed: int
    engine: Engine

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans."""
        return tuple(self.scenarios)

    @property
    def operations(self) -> int:
        """How many operations of each plan were simulated."""
        return points_of(len(self.inputs), self.points) * self.replications


def points_of(inputs: int, points: int) -> int:
    """Return how many points are simulated in all, those of the screening among them."""
    return TRAJECTORIES * (inputs + 1) + points


def sensitivity(
    scenarios: Scenario | Mapping[str, Scenario],
    points: int = POINTS,
    replications: int = REPLICATIONS,
    seed: int = 1,
    jobs: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Sensitivity:
    """Say which assumptions of a scenario matter, and whether another plan would be better if they are wrong.

    What is uncertain is what the first scenario's `[uncertain]` says, else its own values by default. All plans meet
    the same circumstances and the same vehicles.

    Parameters
    ----------
    scenarios
        One scenario, or plans by name: others are compared with the first.
    points
        At how many values of the inputs all plans are simulated, beside the screening; a power of two is spread most
        evenly.
    replications
        How many operations of each plan are simulated at each point.
    seed, jobs, engine
        As in `funnelsim.run`.
    progress
        Called with the number of points that are simulated.

    Raises
    ------
    FunnelsimError
        If an argument or the table is not allowed, or the traffic of the plans differs.
    """
    plans = {THIS_PLAN: scenarios} if isinstance(scenarios, Scenario) else scenarios
    check_arguments(
        *not_by_name("scenarios", plans),
        *wrong_numbers(replications, seed, jobs, engine, least=2),
        not_whole("points", points, LEAST_POINTS, MOST_POINTS),
    )
    plans = dict(plans)
    demands = {name: demand_of(one) for name, one in plans.items()}
    refuse_other_traffic(plans, demands)
    first = next(iter(plans))
    inputs = uncertain_inputs(plans[first], demands[first])
    missing = {name: tuple(Circumstances(one, demands[name], inputs).missing()) for name, one in plans.items()}
    with workers(jobs, engine) as executor:
        respond = SimulatedPlans(plans, demands, inputs, seed, executor, jobs, engine, progress)
        distributions = [one.distribution for one in inputs]
        found = findings_of(distributions, respond, len(plans), respond.measures, points, replications, seed, executor)
    return Sensitivity(
        plans,
        demands,
        inputs,
        {name: names for name, names in missing.items() if names},
        tuple(respond.limits),
        found,
        points,
        replications,
        seed,
        engine,
    )


def findings_of(
    distributions: Sequence[Distribution],
    respond: Respond,
    plans: int,
    measures: Sequence[str],
    points: int,
    replications: int,
    seed: int,
    executor: Executor,
) -> Findings:
    """Return what any plans give over all values of their inputs.

    Parameters
    ----------
    distributions
        Of the inputs.
    respond
        What the plans give: the simulator, or any function of the inputs.
    plans, measures
        How many plans it has, and its measures; the plans are chosen by the first one, of which more is better.
    points, replications, seed
        As in `sensitivity`.
    executor
        Where the outputs are analysed.
    """
    outputs = outputs_of(plans, measures)
    effects = screened(len(distributions), respond, outputs, measures, replications, seed)
    u = _spread(len(distributions), points, np.random.default_rng([seed, 1]))
    after = TRAJECTORIES * replications
    values = respond(u, after + replications * np.arange(points, dtype=np.int64), replications)
    with threadpool_limits(limits=1, user_api="blas"):  # the matrices are small: threads would wait for each other
        x = coordinates(u, distributions)
        emulated, noise = emulated_outputs(outputs, measures, effects, values, x, distributions, seed, executor)
        choice = _choice(outputs, measures, emulated, values, distributions, seed) if plans > 1 else None
    return Findings(
        tuple(measures),
        tuple(outputs),
        tuple(effects),
        tuple(index for one in emulated.values() for index in one.indices),
        _means(values, measures),
        tuple(noise),
        choice,
        u,
        np.column_stack([output.of(values, measures).mean(axis=1) for output in outputs]),
    )


def _spread(inputs: int, points: int, generator: np.random.Generator) -> FloatArray:
    """Return points of a scrambled Sobol sequence, shape (points, inputs).

    Those of the next power of two are drawn, as SciPy warns of any other number; the first of them are the same.
    """
    drawn: FloatArray = qmc.Sobol(inputs, rng=generator).random_base2((points - 1).bit_length())
    return drawn[:points]


def _means(values: FloatArray, measures: Sequence[str]) -> tuple[tuple[Estimate, ...], ...]:
    """Return by plan and measure the mean over all points, whose replications are independent."""
    each = values.mean(axis=1)
    means, reach = each.mean(axis=0), Z_95 * each.std(axis=0, ddof=1) / np.sqrt(len(each))
    return tuple(
        tuple(
            _share_kept(each[:, plan, place])
            if name.startswith(KEPT)
            else Estimate(float(mean), float(mean - half), float(mean + half), len(each))
            for place, (name, mean, half) in enumerate(zip(measures, means[plan], reach[plan], strict=True))
        )
        for plan in range(values.shape[2])
    )


def _share_kept(each: FloatArray) -> Estimate:
    """Return the share of operations that keep a limit, from the share at each point, with Wilson's interval.

    The replications of a point are alike. The share is as well known as one of so many independent operations that it
    would have the same standard error; where all points agree, of as many as there are points.

    References
    ----------
    Korn and Graubard (1998), Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data, Survey Methodology 24.
    """
    share, variance = float(each.mean()), float(each.var(ddof=1)) / len(each)
    alike = share * (1.0 - share) / variance if variance > 0.0 else float(len(each))
    return Estimate(share, *share_interval(share * alike, alike), len(each))


def _choice(
    outputs: Sequence[Output],
    measures: Sequence[str],
    emulated: Mapping[int, Emulated],
    values: FloatArray,
    distributions: Sequence[Distribution],
    seed: int,
) -> Choice:
    """Return the choice between the plans by the first measure."""
    u = _spread(len(distributions), SPREAD, np.random.default_rng([seed, 2]))
    x = coordinates(u, distributions)
    drawn = []
    for number, output in enumerate(outputs):
        if output.compared_with is None or output.measure != measures[0]:
            continue
        if number in emulated:
            generator = np.random.default_rng([seed, 3, number])
            one = emulated[number]
            drawn.append(drawn_by(one.fits, x[:, one.columns], DRAWS, generator))
        else:  # nothing moves it, or it is the same everywhere
            mean = output.of(values, measures).mean()
            drawn.append(np.full((DRAWS, SPREAD), mean))
    return choice_of(u, np.stack(drawn, axis=1))
