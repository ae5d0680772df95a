"""A roster is published: the staff are told, and what they were told stays."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.exchange import told_cells
from scheduling.hours import hours_of, zone_of
from scheduling.models import Publication, PublishedShift, Roster, RosterState
from scheduling.problems import Cells, cells_of, instance_of, judged
from scheduling.saying.sentences import said
from scheduling.services.editing import check_version, next_version, roster_for_change
from scheduling.services.events import tell_department
from scheduling.services.stale import close_stale_swaps
from scheduling.services.telling import tell_published
from scheduling.solver.verify import Verdict

BATCH = 500
TOLD_AT_ONCE = 20  # broken rules named in a refusal; a page shows all of them


@transaction.atomic
def publish_roster(
    *,
    roster: Roster,
    author: User,
    note: str = "",
    accept_violations: bool = False,
    expected_version: int | None = None,
) -> Publication:
    """Publish the working copy as it is; older publications stay for good.

    Of two people who publish the same roster at the same moment one wins.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or just this was published already.
        StaleRoster: The version that the person saw is not the newest.
        InvalidInput: Nobody works, or it breaks rules and nobody accepted that.
    """
    row = roster_for_change(roster, author=author)
    cells, told = cells_of(row), told_cells(row.current_id)
    changed = sum(cells.get(cell, "") != told.get(cell, "") for cell in {*cells, *told})
    if row.current_id is not None and not changed:
        raise Conflict(
            _("Just this roster is published already."), code="already_published"
        )
    check_version(row, expected_version)
    verdict = judged(row).verdict
    _check_ready(cells, verdict, accept_violations=accept_violations)
    publication = tell_cells(
        row, cells, verdict, author=author, note=note, changed_cells=changed
    )
    close_stale_swaps(row)
    return publication


def tell_cells(
    row: Roster,
    cells: Cells,
    verdict: Verdict,
    *,
    author: User,
    note: str,
    changed_cells: int,
) -> Publication:
    """Make these cells what the staff see, as the row's next version.

    The caller holds the row's lock, and has judged the cells.
    """
    next_version(row)
    publication = Publication.objects.create(
        roster=row,
        number=row.publications.count() + 1,
        version=row.version,
        published_by=author,
        note=note,
        objective=verdict.objective,
        hard_violations=len(verdict.hard),
        changed_cells=changed_cells,
    )
    _write_shifts(publication, row, cells)
    row.state, row.current = RosterState.PUBLISHED, publication
    row.save(update_fields=["state", "current", "updated"])
    tell_department(row, "published")
    tell_published(publication)
    return publication


def _check_ready(cells: Cells, verdict: Verdict, *, accept_violations: bool) -> None:
    if not cells:
        raise InvalidInput(
            _("Nobody works in this roster yet: there is nothing to publish."),
            code="roster_empty",
        )
    if verdict.hard and not accept_violations:
        raise InvalidInput(
            ngettext(
                "The roster breaks %(count)d rule. Mend it, or publish it knowingly "
                "as it is.",
                "The roster breaks %(count)d rules. Mend them, or publish it "
                "knowingly as it is.",
                len(verdict.hard),
            )
            % {"count": len(verdict.hard)},
            code="roster_breaks_rules",
            fields={
                "violations": [
                    said(one.template, one.values)
                    for one in verdict.hard[:TOLD_AT_ONCE]
                ]
            },
        )


def _write_shifts(publication: Publication, roster: Roster, cells: Cells) -> None:
    people = {person.key: person for person in roster.people.all()}
    types = instance_of(roster).shift_by_id
    zone = zone_of(roster)
    rows = []
    for (key, day), shift in sorted(cells.items()):
        date = roster.start + timedelta(days=day)
        starts, ends = hours_of(types[shift], date, zone=zone)
        rows.append(
            PublishedShift(
                publication=publication,
                person=people[key],
                day=day,
                date=date,
                shift=shift,
                starts=starts,
                ends=ends,
            )
        )
    PublishedShift.objects.bulk_create(rows, batch_size=BATCH)
