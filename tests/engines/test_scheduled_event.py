import itertools

from simpy import Environment

from funnelsim.engines.scheduled_event import EventKind, ScheduledEvent


def order_of(moments):
    """Return in which order moments, scheduled in the given order, come."""
    env = Environment()
    seen = []
    for time_s, kind, vehicle in moments:
        moment = ScheduledEvent(env, time_s, kind, vehicle)
        moment.callbacks.append(lambda _, what=(time_s, kind, vehicle): seen.append((env.now, *what)))
    env.run()
    assert all(now == time_s for now, time_s, _, _ in seen)
    return [what[1:] for what in seen]


def test_at_one_moment_roster_steps_come_before_stage_ends_selection_points_and_arrivals():
    ordered = [
        (5.0, kind, 0)
        for kind in (EventKind.ROSTER_STEP, EventKind.STAGE_END, EventKind.SELECTION_POINT, EventKind.AREA_ARRIVAL)
    ]
    for shuffled in itertools.permutations(ordered):
        assert order_of(shuffled) == ordered


def test_of_one_kind_the_lower_vehicle_number_goes_first_and_no_number_outdoes_a_kind():
    ordered = [
        (5.0, EventKind.STAGE_END, 1),
        (5.0, EventKind.STAGE_END, 10**12),
        (5.0, EventKind.SELECTION_POINT, 0),
        (5.0, EventKind.SELECTION_POINT, 2),
    ]
    for shuffled in itertools.permutations(ordered):
        assert order_of(shuffled) == ordered


def test_time_goes_before_kind():
    ordered = [(1.0, EventKind.AREA_ARRIVAL, 9), (1.0 + 2**-20, EventKind.STAGE_END, 0)]
    assert order_of(ordered[::-1]) == ordered


def test_what_follows_from_a_moment_comes_before_the_next_moment_of_the_same_time():
    """A freed bay or a ready crew is an ordinary SimPy event: it is dealt with before the next tie."""
    env = Environment()
    seen = []
    consequence = env.event()
    consequence.callbacks.append(lambda _: seen.append("consequence"))
    first, second = ScheduledEvent(env, 5.0, EventKind.STAGE_END, 0), ScheduledEvent(env, 5.0, EventKind.STAGE_END, 1)
    first.callbacks.append(lambda _: (seen.append("first"), consequence.succeed()))
    second.callbacks.append(lambda _: seen.append("second"))
    env.run()
    assert seen == ["first", "consequence", "second"]
