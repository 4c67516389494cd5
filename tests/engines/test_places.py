"""What follows a detection, in cases computed by hand (the small checkpoint of conftest). Times count from the opening.

Boxes that come together are singled out at 8, 14, 20, ... s. A search of 100 s finds every target; what follows takes
500 s, and a van is away for 1000 s.
"""

import pytest

from funnelsim.errors import PlanError
from funnelsim.model.states import NOT_FOUND, Fate
from funnelsim.units import NEVER

TICK = 2**-20
SEARCH, AFTER, TRANSPORT = 0, 1, 2
ONE_OFFICER = {"roster": [{"agency": "police", "count": 1, "from": "00:00", "to": "23:00"}]}


def lasting(mean_s, **keys):
    return {"duration": {"mean_s": mean_s, "cv": 0.0}} | keys


def finding(*, after=None, search=None, staffing=None, equipment=None, **area):
    """Return changes: the search, what follows it, and the area, of 2 bays and 2 waiting spaces unless said."""
    stage = lasting(100.0, name="search", finds={"hidden": 1.0}) | (search or {})
    return {
        "targets": [{"name": "hidden", "per_10k": {"box": 1.0}, "persons": 9}],
        "area": {"stages": [stage], "after_detection": lasting(500.0) | (after or {})} | area,
        "staffing": staffing or {},
        "equipment": equipment or {},
    }


def spots(number, *, after=None, **changes):
    return finding(spots=number, after={"place": "spot"} | (after or {}), **changes)


def van(*, after=None, crew=None, **changes):
    transport = lasting(1000.0, equipment={"van": 1}, crew=crew or {})
    return finding(after={"transport": transport} | (after or {}), **{"equipment": {"van": 1}} | changes)


def stays(outcome):
    """Return (into the bay, out of the bay, away) for every vehicle."""
    log, opens_s = outcome
    times = (log.bay_from_s, log.bay_to_s, log.left_s)
    return list(zip(*((values - opens_s).tolist() for values in times), strict=True))


def stages(outcome):
    """Return (vehicle, stage, beginning, end) of every stage in the log's order."""
    log, opens_s = outcome
    times = (log.stage_from_s - opens_s).tolist(), (log.stage_to_s - opens_s).tolist()
    return list(zip(log.stage_vehicle.tolist(), log.stage.tolist(), *times, strict=True))


# Processing spots


def test_a_detection_frees_its_bay_for_a_spot_and_keeps_the_spot_to_its_end(run):
    """The first is found at 108 s and in the spot to 608 s; the second has the bay at 108 s."""
    outcome = run(spots(1, bays=1), [0, 0], targets=[1, 0])
    assert stays(outcome) == [(8, 108, 608), (108, 208, 208)]
    assert stages(outcome) == [(0, SEARCH, 8, 108), (1, SEARCH, 108, 208), (0, AFTER, 108, 608)]
    assert outcome[0].found_at.tolist() == [SEARCH, NOT_FOUND]


def test_without_spots_a_detection_keeps_its_bay(run):
    outcome = run(finding(bays=1), [0, 0], targets=[1, 0])
    assert stays(outcome) == [(8, 608, 608), (608, 708, 708)]


def test_whoever_is_in_a_spot_takes_no_place_of_the_area(run):
    """One place in all: it is free from 108 s on, when the first moves to the spot."""
    one = spots(1, bays=1, waiting=0)
    log, _ = run(one, [0, 100], targets=[1, 0])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.INSPECTED]
    log, _ = run(one, [0, 100 - TICK], targets=[1, 0])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.AREA_FULL]


def test_a_bay_freed_for_a_spot_is_a_place_for_a_vehicle_held_in_the_lane(run):
    hold = spots(1, bays=1, waiting=0, when_full="hold")
    outcome = run(hold, [0, 0, 0], targets=[1, 0, 0])
    log, opens_s = outcome
    assert (log.passed_s - opens_s).tolist() == [8, 108, 208]
    assert stays(outcome) == [(8, 108, 608), (108, 208, 208), (208, 308, 308)]


def test_a_second_detection_keeps_its_bay_until_a_spot_is_free_and_whoever_waits_takes_that_bay(run):
    """Two bays. The second is found at 114 s and waits for the spot until 608 s, and then takes its own 500 s.

    The truck, singled out at 21 s, has the first's bay from 108 s for a search of 1000 s. The last box, singled out at
    30 s, has the second's at 608 s.
    """
    search = {"duration": {"mean_s": {"default": 100.0, "truck": 1000.0}, "cv": 0.0}}
    outcome = run(spots(1, search=search), [0, 0, 0, 0], ["box", "box", "truck", "box"], targets=[1, 1, 0, 0])
    assert stays(outcome) == [(8, 108, 608), (14, 608, 1108), (108, 1108, 1108), (608, 708, 708)]
    assert stages(outcome)[-2:] == [(1, AFTER, 608, 1108), (2, SEARCH, 108, 1108)]


def test_two_spots_hold_two(run):
    outcome = run(spots(2), [0, 0, 0, 0], targets=[1, 1, 1, 0])
    assert stays(outcome) == [(8, 108, 608), (14, 114, 614), (108, 608, 1108), (114, 214, 214)]


def test_whoever_waits_for_a_spot_does_not_keep_the_officers_of_its_search(run):
    """One officer, three bays: the second is found at 208 s and has no spot until 608 s; the third is searched."""
    search = {"crew": {"police": 1}}
    outcome = run(spots(1, search=search, staffing=ONE_OFFICER, bays=3), [0, 0, 0], targets=[1, 1, 0])
    assert stages(outcome) == [
        (0, SEARCH, 8, 108),
        (1, SEARCH, 108, 208),
        (2, SEARCH, 208, 308),
        (0, AFTER, 108, 608),
        (1, AFTER, 608, 1108),
    ]
    assert stays(outcome) == [(8, 108, 608), (14, 608, 1108), (20, 308, 308)]


def test_whoever_waits_for_officers_does_so_in_the_spot(run):
    """Both move to a spot at once; the only officer follows up the first to 608 s, and then the second."""
    outcome = run(spots(2, after={"crew": {"police": 1}}, staffing=ONE_OFFICER), [0, 0], targets=[1, 1])
    assert stays(outcome) == [(8, 108, 608), (14, 114, 1108)]
    assert stages(outcome)[2:] == [(0, AFTER, 108, 608), (1, AFTER, 608, 1108)]


# Transports


def test_the_place_is_freed_as_the_van_leaves_with_the_persons(run):
    """Found at 108 s, followed up to 608 s; then the van is away to 1608 s, and the next has the only place."""
    outcome = run(van(bays=1, waiting=0, when_full="hold"), [0, 0], targets=[1, 0])
    log, opens_s = outcome
    assert stages(outcome) == [
        (0, SEARCH, 8, 108),
        (0, AFTER, 108, 608),
        (1, SEARCH, 608, 708),
        (0, TRANSPORT, 608, 1608),
    ]
    assert stays(outcome) == [(8, 608, 608), (608, 708, 708)]
    assert (log.passed_s - opens_s).tolist() == [8, 608]


@pytest.mark.parametrize(("vans", "officers", "second_s"), [(1, 2, 1608), (2, 1, 1608), (2, 2, 614)])
def test_a_second_find_waits_in_its_bay_for_a_van_and_its_crew(run, vans, officers, second_s):
    staffing = {"roster": [ONE_OFFICER["roster"][0] | {"count": officers}]}
    changes = van(crew={"police": 1}, staffing=staffing, equipment={"van": vans})
    outcome = run(changes, [0, 0], targets=[1, 1])
    assert stays(outcome) == [(8, 608, 608), (14, second_s, second_s)]
    assert stages(outcome)[4:] == [(0, TRANSPORT, 608, 1608), (1, TRANSPORT, second_s, second_s + 1000)]


def test_the_crew_of_a_van_is_missing_at_the_searches_while_it_is_away(run):
    """One officer, who searches the first to 108 s, the second to 208 s and the third to 308 s, and drives at 608 s.

    The fourth comes at 708 s and waits for the officer's return at 1608 s.
    """
    changes = van(crew={"police": 1}, search={"crew": {"police": 1}}, staffing=ONE_OFFICER, bays=3)
    outcome = run(changes, [0, 0, 0, 700], targets=[1, 0, 0, 0])
    assert stages(outcome) == [
        (0, SEARCH, 8, 108),
        (1, SEARCH, 108, 208),
        (2, SEARCH, 208, 308),
        (0, AFTER, 108, 608),
        (0, TRANSPORT, 608, 1608),
        (3, SEARCH, 1608, 1708),
    ]


def test_a_van_waits_for_its_crew_and_then_goes_before_those_selected_later(run):
    """What follows takes 50 s here: at 158 s the officer is in the second's search, and at 208 s he drives."""
    after = lasting(50.0)
    changes = van(after=after, crew={"police": 1}, search={"crew": {"police": 1}}, staffing=ONE_OFFICER, bays=3)
    outcome = run(changes, [0, 0, 0], targets=[1, 0, 0])
    assert stages(outcome) == [
        (0, SEARCH, 8, 108),
        (0, AFTER, 108, 158),
        (1, SEARCH, 108, 208),
        (0, TRANSPORT, 208, 1208),
        (2, SEARCH, 1208, 1308),
    ]
    assert stays(outcome)[0] == (8, 208, 208)


def test_a_spot_is_freed_as_the_van_leaves(run):
    """Found at 108, 114 and 120 s; one spot, one van, 50 s of follow-up.

    The first leaves the spot with the van at 158 s. The second has it then, is ready at 208 s, and waits in it for the
    van to 1158 s; the third has it from then on, to 2158 s.
    """
    changes = van(after=lasting(50.0, place="spot"), spots=1, bays=3)
    outcome = run(changes, [0, 0, 0], targets=[1, 1, 1])
    assert stays(outcome) == [(8, 108, 158), (14, 158, 1158), (20, 1158, 2158)]
    assert stages(outcome)[3:] == [
        (0, AFTER, 108, 158),
        (1, AFTER, 158, 208),
        (0, TRANSPORT, 158, 1158),
        (2, AFTER, 1158, 1208),
        (1, TRANSPORT, 1158, 2158),
        (2, TRANSPORT, 2158, 3158),
    ]


def test_a_van_that_nobody_can_ever_drive_is_an_error(run):
    with pytest.raises(PlanError, match="area: transport needs 1 customs"):
        run(van(crew={"customs": 1}, staffing=ONE_OFFICER), [0], targets=[1])


def test_whoever_hides_nothing_leaves_with_its_search(run):
    outcome = run(van(after={"place": "spot"}, spots=1), [0, 0], targets=[0, 1])
    assert stays(outcome)[0] == (8, 108, 108)
    assert outcome[0].found_at.tolist() == [NOT_FOUND, SEARCH]
    assert NEVER not in outcome[0].left_s


# Papers


def test_every_step_takes_its_time_for_each_occupant_and_not_for_those_who_hide(run):
    """With 1 and 3 occupants, and 9 persons hidden in either: 100 + 10, 500 + 20 and 1000 + 30 s for each of them."""
    changes = van(equipment={"van": 2})
    after = changes["area"]["after_detection"]
    tables = (changes["area"]["stages"][0], after, after["transport"])
    for table, per_occupant_s in zip(tables, (10.0, 20.0, 30.0), strict=True):
        table["duration"]["per_occupant_s"] = per_occupant_s
    outcome = run(changes, [0, 0], targets=[1, 1], occupants=[1, 3])
    assert stages(outcome) == [
        (0, SEARCH, 8, 118),
        (1, SEARCH, 14, 144),
        (0, AFTER, 118, 638),
        (1, AFTER, 144, 704),
        (0, TRANSPORT, 638, 1668),
        (1, TRANSPORT, 704, 1794),
    ]
