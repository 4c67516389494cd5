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
from tests.web.conftest import served  # noqa: E402

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
# Play at the speed of the road, so that the number stays; time from frame to frame, and in drawing.
FRAME_TIMES = """async ([t, view, frames]) => {
  replay[view]();
  replay.seek(replay.begins_s + t);
  replay.speed = 1;
  const panel = replay.panels[0];
  const draw = panel.draw.bind(panel);
  const drawing = [];
  let drawn = 0;
  panel.draw = (now_s, whole) => {
    const begun = performance.now();
    drawn = draw(now_s, whole);
    drawing.push(performance.now() - begun);
    return drawn;
  };
  replay.toggle();
  const between = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i++) {
    const now = await new Promise(requestAnimationFrame);
    between.push(now - last);
    last = now;
  }
  replay.toggle();
  panel.draw = draw;
  return { between: between.slice(20), drawing: drawing.slice(20), drawn };
}"""


def main():
    print(machine())
    print(f"load of the machine beforehand {os.getloadavg()[0]:.1f}")
    with served(str(SCENARIO)) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        print(f"Chromium {browser.version}, 1,280 x 900 pixels, without a window")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector(".replay-clock:not(:empty)")
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        for alive in ALIVE:
            t = page.evaluate(WHEN, alive)
            for view in VIEWS:
                measured = page.evaluate(FRAME_TIMES, [t, view, FRAMES])
                print(f"{alive:6,} vehicles, {measured['drawn']:6,} in view: {told(measured)}")
        browser.close()


def told(measured):
    """Return frames a second, in the middle and in the slowest twentieth, and what drawing takes of it."""
    slowest = statistics.quantiles(measured["between"], n=20)[-1]
    worst = statistics.quantiles(measured["drawing"], n=20)[-1]
    rates = f"{1000 / statistics.median(measured['between']):.0f} frames a second, 5th percentile {1000 / slowest:.0f}"
    return f"{rates}, script {statistics.median(measured['drawing']):.1f} ms a frame, 95th percentile {worst:.1f}"


if __name__ == "__main__":
    main()
