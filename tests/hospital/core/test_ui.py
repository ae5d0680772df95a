"""The words and signs that templates share."""

import re
from datetime import date, timedelta

import lucide
import pytest
from django.utils import timezone, translation

from hospital.core.registry import registry
from hospital.core.templatetags import ui
from hospital.env import BASE_DIR

NAMED = re.compile(r'{% icon "([\w-]+)"|\bicon="([\w-]+)"')


def test_every_icon_that_is_named_exists() -> None:
    pages = (BASE_DIR / "templates").rglob("*.html")
    named = {a or b for page in pages for a, b in NAMED.findall(page.read_text())}
    named |= {sign for _tone, sign in ui.LOOKS.values()}
    named |= {entry.icon for entry in registry.navigation}

    for name in sorted(named):
        lucide._load_icon(name)  # raises for a name that is none


def test_an_unknown_icon_costs_no_page() -> None:
    assert "<circle" in ui.icon("no-such-icon")


@pytest.mark.parametrize(
    ("probability", "word", "number"),
    [
        (0.0, "very unlikely", "0 %"),
        (0.004, "very unlikely", "<1 %"),
        (0.05, "unlikely", "5 %"),
        (0.35, "uncertain", "35 %"),
        (0.65, "likely", "65 %"),
        (0.95, "very likely", "95 %"),
        (0.999, "very likely", ">99 %"),
        (1.0, "very likely", "100 %"),
    ],
)
def test_a_probability_has_a_word_and_a_number(
    probability: float, word: str, number: str
) -> None:
    with translation.override("en"):
        assert str(ui.likelihood(probability)) == word
        assert ui.percent(probability) == number


def test_age_is_told_in_months_before_the_second_birthday() -> None:
    today = timezone.localdate()

    with translation.override("en"):
        assert ui.age(date(today.year - 40, 1, 1)) == "40 years"
        assert ui.age(today - timedelta(days=1)) == "0 months"
        assert ui.age(None) == ""


def test_time_is_told_in_its_largest_unit() -> None:
    now = timezone.now()

    with translation.override("en"):
        assert ui.relative(now) == "just now"
        assert ui.relative(now - timedelta(days=2, hours=5)) == "2\xa0days ago"
