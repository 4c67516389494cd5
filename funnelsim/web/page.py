"""The page: what is above all views, and the views themselves."""

from pathlib import Path
from typing import Final

from fastapi import Request
from nicegui import app, ui

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk import Desk
from funnelsim.web.draft import Draft
from funnelsim.web.language import LANGUAGES, chosen, text
from funnelsim.web.opening import Opening
from funnelsim.web.settings import Settings
from funnelsim.web.visit import Visit

STYLE: Final = Path(__file__).parent / "page.css"


def register(settings: Settings) -> None:
    """Register the page with the server.

    Parameters
    ----------
    settings
        Which folders it may use.
    """

    @ui.page("/", title="funnelsim")
    def page(request: Request) -> None:
        visit = Visit(settings.folders, app.storage.browser["id"], ui.context.client)
        language = app.storage.user.get("language") or chosen(request.headers.get("accept-language", ""))
        app.storage.client["language"] = language
        ui.context.client.on_disconnect(visit.end)
        _build(visit, language, str(request.url.query))


def _build(visit: Visit, language: str, query: str) -> None:
    ui.add_css(STYLE)
    ui.run_javascript(f"document.documentElement.lang = {language!r}")
    dark = ui.dark_mode(app.storage.user.get("dark"))
    opening = Opening(visit, dark)
    with ui.header().classes("page-head items-center"):
        ui.label("funnelsim").classes("brand")
        title = ui.label().classes("title grow")
        ui.button(text("Open"), icon="folder_open", on_click=opening.show).props("flat no-caps color=white")
        _choices(language, dark)
    with ui.tabs().props("no-caps align=left").classes("w-full") as tabs:
        desk_tab = ui.tab("desk", label=text("Desk"), icon="tune")
    with ui.tab_panels(tabs, value=desk_tab, animated=False, keep_alive=True).classes("w-full"), ui.tab_panel(desk_tab):
        Desk(visit, dark)

    def named() -> None:
        title.set_text("" if visit.planner is None else visit.planner.scenario.title)

    visit.on_open(named)
    ui.timer(0.01, lambda: _begin(visit, opening, query), once=True)


def _choices(language: str, dark: ui.dark_mode) -> None:
    """Make the choices of language and of a light or dark page; they are kept for the next visit."""

    def speak(code: str) -> None:
        app.storage.user["language"] = code
        ui.navigate.reload()

    select = ui.select(LANGUAGES, value=language, on_change=lambda event: speak(event.value))
    select.props(f'dense dark borderless aria-label="{text("Language")}"')

    def turn() -> None:
        dark.set_value(not dark.value)
        app.storage.user["dark"] = dark.value

    button = ui.button(icon="contrast", on_click=turn).props(
        f'flat round color=white aria-label="{text("Light or dark")}"'
    )
    button.tooltip(text("Light or dark"))


def _begin(visit: Visit, opening: Opening, query: str) -> None:
    """Open what the address names, or what was open last, or the first scenario there is."""
    try:
        draft = Draft.from_query(query) or visit.kept() or opening.first()
        if draft is not None:
            visit.open(draft)
    except FunnelsimError as error:
        opening.show(error)
