"""What was said of a result, read again for a page."""

from pathlib import Path

from funnelsim.decision.words_file import load_words
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import ALLOWED
from funnelsim.reporting.section import Section, from_data


def kept_words(path: Path) -> list[Section]:
    """Return the sections that a file keeps; empty where there is none.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    words = load_words(path)
    try:
        return from_data(words)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"is damaged ({type(error).__name__}); {ALLOWED}"
        raise ResultsError([Problem(str(path), message)]) from None
