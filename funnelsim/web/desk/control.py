"""A control: a key of a scenario, or two, that a visitor can move, and how its values are shown and typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.selection import Selection
from funnelsim.scenario.toml_text import plain_number
from funnelsim.units import DAY_S, MINUTE_S
from funnelsim.web.allowed import Allowed, allowed_for

Group = Literal["selection", "valve", "area", "officers", "equipment", "hours", "road"]

USUAL_RATE: Final = Selection().rate["default"]
"""Of a class that may be selected, where only that counts and the scenario does not say it."""


@dataclass(frozen=True)
class Choice:
    """A key with a few words to choose from.

    Attributes
    ----------
    group, key, label
        Where it stands, its dotted key, and what it is.
    value
        Today's.
    options
        What it can be, and what that means.
    """

    group: Group
    key: str
    label: str
    value: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Amount:
    """A key with a number.

    Attributes
    ----------
    group, key, label, unit
        Where it stands, its dotted key, and what it is.
    value, least, most, step
        Today's value, and how far a slider moves it.
    scale
        What a value is multiplied with to show it: shares are shown in per cent.
    rules
        The selection rules under which it acts; empty for all.
    of_class, funnels
        The class whose vehicles it is about, and the funnels, from 0, whose selection it is; empty where it is about no
        class.
    """

    group: Group
    key: str
    label: str
    value: float
    most: float
    step: float
    unit: str = ""
    least: float = 0.0
    scale: float = 1.0
    rules: frozenset[str] = frozenset()
    of_class: str = ""
    funnels: tuple[int, ...] = ()

    @property
    def allowed(self) -> Allowed:
        """The numbers that can be typed, as they are shown."""
        return allowed_for(self.key, self.scale)

    def shown(self, value: float) -> float:
        """Return the number that is shown for a value of the key."""
        return plain_number(value * self.scale)

    def typed(self, shown: float | Decimal) -> float | int:
        """Return the value of the key for a number as it is shown."""
        value = plain_number(float(shown) / self.scale)
        return round(value) if self.allowed.whole else value


@dataclass(frozen=True)
class Switch:
    """The rate of a class under rules that ask only whether it is 0: whether the class may be selected.

    Attributes
    ----------
    group, key, label
        Where it stands, its dotted key, and which class.
    value
        Today's rate.
    rules
        The selection rules under which it acts.
    of_class, funnels
        As in `Amount`.
    """

    group: Group
    key: str
    label: str
    value: float
    rules: frozenset[str]
    of_class: str
    funnels: tuple[int, ...]

    def switched(self, on: bool) -> float:  # noqa: FBT001  (what a switch says)
        """Return the rate of the key for a switch that is on or off."""
        return (self.value or USUAL_RATE) if on else 0.0


@dataclass(frozen=True)
class Hours:
    """Two keys with times of day: from when to when.

    Attributes
    ----------
    group, keys, label
        Where they stand, the dotted keys, and what it is.
    from_min, to_min
        Today's times in minutes after midnight of the first day.
    least_min, most_min
        What a time bar shows.
    """

    group: Group
    keys: tuple[str, str]
    label: str
    from_min: int
    to_min: int
    least_min: int
    most_min: int

    def values(self, from_min: float, to_min: float) -> dict[str, str]:
        """Return both keys for two times in minutes."""
        return dict(zip(self.keys, (clock(from_min), clock(to_min)), strict=True))

    def minutes(self, from_: str, to: str) -> tuple[int, int]:
        """Return two times of day in minutes, where the bar shows them."""
        return on_bar((from_, to), self.least_min, self.most_min)


Control = Choice | Amount | Switch | Hours


def clock(minutes: float) -> str:
    """Return a time of day in minutes as a clock shows it.

    Examples
    --------
    >>> clock(1500)
    '01:00'
    """
    of_day = round(minutes) % (24 * 60)
    return f"{of_day // 60:02d}:{of_day % 60:02d}"


def values_of(control: Control) -> Mapping[str, Any]:
    """Return the values that a control has in its scenario, by dotted key."""
    match control:
        case Amount():
            return {control.key: round(control.value) if control.allowed.whole else control.value}
        case Choice() | Switch():
            return {control.key: control.value}
        case Hours():
            return control.values(control.from_min, control.to_min)


def on_bar(times: tuple[str, str], least_min: int, most_min: int) -> tuple[int, int]:
    """Return two times of day in minutes, where a bar from one minute to another shows them."""
    from_min, to_min = (round(seconds_after_midnight(time) / MINUTE_S) for time in times)
    day_min = round(DAY_S / MINUTE_S)
    while from_min < least_min and from_min + day_min <= most_min:
        from_min += day_min
    while to_min <= from_min:
        to_min += day_min
    return from_min, to_min
