"""A plan as a scenario file: what is changed is changed, and all else stays as it was written."""

import difflib
import re
import tomllib
from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.overrides import with_override
from funnelsim.scenario.plan_file import load_plan, plan_text
from funnelsim.scenario.starter import starter_scenario

TEXT = """\
# The A3
title = "x"   # why

[selection]
rate = { default = 0.01, van = 0.08 } # shares
valve.suspend_at_m = 1200   # dotted
"look".mean_s = 3

[[area.stages]]
name = "full search" # one
crew = { police = 1 }

[[area.stages]]
name = "other"

[staffing]
roster = [
    { agency = "police", count = 8, from = "05:30" },   # first
    { agency = "customs", count = 2, from = "05:30" },
]
"""


@pytest.fixture
def changed(tmp_path):
    """Return what changes keys of `TEXT`: the text, and the lines that are gone and those that are new."""
    file = tmp_path / "a3.toml"
    file.write_text(TEXT)

    def change(values, heading="made"):
        text = plan_text(file, values, heading, tmp_path)
        lines = difflib.ndiff(TEXT.splitlines(), text.splitlines())
        parts = [line for line in lines if line[:2] in ("- ", "+ ")]
        return text, [line[2:] for line in parts if line[0] == "-"], [line[2:] for line in parts if line[0] == "+"]

    return change


def test_nothing_but_the_heading_is_new_where_nothing_is_changed(changed):
    text, gone, _ = changed({}, "A3\n\nmade by funnelsim")
    assert gone == []
    assert text == f"# A3\n#\n# made by funnelsim\n\n{TEXT}"


def test_what_a_comment_cannot_hold_is_written_out(changed):
    text, _, _ = changed({}, "a\x07b\rc")
    assert text.startswith("# a\\u0007b\n# c\n\n")


@pytest.mark.parametrize(
    ("values", "gone", "new"),
    [
        (
            {"selection.rate.van": 0.1},
            "rate = { default = 0.01, van = 0.08 } # shares",
            "rate = { default = 0.01, van = 0.1 } # shares",
        ),
        (
            {"selection.valve.suspend_at_m": 900.0},
            "valve.suspend_at_m = 1200   # dotted",
            "valve.suspend_at_m = 900   # dotted",
        ),
        ({"selection.look.mean_s": 2.5}, '"look".mean_s = 3', '"look".mean_s = 2.5'),
        ({"area.stages.full search.crew.police": 2}, "crew = { police = 1 }", "crew = { police = 2 }"),
        (
            {"staffing.roster.police.count": 9},
            '    { agency = "police", count = 8, from = "05:30" },   # first',
            '    { agency = "police", count = 9, from = "05:30" },   # first',
        ),
        ({"title": "y"}, 'title = "x"   # why', 'title = "y"   # why'),
    ],
)
def test_a_value_changes_where_it_stands_and_its_comment_stays(changed, values, gone, new):
    _, were, are = changed(values)
    assert (were, are) == ([gone], ["# made", "", new])


@pytest.mark.parametrize(
    "values",
    [
        {"selection.rate.lorry": 0.1},
        {"selection.rule": "random", "selection.valve.lift_at_m": 900.0, "selection.look.cv": 0.2},
        {"area.stages.other.crew.police": 2},
        {"area.stages.1.duration.mean_s": 30.5},
        {"area.bays": 5},
        {"staffing.roster.customs.breaks.minutes": 30},
        {"staffing.posts.traffic control.police": 2},
        {"equipment.probe 2": 3, "limits.tail_m": 800},
        {"selection.adapt": {"on": "area", "points": [[0.5, 3.0], [0.9, 1.0]]}},
        {"selection.rate": {"default": 0.5, "a b": 0.1}},
        {"staffing.roster.customs.breaks": {"minutes": 30}},
        {"area.stages.other.duration": {"mean_s": 3.0}},
        {'equipment."co2.probe"': 1},
        {"selection.valve.suspend_at_m": 700, "selection.rate.van": 0.2, "selection.rate.default": 0},
    ],
    ids=str,
)
def test_the_file_says_what_was_set_and_nothing_else(changed, values):
    """Tables that are missing are made, in a list or on one line as well."""
    expected = tomllib.loads(TEXT)
    for key, value in values.items():
        expected = with_override(expected, key, value)
    text, gone, _ = changed(values)
    assert tomllib.loads(text) == expected
    assert [line for line in TEXT.splitlines() if "#" in line and line not in gone] == [
        line for line in text.splitlines()[2:] if "#" in line and line in TEXT.splitlines()
    ]


ENTRIES = [{"agency": "police", "count": 3, "from": "05:30"}, {"agency": "police", "count": 4, "from": "06:30"}]


def test_another_roster_has_a_line_for_each_entry_as_the_one_before(changed):
    _, gone, new = changed({"staffing.roster": ENTRIES})
    assert len(gone) == 2
    assert new[-2:] == [
        '    { agency = "police", count = 3, from = "05:30" },',
        '    { agency = "police", count = 4, from = "06:30" },',
    ]


def test_tables_of_another_list_stand_apart(tmp_path):
    file = tmp_path / "a3.toml"
    file.write_text('[[staffing.roster]]  # early\nagency = "police"\ncount = 8\n\n[limits]\ntail_m = 3\n')
    text = plan_text(file, {"staffing.roster": ENTRIES}, "made", tmp_path)
    entries = [
        f'[[staffing.roster]]\nagency = "police"\ncount = {n}\nfrom = "{at}"\n'
        for n, at in ((3, "05:30"), (4, "06:30"))
    ]
    assert text == "# made\n\n" + "\n".join(entries) + "\n[limits]\ntail_m = 3\n"


@pytest.mark.parametrize(("key", "default"), [("rate", 0.05), ("every", 20)])
def test_what_a_table_holds_that_is_left_out_stays(tmp_path, key, default):
    """With a rate of its own for vans, all others still have the default."""
    lines = [line for line in starter_scenario("A3").splitlines() if not line.startswith(f"{key} = ")]
    file = tmp_path / "a3.toml"
    file.write_text("\n".join(lines))
    plan = tmp_path / "plan.toml"
    plan.write_text(plan_text(file, {f"selection.{key}.van": 1}, "made", tmp_path))
    assert getattr(load_scenario(plan).selection, key) == {"default": default, "van": 1}


def test_a_key_that_leads_nowhere_is_told(changed):
    with pytest.raises(ScenarioError, match="did you mean police"):
        changed({"staffing.roster.polce.count": 3})


COUNTS = "start,vehicles\n" + "".join(f"2024-05-14 {hour:02}:00,600\n" for hour in range(24))
BACK = """
[[funnels]]
direction = "back"
[funnels.traffic.counts]
file = "counts/back.csv"
"""


def with_files(folder):
    """Return a scenario file that reads a count file for each of its two funnels."""
    text = starter_scenario("A3")
    before, _, rest = text.partition("[traffic.counts]")
    after = rest[rest.index("\n# How often") :]
    (folder / "counts").mkdir(parents=True)
    for name in ("a3.csv", "back.csv"):
        (folder / "counts" / name).write_text(COUNTS)
    file = folder / "a3.toml"
    file.write_text(f'{before}[traffic.counts]\nfile = "counts/a3.csv"\n{after}{BACK}')
    return file


def test_count_files_are_named_from_the_new_folder(tmp_path, monkeypatch):
    """Of all funnels; wherever the command is run."""
    file = with_files(tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results" / "a3"
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(plan_text(Path("here/a3.toml"), {"area.bays": 7}, "made", Path("results/a3")))
    text = (folder / "plan.toml").read_text()
    assert 'file = "../../here/counts/a3.csv"' in text
    assert 'file = "../../here/counts/back.csv"' in text
    wanted = load_scenario(file, ["area.bays=7"])
    assert load_plan(folder / "plan.toml", wanted).area.bays == 7


def test_a_plan_that_is_not_the_one_wanted_is_not_accepted(tmp_path):
    file = tmp_path / "a3.toml"
    file.write_text(starter_scenario("A3"))
    wanted = load_scenario(file, ["area.bays=7"])
    with pytest.raises(ScenarioError, match="is not the plan chosen"):
        load_plan(file, wanted)
    assert load_plan(file, load_scenario(file)) == load_scenario(file)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rate = { default = 0.01, van = 0.08 } # why", "rate = { default = 0.01, van = 0.3, lorry = 0.2 } # why"),
        ("rate = { default = 0.010 }", "rate = { default = 0.010, van = 0.3, lorry = 0.2 }"),
        ("rate = {default = 0.01}", "rate = { default = 0.01, van = 0.3, lorry = 0.2 }"),
        ("rate = {}", "rate = { van = 0.3, lorry = 0.2 }"),
        ("x = 1", "x = 1\n\n[selection.rate]\ndefault = 0.05\nvan = 0.3\nlorry = 0.2"),
    ],
)
def test_a_table_on_one_line_has_spaces_within_its_braces(tmp_path, before, after):
    file = tmp_path / "a.toml"
    file.write_text(f"[selection]\n{before}\n")
    text = plan_text(file, {"selection.rate.van": 0.3, "selection.rate.lorry": 0.2}, "made", tmp_path)
    assert text == f"# made\n\n[selection]\n{after}\n"
    file.write_text(f"selection = {{ {before.partition(' #')[0]} }}\nlast = 1\n")
    text = plan_text(file, {"selection.rate.van": 0.3, "selection.valve.lift_at_m": 900.0}, "made", tmp_path)
    assert "valve = { lift_at_m = 900 } }\nlast = 1\n" in text
    assert tomllib.loads(text)["selection"]["rate"]["van"] == 0.3
    assert not re.search(r"[^ {]\}|,[^ ]", text)


def test_an_entry_of_a_list_may_get_a_key_more(changed):
    _, gone, new = changed({"staffing.roster.1.to": "14:30", "staffing.roster.0.breaks": {"minutes": 30.0}})
    assert gone == [
        '    { agency = "police", count = 8, from = "05:30" },   # first',
        '    { agency = "customs", count = 2, from = "05:30" },',
    ]
    assert new[2:] == [
        '    { agency = "police", count = 8, from = "05:30", breaks = { minutes = 30 } },   # first',
        '    { agency = "customs", count = 2, from = "05:30", to = "14:30" },',
    ]
