"""`funnelsim cite`: the source that a count file names is cited from the results folder alone."""

from pathlib import Path

import funnelsim.cli.cite  # noqa: F401  (registers the command)

QUICK = ("--replications", "1", "--jobs", "1", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")
COUNTS = "# source: Counter 7, state road (Ministry of Roads, 2024)\nstart,total\n" + "".join(
    f"{hour:02}:00,600\n" for hour in range(24)
)


def test_the_source_that_a_count_file_names_is_kept_with_the_result(run):
    run("new", "a3")
    Path("day.csv").write_text(COUNTS)
    file = ("--set", "traffic.counts={file='day.csv'}")
    assert run("run", "a3.toml", *QUICK, *file, "--out", "out")[0] == 0
    assert run("sweep", "a3.toml", *QUICK, *file, "--vary", "area.bays=2,3", "--out", "swept")[0] == 0
    Path("day.csv").unlink()
    for folder in ("out", "swept"):
        code, out, err = run("cite", folder)
        assert (code, err) == (0, "")
        assert out.startswith("@software{funnelsim,\n")
        assert "  title = {{Counter 7, state road (Ministry of Roads, 2024)}},\n" in out


def test_a_source_that_is_a_whole_story_is_cut_not_refused(run):
    run("new", "a3")
    Path("day.csv").write_text(COUNTS.replace("Counter 7", "Counter 7 " + "x" * 2000))
    assert run("run", "a3.toml", *QUICK, "--set", "traffic.counts={file='day.csv'}", "--out", "out")[0] == 0
    code, out, _ = run("cite", "out")
    assert code == 0
    assert "{{Counter 7 xxxx" in out


def test_the_scenario_may_name_the_source_itself(run):
    run("new", "a3")
    Path("day.csv").write_text(COUNTS)
    own = ("--set", "traffic.counts={file='day.csv', source='our own count'}")
    assert run("run", "a3.toml", *QUICK, *own, "--out", "out")[0] == 0
    assert "  title = {{our own count}},\n" in run("cite", "out")[1]


def test_a_folder_without_a_result_is_refused_in_words(run):
    code, out, err = run("cite", "nowhere")
    assert (code, out) == (2, "")
    assert "nowhere: does not exist; allowed:" in err
