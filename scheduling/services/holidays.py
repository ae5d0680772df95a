"""Public holidays are entered once for the hospital; its rosters count with them."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.importing.holidays import LONGEST_NAME, Holiday, read_holidays
from scheduling.models import PublicHoliday
from scheduling.saying.sentences import refused_sentence
from scheduling.solver.errors import FormatError, error_apart
from scheduling.solver.instance import FIRST_DATE, LAST_DATE

KEEPERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
LARGEST_FILE = 2**20  # bytes


@transaction.atomic
def add_holiday(*, author: User, on: date, name: str) -> PublicHoliday:
    """Enter one public holiday.

    Raises:
        NotPermitted: The person makes no rosters.
        InvalidInput: The day or the name cannot be.
        Conflict: The day is a public holiday already.
    """
    require_keeper(author)
    _check_date("date", on)
    if not name.strip():
        raise _refused("name", _("Give the holiday a name."))
    row, is_new = PublicHoliday.objects.get_or_create(
        date=on, defaults={"name": name.strip()[:LONGEST_NAME]}
    )
    if not is_new:
        raise Conflict(
            _("This day is %(name)s already.") % {"name": row.name},
            code="holiday_there",
        )
    return row


def import_holidays(*, author: User, content: bytes) -> int:
    """Enter the holidays of a calendar file or a table; return how many are new.

    Days that are holidays already keep their names.

    Raises:
        NotPermitted: The person makes no rosters.
        InvalidInput: The file is none of holidays; which line, and why.
    """
    require_keeper(author)
    if len(content) > LARGEST_FILE:
        raise _refused("file", _("The file has more than 1 MB."))
    try:
        found = read_holidays(_text(content))
    except FormatError as error:
        raise _refused("file", refused_sentence(error_apart(error))) from error
    for one in found:
        _check_date("file", one.date)
    return _enter(found)


@transaction.atomic
def remove_holiday(*, author: User, holiday: PublicHoliday) -> None:
    """Take a public holiday out; a second time changes nothing.

    Raises:
        NotPermitted: The person makes no rosters.
    """
    require_keeper(author)
    PublicHoliday.objects.filter(pk=holiday.pk).delete()


def require_keeper(user: User) -> None:
    """Refuse who does not keep the hospital's holidays.

    Raises:
        NotPermitted: The person makes no rosters.
    """
    if user.role not in KEEPERS:
        raise NotPermitted(
            _("Managers and administrators keep the public holidays."),
            code="not_a_keeper",
        )


def _enter(found: Iterable[Holiday]) -> int:
    rows = [PublicHoliday(date=one.date, name=one.name) for one in found]
    before = PublicHoliday.objects.count()
    PublicHoliday.objects.bulk_create(rows, ignore_conflicts=True)
    return PublicHoliday.objects.count() - before


def _text(content: bytes) -> str:
    """Return the text of a file in UTF-8, or as spreadsheets in China write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("file", _("The file is no text."))


def _check_date(field: str, on: date) -> None:
    if not FIRST_DATE <= on <= LAST_DATE:
        raise _refused(field, _("Choose a day of our time."))


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={field: [message]})
