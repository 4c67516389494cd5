import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.plots import queue_and_delay
from funnelsim.plots.label_placement import spread

positions = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=8).map(sorted)


@given(positions, st.floats(0.5, 10.0))
def test_boxes_keep_their_order_do_not_overlap_and_stay_inside(middles, height):
    placed = spread(np.array(middles), np.full(len(middles), height), 0.0, 100.0)
    assert np.all(np.diff(placed) >= height - 1e-9)
    assert placed[0] - height / 2 >= -1e-9
    assert placed[-1] + height / 2 <= 100.0 + 1e-9


def test_boxes_with_room_stay_where_they_are():
    middles = np.array([10.0, 50.0, 80.0])
    np.testing.assert_allclose(spread(middles, np.full(3, 8.0), 0.0, 100.0), middles)


def test_labels_stand_in_the_order_of_their_levels(busy):
    axes = queue_and_delay(busy).axes[0]
    labels = [text for text in axes.texts if " m" in text.get_text()]
    labels.sort(key=lambda label: label.xy[1])
    heights = [label.get_position()[1] for label in labels]
    assert len(heights) == 5
    assert heights == sorted(heights)
