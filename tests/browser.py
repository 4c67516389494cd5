"""A real browser without a window, and poppler's tools, for tests of what a reader sees; absent, tests skip."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from funnelsim.reporting.html.pdf import installed_browsers

BROWSER = next(installed_browsers(), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="neither Chromium nor Chrome nor Edge is installed")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed")

WIDTH_OF_TABLES = """<script>
addEventListener("load", () => {
  const boxes = [...document.querySelectorAll(".table, .numbers, body, h1, .kind")];
  const wide = boxes.filter(box => box.scrollWidth > box.clientWidth + 1);
  document.body.dataset.wide = wide.map(box => `${box.closest("section")?.id} ${box.className}`).join("; ");
});
</script>"""


def headless(*arguments):
    """Run the browser without a window; return its output and its errors."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [BROWSER, "--headless", "--disable-gpu", *root, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)  # noqa: S603
    return done.stdout, done.stderr


def too_wide(page, width, folder):
    """Return what is wider than its place in a window of so many pixels, as text; empty if nothing is."""
    file = Path(folder) / "wide.html"
    # Its policy forbids all scripts, also the one that measures.
    measured = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file.write_text(measured.replace("</body>", f"{WIDTH_OF_TABLES}</body>"), encoding="utf-8")
    dom, _ = headless(f"--user-data-dir={folder}/profile", f"--window-size={width},2000", "--dump-dom", file.as_uri())
    return re.search(r'data-wide="([^"]*)"', dom)[1]


def pages_of(pdf):
    """Return the text of a PDF page by page."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.split("\f")[:-1]


def words_beyond(pdf, right_mm):
    """Return the words of a PDF that reach beyond so many millimetres from the left edge."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)  # noqa: S603, S607
    found = re.findall(r'xMax="([\d.]+)"[^>]*>([^<]*)<', done.stdout)
    return [word for x, word in found if float(x) > right_mm * 72.0 / 25.4]
