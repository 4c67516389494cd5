"""A page that is served, and a browser that visits it."""

import os

import pytest

pytest.importorskip("playwright", reason="the extra dev is not installed: pip install 'funnelsim[dev]'")

from playwright.sync_api import expect, sync_playwright

from tests.browser import BROWSER
from tests.web.serving import ROOT, serving

PATIENT_MS = 120_000  # a busy machine is slow, and no test fails for that
KNOWN_TO_THE_END = "!document.querySelector('.status').textContent.includes('…')"


@pytest.fixture(scope="package")
def chromium():
    """Start the browser; it is driven from an event loop, which tests of other packages are not to meet."""
    if BROWSER is None:
        pytest.skip("neither Chromium nor Chrome nor Edge is installed")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=root)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve the scenarios of this project, and return the address."""
    with serving(tmp_path_factory.mktemp("page")) as address:
        yield address


def another(chromium, **options):
    """Return another browser of its own."""
    context = chromium.new_context(**options)
    context.set_default_timeout(PATIENT_MS)
    return context


@pytest.fixture
def visitor(chromium):
    """Begin as a visitor of whom nothing is known."""
    context = another(chromium, viewport={"width": 1280, "height": 900}, locale="en")
    yield context
    context.close()


@pytest.fixture
def page(visitor):
    """Open a tab; an error in the page, or a request to another machine, fails the test."""
    tab = visitor.new_page()
    errors, elsewhere = [], []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: elsewhere.append(request.url) if "127.0.0.1" not in request.url else None)
    yield tab
    assert errors == []
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Return where screenshots go: into the documentation with `make pictures`."""
    if os.environ.get("FUNNELSIM_PICTURES"):
        return ROOT / "docs" / "figures"
    return tmp_path_factory.mktemp("pictures")


def settled(tab):
    """Wait until all operations of the plan on the desk are simulated."""
    tab.wait_for_function(f"document.querySelector('.status')?.textContent.match(/100 /) && {KNOWN_TO_THE_END}")
