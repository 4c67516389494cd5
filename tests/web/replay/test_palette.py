"""Colours can be told from what they lie on, in the light and in the dark."""

import pytest

from tests.web.replay.node import run_script

LEAST = 3.0  # WCAG 2.2, 1.4.11, for what is not text
LEAST_TEXT = 4.5  # 1.4.3


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def palettes(tmp_path_factory):
    script = 'import { LIGHT, DARK } from "SCRIPTS/palette.js"; answer({ LIGHT, DARK });'
    return run_script(script, None, tmp_path_factory.mktemp("node"))


@pytest.mark.parametrize("name", ["LIGHT", "DARK"])
def test_what_is_drawn_can_be_told_from_what_it_lies_on(palettes, name):
    palette = palettes[name]
    drawn = {f"outcome {number}": colour for number, colour in enumerate(palette["outcomes"])}
    drawn |= {part: palette[part] for part in ("missed", "officer", "queue")}
    for part, colour in drawn.items():
        for ground in ("road", "closed", "paper"):
            assert contrast(colour, palette[ground]) >= LEAST, (part, ground)
    assert contrast(palette["space"], palette["closed"]) >= LEAST
    for ground in ("road", "closed", "paper"):
        assert contrast(palette["ink"], palette[ground]) >= LEAST_TEXT
        assert contrast(palette["muted"], palette[ground]) >= LEAST_TEXT
