"""The assumptions of a scenario: every value with its meaning, and who says so.

Made from the schema and the values alone, so that a scenario read back from a result, where every default is filled in,
gives the same rows as the planner's file: a value that equals the default counts as the default, and any other that
equals what `funnelsim new` writes at the same key as a starter value.
"""

import math
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from funnelsim.scenario.json_schema import FURTHER_FUNNELS, Node, branches, child, root
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.paths import dotted_key, entry_names
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.starter import starter_scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES, DEFAULT_SHARES, SOURCES
from funnelsim.selection_rules import BY_NAME
from funnelsim.units import DAY_S, MINUTE_S
from funnelsim.wording import counted, number_text

# What moves yield and delay most; the reader of a report looks at these first.
_MATTERS = (
    "targets.*.per_10k",
    "targets.*.cue_auc",
    "targets.*.evade.*",
    "approach.exit.*",
    "selection.rule",
    "selection.rate*",
    "selection.index.*",
    "selection.look.mean_s",
    "selection.look.reference_s",
    "selection.look.tires_half_life_h",
    "selection.watchlist.*",
    "selection.adapt.*",
    "area.changeover_s",
    "staffing.pause_between_checks_s",
    "area.when_full",
    "area.stages.*.duration.mean_s",
    "area.stages.*.finds*",
    "area.stages.*.alarms*",
    "area.after_detection.duration.mean_s",
    "area.after_detection.transport.duration.mean_s",
    "staffing.chase.pursues",
    "staffing.chase.brings",
    "staffing.chase.duration.mean_s",
    "approach.merge_s",
    "approach.wave_speed_kmh",
    "lane.speed_kmh",
    "lane.capacity_vph",
    "lane.headway_cv",
    "traffic.counts",
    "traffic.arrivals",
    "traffic.scale",
    "classes.*.spacing_m",
    "classes.*.reaction_s",
    "classes.*.diversion_s",
    "limits.*",
    "funnels.*.prevalence_factor",
)
# Names, not assumptions.
_SILENT = ("version", "title", "currency", "direction", "funnels.*.direction", "*.name", "*.agency")
# What has no value while a feature is off: nothing is assumed about it then.
_OFF_AS_NONE = (
    "operation.also",
    "approach.exit",
    "approach.warning_m",
    "targets.*.evade.queue",
    "selection.look.reference_s",
    "selection.look.tires_half_life_h",
    "selection.look.rotate_min",
    "selection.watchlist",
    "selection.adapt",
    "selection.rate_by_time",
    "selection.index.*",
    "area.after_detection.transport",
    "staffing.roster.*.days",
    "equipment.*.from",
    "equipment.*.to",
    "equipment.*.outages",
    "equipment.*.outages.*.days",
    "equipment.*.outages.*.pieces",
    "staffing.supervision",
    "staffing.chase",
    "funnels",
)

ASSUMED = "assumption"
PLANNERS_OWN = "planner's own"
STARTERS = "starter value"
LEFT_OUT = "none"
SKIPPED = "left out"

Setter = Literal["default", "starter", "planner", "varied"]

_MISSING = object()
PER_HOUR = "currency/h"  # as the schema names the unit


@dataclass(frozen=True)
class Assumption:
    """One value of a scenario.

    Attributes
    ----------
    key
        Its dotted key; `*` where it is the same key of all vehicle classes.
    meaning
        What it is, in a sentence.
    value
        The value in words, with its unit.
    source
        Where it comes from: a source, "assumption", "starter value", or "planner's own".
    set_by
        Whether it is the default, what `funnelsim new` writes, the planner's, or what a sweep varied.
    matters
        Whether it is one of those that move the results most.
    """

    key: str
    meaning: str
    value: str
    source: str
    set_by: Setter
    matters: bool

    @property
    def group(self) -> str:
        """The part of the scenario it belongs to."""
        return self.key.split(".", maxsplit=1)[0]


def assumptions_of(scenario: Scenario, varied: Collection[str] = ()) -> list[Assumption]:
    """Return every value of a scenario with its source, in the order of the scenario file.

    Parameters
    ----------
    scenario
        The scenario.
    varied
        Dotted keys that a sweep varied: their values here are those of one design point.
    """
    data = scenario.model_dump(mode="json", by_alias=True)
    features = Features(scenario)
    named_keys = [dotted_key(data, steps_to(data, split_path(key))) for key in varied]
    rows = [_in_currency(row, scenario.currency) for row in _rows(data)]
    marked = [_marked(_from_starter(row, data), named_keys) for row in rows]
    return [row for row in marked if row.set_by == "varied" or features.has(row.key, given=row.value != LEFT_OUT)]


def _in_currency(row: Assumption, currency: str) -> Assumption:
    """Return an assumption with the scenario's currency in its unit: "50 EUR/h"."""
    return replace(row, value=row.value.replace(PER_HOUR, f"{currency}/h"))


def _rows(data: Mapping[str, Any]) -> Iterator[Assumption]:
    """Yield every value of a scenario, given as plain data, with its source."""
    for key, node in root()["properties"].items():
        if key not in data:
            continue  # a part of the file that is no part of the operation
        if key == "classes":
            yield from _of_classes(data[key], node, _counted_by_class(data))
        else:
            yield from _walk(node, data[key], (key,), _MISSING, None)


@cache
def _starter() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the starter scenario as plain data, and what it says beyond the defaults, by key."""
    scenario = scenario_from(tomllib.loads(starter_scenario("starter")), where="starter")
    data = scenario.model_dump(mode="json", by_alias=True)
    return data, {row.key: row.value for row in _rows(data) if row.set_by == "planner"}


def _from_starter(row: Assumption, data: Mapping[str, Any]) -> Assumption:
    """Return the row as a starter value if the starter scenario says the same of its key."""
    starter, said = _starter()
    if row.key == "traffic.counts":
        same = _same_counts(data["traffic"]["counts"], starter["traffic"]["counts"])
    else:
        same = said.get(row.key) == row.value
    if row.set_by != "planner" or not same:
        return row
    return replace(row, set_by="starter", source=row.source.replace(PLANNERS_OWN, STARTERS, 1))


def _same_counts(counts: Mapping[str, Any], starters: Mapping[str, Any]) -> bool:
    """Tell whether counts are those of the starter, or a part of them by class, as a result has it."""
    if not counts.get("vehicles") or counts["minutes"] != starters["minutes"]:
        return False
    first = seconds_after_midnight(counts["from"])
    step_s = counts["minutes"] * MINUTE_S
    (day,) = starters["vehicles"].values()
    totals = [sum(row) for row in zip(*counts["vehicles"].values(), strict=True)]
    return any(totals) and all(
        total == 0 or math.isclose(total, day[int((first + place * step_s) % DAY_S // step_s)], rel_tol=1e-9)
        for place, total in enumerate(totals)
    )


def those_that_matter(rows: Sequence[Assumption]) -> list[Assumption]:
    """Return the assumptions that move the results most."""
    return [row for row in rows if row.matters]


def grouped(rows: Sequence[Assumption]) -> list[tuple[str, list[Assumption]]]:
    """Return the assumptions by the part of the scenario they belong to."""
    return [(name, list(members)) for name, members in groupby(rows, key=lambda row: row.group)]


def _marked(row: Assumption, varied: Collection[str]) -> Assumption:
    matters = moves_results(row.key) and row.value != LEFT_OUT
    is_varied = any(_about(row.key, key) for key in varied)
    source = f"varied; {row.source}" if is_varied else row.source
    return Assumption(
        row.key, row.meaning, row.value, source, "varied" if is_varied else row.set_by, matters or is_varied
    )


def _about(row: str, key: str) -> bool:
    """Whether a row shows a key, a part of it, or a whole to which it belongs."""
    return fnmatchcase(key, row) or key.startswith(f"{row}.") or row.startswith(f"{key}.")


def _walk(node: Node, value: Any, path: tuple[str, ...], default: Any, source: str | None) -> Iterator[Assumption]:  # noqa: ANN401
    """Yield the values below one key.

    Parameters
    ----------
    node
        What the schema says of the key.
    value
        What stands there.
    path
        The way to it.
    default
        What the default of a table above says of it, if anything.
    source
        Where that default comes from.
    """
    default = node.get("default", _MISSING) if default is _MISSING else default
    source = node.get("source", source)
    if path[-2:] == ("traffic", "counts"):
        named = value.get("source") or PLANNERS_OWN
        yield Assumption(".".join(path), _meaning(node), _counts_text(value), named, "planner", matters=False)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        names = entry_names(value)
        for place, entry in enumerate(value):
            name = names[place]
            label = name if name is not None and names.count(name) == 1 else str(place)
            yield from _walk(child(node, place) or {}, entry, (*path, label), _MISSING, None)
    elif isinstance(value, Mapping) and any("properties" in form for form in branches(node)):
        inherited = default if isinstance(default, Mapping) else {}
        for key, below in value.items():
            from_above = source if key in inherited else None
            yield from _walk(child(node, key) or {}, below, (*path, key), inherited.get(key, _MISSING), from_above)
    else:
        yield _row(node, value, path, default, source)


def _row(node: Node, value: Any, path: tuple[str, ...], default: Any, source: str | None) -> Assumption:  # noqa: ANN401
    key, meaning, said = path_text(path), _meaning(node), _said(value, node)
    if default is not _MISSING and value == default:
        by = SKIPPED if said == LEFT_OUT else source or ASSUMED
        return Assumption(key, meaning, said, by, "default", matters=False)
    # The schema's source speaks of its default; of a key without one it speaks of whatever the planner gives.
    speaks = f" ({source})" if default is _MISSING and source else ""
    return Assumption(key, meaning, said, f"{PLANNERS_OWN}{speaks}", "planner", matters=False)


def _counted_by_class(data: Mapping[str, Any]) -> bool:
    return "total" not in (data["traffic"]["counts"].get("vehicles") or {"total": []})


def _of_classes(classes: Mapping[str, Any], node: Node, by_class: bool) -> Iterator[Assumption]:  # noqa: FBT001
    """Yield a row for each key of the vehicle classes, default and planner's values apart."""
    for key, below in (branches(child(node, "car") or {})[0])["properties"].items():
        if key == "share" and by_class:
            continue  # the counts say what the classes are
        defaults = {
            name: DEFAULT_SHARES.get(name) if key == "share" else DEFAULT_CLASSES.get(name, {}).get(key)
            for name in classes
        }
        kept = {name: entry[key] for name, entry in classes.items() if entry[key] == defaults[name]}
        own = {name: entry[key] for name, entry in classes.items() if name not in kept and entry[key] is not None}
        label, source = f"classes.*.{key}", SOURCES.get(key, ASSUMED)
        if kept:
            yield Assumption(label, _meaning(below), _said(kept, below), source, "default", matters=False)
        if own:
            yield Assumption(label, _meaning(below), _said(own, below), PLANNERS_OWN, "planner", matters=False)


def _meaning(node: Node) -> str:
    described: str = node.get("description", "")
    return described.replace("`", "")


def _said(value: Any, node: Node) -> str:  # noqa: ANN401  (whatever a scenario can hold)
    unit = node.get("unit", "")
    if value is None or value in ([], {}):
        return LEFT_OUT
    if isinstance(value, Mapping):
        inside = ", ".join(f"{name} {_plain(below)}" for name, below in value.items())
        return f"{inside} ({unit})" if unit else inside
    clock = unit in {"HH:MM", "YYYY-MM-DD"}
    return f"{_plain(value)} {unit}" if unit and not clock else _plain(value)


def _plain(value: Any) -> str:  # noqa: ANN401  (whatever a scenario can hold)
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number_text(float(value), digits=6)
        case Mapping():
            return "(" + ", ".join(f"{name} {_plain(below)}" for name, below in value.items()) + ")"
        case list():
            return ", ".join(map(_plain, value))
        case _:
            return str(value)


def _counts_text(counts: Mapping[str, Any]) -> str:
    if "vehicles" not in counts:
        given = {name: below for name, below in counts.items() if below and name not in {"file", "source", "mapping"}}
        said = ", read by a mapping" if counts.get("mapping") else ""
        said += "".join(f", {name} {_plain(below)}" for name, below in given.items())
        return f"from the file {Path(counts['file']).name}{said}"
    rows = counts["vehicles"].values()
    intervals = counted(len(next(iter(rows))), "interval")
    total = sum(map(sum, rows))
    return f"{intervals} of {counts['minutes']} min from {counts['from']}, {total:,.0f} vehicles in all"


def moves_results(key: str) -> bool:
    """Tell whether a key is one of those that move yield and delay most."""
    return any(fnmatchcase(name, pattern) for name in {key, _of_first(key)} for pattern in _MATTERS)


class Features:
    """The features of a scenario that are on.

    Parameters
    ----------
    scenario
        The scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._off = set(_off(scenario))

    def has(self, key: str, *, given: bool) -> bool:
        """Tell whether a key says something of this scenario.

        Parameters
        ----------
        key
            The key.
        given
            Whether it has any value.
        """
        if any(fnmatchcase(key, name) for name in _SILENT) or key in self._off:
            return False
        return given or not any(fnmatchcase(_of_first(key), name) for name in _OFF_AS_NONE)


def _of_first(key: str) -> str:
    """Return the key of the first funnel that answers to one of a further funnel; any other key as it is."""
    parts = key.split(".", maxsplit=2)
    return parts[2] if parts[0] == FURTHER_FUNNELS and "." in parts[-1] else key


def _off(scenario: Scenario) -> Iterator[str]:
    """Yield the keys whose feature is off, although they have a value."""
    if scenario.operation.days == 1:
        yield "operation.days"
    after = scenario.area.after_detection
    if not any(stage.crew for stage in (*scenario.area.stages, after, after.transport) if stage is not None):
        yield "staffing.pause_between_checks_s"
    if not scenario.area.spots:
        yield from ("area.spots", "area.after_detection.place")
    for target in scenario.targets:
        evade = path_text(["targets", target.name, "evade"])
        if not target.evade.alerted:
            yield from (f"{evade}.alerted", f"{evade}.half_life_h")
        if not target.evade.visible:
            yield f"{evade}.visible"
    for number, side in enumerate(scenario.per_funnel):
        selection = f"{FURTHER_FUNNELS}.{number - 1}.selection" if number else "selection"
        rule = BY_NAME[side.selection.rule]
        if not rule.uses_every:
            yield f"{selection}.every"
        if not rule.priced:
            yield from (f"{selection}.index.{name}" for name in type(side.selection.index).model_fields)
