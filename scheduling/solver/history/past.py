"""What people did on days that are over."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCell:
    """What one person did on one day that is over.

    Attributes:
        planned: The shift that was published; empty for a free day. As worked where the
            table does not say.
        worked: The shift that was worked; empty for none.
        absence: Why nothing was worked ("sick", say); empty for no absence.
        group: The staff group; empty where the table does not say.
    """

    on: date
    person: str
    planned: str
    worked: str
    absence: str = ""
    group: str = ""
