"""Short notices at the foot of the page, in colours with enough contrast."""

from nicegui import ui


def tell(message: str) -> None:
    """Say that something was done."""
    ui.notify(message, type="positive", color="green-10", multi_line=True)


def refuse(error: Exception) -> None:
    """Say why something could not be done."""
    ui.notify(str(error), type="negative", color="red-10", multi_line=True)
