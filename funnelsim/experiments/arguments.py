"""What is given from Python is checked as what is typed is: nothing is rounded or ignored in silence."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import short_text

MAX_SEED = 2**63 - 1
MOST_REPLICATIONS = 10_000_000
MOST_JOBS = 1024
ENGINES = ("compiled", "simpy")


def check_arguments(*found: Problem | None) -> None:
    """Raise an error with all problems found.

    Raises
    ------
    FunnelsimError
        If there are any.
    """
    if problems := [problem for problem in found if problem is not None]:
        raise FunnelsimError(problems)


def not_scenarios(scenarios: Iterable[tuple[str, Any]]) -> Iterable[Problem]:
    """Yield a problem for each argument, by name, that should be a scenario and is none."""
    for name, given in scenarios:
        if not isinstance(given, Scenario):
            file = repr(given) if isinstance(given, str) else "file"
            allowed = f"allowed: a Scenario, as of funnelsim.load_scenario({file})"
            message = f"{short_text(given)} given ({type(given).__name__}); {allowed}"
            yield Problem(name, message)


def not_by_name(name: str, given: Any) -> Iterable[Problem]:  # noqa: ANN401  (whatever was given)
    """Yield a problem for an argument that should be scenarios by name and is not."""
    if not isinstance(given, Mapping):
        allowed = 'allowed: scenarios by name, such as {"A": one, "B": another}'
        yield Problem(name, f"{short_text(given)} given ({type(given).__name__}); {allowed}")
        return
    if not given:
        yield Problem(name, "none given; allowed: at least one scenario by its name")
    for key in given:
        if not isinstance(key, str):
            yield Problem(name, f"{short_text(key)} given as a name; allowed: a text")
    yield from not_scenarios((str(key), one) for key, one in given.items())


def not_of(name: str, given: Any, kind: type, allowed: str) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument that may be left out is not of a kind."""
    if given is None or isinstance(given, kind):
        return None
    return Problem(name, f"{short_text(given)} given ({type(given).__name__}); allowed: {allowed}")


def not_a_function(name: str, given: Any) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument that may be left out cannot be called."""
    if given is None or callable(given):
        return None
    return Problem(name, f"{short_text(given)} given ({type(given).__name__}); allowed: a function")


def not_a_folder(name: str, given: Any) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument that may be left out is no path, whatever there is."""
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if given is None or (isinstance(path, str) and "\0" not in path):
        return None
    return Problem(name, f"{short_text(given)} given ({type(given).__name__}); allowed: the path of a folder")


def not_yes_or_no(name: str, given: Any) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument is neither true nor false."""
    if isinstance(given, bool | np.bool_):
        return None
    return Problem(name, f"{short_text(given)} given; allowed: True or False")


def not_whole(name: str, given: Any, least: int, most: int) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument is not a whole number within bounds."""
    if isinstance(given, int | np.integer) and not isinstance(given, bool) and least <= given <= most:
        return None
    return Problem(name, f"{short_text(given)} given; allowed: a whole number from {least:,} to {most:,}")


def not_one_of(name: str, given: Any, allowed: Sequence[str]) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument is none of some words."""
    if isinstance(given, str) and given in allowed:
        return None
    return Problem(name, f"{short_text(given)} given; allowed: {', '.join(map(repr, allowed))}")


def not_a_share(name: str, given: Any) -> Problem | None:  # noqa: ANN401  (as above)
    """Return a problem if an argument is not a number from 0 to 1."""
    if isinstance(given, int | float | np.number) and not isinstance(given, bool) and 0.0 <= given <= 1.0:
        return None
    return Problem(name, f"{short_text(given)} given; allowed: a share from 0 to 1")


def wrong_numbers(replications: Any, seed: Any, jobs: Any, engine: Any, least: int = 1) -> list[Problem | None]:  # noqa: ANN401  (as above)
    """Return what is wrong with the arguments that all experiments share."""
    return [
        not_whole("replications", replications, least, MOST_REPLICATIONS),
        not_whole("seed", seed, 0, MAX_SEED),
        not_whole("jobs", jobs, 1, MOST_JOBS),
        not_one_of("engine", engine, ENGINES),
    ]
