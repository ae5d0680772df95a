"""What a study's labels come to: waiting, in dispute, or an answer that stands."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"  # for a reader
    DISPUTED = "disputed"  # two readers disagree: for an adjudicator
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Said:
    """One person's current label; `key` names it, the earliest comes first.

    Attributes:
        apart_from: Keys of the other readers' labels from whose marks its own lie apart,
            as that was judged when the later of both was kept.
    """

    key: Hashable
    reader: Hashable
    is_adjudicator: bool
    answer: str
    apart_from: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a study stands; `stands` is the key of the label that counts, if any."""

    state: State
    stands: Hashable | None = None
    answer: str = ""


def standing(said: Sequence[Said], *, readers: int) -> Standing:
    """Return where a study stands.

    An adjudicator's word counts; else the first reader's, once as many as are asked for
    have said the same, and marked the same.

    Args:
        said: The current labels of one study.
        readers: How many are asked for.
    """
    decided = [one for one in said if one.is_adjudicator]
    if decided:
        return _settled(decided[-1])
    read = [one for one in said if not one.is_adjudicator]
    if any(disagree(a, b) for a, b in pairs(read)):
        return Standing(State.DISPUTED)
    return _settled(read[0]) if len(read) >= readers else Standing(State.WAITING)


def disagree(a: Said, b: Said) -> bool:
    """Whether two readers' labels of one study need a third person."""
    is_apart = a.key in b.apart_from or b.key in a.apart_from
    return a.answer != b.answer or is_apart


def pairs(said: Iterable[Said]) -> list[tuple[Said, Said]]:
    """Return each two readers of one study, in the order of who they are."""
    read = sorted(
        (one for one in said if not one.is_adjudicator), key=lambda one: str(one.reader)
    )
    return [(a, b) for place, a in enumerate(read) for b in read[place + 1 :]]


def _settled(one: Said) -> Standing:
    return Standing(State.SETTLED, one.key, one.answer)
