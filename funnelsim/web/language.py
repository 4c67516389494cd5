"""The languages of the page's own words: one gettext catalogue, of which Babel makes the files beside this module."""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = {"en": "English", "de": "Deutsch", "hr": "Hrvatski"}
DOMAIN: Final = "page"
LOCALES: Final = Path(__file__).parent / "locales"


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [language], fallback=True)


def translated(message: str, language: str) -> str:
    """Return one of the page's own words or sentences in a language; in English where it has no translation.

    Parameters
    ----------
    message
        In English, as it stands in the code.
    language
        One of `LANGUAGES`.
    """
    return _translations(language).gettext(message)


def text(message: str) -> str:
    """Return one of the page's own words or sentences in the language of the visitor whose page is being made.

    Babel finds the messages by the name of this function.
    """
    return translated(message, language())


def language() -> str:
    """Return the language of the visitor whose page is being made."""
    from nicegui import app  # noqa: PLC0415  (needs the extra)

    return str(app.storage.client.get("language", "en"))


def chosen(accepted: str) -> str:
    """Return the language to begin with, from what a browser accepts (`Accept-Language`).

    Examples
    --------
    >>> chosen("hr-HR,hr;q=0.9,en;q=0.8")
    'hr'
    >>> chosen("fi")
    'en'
    """
    for one in accepted.split(","):
        code = one.split(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def mark(message: str) -> str:
    """Return a message as it is: Babel finds it here, and `text` translates it where it is shown."""
    return message
