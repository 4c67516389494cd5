"""A reader plays, scrubs and asks, with the mouse and with the keyboard, and the picture follows the clock alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import another
from tests.web.replay.conftest import served

DRAWN = "() => replay.asked === 0"
PICTURE = "(i) => replay.panels[i].canvases.scene.toDataURL()"
INSIDE = """(i) => {
  const { columns, insideOf } = replay.panels[i].tracks;
  const t = replay.panels[i].t;
  const inBay = (k) => columns.bay_from_s[k] + 20 < t && columns.bay_to_s[k] > t;
  return [...columns.inside].find((one) => inBay(insideOf[one]));
}"""


def at(page, seconds):
    """Move to so many seconds after the beginning and wait until that is drawn."""
    page.evaluate("(s) => replay.seek(replay.begins_s + s)", seconds)
    page.wait_for_function(DRAWN)


def clock(page):
    return page.locator(".replay-clock").inner_text()


def test_it_begins_at_the_opening_and_plays_until_it_is_paused(visit):
    page = visit()
    assert clock(page) == "01:00:00"
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".replay-clock")).not_to_have_text("01:00:00")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function(DRAWN)
    assert clock(page) > "01:00:00"


def test_rewinding_and_scrubbing_give_the_very_same_picture(visit):
    page = visit()
    at(page, 3000)
    before = page.evaluate(PICTURE, 0)
    at(page, 6000)
    assert page.evaluate(PICTURE, 0) != before
    page.get_by_role("button", name="Rewind").click()
    page.wait_for_function(DRAWN)
    assert clock(page) == "00:55:00"
    scrub = page.get_by_role("slider")
    scrub.evaluate("(slider) => { slider.value = 3000; slider.dispatchEvent(new Event('input')); }")
    page.wait_for_function(DRAWN)
    assert clock(page) == "01:45:00"
    assert page.evaluate(PICTURE, 0) == before


def test_one_jumps_to_moments_from_a_list_and_with_the_keyboard(visit):
    page = visit()
    moments = sorted(page.locator(".replay-group select option").all_inner_texts()[1:])
    assert moments[0] == "01:00:00 The funnel opens"
    for words in (
        "The queue reaches the critical point",
        "The area is full",
        "A target is found",
        "The valve suspends",
    ):
        assert any(words in moment for moment in moments), words
    page.locator(".replay").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(DRAWN)
    assert clock(page) == moments[1][:8]
    chosen = next(moment for moment in moments if "A target is found" in moment)
    page.get_by_label("Jump to a moment").select_option(label=chosen)
    page.wait_for_function(DRAWN)
    assert clock(page) == chosen[:8]
    assert re.search(r"Targets found\s+1", page.locator(".replay-status").inner_text())


def test_a_vehicle_tells_its_story_under_both_plans(visit):
    page = visit("/two")
    at(page, 4200)
    vehicle = page.evaluate(INSIDE, 0)
    place = page.evaluate("([i, vehicle]) => replay.panels[i].placeOf(vehicle)", [0, vehicle])
    page.locator(".replay-scene").first.click(position={"x": place["x"], "y": place["y"]})
    stories = page.locator(".replay-story")
    expect(stories.first).to_contain_text(f"{vehicle + 1:,}")
    expect(stories.first).to_contain_text(re.compile(r"in bay [12] from \d\d:\d\d:\d\d to \d\d:\d\d:\d\d"))
    expect(stories.nth(1)).to_contain_text(f"{vehicle + 1:,}")
    assert "ordinary vehicle" not in stories.first.inner_text()  # as targets are not shown


def test_the_keyboard_goes_from_vehicle_to_vehicle_and_hears_the_story(visit):
    page = visit()
    at(page, 4200)
    page.locator(".replay-scene").focus()
    pointed = page.locator(".replay-pointed")
    xs, said = [], []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        xs.append(page.evaluate("() => replay.panels[0].placeOf(replay.panels[0].shown.chosen).x"))
        said.append(pointed.inner_text())
    assert xs == sorted(xs)
    assert len(set(said)) == len(said)
    page.keyboard.press("ArrowLeft")
    expect(pointed).to_have_text(said[1])
    assert clock(page) == "02:05:00"  # the arrows have not moved the clock
    page.keyboard.press("Enter")
    vehicle = page.evaluate("() => replay.panels[0].shown.chosen")
    expect(page.locator(".replay-story")).to_contain_text(f"{vehicle + 1:,}")
    assert page.locator(".replay-story").get_attribute("aria-live") == "polite"
    page.keyboard.press("Escape")
    expect(page.locator(".replay-story p")).to_have_count(0)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(DRAWN)
    assert clock(page) > "02:05:00"


def test_moments_that_come_dozens_of_times_stand_together_behind_the_rarer_ones(visit):
    page = visit()
    numbers = page.locator(".replay-group optgroup").evaluate_all("all => all.map(one => one.children.length)")
    assert numbers == sorted(numbers)
    assert len(numbers) > 4


CONES = """() => {
  const { width, height } = replay.panels[0].canvases.scene;
  const { data } = replay.panels[0].canvases.scene.getContext("2d").getImageData(0, 0, width, height);
  let pixels = 0;
  const red = [0xc2, 0x26, 0x1b];
  for (let i = 0; i < data.length; i += 4) if (red.every((part, k) => data[i + k] === part)) pixels++;
  return pixels;
}"""


def test_cones_stand_only_while_the_funnel_does(visit):
    page = visit()
    closes_s = page.evaluate("() => replay.moments.find((one) => one.kind === 'closes').now_s - replay.begins_s")
    for moment_s, stand in ((100, False), (400, True), (closes_s - 1, True), (closes_s + 1, False)):
        at(page, moment_s)
        assert ("no funnel" in page.locator(".replay-status").inner_text()) != stand
        assert (page.evaluate(CONES) > 0) == stand, moment_s


def test_two_plans_have_one_clock_and_one_axis(visit):
    page = visit("/two")
    at(page, 4200)
    assert page.evaluate("() => replay.panels.map((one) => one.begins_s + one.t)") == [3300 + 4200] * 2
    assert page.evaluate("() => replay.panels[0].timeline.to_s === replay.panels[1].timeline.to_s")
    page.locator(".replay-timeline").nth(1).click(position={"x": 300, "y": 40})
    page.wait_for_function(DRAWN)
    assert page.evaluate("() => replay.panels[0].t === replay.panels[1].t && replay.panels[0].t !== 4200")


def test_keys_play_seek_zoom_and_change_the_speed(visit):
    page = visit()
    at(page, 1000)
    page.locator(".replay").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(DRAWN)
    assert clock(page) == "01:11:50"
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(DRAWN)
    assert clock(page) == "01:11:40"
    scale = page.evaluate("() => replay.panels[0].scene.view.scale")
    page.keyboard.press("+")
    assert page.evaluate("() => replay.panels[0].scene.view.scale") > scale
    page.keyboard.press("0")
    assert page.evaluate("() => replay.panels[0].scene.view.scale") == scale
    page.keyboard.press("ArrowUp")
    assert page.evaluate("() => replay.speed") == 120
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_targets_are_shown_when_they_are_asked_for(visit):
    page = visit()
    at(page, 4200)
    hidden = page.evaluate(PICTURE, 0)
    assert "target that is not found" not in page.locator(".replay-legend").inner_text()
    page.get_by_label("Show targets").check()
    page.wait_for_function(DRAWN)
    expect(page.locator(".replay-legend")).to_contain_text("target that is not found")
    page.evaluate("() => replay.wholeApproach()")
    page.wait_for_function(DRAWN)
    shown = page.evaluate(PICTURE, 0)
    page.get_by_label("Show targets").uncheck()
    page.wait_for_function(DRAWN)
    assert shown != page.evaluate(PICTURE, 0) != hidden


def test_it_can_be_hidden_and_shown_again(visit):
    """As in a tab behind another."""
    page = visit("/two")
    at(page, 4200)
    before = page.evaluate(PICTURE, 0)
    page.evaluate("() => { document.querySelector('.replay').style.display = 'none'; }")
    page.wait_for_function("() => replay.panels[0].sizes.scene.width === 0")
    at(page, 4300)
    page.evaluate("() => { document.querySelector('.replay').style.display = ''; }")
    page.wait_for_function("() => replay.panels[0].sizes.scene.width > 0")
    at(page, 4200)
    assert page.evaluate(PICTURE, 0) == before


def test_dragging_moves_the_picture_and_the_strip_above_brings_it_back(visit):
    page = visit()
    box = page.locator(".replay-scene").bounding_box()
    left_m = page.evaluate("() => replay.panels[0].scene.view.left_m")
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 250)
    page.mouse.up()
    assert page.evaluate("() => replay.panels[0].scene.view.left_m") < left_m - 10
    page.locator(".replay-overview").click(position={"x": 100, "y": 30})
    page.wait_for_function(DRAWN)
    assert page.evaluate("() => replay.panels[0].scene.view.left_m") < -1000


def test_everything_that_is_operated_has_a_name_and_shows_its_focus(visit):
    page = visit("/two")
    names = page.evaluate("""() => [...document.querySelectorAll('.replay button, .replay select, .replay input')]
        .map((one) => (one.getAttribute('aria-label') ?? (one.labels?.[0] ?? one).textContent).trim())""")
    assert len(names) >= 10
    assert all(len(name) > 1 for name in names)
    assert page.locator(".replay canvas:not([aria-label])").count() == 0
    page.keyboard.press("Tab")
    for _ in range(len(names)):
        page.keyboard.press("Tab")
        style = page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
        assert float(style.removesuffix("px")) >= 2, page.evaluate("() => document.activeElement.outerHTML")


def test_every_outcome_differs_by_more_than_its_colour(visit):
    page = visit()
    looks = page.evaluate("() => replay.legend.map((one) => [one.sign, one.hollow].join())")
    assert len(set(looks)) == len(looks) == 6


def test_the_legend_names_the_classes_that_come(visit):
    page = visit()
    assert page.evaluate("() => replay.classLegend.map((one) => one.text)") == ["box", "truck"]


def test_it_is_dark_in_dark_mode(visit):
    def brightness(page):
        at(page, 4200)
        return page.evaluate("""() => {
            const { canvases } = replay.panels[0];
            const [r, g, b] = canvases.scene.getContext('2d').getImageData(5, 5, 1, 1).data;
            return r + g + b;
        }""")

    assert brightness(visit("/?dark=true")) < 150
    assert brightness(visit("/")) > 600


@pytest.mark.parametrize("width", [480, 900, 1900])
def test_nothing_is_wider_than_the_window(visit, width):
    page = visit("/two")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("(width) => replay.panels[0].sizes.scene.width < width", arg=width)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_the_roads_of_several_funnels_can_be_chosen(chromium):
    with served("scenarios/federal_road_three_days.toml") as address:
        page = another(chromium).new_page()
        page.goto(address)
        page.wait_for_selector(".replay-clock:not(:empty)")
        expect(page.locator(".replay-clock")).to_contain_text("day 1")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        directions = page.get_by_label("Road", exact=True).locator("option").all_inner_texts()
        assert len(directions) == 2
        page.get_by_label("Road", exact=True).select_option(index=1)
        page.wait_for_function(DRAWN)
        assert page.evaluate("() => replay.panels[0].scene.road.direction") == directions[1]


def test_what_is_read_in_every_frame_is_not_watched_by_the_page(visit):
    """A watched object takes ten times as long, and 10,000 vehicles no longer move smoothly."""
    page = visit()
    watched = """() => {
        const { tracks, scene } = replay.panels[0];
        return [tracks, tracks.site, tracks.columns, scene, scene.road].map((one) => Boolean(one.__v_raw));
    }"""
    assert not any(page.evaluate(watched))
    assert page.evaluate("() => Boolean(replay.replays[0].site.__v_raw)")  # as it comes from the page


def test_the_picture_of_a_find_that_is_watched(chromium, pictures):
    """A busy moment of the motorway, and the story of a van with a target."""
    with served("scenarios/motorway_early_shift.toml") as address:
        page = another(chromium, viewport={"width": 1180, "height": 800}).new_page()
        page.goto(f"{address}/?replication=18")
        page.wait_for_selector(".replay-clock:not(:empty)")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        page.evaluate("() => replay.seek(3600 * 6.6)")
        page.wait_for_function(DRAWN)
        page.evaluate("() => replay.choose(0, replay.panels[0].tracks.columns.outcome.indexOf(4))")
        expect(page.locator(".replay-story")).to_contain_text("A target was found at 06:34:43: concealed persons.")
        page.wait_for_function(DRAWN)
        page.locator(".replay").screenshot(path=pictures / "replay.png")
        assert (pictures / "replay.png").stat().st_size > 20_000


def test_plans_with_other_traffic_are_not_taken_for_the_same_vehicles(chromium):
    with served("scenarios/motorway_early_shift.toml", "scenarios/sobriety_checkpoint.toml") as address:
        page = another(chromium).new_page()
        page.goto(f"{address}/two")
        page.wait_for_selector(".replay-clock:not(:empty)")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        page.evaluate("() => replay.choose(0, 100)")
        expect(page.locator(".replay-story").first).to_contain_text("101")
        assert page.evaluate("() => replay.panels.map((one) => one.shown.chosen)") == [100, -1]
        assert page.locator(".replay-story").nth(1).inner_text() == ""
