"""What people write for a shift in their own tables, which the grid can be given."""

from collections.abc import Sequence

from scheduling.learning.table import FREE
from scheduling.showing.board import Look
from scheduling.solver.rules import OFF

BETWEEN_NAMES = "·"  # of one shift in two languages


def written_for(looks: Sequence[Look]) -> dict[str, str]:
    """Return the shift that is meant by each text in lower case; "" is a free day.

    A shift's own id goes before any name; a name that two shifts share means neither.
    """
    named: dict[str, set[str]] = {}
    for look in looks:
        for name in (look.name, *look.name.split(BETWEEN_NAMES)):
            named.setdefault(name.strip().lower(), set()).add(look.id)
    names = {name: ids.pop() for name, ids in named.items() if len(ids) == 1}
    own = {look.id.lower(): look.id for look in looks}
    return dict.fromkeys(FREE, OFF) | names | own
