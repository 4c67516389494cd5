"""The varied keys of a sweep and their values in words."""

import textwrap
from collections.abc import Mapping
from typing import Any

from funnelsim.experiments.sweep import Sweep
from funnelsim.scenario.toml_text import short_text

_UNITS = {"m": "m", "s": "s", "h": "h", "min": "min", "kmh": "km/h", "vph": "vehicles/h"}
_SPAN = 3  # parts of a key that is one span of the rates by time
_ONE_NUMBER = 5  # parts of a key that is one number of one step of an adapted rate


def key_words(key: str) -> str:
    """Return a varied key in words, with the unit of its values.

    Examples
    --------
    >>> key_words("selection.rate.van"), key_words("selection.rate.default")
    ('van selection rate', 'selection rate')
    >>> key_words("selection.every.default"), key_words("selection.every.van")
    ('selection interval', 'van selection interval')
    >>> key_words("staffing.roster.border police.count"), key_words("area.bays")
    ('border police officers', 'bays')
    >>> key_words("selection.adapt.points.1.1")
    'rate factor of step 2'
    >>> key_words("selection.adapt.points")
    'steps of the rate'
    >>> key_words("selection.rate_by_time.0.rate.van"), key_words("selection.rate_by_time.1.from")
    ('van selection rate in span 1', 'from in span 2')
    >>> key_words("operation.opens"), key_words("approach.critical_m"), key_words("lane.speed_kmh")
    ('opens', 'approach critical, m', 'lane speed, km/h')
    """
    unit = _unit(key)
    return f"{_name(key)}, {unit}" if unit else _name(key)


def _unit(key: str) -> str:
    """Return the unit in which a key gives its values; empty where it has none."""
    return _UNITS.get(key.rpartition("_")[2], "") if "_" in key.rpartition(".")[2] else ""


def _name(key: str) -> str:
    """Return a varied key in words, without its unit."""
    key = key.removesuffix(f"_{key.rpartition('_')[2]}") if _unit(key) else key
    parts = [part.strip('"').replace("_", " ") for part in key.split(".")]
    if parts[:2] == ["selection", "rate"]:
        return " ".join([*(part for part in parts[2:] if part != "default"), "selection rate"])
    if parts[:2] == ["selection", "rate by time"] and len(parts) > _SPAN:
        what = _name(".".join(["selection", *parts[3:]])) if parts[3] == "rate" else parts[3]
        return f"{what} in span {int(parts[2]) + 1}"
    if parts[:2] == ["selection", "every"]:
        return " ".join([*(part for part in parts[2:] if part != "default"), "selection interval"])
    if parts[:2] == ["staffing", "roster"] and parts[-1] == "count":
        return f"{' '.join(parts[2:-1])} officers"
    if parts[:3] == ["selection", "adapt", "points"] and len(parts) == _ONE_NUMBER:
        return f"{('threshold', 'rate factor')[int(parts[4])]} of step {int(parts[3]) + 1}"
    short = {
        "selection adapt points": "steps of the rate",
        "operation opens": "opens",
        "operation closes": "closes",
        "area bays": "bays",
        "area waiting": "waiting spaces",
        "selection rule": "selection rule",
        "traffic scale": "traffic factor",
        "traffic day cv": "variation of days",
    }
    return short.get(" ".join(parts), " ".join(parts[-2:]))


def column_head(key: str, width: int) -> str:
    r"""Return a varied key as the head of a column, in lines of at most `width` characters where words allow it.

    Examples
    --------
    >>> column_head("staffing.roster.border police.count", 13)
    'border police\nofficers'
    """
    return "\n".join(textwrap.wrap(key_words(key), width, break_long_words=False))


def value_words(key: str, value: Any) -> str:  # noqa: ANN401  (whatever a key of a scenario takes)
    """Return a value of a key in words.

    Examples
    --------
    >>> value_words("selection.rate.van", 0.08), value_words("area.bays", 6), value_words("selection.rule", "free_bay")
    ('8 %', '6', 'free bay')
    >>> value_words("selection.valve", {"suspend_at_m": 500})
    '{ suspend_at_m = 500 }'
    """
    if isinstance(value, str | bool) or value is None:
        return "none" if value is None else str(value).lower().replace("_", " ")
    if isinstance(value, list | tuple | dict):
        return short_text(value)
    if key.startswith("selection.rate"):
        return f"{100.0 * value:.3g} %"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def key_and_value(key: str, value: Any) -> str:  # noqa: ANN401
    """Return a key with its value in words.

    Examples
    --------
    >>> key_and_value("area.bays", 6), key_and_value("area.bays", 1), key_and_value("selection.rate.van", 0.08)
    ('6 bays', '1 bay', 'van selection rate 8 %')
    >>> key_and_value("selection.adapt.points.1.1", 0.1), key_and_value("selection.adapt.points", [[0, 1], [200, 0.1]])
    ('rate factor 0.1 of step 2', 'steps of the rate [[0, 1], [200, 0.1]]')
    >>> key_and_value("selection.rate_by_time.0.rate.van", 0.3)
    'van selection rate 30 % in span 1'
    >>> key_and_value("lane.speed_kmh", 50), key_and_value("selection.valve.suspend_at_m", 800)
    ('lane speed 50 km/h', 'valve suspend at 800 m')
    >>> key_and_value("selection.every.default", 3), key_and_value("selection.every.van", 12)
    ('every 3rd vehicle', 'every 12th van')
    """
    for joint in (" of step ", " in span "):
        if joint in key_words(key):
            return f" {value_words(key, value)}{joint}".join(key_words(key).split(joint))
    if key.startswith("selection.every."):
        return f"every {_everyone(key)}" if value == 1 else f"every {_ordinal(value)} {_everyone(key)}"
    counted = isinstance(value, int) and not isinstance(value, bool) and any(word in key for word in ("count", "area."))
    if counted:
        return f"{value_words(key, value)} {key_words(key).removesuffix('s') if value == 1 else key_words(key)}"
    return f"{_name(key)} {value_words(key, value)} {_unit(key)}".rstrip()


def _everyone(key: str) -> str:
    """Return of whom a key selects every nth."""
    name = key.rpartition(".")[2].strip('"').replace("_", " ")
    return "vehicle" if name == "default" else name


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20  # noqa: PLR2004
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def point_words(sweep: Sweep, row: int) -> str:
    """Return what makes up a design point, in words."""
    return ", ".join(key_and_value(key, sweep.points[key][row]) for key in sweep.keys)


def plan_text(values: Mapping[str, Any]) -> str:
    """Return a plan by what makes it different: "6 bays, selection rate, van 8 %"."""
    return ", ".join(key_and_value(key, value) for key, value in values.items())
