"""References: names that one table uses and another must define."""

import tomllib

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import scenario_from
from funnelsim.scenario.overrides import with_override
from funnelsim.scenario.references import reference_findings
from funnelsim.scenario.starter import starter_scenario

STARTER = tomllib.loads(starter_scenario("A starter"))
MOTORCYCLE = {
    "share": 0,
    "spacing_m": 3,
    "reaction_s": 1.2,
    "diversion_s": 1,
    "occupants": 1.1,
    "delay_cost_per_h": 16,
}


def changed(**changes):
    data = STARTER
    for path, value in changes.items():
        data = with_override(data, path, value)
    return data


def found(data):
    return {finding.steps: finding.message for finding in reference_findings(data)}


@pytest.mark.parametrize(
    "path",
    [
        "selection.rate.vann",
        "selection.every.vann",
        "targets.contraband.per_10k.vann",
        "area.stages.documents.duration.mean_s.vann",
        "area.after_detection.duration.mean_s.vann",
        "traffic.split.vann",
        "traffic.split.lorry.vann",
        "traffic.counts.vehicles.vann",
    ],
)
def test_an_unknown_class_is_found_wherever_classes_are_named(path):
    data = changed(
        **{"area.stages.documents.duration.mean_s": {"default": 60}, path: {} if path.endswith("split.vann") else 1}
    )
    messages = [message for steps, message in found(data).items() if steps[-1] == "vann"]
    assert [message.partition("?")[0] for message in messages] == ["unknown class; did you mean van"]


def test_an_unknown_class_in_a_list_and_as_a_meaning_is_found():
    data = changed(
        **{
            "area.stages.CO2 probe.for": ["van", "lory"],
            "traffic.counts": {"file": "a.csv", "classes": {"Lkw": "lory", "Krad": "-", "Rad": ""}},
        }
    )
    assert [message.partition(";")[0] for message in found(data).values()] == ['"lory" given, unknown class'] * 2


@pytest.mark.parametrize(
    "path", ["selection.rate.default", "selection.every.default", "area.after_detection.duration.mean_s.default"]
)
def test_default_stands_for_the_classes_not_named(path):
    assert found(changed(**{path: 1})) == {}


@pytest.mark.parametrize("path", ["targets.contraband.per_10k.default", "traffic.counts.vehicles.default"])
def test_default_is_no_class_elsewhere(path):
    (message,) = found(changed(**{path: 1})).values()
    assert message.startswith("unknown class;")


def test_a_new_class_can_be_used_everywhere():
    data = changed(
        **{
            "classes.motorcycle": MOTORCYCLE,
            "selection.rate.motorcycle": 0.1,
            "area.stages.CO2 probe.for": ["motorcycle"],
        }
    )
    assert found(data) == {}


def test_a_new_class_that_is_a_default_class_misspelt_counts_as_unknown():
    data = changed(**{"classes.lory": {"share": 0.1}, "selection.rate.lory": 0.2})
    assert "did you mean lorry?" in found(data)["selection", "rate", "lory"]


def test_a_table_by_class_covers_every_class():
    """Whether the classes not named have a value of 0, or none, would be the planner's guess."""
    data = changed(**{"selection.rate": {"van": 0.1, "car": 0.01}})
    assert found(data) == {
        ("selection", "rate"): (
            "no value for camper, coach, lorry, reefer; allowed: a value for each class, or a default"
        )
    }
    assert found(changed(**{"selection.every": {"van": 10}})) == {}
    assert len(found(changed(**{"selection.every": {"van": 10}, "selection.rule": "every_nth"}))) == 1


def test_a_stage_needs_durations_only_for_its_own_classes():
    each = dict.fromkeys(["van", "camper", "lorry", "reefer"], 100)
    assert found(changed(**{"area.stages.CO2 probe.duration.mean_s": each})) == {}
    del each["van"]
    (message,) = found(changed(**{"area.stages.CO2 probe.duration.mean_s": each})).values()
    assert message.startswith("no value for van;")


@pytest.mark.parametrize("table", ["finds", "alarms"])
def test_an_unknown_target_type_is_found(table):
    (message,) = found(changed(**{f"area.stages.documents.{table}.contrabant": 0.5})).values()
    assert message.startswith("unknown target type; did you mean contraband?")


def test_ordinary_has_alarms_but_is_not_found():
    assert found(changed(**{"area.stages.documents.alarms.ordinary": 0.1})) == {}
    assert len(found(changed(**{"area.stages.documents.finds.ordinary": 0.1}))) == 1


def test_a_file_without_targets_says_so():
    (message, *_) = found(changed(targets=[])).values()
    assert message == "unknown target type; allowed: ordinary"


@pytest.mark.parametrize(
    "path",
    [
        "selection.post.polise",
        "area.stages.documents.crew.polise",
        "area.after_detection.crew.polise",
        "staffing.posts.gate.polise",
    ],
)
def test_an_agency_that_looks_like_one_on_the_roster_is_an_error(path):
    (message,) = found(changed(**{path: 1})).values()
    assert message == ("this agency is not on the roster; did you mean police? allowed: police, border police, customs")


@pytest.mark.parametrize("agency", ["army", "federal_police", "fire"])
def test_an_agency_that_is_off_the_roster_is_no_error(agency):
    assert found(changed(**{f"area.stages.documents.crew.{agency}": 1})) == {}


def test_police_and_border_police_are_no_misspelling_of_each_other():
    data = changed(**{"staffing.roster": [{"agency": "border police", "count": 1, "from": "06:00", "to": "14:00"}]})
    assert found(data) == {}


def test_equipment_is_listed_and_suffices():
    unknown = found(changed(**{"area.stages.documents.equipment.co2_prob": 1}))
    assert list(unknown.values()) == [
        "unknown equipment; did you mean CO2 probe? allowed: CO2 probe (listed in [equipment])"
    ]
    short = found(changed(**{"area.stages.CO2 probe.equipment.CO2 probe": 3}))
    assert list(short.values()) == ["3 given; allowed: at most 2, as in [equipment]"]
    none = found(changed(equipment={}))
    assert list(none.values()) == ["unknown equipment; allowed: none, as the file lists none (listed in [equipment])"]


def test_findings_of_both_kinds_come_together():
    data = changed(**{"lane.length_m": -1, "selection.rate.vann": 0.1})
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data, where="x")
    assert {problem.where for problem in caught.value.problems} == {"x: lane.length_m", "x: selection.rate.vann"}


def spoilt(value, steps=()):
    """Yield the starter with each of its places replaced by something of another shape."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*steps, step)
        yield from spoilt(inner, (*steps, step))


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, [5], [[]], {"a": 5}, {"name": []}, [{"name": {}}]])
def test_any_shape_is_survived_anywhere(value):
    for steps in spoilt(STARTER):
        data = tomllib.loads(starter_scenario("x"))
        here = data
        for step in steps[:-1]:
            here = here[step]
        here[steps[-1]] = value
        assert all(finding.message for finding in reference_findings(data))


def test_equipment_has_another_name_than_any_agency():
    """Tables and figures name both by their name alone."""
    assert found(changed(**{"equipment.police": 2})) == {
        ("equipment", "police"): "an agency has the same name; allowed: a different name"
    }


WESTBOUND = {
    "direction": "westbound",
    "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"total": [600] * 24}}},
}
VAN = {"duration": {"mean_s": 3600}, "crew": {"police": 2}}
CHASE = {"pursues": 0.5, "brings": 0.5, "duration": {"mean_s": {"default": 900}}, "crew": {"police": 2}}


@pytest.mark.parametrize(
    "path",
    [
        "funnels.0.selection.rate.vann",
        "funnels.0.selection.every.vann",
        "funnels.0.traffic.split.vann",
        "funnels.0.traffic.split.lorry.vann",
        "funnels.0.traffic.counts.vehicles.vann",
        "area.after_detection.transport.duration.mean_s.vann",
        "staffing.chase.duration.mean_s.vann",
    ],
)
def test_an_unknown_class_is_found_in_further_funnels_in_transport_and_chase(path):
    data = changed(
        **{
            "funnels": [WESTBOUND],
            "area.after_detection.transport": {**VAN, "duration": {"mean_s": {"default": 60}}},
            "staffing.chase": CHASE,
            path: {} if path.endswith("split.vann") else 1,
        }
    )
    messages = [message for steps, message in found(data).items() if steps[-1] == "vann"]
    assert [message.partition("?")[0] for message in messages] == ["unknown class; did you mean van"]


def test_a_meaning_of_a_count_files_class_is_checked_in_further_funnels():
    counts = {"file": "a.csv", "classes": {"Lkw": "lory", "Krad": "-"}}
    steps, message = next(iter(found(changed(funnels=[{**WESTBOUND, "traffic": {"counts": counts}}])).items()))
    assert steps == ("funnels", 0, "traffic", "counts", "classes", "Lkw")
    assert message.startswith('"lory" given, unknown class')


def test_a_table_by_class_of_a_further_funnel_covers_every_class():
    selection = {"rule": "every_nth", "rate": {"van": 0.1}, "every": {"van": 10}}
    assert set(found(changed(funnels=[{**WESTBOUND, "selection": selection}]))) == {
        ("funnels", 0, "selection", "rate"),
        ("funnels", 0, "selection", "every"),
    }


@pytest.mark.parametrize(
    "path",
    [
        "funnels.0.selection.post.polise",
        "area.after_detection.transport.crew.polise",
        "staffing.chase.crew.polise",
        "staffing.supervision.crew.polise",
    ],
)
def test_an_agency_misspelt_in_a_new_crew_is_an_error(path):
    tables = {"funnels": [WESTBOUND], "area.after_detection.transport": VAN, "staffing.chase": CHASE}
    (message,) = found(changed(**tables, **{path: 1})).values()
    assert message.startswith("this agency is not on the roster; did you mean police?")


def test_the_van_is_listed_as_equipment():
    unknown = found(changed(**{"area.after_detection.transport": {**VAN, "equipment": {"van": 1}}}))
    assert list(unknown) == [("area", "after_detection", "transport", "equipment", "van")]
    assert next(iter(unknown.values())).startswith("unknown equipment;")
    both = {"area.after_detection.transport": {**VAN, "equipment": {"minibus": 2}}, "equipment.minibus": 1}
    assert list(found(changed(**both)).values()) == ["2 given; allowed: at most 1, as in [equipment]"]


def test_a_direction_has_a_name_of_its_own():
    """Measures are named by direction, target type and class alike."""
    assert found(changed(funnels=[WESTBOUND])) == {}
    for name, whose in (("van", "a class"), ("contraband", "a target type"), ("this direction", "another funnel")):
        assert found(changed(funnels=[{**WESTBOUND, "direction": name}])) == {
            ("funnels", 0, "direction"): f'"{name}" given, but {whose} has the same name; allowed: a different name'
        }
    twice = found(changed(direction="eastbound", funnels=[WESTBOUND, WESTBOUND]))
    assert list(twice) == [("funnels", 1, "direction")]
    assert list(found(changed(direction="van", funnels=[WESTBOUND]))) == [("direction",)]
    assert found(changed(direction="van")) == {}  # alone, it names nothing


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, [5], {"a": 5}, {"name": []}])
def test_any_shape_of_the_new_tables_is_survived(value):
    tables = {"funnels": [WESTBOUND], "area.after_detection.transport": VAN, "staffing.chase": CHASE}
    places = [
        "funnels",
        "funnels.0",
        "funnels.0.direction",
        "funnels.0.traffic",
        "funnels.0.traffic.counts",
        "funnels.0.selection",
        "area.after_detection",
        "area.after_detection.transport",
        "area.after_detection.transport.duration",
        "staffing.chase",
        "staffing.chase.crew",
        "direction",
    ]
    for path in places:
        assert isinstance(reference_findings(changed(**{**tables, path: value})), list)
