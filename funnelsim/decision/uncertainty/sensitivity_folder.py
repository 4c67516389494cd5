"""The folder that keeps a sensitivity analysis: its tables, and what they were made with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.uncertainty.distributions import kept_within
from funnelsim.decision.uncertainty.responses import Output
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.decision.uncertainty.uncertain_input import UncertainInput
from funnelsim.decision.words_file import write_words
from funnelsim.experiments.manifest import provenance, write_manifest
from funnelsim.experiments.results import kept_scenarios
from funnelsim.experiments.tables import write_csv

KIND: Final = "sensitivity analysis"
WORDS: Final = "sensitivity.json"
PERCENTILES: Final = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


def save_sensitivity(
    made: Sensitivity, folder: Path, words: Sequence[Mapping[str, Any]], command: Sequence[str] | None = None
) -> None:
    """Write a sensitivity analysis into an existing folder; the manifest, with all plans, comes last.

    Parameters
    ----------
    made, folder
        What was found, and where to.
    words
        What was said of it, as data, for `funnelsim report --with`.
    command
        As it was typed.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    scenarios, copies = kept_scenarios(made.scenarios, made.demands, folder)
    tables = {
        "inputs.csv": inputs_table(made),
        "effects.csv": effects_table(made),
        "indices.csv": indices_table(made),
        "means.csv": means_table(made),
        "points.csv": points_table(made),
    }
    if made.findings.choice is not None:
        tables |= {"choice.csv": choice_table(made), "thresholds.csv": thresholds_table(made)}
    for name, table in tables.items():
        write_csv(table, folder / name)
    manifest = {
        "kind": KIND,
        "scenarios": scenarios,
        "uncertain": {
            one.key: {"distribution": repr(one.distribution), "factor": one.relative, "source": one.source}
            for one in made.inputs
        },
        "seed": made.seed,
        "points": made.points,
        "replications": made.replications,
        **provenance(made.engine, made.demands.values(), command),
    }
    write_words(words, folder / WORDS)
    write_manifest(folder, manifest, [*tables, WORDS, *copies])


def inputs_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each input: its percentiles, as values or as factors on today's, and its source."""
    return pl.DataFrame(
        [
            {
                "input": one.key,
                "name": one.name,
                "percentiles_are": "factors" if one.relative else "values",
                **{name: float(one.distribution.quantile(np.array(u))) for name, u in PERCENTILES.items()},
                "source": one.source,
            }
            for one in made.inputs
        ]
    )


def effects_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each output and input: the elementary effects of the screening."""
    return pl.DataFrame(
        [
            {
                **_output(made, made.findings.outputs[one.output]),
                "input": made.inputs[one.input].key,
                **_estimate("size", one.size),
                "mean": one.mean,
                "spread": one.spread,
                "matters": one.matters,
            }
            for one in made.findings.effects
        ],
        infer_schema_length=None,
    )


def indices_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each output and input that matters to it: first-order and total index."""
    words = dict.fromkeys(("plan", "compared_with", "measure", "input"), pl.String)
    return pl.DataFrame(
        [
            {
                **_output(made, made.findings.outputs[one.output]),
                "input": made.inputs[one.input].key,
                **_estimate("first", one.first),
                **_estimate("total", one.total),
            }
            for one in made.findings.indices
        ],
        schema_overrides=words,
        infer_schema_length=None,
    )


def means_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each plan and measure: the mean over all circumstances."""
    return pl.DataFrame(
        [
            {"plan": plan, "measure": measure, **_estimate("mean", mean)}
            for plan, means in zip(made.plans, made.findings.means, strict=True)
            for measure, mean in zip(made.findings.measures, means, strict=True)
        ]
    )


def choice_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each number about the choice: chances, regrets and values of information."""
    choice = made.findings.choice
    if choice is None:
        return pl.DataFrame()
    rows: list[tuple[str, str | None, str | None, Estimate]] = [("evpi", None, None, choice.perfect_information)]
    for place, plan in enumerate(made.plans):
        rows += [("best", plan, None, choice.best[place]), ("regret", plan, None, choice.regret[place])]
    for place, plan in enumerate(made.plans[1:]):
        rows += [("first_beats", plan, None, choice.beats[place]), ("finds_more", plan, None, choice.difference[place])]
    rows += [
        ("evppi", None, one.key, value) for one, value in zip(made.inputs, choice.partial_information, strict=True)
    ]
    return pl.DataFrame(
        [{"what": what, "plan": plan, "input": key, **_estimate("value", of)} for what, plan, key, of in rows],
        schema_overrides={"plan": pl.String, "input": pl.String},
        infer_schema_length=None,
    )


def thresholds_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each plan but the best on average, and each input: where it becomes as good as that one.

    The place is a value of the input, or a factor on today's.
    """
    choice = made.findings.choice
    if choice is None:
        return pl.DataFrame()
    rows = [
        {
            "plan": made.plans[one.plan],
            "compared_with": made.plans[choice.best_on_average],
            "input": made.inputs[one.input].key,
            "better": None if one.above is None else "above" if one.above else "below",
            **_estimate("at", _at(made.inputs[one.input], one.u)),
            "crossed_in": one.crossed_in,
        }
        for one in choice.thresholds
    ]
    return pl.DataFrame(rows, schema_overrides={"better": pl.String}, infer_schema_length=None).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def points_table(made: Sensitivity) -> pl.DataFrame:
    """Return a row for each point: the inputs, as values or factors, and the mean of each output there."""
    within = kept_within(made.findings.u)
    inputs = {one.key: one.distribution.quantile(within[:, place]) for place, one in enumerate(made.inputs)}
    outputs = {_column(made, one): made.findings.values[:, place] for place, one in enumerate(made.findings.outputs)}
    return pl.DataFrame(inputs | outputs)


def _column(made: Sensitivity, output: Output) -> str:
    compared = "" if output.compared_with is None else f" less {made.plans[output.compared_with]}"
    return f"{output.measure} of {made.plans[output.plan]}{compared}"


def _at(one: UncertainInput, u: Estimate) -> Estimate:
    """Return the values of an input for probabilities."""
    mean, low, high = (float(one.distribution.quantile(kept_within(np.array(end)))) for end in (u.mean, u.low, u.high))
    return Estimate(mean, low, high, u.n)


def _output(made: Sensitivity, output: Output) -> dict[str, str | None]:
    compared = None if output.compared_with is None else made.plans[output.compared_with]
    return {"plan": made.plans[output.plan], "compared_with": compared, "measure": output.measure}


def _estimate(name: str, estimate: Estimate) -> dict[str, float]:
    return {name: estimate.mean, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
