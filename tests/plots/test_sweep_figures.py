"""What the figures of a sweep say."""

import dataclasses
import itertools
import re

import numpy as np
import polars as pl
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from funnelsim.analysis.estimates import estimate_text, mean_estimate
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.highlights import highlighted_points
from funnelsim.experiments.point_estimates import estimates_of, means
from funnelsim.experiments.ranking import best_within, efficient, limits_of
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep
from funnelsim.plots import (
    FigureOptions,
    figures_of,
    heat_map,
    save_figure,
    small_multiples,
    tail_fans,
    trade_off,
    waterfalls,
)
from funnelsim.plots.heat_map import borders, cells_of
from funnelsim.plots.style import DARK, WARM, WIDTH_IN
from funnelsim.plots.trade_off import trade_off_table
from funnelsim.plots.varied_keys import told_apart
from funnelsim.plots.waterfall import LOSSES, bars_from, losses_of

A4_TEXT_HEIGHT_IN = 10.6
OFFICERS, RATE, SCALE = "staffing.roster.police.count", "selection.rate.default", "traffic.scale"
FIGURES = [trade_off, heat_map, small_multiples, waterfalls]


@pytest.fixture(scope="module")
def swept(busy, tmp_path_factory):
    """Twelve points of two keys, six operations each."""
    vary = {OFFICERS: [3, 4, 5], RATE: [0.0, 0.02, 0.05, 0.1]}
    return sweep(busy.scenario, vary, replications=6, folder=tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def varieties(busy, swept, tmp_path_factory):
    """Sweeps of other shapes."""

    def of(vary, scenario=busy.scenario, **options):
        return sweep(scenario, vary, folder=tmp_path_factory.mktemp("sweep"), **options)

    free = busy.scenario.model_copy(update={"limits": type(busy.scenario.limits)()})
    return {
        "two keys": swept,
        "one key": of({RATE: [0.0, 0.05, 0.1]}, replications=3),
        "one replication": of({OFFICERS: [3, 4], RATE: [0.01, 0.1]}, replications=1),
        "no limits": of({"area.bays": [1, 2], RATE: [0.01, 0.1]}, free, replications=2),
        "words": of({"selection.rule": ["score", "random"], "area.bays": [1, 2, 3]}, replications=2),
        "scattered": of({"area.bays": "1:4", RATE: "0:0.3"}, design="lhs", points=16, replications=2),
        "three keys": of({"area.bays": [1, 2], OFFICERS: [3, 4], RATE: [0.01, 0.1]}, replications=2),
        "four keys": of({"area.bays": [1, 2], OFFICERS: [3, 4], RATE: [0.01, 0.1], SCALE: [1.0, 1.1]}, replications=2),
        "many panels": of({"area.bays": [1, 2], OFFICERS: [3, 4], RATE: [0.01 * k for k in range(8)]}, replications=2),
        "limits varied": of({"limits.tail_m": [300.0, 900.0], RATE: [0.01, 0.1]}, replications=2),
        "one point": of({RATE: [0.05]}, replications=2),
    }


def _with_operations(swept, **columns):
    """Return a sweep with measures of its operations set by hand, shape (points, operations) or the same in all."""
    rows, points = swept.replications.collect().sort("point", "replication"), swept.points
    each = len(rows) // len(points)
    for name, values in columns.items():
        matrix = np.array(values, dtype=float).reshape(len(points), -1)
        matrix = np.repeat(matrix, each, axis=1) if matrix.shape[1] == 1 else matrix
        found = [mean_estimate(row) for row in matrix]
        rows = rows.with_columns(pl.Series(name, matrix.ravel()))
        points = points.with_columns(
            pl.Series(f"{name}.{part}", [getattr(one, part) for one in found]) for part in ("mean", "low", "high")
        )
    return dataclasses.replace(swept, points=points, replications=rows.lazy())


def test_the_answer_names_the_best_point_and_in_how_many_operations_it_keeps_the_limits(swept, words):
    each = len(swept.replications.collect()) // 12
    sure = _with_operations(
        swept, expected_detections=np.arange(12.0), delay_p95_s=np.full(12, 290.0), tail_max_m=np.full(12, 10.0)
    )
    said = words(trade_off(sure))
    assert "Best within the limits" in said
    assert "in 90 % of operations" in said
    assert "5 police officers, selection rate 10 %" in said
    once = np.full((12, each), 290.0)
    once[:, 0] = 310.0
    share = _with_operations(sure, delay_p95_s=once)
    if each >= 10:
        assert f"The limit on its delay is kept in {each - 1} of {each} operations" in words(trade_off(share))
    broken = _with_operations(sure, delay_p95_s=np.full(12, 999.0))
    assert "No point stays within the limits" in words(trade_off(broken))


def test_the_trade_off_shades_from_the_limit_on_and_draws_a_line_a_staffing_level(swept, across, words):
    near = _with_operations(swept, delay_p95_s=np.linspace(200.0, 310.0, 12))
    figure = trade_off(near)
    axes = figure.axes[0]
    assert across(axes) == [5.0]  # minutes
    [region] = [patch for patch in axes.patches if patch.get_hatch()]
    assert region.get_y() == 5.0
    assert region.get_y() + region.get_height() == pytest.approx(axes.get_ylim()[1])
    for officers in (3, 4, 5):
        assert f"{officers} police officers" in words(figure)
        rows = near.points.filter(pl.col(OFFICERS) == officers).sort(RATE)
        drawn = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) == len(rows)]
        expected = np.column_stack([rows["expected_detections.mean"], rows["delay_p95_s.mean"] / 60.0])
        assert any(np.allclose(line, expected) for line in drawn)


def test_a_limit_far_above_all_points_leaves_them_their_room(swept, across, words):
    figure = trade_off(_with_operations(swept, delay_p95_s=np.linspace(60.0, 90.0, 12)))
    assert across(figure.axes[0]) == []
    assert figure.axes[0].get_ylim()[1] < 2.5
    assert "↑ limit 5 minutes, further up" in words(figure)
    assert "beyond the limit" not in words(figure)


def test_the_efficient_points_are_joined_from_left_to_right_and_all_others_are_grey(swept):
    axes = trade_off(swept).axes[0]
    [front] = [line for line in axes.lines if line.get_color() == DARK and line.get_linestyle() == "-"]
    expected = means(swept, "expected_detections")[efficient(swept, "expected_detections", "delay_p95_s")]
    assert front.get_xdata().tolist() == sorted(expected)
    coloured = [line for line in axes.lines if line.get_color() == DARK and line is not front]
    assert sum(len(line.get_xdata()) for line in coloured) <= len(expected)


def test_only_the_best_point_and_the_ends_of_the_front_have_names_and_error_bars(swept):
    changed = _with_operations(
        swept,
        expected_detections=np.arange(12.0),
        delay_p95_s=np.linspace(200.0, 310.0, 12),
        tail_max_m=np.full(12, 1.0),
    )
    axes = trade_off(changed).axes[0]
    names = {" ".join(text.get_text().split()) for text in axes.texts if "limit 5" not in text.get_text()}
    assert names == {
        "3 police officers selection rate 0 %",
        "5 police officers selection rate 10 %",
        "best within the limits: 5 police officers selection rate 5 %",
    }


def test_names_of_points_lie_on_no_mark(varieties):
    for name, one in varieties.items():
        figure = trade_off(one)
        figure.draw_without_rendering()
        for axes in figure.axes:
            boxes = [Text.get_window_extent(text) for text in axes.texts]
            marks = [line for line in axes.lines if line.get_marker() not in ("None", None)]
            for line in marks:
                for spot in axes.transData.transform(line.get_xydata()):
                    assert not any(box.contains(*spot) for box in boxes), name


def test_three_keys_have_panels_in_which_every_point_stands_once(varieties):
    figure = trade_off(varieties["three keys"])
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [" ".join(axes.get_title(loc="left").split()) for axes in shown] == ["1 bay", "2 bays"]
    assert len({axes.get_xlim() for axes in shown}) == len({axes.get_ylim() for axes in shown}) == 1
    table = trade_off_table(varieties["three keys"])
    for axes, bays in zip(shown, (1, 2), strict=True):
        grey = [line for line in axes.lines if line.get_zorder() == 2 and line.get_marker() != "None"]
        drawn = sorted(float(x) for line in grey for x in line.get_xdata())
        assert drawn == sorted(table.filter(pl.col("area.bays") == bays)[table.columns[4]])


def test_keys_that_move_together_are_named_together(busy, tmp_path, words):
    vary = ["operation.opens+operation.closes=06:00+07:00,07:00+08:00", f"{RATE}=0.02,0.1", "area.bays=1,2"]
    joined = sweep(busy.scenario, vary, replications=2, folder=tmp_path)
    for figure in (trade_off(joined), small_multiples(joined, x=RATE, colour="operation.opens")):
        assert "opens 06:00, closes 07:00" in words(figure)
        assert "opens 07:00, closes 08:00" in words(figure)


def test_the_table_of_a_trade_off_has_what_is_drawn_and_how_each_point_fares(swept):
    table = trade_off_table(swept)
    assert table.columns[:3] == ["point", OFFICERS, RATE]
    delay = next(name for name in table.columns if name.endswith("minutes"))
    assert table[delay].to_list() == pytest.approx((means(swept, "delay_p95_s") / 60.0).tolist())
    assert table["efficient"].to_list() == efficient(swept, "expected_detections", "delay_p95_s").tolist()
    assert table["best"].sum() <= 1


def test_the_heat_map_writes_every_cell_and_its_border_parts_kept_from_broken(swept):
    delay = np.where(np.arange(12) % 4 >= 2, 301.0, 299.0)  # rates from 5 % on break the limit of 300 s
    changed = _with_operations(swept, delay_p95_s=delay, tail_max_m=np.zeros(12), expected_detections=np.arange(12.0))
    axes = heat_map(changed).axes[0]
    cells = cells_of(changed, RATE, OFFICERS)
    assert cells.of(means(changed, "expected_detections")).tolist() == np.arange(12.0).reshape(3, 4).tolist()
    assert sorted(text.get_text() for text in axes.texts) == sorted(map(str, range(12)))
    [delay_line, tail_line] = axes.collections
    assert len(tail_line.get_segments()) == 0
    assert {tuple(map(tuple, segment)) for segment in delay_line.get_segments()} == {
        ((1.5, row - 0.5), (1.5, row + 0.5)) for row in range(3)
    }
    framed = [patch for patch in axes.patches if patch.get_linewidth() == 2.2]
    assert [(p.get_x() + 0.44, p.get_y() + 0.4) for p in framed] == [pytest.approx((1.0, 2.0))]
    assert len([patch for patch in axes.patches if patch.get_hatch()]) == 6


def test_all_cells_of_a_heat_map_have_as_many_decimals_as_their_range_needs(swept):
    for values, first, last in ((np.linspace(0.0, 90.0, 12), "0", "90"), (np.linspace(0.16, 0.41, 12), "0.16", "0.41")):
        texts = [
            text.get_text() for text in heat_map(_with_operations(swept, expected_detections=values)).axes[0].texts
        ]
        assert {len(text.partition(".")[2]) for text in texts} == {len(last.partition(".")[2])}
        assert {first, last} <= set(texts)


def test_borders_run_between_cells_that_differ():
    broken = np.array([[True, False], [True, True]])
    assert sorted(borders(broken)) == sorted([[(0.5, -0.5), (0.5, 0.5)], [(0.5, 0.5), (1.5, 0.5)]])


def test_a_heat_map_needs_a_grid_of_two_keys(varieties):
    for name, message in (
        ("three keys", "several points"),
        ("one key", "a sweep of two keys"),
        ("scattered", "allowed: a sweep over a grid"),
    ):
        with pytest.raises(FunnelsimError, match=message):
            heat_map(varieties[name])


def test_small_multiples_draw_estimates_with_bands_and_limits(swept, across):
    figure = small_multiples(swept, measures=["delay_p95_s", "tail_max_m"])
    assert across(figure.axes[0]) == [5.0]
    assert across(figure.axes[1]) == [800.0]
    for axes, measure, times in zip(figure.axes, ("delay_p95_s", "tail_max_m"), (1 / 60, 1.0), strict=True):
        lines = [line for line in axes.lines if len(line.get_xdata()) == 4]
        for officers, line, band in zip((3, 4, 5), lines, axes.collections, strict=True):
            rows = swept.points.filter(pl.col(OFFICERS) == officers).sort(RATE)
            middle, high = (rows[f"{measure}.{part}"].to_numpy() * times for part in ("mean", "high"))
            assert line.get_ydata() == pytest.approx(middle)
            assert band.get_paths()[0].vertices[:, 1].max() == pytest.approx(
                np.where(np.isfinite(high), high, middle).max()
            )


def test_no_line_joins_points_that_have_the_same_results(busy, tmp_path):
    """The spacing changes nothing under the rule of the file; the rate does."""
    vary = {"selection.every.default": [10, 30, 40], RATE: [0.02, 0.1]}
    same = sweep(busy.scenario, vary, replications=2, folder=tmp_path)
    along = {key: small_multiples(same, x=key, colour=other).axes[0] for key, other in (tuple(vary), tuple(vary)[::-1])}
    joined = {
        key: [len(line.get_xdata()) for line in axes.lines if line.get_linestyle() != "None"]
        for key, axes in along.items()
    }
    assert 3 not in joined["selection.every.default"]
    assert joined[RATE].count(2) >= 3


def test_a_further_key_has_a_column_of_panels_in_which_each_point_stands_once(varieties):
    figure = small_multiples(varieties["three keys"], x=RATE, colour=OFFICERS, measures=["expected_detections"])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["1\N{NO-BREAK SPACE}bay", "2\N{NO-BREAK SPACE}bays"]
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_marker() != "None"]
        assert [len(line.get_xdata()) for line in lines] == [2, 2]


def test_each_of_four_keys_has_its_own_place_in_small_multiples(varieties):
    """Axis, columns and lines: no two lines of one panel look alike."""
    figure = small_multiples(varieties["four keys"], x=RATE, colour=OFFICERS, measures=["expected_detections"])
    assert "1\N{NO-BREAK SPACE}bay" in figure.axes[0].get_title(loc="left")
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_marker() != "None"]
        assert len(lines) == len({line.get_marker() for line in lines}) == 4
    assert {f"{n} police officers, traffic factor {k}" for n in (3, 4) for k in ("1", "1.1")} <= {
        text.get_text() for legend in figure.legends for text in legend.get_texts()
    }


def test_a_key_that_neither_axis_nor_panel_nor_mark_stands_for_is_named_as_such(varieties, words):
    assert "Points drawn alike differ in selection rate." in " ".join(
        words(trade_off(varieties["many panels"], colour=OFFICERS, label="area.bays")).split()
    )


def test_what_all_panels_of_tail_fans_have_in_common_is_said(varieties):
    drawn = figures_of(varieties["three keys"], FigureOptions(("tail_fans",), points=(0, 1)))
    assert "All: 1 bay, 3 police officers." in _said(drawn["tail_fans"]).replace("\N{NO-BREAK SPACE}", " ")


def test_the_name_of_a_limit_lies_on_no_mark(swept):
    for height in np.linspace(280.0, 320.0, 9):
        delay = np.full(12, height)
        delay[:4] = 100.0
        axes = small_multiples(_with_operations(swept, delay_p95_s=delay), measures=["delay_p95_s"]).axes[0]
        [box] = [Text.get_window_extent(text) for text in axes.texts]
        for line in axes.lines:
            if line.get_marker() != "None":
                assert not any(box.contains(*spot) for spot in axes.transData.transform(line.get_xydata())), height


def test_panels_of_points_that_differ_have_titles_that_differ_whole_and_short(varieties):
    for name, one in varieties.items():
        rows = list(highlighted_points(one))
        names, _ = told_apart(one, rows)
        assert len(set(names.values())) == len(rows), name
        figure = waterfalls(one)
        for axes in figure.axes:
            assert axes.get_title(loc="left").count("\n") <= 2
        for row, reason in highlighted_points(one).items():
            assert f"{reason[:1].upper()}{reason[1:]}: {names[row]}." in _said(figure), name


def _said(figure):
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())


def test_titles_of_tail_fans_are_never_cut(swept):
    runs = {
        f"best within the limits, {'of a long name ' * 8}{point}": run(swept.scenario_of(point), 2, 1)
        for point in (0, 7)
    }
    titles = [" ".join(axes.get_title(loc="left").split()) for axes in tail_fans(runs).axes if axes.get_visible()]
    assert titles == [" ".join(name.split()) for name in runs]


def test_numbers_of_waterfalls_have_one_number_of_decimals(swept):
    texts = [text.get_text() for axes in waterfalls(swept).axes for text in axes.texts]
    numbers = [number for text in texts for number in re.findall(r"\d+(?:\.\d+)?", text) if number != "100"]
    assert {len(number.partition(".")[2]) for number in numbers} == {1}


def test_the_bars_of_a_waterfall_sum_to_a_hundred(swept):
    rows = list(range(len(swept.points)))
    losses = losses_of(swept, rows)
    assert losses == [name for name in LOSSES if name in losses]
    for row in rows:
        *lost, found = bars_from(estimates_of(swept, row), losses)
        assert sum(bar.to - bar.from_ for bar in lost) + found.to == pytest.approx(100.0)
        assert lost[-1].from_ == pytest.approx(found.to)


def test_highlighted_points_are_at_most_four_with_a_reason(varieties):
    for name, one in varieties.items():
        chosen = highlighted_points(one)
        assert 1 <= len(chosen) <= 4, name
        best = best_within(one, "expected_detections", limits_of(one))
        if best is not None and limits_of(one):
            assert "best within the limits" in chosen[best]
        assert any("most found" in reason for reason in chosen.values())
    assert list(highlighted_points(varieties["two keys"], [7, 3])) == [7, 3]


@pytest.mark.parametrize("points", [[], [99], [0, 1, 2, 3, 4]])
def test_points_that_do_not_exist_or_are_too_many_are_refused(swept, points):
    with pytest.raises(FunnelsimError, match="allowed: 1 to 4 of the points 0 to 11"):
        waterfalls(swept, points)


def test_an_unknown_measure_or_key_is_refused_with_what_is_allowed(swept):
    for draw in (
        lambda: trade_off(swept, y="nix"),
        lambda: heat_map(swept, "nix"),
        lambda: small_multiples(swept, measures=["nix"]),
    ):
        with pytest.raises(FunnelsimError, match=r"nix: unknown measure; allowed: the names in"):
            draw()
    for draw in (trade_off, heat_map, small_multiples):
        with pytest.raises(
            FunnelsimError, match=re.escape(f"nix: is not varied in this sweep; allowed: {OFFICERS}, {RATE}")
        ):
            draw(swept, colour="nix")


def test_tail_fans_share_their_axes_and_say_the_longest_queue(swept, words):
    runs = {f"point {point}": run(swept.scenario_of(point), 2, 1) for point in (0, 7, 11)}
    figure = tail_fans(runs)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 3
    assert len({axes.get_ylim() for axes in shown}) == len({axes.get_xlim() for axes in shown}) == 1
    for name, one in runs.items():
        assert name in words(figure)
        assert f"longest: {estimate_text(one.estimates['tail_max_m'])} m" in words(figure)
    with pytest.raises(FunnelsimError, match="0 runs given"):
        tail_fans({})


def _texts(figure):
    figure.draw_without_rendering()
    texts = [*figure.texts, figure._suptitle]
    for axes in figure.axes:
        if axes.get_visible():
            low, high = axes.get_window_extent().intervaly
            texts += [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]
            ticks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=False)
            texts += [label for tick, label in ticks if low <= axes.transData.transform((0.0, tick))[1] <= high]
    for legend in figure.legends:
        texts += legend.get_texts()
    return {text.get_text(): Text.get_window_extent(text) for text in texts if text.get_text() and text.get_visible()}


@pytest.mark.parametrize("draw", FIGURES)
def test_no_text_is_cut_off_or_lies_on_another_in_any_sweep(varieties, draw):
    for name, one in varieties.items():
        try:
            figure = draw(one)
        except FunnelsimError:
            assert draw is heat_map
            continue
        placed = _texts(figure)
        for text, box in placed.items():
            inside = box.x0 >= 0.0 and box.y0 >= 0.0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
            assert inside, (name, text)
        for (one_text, a), (other, b) in itertools.combinations(placed.items(), 2):
            overlap = Bbox.intersection(a, b)
            assert overlap is None or overlap.width < 1.0 or overlap.height < 1.5, (name, one_text, other)
        assert figure.get_size_inches()[0] == WIDTH_IN
        assert figure.get_size_inches()[1] <= A4_TEXT_HEIGHT_IN


def test_the_only_warm_colour_is_a_boundary(swept):
    axes = trade_off(_with_operations(swept, delay_p95_s=np.linspace(200.0, 310.0, 12))).axes[0]
    assert [line.get_linestyle() for line in axes.lines if line.get_color() == WARM] == ["--"]


def test_print_files_are_the_same_every_time_and_tell_nothing_of_the_day(swept, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths = save_figure(trade_off(swept), "trade_off", tmp_path / folder)
        assert [path.name for path in paths] == ["trade_off.png", "trade_off.svg", "trade_off.pdf"]
    for path in paths:
        assert path.read_bytes() == (tmp_path / "one" / path.name).read_bytes()
    assert b"CreationDate" not in paths[-1].read_bytes()
    assert b"matplotlib.org" not in paths[-1].read_bytes()
