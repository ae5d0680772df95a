"""What a document that comes in must not ask for; what was kept before is read as it is."""

from scheduling.solver.formats.anji.decode import refuse
from scheduling.solver.instance import MINUTES_A_DAY, Instance, ShiftType
from scheduling.solver.message import MINUTES_AN_HOUR, phrase

LONGEST_SHIFT = 3 * MINUTES_A_DAY  # as much as it can be paid for


def need_sense(instance: Instance) -> Instance:
    """Return the problem, which asks for nothing that no ward has.

    Raises:
        FormatError: It does; the message begins with the path to it.
    """
    for place, shift in enumerate(instance.shift_types):
        _need_times(shift, f"shift_types[{place}]")
    return instance


def _need_times(shift: ShiftType, path: str) -> None:
    if shift.start_minute is None or shift.end_minute is None:
        return
    if shift.start_minute >= MINUTES_A_DAY:
        refuse(
            path,
            phrase(
                "Shift %(id)s begins %(count)s minutes after midnight, outside 0 to"
                " %(last)s: a shift begins on its own day.",
                id=shift.id,
                count=shift.start_minute,
                last=MINUTES_A_DAY - 1,
            ),
        )
    if shift.end_minute - shift.start_minute > LONGEST_SHIFT:
        refuse(
            path,
            phrase(
                "Shift %(id)s ends %(count)s minutes after the midnight before it: end"
                " it at most %(most)s h after its start.",
                id=shift.id,
                count=shift.end_minute,
                most=LONGEST_SHIFT // MINUTES_AN_HOUR,
            ),
        )
