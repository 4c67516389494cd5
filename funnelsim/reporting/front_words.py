"""What `funnelsim optimise` says of a trade-off: the plans that no other one beats, a row each."""

from collections.abc import Sequence

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.decision.optimisation.front import Front
from funnelsim.decision.optimisation.question import OF_FRONT
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.toml_text import short_text
from funnelsim.wording import NOTHING, counted, number_text, verb


def front_sections(title: str, front: Front, keys: Sequence[str]) -> list[Section]:
    """Return the trade-off in words and as a table.

    Parameters
    ----------
    title
        Of the scenario.
    front
        The trade-off.
    keys
        The keys that may change.
    """
    number = len(front.points)
    if not number:
        return [Section(title, ("No plan searched keeps these limits, so there is no trade-off to show.",))]
    told = (
        f"{counted(number, 'plan')} cannot be beaten in targets found, P95 delay and officer-hours all at once. "
        f"{verb(number, 'It was', 'Each was')} simulated again on other vehicles; "
        f"{verb(number, 'it keeps', 'all keep')} what {verb(number, 'it', 'they')} must."
    )
    return [Section(title, (told,)), Section("Trade-off", (_grid(front, keys),))]


def _grid(front: Front, keys: Sequence[str]) -> Grid:
    heads = ["plan", "found", "P95 delay, min", "officer-hours", *_heads(keys)]
    rows = []
    for number, point in enumerate(front.points, start=1):
        figures = [estimate_text(point.estimates[name], measure_named(name).unit.factor) for name in OF_FRONT]
        rows.append((str(number), *figures, *(value_text(point.values.get(key)) for key in keys)))
    return Grid(tuple(map(Column, heads)), tuple(rows))


def _heads(keys: Sequence[str]) -> list[str]:
    r"""Return keys as heads of columns, a name a line: their last two names, or as many as tell them apart.

    Examples
    --------
    >>> _heads(["staffing.roster.police.count", "area.bays"])
    ['police\ncount', 'area\nbays']
    """
    names = [split_path(key) for key in keys]
    longest = max(map(len, names), default=0)
    few = next((n for n in range(2, longest) if len({path[-n:] for path in names}) == len(names)), longest)
    return ["\n".join(path[-few:]) for path in names]


def value_text(value: object) -> str:
    """Return the value of a key as a table shows it."""
    if value is None:
        return NOTHING
    return number_text(value, 3) if isinstance(value, float) else short_text(value).strip('"')
