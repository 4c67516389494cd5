"""Names that one table of a scenario uses and another table must define.

The check reads the raw file, so that its findings come together with those of the schema. It looks only where the
file has the shape it expects; what has not is the schema's to report.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from funnelsim.counts.names import LEFT_OUT
from funnelsim.scenario.paths import Steps, keys_under, tables_under, value_at
from funnelsim.scenario.problems import Finding
from funnelsim.scenario.spelling import closest, did_you_mean
from funnelsim.scenario.toml_text import short_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.selection_rules import BY_NAME

# Agencies often share half their name (police, border_police): only a near miss is taken for a misspelling.
_AGENCY_CUTOFF = 0.8
_TRANSPORT = ("area", "after_detection", "transport")
_FIRST_DIRECTION = "this direction"  # what the first funnel is called where the file does not say


def reference_findings(data: Mapping[str, Any]) -> list[Finding]:
    """Return every name in a scenario that is used but not defined, whatever else is wrong with the file.

    Examples
    --------
    >>> for finding in reference_findings({"selection": {"rate": {"default": 0.1, "lory": 0.2}}}):
    ...     print(finding.message)
    unknown class; did you mean lorry? allowed: default, car, van, camper, coach, lorry, reefer
    """
    return [
        *_classes(data),
        *_uncovered_classes(data),
        *_targets(data),
        *_agencies(data),
        *_equipment(data),
        *_directions(data),
    ]


def _funnels(data: Mapping[str, Any]) -> list[Steps]:
    """Return the places of all funnels: the file itself is the first."""
    return [(), *tables_under(data, "funnels")]


def _classes(data: Mapping[str, Any]) -> Iterator[Finding]:
    known = _known_classes(data)
    uses = [
        *((steps, ()) for target in tables_under(data, "targets") for steps in keys_under(data, *target, "per_10k")),
        *((steps, ()) for steps in _stage_classes(data)),
        *((steps, ("default",)) for duration in _durations(data) for steps in keys_under(data, *duration, "mean_s")),
        *(use for funnel in _funnels(data) for use in _classes_of_funnel(data, funnel)),
    ]
    for steps, extra in uses:
        name = value_at(data, steps) if isinstance(steps[-1], int) else steps[-1]
        yield from _unknown(name, "class", steps, [*extra, *known])
    for steps in (
        use for funnel in _funnels(data) for use in keys_under(data, *funnel, "traffic", "counts", "classes")
    ):
        name = value_at(data, steps)
        if isinstance(name, str) and name not in LEFT_OUT:
            yield from _unknown(name, "class", steps, known, note=' ("-" leaves a class out)')


def _classes_of_funnel(data: Mapping[str, Any], funnel: Steps) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    """Yield where a funnel's tables name classes, and which other names are allowed there."""
    split = keys_under(data, *funnel, "traffic", "split")
    yield from ((steps, ("default",)) for steps in keys_under(data, *funnel, "selection", "rate"))
    for span in tables_under(data, *funnel, "selection", "rate_by_time"):
        yield from ((steps, ("default",)) for steps in keys_under(data, *span, "rate"))
    yield from ((steps, ("default",)) for steps in keys_under(data, *funnel, "selection", "every"))
    yield from ((steps, ("total",)) for steps in keys_under(data, *funnel, "traffic", "counts", "vehicles"))
    yield from ((steps, ()) for steps in split)
    yield from ((part, ()) for whole in split for part in keys_under(data, *whole))


def _uncovered_classes(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find tables by class without a value for some class."""
    known = _known_classes(data)
    tables: list[tuple[Steps, list[str]]] = []
    for funnel in _funnels(data):
        tables.append(((*funnel, "selection", "rate"), known))
        rule = BY_NAME.get(str(value_at(data, (*funnel, "selection", "rule"))))
        if rule is not None and rule.uses_every:
            tables.append(((*funnel, "selection", "every"), known))
    for duration in _durations(data):
        only = value_at(data, (*duration[:-1], "for"))
        tables.append(((*duration, "mean_s"), [c for c in known if not isinstance(only, list) or c in only]))
    for steps, classes in tables:
        table = value_at(data, steps)
        if isinstance(table, Mapping) and "default" not in table:
            left = [name for name in classes if name not in table]
            if left:
                yield Finding(steps, f"no value for {', '.join(left)}; allowed: a value for each class, or a default")


def _targets(data: Mapping[str, Any]) -> Iterator[Finding]:
    known = _known_targets(data)
    for stage in tables_under(data, "area", "stages"):
        for steps in keys_under(data, *stage, "finds"):
            yield from _unknown(steps[-1], "target type", steps, known)
        for steps in keys_under(data, *stage, "alarms"):
            yield from _unknown(steps[-1], "target type", steps, [*known, "ordinary"])


def _known_targets(data: Mapping[str, Any]) -> list[str]:
    return [
        name for entry in tables_under(data, "targets") if isinstance(name := value_at(data, (*entry, "name")), str)
    ]


def _agencies(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find agencies that look like a misspelled agency of the roster; others may be missing on purpose."""
    known = _roster_agencies(data)
    crews: list[Steps] = [
        *((*funnel, "selection", "post") for funnel in _funnels(data)),
        *((*stage, "crew") for stage in tables_under(data, "area", "stages")),
        ("area", "after_detection", "crew"),
        (*_TRANSPORT, "crew"),
        ("staffing", "chase", "crew"),
        ("staffing", "supervision", "crew"),
        *keys_under(data, "staffing", "posts"),
        ("shifts", "officers"),
        ("shifts", "wanted"),
    ]
    for steps in (use for crew in crews for use in keys_under(data, *crew)):
        agency = str(steps[-1])
        if agency in known:
            continue
        if question := did_you_mean(agency, known, _AGENCY_CUTOFF):
            listed = ", ".join(dict.fromkeys(known))
            yield Finding(steps, f"this agency is not on the roster; {question}allowed: {listed}")


def _roster_agencies(data: Mapping[str, Any]) -> list[str]:
    return [
        name
        for shift in tables_under(data, "staffing", "roster")
        if isinstance(name := value_at(data, (*shift, "agency")), str)
    ]


def _equipment(data: Mapping[str, Any]) -> Iterator[Finding]:
    places = {str(steps[-1]): steps for steps in keys_under(data, "equipment")}
    owned = {name: value_at(data, steps) for name, steps in places.items()}
    for steps in tables_under(data, "equipment"):
        entry = value_at(data, steps)
        if isinstance(entry.get("name"), str):
            places[entry["name"]], owned[entry["name"]] = (*steps, "name"), entry.get("count", 1)
    for name in owned.keys() & set(_roster_agencies(data)):
        yield Finding(places[name], "an agency has the same name; allowed: a different name")
    for stage in (*tables_under(data, "area", "stages"), _TRANSPORT):
        for steps in keys_under(data, *stage, "equipment"):
            name, needed = str(steps[-1]), value_at(data, steps)
            if name not in owned:
                yield from _unknown(name, "equipment", steps, owned, note=" (listed in [equipment])")
            elif _is_count(needed) and _is_count(owned[name]) and needed > owned[name]:
                has = short_text(owned[name])
                yield Finding(steps, f"{short_text(needed)} given; allowed: at most {has}, as in [equipment]")


def _directions(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find directions with the name of something else: they are parts of the names of measures."""
    further = tables_under(data, "funnels")
    if not further:
        return
    taken = dict.fromkeys(_known_classes(data), "a class")
    taken |= dict.fromkeys(_known_targets(data), "a target type")
    for steps in (("direction",), *((*funnel, "direction") for funnel in further)):
        name = value_at(data, steps) if steps in keys_under(data, *steps[:-1]) else _FIRST_DIRECTION
        if not isinstance(name, str):
            continue
        if name in taken:
            message = f"{short_text(name)} given, but {taken[name]} has the same name; allowed: a different name"
            yield Finding(steps, message)
        taken.setdefault(name, "another funnel")


def _unknown(name: object, kind: str, steps: Steps, known: Iterable[str], note: str = "") -> Iterator[Finding]:
    known = list(known)
    if isinstance(name, str) and name not in known:
        listed = f"{', '.join(known)}{note}" if known else f"none, as the file lists none{note}"
        given = f"{short_text(name)} given, " if name != steps[-1] else ""
        yield Finding(steps, f"{given}unknown {kind}; {did_you_mean(name, known)}allowed: {listed}")


def _known_classes(data: Mapping[str, Any]) -> list[str]:
    """Return the default classes and the file's own, except misspelled default classes."""
    complete = DEFAULT_CLASSES["car"].keys()
    own = []
    for steps in keys_under(data, "classes"):
        name, table = str(steps[-1]), value_at(data, steps)
        if name in DEFAULT_CLASSES:
            continue  # listed anyway; to look for words like it would take most of the time of loading a scenario
        if not closest(name, DEFAULT_CLASSES) or (isinstance(table, Mapping) and complete <= table.keys()):
            own.append(name)
    return list(dict.fromkeys([*DEFAULT_CLASSES, *own]))


def _stage_classes(data: Mapping[str, Any]) -> Iterator[Steps]:
    for stage in tables_under(data, "area", "stages"):
        listed = value_at(data, (*stage, "for"))
        if isinstance(listed, list | tuple):
            yield from ((*stage, "for", place) for place in range(len(listed)))


def _durations(data: Mapping[str, Any]) -> Iterator[Steps]:
    yield from ((*stage, "duration") for stage in tables_under(data, "area", "stages"))
    yield ("area", "after_detection", "duration")
    yield (*_TRANSPORT, "duration")
    yield ("staffing", "chase", "duration")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
