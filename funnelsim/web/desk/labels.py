"""The label of a control as a visitor reads it."""

from funnelsim.counts.names import SCENARIO_CLASSES
from funnelsim.web.language import text


def label_text(label: str) -> str:
    """Return a label in the visitor's language; names of a scenario, such as the direction behind it, stay as they are.

    The classes that a scenario has by default are words of the package.

    Parameters
    ----------
    label
        Of a control.
    """
    what, *where = label.split(", ")
    return ", ".join([text(what), *(text(one) if one in SCENARIO_CLASSES else one for one in where)])
