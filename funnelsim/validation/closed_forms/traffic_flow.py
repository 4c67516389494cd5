"""Closed forms of traffic flow: the deterministic work zone and the kinematic wave.

References
----------
.. [1] Newell (1982), Applications of Queueing Theory, chapter 2. doi:10.1007/978-94-009-5970-5
.. [2] Lighthill and Whitham (1955), On kinematic waves II, Proceedings of the Royal Society A 229.
   doi:10.1098/rspa.1955.0089
.. [3] Newell (1993), A simplified theory of kinematic waves in highway traffic I, Transportation Research Part B 27.
   doi:10.1016/0191-2615(93)90038-C
"""

from dataclasses import dataclass

from funnelsim.units import HOUR_MIN


@dataclass(frozen=True)
class WorkZone:
    """The queue of a deterministic work zone.

    Attributes
    ----------
    queue_max
        Longest queue, vehicles.
    cleared_after_h
        Hours from the end of the peak until the queue is gone.
    vehicle_h
        Delay of all vehicles together, hours.
    delay_max_min
        Longest delay, minutes.
    """

    queue_max: float
    cleared_after_h: float
    vehicle_h: float
    delay_max_min: float


def work_zone(peak_vph: float, peak_h: float, after_vph: float, capacity_vph: float) -> WorkZone:
    """Return the queue when a peak meets a capacity below it, and demand stays below capacity afterwards [1]_.

    In words: the queue grows by demand less capacity for as long as the peak lasts, and shrinks by capacity less demand
    afterwards; the area of that triangle is the delay; the vehicle that comes last in the peak waits longest, until
    the queue in front of it has passed.

    Examples
    --------
    >>> zone = work_zone(1800.0, 1.0, 1000.0, 1400.0)
    >>> zone.queue_max, zone.cleared_after_h, zone.vehicle_h, round(zone.delay_max_min, 2)
    (400.0, 1.0, 400.0, 17.14)
    """
    queue_max = max(0.0, peak_vph - capacity_vph) * peak_h
    cleared_after_h = queue_max / (capacity_vph - after_vph)
    return WorkZone(
        queue_max=queue_max,
        cleared_after_h=cleared_after_h,
        vehicle_h=queue_max * (peak_h + cleared_after_h) / 2.0,
        delay_max_min=HOUR_MIN * queue_max / capacity_vph,
    )


def wave_speed_kmh(speed_kmh: float, capacity_vph: float, jam_vehicles_per_km: float) -> float:
    """Return the speed of the backward wave of a triangular fundamental diagram [3]_.

    In words: capacity over the density that is missing to a jam when the road runs at capacity.

    Examples
    --------
    >>> round(wave_speed_kmh(90.0, 1800.0, 150.0), 2)
    13.85
    """
    return capacity_vph / (jam_vehicles_per_km - capacity_vph / speed_kmh)


def tail_growth_kmh(
    demand_vph: float, bottleneck_vph: float, speed_kmh: float, wave_kmh: float, jam_vehicles_per_km: float
) -> float:
    """Return the speed at which the tail of a queue moves upstream: the shock between free and queued traffic [2]_.

    In words: the difference of the flows over the difference of the densities; the queue's density is the jam's, less
    the bottleneck's flow over the wave speed.

    Examples
    --------
    >>> round(tail_growth_kmh(1200.0, 600.0, 90.0, wave_speed_kmh(90.0, 1800.0, 150.0), 150.0), 2)
    6.43
    """
    queued = jam_vehicles_per_km - bottleneck_vph / wave_kmh
    return (demand_vph - bottleneck_vph) / (queued - demand_vph / speed_kmh)
