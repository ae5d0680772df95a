"""What a roster's people worked before it, as the averages of a law count it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from hospital.accounts.models import Department
from scheduling.importing import HISTORY_DAYS
from scheduling.models import PublishedShift, Roster
from scheduling.problems import Cells, instance_of, leave_of
from scheduling.solver.instance import MAX_DAYS
from scheduling.solver.laws import LawProfile, PastWork, days_of_reference
from scheduling.solver.rules import OFF

# The key in a new roster of whoever an account, or without one a key, is in earlier ones.
Keys = Mapping[object, str]


def keys_of(roster: Roster) -> Keys:
    """Return the key of each person of a roster, by account and by key."""
    return {one.user_id or one.key: one.key for one in roster.people.all()}


def past_work(
    law: LawProfile | None,
    *,
    department: Department,
    start: date,
    keys: Keys,
    draft: Roster | None = None,
    drafted: Cells | None = None,
) -> dict[str, PastWork]:
    """Return by key what people worked in the law's reference period before a day.

    All rosters of the department count that were published for days of it; where two
    have the same day, the one that begins later.

    Args:
        law: Whose reference period; None for no law.
        department: Whose rosters.
        start: The first day of the new roster.
        keys: Who is asked for.
        draft: A roster that counts although it is not published.
        drafted: What is worked in it.
    """
    reach = days_of_reference(law) if law else 0
    if not reach:
        return {}
    published = Roster.objects.filter(
        department=department,
        current__isnull=False,
        start__lt=start,
        start__gt=start - timedelta(days=reach + MAX_DAYS),
    )
    rosters = {one.pk: one for one in published.defer("instance")}
    if draft is not None:
        rosters[draft.pk] = draft
    found: dict[str, PastWork] = {}
    for roster in sorted(rosters.values(), key=lambda one: one.start):
        if (roster.start - start).days + roster.days > -reach:
            is_draft = draft is not None and roster.pk == draft.pk
            cells = (drafted or {}) if is_draft else _published(roster)
            _count(roster, cells, start=start, reach=reach, keys=keys, into=found)
    return found


def days_before(
    department: Department, *, start: date, keys: Keys
) -> dict[str, tuple[str, ...]]:
    """Return by key what was published for the days just before one, oldest first.

    Only days without a gap count; where two rosters have the same day, the one that
    begins later.
    """
    first = start - timedelta(days=HISTORY_DAYS)
    rosters = Roster.objects.filter(
        department=department,
        current__isnull=False,
        start__lt=start,
        start__gt=first - timedelta(days=MAX_DAYS),
    )
    known: dict[str, dict[int, str]] = {}
    for roster in rosters.defer("instance").order_by("start"):
        cells, offset = _published(roster), (roster.start - first).days
        for person in roster.people.all():
            key = keys.get(person.user_id or person.key)
            if key is not None:
                days = range(max(0, -offset), min(roster.days, HISTORY_DAYS - offset))
                known.setdefault(key, {}).update(
                    {offset + day: cells.get((person.key, day), OFF) for day in days}
                )
    return {key: tuple(_without_gap(days)) for key, days in known.items()}


def _without_gap(days: Mapping[int, str]) -> Iterator[str]:
    """Yield what is known of the last days, from the day after the last gap on."""
    gaps = [day for day in range(HISTORY_DAYS) if day not in days]
    for day in range(max(gaps, default=-1) + 1, HISTORY_DAYS):
        yield days[day]


def _count(
    roster: Roster,
    cells: Cells,
    *,
    start: date,
    reach: int,
    keys: Keys,
    into: dict[str, PastWork],
) -> None:
    """Add the days of a roster in which anybody works; leave belongs to no period."""
    instance, away = instance_of(roster), leave_of(roster)
    first = (roster.start - start).days
    named = {
        person.key: keys.get(person.user_id or person.key)
        for person in roster.people.all()
    }
    if not cells:
        return
    for person in instance.people:
        key = named.get(person.id)
        if key is None:
            continue
        known = into.setdefault(key, PastWork())
        for day in range(max(0, -reach - first), min(roster.days, -first)):
            known.minutes.pop(first + day, None)
            known.night_minutes.pop(first + day, None)
            if day in person.leave or (person.id, day) in away:
                continue
            shift = instance.shift_by_id.get(cells.get((person.id, day), ""))
            is_work = shift is not None and shift.on_call != "home"
            worked = instance.minutes(shift.id, day=day) if shift and is_work else 0
            known.minutes[first + day] = worked
            if shift and shift.is_night and worked:
                known.night_minutes[first + day] = worked


def _published(roster: Roster) -> Cells:
    shifts = PublishedShift.objects.filter(publication=roster.current_id)
    rows = shifts.values_list("person__key", "day", "shift")
    return {(key, day): shift for key, day, shift in rows}
