"""What counts as agreement."""

import pytest

from funnelsim.validation.comparison import BOUND_Z, by_chance, in_range, within


def test_a_ratio_is_that_of_the_sums_and_its_error_follows_both():
    found = by_chance("wait", "s", 2.0, ([2.0, 4.1, 6.2], [1.0, 2.0, 3.0]), "theory")
    assert found.simulated == pytest.approx(12.3 / 6.0)
    # By hand: deviations 2 - 2.05, 4.1 - 4.1, 6.2 - 6.15, over the mean denominator 2.
    error = 0.025 / 3**0.5
    assert found.high - found.simulated == pytest.approx(BOUND_Z * error)
    assert found.half_width == pytest.approx(4.302653 * error)
    assert found.z == pytest.approx(0.05 / error)


@pytest.mark.parametrize(("expected", "agrees"), [(2.0, True), (1.0, False), (3.1, False)])
def test_chance_is_an_excuse_up_to_the_bound(expected, agrees):
    assert by_chance("wait", "s", expected, ([2.0, 4.1, 6.2], [1.0, 2.0, 3.0]), "theory").agrees is agrees


@pytest.mark.parametrize(("simulated", "agrees"), [(399.0, True), (398.9, False), (float("nan"), False)])
def test_without_chance_the_difference_allowed_decides(simulated, agrees):
    found = within("queue", "vehicles", 400.0, simulated, 1.0, "theory")
    assert found.agrees is agrees
    assert found.z is None


@pytest.mark.parametrize(("published", "agrees"), [(158.0, True), (99.0, False), (201.0, False)])
def test_one_operation_must_lie_among_those_simulated(published, agrees):
    assert in_range("vehicles", "", published, list(range(100, 201)), "a newspaper").agrees is agrees
