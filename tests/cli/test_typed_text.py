"""Text of the user is shown as typed: brackets are no markup, and :car: is no picture."""

import pytest

from funnelsim.scenario.toml_text import key_text, value_text
from tests.broken_scenarios import WHOLE
from tests.conftest import merged

TITLE, STAGE, AGENCY, FOLDER = "A4 [/Nord] :car: [b", "[red]ID", "pol[/b]", "r [/b] :car:"
SHORT = ("--replications", "2", "--jobs", "1")
TYPED = {
    "title": TITLE,
    "area": {"stages": [{"name": STAGE, "duration": {"mean_s": 240.0}, "crew": {AGENCY: 1}, "finds": {"t": 0.5}}]},
    "staffing": {"roster": [{"agency": AGENCY, "count": 6, "from": "07:30", "to": "12:00"}], "posts": {}},
}


@pytest.fixture
def typed(tmp_path):
    """Write a scenario with brackets and colons in all names; return the file's name."""
    data = merged(WHOLE, TYPED) | {"selection": WHOLE["selection"] | {"post": {AGENCY: 1}}}
    text = "".join(f"{key_text(key)} = {value_text(value)}\n" for key, value in data.items())
    (tmp_path / "[b]:car:.toml").write_text(text, encoding="utf-8")
    return "[b]:car:.toml"


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (("check", ""), (TITLE, STAGE, AGENCY)),
        (("run", "", *SHORT, "--full", "--out", FOLDER), (TITLE, AGENCY, f"Results are in {FOLDER}\n")),
        (("sweep", "", "--vary", "area.bays=2,3", *SHORT, "--out", FOLDER), (TITLE, f"Results are in {FOLDER}\n")),
        (("check", "", "--set", "area.bays=[b]"), ('area.bays=[b]: "[b]" cannot be read',)),
        (("check", "[/b] :car:"), ("error: [/b] :car:: no such file",)),
        (("plot", FOLDER), (f"error: {FOLDER}: ",)),
        (("[red]x",), ("No such command '[red]x'",)),
        (("run", "--seed", "[b]7", ""), ("error: --seed: [b]7 given",)),
        (("sweep", "--help"), ("[sweep]",)),
    ],
)
def test_brackets_and_colons_are_shown_as_typed(run, typed, monkeypatch, arguments, texts):
    monkeypatch.setenv("COLUMNS", "200")
    _, out, err = run(*(argument or typed for argument in arguments))
    for text in texts:
        assert text in out + err


def test_figures_are_named_as_their_folder_is_typed(run, typed):
    assert run("run", typed, *SHORT, "--out", FOLDER)[0] == 0
    _, out, _ = run("plot", FOLDER, "--figure", "waterfall", "--format", "png")
    assert f"{FOLDER}/figures/waterfall.png" in out.replace("\\", "/")
