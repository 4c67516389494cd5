"""What is odd about the area: too small for whom it is sent, or with things nobody uses."""

from collections.abc import Iterator

from funnelsim.model.plan import Plan
from funnelsim.report.forecast import needs_of, selected_between, selecting_spans, selection_chances
from funnelsim.report.words import number_text, share_text, together
from funnelsim.scenario.schema import Scenario

FAR_TOO_MANY = 1.5  # times what the area can do: a third of the selected pass without inspection
HOUR_S = 3600.0


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    if plan.bays == 0:
        yield (
            "area.bays = 0: nobody can be inspected, and everybody who is selected passes; give the area bays, unless "
            "you want the delay alone."
        )
    else:
        yield from _too_many(plan)
    used = {name for stage in scenario.area.stages for name in stage.equipment}
    idle = [name for name in scenario.equipment if name not in used]
    if idle:
        yield f"equipment: no stage uses {together(idle)}; name it in a stage (equipment), or leave it out."


def _too_many(plan: Plan) -> Iterator[str]:
    """Compare how many are selected with what the scarcest of bays, crews and equipment suffices for."""
    chances = selection_chances(plan)
    needs = needs_of(plan, chances)
    if not needs or plan.rule == "free_bay":
        return
    scarcest = needs[0]
    selecting_h = sum(to_s - from_s for from_s, to_s in selecting_spans(plan, *plan.window_s)) / HOUR_S
    selected = float(selected_between(plan, *plan.window_s, chances).sum()) / selecting_h
    said = (
        f"about {number_text(selected, 2)} vehicles an hour are selected, and {scarcest.name} suffice for at most "
        f"{number_text(scarcest.per_h, 2)}"
    )
    if plan.hold and selected > scarcest.per_h:
        yield (
            f'area.when_full = "hold": {said}, so the lane stands still again and again; select fewer '
            f'(selection.{_key(plan)}), let the others pass ("wave_through") or provide more.'
        )
    elif not plan.hold and selected > FAR_TOO_MANY * scarcest.per_h:
        lost = share_text(1.0 - scarcest.per_h / selected)
        yield (
            f"selection.{_key(plan)}: {said}, so {lost} or more of them pass without inspection; select fewer "
            "and better, or provide more."
        )


def _key(plan: Plan) -> str:
    return "every" if plan.rule == "every_nth" else "rate"
