"""Rosters as CSV: `employee,day,shift`, days counted from 0, worked days only."""

import csv
import io

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster

HEADER = ("employee", "day", "shift")


def write_roster_csv(instance: Instance, roster: Roster) -> str:
    """Return the roster as CSV, people in the instance's order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for person, day, shift in roster.worked():
        writer.writerow((instance.people[person].id, day, shift))
    return out.getvalue()


def read_roster_csv(instance: Instance, text: str) -> Roster:
    """Return the roster that a CSV holds.

    Raises:
        FormatError: The header is another, or a line names a person, day or shift that
            the instance does not have, or a cell again.
    """
    numbered(text)  # refuses what is not text
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    worked: dict[tuple[str, int], str] = {}
    is_header = True
    try:
        for fields in reader:
            line = Line(reader.line_num, ",".join(fields))
            if is_header:
                _need_header(line, fields)
                is_header = False
            elif fields:
                _read_cell(instance, worked, line, fields)
    except csv.Error as error:
        message = phrase("This is not CSV: %(why)s.", why=str(error))
        raise FormatError(message, line=reader.line_num) from error
    return Roster.of(instance, worked)


def _need_header(line: Line, fields: list[str]) -> None:
    if tuple(field.strip().lower() for field in fields) != HEADER:
        line.refuse(
            phrase(
                "The header is %(known)s, not %(short)s.",
                known=",".join(HEADER),
                short=line.short,
            )
        )


def _read_cell(
    instance: Instance,
    worked: dict[tuple[str, int], str],
    line: Line,
    fields: list[str],
) -> None:
    if len(fields) != len(HEADER):
        line.refuse(
            phrase(
                "A cell has %(count)s fields, not %(found)s.",
                count=len(HEADER),
                found=len(fields),
            )
        )
    person, day_text, shift = (field.strip() for field in fields)
    line.known(person, instance.person_index, what="person")
    line.known(shift, instance.shift_by_id, what="shift")
    day = line.whole(day_text, what="The day", most=instance.days - 1)
    if (person, day) in worked:
        line.refuse(
            phrase(
                "The cell of %(person)s on day %(day)s is there twice.",
                person=person,
                day=day,
            )
        )
    worked[person, day] = shift
