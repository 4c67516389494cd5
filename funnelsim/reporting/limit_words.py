"""In which share of operations a limit is kept, as tables and sentences of plans under limits say it."""

from funnelsim.analysis.estimates import PER_CENT, with_error
from funnelsim.analysis.limits import LimitCheck


def per_cent_kept(check: LimitCheck) -> str:
    """Return the share of operations that keep a limit, in per cent: "94 (90 to 97)".

    It has a place more where "90" of 90 % wanted would deny that the limit is broken.
    """
    digits = 0 if check.kept or round(PER_CENT * check.kept_in.mean) < round(PER_CENT * check.wanted) else 1
    return with_error(check.kept_in, PER_CENT, digits)


def kept_or_broken(check: LimitCheck) -> str:
    """Return the same, after "broken: " where it is."""
    return f"{'' if check.kept else 'broken: '}{per_cent_kept(check)}"
