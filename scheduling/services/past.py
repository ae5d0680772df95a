"""Past rosters teach what is usual: proposals, of which nothing is applied here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from hospital.accounts.models import Department, User
from hospital.core.errors import Conflict, DomainError, InvalidInput
from scheduling.learning.proposals import learned
from scheduling.learning.running import (
    Learned,
    LearningError,
    UnreadableFile,
    learn_from_file,
)
from scheduling.models import (
    PastRosters,
    PastSource,
    PublishedShift,
    Roster,
)
from scheduling.problems import instance_of, leave_of
from scheduling.saying.sentences import refused_sentence
from scheduling.services.editing import require_editor
from scheduling.solver.errors import FormatError
from scheduling.solver.history import PastCell
from scheduling.solver.laws import is_law
from scheduling.solver.rules import OFF

LARGEST_FILE_MB = 20
LARGEST_FILE = LARGEST_FILE_MB * 2**20
PERIODS = 26  # published rosters learned from: two years of four weeks
WORKBOOK = b"PK"  # a workbook is a ZIP file


class NotLearned(DomainError):
    """Nothing could be learned now."""

    status = 503


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file of past rosters as it came in."""

    name: str
    content: bytes


def learn_file(*, department: Department, author: User, file: PastFile) -> PastRosters:
    """Keep what a file of past rosters suggests.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        InvalidInput: A line of the file is not what it should be.
        NotLearned: The machine is too busy.
    """
    require_editor(author, department.id)
    if len(file.content) > LARGEST_FILE:
        raise _refused(
            _("The file has more than %(most)d MB.") % {"most": LARGEST_FILE_MB}
        )
    kind = "xlsx" if file.content.startswith(WORKBOOK) else "csv"
    try:
        found = learn_from_file(file.content, kind=kind)
    except UnreadableFile as error:
        raise _refused(refused_sentence(error.told)) from error
    except LearningError as error:
        raise NotLearned(
            _("The machine is too busy to read the file; try again in a moment."),
            code="not_learned",
        ) from error
    return _kept(
        found,
        department=department,
        author=author,
        source=PastSource.FILE,
        name=file.name,
    )


def learn_published(*, department: Department, author: User) -> PastRosters:
    """Keep what the department's own published rosters suggest.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The department has published none.
    """
    require_editor(author, department.id)
    published = Roster.objects.filter(department=department, current__isnull=False)
    rosters = list(published.defer("instance").order_by("-start")[:PERIODS])
    cells = [cell for roster in rosters for cell in _published_cells(roster)]
    try:
        found = learned(cells)
    except FormatError as error:
        raise Conflict(
            _("The department has published no roster yet."), code="none_published"
        ) from error
    return _kept(
        {**found, "absences": _absences(rosters)},
        department=department,
        author=author,
        source=PastSource.PUBLISHED,
        name=department.name,
    )


def _absences(rosters: Sequence[Roster]) -> list[Learned]:
    """Return how often people with an account were away: others ask for no leave here.

    Where no leave is on record at all, nothing is said: that is no absence rate of 0.
    """
    cells = []
    for roster in rosters:
        tied = set(roster.people.exclude(user=None).values_list("key", flat=True))
        cells += [cell for cell in _published_cells(roster) if cell.person in tied]
    if not any(cell.absence for cell in cells):
        return []
    absences: list[Learned] = learned(cells)["absences"]
    return absences


def _published_cells(roster: Roster) -> Iterator[PastCell]:
    """Yield what was first published and what is published now, a cell each.

    Approved leave on a day for which a shift was published is an absence.
    """
    first = roster.publications.order_by("number").first()
    if first is None:
        return
    instance = instance_of(roster)
    planned, worked = _shifts(first.pk), _shifts(roster.current_id)
    away = leave_of(roster)
    for person in instance.people:
        group = ", ".join(one for one in person.contracts if not is_law(one))
        for day in range(instance.days):
            yield PastCell(
                on=roster.start + timedelta(days=day),
                person=person.id,
                planned=planned.get((person.id, day), OFF),
                worked=OFF
                if (person.id, day) in away
                else worked.get((person.id, day), OFF),
                absence=away.get((person.id, day), "")
                if (person.id, day) in planned
                else "",
                group=group,
            )


def _shifts(publication: UUID | None) -> dict[tuple[str, int], str]:
    rows = PublishedShift.objects.filter(publication=publication)
    return {
        (person, day): shift
        for person, day, shift in rows.values_list("person__key", "day", "shift")
    }


def _kept(
    found: Learned, *, department: Department, author: User, source: str, name: str
) -> PastRosters:
    return PastRosters.objects.create(
        department=department,
        source=source,
        name=name[:200],
        first=date.fromisoformat(found["first"]),
        last=date.fromisoformat(found["last"]),
        cells=found["cells"],
        proposals={name: found[name] for name in ("cover", "absences", "swaps")},
        learned_by=author,
    )


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={"file": [message]})
