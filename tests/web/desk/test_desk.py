"""The desk in a real browser: what is moved, what is answered, and what comes back."""

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from funnelsim.analysis.estimates import estimate_text
from funnelsim.experiments.run import run
from funnelsim.scenario.load import load_scenario
from funnelsim.web.language import translated
from funnelsim.web.numerals import rewritten
from tests.web.conftest import KNOWN_TO_THE_END, another, settled
from tests.web.serving import SCENARIOS, serving

MOTORWAY = SCENARIOS / "motorway_early_shift.toml"


def slider(page, label):
    """Return what takes the keyboard of the slider of a lever."""
    return page.locator(f'.q-slider[aria-label="{label}"] [tabindex]').first


def figure(page, name):
    """Return a cell of the figures: what the plan has of something."""
    return page.locator(".figures tr", has_text=name).locator("td").first.inner_text()


def test_the_figures_become_those_of_a_run_of_the_same_plan_and_seed(served, page):
    page.goto(served)
    settled(page)
    slider(page, "van, %").press("ArrowRight")
    page.wait_for_function("document.querySelector('.status').textContent.includes('changes: 1')")
    settled(page)
    made = run(load_scenario(MOTORWAY, ["selection.rate.van=0.085"]), 100, seed=1, jobs=2)
    assert figure(page, "Targets found") == estimate_text(made.estimates["expected_detections"])
    assert figure(page, "P95 delay, min") == estimate_text(made.estimates["delay_p95_s"], 1 / 60)
    assert figure(page, "Ordinary vehicles stopped") == estimate_text(made.estimates["ordinary_stops"])
    assert "random seed 1" in page.locator(".status").inner_text()


def test_a_slider_moves_as_fast_as_its_key_is_pressed(served, page):
    page.goto(served)
    settled(page)
    for _ in range(20):
        slider(page, "van, %").press("ArrowRight")
    page.wait_for_function("location.search.includes('rate.van%3D0.18&')")


def test_a_lever_that_is_moved_is_compared_with_the_plan_as_it_was(served, page):
    page.goto(served)
    settled(page)
    assert page.locator(".figures thead").inner_text().split()[-1] == "plan"
    slider(page, "police").press("ArrowLeft")
    page.wait_for_function("document.querySelector('.status').textContent.includes('changes: 1')")
    settled(page)
    assert page.locator(".figures thead").inner_text().split()[-1] == "Difference"
    officer_h = page.locator(".figures tr", has_text="Officer-hours").locator("td").last.inner_text()
    assert "-" in officer_h


def test_a_mark_of_the_valve_is_moved_on_the_sketch_by_hand_and_by_key(served, page):
    page.goto(served)
    settled(page)
    handle = page.locator(".sketch .handle", has_text="suspend at")
    handle.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.sketch').textContent.includes('suspend at 1,050 m')")
    box = handle.locator("path").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 100, box["y"] + 5, steps=5)
    page.mouse.up()
    metres = int(re.search(r"suspend at ([\d,]+) m", page.locator(".sketch").text_content())[1].replace(",", ""))
    assert metres > 1050
    page.wait_for_function("metres => location.search.includes(`suspend_at_m%3D${metres}.0&`)", arg=metres)


def test_keys_that_are_pressed_fast_or_held_add_up_on_a_mark_of_the_valve(served, page):
    page.goto(served)
    settled(page)
    handle = page.locator(".sketch .handle", has_text="suspend at")
    handle.focus()
    for _ in range(8):
        page.keyboard.down("ArrowLeft")  # held: it comes again and again
    page.keyboard.up("ArrowLeft")
    assert handle.get_attribute("aria-valuenow") == "1400"
    page.wait_for_function("location.search.includes('suspend_at_m%3D1400')")
    settled(page)
    assert handle.get_attribute("aria-valuenow") == "1400"
    handle.press("Home")
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")
    handle.press("End")
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")


def test_a_mark_that_was_moved_follows_its_lever_afterwards(served, page):
    page.goto(served)
    settled(page)
    handle = page.locator(".sketch .handle", has_text="suspend at")
    handle.press("ArrowLeft")
    page.wait_for_function("location.search.includes('suspend_at_m%3D1050')")
    page.get_by_role("button", name="As in the file").click()
    expect(handle).to_have_attribute("aria-valuenow", "1000")


def test_keys_that_are_pressed_fast_add_up_on_a_time_bar(served, page):
    page.goto(served)
    settled(page)
    end = page.get_by_label("customs: until")
    end.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    assert end.get_attribute("aria-valuetext") == "12:30"
    page.wait_for_function("location.search.includes('12%3A30')")
    settled(page)
    assert end.get_attribute("aria-valuetext") == "12:30"
    end.press("Home")
    assert end.get_attribute("aria-valuetext") == "05:45"
    end.press("End")
    assert end.get_attribute("aria-valuenow") == end.get_attribute("aria-valuemax")


def test_shifts_are_moved_on_the_time_bar(served, page):
    page.goto(served)
    settled(page)
    page.get_by_label("customs: until").press("ArrowLeft")
    page.wait_for_function("document.querySelector('.time-bar').textContent.includes('customs 05:30-14:15')")
    page.wait_for_function("document.querySelector('.status').textContent.includes('changes: 1')")


def test_a_value_that_is_not_allowed_is_refused_beside_its_lever(served, page):
    page.goto(served)
    settled(page)
    page.get_by_text("Valve", exact=True).click()
    field = page.get_by_label("resume at, m").last
    field.fill("1500")
    expect(page.locator(".lever-error:visible")).to_contain_text("resume_at_m = 1500 is not below 1000")
    field.fill("300")
    page.wait_for_function("!document.body.innerText.includes('is not below')")


def typed(page, name, number):
    """Type a number into the field of a lever."""
    page.get_by_role("textbox", name=name, exact=True).fill(number)


@pytest.mark.parametrize("language", ["en", "de", "hr"])
def test_a_comma_and_a_point_are_decimal_marks_in_every_language(served, chromium, language):
    context = another(chromium, locale=language)
    tab = context.new_page()
    tab.goto(served)
    settled(tab)
    van = f"{translated('van', language)}, %"
    typed(tab, van, "8,5")
    tab.wait_for_function("location.search.includes('rate.van%3D0.085&')")
    typed(tab, van, "9.5")
    tab.wait_for_function("location.search.includes('rate.van%3D0.095&')")
    assert tab.get_by_role("textbox", name=van).input_value() == "9.5"
    context.close()


@pytest.mark.parametrize(
    ("group", "name", "given"),
    [
        ("", "van, %", "-5"),
        ("", "van, %", "500"),
        ("", "van, %", "2,000"),
        ("", "van, %", "1.500,5"),
        ("", "van, %", ""),
        ("", "police", "2.5"),
        ("Area", "bays", "99999"),
        ("Road", "speed in the lane, km/h", "0"),
    ],
)
def test_a_number_that_is_not_allowed_is_refused_and_the_plan_stays_as_it_was(served, page, group, name, given):
    page.goto(served)
    settled(page)
    if group:
        page.get_by_role("button", name=group, exact=True).click()
    before = page.url
    typed(page, name, given)
    said = page.locator(".lever-error:visible")
    expect(said).to_contain_text(f"{given or 'nothing'} given")
    expect(said).to_contain_text("allowed: a")
    slider(page, "lorry, %").press("ArrowRight")  # a change after it, which would show it
    page.wait_for_function("location.search.includes('rate.lorry')")
    assert page.url.count("set=") == before.count("set=") + 1
    expect(said).to_have_count(0)  # and the field shows again what counts


def test_home_and_end_move_a_slider_to_its_ends(served, page):
    page.goto(served)
    settled(page)
    slider(page, "van, %").press("End")
    page.wait_for_function("location.search.includes('rate.van%3D0.24&')")
    slider(page, "van, %").press("Home")
    page.wait_for_function("location.search.includes('rate.van%3D0.0&')")


def test_under_a_rule_without_rates_the_levers_are_those_that_act(served, page):
    page.goto(served)
    settled(page)
    expect(slider(page, "officers' time used, %")).to_be_hidden()
    page.get_by_label("rule", exact=True).click()
    page.get_by_text("whoever promises enough detections").click()
    expect(slider(page, "van, %")).to_be_hidden()
    slider(page, "officers' time used, %").press("ArrowLeft")
    page.wait_for_function("location.search.includes('index.utilisation%3D0.79&')")
    page.get_by_role("switch", name="van").click()
    page.wait_for_function("location.search.includes('rate.van%3D0.0&')")


def test_only_classes_that_come_have_a_lever(served, page):
    page.goto(f"{served}?file=weigh_station.toml")
    settled(page)
    expect(slider(page, "lorry, %")).to_be_visible()
    for kind in ("car", "van", "camper", "coach", "reefer"):
        expect(slider(page, f"{kind}, %")).to_be_hidden()


LEVER_ABOVE = "error => error.previousElementSibling.querySelector('.lever-label').textContent"
REFUSED = "resume_at_m = 400 is not below 250"


@pytest.fixture
def refused(served, page):
    """Move a mark on the sketch to where the plan is none: first a plan that is possible, then one that is not."""
    page.goto(served)
    settled(page)
    handle = page.locator(".sketch .handle", has_text="suspend at")
    for metres in ("750", "500", "250"):
        handle.press("PageDown")
        expect(page.locator(".sketch")).to_contain_text(f"suspend at {metres} m")
        if metres == "500":
            page.wait_for_function("location.search.includes('suspend_at_m%3D500')")
    page.get_by_text("This is no plan").wait_for()
    return page


def test_why_there_is_no_plan_is_said_above_the_figures_and_beside_its_lever_also_in_a_closed_group(refused):
    expect(refused.locator(".desk-answers.live > .problems")).to_contain_text(REFUSED)
    expect(refused.locator(".lever-error:visible")).to_contain_text(REFUSED)
    expect(refused.get_by_role("button", name="Valve")).to_have_attribute("aria-expanded", "true")


def test_a_stage_without_officers_is_refused_beside_the_lever_that_was_moved_and_above_the_figures(served, page):
    page.goto(served)
    settled(page)
    typed(page, "police", "0")
    above, beside = page.locator(".desk-answers.live > .problems"), page.locator(".lever-error:visible")
    expect(above).to_contain_text("CO2 probe: needs 1 police")
    expect(above).not_to_contain_text("full search")
    page.get_by_role("button", name="2 more").click()
    expect(page.get_by_text("area.stages.full search: needs 2 police")).to_be_visible()
    expect(beside).to_have_text(re.compile(r"area.stages.CO2 probe: needs 1 police .*no police can be free.*\n2 more"))
    assert page.evaluate(LEVER_ABOVE, beside.element_handle()) == "police"
    typed(page, "van, %", "20")  # another lever, which is not to blame
    page.wait_for_function("document.querySelector('.change-list') && document.body.innerText.includes('Changes: 2')")
    assert page.evaluate(LEVER_ABOVE, beside.element_handle()) == "police"
    typed(page, "police", "6")
    expect(beside).to_have_count(0)
    expect(above).to_be_hidden()


def test_the_warnings_of_check_about_the_plan_are_on_the_desk_and_go_with_it(served, page):
    page.goto(f"{served}?file=friday_afternoon.toml")
    settled(page)
    page.get_by_role("button", name="Warnings: 4").click()
    lines = page.locator(".warnings li")
    expect(lines).to_have_count(4)
    expect(lines.last).to_contain_text("limits.tail_m = 1900 is broken even on an average day")
    page.goto(f"{served}?file=motorway_early_shift.toml&set=operation.closes%3D%2215:00%22")
    settled(page)
    page.get_by_role("button", name="Warnings: 5").click()
    expect(lines.filter(has_text="cannot be staffed 14:30-15:00, so nobody is selected then")).to_have_count(4)
    page.get_by_role("button", name="As in the file").click()
    expect(page.get_by_role("button", name="Warnings: 1")).to_be_visible()
    expect(lines).to_have_count(1)


def test_a_mark_on_the_sketch_stays_where_its_lever_is_also_where_that_is_refused(refused):
    expect(refused.get_by_role("textbox", name="suspend at, m")).to_have_value("250")
    expect(refused.locator(".sketch")).to_contain_text("suspend at 250 m")


def test_figures_of_an_earlier_plan_are_marked_and_say_of_which_plan_they_are(refused):
    status = refused.locator(".status").first
    expect(status).to_contain_text("last plan that was possible: motorway_early_shift.toml, changes: 1")
    expect(status).to_contain_text("operations, random seed 1 (valve suspend at, m: 1,000 → 500)")
    expect(refused.locator(".figures thead")).to_contain_text("Last possible plan")
    for stale in (".headline", ".desk-answers div:has(> .figures)", ".charts", ".sketch"):
        expect(refused.locator(stale)).to_have_class(re.compile("stale"))
    refused.get_by_role("textbox", name="suspend at, m").fill("600")
    refused.wait_for_function("location.search.includes('suspend_at_m%3D600')")
    settled(refused)
    expect(refused.locator(".figures thead")).to_contain_text("This plan")
    expect(refused.locator(".stale")).to_have_count(0)


def test_what_is_no_plan_is_not_offered_to_be_taken_along(refused):
    refused.get_by_role("tab", name="Take along").click()
    refused.get_by_text("What is on the desk is no plan").wait_for()
    for name in ("Scenario file (TOML)", "State of the desk", "Copy the link", "Make the documents"):
        expect(refused.get_by_role("button", name=name)).to_be_hidden()
    expect(refused.get_by_role("heading", name="This plan", exact=True)).to_be_hidden()


def test_what_is_changed_is_listed_on_the_desk_and_under_take_along(served, page):
    page.goto(f"{served}?file=motorway_early_shift.toml&set=targets.contraband.cue_auc%3D0.9&set=area.bays%3D5")
    settled(page)
    page.get_by_role("button", name="Changes: 2").click()
    lines = page.locator(".change-list li")
    expect(lines).to_have_text(["contraband cue auc: 0.6 → 0.9", "bays: 6 → 5"])
    page.get_by_role("tab", name="Take along").click()
    page.get_by_role("button", name="Changes: 2").click()
    expect(page.locator(".change-list:visible li")).to_have_text(["contraband cue auc: 0.6 → 0.9", "bays: 6 → 5"])


def compared(tab):
    """Return the figures once the plan and the baseline are simulated to the end."""
    done = "document.querySelector('.status').textContent.match(/300 /)"
    beside = "document.querySelectorAll('.figures thead th').length === 4"
    tab.wait_for_function(f"{beside} && {done} && {KNOWN_TO_THE_END}")
    return tab.locator(".figures tbody").inner_text()


def test_plan_and_baseline_are_restored_by_reload_by_another_language_and_in_another_browser(served, page, chromium):
    page.goto(served)
    settled(page)
    van = page.get_by_role("textbox", name="van, %")
    page.get_by_role("combobox", name="operations").click()
    page.get_by_role("option", name="300").click()
    van.fill("20")
    page.wait_for_function("location.search.includes('set=selection.rate.van%3D0.2&')")
    page.get_by_role("button", name="Compare with this plan").click()
    van.fill("30")
    page.wait_for_function("location.search.includes('set=selection.rate.van%3D0.3&')")
    before = compared(page)
    assert "300 operations" in page.locator(".status").first.inner_text()
    page.reload()
    assert compared(page) == before
    other = another(chromium, locale="en")
    tab = other.new_page()
    tab.goto(page.url)
    assert compared(tab) == before
    other.close()
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Deutsch").click()
    page.wait_for_function("document.documentElement.lang === 'de'")
    found = compared(page).split("\n")[2]
    assert found.split("\t")[1:] == rewritten(before.split("\n")[2], "de").split("\t")[1:]


def test_what_was_on_the_desk_is_there_when_the_page_is_opened_again(served, page, visitor, chromium):
    page.goto(served)
    settled(page)
    slider(page, "lorry, %").press("ArrowRight")
    page.wait_for_function("location.search.includes('rate.lorry')")
    kept = visitor.storage_state()
    again = another(chromium, storage_state=kept)
    tab = again.new_page()
    tab.goto(served)
    settled(tab)
    assert "changes: 1" in tab.locator(".status").inner_text()
    again.close()


def test_charts_are_drawn_anew_when_the_page_turns_dark(served, page):
    page.goto(served)
    settled(page)
    ink = """() => getElement(document.querySelector('.chart .nicegui-echart').id.slice(1))
        .chart.getOption().yAxis[0].axisLabel.color"""
    light = page.evaluate(ink)
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(f"light => ({ink})() !== light", arg=light)


def test_visitors_do_not_see_each_others_plans(served, page, chromium):
    page.goto(served)
    settled(page)
    slider(page, "lorry, %").press("ArrowRight")
    page.wait_for_function("location.search.includes('rate.lorry')")
    other = another(chromium)
    tab = other.new_page()
    tab.goto(served)
    settled(tab)
    assert "changes" not in tab.locator(".status").inner_text()
    other.close()


def test_a_scenario_that_is_dropped_is_opened_and_a_broken_one_is_refused_in_words(served, page, tmp_path):
    page.goto(served)
    settled(page)
    broken = tmp_path / "broken.toml"
    broken.write_text(MOTORWAY.read_text(encoding="utf-8").replace("bays = 6", "bays = -6"), encoding="utf-8")
    page.get_by_role("button", name="Open").click()
    page.locator("input[type=file]").set_input_files(broken)
    page.wait_for_function("document.body.textContent.includes('-6 given; allowed')")
    small = tmp_path / "sobriety.toml"
    shutil.copy(SCENARIOS / "sobriety_checkpoint.toml", small)
    page.locator("input[type=file]").set_input_files(small)
    page.wait_for_function("document.querySelector('.status').textContent.includes('sobriety.toml')")
    settled(page)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name="sobriety.toml").wait_for()
    assert page.get_by_role("option", name="broken").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_that_opens_a_scenario_is_accessible(served, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(served)
    settled(page)
    page.get_by_role("button", name="Open").click()
    dialog = page.get_by_role("dialog", name="Open a scenario")
    dialog.wait_for()
    # Colours are those of the desk: axe measures those in the dialog against its backdrop, not against its card.
    found = Axe().run(page, options={"rules": {"color-contrast": {"enabled": False}}}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    with page.expect_file_chooser():
        dialog.get_by_role("button", name="Choose a file").press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820, 640])  # the last as 1280 at 200 %
def test_the_desk_is_accessible_and_fits(served, chromium, scheme, width):
    context = another(chromium, viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(served)
    settled(tab)
    tab.get_by_role("button", name="Warnings: 1").click()
    expect(tab.locator(".warnings li")).to_be_visible()
    found = Axe().run(tab).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_ctrl_c_ends_the_page_although_somebody_looks_at_it_and_what_was_on_the_desk_is_kept(tmp_path, page):
    with serving(tmp_path) as address:
        page.goto(address)
        settled(page)
        slider(page, "van, %").press("ArrowRight")
        page.wait_for_function("document.querySelector('.status').textContent.includes('changes: 1')")
    [kept] = tmp_path.rglob("desk.json")
    assert "selection.rate.van" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 820])
def test_the_figures_stay_in_view_while_a_lever_far_down_is_moved(served, page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(served)
    settled(page)
    page.get_by_role("button", name="Road").click()
    lever = slider(page, "speed in the lane, km/h")
    lever.scroll_into_view_if_needed()
    lever.press("ArrowRight")
    page.wait_for_function("document.querySelector('.status').textContent.includes('changes: 1')")
    expect(lever).to_be_in_viewport()
    expect(page.locator(".figures tr", has_text="Targets found")).to_be_in_viewport()


CONTRAST = """
one => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const light = colour => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(c => c / 255)
      .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor), ink = light(getComputedStyle(one).color);
  for (let at = one; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return 0;
  return (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_of_the_plan_before_can_be_read_and_say_so_without_a_colour(served, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(served)
    settled(page)
    figures = page.locator(".figures")
    figures.evaluate("one => one.parentElement.classList.add('stale')")
    assert figures.locator("td").last.evaluate(CONTRAST) >= CONTRAST_OF_TEXT
    assert figures.locator("td").last.evaluate("one => getComputedStyle(one).borderBottomStyle") == "dashed"


@pytest.mark.parametrize("width", [1280, 820])
def test_a_long_rule_does_not_widen_the_levers_nor_does_the_column_of_figures_slide_below_the_head(served, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{served}?file=federal_road_three_days.toml")
    settled(page)
    levers, answers = (page.locator(column).bounding_box() for column in (".desk-levers", ".desk-answers"))
    assert levers["width"] <= 0.42 * width
    assert answers["width"] >= 0.5 * width
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    head = page.locator(".page-head").bounding_box()
    assert page.locator(".desk-answers").bounding_box()["y"] >= head["y"] + head["height"]


def test_a_small_window_leaves_room_below_the_title(served, page):
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(served)
    settled(page)
    assert page.locator(".page-head").bounding_box()["height"] < 120


CONTRAST_OF_TEXT = 4.5  # WCAG 1.4.3
OUTSIDE = """
[...document.querySelectorAll('.time-bar')].flatMap(bar => {
  const box = one => one.getBoundingClientRect(), shifts = [...bar.querySelectorAll('.shift')].map(box);
  return [...bar.querySelectorAll('.shift-name')].filter((name, k) => {
    const is = box(name), shift = shifts[k], all = box(bar);
    const within = is.left >= shift.left && is.right <= shift.right;
    const beside = is.left >= shift.right || is.right <= shift.left;
    const above = is.bottom <= shift.top + 3;
    return !(within || beside || above) || is.left < all.left || is.right > all.right;
  }).map(name => name.textContent);
})"""


def test_the_name_of_a_short_shift_can_be_read(served, page):
    page.goto(f"{served}?file=federal_road_three_days.toml")
    settled(page)
    expect(page.locator(".shift-name")).to_have_text(["police 1 16:30-21:30", "police 2 03:30-07:30"])
    assert page.evaluate(OUTSIDE) == []


NUMBERS = r"""() => [...document.querySelectorAll('.figures, .headline, .sketch text, .problems')]
    .flatMap(one => one.textContent.match(/\d[\d.,\u202f]*\d/g) ?? [])"""
TICKS = """() => {
  const {chart} = getElement(document.querySelector('.chart .nicegui-echart').id.slice(1));
  const {xAxis, yAxis} = chart.getOption();
  return [xAxis[0].axisLabel.formatter(1234.5), yAxis[0].axisLabel.formatter('bays')];
}"""


@pytest.mark.parametrize("language", ["de", "hr"])
def test_numbers_can_be_read_in_one_way_only(served, page, chromium, language):
    """They are those of the English page, with a space between thousands and a comma as the decimal mark."""
    context = another(chromium, viewport=page.viewport_size, locale=language)
    tab = context.new_page()
    found = []
    for one in (page, tab):
        one.goto(served)
        settled(one)
        expect(one.locator(".sketch")).to_contain_text(re.compile(r"1.800 m"))
        found.append(one.evaluate(NUMBERS))
    english, other = found
    assert "1,800" in english
    assert other == [rewritten(number, language) for number in english]
    assert tab.evaluate(TICKS) == ["1\u202f234,5", "bays"]
    context.close()


CROSSED = """
(() => {
  const box = one => one.getBoundingClientRect(), sketch = document.querySelector('.sketch');
  const lines = [...sketch.querySelectorAll('.lead, line.mark')].map(box);
  const beside = (line, is) => line.left <= is.left || line.left >= is.right;
  const through = (line, is) => !beside(line, is) && line.bottom > is.top && line.top < is.bottom;
  const labels = [...sketch.querySelectorAll('text.mark, .handle text')];
  return labels.filter(one => lines.some(line => through(line, box(one)))).map(one => one.textContent);
})()"""
HIDDEN = """
(() => {
  const box = one => one.getBoundingClientRect();
  return [...document.querySelectorAll('.sketch, .time-bar')].flatMap(drawing => {
    const all = box(drawing), texts = [...drawing.querySelectorAll('text')];
    const level = (is, its) => is.top + 3 < its.bottom && its.top + 3 < is.bottom;
    const covers = (is, its) => level(is, its) && is.left < its.right && its.left < is.right;
    const cut = is => is.left < all.left || is.right > all.right || is.top < all.top - 2 || is.bottom > all.bottom + 3;
    const hidden = one => cut(box(one)) || texts.some(other => other !== one && covers(box(one), box(other)));
    return texts.filter(one => all.width && hidden(one)).map(one => one.textContent);
  });
})()"""
LETTERS_PX = """
Math.min(...[...document.querySelectorAll('.sketch text, .time-bar text')].filter(one => one.getScreenCTM())
  .map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a))"""
TARGETS_PX = """
[...document.querySelectorAll('.sketch .target, .time-bar .target')].map(one => one.getBoundingClientRect())
  .filter(({ width }) => width).map(({ width, height }) => Math.min(width, height))"""
LEAST_LETTER_PX = 11
NARROW_PX = 640
TARGET_PX = 24  # WCAG 2.5.8


@pytest.mark.parametrize("language", ["en", "de", "hr"])
@pytest.mark.parametrize("name", ["federal_road_three_days", "motorway_early_shift", "friday_afternoon"])
def test_the_labels_of_the_sketch_can_be_read(served, chromium, name, language):
    context = another(chromium, viewport={"width": 1280, "height": 900}, locale=language)
    tab = context.new_page()
    tab.goto(f"{served}?file={name}.toml")
    settled(tab)
    tab.locator(".sketch text.mark").first.wait_for()  # a plan without a valve has no handle
    for width in (1280, 820, 680, 660, 640, 360):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.wait_for_function("document.querySelector('.sketch').clientWidth <= innerWidth")
        tab.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        assert tab.evaluate(HIDDEN) == [], width
        assert width < NARROW_PX or tab.evaluate(CROSSED) == [], width  # else there is no room for it in every language
        assert tab.evaluate(LETTERS_PX) >= LEAST_LETTER_PX
        targets_px = tab.evaluate(TARGETS_PX)
        assert len(targets_px) > 1
        assert min(targets_px) > TARGET_PX - 0.01  # the browser's own rounding
    context.close()


def test_a_label_with_a_direction_is_translated_and_says_no_english_of_its_own(served, chromium):
    context = another(chromium, locale="de")
    tab = context.new_page()
    tab.goto(f"{served}?file=federal_road_three_days.toml")
    settled(tab)
    tab.get_by_role("textbox", name="Blick, into the country, s").wait_for()
    expect(tab.locator(".sketch")).to_contain_text("aussetzen bei, into the country")
    tab.get_by_role("button", name="Ventil", exact=True).click()
    context.close()


def test_the_notice_of_a_lost_connection_is_in_the_language_of_the_page(served, chromium):
    context = another(chromium, locale="hr")
    tab = context.new_page()
    tab.goto(served)
    expect(tab.locator("#popup")).to_have_text(re.compile(r"Veza je prekinuta\s*Ponovno povezivanje …"))
    context.close()
