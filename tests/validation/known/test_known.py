"""The known answers come out, in a quick run; and each comparison is sharp enough to see a model that is wrong."""

from dataclasses import replace

import pytest

from funnelsim.validation.chapter import Effort
from funnelsim.validation.known import extremes, games, holding, little, loss, road, screening, waiting
from funnelsim.validation.known.checkpoint import checkpoint, compared, hourly

QUICK = Effort(quick=True)
CASES = [*waiting.cases(), *loss.cases(), *holding.cases(), *screening.binormal_cases(), *extremes.endless_bays()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_theory_is_met(case):
    found = compared(case, QUICK)
    assert found.agrees, f"{found.simulated:.5g} ± {found.half_width:.2g}, not {found.expected:.5g}"
    assert found.half_width < 0.03 * found.expected  # a full run takes sixteen times as many days


@pytest.mark.parametrize("module", [road, games, little, screening, extremes], ids=lambda module: module.__name__)
def test_chapters_agree_line_by_line(module):
    lines = module.chapter(QUICK).lines
    assert len(lines) >= 6
    assert [line.case for line in lines if not line.agrees] == []
    assert len({line.case for line in lines}) == len(lines)


def test_simpy_gives_the_same_numbers():
    case = replace(loss.cases()[0], days=32)
    assert compared(case, Effort(quick=True, engine="simpy")) == compared(case, QUICK)


def test_a_model_that_is_five_per_cent_off_is_seen():
    """The same case, with inspections that last five per cent longer than theory is told."""
    case = waiting.cases()[0]
    longer = waiting.bays(4, 120.0, **waiting.exponential(1.05 * 90.0))
    assert not compared(replace(case, scenario=longer), QUICK).agrees


def test_the_later_change_of_a_checkpoint_holds():
    made = checkpoint(hourly(10.0), {"area": {"bays": 2, "stages": [{"name": "check", "duration": {"mean_s": 60.0}}]}})
    again = checkpoint(made.model_dump(include={"area"}, exclude_unset=True), hourly(10.0), {"area": {"bays": 3}})
    assert (made.area.bays, again.area.bays) == (2, 3)
