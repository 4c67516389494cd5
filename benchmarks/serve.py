"""How fast the page of `funnelsim serve` answers, and how much memory it takes: a real browser moves its sliders.

Beside it stands how smoothly its replay plays (`replay.py`).

`python benchmarks/serve.py [MOVES]` keeps the figures in performance.json and writes docs/performance.md again.
"""

import json
import os
import re
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import page
import replay
from performance import FIGURES, PAGE
from playwright.sync_api import sync_playwright
from timing import machine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import BROWSER  # noqa: E402
from tests.web.conftest import settled  # noqa: E402
from tests.web.serving import serving, started, wait_until_open  # noqa: E402

SCENARIO = "motorway_early_shift.toml"
TIMED = 30
MOVES = 1_000
NARROW = 0.02
WATCH = """() => {
  window.seen = [];
  const status = document.querySelector('.status');
  const look = () => {
    const found = [...document.querySelectorAll('.figures tr')].find(row => row.textContent.includes('Targets found'));
    window.seen.push([performance.now(), status.textContent, found?.querySelector('td')?.textContent ?? '']);
  };
  new MutationObserver(look).observe(status, { childList: true, subtree: true, characterData: true });
  document.addEventListener('keydown', () => window.seen.push([performance.now(), 'key', '']), true);
}"""
ENDED = "window.seen.length > 1 && /operations/.test(window.seen.at(-1)[1]) && !window.seen.at(-1)[1].includes('…')"


def main():
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    with tempfile.TemporaryDirectory() as results, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        with serving(Path(results)) as address:
            found = measured(browser, f"{address}?file={SCENARIO}", Path(results), moves)
        found["ctrl_c_s"] = ctrl_c_s(browser, Path(results))
        found["chromium"] = browser.version
        found["replay"] = replay.measured(browser)
        browser.close()
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    figures["serve"] = {"machine": machine(), "load": os.getloadavg()[0], **found}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page.render(figures), encoding="utf-8")
    print(json.dumps(found, indent=2))


def measured(browser, address, results, moves):
    """Return how long answers take, and the memory while a slider is moved again and again."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(60_000)
    loaded_s = []
    for _ in range(5):
        begun_s = time.perf_counter()
        tab.goto(address)
        tab.wait_for_selector(".lever")
        loaded_s.append(time.perf_counter() - begun_s)
    settled(tab)
    tab.evaluate(WATCH)
    slider = tab.locator('.q-slider[aria-label="van, %"] [tabindex]').first
    tab.get_by_label("operations").click()
    tab.get_by_role("option", name="300").click()
    tab.wait_for_function(f"window.seen.at(-1)[1].includes('300') && {ENDED}")
    first_ms, narrow_ms, last_ms = zip(*(answered(tab, slider, place) for place in range(TIMED)), strict=True)
    tab.get_by_label("operations").click()
    tab.get_by_role("option", name="100", exact=True).click()
    return {
        "first_load_s": statistics.median(loaded_s),
        "first_answer_ms": quantiles(first_ms),
        "to_2_percent_ms": quantiles(narrow_ms),
        "300_operations_ms": quantiles(last_ms),
        "moves": moves,
        "memory_mb": memory(tab, slider, server_of(results), moves),
    }


def answered(tab, slider, place):
    """Move a slider; return after how many milliseconds there is a first answer, one to ±2 %, and the last one."""
    tab.evaluate("window.seen = []")
    slider.press("ArrowRight" if place % 2 == 0 else "ArrowLeft")
    tab.wait_for_function(ENDED)
    seen = tab.evaluate("window.seen")
    pressed_ms = next(at_ms for at_ms, said, _ in seen if said == "key")
    answers = [(at_ms - pressed_ms, share_of(found)) for at_ms, said, found in seen if "operations" in said]
    return answers[0][0], next(at_ms for at_ms, share in answers if share <= NARROW), answers[-1][0]


def share_of(found):
    """Return the half-width of a figure such as 0.333 ± 0.010 as a share of it; 1 where it has another form."""
    parts = re.fullmatch(r"([\d.]+) ± ([\d.]+)", found)
    return float(parts[2]) / float(parts[1]) if parts else 1.0


def memory(tab, slider, process, moves):
    """Return by number of moves the megabytes that the server holds."""
    held = {}
    for move in range(1, moves + 1):
        slider.press("ArrowRight" if (move // 20) % 2 == 0 else "ArrowLeft")
        tab.wait_for_timeout(30)
        if move in {moves // 10, moves // 2, moves}:
            tab.evaluate("window.seen = []")
            tab.wait_for_timeout(3_000)
            held[move] = resident_mb(process)
    return held


def server_of(results):
    """Return the number of the process that serves the tab."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if str(results) in command and "serve" in command:
            return int(entry.name)
    message = "no server found"
    raise RuntimeError(message)


def resident_mb(process):
    """Return the memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024.0


def ctrl_c_s(browser, results):
    """Return how long the server takes to end while a page is open and a plan is being simulated."""
    process, address = started(results)
    wait_until_open(address)
    tab = browser.new_page()
    tab.goto(address)
    tab.wait_for_selector(".lever")
    tab.locator('.q-slider[aria-label="van, %"] [tabindex]').first.press("ArrowRight")
    begun_s = time.perf_counter()
    process.send_signal(signal.SIGINT)
    process.wait()
    process.stdout.close()
    return time.perf_counter() - begun_s


def quantiles(values_ms):
    """Return the median and the 95th percentile."""
    return {"median": statistics.median(values_ms), "p95": statistics.quantiles(values_ms, n=20)[-1]}


if __name__ == "__main__":
    main()
