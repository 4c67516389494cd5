"""Arguments of `funnelsim.optimise`, `bound` and `levers` that are none are named before anything runs."""

import pytest

from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.levers.levers import levers
from funnelsim.decision.optimisation.optimise import optimise
from funnelsim.errors import FunnelsimError
from tests.optimise_scenario import RATE

GRID = [f"{RATE}=0.02,0.1"]


def refused(call, *arguments, **named):
    with pytest.raises(FunnelsimError) as caught:
        call(*arguments, **named)
    return str(caught.value)


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch):
    monkeypatch.setattr("funnelsim.decision.simulations.values_of", None)
    monkeypatch.setattr("funnelsim.decision.levers.levers.compare", None)


@pytest.mark.parametrize("vary", [5, RATE, [5], {RATE: 5}, {5: [1]}, {RATE: None}, b"x", [[]], iter(GRID)])
def test_what_is_nothing_to_vary(small, vary):
    assert "vary" in refused(optimise, small(), vary)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        *((name, 5) for name in ("folder", "progress", "demand", "cluster")),
        *(("folder", given) for given in (b"x", True, "a\0b")),
        *(("seed", given) for given in (1.5, None, -1)),
        ("engine", "foo"),
        ("jobs", 0),
    ],
)
def test_what_an_optimisation_cannot_use(small, name, given):
    assert f"{name}: " in refused(optimise, small(), GRID, **{name: given})


def test_a_folder_that_is_a_file_is_named(small, tmp_path):
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert "cannot be written" in refused(optimise, small(), GRID, folder=folder)
    assert (tmp_path / "file").read_text() == "mine"


def test_what_a_bound_cannot_use(small):
    assert "scenario: 5 given" in refused(bound, 5)
    assert "plan: 5 given (int); allowed: the scenario's plan" in refused(bound, small(), 5)


@pytest.mark.parametrize(
    ("name", "given"),
    [("retune", "no"), ("retune", 5), ("progress", 5), ("replications", 1), ("seed", 1.5), ("jobs", 0), ("engine", 5)],
)
def test_what_levers_cannot_use(small, name, given):
    assert f"{name}: " in refused(levers, small(), **{name: given})
