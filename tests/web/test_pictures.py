"""Pictures of the main views, for the documentation: `make pictures`."""

from tests.web.conftest import settled
from tests.web.serving import SCENARIOS

EMPTY_BYTES = 30_000  # a view without content is smaller
COUNTS = SCENARIOS / "counts" / "i94_westbound_tue_wed.csv"


def kept(page, pictures, name, *, whole=True):
    """Keep a picture of the page as a planner sees it."""
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=pictures / f"{name}.png", full_page=whole, animations="disabled")
    assert (pictures / f"{name}.png").stat().st_size > EMPTY_BYTES


def test_the_picture_of_the_desk(served, page, pictures):
    page.goto(served)
    settled(page)
    van = page.locator('.q-slider[aria-label="van, %"] [tabindex]').first
    for _ in range(4):
        van.press("ArrowRight")
    page.wait_for_function("location.search.includes('rate.van%3D0.1&')")
    settled(page)
    kept(page, pictures, "page_desk")


def test_the_picture_of_the_view_to_decide_by(served, page, pictures):
    page.goto(f"{served}?file=sobriety_checkpoint.toml")
    settled(page)
    page.get_by_role("tab", name="Decide").click()
    page.get_by_role("button", name="Find what helps most").click()
    work = page.get_by_role("listitem").filter(has_text="Levers 1")
    work.get_by_text("done").wait_for()
    work.get_by_role("button", name="Open").click()
    page.locator(".decision canvas, .decision svg").first.wait_for()
    kept(page, pictures, "page_decide")


def test_the_picture_of_a_counts_file_that_is_opened(served, page, pictures):
    page.goto(served)
    settled(page)
    page.get_by_role("button", name="Open").click()
    page.locator(".opening input[type=file]").set_input_files(COUNTS)
    page.locator(".about dt").first.wait_for()
    page.locator(".counts-card canvas").first.wait_for()
    kept(page, pictures, "page_counts", whole=False)
