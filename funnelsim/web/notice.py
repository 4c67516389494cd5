"""Short notices at the foot of the page, in colours with enough contrast."""

from nicegui import ui

from funnelsim.web.numerals import numbers


def tell(message: str) -> None:
    """Say that something was done."""
    ui.notify(numbers(message), type="positive", color="green-10", multi_line=True)


def refuse(error: Exception) -> None:
    """Say why something could not be done."""
    ui.notify(numbers(str(error)), type="negative", color="red-10", multi_line=True)
