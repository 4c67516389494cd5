"""The exponential function and the logarithm: as near as the last place, and the same bits however they are run."""

from decimal import Context, Decimal

import numpy as np
import pytest

from funnelsim.model import elementary
from funnelsim.model.compiled import compiled

EXACT = Context(prec=40)
ONE = Decimal(1)


@compiled
def block_of(function, x):
    made = np.empty(len(x))
    for i in range(len(x)):
        made[i] = elementary.exp(x[i]) if function == 0 else elementary.log(x[i])
    return made


def units_off(values, exact):
    """Return the largest error in units in the last place."""
    return max(
        abs(Decimal(value) - true) / Decimal(float(np.spacing(abs(float(true)))))
        for value, true in zip(values, exact, strict=True)
    )


def arguments_of_exp():
    rng = np.random.default_rng(1)
    return np.concatenate(
        [rng.uniform(-1.0, 1.0, 8000), rng.uniform(-40.0, 40.0, 8000), rng.uniform(-700.0, 700.0, 8000)]
    )


def arguments_of_log():
    rng = np.random.default_rng(2)
    near_1 = 1.0 + rng.uniform(-1.0, 1.0, 4000) * 2.0 ** rng.integers(-40, -2, 4000)
    powers_of_two = 2.0 ** np.arange(-60.0, 61.0)
    return np.concatenate(
        [rng.random(8000) + 2.0**-53, rng.uniform(0.7, 1.42, 8000), 2.0 ** rng.uniform(-53.0, 60.0, 8000), near_1]
        + [powers_of_two * factor for factor in (1.0, 1.0 - 2.0**-53, 1.0 + 2.0**-52, 2.0**0.5)]
    )


def test_the_exponential_function_is_off_by_less_than_a_unit_in_the_last_place():
    x = arguments_of_exp()
    exact = [Decimal(value).exp(EXACT) for value in x.tolist()]
    assert units_off(block_of(0, x).tolist(), exact) < Decimal("0.9")


def test_the_logarithm_is_off_by_less_than_a_unit_in_the_last_place():
    x = arguments_of_log()
    x = x[x != 1.0]
    exact = [Decimal(value).ln(EXACT) for value in x.tolist()]
    assert units_off(block_of(1, x).tolist(), exact) < Decimal("0.9")


def test_exact_values_are_exact():
    assert elementary.log(1.0) == 0.0
    assert elementary.exp(0.0) == 1.0
    assert elementary.exp(-0.0) == 1.0


def test_beyond_the_range_of_numbers_the_exponential_function_is_0_or_infinite():
    assert elementary.exp(-800.0) == 0.0
    assert elementary.exp(-1e300) == 0.0
    assert elementary.exp(-745.0) == 5e-324  # the smallest number: it ends gradually
    assert elementary.exp(709.7) == pytest.approx(1.6549840276802644e308, rel=1e-15)
    with np.errstate(over="ignore"):
        assert elementary.exp(1e300) == np.inf


@pytest.mark.parametrize("length", [1, 3, 16, 1000])
def test_neither_the_length_of_a_block_nor_the_compiler_changes_a_bit(length):
    """Alone, in a block and line by line in Python: IEEE 754 leaves no choice in any step."""
    for number, name, x in ((0, "exp", arguments_of_exp()), (1, "log", arguments_of_log())):
        some = x[:: len(x) // length][:length]
        function = getattr(elementary, name)
        block = block_of(number, some).tolist()
        assert [function(value) for value in some.tolist()] == block
