"""Every label that the component writes is there, and is a text."""

import re
from pathlib import Path

import pytest

pytest.importorskip("nicegui", reason="NiceGUI is not installed: pip install funnelsim[web]")

from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.moments import MomentKind
from funnelsim.replay.outcomes import Outcome
from funnelsim.web.replay import labels

FOLDER = Path(labels.__file__).parent


@pytest.fixture
def all_labels(monkeypatch):
    monkeypatch.setattr(labels, "text", lambda message: message)
    return labels.labels()


def test_scripts_ask_for_the_labels_that_there_are_and_no_others(all_labels):
    scripts = [FOLDER / "replay.js", *(FOLDER / "scripts").glob("*.js")]
    asked = {name for script in scripts for name in re.findall(r"\blabels\.(\w+)", script.read_text(encoding="utf-8"))}
    assert len(asked) > 20
    assert asked == set(all_labels)


def test_every_state_moment_and_outcome_has_its_words(all_labels):
    assert set(all_labels["gate"]) == {state.name.lower() for state in GateState}
    assert set(all_labels["moments"]) == {kind.value for kind in MomentKind}
    assert len(all_labels["outcomes"]) == len(Outcome)


def test_scripts_know_the_same_states_and_outcomes():
    tracks = (FOLDER / "scripts" / "tracks.js").read_text(encoding="utf-8")
    states = re.search(r"GATE = \[(.*)\]", tracks)[1].replace('"', "").split(", ")
    assert states == [state.name.lower() for state in GateState]
    outcomes = dict(re.findall(r"([A-Z_]+): (\d)", re.search(r"OUTCOME = \{(.*)\}", tracks)[1]))
    assert {name: int(number) for name, number in outcomes.items()} == {one.name: one.value for one in Outcome}
    strips = (FOLDER / "scripts" / "strips.js").read_text(encoding="utf-8")
    signs = re.findall(r"^  (\w+): \"", re.search(r"MOMENT_SIGNS = \{(.*?)\};", strips, re.DOTALL)[1], re.MULTILINE)
    assert set(signs) == {kind.value for kind in MomentKind}
