import itertools
import math

import pytest

from funnelsim.experiments.run import run
from funnelsim.plots import waterfall
from funnelsim.plots.waterfall import LOSSES, bars_of, loss_label


def _rows(figure):
    """Return the bars by their label: from, to."""
    axes = figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    return {name: (bar.get_x(), bar.get_x() + bar.get_width()) for name, bar in zip(names, axes.patches, strict=True)}


def test_losses_and_found_sum_to_100_targets(busy):
    rows = _rows(waterfall(busy))
    assert rows.pop("on the road") == (0.0, 100.0)
    assert sum(to - from_ for from_, to in rows.values()) == pytest.approx(100.0)


def test_each_bar_begins_where_the_one_above_leaves_off(busy):
    bars = bars_of(busy)
    assert bars[0].to == 100.0
    for above, below in itertools.pairwise(bars):
        assert below.to == pytest.approx(above.from_)
    assert bars[-1].name == "found"
    assert bars[-1].from_ == 0.0


def test_the_length_of_a_bar_is_its_share_over_all_operations(busy):
    offered = busy.replications["targets_offered"]
    rows = _rows(waterfall(busy))
    for measure, name in [*((loss, loss_label(loss)) for loss in LOSSES), ("share_found", "found")]:
        share = 100.0 * (busy.replications[measure] * offered).sum() / offered.sum()
        if share > 0.0:
            assert rows[name][1] - rows[name][0] == pytest.approx(share, abs=0.1)  # the jackknife moves it a little
        else:
            assert name not in rows


def test_what_never_happens_is_left_out(busy):
    names = _rows(waterfall(busy))
    assert loss_label("loss_exit") not in names
    assert loss_label("loss_suspended") in names


def test_whiskers_are_the_intervals_at_the_end_that_moves(busy):
    axes = waterfall(busy).axes[0]
    whiskers = [container.lines[2][0].get_segments()[0][:, 0] for container in axes.containers if len(container) == 3]
    for bar, (low, high) in zip(bars_of(busy), whiskers, strict=True):
        below, above = 100.0 * (bar.share.mean - bar.share.low), 100.0 * (bar.share.high - bar.share.mean)
        found = bar.name == "found"
        end = bar.to if found else bar.from_
        assert low == pytest.approx(end - (below if found else above))  # a larger loss reaches further to the left
        assert high == pytest.approx(end + (above if found else below))


def test_one_operation_has_no_whiskers_and_says_so(single, words):
    figure = waterfall(single)
    assert all(math.isnan(bar.share.half_width) for bar in bars_of(single))
    assert all(len(container) != 3 for container in figure.axes[0].containers)
    assert "one operation has no error bar" in words(figure)


def test_names_are_words_not_measures(busy, words):
    text = words(waterfall(busy))
    assert "looked at, not selected" in text
    assert "targets, of 100" in text
    assert "_" not in text


def test_a_scenario_without_targets_says_so(quiet, words):
    assert "names no targets" in words(waterfall(quiet))


def test_targets_that_never_come_are_told_apart_from_none_named(busy, words):
    classless = [target.model_copy(update={"per_10k": {}}) for target in busy.scenario.targets]
    scenario = busy.scenario.model_copy(update={"targets": tuple(classless)})
    offered = type(busy.estimates["targets_offered"])(0.0, 0.0, 0.0, 8)
    changed = {"scenario": scenario, "estimates": busy.estimates | {"targets_offered": offered}}
    assert "can be a target" in words(waterfall(type(busy)(**{**vars(busy), **changed})))


def test_those_who_evade_and_those_who_leave_are_lost_before_the_look(warned):
    bars = bars_of(warned)
    names = [bar.name for bar in bars]
    assert names[:2] == [loss_label("loss_evaded"), loss_label("loss_exit")]
    assert names.index(loss_label("loss_not_selected")) >= 2
    assert sum(bar.to - bar.from_ for bar in bars) == pytest.approx(100.0)
    assert all(bar.to > bar.from_ for bar in bars[:2])


def test_those_brought_back_are_said_to_count_like_the_inspected(warned, words):
    staffing = warned.scenario.staffing.model_dump(by_alias=True, mode="json")
    chase = {"crew": {"police": 1}, "pursues": 1.0, "brings": 0.9, "duration": {"mean_s": 300.0}}
    scenario = warned.scenario.model_copy(
        update={"staffing": type(warned.scenario.staffing).model_validate(staffing | {"chase": chase})}
    )
    made = run(scenario, replications=3, seed=7)
    assert "chase cars bring back" in words(waterfall(made))
    assert "chase" not in words(waterfall(warned))
    assert sum(bar.to - bar.from_ for bar in bars_of(made)) == pytest.approx(100.0)
