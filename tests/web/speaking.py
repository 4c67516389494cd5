"""A visitor's language, where no page is made."""


def speak(monkeypatch, language="en"):
    """Let the words of the page be in a language."""
    for module in ("language", "numerals"):
        monkeypatch.setattr(f"funnelsim.web.{module}.language", lambda: language)
