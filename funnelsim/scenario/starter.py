"""The starter: a small scenario that runs and can be edited."""

from importlib.resources import files

from funnelsim.scenario.toml_text import value_text

_LONGEST_TITLE = 200


def starter_scenario(title: str) -> str:
    """Return the text of a commented scenario that runs without changes.

    Parameters
    ----------
    title
        What the operation is, in a few words; shortened to the longest title allowed.

    Examples
    --------
    >>> print(starter_scenario("A3 eastbound").splitlines()[2])
    title = "A3 eastbound"
    """
    text = files("funnelsim.scenario").joinpath("starter.toml").read_text(encoding="utf-8")
    return text.replace('"TITLE"', value_text(title.strip()[:_LONGEST_TITLE] or "New operation"), 1)
