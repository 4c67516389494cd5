"""A counts file dropped on the page: previewed, asked about, and made a scenario, in a real browser."""

import pytest
from playwright.sync_api import expect

from funnelsim.counts import read_counts
from funnelsim.counts.description import described
from tests.web.conftest import settled

COUNTY = """Road counts of the county
Station;Day;Hour;All vehicles;Cars;Trucks;Speed
7001;06.05.2024;7;450;412;38;81
7001;06.05.2024;8;429;388;41;79
7001;06.05.2024;9;371;336;35;83
7001;07.05.2024;7;466;425;41;80
7001;07.05.2024;8;440;401;39;78
7001;07.05.2024;9;389;350;39;82
"""
HOURS = "".join(f"2024-05-06T{hour:02d}:00,{300 + 10 * hour},{hour}\n" for hour in range(24) if hour != 3)


@pytest.fixture
def drop(served, page):
    """Return what drops a file on the page, once the page is there."""
    page.goto(served)
    settled(page)

    def dropped(name, content):
        page.get_by_role("button", name="Open").click()
        content = content if isinstance(content, bytes) else content.encode()
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        page.locator(".opening input[type=file]").set_input_files(files=[file])

    return dropped


def used(page):
    page.get_by_role("button", name="Use these counts").click()
    page.locator(".counts-card").wait_for(state="detached")
    settled(page)


def test_a_file_of_a_known_format_is_previewed_and_made_a_scenario(drop, page, tmp_path):
    """The page says what the command line says of it; the scenario has its hours and its title."""
    content = f"start,car,lorry\n{HOURS}"
    drop("a3_eastbound.csv", content)
    page.locator(".about dt").first.wait_for()
    said = page.locator(".about dd").all_inner_texts()
    (tmp_path / "a3_eastbound.csv").write_text(content, encoding="utf-8")
    sentences = described(read_counts(tmp_path / "a3_eastbound.csv"))
    assert [text.split() for text in said] == [one.split() for lines in sentences.values() for one in lines]
    assert "03:00, 1 h without a count" in page.locator(".doubted").first.inner_text()
    page.get_by_label("Title").fill("A3 on a Monday")
    page.get_by_label("Closes").fill("12:00")
    used(page)
    assert page.locator(".title").inner_text() == "A3 on a Monday"
    assert page.locator(".status").first.inner_text().startswith("a3_on_a_monday.toml")


def test_a_file_of_no_known_format_is_asked_about_until_it_can_be_used(drop, page):
    """What the file makes sure of is answered; the error stands beside the question left open."""
    drop("county.csv", COUNTY)
    page.locator(".first-rows").wait_for()
    missing = page.locator(".lever-error", has_text="label missing")
    missing.wait_for()
    assert page.get_by_role("button", name="Use these counts").is_disabled()
    page.get_by_label("A time names, of its interval,").click()
    page.get_by_role("option", name="its end").click()
    missing.wait_for(state="hidden")
    page.locator(".about dd", has_text="2,545 vehicles").wait_for()
    used(page)
    assert page.locator(".title").inner_text() == "County"


def test_a_damaged_file_gives_a_sentence_and_the_page_lives_on(drop, page):
    drop("damaged.csv", "start,total\n06:00,many\n07:00,5\n")
    page.locator(".counts-card .problems", has_text="damaged.csv, line 2").wait_for()
    page.locator(".counts-card").get_by_role("button", name="Close").click()
    page.locator(".counts-card").wait_for(state="detached")
    drop("noise.csv", bytes(range(256)) * 20)
    page.locator(".counts-card .problems", has_text="binary file").wait_for()
    expect(page.get_by_role("button", name="Say what its columns are")).to_be_hidden()  # it has none
    assert not page.get_by_label("Title").is_visible()  # nothing can be made of it
    page.locator(".counts-card").get_by_role("button", name="Close").click()
    page.locator(".counts-card").wait_for(state="detached")
    assert page.locator(".title").inner_text() == "Border motorway, weekday early shift"


def test_a_refusal_of_the_counts_comes_into_view(drop, page):
    page.set_viewport_size({"width": 820, "height": 500})
    rows = "".join(f"{hour:02d}:00,{'' if hour == 8 else 400},30\n" for hour in range(24))
    drop("gap.csv", f"start,car,lorry\n{rows}")
    expect(page.locator(".about dd.doubted").first).to_have_text("08:00, without a count of car")
    page.get_by_label("Opens").fill("06:00")
    page.get_by_label("Closes").fill("14:00")
    page.get_by_role("button", name="Use these counts").click()
    refusal = page.locator(".lever-error", has_text="no counts for the intervals from 08:00")
    expect(refusal).to_be_in_viewport(ratio=1.0)


def test_escape_closes_the_dialog_but_a_click_beside_it_does_not(drop, page):
    drop("mistaken.csv", f"start,car,lorry\n{HOURS}")
    page.locator(".about dt").first.wait_for()
    page.mouse.click(3, 3)
    page.get_by_label("Title").press("Escape")
    page.locator(".counts-card").wait_for(state="detached")


def test_the_scenario_that_is_open_gets_the_counts(drop, page):
    drop("other.csv", f"start,car,lorry\n{HOURS}")
    page.locator(".about dt").first.wait_for()
    page.get_by_role("radio", name="the scenario that is open").click()
    used(page)
    assert page.locator(".title").inner_text() == "Border motorway, weekday early shift"
    assert page.locator(".status").first.inner_text().startswith("motorway_early_shift_other.toml")


def test_a_missing_choice_is_asked_beside_its_field(drop, page):
    """Of several channels one is chosen, or several."""
    rows = "".join(f"{hour:02d}:00,{way},{100 + hour}\n" for way in ("north", "south") for hour in range(24))
    drop("two_ways.csv", f"when,direction,volume\n{rows}")
    page.get_by_label("A time names, of its interval,").click()
    page.get_by_role("option", name="its start").click()
    page.locator(".lever-error", has_text="choose the channel").wait_for()
    page.get_by_label("Directions or channels").click()
    page.get_by_role("option", name="south").click()
    page.keyboard.press("Escape")
    page.locator(".lever-error", has_text="choose the channel").wait_for(state="hidden")
    page.locator(".counts-card canvas").first.wait_for()


def test_what_the_scenario_cannot_do_is_said_beside_the_field_and_no_file_is_left(drop, page):
    drop("short.csv", "start,total\n06:00,300\n07:00,320\n08:00,310\n09:00,300\n")
    page.locator(".about dt").first.wait_for()
    page.get_by_label("Closes").fill("25:00")
    page.get_by_role("button", name="Use these counts").click()
    page.locator(".lever-error", has_text="25:00").wait_for()
    page.get_by_label("Closes").fill("09:00")
    used(page)
    assert page.locator(".status").first.inner_text().startswith("short.toml")


def test_a_file_is_taken_wherever_on_the_page_it_is_dropped(served, page):
    """Dragging a file over the page opens the dialog; the browser does not leave the page for the file."""
    page.goto(served)
    settled(page)
    dragged = page.evaluate_handle(
        """content => {
            const data = new DataTransfer();
            data.items.add(new File([content], 'dropped.csv'));
            return data;
        }""",
        f"start,car,lorry\n{HOURS}",
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": dragged})
    page.locator(".opening").wait_for()
    page.dispatch_event("body", "drop", {"dataTransfer": dragged})
    page.locator(".counts-card", has_text="Counts of dropped.csv").wait_for()


def test_a_scenario_is_known_by_what_it_says_and_named_without_its_folder(drop, page):
    """The folders of the server are nothing for a visitor."""
    drop("plan.txt", "[operation]\nopens = \n")
    said = page.locator(".opening .problems", has_text="line 2")
    said.wait_for()
    assert said.inner_text().startswith("plan.toml: line 2")
