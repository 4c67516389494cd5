"""What is shown of a counts file: what the command line says of it, its first rows, its day and its days."""

from nicegui import ui

from funnelsim.web.counts.counts_charts import day_options, days_height_px, days_options
from funnelsim.web.counts.counts_days import MOST_DAYS
from funnelsim.web.counts.counts_reader import Found
from funnelsim.web.counts.mapping_answers import Questions
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

ABOUT = {
    "format": mark("Format"),
    "period": mark("Period"),
    "total": mark("Total"),
    "peak hour": mark("Peak hour"),
    "streams": mark("Streams"),
    "classes": mark("Classes"),
    "gaps": mark("Gaps"),
    "warnings": mark("Doubts"),
    "notes": mark("Notes"),
}
DOUBTED = ("gaps", "warnings")


class CountsPreview:
    """The preview of a counts file.

    Parameters
    ----------
    dark
        Tells whether the page is dark.
    """

    def __init__(self, dark: ui.dark_mode) -> None:
        self._dark = dark
        with ui.column().classes("w-full gap-2"):
            self._rows, self._day, self._words, self._days = (ui.column().classes("w-full gap-1") for _ in range(4))

    def rows(self, questions: Questions | None) -> None:
        """Show the first rows of a table whose columns are asked for; None for none.

        Parameters
        ----------
        questions
            What is known of the file.
        """
        self._rows.clear()
        if questions is None:
            return
        with self._rows:
            ui.label(text("The first rows")).classes("chart-title")
            with ui.element("div").classes("first-rows").props('tabindex=0 role="region"') as region:
                region.props(f'aria-label="{text("The first rows")}"')
                with ui.element("table"):
                    self._line("th", questions.columns)
                    for cells in questions.rows:
                        self._line("td", cells)

    def _line(self, tag: str, cells: tuple[str, ...]) -> None:
        with ui.element("tr"):
            for cell in cells:
                with ui.element(tag):
                    ui.label(cell)

    def show(self, found: Found) -> None:
        """Show what was found.

        Parameters
        ----------
        found
            What the file says.
        """
        for part in (self._day, self._words, self._days):
            part.clear()
        if not found.said:
            return
        with self._words, ui.element("dl").classes("about"):
            for label, sentences in found.said.items():
                with ui.element("dt"):
                    ui.label(text(ABOUT[label]))
                for sentence in sentences:
                    with ui.element("dd").classes(_look(label, sentence)):
                        ui.label(numbers(sentence))
            if found.day is not None and found.day.variation is not None:
                with ui.element("dt"):
                    ui.label(text("Variation of whole days"))
                with ui.element("dd"):
                    ui.label(numbers(str(found.day.variation)))
        dark = bool(self._dark.value)
        if found.day is not None:
            with self._day:
                ui.label(text("The day that the scenario uses; what is orange was not counted")).classes("chart-title")
                ui.echart(day_options(found.day, dark=dark)).classes("w-full").style("height: 230px")
        if found.days is not None:
            with self._days:
                all_days = text("The days counted, vehicles per hour; what is orange was not counted")
                last_days = text("The last {days} days, vehicles per hour; what is orange was not counted")
                title = last_days.format(days=MOST_DAYS) if found.days.are_cut else all_days
                ui.label(title).classes("chart-title")
                height = f"height: {days_height_px(found.days)}px"
                ui.echart(days_options(found.days, dark=dark)).classes("w-full").style(height)


def _look(label: str, sentence: str) -> str:
    """Return how a sentence looks: doubts stand out, and classes stand in columns."""
    return "doubted" if label in DOUBTED and sentence != "none" else "aligned" if "  " in sentence else ""
