"""What docs/performance.md says of the page, from the figures of `serve.py` alone."""


def section(figures, table):
    """Return the section as Markdown; `table` writes a table."""
    found = figures.get("serve")
    if not found:
        return "## The page\n\nNot measured in this run."
    on = found["machine"]
    return f"""## The page

Measured by `benchmarks/serve.py` with Chromium {found["chromium"]} without a window on
{on["processor"]}, {on["cores"]} cores for browser and server together, at a load of {found["load"]:.1f}: on the
motorway, a key moves the slider of vans.

{table(("what", "wanted", "median", "95th percentile"), _times(found))}

The page is loaded in {found["first_load_s"]:.1f} s. After {found["moves"]:,} moves of a slider the server held
{_memory(found["memory_mb"])} MB. It ended {found["ctrl_c_s"]:.2f} s after Ctrl-C, while a plan was being simulated.

The replay plays as smoothly as this; a browser draws at most 60 frames a second.

{table(("on the road", "in view", "frames/s, median", "5th percentile", "ms of script a frame"), _frames(found))}"""


def _times(found):
    rows = {
        "from a move to the first answer": ("first_answer_ms", "150 ms"),
        "to targets found within ±2 %": ("to_2_percent_ms", ""),
        "to the last of 300 operations": ("300_operations_ms", ""),
    }
    return [
        (name, wanted, f"{found[key]['median']:,.0f} ms", f"{found[key]['p95']:,.0f} ms")
        for name, (key, wanted) in rows.items()
    ]


def _memory(held):
    """Return how much was held after how many moves."""
    first, *_, last = held
    return f"{held[last]:,.0f} MB, after {int(first):,} it had held {held[first]:,.0f}"


def _frames(found):
    return [
        (
            f"{one['vehicles']:,}",
            f"{one['in_view']:,}",
            f"{one['frames_per_s']:.0f}",
            f"{one['slow_frames_per_s']:.0f}",
            f"{one['script_ms']:.1f}",
        )
        for one in found["replay"]
    ]
