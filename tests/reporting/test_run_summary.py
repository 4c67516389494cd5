"""The first screen of a result holds what decides, and no more."""

from dataclasses import replace
from pathlib import Path

import pytest

from funnelsim.analysis.estimates import Estimates
from funnelsim.experiments.run import run
from funnelsim.reporting.run_summary import largest_loss, summary_sections
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario import load_scenario

SHORT = {("operation", "closes"): "08:00"}
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
FOOTER = 2  # lines that the command prints below: what else there is, and where the results are
SCREEN = 24


@pytest.fixture(scope="module")
def eight(planned):
    return run(planned(SHORT)[0], replications=8)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_usual_result_fits_one_screen(file):
    lines = plain_text(summary_sections(run(load_scenario(file), replications=100)), width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) + FOOTER <= SCREEN


def test_yield_and_burden_stand_beside_each_other_where_both_have_room(eight):
    wide, narrow = (plain_text(summary_sections(eight), width).splitlines() for width in (100, 60))
    assert any("Targets found" in line and "Vehicles stopped" in line for line in wide)
    assert not any("Targets found" in line and "Vehicles stopped" in line for line in narrow)
    assert max(map(len, narrow)) <= 60
    joined = " ".join(" ".join(wide).split())
    assert all(" ".join(line.split()) in joined for line in narrow)  # nothing is cut


def test_a_broken_limit_comes_first(planned):
    made = run(planned(SHORT | {("limits",): {"p95_delay_min": 0.01}})[0], replications=30)
    _title, first, *_ = plain_text(summary_sections(made), 80).splitlines()
    assert first.strip().startswith("Broken limit: P95 delay. A funnel like this")


LOSSES = {
    "loss_exit": "A shorter queue would help",
    "loss_evaded": "or a chase car (pursuit)",
    "loss_not_selected": "The area has room for more (selection.rate): even",
    "loss_suspended": "or a valve that acts later",
    "loss_unstaffed": "Officers at the post in those hours would help (staffing.roster).",
    "loss_area_full": "More room would help; the busiest resource:",
    "loss_missed": "Stages that find more would help",
}


def with_means(made, **means):
    changed = {name: replace(made.estimates[name], mean=mean) for name, mean in means.items()}
    return replace(made, estimates=Estimates(made.estimates | changed))


@pytest.mark.parametrize(("loss", "advice"), LOSSES.items())
def test_the_largest_loss_is_named_with_what_would_help(eight, loss, advice):
    means = dict.fromkeys(LOSSES, 0.0) | {loss: 0.6, "suspended_share": 0.5}
    text = largest_loss(with_means(eight, **means))
    assert text.startswith("Largest loss: 60 % of all targets are ")
    assert advice in text


def test_advice_fits_the_scenario(eight, planned):
    assert "Selecting more would need more room: bays are in use for 97 %" in largest_loss(
        with_means(eight, loss_not_selected=0.9, bay_utilisation=0.97)
    )
    assert "operation.stop_selecting_min" in largest_loss(
        with_means(eight, loss_suspended=0.9, suspended_share=0.0, lifted_share=0.0, last_minutes_share=0.1)
    )
    at_random = run(planned(SHORT | {("selection", "rule"): "random"})[0], replications=2)
    assert "cue_auc" in largest_loss(with_means(eight, loss_not_selected=0.9))
    assert "cue_auc" not in largest_loss(with_means(at_random, loss_not_selected=0.9))


def test_nothing_is_said_of_losses_where_none_are(eight):
    assert largest_loss(with_means(eight, **dict.fromkeys(LOSSES, 0.0))) == ""


def test_few_operations_are_said_to_be_few(planned, eight):
    one = plain_text(summary_sections(run(planned(SHORT)[0], replications=1)), 200)
    assert "One operation was simulated (seed 1), so no number has an error bar" in one
    assert "±" not in one
    stopped = plain_text(summary_sections(replace(eight, complete=False)), 200)
    assert "The run was stopped after 8 operations." in stopped


def test_without_targets_only_the_burden_is_shown(planned):
    stages = [{"name": "papers", "duration": {"mean_s": 60}}]
    changes = SHORT | {("targets",): [], ("area", "stages"): stages}
    text = plain_text(summary_sections(run(planned(changes)[0], replications=4)), 80)
    assert "It looks for no targets." in " ".join(text.split())
    assert "Burden on ordinary travellers" in text
    assert "Yield" not in text
    assert "Largest loss" not in text
