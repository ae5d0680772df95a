"""What is wrong with a ward's tables: where, what, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduling.importing import words
from scheduling.solver.message import Message, Value, message

MEND = "_MEND"
MOST_TOLD = 300  # a column filled wrongly is told a few hundred times, then counted
SENTENCES = {name: text for name, text in vars(words).items() if name.isupper()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong, or was decided in somebody's place.

    Attributes:
        is_error: Whether no roster can be made before it is mended.
        what, mend: What it is, and what to do.
        sheet: The sheet as the file names it; empty where it is the whole's.
        row: As a spreadsheet counts it; 0 where it is the whole sheet's.
        column: The heading as the file writes it; empty where it is the whole row's.
    """

    is_error: bool
    what: Message
    mend: Message
    sheet: str = ""
    row: int = 0
    column: str = ""


def flaw(
    code: str,
    *,
    is_error: bool,
    sheet: str = "",
    row: int = 0,
    column: str = "",
    **values: Value,
) -> Flaw:
    """Return the flaw of a code, which names its sentences in `words`."""
    name = code.upper()
    return Flaw(
        is_error=is_error,
        what=message(code, SENTENCES[name], **values),
        mend=message(code, SENTENCES[name + MEND], **values),
        sheet=sheet,
        row=row,
        column=column,
    )


@dataclass(slots=True)
class Flaws:
    """All flaws found so far, in the order of their finding."""

    told: list[Flaw] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0

    def add(self, found: Flaw) -> None:
        """Count it, and tell it where few enough are told; errors come first."""
        self.errors += found.is_error
        self.warnings += not found.is_error
        if len(self.told) < MOST_TOLD:
            self.told.append(found)
        elif found.is_error and (place := self._last_warning()) is not None:
            del self.told[place]
            self.told.append(found)

    def _last_warning(self) -> int | None:
        places = range(len(self.told) - 1, -1, -1)
        return next((at for at in places if not self.told[at].is_error), None)

    def __iter__(self) -> Iterator[Flaw]:
        """Yield those that are told, errors first, each sheet's rows in their order."""
        order = {
            one.sheet: place for place, one in reversed(list(enumerate(self.told)))
        }
        yield from sorted(
            self.told, key=lambda one: (not one.is_error, order[one.sheet], one.row)
        )
