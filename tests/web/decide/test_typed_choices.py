"""What may change, as it is typed: with either decimal mark, and refused where it can be read in two ways."""

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.vary import parse_factor
from funnelsim.web.decide.typed_choices import choices_said, choices_typed, refusal
from tests.web.speaking import speak


@pytest.fixture(autouse=True)
def english(monkeypatch):
    speak(monkeypatch)


def refused(typed):
    with pytest.raises(FunnelsimError) as refusing:
        choices_typed(typed)
    return refusal(refusing.value)


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("selection.rate.van=0,1", ('"0.1"', '"0; 1"')),
        ("area.bays=4,5", ('"4.5"', '"4; 5"')),
        ("area.bays=1,5,2,7", ('"1.5; 2.7"', '"1; 5; 2; 7"')),
        ("area.bays=1,5, 2,7", ('"1.5; 2.7"', '"1; 5; 2; 7"')),
        ("lane.length_m=100; 1,500", ('"1.5"', '"1500"')),
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "hr"])
def test_what_can_be_read_in_two_ways_is_refused_with_the_cure(monkeypatch, language, typed, ways):
    speak(monkeypatch, language)
    told = refused(typed)
    assert told.startswith(f"{typed}: ")
    assert all(way in told for way in ways)


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("selection.rate.van=0.1; 0,2", ((0.1,), (0.2,))),
        ("selection.rate.van=0.1,0.2", ((0.1,), (0.2,))),
        ("selection.rate.van=0,1;", None),
        ("area.bays=4; 5", ((4,), (5,))),
        ("area.bays=4, 5", ((4,), (5,))),
        ("area.bays+selection.rate.van=4+0,1; 6+0,2", ((4, 0.1), (6, 0.2))),
        ("selection.rate.van=0,1:0,3:0,1", ((0.1,), (0.2,), (0.3,))),
        ("operation.closes=13:00; 13:30", (("13:00",), ("13:30",))),
        ("selection.rule=score; random", (("score",), ("random",))),
        ('selection.adapt=[{ on = "area", points = [[0.5, 3.0]] }]', None),
    ],
)
def test_values_are_read_as_they_were_typed(typed, levels):
    if levels is None and typed.endswith(";"):
        assert "none left out" in refused(typed)
    elif levels is not None:
        assert parse_factor(choices_typed(typed)[0]).levels == levels
    else:
        assert choices_typed(typed) == [typed]


def test_what_is_refused_does_not_speak_of_the_command_line():
    told = refused("area.bays=4;4\nsomething")
    assert "--" not in told
    assert told.startswith("area.bays=4;4: a value stands twice")
    assert "something: no key and values" in told


def test_what_may_change_is_said_in_words():
    assert choices_said(["area.bays+area.waiting=4+4,6+2"]) == "bays + waiting spaces: 4 + 4, 6 + 2"
    assert choices_said(["area.bays=1:9:1"]) == "bays: 1, 2, 3, 4, …, 9"
    assert choices_said(["nothing"]) == "nothing"
