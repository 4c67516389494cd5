"""The page: what is above all views, and the views themselves."""

import json
from pathlib import Path
from typing import Final

from fastapi import Request
from nicegui import app, ui

from funnelsim.errors import FunnelsimError
from funnelsim.plots.style import DARK
from funnelsim.web.decide.decide import Decide
from funnelsim.web.desk.desk import Desk
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.jobs.downloads import register_downloads
from funnelsim.web.jobs.jobs import Jobs
from funnelsim.web.language import LANGUAGES, chosen, text
from funnelsim.web.opening import Opening
from funnelsim.web.replay.replaying import Replaying
from funnelsim.web.settings import Settings
from funnelsim.web.take_along.take_along import TakeAlong
from funnelsim.web.visit import Visit

STYLE: Final = Path(__file__).parent / "page.css"


def register(settings: Settings, jobs: Jobs) -> None:
    """Register the page with the server.

    Parameters
    ----------
    settings
        Which folders it may use.
    jobs
        What is under way.
    """
    register_downloads(settings.folders)

    @ui.page("/", title="funnelsim")
    def page(request: Request) -> None:
        visit = Visit(settings.folders, app.storage.browser["id"], ui.context.client)
        language = app.storage.user.get("language") or chosen(request.headers.get("accept-language", ""))
        app.storage.client["language"] = language
        ui.context.client.on_disconnect(visit.end)
        _build(visit, jobs, language, request)


def _build(visit: Visit, jobs: Jobs, language: str, request: Request) -> None:
    ui.add_css(STYLE)
    ui.colors(primary=DARK)
    lost = json.dumps([text("Connection lost"), text("Trying to reconnect …")])
    ui.run_javascript(f"""
        document.documentElement.lang = {language!r};
        document.querySelectorAll('#popup span').forEach((line, number) => line.textContent = {lost}[number]);
    """)
    dark = ui.dark_mode(app.storage.user.get("dark"))
    opening = Opening(visit, dark)
    with ui.header().classes("page-head items-center"):
        ui.label("funnelsim").classes("brand")
        title = ui.element("h1").classes("title grow")
        with title:
            name = ui.label()
        ui.button(text("Open"), icon="folder_open", on_click=opening.show).props("flat no-caps color=white")
        _choices(language, dark)
    with ui.tabs().props("no-caps align=left inline-label").classes("w-full desk-tabs") as tabs:
        desk_tab = ui.tab("desk", label=text("Desk"), icon="tune")
        decide_tab = ui.tab("decide", label=text("Decide"), icon="emoji_events")
        replay_tab = ui.tab("replay", label=text("Replay"), icon="movie")
        take_tab = ui.tab("take_along", label=text("Take along"), icon="download")
    with ui.tab_panels(tabs, value=desk_tab, animated=False, keep_alive=True).classes("w-full"):
        with ui.tab_panel(desk_tab):
            Desk(visit, dark)
        with ui.tab_panel(decide_tab):
            Decide(visit, jobs, dark)
        with ui.tab_panel(replay_tab):
            Replaying(visit)
        with ui.tab_panel(take_tab):
            TakeAlong(visit, jobs, str(request.base_url))

    def named() -> None:
        name.set_text("" if visit.planner is None else visit.planner.scenario.title)

    visit.on_open(named)

    async def begin() -> None:
        if dark.value is None:
            dark.set_value(await ui.run_javascript("matchMedia('(prefers-color-scheme: dark)').matches"))
        _begin(visit, opening, str(request.url.query))

    ui.timer(0.01, begin, once=True)


def _choices(language: str, dark: ui.dark_mode) -> None:
    """Make the choices of language and of a light or dark page; they are kept for the next visit."""

    def speak(code: str) -> None:
        app.storage.user["language"] = code
        ui.navigate.reload()

    select = ui.select(LANGUAGES, value=language, on_change=lambda event: speak(event.value))
    select.props("dense dark borderless")
    select.props["aria-label"] = text("Language")

    def turn() -> None:
        dark.set_value(not dark.value)
        app.storage.user["dark"] = dark.value

    button = ui.button(icon="contrast", on_click=turn).props("flat round color=white")
    button.props["aria-label"] = text("Light or dark")
    button.tooltip(text("Light or dark"))


def _begin(visit: Visit, opening: Opening, query: str) -> None:
    """Open what the address names, or what was open last, or the first scenario there is."""
    try:
        state = DeskState.from_query(query) or visit.kept() or opening.first()
        if state is not None:
            visit.open(state.draft, state.baseline, state.operations)
    except FunnelsimError as error:
        opening.show(error)
