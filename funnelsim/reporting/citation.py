"""What to cite beside a result, as BibTeX: this software, and where counts and default values come from."""

import re
from collections.abc import Iterable, Iterator
from functools import singledispatch
from itertools import chain

import funnelsim
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting.assumptions import ASSUMED, SKIPPED, assumptions_of
from funnelsim.scenario.demand import Demand, day_cv_of, demand_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import plain_text
from funnelsim.scenario.traffic import Traffic
from funnelsim.wording import joined

AUTHOR = "The funnelsim developers"
TITLE = "funnelsim: discrete-event simulation of roadside police funnels"
LONGEST = 1_000
COMMANDS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # BibTeX counts braces even where they are escaped.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}
_URL = re.compile(r"https?://[^\s<>\"]+")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"]+")
_YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d.,]*\d|[/-])")
_NAME = r"[A-Z][^\W\d]+(?:-[A-Z][^\W\d]+)?"
_AUTHORS = re.compile(rf"({_NAME}(?:(?:, {_NAME})* and (?:{_NAME}|others))?),? \(?(?:19|20)\d\d\b")
_ADDRESSES = {"url": _URL, "doi": _DOI}
_VERBATIM = {"{": "%7B", "}": "%7D", "\\": "%5C"}


def bibtex(result: Run | Sweep | Comparison) -> str:
    """Return what to cite beside a result, as BibTeX: the software with its version, and the sources of the data.

    Parameters
    ----------
    result
        A run, a sweep or a comparison.
    """
    scenarios, demands = zip(*_simulated(result), strict=True)
    software = _entry("software", "funnelsim", author=AUTHOR, title=TITLE, version=funnelsim.__version__)
    return "\n".join(chain([software], _of_counts(demands), _of_defaults(scenarios)))


@singledispatch
def _simulated(result: object) -> list[tuple[Scenario, Demand]]:
    """Return the scenarios of a result, each with its demand."""
    allowed = "a run, a sweep or a comparison"
    raise FunnelsimError([Problem("result", f"{type(result).__name__} given; allowed: {allowed}")])


@_simulated.register
def _simulated_in_run(run: Run) -> list[tuple[Scenario, Demand]]:
    return [(run.scenario, run.plan.road.demand)]


@_simulated.register
def _simulated_in_sweep(sweep: Sweep) -> list[tuple[Scenario, Demand]]:
    return [(sweep.scenario, demand_of(sweep.scenario))]


@_simulated.register
def _simulated_in_comparison(comparison: Comparison) -> list[tuple[Scenario, Demand]]:
    return [(scenario, comparison.plans[name].road.demand) for name, scenario in comparison.scenarios.items()]


def _of_counts(demands: Iterable[Demand]) -> Iterator[str]:
    """Yield an entry for each source of traffic counts that is named."""
    roads = chain.from_iterable((demand, *demand.other_funnels) for demand in demands)
    named = dict.fromkeys(road.source for road in roads if road.source)
    for number, source in enumerate(named, start=1):
        yield _cited(f"funnelsim-counts-{number}", source, "Traffic counts of the scenario")


def _of_defaults(scenarios: Iterable[Scenario]) -> Iterator[str]:
    """Yield an entry for each source of values that a scenario leaves as they are by default."""
    keys: dict[str, dict[str, None]] = {}
    for key, source in chain.from_iterable(map(_defaults, scenarios)):
        if source != SKIPPED and not source.startswith(ASSUMED):
            keys.setdefault(source, {})[key] = None
    for number, (source, of) in enumerate(keys.items(), start=1):
        yield _cited(f"funnelsim-default-{number}", source, f"Default of {joined([*of])}")


def _defaults(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the keys that are as they are by default, each with what its value rests on."""
    yield from ((row.key, row.source) for row in assumptions_of(scenario) if row.set_by == "default")
    yield from _filled_in(scenario)


def _filled_in(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield what is used although the scenario has no value for it: how days vary, and how vehicles bunch."""
    sources = Traffic.model_json_schema()["properties"]
    for side in scenario.per_funnel:
        bunched = side.traffic.arrivals == "bunched"
        used = {"day_cv": day_cv_of(side) > 0.0, "least_gap_s": bunched, "bunching_factor": bunched}
        for name, is_used in used.items():
            if is_used and getattr(side.traffic, name) is None:
                yield f"traffic.{name}", sources[name]["source"].replace("`", "")


def _cited(name: str, source: str, note: str) -> str:
    """Return the entry of a source: its words as the title, and author, year and address where it has them."""
    source = plain_text(source, LONGEST)
    addresses = {
        field: found[0].rstrip(".,;:)]") for field, form in _ADDRESSES.items() if (found := form.findall(source))
    }
    words = _URL.sub("", source)
    for address in addresses.values():
        words = words.replace(address, "")
    years = set(_YEAR.findall(words))
    authors = _AUTHORS.findall(words)
    fields = {
        "author": authors[0].replace(", ", " and ") if len(authors) == 1 else "",
        "title": " ".join(words.replace("doi:", "").split()).strip(" ,;:"),
        "year": years.pop() if len(years) == 1 else "",
        **addresses,
        "note": note,
    }
    return _entry("misc", name, **{field: text for field, text in fields.items() if text})


def _entry(kind: str, name: str, **fields: str) -> str:
    lines = [f"  {field} = {_value(field, text)}," for field, text in fields.items()]
    return "\n".join([f"@{kind}{{{name},", *lines, "}", ""])


def _value(field: str, text: str) -> str:
    if field in _ADDRESSES:  # taken as they are
        return f"{{{''.join(_VERBATIM.get(character, character) for character in text)}}}"
    if field == "author" and " and " in text:  # names, which two braces would make one
        return f"{{{_latex(text)}}}"
    return f"{{{{{_latex(text)}}}}}"


def _latex(text: str) -> str:
    return "".join(COMMANDS.get(character, character) for character in plain_text(text, LONGEST))
