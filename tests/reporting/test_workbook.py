"""A workbook holds the numbers that funnelsim prints, formatted, and what users wrote stays text."""

import math
from dataclasses import replace

import openpyxl
import polars as pl
import pytest

import funnelsim
from funnelsim.analysis.catalogue import CURRENCY, measure_named
from funnelsim.errors import FunnelsimError, ResultsError
from funnelsim.reporting import sheets

FORMULA = "=HYPERLINK(1)"
CHANGES = {("operation", "closes"): "08:00", ("limits",): {"p95_delay_min": 0.01, "tail_m": 1500}}


@pytest.fixture(scope="module")
def scenario(planned):
    return planned(CHANGES | {("title",): FORMULA})[0]


@pytest.fixture(scope="module")
def run(scenario):
    return funnelsim.run(scenario, replications=5)


@pytest.fixture(scope="module")
def sweep(scenario):
    return funnelsim.sweep(scenario, ["area.bays=2,3", "selection.rate.default=0.02,0.1"], replications=4)


@pytest.fixture
def read(tmp_path):
    """Write a result as a workbook, and return by sheet its columns by heading."""

    def columns(result):
        funnelsim.to_xlsx(result, tmp_path / "result.xlsx")
        found = {}
        for place in openpyxl.load_workbook(tmp_path / "result.xlsx"):
            heads, *rows = place.iter_rows(values_only=True)
            found[place.title] = dict(zip(heads, zip(*rows, strict=True), strict=True))
        return found

    return columns


def numbers(values):
    """Return what cells hold, an empty one as not a number."""
    return [math.nan if value is None else value for value in values]


def shown(values, name):
    """Return values of a measure as cells should have them."""
    finite = [math.nan if value is None or not math.isfinite(value) else value for value in values]
    return pytest.approx([value * measure_named(name).unit.factor for value in finite], rel=1e-12, nan_ok=True)


def test_a_run_reads_back_with_the_same_numbers_in_the_units_shown(run, read):
    found = read(run)
    assert list(found) == ["Summary", "Measures", "Limits", "Replications", "Scenario", "Sources"]
    measures = found["Measures"]
    assert list(measures["Name in files"]) == list(run.estimates)
    for place, (name, estimate) in enumerate(run.estimates.items()):
        given = numbers(measures[head][place] for head in ("Mean", "Low", "High"))
        assert given == shown([estimate.mean, estimate.low, estimate.high], name), name
        assert measures["Unit"][place] == measure_named(name).unit.symbol.replace(CURRENCY, "EUR")
        assert measures["Operations with a value"][place] == estimate.n
    for name, cells in zip(run.replications.columns[1:], list(found["Replications"].values())[1:], strict=True):
        assert numbers(cells) == shown(run.replications[name].to_list(), name), name
    assert numbers(found["Replications"]["P95 delay, min"]) == shown(run.replications["delay_p95_s"], "delay_p95_s")


def test_a_sweep_reads_back_with_the_same_numbers(sweep, read):
    found = read(sweep)
    assert list(found) == ["Summary", "Points", "Limits", "Replications", "Scenario", "Sources"]
    points = found["Points"]
    assert list(points["Point"]) == [0, 1, 2, 3]
    assert list(points["area.bays"]) == sweep.points["area.bays"].to_list()
    for end, part in (("", "mean"), (": low", "low"), (": high", "high")):
        assert numbers(points[f"P95 delay, min{end}"]) == shown(sweep.points[f"delay_p95_s.{part}"], "delay_p95_s")
    assert list(points["P95 delay within its limit, % of operations"]) == [0.0] * 4
    table = sweep.replications.collect()
    assert list(found["Replications"]["Point"]) == table["point"].to_list()
    assert numbers(found["Replications"]["Longest queue, m"]) == shown(table["tail_max_m"], "tail_max_m")


def test_limits_are_those_of_the_result(run, sweep, read):
    for result, checks in ((run, run.limits()), (sweep, [check for _, check in sheets._checks(sweep)])):
        limits = read(result)["Limits"]
        assert list(limits["Limit"]) == [check.rule_text for check in checks]
        assert list(limits["Kept in, % of operations"]) == [100.0 * check.kept_in.mean for check in checks]


def test_a_comparison_reads_back_with_the_same_numbers(scenario, planned, read):
    plans = {"as it is": scenario, FORMULA: planned(CHANGES | {("area", "bays"): 2})[0]}
    compared = funnelsim.compare(plans, replications=4)
    found = read(compared)
    assert list(found) == ["Summary", "Differences", "Measures", "Limits", "Replications", "Scenario", "Sources"]
    apart = found["Differences"]
    for place, one in enumerate(compared.differences):
        assert (apart["Plan"][place], apart["Against"][place]) == (one.second, one.first)
        estimate = one.estimate
        given = numbers(apart[head][place] for head in ("Difference", "Low", "High"))
        assert given == shown([estimate.mean, estimate.low, estimate.high], one.measure)
    assert list(found["Replications"]["Plan"]) == compared.replications["plan"].to_list()
    assert list(found["Limits"]["Plan"]) == ["as it is"] * 2 + [FORMULA] * 2
    bays = [
        found["Scenario"]["Plan"][place] for place, key in enumerate(found["Scenario"]["Key"]) if key == "area.bays"
    ]
    assert bays == ["as it is", FORMULA]


def test_text_of_a_user_that_begins_like_a_formula_stays_text(run, tmp_path):
    funnelsim.to_xlsx(run, tmp_path / "result.xlsx")
    cells = [cell for place in openpyxl.load_workbook(tmp_path / "result.xlsx") for row in place for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert [cell.coordinate for cell in cells if cell.value == FORMULA] == ["A2"]  # of the summary


def test_headings_stay_in_sight_and_columns_are_formatted(sweep, tmp_path):
    funnelsim.to_xlsx(sweep, tmp_path / "result.xlsx")
    for place in openpyxl.load_workbook(tmp_path / "result.xlsx"):
        assert place.freeze_panes == "A2", place.title
        assert place["A1"].font.bold
        assert 10 <= place.column_dimensions["A"].width <= 80
        for cell in place[2]:
            if isinstance(cell.value, float):
                assert cell.number_format == "[=0]0;[>=100]#,##0;#,##0.00##", (place.title, cell.coordinate)


def test_a_row_is_as_high_as_its_text_and_a_table_as_wide_as_the_paper(run, tmp_path):
    """LibreOffice keeps the height that a file gives, so lines would lie on each other."""
    funnelsim.to_xlsx(run, tmp_path / "result.xlsx")
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    summary = book["Summary"]
    line = summary.row_dimensions[2].height or 15.0
    for row in range(1, summary.max_row + 1):
        text = summary.cell(row, 1).value
        higher = (summary.row_dimensions[row].height or line) > line
        assert higher or len(text) < 80, text
        assert not higher or len(text) > 60, text
    assert book["Measures"].row_dimensions[1].height >= 2 * line  # "Operations with a value"
    assert all(place.page_setup.orientation == "landscape" and place.print_title_rows for place in book)
    fits = {place.title: bool(getattr(place.sheet_properties.pageSetUpPr, "fitToPage", False)) for place in book}
    assert fits["Measures"]
    assert not fits["Replications"]  # a hundred columns on one page are not legible


def test_without_limits_there_is_no_sheet_for_them(planned, read):
    assert "Limits" not in read(funnelsim.run(planned(CHANGES | {("limits",): None})[0], replications=2))


def test_names_that_a_spreadsheet_takes_for_the_same_get_headings_of_their_own():
    table = sheets._named(pl.DataFrame({"a": [1], "b": [2], "c": [3]}), ["Stops, van", "Stops, Van", "Stops, car"])
    assert table.columns == ["Stops, van", "Stops, Van (2)", "Stops, car"]


def test_a_long_heading_is_cut_to_what_a_spreadsheet_takes():
    table = sheets._named(pl.DataFrame({"a": [1], "b": [2]}), ["x" * 300, "x" * 300 + "y"])
    assert [len(head) <= 255 for head in table.columns] == [True, True]
    assert len(set(table.columns)) == 2


def test_replications_that_are_too_many_for_a_sheet_are_left_in_their_file(run, sweep, read, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 15)
    assert "Replications" in read(run)
    found = read(sweep)
    assert "Replications" not in found
    assert "The 16 replications are too many for a sheet: see replications.parquet." in found["Summary"]["Summary"]


def test_a_sweep_in_which_nothing_was_finished_has_its_scenario(sweep, read):
    nothing = replace(sweep, points=sweep.points.head(0), replications=sweep.replications.head(0), complete=False)
    assert list(read(nothing)) == ["Summary", "Scenario", "Sources"]


def test_what_is_no_result_or_cannot_be_written_is_said_in_words(run, tmp_path):
    with pytest.raises(FunnelsimError, match="str given; allowed: a run, a sweep or a comparison"):
        funnelsim.to_xlsx("results/a3", tmp_path / "result.xlsx")
    with pytest.raises(ResultsError, match="cannot be written"):
        funnelsim.to_xlsx(run, tmp_path / "nowhere" / "result.xlsx")
