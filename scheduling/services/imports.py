"""A ward comes in as tables, is looked over, and becomes a roster once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import STAFF_ROLES, Department, User
from hospital.core.errors import Conflict, DomainError
from scheduling.holidays import holidays_in
from scheduling.importing import (
    Flaw,
    Flaws,
    Period,
    RawTable,
    Reading,
    csv_table,
    flaw,
    preview,
    read_ward,
    with_history,
)
from scheduling.models import Roster, RosterImport, SourceFormat
from scheduling.past_work import Keys, days_before, past_work
from scheduling.saying.sentences import as_told
from scheduling.selectors.laws import law_known
from scheduling.selectors.rosters import KEPT_FOR
from scheduling.services.editing import require_editor
from scheduling.services.leave import enter_leave
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from scheduling.solver.instance import Instance
from scheduling.solver.laws import under_law
from scheduling.workbooks.reading import (
    NotAWorkbook,
    ReadersBusy,
    WorkbookTooLarge,
    tables_in,
)

XLSX = b"PK"  # how the ZIP file of a workbook begins
OLD_XLS = b"\xd0\xcf\x11\xe0"
CSV_NAMES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class SentFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen beside the files; `law` is a profile's id, empty for none."""

    department: Department
    name: str
    start: date
    days: int
    law: str = ""


class NotReadNow(DomainError):
    """Others are being read."""

    status = 503


def keep_import(
    *, author: User, choice: Choice, files: Sequence[SentFile]
) -> RosterImport:
    """Read a ward's tables and keep what came of it; older ones are forgotten.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        NotReadNow: Too many workbooks are being read.
    """
    require_editor(author, choice.department.id)
    period = Period(
        name=choice.name,
        start=choice.start,
        days=choice.days,
        timezone=timezone.get_default_timezone_name(),
        law=law_known(choice.law),
        shift_names=(_("Early"), _("Late"), _("Night")),
        accounts=accounts_of(choice.department),
        holidays=holidays_in(choice.start, choice.days),
    )
    flaws = Flaws()
    reading = read_ward(tables_of(files, flaws), period, flaws)
    instance = _with_past(reading, period, choice.department)
    return keep_read(
        RosterImport(
            department=choice.department,
            name=choice.name,
            start=choice.start,
            days=choice.days,
            law=choice.law,
            files=[one.name[:200] for one in files],
            ward=preview(reading.ward, period),
            accounts={
                one.number: one.account for one in reading.ward.staff if one.account
            },
            created_by=author,
        ),
        instance,
        flaws,
    )


@transaction.atomic
def keep_read(
    row: RosterImport, instance: Instance | None, flaws: Flaws
) -> RosterImport:
    """Keep what came of tables; older ones are forgotten."""
    RosterImport.objects.filter(created__lt=timezone.now() - KEPT_FOR).delete()
    row.flaws = [as_row(one) for one in flaws]
    row.errors, row.warnings = flaws.errors, flaws.warnings
    row.instance = to_json(instance) if instance else None
    row.save()
    return row


def _with_past(
    reading: Reading, period: Period, department: Department
) -> Instance | None:
    """Return the problem with what the ward published before it.

    The days just before are its people's history; all of the law's reference period
    counts in its averages.
    """
    if reading.instance is None:
        return None
    staff = reading.ward.staff
    keys: Keys = {one.number: one.number for one in staff} | {
        UUID(one.account): one.number for one in staff if one.account
    }
    before = days_before(department, start=period.start, keys=keys)
    instance = with_history(reading.instance, before)
    if period.law is None:
        return instance
    past = past_work(
        period.law,
        department=department,
        start=period.start,
        keys=keys,
    )
    return under_law(instance, period.law, past=past)


@transaction.atomic
def create_imported(*, imported: RosterImport, author: User) -> Roster:
    """Return the roster that an import becomes; asked for again, the same one.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: It has errors.
    """
    row = RosterImport.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    require_editor(author, row.department_id)
    if row.roster is not None:
        return row.roster
    if row.target_id is not None:
        message = "These tables are for a roster that is there already."
        raise ValueError(message)
    if row.instance is None:
        raise Conflict(
            _("Mend what is named and send the tables again: no roster was made."),
            code="import_has_errors",
        )
    roster = create_roster(
        author=author,
        department=row.department,
        name=row.name,
        problem=Problem(SourceFormat.ANJI, data=row.instance),
    )
    tie_accounts(roster, {key: UUID(user) for key, user in row.accounts.items()})
    forget_read(row, roster)
    return roster


def forget_read(row: RosterImport, roster: Roster) -> None:
    """Keep of an import no more than what roster came of it."""
    row.roster = roster
    row.instance, row.ward, row.flaws, row.accounts = None, {}, [], {}
    row.changes = {}
    row.save()


def tie_accounts(roster: Roster, users: Mapping[str, UUID]) -> None:
    """Tie people of a new roster to accounts that are the department's staff still."""
    still = set(staff_of(roster.department).values_list("pk", flat=True))
    for person in roster.people.filter(key__in=users):
        if users[person.key] in still:
            person.user_id = users[person.key]
            person.save(update_fields=["user", "updated"])
    enter_leave(roster)


def as_row(found: Flaw) -> dict[str, Any]:  # Any: JSON
    """Return a flaw as JSON keeps it, to be said in whichever language."""
    return {
        "is_error": found.is_error,
        "sheet": found.sheet[:100],
        "row": found.row,
        "column": found.column[:100],
        "code": found.what.code,
        "what": as_told(found.what),
        "mend": as_told(found.mend),
    }


def tables_of(files: Iterable[SentFile], flaws: Flaws) -> list[RawTable]:
    """Return the tables of all files; what cannot be read is told.

    Raises:
        NotReadNow: Too many workbooks are being read.
    """
    return [table for one in files for table in _tables(one, flaws)]


def _tables(file: SentFile, flaws: Flaws) -> Iterable[RawTable]:
    """Return the tables of a file; what cannot be read is told.

    Raises:
        NotReadNow: Too many workbooks are being read.
    """
    name = file.name[:100]
    is_text = name.lower().endswith(CSV_NAMES)
    if file.content.startswith(OLD_XLS):
        flaws.add(flaw("no_workbook", is_error=True, file=name))
    elif is_text:
        table = csv_table(name, file.content, flaws)
        return [table] if table else []
    elif not file.content.startswith(XLSX):
        is_named = name.lower().endswith((".xlsx", ".xlsm"))
        code = "no_workbook" if is_named else "no_table_file"
        flaws.add(flaw(code, is_error=True, file=name))
    else:
        return _sheets(file.content, name, flaws)
    return []


def _sheets(content: bytes, name: str, flaws: Flaws) -> Iterable[RawTable]:
    try:
        return tables_in(content)
    except NotAWorkbook:
        flaws.add(flaw("no_workbook", is_error=True, file=name))
    except WorkbookTooLarge:
        flaws.add(flaw("workbook_too_large", is_error=True, file=name))
    except ReadersBusy as error:
        raise NotReadNow(
            _("Other workbooks are being read. Send yours again in a moment."),
            code="workbook_not_read",
        ) from error
    return []


def accounts_of(department: Department) -> dict[str, str]:
    """Return whose account each user name and e-mail address is; "" for several's."""
    found: dict[str, str] = {}
    for pk, username, email in staff_of(department).values_list(
        "pk", "username", "email"
    ):
        for login in {username.casefold(), email.casefold()} - {""}:
            known = found.setdefault(login, str(pk))
            if known != str(pk):
                found[login] = ""
    return found


def staff_of(department: Department) -> QuerySet[User]:
    return User.objects.filter(
        memberships__department=department, is_active=True, role__in=STAFF_ROLES
    )
