"""What became of a request, in the words of who asked."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from scheduling.models import ShiftRequest
from scheduling.showing.board import Look
from scheduling.solver.rules import OFF
from scheduling.wishes import is_kept


def outcome(request: ShiftRequest, worked: str, looks: Mapping[str, Look]) -> str:
    """Return in words what became of a request, by what the person works that day."""
    kept = is_kept(request, worked)
    if worked == OFF:
        return _("Kept: you are off.") if kept else _("Not kept: you are off.")
    names = {"shift": looks[worked].name if worked in looks else worked}
    if kept:
        return _("Kept: you work %(shift)s.") % names
    return _("Not kept: you work %(shift)s.") % names
