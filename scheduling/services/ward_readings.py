"""Tables come for a roster that is there: read, and told what they would change."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from scheduling.exports.ward import tables_now
from scheduling.importing import (
    Differences,
    Flaws,
    Period,
    RawTable,
    Reading,
    Tongue,
    Ward,
    changed,
    flaw,
    preview,
    read_ward,
    sheets_of,
    with_history,
)
from scheduling.models import (
    PublishedShift,
    RequestState,
    Roster,
    RosterImport,
    ShiftRequest,
    Swap,
)
from scheduling.past_work import Keys, days_before, keys_of, past_work
from scheduling.problems import cells_of, instance_of, judged, leave_of, with_leave
from scheduling.saying.sentences import as_told
from scheduling.saying.words import STAFF_REQUESTS
from scheduling.selectors.laws import law_known
from scheduling.services.editing import (
    require_editor,
    roster_for_change,
)
from scheduling.services.imports import (
    SentFile,
    accounts_of,
    keep_read,
    tables_of,
)
from scheduling.services.proposals import accepted_in
from scheduling.solver.errors import SolverError
from scheduling.solver.history import without_reserve
from scheduling.solver.instance import Instance, ShiftType
from scheduling.solver.laws import law_in, law_rules, under_law, without_law
from scheduling.solver.message import apart
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.verify import verify
from scheduling.wishes import with_requests, without_requests

MOST_TOLD = 300  # changes; a page is not read any further
BROKEN_TOLD = 20  # rules that the cells would break anew
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Tables:
    """A roster's problem, its own tables and those that were sent.

    Attributes:
        before: The problem as it is.
        told: What its own tables read as.
        sent: What the tables that were sent read as; a sheet that is missing among
            them is the roster's own.
    """

    before: Instance
    told: Reading
    sent: Reading

    @property
    def decided(self) -> set[tuple[str, int]]:
        """People and days of requests that the staff made: they are decided elsewhere."""
        return {
            (one.person, one.day)
            for one in self.before.requests
            if one.name == STAFF_REQUESTS
        }


def keep_change(
    *, roster: Roster, author: User, files: Sequence[SentFile]
) -> RosterImport:
    """Read tables for a roster that is there, and keep what they would change in it.

    Raises:
        NotPermitted: The person makes no rosters of its department.
        Conflict: The roster is closed.
        NotReadNow: Too many workbooks are being read.
    """
    flaws = Flaws()
    require_editor(author, roster.department_id)
    sent = tables_of(files, flaws)
    with transaction.atomic():
        row = roster_for_change(roster, author=author)
        before = instance_of(row)
        period, own = _period(row, before), tables_now(row, tongue=Tongue())
        tables = Tables(
            before,
            told=read_ward(own, period, Flaws()),
            sent=read_ward(_completed(sent, own, flaws), period, flaws),
        )
        _tell_what_stays(row, tables, flaws)
        after = _changed(row, tables, flaws)
        accounts = _accounts(tables) if after else {}
        return keep_read(
            RosterImport(
                department=row.department,
                target=row,
                version=row.version,
                name=row.name,
                start=row.start,
                days=row.days,
                law=law_in(before),
                files=[one.name[:200] for one in files],
                ward=preview(tables.sent.ward, period),
                accounts=accounts,
                changes=_told_changes(row, tables, after, period) if after else {},
                created_by=author,
            ),
            after,
            flaws,
        )


def _period(row: Roster, before: Instance) -> Period:
    return Period(
        name=before.name,
        start=before.start,
        days=before.days,
        timezone=before.timezone,
        shift_names=(_("Early"), _("Late"), _("Night")),
        accounts=accounts_of(row.department),
        holidays=before.holidays,
        known=frozenset(person.id for person in before.people),
    )


def _completed(
    sent: Iterable[RawTable], own: Iterable[RawTable], flaws: Flaws
) -> Iterable[RawTable]:
    """Return the sheets that were sent, and the roster's own of what is missing."""
    there = sheets_of(sent, flaws)
    if not there and not flaws.errors:
        return ()  # nothing of a ward: that is told as where a roster is made
    return (sheets_of(own, flaws) | there).values()


def _tell_what_stays(row: Roster, tables: Tables, flaws: Flaws) -> None:
    """Tell who and what stands in what the staff were told, and cannot go."""
    sent = tables.sent.ward
    stay = {one.number for one in sent.staff}
    told = told_people(row) if stay else set()
    for person in tables.before.people:
        if person.id in told - stay:
            name = f"{person.name} ({person.id})"
            flaws.add(flaw("person_told", is_error=True, value=name))
    published = PublishedShift.objects.filter(publication__roster=row)
    shifts = set(published.order_by().values_list("shift", flat=True).distinct())
    now = {one.id: _times(one) for one in sent.shifts}
    for one in tables.told.ward.shifts:
        if one.id in shifts and one.id not in now:
            flaws.add(flaw("shift_told", is_error=True, value=one.id))
        elif one.id in shifts and now[one.id] != _times(one):
            flaws.add(flaw("shift_times_told", is_error=True, value=one.id))


def _times(shift: ShiftType) -> tuple[int | None, int | None]:
    return shift.start_minute, shift.end_minute


def told_people(row: Roster) -> set[str]:
    """Return who was published or swaps: those rows are kept for good."""
    told = PublishedShift.objects.filter(publication__roster=row)
    swaps = Swap.objects.filter(roster=row)
    return {
        *told.values_list("person__key", flat=True).distinct(),
        *swaps.values_list("giver__key", flat=True),
        *swaps.values_list("taker__key", flat=True),
    }


def _changed(row: Roster, tables: Tables, flaws: Flaws) -> Instance | None:
    """Return the problem as it would be; None where that cannot be, which is told."""
    told, sent = tables.told.instance, tables.sent.instance
    if flaws.errors or sent is None:
        return None
    law = law_known(law_in(tables.before))
    is_lost = law is None and law_in(tables.before)
    if told is None or is_lost or not _is_whole(tables.before, told):
        flaws.add(flaw("not_in_tables", is_error=True))
        return None
    try:
        return _after(row, tables, told, sent)
    except SolverError as error:
        flaws.add(flaw("no_problem", is_error=True, why=error.told))
    return None


def _is_whole(before: Instance, told: Instance) -> bool:
    """Whether the tables name everybody and every shift as the problem does."""
    return (
        before.person_index == told.person_index
        and before.all_shifts == told.all_shifts
    )


def _after(row: Roster, tables: Tables, told: Instance, sent: Instance) -> Instance:
    """Return the problem as the tables say; law, reserve and shares are reckoned anew.

    Raises:
        SolverError: No problem comes of it.
    """
    plain = without_requests(without_reserve(without_law(tables.before)))
    after = changed(plain, told, sent, decided=tables.decided)
    if after == plain:
        return tables.before
    keys = _keys(row, tables)
    days = days_before(row.department, start=row.start, keys=keys)
    own = {one.id: one.history for one in plain.people}
    after = with_history(after, {**days, **own})
    law = law_known(law_in(tables.before))
    if law is not None:
        past = past_work(law, department=row.department, start=row.start, keys=keys)
        after = under_law(after, law, past=past, asked=law_rules(tables.before))
    return with_requests(accepted_in(row).put_into(after), _accepted(row, after))


def _accepted(row: Roster, after: Instance) -> list[ShiftRequest]:
    """Return the accepted requests of the staff that can still be asked for."""
    accepted = ShiftRequest.objects.filter(
        person__roster=row, state=RequestState.ACCEPTED
    ).select_related("person")
    return [
        one
        for one in accepted
        if one.person.key in after.person_index
        and (not one.shift or one.shift in after.shift_by_id)
    ]


def _asked(row: Roster) -> dict[str, int]:
    """Return how many requests of the staff each shift has."""
    asked = ShiftRequest.objects.filter(person__roster=row).exclude(
        state=RequestState.DECLINED
    )
    return Counter(shift for shift in asked.values_list("shift", flat=True) if shift)


def _keys(row: Roster, tables: Tables) -> Keys:
    """Return by account or key who is who, those who are new among them."""
    there = tables.before.person_index
    new = [one for one in tables.sent.ward.staff if one.number not in there]
    found: dict[object, str] = dict(keys_of(row))
    for one in new:
        found[UUID(one.account) if one.account else one.number] = one.number
    return found


def _accounts(tables: Tables) -> dict[str, str]:
    """Return the accounts that the sent tables tell otherwise, by staff number."""
    was = {one.number: one.account for one in tables.told.ward.staff}
    return {
        one.number: one.account
        for one in tables.sent.ward.staff
        if one.account != was.get(one.number, "")
    }


def _open(ward: Ward, tables: Tables) -> Ward:
    """Return a ward without the requests that its tables do not decide."""
    wishes = (one for one in ward.wishes if (one.number, one.day) not in tables.decided)
    return replace(ward, wishes=tuple(wishes))


def _told_changes(row: Roster, tables: Tables, after: Instance, period: Period) -> Json:
    """Return what would change in words, and how broken the roster is before and then."""
    cells = cells_of(row)
    told = Differences(
        _open(tables.told.ward, tables),
        _open(tables.sent.ward, tables),
        period,
        cells,
        asked=_asked(row),
    )
    changes = [as_told(one) for one in told]
    before = judged(row).verdict
    kept = {
        (person, day): shift
        for (person, day), shift in cells.items()
        if person in after.person_index and shift in after.shift_by_id
    }
    then = verify(with_leave(after, leave_of(row)), Grid.of(after, kept))
    known = set(before.hard)
    new = [one for one in then.hard if one not in known]
    return {
        "told": changes[:MOST_TOLD],
        "left": len(changes[MOST_TOLD:]),
        "broken_before": len(before.hard),
        "broken_after": len(then.hard),
        "cost_before": before.objective,
        "cost_after": then.objective,
        "broken": [apart(one.template, one.values) for one in new[:BROKEN_TOLD]],
    }
