"""`funnelsim counts` proposes a mapping, reads by it, and draws; the page on mappings is followed to the letter."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "count_mapping.md").read_text(encoding="utf-8")
TWO_SITES = "t,n,road\n" + "".join(
    f"06/05/2024 {hour:02d}:00,{100 * site + hour},{'AB'[site]}\n" for hour in range(24) for site in (0, 1)
)
MAPPING = """\
time = "t"
format = "%d/%m/%Y %H:%M"
label = "start"
minutes = 60
total = "n"
"""


def block(pattern):
    return re.search(pattern + r"\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def sites(tmp_path):
    (tmp_path / "sites.csv").write_text(TWO_SITES)
    (tmp_path / "one.toml").write_text(MAPPING)
    (tmp_path / "two.toml").write_text(MAPPING + 'stream = "road"\n')


def test_the_page_leads_from_the_file_to_a_profile(run):
    Path("county.csv").write_text(block("```csv"), encoding="utf-8")
    assert run("counts", "county.csv", "--propose", "county.toml")[0] == 0
    draft = Path("county.toml").read_text(encoding="utf-8")
    assert draft == block("```toml")
    for line in block("Remove two marks:\n\n```").splitlines():
        assert f"# {line}\n" in draft
        draft = draft.replace(f"# {line}\n", f"{line}\n")
    Path("county.toml").write_text(draft, encoding="utf-8")
    command = ("counts", "county.csv", "--mapping", "county.toml")
    assert run(*command) == (0, block(rf"```\n\$ funnelsim {' '.join(command)}"), "")
    assert run(*command, "--date", "2024-05-07", "--out", "day.csv")[0] == 0
    assert (
        Path("day.csv")
        .read_text(encoding="utf-8")
        .endswith("start,car,lorry\n06:00,425,41\n07:00,401,39\n08:00,350,39\n")
    )


@pytest.mark.usefixtures("sites")
def test_the_refusal_of_an_unknown_file_ends_with_the_command_that_helps(run):
    code, _, err = run("counts", "sites.csv")
    assert code == 2
    assert err.rstrip().endswith("funnelsim counts sites.csv --propose mapping.toml")


@pytest.mark.usefixtures("sites")
def test_two_sites_are_never_taken_for_one(run):
    code, _, err = run("counts", "sites.csv", "--mapping", "one.toml")
    assert code == 2
    assert "the same intervals come again for each 'road' (A, B), as on the lines 2 and 3: name 'road' as stream" in err
    assert run("counts", "sites.csv", "--mapping", "two.toml")[0] == 0
    code, _, err = run("counts", "sites.csv", "--mapping", "two.toml", "--out", "day.csv")
    assert "choose the stream (one or several): A; B" in err


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_figure_is_drawn(run, ending):
    assert run("counts", "sites.csv", "--mapping", "two.toml", "--figure", f"days.{ending}")[0] == 0
    assert Path(f"days.{ending}").stat().st_size > 1_000
    assert run("counts", "sites.csv", "--mapping", "two.toml", "--figure", f"days.{ending}")[0] == 2


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("--date=nonsense", "--date: nonsense given; allowed: a day as YYYY-MM-DD"),
        ("--date=", "--date:  given; allowed: a day as YYYY-MM-DD"),
        ("--date=2020-01-01", "date 2020-01-01 given; the file has 2024-05-06, not this one"),
        ("--weekdays=nonsense", "--weekdays: nonsense given; allowed: mon, tue"),
        ("--weekdays=", "--weekdays:  given; allowed: mon, tue"),
        ("--weekdays=sun", "nothing was counted on the days chosen"),
        ("--stream=nonsense", "stream nonsense given; allowed: A, B"),
        ("--channel=nonsense", "channel nonsense given; allowed: none, the file names no channel"),
        ("--class=nonsense", "--class: nonsense given; allowed: THEIRS=OURS"),
        ("--figure=days.gif", "--figure: days.gif given; allowed: a file that ends with one of .png, .svg, .pdf"),
    ],
)
def test_a_choice_is_checked_without_out_before_anything_is_printed(run, choice, said):
    code, out, err = run("counts", "sites.csv", "--mapping", "two.toml", choice)
    assert (code, out) == (2, "")
    assert said in err


def test_a_choice_of_days_and_streams_is_applied_without_out(run, tmp_path):
    rows = "".join(f"{day:02d}/05/2024 {hour:02d}:00,{day}\n" for day in (6, 7) for hour in range(24))
    (tmp_path / "days.csv").write_text("t,n\n" + rows)
    (tmp_path / "one.toml").write_text(MAPPING)
    _, out, _ = run("counts", "days.csv", "--mapping", "one.toml", "--date", "2024-05-07")
    assert f"total      {24 * 7} vehicles" in out
    _, out, _ = run("counts", "days.csv", "--mapping", "one.toml", "--weekdays", "mon")
    assert f"total      {24 * 6} vehicles" in out
