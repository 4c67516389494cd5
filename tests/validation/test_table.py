"""The table says of each line whether it agrees, and the summary how many do."""

from dataclasses import replace

import pytest

from funnelsim.reporting.terminal import plain_text
from funnelsim.validation.chapter import Chapter
from funnelsim.validation.comparison import Claim, by_chance, in_range, within
from funnelsim.validation.table import holds, section_of, summary

RIGHT = within("queue", "vehicles", 400.0, 399.5, 1.0, "Newell")
WRONG = within("tail", "m", 400.0, 500.0, 1.0, "Newell")
EXPLAINED = replace(WRONG, explanation="The road is short.")
CHANCE = by_chance("wait", "s", 2.0, ([2.0, 4.1, 6.2], [1.0, 2.0, 3.0]), "theory")
RANGE = in_range("checked", "vehicles", 158.0, [100.0, 150.0, 300.0], "a newspaper")
CLAIM = Claim("flushing", "waits stay bounded", "at most 3 min", agrees=True, source="a paper")


@pytest.fixture
def said():
    lines = (RIGHT, WRONG, CHANCE, RANGE, CLAIM)
    return plain_text([section_of(Chapter("road", "The road", "Text.", lines))], width=120)


def test_each_line_has_its_verdict(said):
    words = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert words["queue"].split() == ["queue", "400", "vehicles", "399.5", "±", "1", "agrees"]
    assert words["tail"].split()[-1] == "differs"
    assert words["wait"].split() == ["wait", "2", "s", "2.050", "±", "0.062", "+3.46", "agrees"]
    assert words["checked"].split()[-2:] == ["range", "agrees"]
    assert "flushing: waits stay bounded. Here: at most 3 min. It agrees." in said


def test_a_known_reason_stands_under_the_table():
    text = plain_text([section_of(Chapter("road", "The road", "", (EXPLAINED,)))], width=120)
    assert "differs, explained" in text
    assert "tail: The road is short." in text


def test_what_was_not_run_says_why():
    assert "Not run: no SUMO" in plain_text([section_of(Chapter("sumo", "SUMO", "", missing="no SUMO"))])


@pytest.mark.parametrize(
    ("lines", "whole", "words"),
    [
        ((RIGHT, CLAIM), True, "2 comparisons: 2 agree, none differs"),
        ((RIGHT, EXPLAINED), True, "1 agree, 1 differ for known reasons, none differs"),
        ((RIGHT, WRONG), False, "1 agree, 1 differ."),
        ((replace(CLAIM, agrees=False),), False, "0 agree, 1 differ."),
    ],
)
def test_the_validation_holds_while_nothing_differs_without_a_known_reason(lines, whole, words):
    chapters = [Chapter("road", "The road", "", lines)]
    assert holds(chapters) is whole
    assert words in summary(chapters).items[0]
