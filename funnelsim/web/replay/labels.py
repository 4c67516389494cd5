"""What is written on the replay: buttons, legend, moments. The component receives all of it from here."""

from typing import Any

from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.moments import MomentKind
from funnelsim.replay.outcomes import Outcome
from funnelsim.web.language import text
from funnelsim.web.numerals import number_locale


def labels() -> dict[str, Any]:
    """Return every label of the component `replay.js` in the reader's language."""
    return {
        **_controls(),
        **_pictures(),
        "locale": number_locale(),
        "gate": {state.name.lower(): words for state, words in gate_words().items()},
        "moments": {kind.value: words for kind, words in moment_words().items()},
        "outcomes": [outcome_words()[outcome] for outcome in Outcome],
    }


def _controls() -> dict[str, str]:
    return {
        "replay": text("Replay of one operation"),
        "play": text("Play"),
        "pause": text("Pause"),
        "rewind": text("Rewind"),
        "speed": text("Speed"),
        "clock": text("Time of day"),
        "day": text("day"),
        "scrub": text("Move to a time of the operation"),
        "jump_to": text("Jump to a moment"),
        "previous_moment": text("Previous moment"),
        "next_moment": text("Next moment"),
        "zoom_in": text("Zoom in"),
        "zoom_out": text("Zoom out"),
        "fit": text("Fit to the area"),
        "whole_approach": text("Whole approach"),
        "show_targets": text("Show targets"),
        "road": text("Road"),
        "vehicle_keys": text(
            "With the keyboard: move to the picture with Tab; the left and right arrows go from vehicle to vehicle in "
            "view, and Enter tells the story."
        ),
        "help": text(
            "Click a vehicle for its story. Drag to move, hold Ctrl and turn the wheel to zoom, click the top strip "
            "to move there. Keys: Space plays and pauses; the left and right arrows go 10 s back and on, with Shift to "
            "the next moment; the up and down arrows change the speed; + and - zoom, 0 fits, Home rewinds."
        ),
    }


def _pictures() -> dict[str, Any]:
    return {
        "overview": text("The whole approach with its queue, to scale; the frame is the part shown below"),
        "scene": text("The road and the area from above, to scale, with every vehicle"),
        "timeline": text("The queue over the day, what the selection point does, and the moments"),
        "legend": text("Legend"),
        "moments_legend": text(
            "Chart: the queue over the day; the bar below it is shaded while nobody is selected. Its signs:"
        ),
        "queue": text("Queue"),
        "longest_queue": text("longest queue"),
        "taper": text("Taper"),
        "selection_point": text("Selection point"),
        "busy": text("NAME busy"),
        "places_taken": text("Places taken"),
        "inspected_so_far": text("Inspections finished"),
        "found_so_far": text("Targets found"),
        "area_full_so_far": text("Waved through, area full"),
        "missed": text("target that is not found"),
        "marks": {
            "exit": text("Exit"),
            "warning": text("Warning sign"),
            "critical": text("Critical point"),
            "suspend": text("Valve suspends"),
            "lift": text("Valve lifts"),
        },
        "groups": {"waiting": text("Waiting"), "bays": text("Bays"), "spots": text("Processing")},
    }


def gate_words() -> dict[GateState, str]:
    """Return what a selection point does, in a few words."""
    return {
        GateState.CLOSED: text("no funnel"),
        GateState.SELECTING: text("selecting"),
        GateState.SUSPENDED: text("selection suspended"),
        GateState.LIFTED: text("funnel lifted"),
        GateState.UNSTAFFED: text("post unstaffed"),
        GateState.LAST_MINUTES: text("last minutes, nobody selected"),
    }


def moment_words() -> dict[MomentKind, str]:
    """Return what happens at a moment, as a sentence without its full stop."""
    return {
        MomentKind.OPENS: text("The funnel opens"),
        MomentKind.CLOSES: text("The funnel closes"),
        MomentKind.CRITICAL: text("The queue reaches the critical point"),
        MomentKind.AREA_FULL: text("The area is full"),
        MomentKind.FOUND: text("A target is found"),
        MomentKind.SUSPENDED: text("The valve suspends selection"),
        MomentKind.LIFTED: text("The valve lifts the funnel"),
        MomentKind.RESUMED: text("Selection resumes"),
    }


def outcome_words() -> dict[Outcome, str]:
    """Return what became of a vehicle, as the legend says it."""
    return {
        Outcome.NOT_SELECTED: text("looked at, not selected"),
        Outcome.UNCHECKED: text("passes while nobody is selected"),
        Outcome.AREA_FULL: text("selected, waved through: area full"),
        Outcome.NOTHING_FOUND: text("inspected, nothing found"),
        Outcome.TARGET_FOUND: text("inspected, target found"),
        Outcome.TURNED_OFF: text("turns off before the funnel"),
    }
