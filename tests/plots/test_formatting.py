"""How the figures break lines."""

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from funnelsim.plots.footer import Footer
from funnelsim.plots.formatting import FONT, wrapped
from funnelsim.plots.style import new_figure, unbroken


def test_a_line_is_never_wider_than_its_room_whatever_its_letters():
    for text in ("WWW MMM " * 40, "ill " * 80, "1,139 upstream of the taper on average, and 2,000 in the worst " * 3):
        for line in wrapped(text.strip(), 3.0, 8.5):
            width_pt, _, _ = text_to_path.get_text_width_height_descent(
                line, FontProperties(family=FONT, size=8.5), False
            )
            assert width_pt <= 3.0 * 72.0


def test_wrapping_loses_no_word():
    text = "In 19 of 20 operations the queue reaches no further back than 1,936 m."
    assert " ".join(wrapped(text, 1.5, 8.5)) == text
    assert wrapped("", 1.5, 8.5) == []


def test_a_number_stays_with_its_unit():
    assert (
        unbroken("2,000 m in 5 % of 3 months, 40 km/h")
        == "2,000\N{NO-BREAK SPACE}m in 5\N{NO-BREAK SPACE}% of 3 months, 40\N{NO-BREAK SPACE}km/h"
    )


def test_a_foot_that_is_too_long_goes_on_in_the_next_line():
    foot = Footer("Title", tuple(f"part {number} of the foot" for number in range(12)))
    figure = new_figure(foot, "Title", "", 1.0)
    figure.draw_without_rendering()
    box = figure.texts[-1].get_window_extent()
    assert box.x1 <= figure.bbox.x1
    assert box.y0 >= 0.0
