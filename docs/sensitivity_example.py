"""The example on the page of the sensitivity analysis: what the command prints, and the figure that it draws.

Run as a script it makes both again, from the shipped scenario and its best plan.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from funnelsim.decision.words_file import load_words
from funnelsim.reporting.section import from_data
from funnelsim.reporting.terminal import plain_text

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sensitivity.md"
FIGURE = ROOT / "docs" / "figures" / "sensitivity_motorway.svg"
WORDS = FIGURE.with_suffix(".json")
PLANS = ("scenarios/motorway_early_shift.toml", "results/plans/motorway_early_shift/best_plan.toml")
SHOWN = re.compile(r"(?<=^```\n)Border motorway.*?(?=^```$)", flags=re.DOTALL | re.MULTILINE)
WIDTH = 80


def shown() -> str:
    """Return what the page shows: what the command printed when its words were kept."""
    return plain_text(from_data(load_words(WORDS)), WIDTH).rstrip() + "\n"


def main() -> None:
    """Run the command, keep its words and its figure, and write the page."""
    with TemporaryDirectory() as folder:
        command = ["sensitivity", *PLANS, "--out", f"{folder}/kept", "--figure", str(FIGURE), "--replace"]
        subprocess.run([sys.executable, "-m", "funnelsim.cli", *command], cwd=ROOT, check=True)  # noqa: S603
        WORDS.write_bytes(Path(folder, "kept", "sensitivity.json").read_bytes())
    PAGE.write_text(SHOWN.sub(lambda _: shown(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
