"""What nobody knows about an operation: how likely which value is, for `funnelsim sensitivity`."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from funnelsim.scenario.key import Number, Table, key

LARGEST_FACTOR = 1000
FORMS = ("range", "triangular", "factor", "low_mid_high")


class Uncertain(Table):
    """How likely which value of a key is: one form for each, as in `"traffic.scale" = { factor = 1.2 }`."""

    range: Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)] | None = key(
        None, "Lowest and highest value; all between are equally likely."
    )
    triangular: Annotated[tuple[Number, ...], Field(min_length=3, max_length=3)] | None = key(
        None, "Lowest, most likely and highest value."
    )
    factor: Annotated[Number, Field(gt=1, le=LARGEST_FACTOR)] | None = key(
        None,
        "With a probability of 90 % the value lies between today's value divided by this and times this (lognormal); "
        "a chance by its odds, an AUC by its d'.",
    )
    low_mid_high: Annotated[tuple[Number, ...], Field(min_length=3, max_length=3)] | None = key(
        None,
        "Value that is exceeded with a probability of 95 %, of 50 % and of 5 %, as an expert gives them.",
        source="J-QPD distribution: Hadlock and Bickel 2017, doi:10.1287/deca.2016.0343",
    )

    @property
    def form(self) -> str:
        """Which of the forms is given."""
        return next(name for name in FORMS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _has_one_form_with_rising_values(self) -> "Uncertain":
        given = [name for name in FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            said = f"{' and '.join(given)} given" if given else "nothing given"
            message = f"{said}; allowed: one of range, triangular, factor and low_mid_high"
            raise ValueError(message)
        values = getattr(self, given[0])
        if isinstance(values, tuple) and not self._rise(values):
            listed = ", ".join(f"{value:g}" for value in values)
            wanted = "a lowest value, one between, and a higher one" if given[0] == "triangular" else "rising values"
            message = f"{given[0]} = [{listed}] given; allowed: {wanted}"
            raise ValueError(message)
        return self

    def _rise(self, values: tuple[float, ...]) -> bool:
        """Tell whether values rise; the most likely one may be the lowest or the highest."""
        if self.triangular is not None:
            return values[0] <= values[1] <= values[2] and values[0] < values[2]
        return all(first < second for first, second in pairwise(values))
