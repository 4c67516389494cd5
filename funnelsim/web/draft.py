"""A draft: what a visitor has made of a scenario file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from funnelsim.decision.fluid.bound import Bound
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.experiments.arguments import MAX_SEED
from funnelsim.experiments.inputs import files_of
from funnelsim.experiments.points import PointPlanner
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.overrides import parse_override, split_path, steps_to
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text, value_text


@dataclass(frozen=True)
class Draft:
    """A scenario file with some keys changed.

    Attributes
    ----------
    file
        Its name in the folders of the page.
    values
        New values by dotted key.
    seed
        Random seed.
    """

    file: str
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1

    def changed(self, values: Mapping[str, Any]) -> "Draft":
        """Return the draft with further values."""
        return replace(self, values={**self.values, **values})

    def overrides(self) -> list[str]:
        """Return the values as `--set` takes them."""
        return [f"{key}={value_text(value)}" for key, value in self.values.items()]

    def query(self) -> str:
        """Return the draft as the query of an address, which restores it."""
        sets = [("set", one) for one in self.overrides()]
        return urlencode([("file", self.file), *sets, ("seed", str(self.seed))])

    @classmethod
    def from_query(cls, query: str) -> "Draft | None":
        """Return the draft that an address names; None if it names no file.

        Raises
        ------
        FunnelsimError
            If a value cannot be read.
        """
        given = parse_qsl(query)
        named = dict(given)
        if "file" not in named:
            return None
        seed = named.get("seed", "1")
        if not seed.isdecimal() or len(seed) > len(str(MAX_SEED)) or int(seed) > MAX_SEED:
            raise FunnelsimError([Problem("seed", f"{seed} given; allowed: a whole number from 0 to {MAX_SEED:,}")])
        return cls(named["file"], values_of_sets([value for name, value in given if name == "set"]), int(seed))


def values_of_sets(sets: Sequence[str]) -> dict[str, Any]:
    """Return values by dotted key, given as `--set` takes them.

    Raises
    ------
    FunnelsimError
        If one cannot be read.
    """
    return {path_text(one.path): one.value for one in map(parse_override, sets)}


@dataclass(frozen=True)
class Change:
    """One key of a draft that differs from the file.

    Attributes
    ----------
    key
        Dotted.
    before, now
        Its values in the file and in the draft; before is None where nothing was set.
    """

    key: str
    before: Any
    now: Any


def changes_of(draft: Draft, scenario: Scenario) -> list[Change]:
    """Return what a draft changes, whether or not a lever shows it, and whether or not it is a plan.

    Parameters
    ----------
    draft
        A draft.
    scenario
        As it stands in the file.
    """
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)

    def before(key: str) -> Any:  # noqa: ANN401  (whatever a key of a scenario takes)
        try:
            *table, name = steps_to(data, split_path(key))
            found = value_at(data, (*table, name))
            return value_at(data, (*table, "default")) if found is None else found  # of all classes not named
        except ScenarioError:  # the file was changed since, and the key leads nowhere
            return None

    return [Change(key, before(key), value) for key, value in draft.values.items()]


Coming = tuple[frozenset[str], ...]
"""By funnel the classes of which vehicles come."""


def coming_of(demand: Demand) -> Coming:
    """Return by funnel the classes of which vehicles come.

    Parameters
    ----------
    demand
        Of the first funnel, with those of the others.
    """
    return tuple(
        frozenset(name for name, number in zip(one.classes, one.vehicles.sum(axis=0).tolist(), strict=True) if number)
        for one in (demand, *demand.other_funnels)
    )


class Planner:
    """Makes plans of drafts of one scenario file; its counts are read once.

    Parameters
    ----------
    path
        The scenario file.
    folders
        Where the counts that it names may lie; none for anywhere.

    Attributes
    ----------
    path, scenario
        The file, and the scenario as it stands there.
    """

    def __init__(self, path: Path, folders: Sequence[Path] = ()) -> None:
        self.path, self._folders = path, folders
        self.scenario = load_scenario(path)
        self._points = PointPlanner(self.scenario, where=path.name)
        self._bounds = Bounds()

    def scenario_of(self, values: Mapping[str, Any]) -> Scenario:
        """Return the scenario with some keys changed; errors are those of `plan`."""
        return self._points.scenario_of(dict(values))

    def plan(self, values: Mapping[str, Any]) -> tuple[Scenario, Plan]:
        """Return the scenario with some keys changed, and its plan.

        Raises
        ------
        FunnelsimError
            If a value is not allowed, or the plan cannot do what it says.
        """
        scenario = self.scenario_of(values)
        self._refuse_elsewhere(scenario)
        return scenario, plan_of(scenario, self._points.demand_of(scenario))

    def coming(self, values: Mapping[str, Any]) -> Coming:
        """Return which classes come with some keys changed; errors are those of `plan`."""
        return coming_of(self._points.demand_of(self.scenario_of(values)))

    def _refuse_elsewhere(self, scenario: Scenario) -> None:
        """Refuse counts outside the folders of the page: what a message says of a file would be read by visitors."""
        named = [Path(file).resolve() for file in files_of(scenario)]
        outside = [file for file in named if not any(file.is_relative_to(folder) for folder in self._folders)]
        if self._folders and outside:
            message = f"{outside[0]} given; allowed: a file in the folders of the page, or one that is dropped on it"
            raise FunnelsimError([Problem(f"{self.path.name}: traffic.counts.file", message)])

    def bound(self, scenario: Scenario, plan: Plan) -> Bound:
        """Return how good any plan could be with the same officers and hours; it is solved once for all selections."""
        return self._bounds.of(scenario, plan)

    def bound_known(self, scenario: Scenario) -> Bound | None:
        """Return the same if it is known already."""
        return self._bounds.known(scenario)
