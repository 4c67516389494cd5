"""How a result shows itself at the prompt and in a notebook.

The words are the report's, which stands above the experiments and registers them here (`funnelsim.reporting.shown`).
"""

from functools import singledispatch


@singledispatch
def text_of(result: object) -> str:
    """Return a result as a few lines of text; where no words are registered, its class."""
    return f"<{type(result).__name__}>"


@singledispatch
def html_of(_result: object) -> str | None:
    """Return a result as a few tables in HTML; nothing where none are registered, so that a notebook takes the text."""
    return None


class Shown:
    """A result that shows what decides, not everything that it holds."""

    def __repr__(self) -> str:
        return text_of(self)

    def _repr_html_(self) -> str | None:
        return html_of(self)
