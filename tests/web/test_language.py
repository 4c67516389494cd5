"""The page's own words are in one catalogue, complete in every language."""

import re
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from funnelsim.selection_rules import RULES
from funnelsim.web.language import DOMAIN, LANGUAGES, LOCALES, chosen, translated
from tests.web.serving import ROOT

WEB = ROOT / "funnelsim" / "web"
OTHERS = [code for code in LANGUAGES if code != "en"]


def catalogue(language):
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open(encoding="utf-8") as file:
        return read_po(file, language)


@pytest.fixture(scope="module")
def in_code():
    """Return the messages in the code."""
    found = extract_from_dir(WEB, keywords={"text": None, "mark": None})
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_a_translation(language, in_code):
    held = {one.id: one for one in catalogue(language) if one.id}
    assert in_code - set(held) == set(), "make catalogues"
    assert [one.id for one in held.values() if not one.string or one.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_names(language):
    def names(message):
        return sorted(name for _, name, _, _ in Formatter().parse(message) if name)

    for one in catalogue(language):
        if one.id:
            assert names(one.id) == names(one.string), one.id
            assert one.id.endswith("…") == one.string.endswith("…"), one.id


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_page_reads_is_what_translators_wrote(language):
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        read = {one.id: one.string for one in read_mo(file) if one.id}
    assert read == {one.id: one.string for one in catalogue(language) if one.id}, "make catalogues"


def test_a_message_without_a_translation_stays_as_it_is():
    assert translated("no such message", "de") == "no such message"
    assert translated("Bays", "xx") == "Bays"


@pytest.mark.parametrize(("accepted", "language"), [("de-AT,en;q=0.5", "de"), ("fi, hr;q=0.3", "hr"), ("", "en")])
def test_the_page_begins_in_the_language_of_the_browser(accepted, language):
    assert chosen(accepted) == language


def test_labels_in_constants_are_marked():
    """A label that `text` receives as a value is found by Babel only where it is marked."""
    from funnelsim.web.desk.controls import WHEN_FULL, controls_of  # noqa: PLC0415
    from funnelsim.web.desk.levers import GROUPS, WORDS  # noqa: PLC0415

    assert set(GROUPS) == {"selection", "valve", "area", "officers", "equipment", "hours", "road"}
    own = {re.sub(r",.*", "", one.label) for one in controls_of(_motorway()) if one.group in ("valve", "area", "road")}
    assert own <= set(WORDS)
    assert {rule.meaning for rule in RULES} | set(WHEN_FULL.values()) <= set(WORDS)


def _motorway():
    from funnelsim.scenario.load import load_scenario  # noqa: PLC0415

    return load_scenario(ROOT / "scenarios" / "motorway_early_shift.toml")
