"""Warnings with their grades: the grave ones first, each said once for several plans, and in brief."""

from funnelsim.reporting.plan_warning import grave, graves_first, told_once, unusual
from funnelsim.reporting.warnings.brief import by_grade, in_brief

LONG, IDLE, NOBODY = unusual("a queue."), grave("an idle dog."), grave("nobody is selected.")


def test_grave_warnings_come_first_and_each_grade_keeps_its_order():
    assert graves_first([LONG, NOBODY, IDLE]) == [NOBODY, IDLE, LONG]


def test_a_warning_about_some_of_the_plans_names_them_and_keeps_its_grade():
    told = told_once({"A": [LONG, IDLE], "B": [LONG], "C": [LONG, IDLE]})
    assert told == [LONG, grave("A and C: an idle dog.")]


def test_in_brief_a_plan_has_its_counts_and_the_first_three_grave_warnings():
    bad = [grave(f"{number}.") for number in range(5)]
    assert in_brief({"": [*bad, LONG]}, "check") == ("6 warnings, 5 of them grave; see check.", ["0.", "1.", "2."])


def test_in_brief_every_plan_is_counted_by_its_name_as_it_is_written():
    number, bad = in_brief({"a3": [LONG], "bays": [IDLE, LONG], "more": []}, "check")
    assert number == "a3: 1 warning; bays: 2 warnings, 1 of them grave; more: no warnings; see check."
    assert bad == ["bays: an idle dog."]


def test_in_brief_nothing_is_said_of_plans_without_warnings():
    assert in_brief({"a3": [], "bays": []}, "check") is None


def test_all_warnings_of_several_plans_stand_by_grade():
    sections = by_grade({"a3": [LONG], "bays": [NOBODY, LONG]})
    assert [section.heading.partition(":")[0] for section in sections] == ["1 grave warning", "1 other warning"]
    assert [entry.text for section in sections for entry in section.items] == [f"bays: {NOBODY.text}", LONG.text]
