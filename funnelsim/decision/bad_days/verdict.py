"""What bad days do to a plan, in sentences that claim no more than the operations show."""

from funnelsim.decision.bad_days.stress import Stress
from funnelsim.wording import counted, joined


def nothing_broken_text(stress: Stress) -> str:
    """Return the sentence of a plan of whose bad days none breaks a limit.

    Parameters
    ----------
    stress
        A plan with limits, on its bad days.
    """
    unsure = [one.day.name for one in stress.days if any(check.kept and check.open for check in one.checks)]
    if not unsure and all(check.kept for check in stress.checks):
        return f"No bad day of {len(stress.days)} breaks a limit."
    seen = f"No bad day of {len(stress.days)} is seen to break a limit"
    if not unsure:
        return f"{seen}."
    whom = "all of them" if len(unsure) == len(stress.days) else joined(unsure)
    return f"{seen}; but {counted(stress.replications, 'operation')} are too few to be sure of {whom}."


def impossible_text(stress: Stress) -> str:
    """Return on which bad days the plan cannot be carried out; empty where it always can."""
    if not stress.impossible:
        return ""
    days = counted(len(stress.impossible), "other bad day")
    return f"On {days} the plan cannot do what it says: {joined([one.day.name for one in stress.impossible])}."
