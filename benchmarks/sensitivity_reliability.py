"""What the two calibrations of `funnelsim sensitivity` share: how far statements are from the truth, and the figure.

As a script it draws the figure again from what was measured.
"""

import json
import math
import re
import textwrap
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from funnelsim.plots.style import DARK, INK, LIGHT, MIDDLE, WARM, house_style
from funnelsim.wording import counted

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "sensitivity.md"
SAID = re.compile(r"(?<=<!-- of simulated plans -->\n).*?(?=\n<!-- end -->)", flags=re.DOTALL)
RESULTS = {
    "functions": HERE / "sensitivity_calibration.json",
    "plans": HERE / "sensitivity_plans.json",
}
"""What was measured: of pairs whose difference is a function, and of pairs of plans that are simulated."""

FIGURE = HERE.parent / "docs" / "figures" / "sensitivity_reliability.svg"
BINS = 10
FEWEST = 5  # pairs of a group
SEED = 20_26
Z_95 = 1.96


def summary(pairs):
    """Return how far statements are from the truth, with and without the emulator, and how often intervals hold it.

    The truth of a pair is itself the share of some circumstances, so it has an error of its own: it is taken out of the
    mean square, and added to the half-width of an interval.
    """
    of = {name: np.array([one[name] for one in pairs], dtype=float) for name in pairs[0]}
    variance = of["true"] * (1.0 - of["true"]) / of["circumstances"]
    off = of["true"] - of["stated"]
    end = np.where(off > 0.0, of["high"] - of["stated"], of["stated"] - of["low"])
    bins = _bins(of)
    held = np.abs(off) <= np.hypot(end, Z_95 * np.sqrt(variance)) + 0.5 / of["circumstances"]
    return {
        "pairs": len(pairs),
        "held": float(held.mean()),
        "error": _error(of["stated"], of["true"], variance),
        "bias_from_half": _from_half(of["stated"], of["true"]),
        "error_unmodelled": _error(of["unmodelled"], of["true"], variance),
        "bias_from_half_unmodelled": _from_half(of["unmodelled"], of["true"]),
        "error_of_truth": float(np.sqrt(variance.mean())),
        "outside_band": sum(not one["low"] <= one["happened"] <= one["high"] for one in bins),
        "bins": bins,
    }


def said(found):
    """Return what the page says of the pairs of plans that are simulated."""
    groups, inside = len(found["bins"]), len(found["bins"]) - found["outside_band"]
    first = found["each"][0]
    text = (
        f"`benchmarks/sensitivity_plans.py` does the same with {found['pairs']} random pairs of plans that are "
        "simulated: a checkpoint of one hour, at which the second plan has other rates, bays, waiting spaces and "
        f"officers. Whether the first plan finds more is known of {first['circumstances']} other circumstances of each "
        f"pair, from up to 320 other operations in each. {inside} of {counted(groups, 'group')} lie in the band. "
        f"Stated and true probabilities differ by {100 * found['error']:.1f} percentage points, beyond the "
        f"{100 * found['error_of_truth']:.1f} points by which the truth itself is not known; "
        f"{100 * found['held']:.0f} % of the intervals hold the truth within it. Without the emulator they would "
        f"be {100 * found['error_unmodelled']:.1f} points off."
    )
    return "\n".join(textwrap.wrap(text, 128, break_on_hyphens=False, break_long_words=False))


def write_page():
    """Write into the page what was measured of the pairs of plans that are simulated."""
    found = json.loads(RESULTS["plans"].read_text(encoding="utf-8"))
    PAGE.write_text(SAID.sub(lambda _: said(found), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _error(stated, true, variance):
    return math.sqrt(max(0.0, float(np.mean((stated - true) ** 2 - variance))))


def _from_half(stated, true):
    return float(np.mean((stated - true) * np.sign(true - 0.5)))


def _bins(of):
    """Return how often it happens in groups of pairs with like statements, and the band if these are right."""
    generator = np.random.default_rng(SEED)
    bins = []
    for part in np.array_split(np.argsort(of["stated"]), min(BINS, max(1, len(of["stated"]) // FEWEST))):
        chances = of["stated"][part]
        if_right = (generator.uniform(size=(10_000, len(part))) < chances).mean(axis=1)
        low, high = np.quantile(if_right, [0.025, 0.975])
        happened = float(of["happens"][part].mean())
        bins.append({"stated": float(chances.mean()), "happened": happened, "low": float(low), "high": float(high)})
    return bins


@house_style()
def draw(file=FIGURE, results=RESULTS):
    """Draw a row for each calibration that was made: the reliability diagram, and each pair against the truth."""
    made = {name: json.loads(of.read_text(encoding="utf-8")) for name, of in results.items() if of.exists()}
    figure = Figure(figsize=(6.7, 3.4 * len(made)), layout="constrained")
    rows = figure.subplots(len(made), 2, squeeze=False)
    for (left, right), (name, found) in zip(rows, made.items(), strict=True):
        what = {"functions": "pairs of functions", "plans": "pairs of plans"}[name]
        _diagram(left, found["bins"], f"One circumstance of {found['pairs']} {what}")
        _against_truth(right, found["each"], "Each pair against the truth")
    figure.savefig(file, metadata={"Date": None})


def _axes(axes, title, y):
    axes.plot([0, 1], [0, 1], color=WARM, linewidth=1.0, zorder=1)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.set_xlabel("Stated probability that the first plan is best")
    axes.set_ylabel(y)
    axes.set_title(title)


def _diagram(axes, bins, title):
    _axes(axes, title, "Frequency with which it is")
    x, happened, low, high = ([one[name] for one in bins] for name in ("stated", "happened", "low", "high"))
    axes.fill_between(x, low, high, color=LIGHT, label="95 % band")
    axes.plot(x, happened, "o-", color=DARK, markersize=4, label=f"{len(bins)} groups of pairs")
    axes.legend(loc="lower right", borderaxespad=1.0)


def _against_truth(axes, pairs, title):
    _axes(axes, title, "True probability")
    stated, true, noisy = ([one[name] for one in pairs] for name in ("stated", "true", "unmodelled"))
    axes.plot(noisy, true, "x", color=MIDDLE, markersize=3.5, label="share of noisy points")
    for one in pairs:
        axes.plot([one["low"], one["high"]], [one["true"]] * 2, color=INK, linewidth=0.6)
    axes.plot(stated, true, "o", color=DARK, markersize=2.5, label="stated, with its interval")
    axes.legend(loc="lower right", borderaxespad=1.0)


if __name__ == "__main__":
    draw()
    write_page()
