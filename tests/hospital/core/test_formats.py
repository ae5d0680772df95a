"""Dates are read the same way by every reader of a language."""

from datetime import date

import pytest
from django.utils import formats, translation


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("en", "SHORT_DATE_FORMAT", "Jun 1, 2026"),  # never 06/01 or 01/06
        ("zh-hans", "SHORT_DATE_FORMAT", "2026年6月1日"),
        ("zh-hans", "MONTH_DAY_FORMAT", "6月1日"),  # without Django's zero
    ],
)
def test_a_month_cannot_be_taken_for_a_day(
    language: str, name: str, written: str
) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 6, 1), name) == written
