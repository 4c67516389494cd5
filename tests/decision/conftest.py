"""What tests of optimise share."""

import pytest

from funnelsim.scenario.schema import Scenario
from tests.conftest import SMALL, merged
from tests.optimise_scenario import CHANGES


def _small(changes=None):
    return Scenario.model_validate(merged(merged(SMALL, CHANGES), changes or {}))


@pytest.fixture(scope="session")
def small():
    """Return what makes the checkpoint of `tests.optimise_scenario` with some keys changed."""
    return _small
