"""The definition of one key of a scenario file: type, meaning, unit, default, bounds and source."""

import math
import re
from copy import deepcopy
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from funnelsim.units import DAY_S, HOUR_S, MINUTE_S

CLOCK = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$")


class FrozenDict(dict[str, Any]):
    """A table of values that cannot be changed; otherwise a dict, and pickled and copied as one."""

    def _refuse(self, *_arguments: object, **_named: object) -> NoReturn:
        message = "a scenario cannot be changed; allowed: another one, as load_scenario makes it with overrides"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type["FrozenDict"], tuple[dict[str, Any]]]:
        """Carry the values across process borders."""
        return FrozenDict, (dict(self),)


def frozen(table: dict[str, Any]) -> FrozenDict:
    """Return a table of values, and all tables in it, as ones that cannot be changed."""
    return FrozenDict({name: frozen(value) if type(value) is dict else value for name, value in table.items()})


class Table(BaseModel):
    """Base of every table of the scenario file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def model_post_init(self, _context: Any, /) -> None:  # noqa: ANN401  (pydantic's)
        """Freeze the tables of values, too: what is not validated must not come in."""
        for name, value in self.__dict__.items():
            if type(value) is dict:
                self.__dict__[name] = frozen(value)


def key(
    default: Any,  # noqa: ANN401  (a default is of whatever type its key is)
    meaning: str,
    *,
    unit: str | None = None,
    source: str | None = None,
    alias: str | None = None,
) -> Any:  # noqa: ANN401  (pydantic's Field does the same, so that types are those of the annotations)
    """Describe one key of the scenario file; the reference page and the JSON Schema are made from this.

    Bounds belong to the type, as in ``Annotated[Positive, Field(le=200)]``: of two bounds of a kind pydantic
    keeps the last it reads, and it would read the type's own after one given here.

    Parameters
    ----------
    default
        The value if the key is left out; ``...`` for a key that must be given.
    meaning
        One sentence for a planner.
    unit
        The unit in words, where the key's value has one.
    source
        Where the default comes from; "assumption" where it is one.
    alias
        The key's name in the file, where Python needs another.
    """
    extra: dict[str, JsonValue] = {}
    if unit is not None:
        extra["unit"] = unit
    if source is not None:
        extra["source"] = source
    if isinstance(default, BaseModel | dict):
        extra["default"] = (
            default if isinstance(default, dict) else default.model_dump(mode="json", by_alias=True, exclude_unset=True)
        )
        return Field(
            default_factory=lambda: deepcopy(default),
            description=meaning,
            alias=alias,
            json_schema_extra=extra,
        )
    return Field(default, description=meaning, alias=alias, json_schema_extra=extra)


def _clock(text: str) -> str:
    if not CLOCK.fullmatch(text):
        message = 'a time of day as "HH:MM", from "00:00" to "23:59"'
        raise ValueError(message)
    return text


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Yes = Annotated[bool, Field(strict=True)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=1e-9, le=1e6)]  # less is a slip, and overflows
SpeedKmh = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=1, le=200)]
NotNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e6)]
Headcount = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Crew = dict[str, Headcount]
ClockTime = Annotated[str, AfterValidator(_clock), Field(json_schema_extra={"pattern": CLOCK.pattern})]


def seconds_after_midnight(clock: str) -> float:
    """Return the seconds from midnight to a time of day.

    Examples
    --------
    >>> seconds_after_midnight("06:30")
    23400.0
    """
    hours, minutes = clock.split(":")
    return int(hours) * HOUR_S + int(minutes) * MINUTE_S


def length_s_between(from_clock: str, to_clock: str) -> float:
    """Return the seconds from one time of day until the clock next shows another; a whole day if both are the same.

    Examples
    --------
    >>> length_s_between("22:00", "06:00"), length_s_between("06:00", "06:00")
    (28800.0, 86400.0)
    """
    return (seconds_after_midnight(to_clock) - seconds_after_midnight(from_clock)) % DAY_S or DAY_S


def clock_of(time_s: float) -> str:
    """Return the time of day of a time in seconds after midnight of the first day.

    Examples
    --------
    >>> clock_of(23400.0), clock_of(90000.0)
    ('06:30', '01:00')
    """
    minutes = math.floor(time_s / MINUTE_S + 1e-9)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
