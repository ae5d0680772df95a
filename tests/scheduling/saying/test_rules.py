"""Rules as a page tells them."""

from django.utils import translation

from scheduling.saying.rules import rule_texts
from scheduling.solver.rules import Count, Rule
from tests.scheduling.solver.verify.wards import alone


def told(rule: Rule) -> list[tuple[str, str]]:
    return [(one.text, one.cost) for one in rule_texts([rule], alone(rule, days=7))]


def test_hours_and_what_each_of_them_costs() -> None:
    rule = Count(name="hours", unit="minutes", window=7, at_most=2250, weight=2)

    with translation.override("en"):
        assert told(rule) == [
            ("In any 7 days in a row: at most 37.5 hours.", "costs 120 an hour")
        ]
    with translation.override("zh-hans"):
        assert told(rule)[0][1] == "每小时代价120"


def test_a_rule_of_shifts_costs_each_time_and_a_hard_one_nothing() -> None:
    soft = Count(name="week", window=7, at_most=5, weight=2)
    hard = Count(name="week", window=7, at_most=5)

    with translation.override("en"):
        assert told(soft)[0][1] == "costs 2 each time"
        assert told(hard)[0][1] == ""
