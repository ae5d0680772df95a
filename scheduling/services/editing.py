"""What every change of a roster begins with: who may, and from which version."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, NotPermitted, PreconditionFailed
from scheduling.models import Roster
from scheduling.selectors.rosters import EDITORS


class StaleRoster(PreconditionFailed):
    """Somebody else changed it; `version` is the newest."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _(
                "The roster was changed elsewhere since you opened it. "
                "Nothing of that was overwritten; look at it and try again."
            ),
            code="roster_changed",
        )
        self.version = version


def roster_for_change(roster: Roster, *, author: User) -> Roster:
    """Return the roster's newest row, locked until the transaction ends.

    Raises:
        NotPermitted: The person edits no rosters of its department.
        Conflict: The roster is closed.
    """
    rows = Roster.objects.defer("instance").select_for_update(of=("self",))
    row = rows.get(pk=roster.pk)
    require_editor(author, row.department_id)
    if row.is_locked:
        raise Conflict(
            _("This roster is closed; it can no longer be changed."),
            code="roster_locked",
        )
    return row


def require_editor(user: User, department_id: UUID) -> None:
    """Refuse everyone but those who make the department's rosters.

    Raises:
        NotPermitted: The person is another.
    """
    if user.role == Role.ADMINISTRATOR:
        return
    belongs = user.memberships.filter(department=department_id).exists()
    if user.role not in EDITORS or not belongs:
        raise NotPermitted(
            _("Rosters are made by the managers of their department."),
            code="managers_only",
        )


def check_version(roster: Roster, expected: int | None) -> None:
    """Refuse a change that was made on an older version; None stands for any.

    Raises:
        StaleRoster: The version is not the newest.
    """
    if expected is not None and expected != roster.version:
        raise StaleRoster(roster.version)


def next_version(roster: Roster, *fields: str) -> None:
    """Save the row, whose lock we hold, as its next version."""
    roster.version += 1
    roster.save(update_fields=["version", "updated", *fields])
