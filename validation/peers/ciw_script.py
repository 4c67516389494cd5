"""The checkpoint as a network of queues in Ciw. A script: reads jobs as JSON, writes Ciw's answers as JSON.

It imports Ciw and nothing of funnelsim. Its nodes are the lane, one server; the way to the area, which takes everybody
equally long; and the area, whose servers are the bays or, where an inspection takes an officer, the officers.

References
----------
Palmer, Knight, Harper and Hawa (2019), Ciw: an open-source discrete event simulation library, Journal of Simulation 13.
doi:10.1080/17477778.2018.1473909
"""

import itertools
import json
import math
import sys
from typing import Any, TypeAlias

LANE, WAY, AREA = 1, 2, 3
LANE_AND_AREA = 1, 2  # where nobody needs time for the way
EXIT = -1
LATEST_S = 1e9  # thirty years: Ciw repeats its shifts after the last

Ciw: TypeAlias = Any  # the module and whatever comes from it: it has no types
Job: TypeAlias = dict[str, Any]


class RestOfHeadway:
    """The lane's service: what is left of headway, diversion and look when a vehicle comes to the front.

    Ciw asks for it in the order in which vehicles come. When the one in front left the lane, and where to, stands in
    Ciw's own records.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.came: list[Ciw] = []

    def sample(self, t: float, ind: Ciw) -> float:
        """Return how long a vehicle still takes that comes to the front at a moment."""
        number, job = len(self.came), self.job
        self.came.append(ind)
        until_s = t
        if number > 0:
            ahead = self.came[number - 1].data_records[0]
            diversion_s = job["diversion_s"][number - 1] if ahead.destination != EXIT else 0.0
            until_s = max(until_s, ahead.exit_date + diversion_s + job["headway_s"][number])
        before = number - job["look_officers"]  # whom the same officer looked at
        if before >= 0:
            until_s = max(until_s, self.came[before].data_records[0].exit_date + job["look_s"][number])
        return float(until_s - t)


class OwnInspection:
    """The area's service: each vehicle's own."""

    def __init__(self, job: Job) -> None:
        self.inspection_s: list[float] = job["inspection_s"]

    def sample(self, t: float, ind: Ciw) -> float:  # noqa: ARG002  (Ciw hands over the time)
        """Return how long the inspection of a vehicle takes."""
        vehicle: int = ind.id_number - 1
        return self.inspection_s[vehicle]


class ToTheArea:
    """Where vehicles go from the lane: the selected to the area if it accepts them, everybody else home.

    Where the lane is held, the selected are all sent to the area, and it is for Ciw to block them.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.nodes: list[Ciw] = []

    def initialise(self, simulation: Ciw, node: Ciw) -> None:  # noqa: ARG002  (Ciw hands over both)
        """Get to know the nodes."""
        self.nodes = simulation.nodes

    def next_node(self, ind: Ciw) -> Ciw:
        """Return the node to which a vehicle goes."""
        if not self.job["selected"][ind.id_number - 1]:
            return self.nodes[EXIT]
        if self.job["hold"]:
            return self.nodes[AREA]
        taken = self.nodes[WAY].number_of_individuals + self.nodes[AREA].number_of_individuals
        return self.nodes[WAY] if taken < self.job["places"] else self.nodes[EXIT]


def replayed(ciw: Ciw, job: Job) -> dict[str, list[float]]:
    """Return when each vehicle of a day passes, has a bay, is inspected and leaves, where all draws are given."""
    gaps_s = [after - before for before, after in itertools.pairwise([0.0, *job["arrival_s"]])]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps_s, math.inf]), None, None],
        service_distributions=[RestOfHeadway(job), ciw.dists.Deterministic(job["divert_s"]), OwnInspection(job)],
        number_of_servers=[1, math.inf, shifts(ciw, job["on_duty"]) if job["on_duty"] else job["bays"]],
        queue_capacities=[math.inf, math.inf, job["places"] - job["bays"] if job["hold"] else math.inf],
        routing=ciw.routing.NetworkRouting([ToTheArea(job), ciw.routing.Direct(to=AREA), ciw.routing.Leave()]),
    )
    area = kept_on(ciw) if job["kept_on"] else ciw.Node
    simulation = ciw.Simulation(network, node_class=[ciw.Node, ciw.Node, area])
    simulation.simulate_until_max_time(LATEST_S)
    count = len(gaps_s)
    times = {name: [math.inf] * count for name in ("passed_s", "bay_from_s", "inspected_from_s", "left_s")}
    for record in simulation.get_all_records():
        vehicle = record.id_number - 1
        if record.node == LANE:
            times["passed_s"][vehicle] = record.exit_date
        elif record.node == AREA:
            # Where officers serve, there is a bay for everybody who is accepted.
            times["bay_from_s"][vehicle] = record.arrival_date if job["on_duty"] else record.service_start_date
            times["inspected_from_s"][vehicle] = record.service_start_date
            times["left_s"][vehicle] = record.exit_date
    return times


def shifts(ciw: Ciw, on_duty: list[tuple[float, int]]) -> Ciw:
    """Return servers by the roster; those busy when a shift ends finish."""
    starts_s = [from_s for from_s, _ in on_duty]
    counts = [count for _, count in on_duty]
    return ciw.Schedule(numbers_of_servers=[0, *counts], shift_end_dates=[*starts_s, LATEST_S], preemption=False)


def kept_on(ciw: Ciw) -> type:
    """Return a node whose servers stay when the roster changes, but for as many as are too many then.

    Ciw's own node sends all servers home, the busy ones when they are done, and begins with new ones, who can start at
    once. Here, as in funnelsim, the roster says how many may be at work: of too many those go who are done first, and
    nobody starts before fewer are at work than are on duty.
    """

    def change_shift(node: Ciw) -> None:
        node.schedule.get_next_shift()
        node.next_shift_change = node.schedule.next_shift_change_date
        node.c = node.schedule.c
        for server in list(node.servers):
            server.shift_end = node.next_event_date
            if not server.busy:
                node.kill_server(server)
        busy = sorted(node.servers, key=lambda server: float(server.next_end_service_date))
        for place, server in enumerate(busy):
            server.offduty = place < len(busy) - node.c
        node.add_new_servers(max(node.c - len(busy), 0))
        node.begin_service_if_possible_change_shift()

    return type("KeptOn", (ciw.Node,), {"change_shift": change_shift})


def drawn(ciw: Ciw, job: Job) -> dict[str, list[list[float]]]:
    """Return of some days that Ciw draws itself the sums of delays and waits, and of how many vehicles they are."""
    lane, area = LANE_AND_AREA
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(job["vehicles_per_s"]), None],
        service_distributions=[
            ciw.dists.Deterministic(job["headway_s"]),
            ciw.dists.Exponential(1.0 / job["inspection_s"]),
        ],
        number_of_servers=[1, job["bays"]],
        queue_capacities=[math.inf, job["waiting"]],
        routing=[[0.0, job["share"]], [0.0, 0.0]],
    )
    days = []
    for seed in job["seeds"]:
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(job["ends_s"])
        records = [one for one in simulation.get_all_records() if one.arrival_date < job["counted_until_s"]]
        in_lane_s = [one.exit_date - one.arrival_date - job["headway_s"] for one in records if one.node == lane]
        waits_s = [one.waiting_time for one in records if one.node == area]
        days.append([sum(in_lane_s), len(in_lane_s), sum(waits_s), len(waits_s)])
    return {"days": days}


def main() -> None:
    """Do every job."""
    import ciw  # noqa: PLC0415  (an extra; the rest of the script can be read without it)

    todo = {"replayed": replayed, "drawn": drawn}
    json.dump([todo[job["todo"]](ciw, job) for job in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
