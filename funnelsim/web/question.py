"""A question that has to be answered before something is done."""

from collections.abc import Sequence

from nicegui import ui

from funnelsim.web.language import text


async def answer_to(title: str, question: str, answers: Sequence[str]) -> int | None:
    """Ask, and return the place of the answer; None where the visitor would rather leave it.

    Parameters
    ----------
    title, question
        What it is about, and the question.
    answers
        What may be done.
    """
    with ui.context.client, ui.dialog() as dialog, ui.card():
        dialog.props["aria-label"] = title
        ui.label(title).classes("card-title").props('role="heading" aria-level="2"')
        ui.label(question)
        with ui.row().classes("w-full justify-end gap-2"):
            for place, answer in enumerate(answers):
                ui.button(answer, on_click=lambda place=place: dialog.submit(place)).props("no-caps outline")
            ui.button(text("Leave it"), on_click=dialog.close).props("flat no-caps")
    answered = await dialog
    dialog.delete()
    return None if answered is None else int(answered)
