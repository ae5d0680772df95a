"""Files damaged at random: read or refused in words, never a bare error."""

import random
from collections.abc import Callable

import pytest

from scheduling.solver.errors import FormatError
from scheduling.solver.formats import read_instance, read_roster_csv
from tests.scheduling.solver.formats import test_anji, test_curtois
from tests.scheduling.solver.formats import test_inrc1 as inrc1
from tests.scheduling.solver.formats import test_inrc2 as inrc2
from tests.scheduling.solver.formats.test_roster_csv import TEXT

ANJI = test_anji.json.dumps(test_anji.to_json(test_anji.WARD))
INRC2 = inrc2.SCENARIO + inrc2.HISTORY + inrc2.WEEK + inrc2.WEEK
PIECES = ("", "-", "9", "99999999999999999999", ",", ";", "\n", "(", "|", "é", "\x00")


def _damaged(text: str, dice: random.Random) -> str:
    """Return the text with a few pieces replaced, dropped, doubled or swapped."""
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((1, 1, 2, 30)))
        piece = dice.choice((*PIECES, text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return text


def _reader(name: str) -> Callable[[str], object]:
    return lambda text: read_instance(text, format=name)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (test_curtois.SMALL, _reader("curtois")),
        (inrc1.SMALL, _reader("inrc1")),
        (INRC2, _reader("inrc2")),
        (ANJI, _reader("anji")),
        (TEXT, lambda text: read_roster_csv(test_curtois.small(), text)),
    ],
    ids=["curtois", "inrc1", "inrc2", "anji", "csv"],
)
def test_damage_is_read_or_refused(text: str, read: Callable[[str], object]) -> None:
    dice = random.Random(7)  # noqa: S311 -- the same damage each time
    refused = 0

    for _ in range(300):
        try:
            read(_damaged(text, dice))
        except FormatError:
            refused += 1

    assert refused > 100
