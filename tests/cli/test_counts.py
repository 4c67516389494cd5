"""`funnelsim counts` says what a file holds and writes a profile that a scenario can use."""

import pytest

from funnelsim.counts import profile, read_counts

EXPORT = """date_time,traffic_volume
2024-05-06 06:00:00,100
2024-05-06 07:00:00,300
2024-05-07 06:00:00,200
2024-05-07 07:00:00,500
"""


@pytest.fixture
def export(tmp_path):
    file = tmp_path / "export.csv"
    file.write_text(EXPORT)
    return file


def test_counts_says_what_it_understood(run, export):
    code, out, err = run("counts", str(export))
    assert (code, err) == (0, "")
    assert "1,100 vehicles" in out


def test_counts_writes_the_average_day_of_chosen_weekdays(run, export, tmp_path):
    code, out, _ = run("counts", str(export), "--weekdays", "mon,tue", "--out", "day.csv")
    assert code == 0
    assert "Wrote day.csv" in out
    day = profile(read_counts(tmp_path / "day.csv")).table
    assert day["vehicles"].to_list() == [150, 400]


def test_counts_says_and_writes_how_much_days_vary(run, export, tmp_path):
    """Sums of 400 and 700: the variance is 0.1488 of the mean's square, 0.0018 of it that of independent vehicles."""
    code, out, _ = run("counts", str(export), "--weekdays", "mon,tue", "--out", "day.csv")
    assert code == 0
    assert "Variation of whole days (traffic.day_cv): 0.383 (0.1" in out
    assert "from 2 days: too few days to rely on" in out
    assert out.rstrip().endswith('counts = { file = "day.csv" }')
    assert "# day_cv: 0.383" in (tmp_path / "day.csv").read_text()
    assert "from 2 days" in run("counts", str(export), "--weekdays", "mon,tue")[1]
    assert "day_cv" not in run("counts", str(export), "--date", "2024-05-07")[1]


def test_counts_writes_one_day(run, export, tmp_path):
    assert run("counts", str(export), "--date", "2024-05-07", "--out", "day.csv")[0] == 0
    assert profile(read_counts(tmp_path / "day.csv")).table["vehicles"].to_list() == [200, 500]


def test_counts_overwrites_nothing(run, export, tmp_path):
    (tmp_path / "day.csv").write_text("mine")
    code, _, err = run("counts", str(export), "--out", "day.csv")
    assert code == 2
    assert "day.csv" in err
    assert (tmp_path / "day.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "exel"], "exel"),
        (["--weekdays", "mon,tusday", "--out", "day.csv"], "tusday given; allowed: mon, tue"),
        (["--date", "7.5.2024", "--out", "day.csv"], "allowed: a day as YYYY-MM-DD"),
        (["--class", "pkw", "--out", "day.csv"], "allowed: THEIRS=OURS"),
    ],
)
def test_what_counts_cannot_use_is_said_in_words(run, export, arguments, words):
    code, _, err = run("counts", str(export), *arguments)
    assert code == 2
    assert words in err


def test_a_missing_file_is_said_in_words(run):
    code, out, err = run("counts", "none.csv")
    assert (code, out) == (2, "")
    assert err.startswith("error: none.csv")


def test_a_chosen_channel_is_described_without_the_warnings_of_the_others(run, tmp_path):
    """Channel 2 is silent for an hour in the middle of the day; whoever asks for channel 1 need not check that."""
    file = tmp_path / "two.csv"
    head = '1/30/2024\n11:30 AM\n"11"\n"12"\n"Number","Date","Time","Channel 1","Channel 2"\n'
    quarters = [(hour, quarter) for hour in range(1, 6) for quarter in (0, 15, 30, 45)]
    rows = [
        f"{number},1/30/2024,{hour}:{quarter:02d} PM,{200 + number},{0 if hour == 3 else 100}\n"
        for number, (hour, quarter) in enumerate(quarters, 1)
    ]
    file.write_text(head + "".join(rows))
    both, first, second = (run("counts", str(file), *chosen)[1] for chosen in ((), *(["--channel", c] for c in "12")))
    assert "almost no vehicles" in both
    assert "almost no vehicles" in second
    assert "almost no vehicles" not in first


def test_what_a_terminal_would_obey_is_shown_and_not_sent(run, tmp_path):
    (tmp_path / "a.csv").write_text("Zst;Datum;Stunde;KFZ_R1\n\x1b[31mred;240506;7;900\n\x1b[31mred;240506;8;800\n")
    code, out, _ = run("counts", "a.csv")
    assert code == 0
    assert "\\u001b[31mred, channel R1" in out
    _, _, err = run("counts", "\x1b[31mred.csv")
    assert err == "error: \\u001b[31mred.csv: the file cannot be opened (No such file or directory)\n"
