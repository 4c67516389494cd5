"""What is wrong with the table `[uncertain]`: keys that are no circumstances, and values that a key does not take."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from funnelsim.decision.uncertainty.default_beliefs import Belief
from funnelsim.decision.uncertainty.uncertain_input import AUC, BEST_AUC, CHANCE_AUC, TOGETHER, UncertainInput
from funnelsim.errors import Problem, ScenarioError
from funnelsim.experiments.circumstances import is_circumstance
from funnelsim.scenario.json_schema import Node, branches, child, root
from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.spelling import did_you_mean
from funnelsim.scenario.toml_text import path_text, short_text
from funnelsim.scenario.uncertain import Uncertain

TABLE: Final = "uncertain"
CAPACITY: Final = ("lane", "capacity_vph")
LARGEST: Final = 1e6
_FACTORS: Final = (
    "factors on all of today's numbers and leave these out; allowed: factors around 1, such as [0.5, 1.5], or values "
    "for one entry of the table, named in the key"
)


def problems_of_key(scenario: Scenario, belief: Belief, taken: dict[tuple[str | int, ...], str]) -> Iterator[Problem]:
    """Yield what is wrong with the keys of an input, and note them."""
    data = scenario.model_dump(mode="json", by_alias=True)
    for key in belief.key.split(TOGETHER):
        where = f"{TABLE}.{belief.key}"
        try:
            steps = steps_to(data, split_path(key.strip()))
        except ScenarioError as error:
            yield Problem(where, error.problems[0].message)
            continue
        node = node_of(steps)
        if node is None:
            yield Problem(where, f"unknown key; {_meant(steps)}allowed: a key of the scenario file (docs/scenario.md)")
        elif not is_circumstance(path_text([str(step) for step in steps])) and not is_circumstance(key):
            message = "this is a choice, which a planner makes; allowed: circumstances, such as a prevalence or a time"
            yield Problem(where, message)
        elif steps[0] == "limits":
            yield Problem(
                where, "a limit is set, not uncertain; allowed: circumstances, such as a prevalence or a time"
            )
        elif other := next((name for known, name in taken.items() if _overlap(known, steps)), None):
            yield Problem(where, f"moves the same values as {other}; allowed: each value in one key")
        else:
            yield from _problems_of_type(where, value_at(data, steps), node, steps, belief.said)
        taken[steps] = belief.key


def _problems_of_type(
    where: str, today: object, node: Node, steps: Sequence[str | int], said: Uncertain
) -> Iterator[Problem]:
    """Yield what is wrong with a key for what it holds."""
    forms = {form.get("type") for form in branches(node)}
    if isinstance(today, bool | str | list) or (isinstance(today, int) and "number" not in forms):
        yield Problem(
            where, f"{short_text(today)} today, and not any number may stand there; allowed: one that takes any number"
        )
    elif isinstance(today, Mapping):
        if not today or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in today.values()):
            yield Problem(where, "no table of numbers; allowed: a number, or a table of numbers such as per_10k")
    elif today is None and not forms & {"number"}:
        yield Problem(where, "nothing there today that is a number; allowed: a key that takes a number")
    elif today is None and said.form == "factor" and tuple(steps[-2:]) != CAPACITY:
        yield Problem(where, "a factor given, and there is no value today; allowed: range, triangular or low_mid_high")
    elif today == 0 and said.form == "factor":
        yield Problem(where, "a factor given on 0, which stays 0; allowed: range or triangular")
    elif steps[-1] == AUC and today == CHANCE_AUC and said.form == "factor":
        message = "a factor given on an AUC of 0.5, which stays 0.5; allowed: range, triangular or low_mid_high"
        yield Problem(where, message)


def _meant(steps: Sequence[str | int]) -> str:
    """Ask whether another key of the same table was meant; empty where none is near."""
    parent = node_of(steps[:-1])
    known = {name for form in branches(parent or {}) for name in form.get("properties", ())}
    return did_you_mean(str(steps[-1]), known)


def _overlap(first: Sequence[str | int], second: Sequence[str | int]) -> bool:
    return all(a == b for a, b in zip(first, second, strict=False))


def node_of(steps: Sequence[str | int]) -> Node | None:
    """Return the schema of a key; None where there is no such key."""
    node: Node | None = root()
    for step in steps:
        node = child(node, step) if node is not None else None
    return node


def bounds_of(node: Node | None) -> tuple[float, float]:
    """Return the least and the greatest number that a key takes."""
    for form in branches(node or {}):
        if form.get("type") == "object" and isinstance(form.get("additionalProperties"), Mapping):
            return bounds_of(form["additionalProperties"])
        if form.get("type") == "number":
            least = form.get("minimum", form.get("exclusiveMinimum", -math.inf))
            return float(least), float(form.get("maximum", form.get("exclusiveMaximum", math.inf)))
    return -math.inf, math.inf


def problems_of_values(made: UncertainInput, said: Uncertain) -> Iterator[Problem]:
    """Yield what is wrong with the values of a distribution, for the key that takes them."""
    where = f"{TABLE}.{made.key}.{said.form}"
    values = getattr(said, said.form)
    if not isinstance(values, tuple):
        return
    if made.relative and not min(values) <= 1.0 <= max(values):
        yield Problem(where, f"{', '.join(f'{v:g}' for v in values)} given, which are {_FACTORS}")
        return
    least, most = (0.0, math.inf) if made.relative else bounds_of(node_of(tuple(split_path(made.keys[0]))))
    open_ends = said.form == "low_mid_high" or made.relative
    if made.kind == "auc" and not made.relative:
        most = BEST_AUC if not open_ends else 1.0
    beyond = [v for v in values if not (least < v < most if open_ends else least <= v <= most)]
    if beyond:
        wanted = "factors above 0" if made.relative else _wanted(least, most, open_ends=open_ends)
        yield Problem(where, f"{', '.join(f'{v:g}' for v in beyond)} given; allowed: {wanted}")


def _wanted(least: float, most: float, *, open_ends: bool) -> str:
    tiny = 0.0 < least < 1.0 / LARGEST
    if math.isinf(most) or most >= LARGEST:
        return f"numbers {'above' if open_ends or tiny else 'of at least'} {0 if tiny else least:g}"
    if tiny:
        return f"numbers above 0, {'below' if open_ends else 'at most'} {most:g}"
    return f"numbers {'between' if open_ends else 'from'} {least:g} {'and' if open_ends else 'to'} {most:g}"
