"""`funnelsim compare`: plans in, sentences out."""

import json

import pytest

FEW = ("--replications", "6", "--jobs", "1", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")


@pytest.fixture
def two(run, tmp_path):
    """Write two scenarios: the starter, and one with more bays."""
    run("new", "a3")
    text = (tmp_path / "a3.toml").read_text()
    (tmp_path / "bays.toml").write_text(text.replace("bays = 4", "bays = 6"))
    return run


def test_files_are_compared_with_the_first_in_sentences(two, tmp_path):
    code, out, err = two("compare", "a3.toml", "bays.toml", *FEW)
    assert code == 0
    assert "Traceback" not in err
    assert "bays instead of a3: " in out
    assert "Every plan met the same" in out
    folder = tmp_path / out.strip().splitlines()[-1].removeprefix("Results are in ")
    names = {path.name for path in folder.iterdir()}
    assert {
        "manifest.json",
        "replications.parquet",
        "differences.csv",
        "paired_differences.png",
        "waterfalls.svg",
    } <= names
    assert json.loads((folder / "manifest.json").read_text())["paired"]


def test_one_file_is_compared_with_its_variants(two):
    code, out, _ = two("compare", "a3.toml", "--variant", "more: area.bays=6; staffing.roster.police.count=9", *FEW)
    assert code == 0
    assert "9 more officer-hours" in " ".join(out.split()).split("Limits")[0]


def test_what_check_warns_of_is_said_by_name_before_the_results(two):
    nobody = "none: selection.rate={ default = 0 }"
    code, out, _ = two("compare", "a3.toml", "bays.toml", *FEW)
    assert (code, "warning" in out) == (0, False)
    code, out, _ = two("compare", "a3.toml", "--variant", nobody, *FEW)
    assert code == 0
    assert out.startswith("a3: no warnings; none: 1 grave warning; see funnelsim check.\n  - none: selection.rate is 0")


def test_other_traffic_is_refused_unless_asked_to_be_unpaired(two, tmp_path):
    busier = (tmp_path / "bays.toml").read_text().replace('arrivals = "poisson"', 'arrivals = "poisson"\nscale = 1.1')
    (tmp_path / "busier.toml").write_text(busier)
    code, out, err = two("compare", "a3.toml", "busier.toml", *FEW)
    assert (code, out) == (2, "")
    assert "busier: the traffic is not that of a3" in err
    code, out, _ = two("compare", "a3.toml", "busier.toml", "--unpaired", *FEW)
    assert code == 0
    assert "met its own vehicles" in " ".join(out.split())


def test_points_of_a_sweep_are_compared_by_what_makes_them_different(two):
    vary = ("--vary", "area.bays=4,6", "--vary", "area.waiting=2,4")
    assert two("sweep", "a3.toml", *vary, *FEW, "--out", "s")[0] == 0
    code, out, err = two("compare", "s", "--points", "0,2", *FEW[:4], "--out", "c")
    assert code == 0
    assert "Simulating 6 operations of each plan (--replications), so that all meet the same vehicles" in err
    assert "the sweep kept 6 and 6." in err
    assert "6 bays instead of 4 bays: " in " ".join(out.split())
    for arguments, words in [
        (["s"], "s: a sweep, given without --points; allowed: scenario files, results folders of runs, or one"),
        (["s", "--points", "0,9"], "--points: 9 given; allowed: the points 0 to 3 of this sweep"),
        (["s", "--points", "a"], "--points: a given; allowed: numbers of points of the sweep"),
        (["s", "a3.toml", "--points", "0,1"], "--points: given with 2 plans or results"),
        (["a3.toml", "s"], "s: a sweep, given without --points"),
        (["a3.toml", "c"], "c: a comparison; allowed: "),
        (["c", "--points", "0,1"], "c: no sweep, given with --points"),
        (["s", "--points", "0,1", "--set", "area.bays=3"], "--set: given with results"),
    ]:
        code, out, err = two("compare", *arguments, *FEW[:4])
        assert (code, out) == (2, "")
        assert words in err


def test_runs_are_compared_by_their_plans_simulated_again(two):
    """What two runs found is not compared itself: they may have met other vehicles, and not equally many."""
    assert two("run", "a3.toml", *FEW, "--out", "early")[0] == 0
    assert two("run", "a3.toml", *FEW, "--replications", "4", "--set", "area.bays=6", "--out", "late")[0] == 0
    code, out, err = two("compare", "early", "late", *FEW[:4])
    assert code == 0
    assert "late instead of early: " in " ".join(out.split())
    assert "so that all meet the same vehicles equally often; the runs kept 6 and 4." in err
    code, out, err = two("compare", "early", "bays.toml", *FEW[:4])
    assert code == 0
    assert "bays instead of early: " in " ".join(out.split())
    assert "the run kept 6." in err


def test_a_comparison_has_a_report_and_figures(two, tmp_path):
    assert two("compare", "a3.toml", "bays.toml", *FEW, "--out", "c")[0] == 0
    assert two("report", "c")[0] == 0
    page = (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    assert "bays instead of a3: " in page
    assert "How the plans differ" in page
    assert "area.bays" in page
    assert two("plot", "c", "--format", "svg", "--out", "drawn")[0] == 0
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == {"paired_differences.svg", "waterfalls.svg"}
    code, _, err = two("plot", "c", "--x", "area.bays")
    assert code == 2
    assert "--x: given for a comparison; allowed: for a sweep" in err


def test_the_smallest_difference_of_interest_is_set_by_the_planner(two):
    few = "few: selection.rate.van=0.079"
    code, out, _ = two("compare", "a3.toml", "--variant", few, *FEW, "--smallest", "50%")
    assert code == 0
    assert "less than 50 % is taken as too small to matter" in " ".join(out.split())
    assert "--smallest: much given" in two("compare", "a3.toml", "bays.toml", *FEW, "--smallest", "much")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a3.toml"], "1 plan and 6 operations given; allowed: at least two"),
        (["a3.toml", "a3.toml"], "a3.toml and a3.toml given, which have the same name, a3"),
        (["a3.toml", "bays.toml", "--variant", "x: area.bays=5"], "allowed: with one"),
        (["a3.toml", "--variant", "area.bays=5"], "allowed: 'NAME: KEY=VALUE"),
        (["a3.toml", "--variant", "x: area.bay=5"], "did you mean"),
        (["a3.toml", "bays.toml", "--measure", "delay"], "--measure delay: unknown measure; did you mean delay_cost, "),
        (["a3.toml", "none.toml"], "none.toml"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(two, arguments, words):
    code, out, err = two("compare", *arguments, *FEW)
    assert (code, out) == (2, "")
    assert words in err
