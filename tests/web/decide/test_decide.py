"""The views Decide and Take along in a real browser: work that is found again, plans that are taken and restored."""

import json
import os
import re
import signal
import tomllib
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.web.conftest import another, settled
from tests.web.serving import serving
from tests.web.small_scenario import COMMENT, NAME, small_folder

AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the folder of a page of its own: tests that run beside these have others."""
    return tmp_path_factory.mktemp("small")


@pytest.fixture(scope="module")
def small(place):
    """Serve a small scenario, and return the address."""
    with serving(place / "results", scenarios=small_folder(place / "scenarios")) as address:
        yield address


def opened(page, address, view, query=""):
    """Open a view of the page."""
    page.goto(f"{address}{query}")
    settled(page)
    page.get_by_role("tab", name=view).click()


def best_plan_asked(page, replications):
    page.get_by_role("textbox", name="What may change").fill("area.bays=1; 2")
    page.get_by_label("Operations to simulate at most").fill(str(replications))
    page.get_by_role("button", name="Find the best plan").click()


STILL = """[...document.querySelectorAll('.q-notification')].every(one =>
    getComputedStyle(one).opacity === '1' && one.getAnimations({subtree: true}).length === 0)"""


def broken_rules(page):
    """Return which rules of WCAG 2.1 AA the page breaks, and where, once notices have come to rest."""
    page.wait_for_function(STILL)
    found = Axe().run(page, options=AA).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def job(page, name):
    return page.get_by_role("listitem").filter(has_text=name)


def bays(page):
    """Return the bays of the plan on the desk, as the lever shows them."""
    page.get_by_role("tab", name="Desk").click()
    group = page.get_by_role("button", name="Area")
    if group.get_attribute("aria-expanded") == "false":
        group.click()
    return page.get_by_role("textbox", name="bays").input_value()


@contextmanager
def paused(folder):
    """Let the process of a job stand still, so that it is not done before somebody has looked."""
    commands = {int(entry.name): command_of(entry) for entry in Path("/proc").glob("[0-9]*")}
    [worker] = [pid for pid, words in commands.items() if "job_worker" in words and folder in words]
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def command_of(entry):
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the process of a job is looked up in /proc")
def test_work_is_found_again_by_a_browser_that_was_closed_and_can_be_cancelled(place, small, page, visitor, chromium):
    opened(page, small, "Decide")
    best_plan_asked(page, 1_000_000)
    job(page, "Best plan 1").get_by_text("of at most 1,000,000").wait_for()
    kept = visitor.storage_state()
    with paused(str(place)):
        visitor.close()
        again = another(chromium, locale="en", storage_state=kept)
        tab = again.new_page()
        opened(tab, small, "Decide")
        job(tab, "Best plan 1").get_by_text("of at most 1,000,000").wait_for()
        tab.get_by_role("button", name="Cancel: Best plan 1").click()
    job(tab, "Best plan 1").get_by_text("cancelled").wait_for()
    again.close()

    stranger = another(chromium, locale="en")
    tab = stranger.new_page()
    opened(tab, small, "Decide")
    tab.get_by_text("Nothing was asked for yet.").first.wait_for()
    stranger.close()


def test_work_that_ended_with_the_server_goes_on_with_the_next_one(tmp_path, page):
    scenarios = small_folder(tmp_path / "scenarios")
    with serving(tmp_path / "results", scenarios=scenarios) as address:
        opened(page, address, "Decide")
        best_plan_asked(page, 1_000_000)
        job(page, "Best plan 1").get_by_text("of at most 1,000,000").wait_for()
    with serving(tmp_path / "results", scenarios=scenarios) as address:
        opened(page, address, "Decide")
        job(page, "Best plan 1").get_by_text("ended before it was finished").wait_for()
        page.get_by_role("button", name="Continue: Best plan 1").click()
        job(page, "Best plan 1").get_by_text("of at most 1,000,000").wait_for()


def test_a_plan_that_was_found_is_taken_onto_the_desk_by_a_click_on_its_point(small, page):
    opened(page, small, "Decide")
    best_plan_asked(page, 1000)
    chart = page.locator(".decision .nicegui-echart")
    chart.wait_for()
    point = page.evaluate(
        """async () => {
            const id = document.querySelector('.decision .nicegui-echart').id.slice(1);
            const chart = getElement(Number(id)).chart;
            const series = chart.getOption().series.findIndex(one => one.name === 'runner-up');
            return chart.convertToPixel({seriesIndex: series}, chart.getOption().series[series].data[0].value);
        }"""
    )
    chart.click(position={"x": point[0], "y": point[1]})
    page.get_by_text("On the desk now").wait_for()
    with page.expect_response(lambda answer: "best_plan" in answer.url or "report.html" in answer.url) as answered:
        page.evaluate("fetch(document.querySelector('.jobs a').href)")
    assert answered.value.ok
    assert broken_rules(page) == []
    assert bays(page) == "1"


def test_a_lever_is_taken_by_keyboard(small, page):
    opened(page, small, "Decide")
    page.get_by_label("Operations for each change").fill("20")
    page.get_by_role("button", name="Find what helps most").press("Enter")
    take = page.get_by_role("button", name="Take into the plan")
    take.wait_for()
    said = page.get_by_role("combobox", name="Lever to take").input_value()
    take.press("Enter")
    page.get_by_text(f"On the desk now: {said.partition(' (')[0]}").wait_for()
    page.get_by_role("tab", name="Desk").click()
    settled(page)
    assert "changes: 1" in page.locator(".status").first.inner_text()


def test_the_fluid_plan_is_taken_and_undone(small, page):
    opened(page, small, "Decide")
    page.get_by_role("button", name="Take the rates of the fluid plan").click()
    changes = page.locator(".changes")
    changes.wait_for()
    assert "box selection rate" in changes.inner_text()
    assert "instead of 2 %" in changes.inner_text()
    link = page.get_by_label("Link that restores this plan")
    page.get_by_role("tab", name="Take along").click()
    assert "selection.rate.box" in link.input_value()
    page.get_by_role("tab", name="Decide").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("tab", name="Take along").click()
    page.wait_for_function("!document.querySelector('input[readonly]').value.includes('selection.rate.box')")


def test_the_main_scenario_that_was_downloaded_finds_its_counts_again(served, page, tmp_path):
    opened(page, served, "Take along", "?file=motorway_early_shift.toml&set=area.bays%3D5")
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Scenario file (TOML)").click()
    assert loaded.value.suggested_filename == "motorway_early_shift_plan.toml"  # the scenario itself is not replaced
    file = tmp_path / "motorway_early_shift.toml"
    loaded.value.save_as(file)
    page.get_by_role("button", name="Open").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("tab", name="Desk").click()
    page.wait_for_function("document.querySelector('.status').textContent.includes('motorway_early_shift_2.toml')")
    assert bays(page) == "5"


CHANGED = f"?file={NAME}&set=area.bays%3D5&seed=2"


def test_a_scenario_that_was_downloaded_is_opened_again(small, page, tmp_path):
    opened(page, small, "Take along", CHANGED)
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Scenario file (TOML)").click()
    file = tmp_path / "mine.toml"
    loaded.value.save_as(file)
    assert tomllib.loads(file.read_text())["area"]["bays"] == 5
    assert COMMENT in file.read_text()
    page.get_by_role("button", name="Open").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_function("document.querySelector('.status').textContent.includes('mine.toml')")
    assert bays(page) == "5"


def test_a_link_and_a_file_restore_the_state(small, page, tmp_path):
    opened(page, small, "Take along", CHANGED)
    link = page.get_by_label("Link that restores this plan").input_value()
    with page.expect_download() as loaded:
        page.get_by_role("button", name="State of the desk").click()
    file = tmp_path / "state.json"
    loaded.value.save_as(file)
    for begin in (link, small):
        page.goto(begin if begin == link else f"{small}?file={NAME}")
        settled(page)
        if begin == small:
            page.get_by_role("button", name="Open").first.click()
            page.locator("input[type=file]").set_input_files(file)
            page.wait_for_function("document.querySelector('.status').textContent.includes('random seed 2')")
        assert bays(page) == "5"
    file.write_text(json.dumps({"draft": 1}))
    page.get_by_role("button", name="Open").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("is no state of this page").wait_for()


def test_documents_are_made_and_are_the_visitors_own(small, page, chromium):
    page.set_viewport_size({"width": 1000, "height": 700})
    opened(page, small, "Take along", CHANGED)
    page.get_by_role("button", name="Make the documents").click()
    link = page.get_by_role("link", name="Workbook (XLSX)")
    link.wait_for()
    state = job(page, "Results").get_by_text("done")
    assert state.evaluate("one => one.scrollWidth <= one.clientWidth"), "the links lie upon the word"
    with page.expect_download() as loaded:
        link.click()
    assert loaded.value.suggested_filename == "result.xlsx"
    address = page.get_by_role("link", name="Report").get_attribute("href")
    assert "<h1" in page.request.get(f"{small.rstrip('/')}{address}").text()
    stranger = another(chromium)
    assert stranger.request.get(f"{small.rstrip('/')}{address}").status == 404
    stranger.close()


@pytest.mark.parametrize("view", ["Decide", "Take along"])
@pytest.mark.parametrize("dark", [False, True])
def test_everybody_can_use_the_views(small, page, view, dark):
    """Rules of WCAG 2.1 AA, as axe checks them."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    opened(page, small, view)
    page.get_by_role("tab", name=view).press("Tab")
    assert broken_rules(page) == []


def levers_asked(page):
    page.get_by_label("Operations for each change").fill("20")
    page.get_by_role("button", name="Find what helps most").press("Enter")
    page.get_by_role("button", name="Take into the plan").wait_for()


@pytest.mark.parametrize("answer", ["Take it with its plan", "Take it alone into the plan on the desk", "Leave it"])
def test_a_lever_of_another_plan_is_taken_only_after_a_question(small, page, answer):
    opened(page, small, "Decide", f"?file={NAME}&set=area.waiting%3D2")
    levers_asked(page)
    assert "waiting spaces" in job(page, "Levers 1").inner_text()
    link = page.get_by_label("Link that restores this plan")
    page.goto(f"{small}?file={NAME}&set=area.waiting%3D4")
    settled(page)
    page.get_by_role("tab", name="Decide").click()
    page.get_by_role("button", name="Open: levers_1").click()
    page.get_by_text(f"Computed for: {NAME}, 2 waiting spaces").wait_for()
    chosen = page.get_by_role("combobox", name="Lever to take")
    chosen.click()
    page.get_by_role("option", name="bays: one more").click()
    page.get_by_role("button", name="Take into the plan").click()
    asked = page.get_by_role("dialog", name="bays: one more")
    asked.get_by_text("4 waiting spaces").wait_for()
    asked.get_by_role("button", name=answer).click()
    asked.wait_for(state="detached")
    page.get_by_role("tab", name="Take along").click()
    waiting, bays = {
        "Take it with its plan": (2, True),
        "Take it alone into the plan on the desk": (4, True),
        "Leave it": (4, False),
    }[answer]
    expect(link).to_have_value(re.compile(f"area.waiting%3D{waiting}"))
    assert ("area.bays%3D3" in link.input_value()) is bays


def test_work_is_removed_after_one_question_and_its_result_is_shown_no_longer(small, page):
    opened(page, small, "Decide")
    levers_asked(page)
    for answer in ("Leave it", "Remove"):
        page.get_by_role("button", name="Remove: Levers 1").click()
        page.get_by_role("dialog").get_by_role("button", name=answer).click()
        page.get_by_role("dialog").wait_for(state="detached")
        if answer == "Leave it":
            job(page, "Levers 1").wait_for()
    page.get_by_text("Nothing was asked for yet.").first.wait_for()
    assert page.locator(".decision .nicegui-echart").count() == 0


@pytest.mark.parametrize(
    ("answer", "waiting", "taken"),
    [
        ("Take this plan", None, True),
        ("Take what was found into the plan on the desk", 4, True),
        ("Leave it", 4, False),
    ],
)
def test_a_plan_that_was_found_replaces_changes_of_the_desk_only_after_a_question(small, page, answer, waiting, taken):
    opened(page, small, "Decide")
    best_plan_asked(page, 1000)
    page.locator(".decision .nicegui-echart").wait_for()
    page.goto(f"{small}?file={NAME}&set=area.waiting%3D4")
    settled(page)
    page.get_by_role("tab", name="Decide").click()
    page.get_by_role("button", name="Open: optimise_1").click()
    page.get_by_role("combobox", name="Plan to take").click()
    page.get_by_role("option", name="runner-up").click()
    page.get_by_role("button", name="Take into the plan").click()
    asked = page.get_by_role("dialog", name="1 bay")
    asked.get_by_text("4 waiting spaces").wait_for()
    asked.get_by_role("button", name=answer).click()
    asked.wait_for(state="detached")
    page.get_by_role("tab", name="Take along").click()
    link = page.get_by_label("Link that restores this plan")
    expect(link).to_have_value(re.compile("area.bays%3D1" if taken else f"set=area.waiting%3D{waiting}"))
    assert ("area.bays%3D1" in link.input_value()) is taken
    assert ("set=area.waiting%3D4" in link.input_value()) is (waiting is not None)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("area.bays=1,2", 'can mean "1.2" or "1; 2"'),
        ("area.bays=4,5;6", "area.bays: 4.5 given; allowed: a whole number"),
    ],
)
def test_what_may_change_is_refused_at_the_click_beside_its_field(small, page, typed, told):
    opened(page, small, "Decide")
    field = page.get_by_role("textbox", name="What may change")
    field.fill(typed)
    page.get_by_role("button", name="Find the best plan").click()
    said = page.locator(".q-field--error").filter(has=field)
    said.get_by_text(told).wait_for()
    assert "--" not in said.inner_text()
    page.get_by_text("Nothing was asked for yet.").first.wait_for()
    field.fill("area.bays=1; 2")
    said.wait_for(state="detached")


def test_the_same_work_is_asked_for_once_and_stands_first_in_the_list(small, page):
    page.set_viewport_size({"width": 1360, "height": 860})
    opened(page, small, "Decide")
    for seconds in range(4):
        page.get_by_label("Operations for each change").fill(str(20 + seconds))
        page.get_by_role("button", name="Find what helps most").click()
        job(page, f"Levers {seconds + 1}").get_by_role("button", name="Open").wait_for()
    page.get_by_label("Operations to simulate at most").fill("1000000")
    page.get_by_role("button", name="Find the best plan").dblclick()
    job(page, "Best plan 1").get_by_text("of at most 1,000,000").wait_for()
    page.get_by_role("button", name="Find the best plan").click()
    page.get_by_text("This is under way already: Best plan 1").first.wait_for()
    assert page.get_by_role("listitem").filter(has_text="Best plan").count() == 1
    assert "most targets found; operations: 1,000,000" in job(page, "Best plan 1").inner_text()
    page.get_by_label("Operations for each change").fill("20")
    page.get_by_role("button", name="Find what helps most").click()
    job(page, "Levers 5").get_by_role("button", name="Open").wait_for()
    expect(page.locator(".job").first).to_contain_text("Best plan 1")
    page.get_by_role("button", name="Cancel: Best plan 1").click()


GAP = """(one) => one.nextElementSibling.getBoundingClientRect().top - one.getBoundingClientRect().bottom
    + one.getBoundingClientRect().height"""


def test_a_line_of_words_takes_no_more_room_than_its_words(small, page):
    page.set_viewport_size({"width": 1360, "height": 860})
    opened(page, small, "Take along")
    assert page.get_by_text("Simulates 100 operations").evaluate(GAP) < 60
    page.get_by_role("tab", name="Decide").click()
    levers_asked(page)
    assert page.get_by_text("Computed for:").evaluate(GAP) < 60
