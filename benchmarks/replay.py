"""Measure the frames a second of a replay while it plays, in a browser without a window: python benchmarks/replay.py.

A queue that never clears (`replay.toml`) gives as many vehicles on the road at once as are wanted. They are drawn in
two views: the one with which a reader begins, in which few are in view, and the whole road, in which all are.
"""

import os
import statistics
import sys
from pathlib import Path

from timing import machine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import BROWSER  # noqa: E402
from tests.web.replay.conftest import served  # noqa: E402

SCENARIO = ROOT / "benchmarks" / "replay.toml"
ALIVE = (1_000, 5_000, 10_000)
VIEWS = ("fit", "wholeApproach")
FRAMES = 300

# When so many vehicles are on the road.
WHEN = """(wanted) => {
  const { positions } = replay.panels[0].scene;
  const alive = (t) => { positions.at(t); return positions.count; };
  let [low, high] = [0, replay.panels[0].tracks.lasts_s / 2];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (alive(middle) < wanted) low = middle; else high = middle;
  }
  return high;
}"""
# Play at the speed of the road, so that the number stays; time from frame to frame.
FRAME_TIMES = """async ([t, view, frames]) => {
  replay[view]();
  replay.seek(replay.begins_s + t);
  replay.speed = 1;
  const drawn = replay.panels[0].draw(replay.begins_s + t);
  replay.toggle();
  const between = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i++) {
    const now = await new Promise(requestAnimationFrame);
    between.push(now - last);
    last = now;
  }
  replay.toggle();
  return { between, drawn };
}"""


def main():
    print(machine())
    print(f"load of the machine beforehand {os.getloadavg()[0]:.1f}")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for row in measured(browser):
            print(row)
        browser.close()
    print(f"load of the machine afterwards {os.getloadavg()[0]:.1f}")


def measured(browser):
    """Return how smoothly each number of vehicles moves in each view: frames a second, and processor time a frame."""
    rows = []
    with served(str(SCENARIO)) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector(".replay-clock:not(:empty)")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        processor = page.context.new_cdp_session(page)
        processor.send("Performance.enable", {"timeDomain": "threadTicks"})
        for alive in ALIVE:
            t = page.evaluate(WHEN, alive)
            rows += [{"vehicles": alive, **frames(page, processor, t, view)} for view in VIEWS]
        page.close()
    return rows


def frames(page, processor, t, view):
    """Return how smoothly a replay plays at a time in a view."""
    page.evaluate(FRAME_TIMES, [t, view, 30])  # the browser compiles
    before_s = script_s(processor)
    found = page.evaluate(FRAME_TIMES, [t, view, FRAMES])
    return {
        "in_view": found["drawn"],
        "frames_per_s": 1000.0 / statistics.median(found["between"]),
        "slow_frames_per_s": 1000.0 / statistics.quantiles(found["between"], n=20)[-1],
        "script_ms": 1000.0 * (script_s(processor) - before_s) / FRAMES,
    }


def script_s(processor):
    """Return the seconds of processor time that the page's scripts have taken so far."""
    metrics = processor.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "ScriptDuration")


if __name__ == "__main__":
    main()
