"""A field in which a number is typed; what is no number, or not allowed, is refused in words and changes nothing."""

from decimal import Decimal
from typing import Final

from nicegui import ui

from funnelsim.web.allowed import Allowed
from funnelsim.web.numerals import in_field, read

PATIENT_MS: Final = 300
"""How long nothing may be typed before what is there counts."""


class NumberField(ui.input):
    """A field for a number, with a comma or a point as its decimal mark whatever the language of the browser.

    Parameters
    ----------
    label
        What it is; None if that stands beside it.
    allowed
        Which numbers it takes.
    value
        To begin with.
    said_below
        Whether it says itself what is wrong, below it.
    """

    def __init__(
        self, label: str | None, allowed: Allowed, value: float | None = None, *, said_below: bool = True
    ) -> None:
        self._allowed = allowed
        wrong = (lambda typed: allowed.wrong(typed or "") or None) if said_below else None
        super().__init__(label, value="" if value is None else in_field(value), validation=wrong)
        self.props(f"inputmode=decimal autocomplete=off debounce={PATIENT_MS}")

    @property
    def wrong(self) -> str:
        """What is wrong with what stands there; empty if nothing is."""
        return self._allowed.wrong(self.value or "")

    @property
    def number(self) -> Decimal | None:
        """The number that stands there; None if it is refused, or nothing stands there."""
        return None if self.wrong else read(self.value or "")

    def show(self, number: float) -> None:
        """Show a number; what was typed stays where it says the same."""
        now = self.number
        if now is None or in_field(float(now)) != in_field(number):
            self.set_value(in_field(number))
