"""Machine code is compiled for one order of arrays in memory, so no scenario has to wait for another compilation."""

import pytest

from funnelsim.engines.compiled.plan_arrays import plan_arrays_of
from funnelsim.model.planning import plan_of
from funnelsim.model.road_arrays import road_arrays

TARGET = {"name": "t", "per_10k": {"box": 5.0, "truck": 5.0}}
EQUIPMENT = [{"name": name, "when_absent": "skip", "from": start} for name, start in (("a", "01:20"), ("b", "01:40"))]
STAGE = {"duration": {"mean_s": 60.0}, "finds": {"t": 0.5}}
STAGES = [STAGE | {"name": name, "equipment": {name: 1}} for name in ("a", "b")]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"targets": [TARGET]},
        {"targets": [TARGET, TARGET | {"name": "s"}]},
        {"targets": [TARGET], "equipment": EQUIPMENT, "area": {"stages": STAGES}},
        {"targets": [TARGET], "equipment": EQUIPMENT[:1], "area": {"stages": STAGES[:1]}},
    ],
)
def test_all_arrays_for_compiled_code_are_in_the_order_of_c(build, changes):
    plan = plan_of(build(changes))
    for arrays in (road_arrays(plan.road), plan_arrays_of(plan)):
        assert [name for name, array in arrays._asdict().items() if not array.flags.c_contiguous] == []
