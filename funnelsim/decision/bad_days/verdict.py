"""What bad days do to a plan, in sentences that claim no more than the operations show."""

from funnelsim.decision.bad_days.stress import Stress
from funnelsim.wording import counted, joined, verb


def broken_text(stress: Stress) -> str:
    """Return which bad days break a limit, and of which the operations are too few to be sure.

    Parameters
    ----------
    stress
        A plan with limits, on its bad days.
    """
    broken = [one.day.name for one in stress.uninsured]
    unsure = [one.day.name for one in stress.days if not one.broken and any(check.open for check in one.checks)]
    if broken:
        number = counted(len(stress.days), "bad day")
        said = f"{len(broken)} of {number} {verb(len(broken), 'breaks', 'break')} a limit: {joined(broken)}"
    elif unsure or not all(check.kept for check in stress.checks):
        said = f"No bad day of {len(stress.days)} is seen to break a limit"
    else:
        return f"No bad day of {len(stress.days)} breaks a limit."
    if not unsure:
        return f"{said}."
    whom = "all of them" if len(unsure) == len(stress.days) > 1 else joined(unsure)
    return f"{said}; {counted(stress.replications, 'operation')} are too few to be sure of {whom}."


def impossible_text(stress: Stress) -> str:
    """Return on which bad days the plan cannot be carried out; empty where it always can."""
    if not stress.impossible:
        return ""
    days = counted(len(stress.impossible), "other bad day")
    return f"On {days} the plan cannot do what it says: {joined([one.day.name for one in stress.impossible])}."
