"""Tracks as one block of typed arrays that a browser reads without parsing."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.plan import Plan
from funnelsim.replay.moments import moments_of
from funnelsim.replay.tracks import RoadTracks, Tracks

Column = npt.NDArray[np.generic]

GAP_M = 2.0  # between two standing vehicles; what remains of the jam spacing is the vehicle
_LEAST_LENGTH_M = 2.0
_WIDEST_B = 4  # bytes; the columns of wider types come first, so that each begins where its type may
_TYPES = {"<f4": "f4", "<u4": "u4", "<u2": "u2", "|u1": "u1"}


def encoded(tracks: Tracks, plan: Plan) -> dict[str, Any]:
    """Return tracks for the component `replay.js`: its columns in one block in base64, and the site.

    Times are seconds since `Tracks.begins_s` in 32 bits: a thirtieth of a second at worst over three days.

    Returns
    -------
    dict
        `data`: the block; `columns`: type, first byte and length by name; `site`: what is drawn around the vehicles;
        `moments`: time, kind and road of each moment; `begins_s` and `lasts_s`, in seconds.
    """
    columns = sorted(_columns(tracks), key=lambda named: -named[1].itemsize)
    block, places = bytearray(), {}
    for name, column in columns:
        places[name] = [_TYPES[column.dtype.str], len(block), len(column)]
        block += column.tobytes()
    return {
        "data": base64.b64encode(bytes(block)).decode("ascii"),
        "columns": places,
        "site": _site(tracks, plan),
        "moments": [[one.time_s - tracks.begins_s, one.kind.value, one.road] for one in moments_of(tracks, plan)],
        "begins_s": tracks.begins_s,
        "lasts_s": tracks.ends_s - tracks.begins_s,
    }


def _columns(tracks: Tracks) -> Iterator[tuple[str, Column]]:
    """Yield the columns: of all vehicles, of those that take a place in the area, of stages, and of steps."""

    def relative(times_s: FloatArray) -> Column:
        return (times_s - tracks.begins_s).astype("<f4")

    for name in ("free_s", "arrives_s", "passes_s", "turns_off_s", "look_from_s"):
        yield name, relative(getattr(tracks, name))
    for name in ("vehicle_class", "outcome", "target"):
        yield name, getattr(tracks, name).astype("|u1")
    inside = np.flatnonzero(np.isfinite(tracks.taken_from_s))
    yield "inside", inside.astype("<u4")
    for name in ("taken_from_s", "area_s", "ready_s", "bay_from_s", "bay_to_s", "left_s", "found_s"):
        yield name, relative(getattr(tracks, name)[inside])
    for name in ("space", "bay", "spot"):
        yield name, getattr(tracks, name)[inside].astype("<u2")
    yield "stage_vehicle", tracks.stage_vehicle.astype("<u4")
    yield "stage", tracks.stage.astype("|u1")
    for name in ("stage_from_s", "stage_to_s"):
        yield name, relative(getattr(tracks, name))
    for name, (moments_s, levels) in _steps(tracks):
        yield f"{name}.from_s", relative(moments_s)
        yield name, levels.astype("<f4")


def _steps(tracks: Tracks) -> Iterator[tuple[str, tuple[FloatArray, FloatArray | IntArray]]]:
    yield "taken", tracks.taken
    for pool, used in enumerate(tracks.pools):
        yield f"used.{pool}", used
        yield f"available.{pool}", (tracks.available[0], tracks.available[1][:, pool])
    for number, road in enumerate(tracks.roads):
        yield f"queue.{number}", road.queue
        yield f"gate.{number}", road.gate


def _site(tracks: Tracks, plan: Plan) -> dict[str, Any]:
    inspection, agencies = plan.inspection, len(plan.duty.agencies)
    return {
        "classes": [
            {"name": name, "length_m": max(spacing_m - GAP_M, _LEAST_LENGTH_M), "spacing_m": spacing_m}
            for name, spacing_m in zip(plan.classes, plan.spacing_m.tolist(), strict=True)
        ],
        "bays": plan.bays,
        "waiting": plan.waiting,
        "spots": plan.spots,
        "places": plan.bays + plan.waiting,
        "pools": list(inspection.pools),
        "agencies": agencies,
        "stages": list(inspection.names),
        "stage_officers": inspection.need[:, :agencies].sum(axis=1).tolist(),
        "look_officers": plan.selection.look_officers,
        "roads": [_road(road) for road in tracks.roads],
    }


def _road(road: RoadTracks) -> dict[str, Any]:
    """Return what is to be seen of a road; distances that it does not have are None."""
    funnel = road.funnel
    marks = {
        "exit": funnel.exit_m,
        "warning": funnel.warning_m,
        "critical": funnel.critical_m,
        "suspend": funnel.suspend_at_m,
        "lift": funnel.lift_at_m,
    }
    return {
        "direction": road.direction,
        "first": road.first,
        "end": road.end,
        "lanes": funnel.lanes,
        "lane_m": funnel.lane_length_m,
        "approach_m": funnel.approach_m,
        "longest_m": float(road.queue[1].max(initial=0.0)),
        "road_speed_ms": funnel.road_speed_ms,
        "lane_speed_ms": funnel.lane_speed_ms,
        "wave_speed_ms": funnel.wave_speed_ms,
        "marks": {name: metres for name, metres in marks.items() if np.isfinite(metres)},
    }
