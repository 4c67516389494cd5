"""SUMO, run as a program of its own: from vehicles to when each left the lane, and how long the queue was."""

import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.units import KMH_PER_MS
from validation.sumo.network import APPROACH_M, AREA, Vehicles, write_network, write_vehicles

CELL_M, SLOW_KMH, SAMPLED_EVERY_S = 50.0, 40.0, 10
LIMIT_S = 3600  # against a run that hangs; a busy machine may take minutes
LATEST_S = 20_000


class SumoError(Exception):
    """SUMO is not installed or did not do its job; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class SumoRun:
    """The results of a run of SUMO.

    Attributes
    ----------
    exit_s
        When each left the one-lane section or, on the open road, came to the same place; shape (vehicles,).
    stopped_from_s, stopped_to_s
        When those singled out stood on a place; not a number for all others. Shapes (vehicles,).
    longest_m
        The longest queue, measured as in the reference experiment; 0 where it was not measured.
    """

    exit_s: FloatArray
    stopped_from_s: FloatArray
    stopped_to_s: FloatArray
    longest_m: float


def programs() -> Path:
    """Return the folder of SUMO's programs.

    Raises
    ------
    SumoError
        If it is not installed.
    """
    spec = importlib.util.find_spec("sumo")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    folders = [Path(place) / "bin" for place in places]
    found = [folder for folder in folders if list(folder.glob("netconvert*"))]
    if not found:
        raise SumoError("SUMO is not installed: pip install 'funnelsim[peers]'.")
    return found[0]


def drive(vehicles: Vehicles, seed: int, *, funnel: bool = True, measure_queue: bool = False) -> SumoRun:
    """Simulate vehicles on the road with SUMO.

    Parameters
    ----------
    vehicles
        Who comes.
    seed
        SUMO's random seed.
    funnel
        Whether there is one, or two lanes throughout.
    measure_queue
        Whether the queue is measured, which takes time.

    Raises
    ------
    SumoError
        If SUMO is not installed, or stops with an error, or takes more than an hour.
    """
    bin_folder = programs()
    with TemporaryDirectory() as name:
        folder = Path(name)
        _call([str(bin_folder / "netconvert"), *write_network(folder, funnel=funnel)], folder)
        write_vehicles(vehicles, folder / "vehicles.xml", funnel=funnel)
        command = [str(bin_folder / "sumo"), "--net-file", "net.xml", "--route-files", "vehicles.xml"]
        command += ["--seed", str(seed), "--step-length", "1", "--end", str(LATEST_S), "--time-to-teleport", "-1"]
        command += ["--vehroute-output", "routes_out.xml", "--vehroute-output.exit-times", "true"]
        command += ["--no-step-log", "true", "--no-warnings", "true", "--xml-validation", "never"]
        if funnel:
            (folder / "area.xml").write_text(AREA, encoding="utf-8")
            command += ["--additional-files", "area.xml", "--stop-output", "stops_out.xml"]
        if measure_queue:
            (folder / "watched.txt").write_text("edge:app\n", encoding="utf-8")
            command += ["--fcd-output", "places_out.xml", "--fcd-output.attributes", "lane,pos,speed"]
            command += ["--fcd-output.filter-edges.input-file", "watched.txt"]
            command += ["--device.fcd.period", str(SAMPLED_EVERY_S)]
        _call(command, folder)
        return _read(folder, len(vehicles.arrives_s), funnel=funnel, measure_queue=measure_queue)


def _call(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603  (a program of SUMO, with files that we wrote)
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise SumoError(f"SUMO was not done after {LIMIT_S} s.") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("Error")]
        raise SumoError(f"SUMO stopped: {' '.join(said) or 'it did not say why.'}")


def _read(folder: Path, vehicles: int, *, funnel: bool, measure_queue: bool) -> SumoRun:
    exit_s, from_s, to_s = (np.full(vehicles, np.nan) for _ in range(3))
    edge = 1 if funnel else 0
    for vehicle in _parsed(folder / "routes_out.xml").iter("vehicle"):
        route = vehicle.find("route")
        if route is not None:
            exit_s[int(vehicle.attrib["id"])] = float(route.attrib["exitTimes"].split()[edge])
    if np.isnan(exit_s).any():
        raise SumoError(f"{int(np.isnan(exit_s).sum())} vehicles were still on SUMO's road after {LATEST_S} s.")
    if funnel:
        for stop in _parsed(folder / "stops_out.xml").iter("stopinfo"):
            number = int(stop.attrib["id"])
            from_s[number], to_s[number] = float(stop.attrib["started"]), float(stop.attrib["ended"])
    return SumoRun(exit_s, from_s, to_s, _longest_queue_m(folder / "places_out.xml") if measure_queue else 0.0)


def _parsed(file: Path) -> ET.Element:
    return ET.parse(file).getroot()  # noqa: S314  (SUMO's own output)


def _longest_queue_m(file: Path) -> float:
    """Return the longest row of slow cells, from the taper upstream, at any of the moments sampled."""
    cells = round(APPROACH_M / CELL_M)
    longest = 0
    for moment in _parsed(file).iter("timestep"):
        seen = list(moment.iter("vehicle"))
        cell = np.array([int((APPROACH_M - float(one.attrib["pos"])) / CELL_M) for one in seen], dtype=np.int64)
        speeds_kmh = np.array([float(one.attrib["speed"]) * KMH_PER_MS for one in seen])
        there = np.bincount(cell, minlength=cells + 1)
        together_kmh = np.bincount(cell, weights=speeds_kmh, minlength=cells + 1)
        slow = (there > 0) & (together_kmh < SLOW_KMH * there)
        longest = max(longest, int(np.argmin(slow)))  # the last cell, beyond the approach, is never slow
    return longest * CELL_M
