"""Fields of a form, each with what is wrong with it below it."""

from collections.abc import Iterable

from nicegui import ui

from funnelsim.errors import Problem
from funnelsim.web.counts.problem_fields import by_field
from funnelsim.web.numerals import numbers


class Fields:
    """The fields of a form that problems can name."""

    def __init__(self) -> None:
        self._errors: dict[str, ui.label] = {}

    def error_below(self, *fields: str) -> None:
        """Make the place for what is wrong with some fields, below what was made last.

        Parameters
        ----------
        fields
            The keys by which problems name them.
        """
        label = ui.label().classes("lever-error").props('role="alert"')
        label.set_visibility(False)
        self._errors.update(dict.fromkeys(fields, label))

    def forget(self, fields: Iterable[str]) -> None:
        """Forget fields that are no longer there."""
        for field in fields:
            self._errors.pop(field, None)

    def say(self, problems: Iterable[Problem]) -> list[str]:
        """Show problems beside the fields that they name, and return the sentences of the others."""
        found = by_field(problems, self._errors)
        texts: dict[ui.label, list[str]] = {label: [] for label in self._errors.values()}
        for field, sentences in found.items():
            if field:
                texts[self._errors[field]] += sentences
        for label, sentences in texts.items():
            label.set_text(numbers("\n".join(dict.fromkeys(sentences))))
            label.set_visibility(bool(sentences))
        return list(dict.fromkeys(found.get("", [])))

    def into_view(self) -> None:
        """Scroll to the first field with which something is wrong."""
        said = next((label for label in self._errors.values() if label.visible), None)
        if said is not None:
            ui.run_javascript(f"getHtmlElement({said.id}).scrollIntoView({{block: 'center'}})")
