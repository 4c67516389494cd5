"""The language of the page: every text that a reader sees goes through `text`."""


def text(message: str) -> str:
    """Return a message in the reader's language."""
    return message
