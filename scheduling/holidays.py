"""The hospital's public holidays in a roster's own days."""

from dataclasses import replace
from datetime import date, timedelta

from scheduling.models import PublicHoliday
from scheduling.solver.instance import Instance


def holidays_in(start: date, days: int) -> frozenset[int]:
    """Return which of the days from a first one are public holidays, counted from 0."""
    end = start + timedelta(days=days - 1)
    dates = PublicHoliday.objects.filter(date__range=(start, end))
    return frozenset((on - start).days for on in dates.values_list("date", flat=True))


def with_holidays(instance: Instance) -> Instance:
    """Return the problem with the hospital's holidays besides its own."""
    known = instance.holidays | holidays_in(instance.start, instance.days)
    return instance if known == instance.holidays else replace(instance, holidays=known)
