"""`weigh_messages`: make the tables for intent, level and department from written messages."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any  # Any: what argparse gives, and rows of files

import numpy as np
from django.core.management.base import BaseCommand, CommandParser
from sklearn.model_selection import GroupKFold

from consult.dialogue.request import read_request
from consult.intent import told as intents
from consult.language.concepts_read import read
from consult.language.grams import Grams, write_grams
from consult.learning.grams_fit import fit_names
from consult.learning.utterances import OWN_UTTERANCES
from consult.safety.ages import age_in
from consult.safety.check import check
from consult.triage import told as triage

FOLDS, TOGETHER, FEWEST, FEWEST_OF_MANY = 5, 4, 2, 3
Names = set[str]


class Command(BaseCommand):
    help = "Make the weights of messages for their intent, level or department."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("weighed", choices=["intent", "level", "department"])

    def handle(self, **options: Any) -> None:
        weighed = options["weighed"]
        path, rows_of = _TABLES[weighed]
        names, labels, groups = zip(*rows_of(), strict=True)
        fewest = FEWEST_OF_MANY if weighed == "intent" else FEWEST
        right: list[bool] = []
        for learned, held in GroupKFold(FOLDS).split(names, groups=groups):
            table = fit_names(
                [names[at] for at in learned],
                [labels[at] for at in learned],
                fewest=fewest,
            )
            right += [_likeliest(table, names[at]) == labels[at] for at in held]
        write_grams(fit_names(names, labels, fewest=fewest), path)
        self.stdout.write(
            f"{weighed}: {np.mean(right):.3f} of {len(right)} right when held out"
        )


def _likeliest(table: Grams, names: Names) -> str:
    return max(table.shares(names), key=lambda each: each.probability).label


def _intents() -> Iterator[tuple[Names, str, str]]:
    for row in _json_rows(OWN_UTTERANCES):
        yield intents.names_of(read([row["text"]])), row["intent"], row["group"]
    for row in _json_rows(intents.WEIGHTS / "written.jsonl"):
        yield intents.names_of(read([row["text"]])), row["intent"], row["id"]


def _levels() -> Iterator[tuple[Names, str, str]]:
    yield from _complaints("level")
    for number, row in enumerate(_json_rows(OWN_UTTERANCES)):
        if row["intent"] not in {"symptom", "harmful"} and not number % TOGETHER:
            yield _complaint(row), "routine", row["group"]


def _departments() -> Iterator[tuple[Names, str, str]]:
    yield from _complaints("department")


def _complaints(member: str) -> Iterator[tuple[Names, str, str]]:
    for path in sorted(triage.WEIGHTS.glob("written*.jsonl")):
        for number, row in enumerate(_json_rows(path)):
            if member in row:
                yield _complaint(row), row[member], f"{path.stem} {number // TOGETHER}"


def _complaint(row: dict[str, Any]) -> Names:
    request = read_request({name: row.get(name) for name in ("text", "age", "sex")})
    safety = check(request.turns, person=request.person)
    age = request.person.age
    if age is None:
        age = age_in(sentence.text for sentence in safety.reading.sentences)
    return triage.names_of(safety, person=request.person, age=age)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


_TABLES: dict[str, tuple[Path, Callable[[], Iterator[tuple[Names, str, str]]]]] = {
    "intent": (intents.TABLE, _intents),
    "level": (triage.WEIGHTS / "level.json", _levels),
    "department": (triage.WEIGHTS / "department.json", _departments),
}
