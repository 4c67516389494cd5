"""TELEOPS, the tele-operator centre of the simulation optimisation competition 2026, after its description.

Human drivers take over when an autonomous car or truck calls. A car-only driver takes cars, a truck-only driver
trucks, a flexible driver both; dedicated drivers come first, and a flexible one takes the oldest call. Shifts of eight
hours begin on every hour of nine days; after four hours on duty, or when the call in hand ends, half an hour of unpaid
break follows. Calls and shifts of days two to eight count.
https://github.com/simopt-admin/simopt-competition-26, teleops.md.

Calls and their durations are drawn once for each replication, so all plans meet the same ones. Times are in minutes.
"""

from functools import cache

import numba
import numpy as np

ROLES, HOURS, DAYS, DAY_MIN = 3, 24, 9, 1440.0
CAR, FLEXIBLE, TRUCK = range(ROLES)  # of drivers, in the order of the decision variables; of calls: 0 a car, 1 a truck
CALLS_PER_H = (12.0, 7.0)
MULTIPLIERS = np.array(
    [
        *(0.25, 0.2, 0.15, 0.1, 0.15, 0.3, 0.85, 1.8, 2.2, 1.8, 1.2, 1.05),
        *(1.0, 1.0, 1.05, 1.2, 1.65, 2.1, 1.95, 1.45, 1.0, 0.7, 0.5, 0.35),
    ]
)
MODES_MIN, SIGMAS = ((2.0, 5.0), (2.0, 10.0)), (0.15, 0.12)  # of the two durations
FIRST_SHARE = 0.5  # one as likely as the other
PAY_PER_H = (20.0, 30.0, 30.0)
NIGHT_FROM_H, NIGHT_TO_H, NIGHT, OVERTIME = 22, 6, 1.2, 1.5
SHIFT_MIN, LUNCH_AFTER_MIN, LUNCH_MIN = 480.0, 240.0, 30.0
COST_WEIGHT = 0.00005
INITIAL = np.zeros((ROLES, HOURS), dtype=np.int64)
INITIAL[:, [0, 8, 16]] = [[6, 5, 4], [1, 2, 1], [2, 1, 1]]
IDLE, BUSY, AT_LUNCH, GONE = range(4)


@cache
def calls(seed, replication):
    """Return when calls come, in order, which are trucks, and how long they take, in minutes."""
    generator = np.random.default_rng([seed, replication])
    times, trucks, lengths = [], [], []
    for kind, per_h in enumerate(CALLS_PER_H):
        numbers = generator.poisson(per_h * np.tile(MULTIPLIERS, DAYS))
        begins = np.repeat(60.0 * np.arange(len(numbers)), numbers)
        times.append(begins + generator.uniform(0.0, 60.0, len(begins)))
        second = (generator.random(len(begins)) < FIRST_SHARE).astype(int)
        sigma = np.array(SIGMAS)[second]
        mean = np.log(np.array(MODES_MIN[kind])[second]) + sigma**2  # so that the mode is where it is said to be
        lengths.append(np.exp(generator.normal(mean, sigma)))
        trucks.append(np.full(len(begins), kind))
    order = np.argsort(np.concatenate(times), kind="stable")
    return tuple(np.concatenate(part)[order] for part in (times, trucks, lengths))


@numba.njit(cache=True)
def pay(from_min, to_min, per_h):
    """Return the pay for a time, dearer at night."""
    cost = 0.0
    while from_min < to_min - 1e-12:
        until = min(to_min, (from_min // 60.0 + 1.0) * 60.0)
        hour = int(from_min // 60.0) % HOURS
        night = hour >= NIGHT_FROM_H or hour < NIGHT_TO_H
        cost += (until - from_min) / 60.0 * per_h * (NIGHT if night else 1.0)
        from_min = until
    return cost


@numba.njit(cache=True)
def simulate(starts, times, kinds, lengths, pay_per_h):  # noqa: C901, PLR0912, PLR0915  (one compiled loop)
    """Return the share of calls answered at once and the staff cost of a day.

    Parameters
    ----------
    starts
        How many drivers begin a shift at each hour, shape (roles, hours).
    times, kinds, lengths
        As `calls` returns them.
    pay_per_h
        By role.
    """
    most = DAYS * starts.sum()
    role, begins = np.empty(most, np.int64), np.empty(most)
    drivers = 0
    for hour in range(DAYS * HOURS):
        for of_role in range(ROLES):
            for _ in range(starts[of_role, hour % HOURS]):
                role[drivers], begins[drivers] = of_role, 60.0 * hour
                drivers += 1
    state, lunched = np.full(drivers, IDLE), np.zeros(drivers, np.bool_)
    next_min, since, cost = np.empty(drivers), np.empty(drivers), np.zeros(drivers)
    waiting = np.empty((2, len(times)), np.int64)  # calls that wait, by kind
    first, end = np.zeros(2, np.int64), np.zeros(2, np.int64)
    come = low = 0  # drivers who have come; all below `low` are gone
    call = measured = at_once = 0
    from_min, to_min, stop = DAY_MIN, (DAYS - 1) * DAY_MIN, DAYS * DAY_MIN
    while True:
        event, who = stop, -1
        for one in range(low, come):
            if state[one] != GONE and next_min[one] < event:
                event, who = next_min[one], one
        if come < drivers and begins[come] <= event:
            event, who = begins[come], come
        if call < len(times) and times[call] < event:
            now, kind = times[call], kinds[call]
            counts = from_min <= now < to_min
            measured += counts
            taken = -1
            for of_role in (2 * kind, FLEXIBLE):  # dedicated drivers come first, of these the one idle longest
                for one in range(low, come):
                    if state[one] == IDLE and role[one] == of_role and (taken < 0 or since[one] < since[taken]):
                        taken = one
                if taken >= 0:
                    break
            if taken >= 0:
                at_once += counts
                state[taken], next_min[taken] = BUSY, now + lengths[call]
            else:
                waiting[kind, end[kind]] = call
                end[kind] += 1
            call += 1
            continue
        if who < 0 or event >= stop:
            break
        now = event
        over = begins[who] + SHIFT_MIN
        per_h = pay_per_h[role[who]]
        if who == come:  # comes to work
            come += 1
            cost[who] = pay(begins[who], over, per_h)
        leaves = False
        if state[who] == AT_LUNCH:
            lunched[who] = True
        elif who < come and now > begins[who]:  # a call has ended, or an idle driver's time is up
            due = begins[who] + LUNCH_AFTER_MIN
            if not lunched[who] and now >= due:
                late = min(now, over)
                cost[who] += (OVERTIME - 1.0) * pay(due, late, per_h)
                if now < over:
                    cost[who] -= pay(now, min(now + LUNCH_MIN, over), per_h)
                    state[who], next_min[who] = AT_LUNCH, now + LUNCH_MIN
                    continue
                leaves = True
            leaves = leaves or now >= over
        if leaves or now >= over:
            cost[who] += OVERTIME * pay(over, max(over, now), per_h)
            state[who] = GONE
            while low < come and state[low] == GONE:
                low += 1
            continue
        kind = 0 if role[who] == CAR else 1
        car_waits, truck_waits = first[0] < end[0], first[1] < end[1]
        if role[who] == FLEXIBLE and car_waits and (not truck_waits or waiting[0, first[0]] < waiting[1, first[1]]):
            kind = 0
        if first[kind] < end[kind]:
            state[who], next_min[who] = BUSY, now + lengths[waiting[kind, first[kind]]]
            first[kind] += 1
        else:
            state[who], since[who] = IDLE, now
            next_min[who] = over if lunched[who] else min(over, begins[who] + LUNCH_AFTER_MIN)
    staff = 0.0
    for one in range(drivers):
        if from_min <= begins[one] < to_min:
            staff += cost[one]
    return at_once / measured, staff / (DAYS - 2)


def objectives(starts, seed, replications):
    """Return the objective of a plan in some replications: calls answered at once, less the weighted staff cost."""
    found = [simulate(starts, *calls(seed, number), np.array(PAY_PER_H)) for number in replications]
    return np.array([share - COST_WEIGHT * cost for share, cost in found])
