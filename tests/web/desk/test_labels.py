"""Labels are in the language of the page, but for what a planner has named."""

import pytest

from funnelsim.web.desk import labels


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("van", "VAN"),
        ("van, 06:00 to 08:00, into the country", "VAN, 06:00 to 08:00, into the country"),
        ("every n-th, lorry", "EVERY N-TH, LORRY"),
        ("look, car park", "LOOK, car park"),
    ],
)
def test_default_classes_are_translated_and_names_of_a_planner_are_not(monkeypatch, label, said):
    monkeypatch.setattr(labels, "text", str.upper)
    assert labels.label_text(label) == said
