"""Closed forms of queueing theory: what a funnel stripped down to one queue must reproduce.

Loads are offered work in officers or bays: arrival rate times mean service time. All rates share one unit of time.

References
----------
.. [1] Harchol-Balter (2013), Performance Modeling and Design of Computer Systems, chapters 14, 15 and 23.
   doi:10.1017/CBO9781139226424
.. [2] Pollaczek (1930), Über eine Aufgabe der Wahrscheinlichkeitstheorie I, Mathematische Zeitschrift 32.
   doi:10.1007/BF01194620
.. [3] Levy and Yechiali (1975), Utilization of idle time in an M/G/1 queueing system, Management Science 22.
   doi:10.1287/mnsc.22.2.202
.. [4] Sevastyanov (1957), An ergodic theorem for Markov processes and its application to telephone systems with
   refusals, Theory of Probability and its Applications 2. doi:10.1137/1102005
.. [5] Avi-Itzhak and Yadin (1965), A sequence of two servers with no intermediate queue, Management Science 11.
   doi:10.1287/mnsc.11.5.553
.. [6] Little (1961), A proof for the queuing formula L = λW, Operations Research 9. doi:10.1287/opre.9.3.383
"""


def erlang_b(servers: int, load: float) -> float:
    """Return the chance that all servers are busy where nobody waits (Erlang's loss formula).

    In words: with none, everybody is lost; one server more turns the loss B into load B / (servers + load B). By
    insensitivity [4]_ only the mean of the service time matters.

    Examples
    --------
    >>> [round(erlang_b(c, 0.8 * c), 4) for c in (1, 2, 3, 5, 10)]
    [0.4444, 0.3299, 0.2684, 0.1991, 0.1217]
    """
    blocking = 1.0
    for server in range(1, servers + 1):
        blocking = load * blocking / (server + load * blocking)
    return blocking


def erlang_c(servers: int, load: float) -> float:
    """Return the chance to wait where everybody waits in turn (Erlang's delay formula) [1]_.

    In words: Erlang's loss B, blown up because whoever is not lost adds to the load: B / (1 - r (1 - B)) with the
    utilisation r = load / servers.

    Examples
    --------
    >>> [round(erlang_c(c, 0.8 * c), 4) for c in (1, 2, 3, 5, 10)]
    [0.8, 0.7111, 0.6472, 0.5541, 0.4092]
    """
    utilisation = load / servers
    if utilisation >= 1.0:
        return 1.0
    blocking = erlang_b(servers, load)
    return blocking / (1.0 - utilisation * (1.0 - blocking))


def wait_mmc(servers: int, arrival_rate: float, service_rate: float) -> float:
    """Return the mean wait in the queue M/M/c [1]_.

    In words: the chance to wait, divided by the rate to spare: C / (c μ - λ).

    Examples
    --------
    Minutes, with 1.5 minutes of service:

    >>> [round(60 * wait_mmc(c, rate, 40.0), 3) for c, rate in ((4, 120), (6, 180), (10, 300))]
    [0.764, 0.422, 0.184]
    """
    spare = servers * service_rate - arrival_rate
    return erlang_c(servers, arrival_rate / service_rate) / spare if spare > 0.0 else float("inf")


def blocking_mmck(servers: int, places: int, arrival_rate: float, service_rate: float) -> float:
    """Return the chance to find all places of the queue M/M/c/K taken, servers included [1]_.

    In words: a number in the system is as likely as the one before, times arrival rate over the busy servers' rate;
    the chances sum to 1.

    Examples
    --------
    Four bays of 300 s, 0.01 vehicles a second, with 0, 2 and 5 waiting spaces:

    >>> [round(blocking_mmck(4, 4 + b, 0.01, 1 / 300), 4) for b in (0, 2, 5)]
    [0.2061, 0.0913, 0.0332]
    """
    weight, total = 1.0, 1.0
    for number in range(1, places + 1):
        weight *= arrival_rate / (service_rate * min(number, servers))
        total += weight
    return weight / total


def wait_mg1(arrival_rate: float, mean: float, cv: float) -> float:
    """Return the mean wait in the queue M/G/1 (Pollaczek and Khinchine) [2]_.

    In words: arrival rate times the mean square of the service time, over twice the idle share:
    λ m² (1 + cv²) / (2 (1 - λ m)).

    Examples
    --------
    >>> [round(wait_mg1(0.08, 10.0, cv), 6) for cv in (0.0, 0.5, 1.0, 2.0)]
    [20.0, 25.0, 40.0, 100.0]
    """
    utilisation = arrival_rate * mean
    if utilisation >= 1.0:
        return float("inf")
    return arrival_rate * mean * mean * (1.0 + cv * cv) / (2.0 * (1.0 - utilisation))


def wait_mg1_vacations(arrival_rate: float, mean: float, cv: float, vacation: float, vacation_cv: float = 0.0) -> float:
    """Return the mean wait in the queue M/G/1 whose server goes on a vacation whenever it is idle [3]_.

    In words: the wait without vacations, plus the mean remaining vacation: v (1 + cv²) / 2.

    Examples
    --------
    >>> round(wait_mg1_vacations(0.08, 10.0, 0.0, 60.0), 6)
    50.0
    """
    return wait_mg1(arrival_rate, mean, cv) + vacation * (1.0 + vacation_cv * vacation_cv) / 2.0


def hold_capacity(lane_rate: float, share: float, bays: int, service_rate: float, waiting: int) -> float:
    """Return the capacity of a saturated lane that stands whenever a selected vehicle finds the area full [5]_.

    In words: the lane runs at its own rate but for the time in which it is blocked; seen from the area, the vehicle
    that blocks the lane is one more waiting space, so it is blocked as often as M/M/c/K with K = bays + waiting + 1
    is full. Lane headways and inspections are exponential.

    Parameters
    ----------
    lane_rate
        Vehicles that an unblocked lane lets pass per unit of time.
    share
        Share of them that is selected.
    bays, service_rate, waiting
        Bays, inspections per unit of time in one of them, and waiting spaces.

    Examples
    --------
    >>> [round(hold_capacity(720.0, 0.05, 4, 12.0, b), 1) for b in (0, 2, 5)]
    [623.6, 673.9, 702.5]
    >>> [round(hold_capacity(1.0, 1.0, 1, 1.0, b), 4) == round((b + 2) / (b + 3), 4) for b in (0, 2, 5)]
    [True, True, True]
    """
    places = bays + waiting + 1
    return lane_rate * (1.0 - blocking_mmck(bays, places, share * lane_rate, service_rate))


def mean_number(throughput: float, mean_time: float) -> float:
    """Return the mean number in a system by Little's law: throughput times mean time in it [6]_.

    It holds without any assumption on a system that is empty at the beginning and at the end.

    Examples
    --------
    >>> mean_number(12.0, 0.25)
    3.0
    """
    return throughput * mean_time
