"""SUMO's funnel as an ordinary scenario of funnelsim, and its vehicles as a trace for it.

Everything in it is from SUMO's own input: lengths, speeds, the spacing of vehicles, and a reaction time of 1 s for
cars and lorries alike (SUMO's tau). Nobody looks at the vehicles, so a look takes no time; a place is free as soon as a
vehicle leaves it. Capacity, merge cost and wave speed are what is calibrated; all else is the default of the scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.funnel import natural_capacity_vph
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import Traffic, draw_traffic
from funnelsim.scenario.demand import Demand, demand_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import KMH_PER_MS
from validation.sumo.network import APPROACH_M, LANE_M

OPENS_S: Final = 3600.0
ROAD_SPEED_KMH, LANE_SPEED_KMH = 80.0, 30.0
FREE_PASSAGE_S = (APPROACH_M + LANE_M) / (ROAD_SPEED_KMH / KMH_PER_MS)  # from the approach's start to the lane's end
SPACING_M = {"car": 7.5, "lorry": 14.5}
TAU_S = 1.0
TIMES = 32  # how often the headways are drawn for each trace
CAR, LORRY = "2", "9"  # classes of a counter
HEADER = "Veh. No.,Date,Time,Channel,Class,Speed"
NOBODY: Mapping[str, Any] = {
    "selection": {"rate": {"default": 0.0}},
    "area": {"stages": [{"name": "check", "duration": {"mean_s": 60.0}}]},
}


@dataclass(frozen=True)
class Calibration:
    """The parameters calibrated to SUMO.

    Attributes
    ----------
    capacity_vph
        Of the lane, for the mix of classes with which it was calibrated.
    merge_s
        Merge cost of every vehicle.
    wave_speed_kmh
        At which the queue grows and dissolves; it has no influence on delays.
    """

    capacity_vph: float
    merge_s: float
    wave_speed_kmh: float = 20.0

    def without(self, lost_s: float) -> "Calibration":
        """Reduce the merge cost by what vehicles lose on the same road without a funnel."""
        return replace(self, merge_s=self.merge_s - lost_s)

    def at_another_mix(self, before: "Twin", now: "Twin") -> "Calibration":
        """Return the capacity for another mix of classes, with the same headways by pair."""
        factor = now.natural_capacity_vph() / before.natural_capacity_vph()
        return replace(self, capacity_vph=self.capacity_vph * factor)


UNCALIBRATED = Calibration(1000.0, 0.0)  # where only the vehicles or the mix matter
NO_FILE = Path("trace.csv")  # where the trace has been read


def write_trace(file: Path, arrives_s: FloatArray, lorry: BoolArray) -> None:
    """Write vehicles like a counter with one line a vehicle: passages of the lane's end, to the second."""
    lines = [HEADER]
    for number, (time_s, is_lorry) in enumerate(zip(arrives_s.tolist(), lorry.tolist(), strict=True), 1):
        second = int(OPENS_S + time_s + FREE_PASSAGE_S + 0.5)
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        lines.append(f"{number},2024-05-14,{clock},1,{LORRY if is_lorry else CAR},50")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def scenario_of(trace: Path, calibration: Calibration, rest: Mapping[str, Any] = NOBODY) -> Scenario:
    """Return the scenario of a trace.

    Parameters
    ----------
    trace
        The file with the vehicles.
    calibration
        Capacity, merge cost and wave speed.
    rest
        Selection and area, and further keys of the classes where there are any.
    """
    classes = rest.get("classes", {})
    look = {"mean_s": 0.0, "cv": 0.0}
    return Scenario.model_validate(
        {
            "title": "two lanes into one, as in SUMO",
            "operation": {
                "opens": "01:00",
                "closes": "06:00",
                "lead_in_min": 0,
                "run_out_min": 0,
                "stop_selecting_min": 0,
            },
            "approach": {
                "lanes": 2,
                "speed_kmh": ROAD_SPEED_KMH,
                "length_m": APPROACH_M,
                "wave_speed_kmh": calibration.wave_speed_kmh,
                "merge_s": calibration.merge_s,
            },
            "lane": {
                "length_m": LANE_M,
                "speed_kmh": LANE_SPEED_KMH,
                "capacity_vph": calibration.capacity_vph,
            },
            "traffic": {"arrivals": "trace", "counts": {"file": str(trace), "format": "per-vehicle"}},
            "classes": {
                name: {"spacing_m": metres, "reaction_s": TAU_S, **classes.get(name, {})}
                for name, metres in SPACING_M.items()
            },
            "selection": {**rest["selection"], "look": look},
            "area": {"changeover_s": 0.0, **rest["area"]},
        }
    )


@dataclass(frozen=True, eq=False)
class Twin:
    """SUMO's vehicles in funnelsim.

    Attributes
    ----------
    demand
        The trace as the scenario has read it.
    rest
        Selection and area.
    drawn
        The vehicles with their random draws: the same trace several times, with other headways each time.
    """

    demand: Demand
    rest: Mapping[str, Any]
    drawn: list[Traffic]

    def plan(self, calibration: Calibration) -> Plan:
        """Return what an engine simulates; the trace has been read and its file is not needed any more."""
        return plan_of(scenario_of(NO_FILE, calibration, self.rest), self.demand)

    def natural_capacity_vph(self) -> float:
        """Return the capacity for this mix of classes that spacing and reaction time give."""
        return natural_capacity_vph(scenario_of(NO_FILE, UNCALIBRATED, self.rest), self.demand)


def twin_of(arrives_s: FloatArray, lorry: BoolArray, seed: int, rest: Mapping[str, Any] = NOBODY) -> Twin:
    """Write vehicles to a trace file, let a scenario read it, and make their random draws."""
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.csv"
        write_trace(trace, arrives_s, lorry)
        scenario = scenario_of(trace, UNCALIBRATED, rest)
        demand = demand_of(scenario)
    road = plan_of(scenario, demand).road
    return Twin(demand, rest, [draw_traffic(road, seed, number) for number in range(TIMES)])
