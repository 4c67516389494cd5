"""The picture of a replay in the documentation: python -m tests.web.replay_picture."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import BROWSER
from tests.web.conftest import ROOT, served

PICTURE = ROOT / "docs" / "figures" / "replay.png"
SCENARIO = "scenarios/motorway_early_shift.toml"
REPLICATION = 18
MOMENT = "06:36"


def take(browser, path: Path) -> None:
    """Take a picture of a busy moment of the motorway, in which a vehicle with a target tells its story."""
    with served(SCENARIO) as address:
        page = browser.new_page(viewport={"width": 1180, "height": 800})
        page.goto(f"{address}/?replication={REPLICATION}")
        page.wait_for_selector(".replay-clock:not(:empty)")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        hours, minutes = map(int, MOMENT.split(":"))
        page.evaluate("(s) => replay.seek(s)", 3600 * hours + 60 * minutes)
        page.wait_for_function("() => replay.asked === 0")
        page.evaluate("""() => {
            const { outcome } = replay.panels[0].tracks.columns;
            replay.choose(0, outcome.indexOf(4)); // the target that has just been found
        }""")
        page.wait_for_selector(".replay-story p")
        page.wait_for_function("() => replay.asked === 0")
        page.locator(".replay").screenshot(path=path)
        page.close()


if __name__ == "__main__":
    with sync_playwright() as driver:
        take(driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"]), PICTURE)
