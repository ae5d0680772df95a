"""How soon and where, by all that a message says together: what written complaints teach.

Rules know single signs; the words around them tell an evening's heartburn from a week of
it. Each piece of a message has a weight for each level and each department. The tables are
data (`weights/*.json`), made from complaints written for the product by
`manage.py weigh_messages`, and decide only between what no rule of safety decided.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from consult.language.grams import Grams, Guess, pieces_of, read_grams
from consult.safety.check import Person, Safety

WEIGHTS = Path(__file__).parent / "weights"
LONGEST = (
    1_000  # characters; what comes behind them seldom changes where somebody belongs
)
AGES = ((2, "@infant"), (14, "@child"), (75, "@adult"))


def levels_told(safety: Safety, *, person: Person, age: float | None) -> list[Guess]:
    """Return the four levels, each with how sure it is."""
    return _table("level").shares(names_of(safety, person=person, age=age))


def departments_told(
    safety: Safety,
    *,
    person: Person,
    age: float | None,
    without: Collection[str] = (),
) -> list[Guess]:
    """Return the departments, each with how sure it is.

    Args:
        safety: What the rules read.
        person: What is known of who has it.
        age: In years, where it is known.
        without: Words that tell of no illness: `I want to talk to somebody`.
    """
    names = names_of(safety, person=person, age=age, without=without)
    return _table("department").shares(names)


def names_of(
    safety: Safety,
    *,
    person: Person,
    age: float | None,
    without: Collection[str] = (),
) -> set[str]:
    """Return what is weighed of a message: its pieces, what it names, and whose it is."""
    reading = safety.reading
    text = " ".join(sentence.text for sentence in reading.sentences)[:LONGEST]
    for words in sorted(without, key=len, reverse=True):
        text = text.replace(words, " ")
    names = set(pieces_of(text))
    for mention in reading.mentions:
        standing = "" if mention.standing == "present" else f"!{mention.standing}"
        names.add(f"@{mention.concept}{standing}")
    names.update(
        "#" + ".".join(found.rule.split(".")[:2])
        for found in safety.findings
        if not found.rule.endswith(".weighed")
    )
    if age is not None:
        names.add(next((name for years, name in AGES if age < years), "@old"))
    if person.sex:
        names.add(f"@{person.sex}_told")
    return names


@cache
def _table(name: str) -> Grams:
    return read_grams(WEIGHTS / f"{name}.json")
