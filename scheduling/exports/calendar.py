"""Shifts as a calendar.

References:
    RFC 5545.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid5

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from scheduling.hours import hours_of, zone_of
from scheduling.models import PublishedShift, Roster
from scheduling.problems import Cells, instance_of


def calendar_of(roster: Roster, cells: Cells, *, is_one: bool) -> bytes:
    """Return the cells as a calendar; `is_one` leaves out whose shifts they are."""
    instance, zone = instance_of(roster), zone_of(roster)
    calendar = new_calendar(roster.name)
    for (key, day), shift_id in sorted(cells.items()):
        shift = instance.shift_by_id[shift_id]
        on = roster.start + timedelta(days=day)
        starts, ends = hours_of(shift, on, zone=zone)
        who = instance.people[instance.person_index[key]]
        title = shift.name or shift.id
        calendar.add_component(
            shift_event(
                uid=str(uuid5(roster.pk, f"{key} {day}")),
                title=title if is_one else f"{who.name or who.id}: {title}",
                starts=starts or on,
                ends=ends or on + timedelta(days=1),
                changed=roster.updated,
            )
        )
    return bytes(calendar.to_ical())


def own_calendar(shifts: Iterable[PublishedShift]) -> bytes:
    """Return somebody's published shifts, of whichever wards, as one calendar."""
    calendar = new_calendar(_("My shifts"))
    for shift in shifts:
        roster = shift.publication.roster
        kind = instance_of(roster).shift_by_id.get(shift.shift)
        name = kind.name if kind and kind.name else shift.shift
        calendar.add_component(
            shift_event(
                uid=str(uuid5(roster.pk, f"{shift.person.key} {shift.day}")),
                title=f"{name} · {roster.department}",
                starts=shift.starts or shift.date,
                ends=shift.ends or shift.date + timedelta(days=1),
                changed=shift.publication.created,
            )
        )
    return bytes(calendar.to_ical())


def new_calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Rosters//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", " ".join(name.split()))  # a line of its own, one line
    return calendar


def shift_event(
    *,
    uid: str,
    title: str,
    starts: date,
    ends: date,
    changed: datetime,
) -> Event:
    """Return one shift; a date instead of a time stands for the whole day."""
    event = Event()
    event.add("uid", uid)
    event.add("summary", title)
    event.add("dtstamp", changed.astimezone(UTC))
    event.add("dtstart", _as_utc(starts))
    event.add("dtend", _as_utc(ends))
    return event


def _as_utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
