"""A job says for which plan it is: plans that differ do not look alike."""

from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job_words import plan_said


def test_every_change_is_named():
    values = {"selection.rate.van": 0.08, "area.bays": 3, "selection.valve.lift_at_m": 900.0}
    assert plan_said(Draft("a.toml", values)) == "a.toml, van selection rate 8 %, 3 bays, valve lift at 900 m"
    assert plan_said(Draft("a.toml", values)) != plan_said(Draft("a.toml", values | {"selection.rate.van": 0.25}))
