"""SUMO's input: the road, the vehicles and the places for those singled out, as plain XML.

The funnel is that of the reference experiment: 3 km on two lanes at 80 km/h, 200 m on one lane at 30 km/h (a zipper
merge), then the diverge. What differs is the side road behind it. A vehicle that is singled out stops beside it, on one
of four places. While all are taken, the next one waits at the very beginning of the side road: its rear still stands in
the lane, so nobody passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray

APPROACH_M, LANE_M = 3000.0, 200.0
ROAD_SPEED_MS, LANE_SPEED_MS = 22.222, 8.333
LANES = 2
PLACES = 4
SIDE_ROAD_M, FIRST_PLACE_M, LAST_PLACE_M = 70.0, 3.0, 63.0  # a place has 15 m, so that a lorry can leave it
NODES = f"""\
<nodes>
  <node id="src" x="0" y="0" type="priority"/>
  <node id="drop" x="{APPROACH_M}" y="0" type="zipper"/>
  <node id="div" x="{APPROACH_M + LANE_M}" y="0" type="priority"/>
  <node id="end" x="{APPROACH_M + LANE_M + 1000}" y="0" type="priority"/>
  <node id="s1" x="{APPROACH_M + LANE_M + SIDE_ROAD_M}" y="-20" type="priority"/>
  <node id="send" x="{APPROACH_M + LANE_M + SIDE_ROAD_M + 100}" y="-20" type="priority"/>
</nodes>
"""
EDGES = f"""\
<edges>
  <edge id="app" from="src" to="drop" numLanes="{LANES}" speed="{ROAD_SPEED_MS}"/>
  <edge id="fun" from="drop" to="div" numLanes="1" speed="{LANE_SPEED_MS}"/>
  <edge id="out" from="div" to="end" numLanes="1" speed="{ROAD_SPEED_MS}"/>
  <edge id="sec" from="div" to="s1" numLanes="1" speed="{LANE_SPEED_MS}"/>
  <edge id="sec2" from="s1" to="send" numLanes="1" speed="{LANE_SPEED_MS}"/>
</edges>
"""
CONNECTIONS = """\
<connections>
  <connection from="app" to="fun" fromLane="0" toLane="0"/>
  <connection from="app" to="fun" fromLane="1" toLane="0"/>
  <connection from="fun" to="out" fromLane="0" toLane="0"/>
  <connection from="fun" to="sec" fromLane="0" toLane="0"/>
  <connection from="sec" to="sec2" fromLane="0" toLane="0"/>
</connections>
"""
OPEN_NODES = f"""\
<nodes>
  <node id="src" x="0" y="0"/>
  <node id="div" x="{APPROACH_M + LANE_M}" y="0"/>
  <node id="end" x="{APPROACH_M + LANE_M + 1000}" y="0"/>
</nodes>
"""
OPEN_EDGES = f"""\
<edges>
  <edge id="app" from="src" to="div" numLanes="{LANES}" speed="{ROAD_SPEED_MS}"/>
  <edge id="out" from="div" to="end" numLanes="{LANES}" speed="{ROAD_SPEED_MS}"/>
</edges>
"""
AREA = f"""\
<additional>
  <parkingArea id="area" lane="sec_0" startPos="{FIRST_PLACE_M}" endPos="{LAST_PLACE_M}" roadsideCapacity="{PLACES}"/>
</additional>
"""


@dataclass(frozen=True, eq=False)
class Vehicles:
    """Who comes, and how they drive.

    Attributes
    ----------
    arrives_s
        When each comes to the start of the approach, in order, shape (vehicles,).
    lorry, stops
        Whether it is a lorry, and whether it is singled out; shapes (vehicles,).
    stop_s
        How long those singled out stop.
    model
        SUMO's car-following model.
    speed_spread
        Standard deviation of the desired speed, as a share of the limit.
    imperfect
        SUMO's sigma: how unsteadily drivers drive.
    """

    arrives_s: FloatArray
    lorry: BoolArray
    stops: BoolArray
    stop_s: float = 0.0
    model: str = "Krauss"
    speed_spread: float = 0.1
    imperfect: float = 0.5


def every_nth(lorry: BoolArray, n: int) -> BoolArray:
    """Return who is singled out where every n-th of its class is.

    Examples
    --------
    >>> every_nth(np.array([False, True, False, True, False]), 2).tolist()
    [False, False, True, True, False]
    """
    seen = np.where(lorry, np.cumsum(lorry), np.cumsum(~lorry))
    picked: BoolArray = seen % n == 0
    return picked


def write_network(folder: Path, *, funnel: bool) -> list[str]:
    """Write the road into a folder; return what netconvert is called with to make a network of it."""
    parts = {"nod": NODES, "edg": EDGES, "con": CONNECTIONS} if funnel else {"nod": OPEN_NODES, "edg": OPEN_EDGES}
    for kind, text in parts.items():
        (folder / f"{kind}.xml").write_text(text, encoding="utf-8")
    named = {"nod": "--node-files", "edg": "--edge-files", "con": "--connection-files"}
    # Without roads inside the junctions, so that whoever waits at the beginning of the side road blocks the lane.
    options = ["--no-internal-links", "true", "--output-file", "net.xml"]
    return [*(part for kind in parts for part in (named[kind], f"{kind}.xml")), *options]


def write_vehicles(vehicles: Vehicles, file: Path, *, funnel: bool) -> None:
    """Write the vehicles of a run."""
    file.write_text("\n".join(_routes(vehicles, funnel=funnel)) + "\n", encoding="utf-8")


def _routes(vehicles: Vehicles, *, funnel: bool) -> Iterator[str]:
    yield "<routes>"
    for name, length_m in (("car", 5), ("lorry", 12)):
        yield (
            f'<vType id="{name}" length="{length_m}" minGap="2.5" tau="1" sigma="{vehicles.imperfect}" '
            f'speedFactor="1" speedDev="{vehicles.speed_spread}" carFollowModel="{vehicles.model}"/>'
        )
    yield f'<route id="on" edges="{"app fun out" if funnel else "app out"}"/>'
    if funnel:
        yield '<route id="aside" edges="app fun sec sec2"/>'
    for number, arrives_s, lorry, stops in zip(
        count(), vehicles.arrives_s.tolist(), vehicles.lorry.tolist(), vehicles.stops.tolist(), strict=False
    ):
        head = f'<vehicle id="{number}" type="{"lorry" if lorry else "car"}" depart="{arrives_s:.2f}" '
        aside = stops and funnel  # on the open road nobody is singled out
        head += f'departLane="best" departSpeed="max" route="{"aside" if aside else "on"}"'
        stop = f'<stop parkingArea="area" duration="{vehicles.stop_s}" parking="true"/>'
        yield f"{head}>{stop}</vehicle>" if aside else f"{head}/>"
    yield "</routes>"
