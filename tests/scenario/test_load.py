"""Loading: one frozen scenario, or every problem of the file in one ScenarioError."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load_scenario, scenario_from
from funnelsim.scenario.starter import starter_scenario

STARTER = starter_scenario("A starter")
HEADS = 'title = "t"\n[operation]\nopens = "06:00"\ncloses = "08:00"\n'
AREA = '[area]\n[[area.stages]]\nname = "documents"\nduration = { mean_s = 60 }\n'


def problem_of(path, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.fixture
def write(tmp_path):
    def put(content, name="a3.toml"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return put


def test_a_valid_file_becomes_a_scenario(write):
    scenario = load_scenario(write(STARTER))
    assert isinstance(scenario, Scenario)
    assert scenario.title == "A starter"
    assert load_scenario(str(write(STARTER))) == scenario


def test_a_byte_order_mark_is_no_problem(write):
    assert load_scenario(write(STARTER.encode("utf-8-sig"))).title == "A starter"


def test_windows_line_ends_are_no_problem(write):
    assert load_scenario(write(STARTER.replace("\n", "\r\n"))).title == "A starter"


def test_a_count_file_is_named_absolutely(write, tmp_path, monkeypatch):
    """The scenario alone is enough to run, from whatever folder."""
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts" / "road.csv").write_text("")
    (tmp_path / "plans").mkdir()
    file = write(HEADS + '[traffic]\ncounts = { file = "../counts/road.csv" }\n' + AREA, "plans/a3.toml")
    monkeypatch.chdir(tmp_path / "plans")
    for path in (file, Path("a3.toml"), "a3.toml"):
        assert load_scenario(path).traffic.counts.file == str(tmp_path / "counts" / "road.csv")


def test_a_count_file_set_by_an_override_is_relative_to_the_scenario_file_too(write, tmp_path):
    (tmp_path / "other.csv").write_text("")
    file = write(HEADS + '[traffic]\ncounts = { file = "gone.csv" }\n' + AREA)
    assert load_scenario(file, ["traffic.counts.file=other.csv"]).traffic.counts.file == str(tmp_path / "other.csv")


def test_the_count_file_of_a_further_funnel_is_beside_the_scenario_file_too(write, tmp_path, monkeypatch):
    (tmp_path / "road.csv").write_text("")
    monkeypatch.chdir(tmp_path.parent)
    text = HEADS + '[traffic]\ncounts = { file = "road.csv" }\n' + AREA
    back = '[[funnels]]\ndirection = "back"\ntraffic = { counts = { file = "NAME" } }\n'
    loaded = load_scenario(write(text + back.replace("NAME", "./road.csv")))
    assert loaded.funnels[0].traffic.counts.file == str(tmp_path / "road.csv")
    said = problem_of(write(text + back.replace("NAME", "raod.csv")))
    assert said == (
        f"{tmp_path}/a3.toml: funnels.0.traffic.counts.file: no such file; did you mean {tmp_path}/road.csv?"
    )


def test_a_missing_count_file_is_a_problem_of_the_scenario(write, tmp_path):
    (tmp_path / "road.csv").write_text("")
    said = problem_of(write(HEADS + '[traffic]\ncounts = { file = "raod.csv" }\n' + AREA))
    assert said == (f"{tmp_path}/a3.toml: traffic.counts.file: no such file; did you mean {tmp_path}/road.csv?")


def test_a_recorded_scenario_runs_again(write, tmp_path):
    """What a run records, with every default filled in, is a scenario in its own right."""
    (tmp_path / "road.csv").write_text("")
    for text in (STARTER, HEADS + '[traffic]\ncounts = { file = "road.csv" }\n' + AREA):
        scenario = load_scenario(write(text))
        recorded = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert scenario_from(recorded, where="recorded") == scenario


def test_a_missing_file_is_said_with_near_names(write, tmp_path):
    write(STARTER, "a3_eastbound.toml")
    assert problem_of(tmp_path / "a3_eastbnd.toml").endswith(
        f"no such file; did you mean {tmp_path}/a3_eastbound.toml?"
    )
    assert problem_of(tmp_path / "a3_eastbound").endswith(f"did you mean {tmp_path}/a3_eastbound.toml?")
    assert problem_of(tmp_path / "zzz").endswith("zzz: no such file")
    assert problem_of(tmp_path / "nowhere" / "zzz.toml").endswith(f"there is no folder {tmp_path}/nowhere")


def test_a_folder_is_no_scenario(tmp_path):
    assert problem_of(tmp_path) == f"{tmp_path}: this is a folder; allowed: a scenario file"


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", ""])
def test_a_name_that_no_file_can_have_ends_in_words(tmp_path, name):
    problem_of(f"{tmp_path}/{name}")


def test_an_unreadable_file_ends_in_words(write, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    file = write(STARTER)
    monkeypatch.setattr(Path, "open", refuse)
    assert problem_of(file).endswith("cannot be read: Permission denied")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty; allowed: a scenario"),
        (b"# nothing but a comment\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a binary file; allowed: a text file in TOML"),
        ("title = 'ü'".encode("utf-16"), "this text is in UTF-16; allowed: UTF-8"),
        (b'# x\ntitle = "M\xfcnchen"', "line 2: byte 0xFC is not UTF-8"),
        (b"#" * 5_000_001, "more than 5 MB"),
        (b"x = " + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_toml_text_is_refused_in_words(write, content, words):
    assert words in problem_of(write(content))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\nopens = 06:00", "line 2: opens = 06:00: there is more on the line after the value"),
        ("x = yes", "line 1: x = yes: no value; allowed: a number"),
        ("x = 0,5", "decimals with a point"),
        ("x 5", "line 1: x 5: no equals sign; allowed: key = value"),
        ("x = 1\nx = 2", "line 2: x = 2: this key is given twice"),
        ("[a]\n[b]\n[a]", "line 3: [a]: this table is given twice"),
        ('x = "a\n', 'line 1: x = "a: a quotation mark is not closed'),
        ("x = [1\n", "line 1: x = [1: a bracket [ is not closed"),
        ('x = "C:\\Users"\n', "a backslash has a special meaning in double quotes; allowed: / in file names"),
        ("rate = { van = 0,1 }\n", "a comma in a number; allowed: decimals with a point (0.1)"),
        ("rate = { van = 10% }\n", "a per cent sign; allowed: a share (0.1 is 10 %)"),
        ("x = 'a\\b'\ny = \"\\q\"", "line 2"),
        ("x = " + "9" * 5000, "thousands of digits"),
    ],
)
def test_a_syntax_error_says_the_line_and_what_stands_there(write, text, words):
    assert words in problem_of(write(text))


@pytest.mark.parametrize("version", ["2", "0", '"1"', "true", "1.5"])
def test_another_version_is_the_only_problem_said(write, version):
    """A file of another version may look quite different: nothing else about it is worth saying."""
    said = problem_of(write(f"version = {version}\nnonsense = 1\n"))
    assert said.endswith(f"version: {version} given; allowed: 1, the version of the format that this funnelsim reads")


def test_a_mapping_stays_as_it_is():
    data = tomllib.loads(STARTER)
    scenario_from(data, where="here", overrides=["area.bays=2", "staffing.roster.police.count=5"])
    assert data == tomllib.loads(STARTER)


def test_overrides_change_the_scenario(write):
    overrides = ["area.bays=2", "area.stages.vehicle search.duration.mean_s=800", "selection.rule=random"]
    scenario = load_scenario(write(STARTER), overrides)
    assert scenario.area.bays == 2
    assert scenario.area.stages[2].duration.mean_s == 800
    assert scenario.selection.rule == "random"


def test_a_problem_that_an_override_made_names_the_override(write, tmp_path):
    said = problem_of(write(STARTER), "area.bays=-1")
    assert said == (
        f"{tmp_path}/a3.toml with area.bays=-1: area.bays: -1 given; allowed: a whole number from 0 to 10,000"
    )
    assert "with slection.rule=random: slection: unknown key; did you mean selection?" in problem_of(
        write(STARTER), "slection.rule=random"
    )


def test_problems_of_overrides_and_of_the_file_come_together(write):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(STARTER.replace("bays = 4", "bays = 4.5")), ["nonsense", "staffing.roster.polise.count=1"])
    assert [problem.where.partition(": ")[0] for problem in caught.value.problems[:2]] == [
        "--set nonsense",
        "--set staffing.roster.polise.count",
    ]
    assert caught.value.problems[2].where.endswith("area.bays")


@pytest.mark.parametrize("key", ["bays", "divert_s", "when_full", "unknown", "stages"])
def test_a_number_too_long_to_write_out_is_a_problem_like_any_other(write, key):
    """Python refuses to write more than 4,300 digits; TOML can hold them as hexadecimal."""
    text = STARTER.replace("bays = 4", f"{key} = 0x{'f' * 5000}")
    with pytest.raises(ScenarioError, match=f"area.{key}: "):
        load_scenario(write(text.replace("[[area.stages]]", "[[x]]") if key == "stages" else text))


def test_loading_needs_no_array_or_table_library():
    heavy = ["numpy", "polars", "numba", "matplotlib", "scipy", "rich", "typer"]
    code = f"import sys, funnelsim.scenario; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=3)
    | st.dates()
    | st.times(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "mean_s", "default", "van", "agency", "file", "from", "vehicles", "[key]"])
            | st.text(max_size=5)
            | st.integers(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = sorted(Scenario.model_json_schema()["properties"])


@given(content=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_arbitrary_bytes_raise_nothing_but_a_scenario_error(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "arbitrary.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError):
        load_scenario(file)


@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5) | st.integers(), ODD, max_size=6))
def test_arbitrary_mappings_raise_nothing_but_a_scenario_error(data):
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data, where="here")
    assert all("\n" not in str(problem) for problem in caught.value.problems)


def places(value, steps=()):
    yield steps
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in pairs:
        yield from places(inner, (*steps, step))


PLACES = [steps for steps in places(tomllib.loads(STARTER)) if steps]


def put(value, steps, new):
    """Return a value with one of its places changed, if it still has that place."""
    step, *rest = steps
    if isinstance(value, dict):
        return {**value, step: put(value.get(step), rest, new) if rest else new}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], put(value[step], rest, new) if rest else new, *value[step + 1 :]]
    return value


@settings(deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_a_good_scenario_with_anything_anywhere_raises_nothing_but_a_scenario_error(changes):
    data = tomllib.loads(STARTER)
    for steps, value in changes:
        data = put(data, steps, value)
    try:
        scenario = scenario_from(data, where="here")
    except ScenarioError as error:
        problems = error.problems
    else:
        assert isinstance(scenario, Scenario)
        return
    assert problems
    assert all(problem.where.startswith("here") and problem.message for problem in problems)
