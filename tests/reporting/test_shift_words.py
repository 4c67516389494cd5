"""Who works when: the shifts of a roster, by agency, with their breaks in the order in which they are taken."""

from funnelsim.experiments.compare import compare
from funnelsim.reporting.html.compare_page import compare_document
from funnelsim.reporting.shift_words import shifts_grid
from funnelsim.scenario.schema import Scenario
from tests.conftest import SMALL, merged
from tests.reporting.test_html_report import MADE


def _with(*shifts):
    return Scenario.model_validate(merged(SMALL, {"staffing": {"roster": list(shifts)}}))


def _shift(from_clock, to_clock, count=1, after_h=None, agency="police"):
    breaks = {} if after_h is None else {"breaks": {"minutes": 30, "after_h": after_h}}
    return {"agency": agency, "count": count, "from": from_clock, "to": to_clock, **breaks}


def test_shifts_that_differ_in_their_breaks_alone_share_a_row_and_midnight_comes_in_between():
    night = [_shift("20:00", "04:00", 1, 3.75), _shift("20:00", "04:00", 1, 4.0)]
    customs = _shift("00:00", "03:00", 2, agency="customs")
    rows = shifts_grid(_with(night[0], customs, night[1])).rows
    assert [row[:4] for row in rows] == [
        ("police", "2", "20:00 to 04:00", "23:45, 00:00"),
        ("customs", "2", "00:00 to 03:00", "none"),
    ]


def _chapter(**plans):
    document = compare_document(compare(plans, replications=2), MADE)
    return next(one for one in document.chapters if one.name == "plans")


def test_plans_with_different_shifts_are_told_apart_by_who_works_when_not_by_numbers_in_a_list():
    one = _with(_shift("00:00", "04:00", 4))
    other = _with(_shift("00:00", "02:00", 2), _shift("00:30", "04:00", 2))
    tables = _chapter(one=one, other=other).items
    assert [table.caption for table in tables] == ["Who works when: one", "Who works when: other"]
    assert [len(table.grid.rows) for table in tables] == [1, 2]


def test_plans_with_the_same_shifts_are_told_apart_by_their_keys():
    (table,) = _chapter(four=_with(_shift("00:00", "04:00", 4)), five=_with(_shift("00:00", "04:00", 5))).items
    assert [row[0] for row in table.grid.rows] == ["staffing.roster.police.count"]
