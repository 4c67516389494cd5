"""A plan of an optimisation in words: what it finds and costs, and how it fares with what it must keep."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers
from funnelsim.wording import number_text, share_text

FOUND_WORD: Final = mark("targets found")

Data = Mapping[str, Any]


def measure_text(name: str, currency: str = "") -> str:
    """Return what a measure is called on an axis, with its unit."""
    measure = measure_named(name)
    unit = currency if measure.unit.kept == "currency" else measure.unit.symbol
    return measure.label if not unit or unit in measure.label else f"{measure.label}, {unit}"


def numbers_text(ends: Sequence[float | None]) -> str:
    """Return an estimate, given as mean, low and high, as it is written everywhere."""
    mean, low, high = (float("nan") if one is None else one for one in ends)
    return estimate_text(Estimate(mean, low, high, 0))


def keeps_all(point: Data) -> bool:
    """Tell whether a plan keeps everything that it must, in the operations simulated of it."""
    return all(must["kept"] for must in point["musts"])


def surely_keeps(point: Data) -> bool:
    """Tell whether so many operations were simulated of a plan that more would hardly turn this."""
    return all(must["verdict"] == "kept" for must in point["musts"])


def point_text(point: Data, against: str) -> str:
    """Return a plan on one line: what it is, what it finds and costs, and what it breaks."""
    broken = [must_text(must) for must in point["musts"] if not must["kept"]]
    return numbers(f"{text(point['name'])}: {'; '.join([*_figures(point, against), *broken])}")


def point_lines(point: Data, against: str) -> list[str]:
    """Return the same line by line, with everything that the plan must keep."""
    return [numbers(one) for one in (text(point["name"]), *_figures(point, against), *map(must_text, point["musts"]))]


def _figures(point: Data, against: str) -> list[str]:
    known = {name: point["estimates"][name] for name in (FOUND, against) if name in point["estimates"]}
    return [
        f"{text(FOUND_WORD) if name == FOUND else measure_text(name)} {numbers_text(one)}"
        for name, one in known.items()
    ]


def must_text(must: Data) -> str:
    """Return what a plan must keep, and how it fares with it.

    Parameters
    ----------
    must
        As `shown_of_optimum` returns it.
    """
    bound, label = number_text(must["bound"], 4), measure_text(must["measure"])
    if "kept_in" not in must:
        rule = (
            text("{measure}: on average at least {bound}")
            if must["at_least"]
            else text("{measure}: on average at most {bound}")
        )
        return f"{rule.format(measure=label, bound=bound)} ({text(must['verdict'])})"
    return text("{measure}: at most {bound} in {kept} of {number} operations, {wanted} wanted ({verdict})").format(
        measure=label,
        bound=bound,
        kept=share_text(must["kept_in"]),
        number=f"{must['operations']:,}",
        wanted=share_text(must["wanted"]),
        verdict=text(must["verdict"]),
    )
