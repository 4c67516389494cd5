"""The label of a control as a visitor reads it."""

from funnelsim.web.language import text


def label_text(label: str) -> str:
    """Return a label in the visitor's language; names of a scenario, such as the direction behind it, stay as they are.

    Parameters
    ----------
    label
        Of a control.
    """
    what, comma, where = label.partition(", ")
    return f"{text(what)}{comma}{where}"
