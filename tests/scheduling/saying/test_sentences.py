"""What the pure room says, in the reader's language."""

import ast
import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from hospital.core import catalogues
from hospital.env import BASE_DIR
from scheduling.learning.proposals import learned
from scheduling.saying.sentences import (
    refused_sentence,
    said,
    sentence,
    why_refused,
)
from scheduling.saying.words import HOURS_IN_DAYS
from scheduling.solver.errors import FormatError, SolverError, error_apart
from scheduling.solver.formats import read_instance
from scheduling.solver.history import PastCell
from scheduling.solver.instance import Instance, ShiftType
from scheduling.solver.message import phrase
from scheduling.solver.rules import Count
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import alone, only_violation, roster

ROOM = "scheduling/solver/"
# Those who read what people bring; the others' texts never leave the room.
READERS = ("formats", "history", "instance.py", "rules.py", "roster.py")
CURTOIS = """SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
SECTION_STAFF
ann,D=3,2000,1000,5,1,2,1
"""


def test_every_sentence_of_the_room_is_said_in_chinese() -> None:
    values = {
        str(text.ids)
        for path in (BASE_DIR / ROOM).rglob("*.py")
        for found in (catalogues._python_texts, catalogues._nouns)
        for text in found(path, BASE_DIR)
    }
    for path in (BASE_DIR / ROOM).rglob(catalogues.SENTENCES):
        values |= {str(text.ids) for text in catalogues._sentences(path, BASE_DIR)}

    with translation.override("zh-hans"):
        unsaid = {text for text in values if translation.gettext(text) == text}

    assert len(values) > 200
    assert unsaid <= {"%(path)s: %(why)s"}  # the same in both languages


def test_no_reader_refuses_in_english_alone() -> None:
    room = BASE_DIR / ROOM
    files = [one for name in READERS for one in _files(room / name)]

    assert len(files) > 20
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            refused = _refused(node)
            assert not isinstance(refused, ast.JoinedStr), (path, refused.lineno)


def test_a_line_that_is_refused_is_told_in_chinese() -> None:
    with pytest.raises(FormatError) as refused:
        read_instance(CURTOIS, format="curtois")

    with translation.override("zh-hans"):
        assert (
            why_refused(refused.value) == "第6行：文件在SECTION_DAYS_OFF之前就结束了。"
        )
    assert str(refused.value) == "line 6: The file ends before SECTION_DAYS_OFF."


def test_a_part_of_a_refusal_is_said_in_its_own_turn() -> None:
    with pytest.raises(SolverError) as refused:
        Instance(
            name="x",
            start=date(2026, 6, 1),
            days=0,
            shift_types=(ShiftType(id="D"),),
            people=(),
        )

    with translation.override("zh-hans"):
        assert why_refused(refused.value) == "天数为0：一次可排1到400。"


def test_weekdays_and_days_of_a_proposal_have_names() -> None:
    mondays = [
        date(2026, 1, 5),
        date(2026, 1, 12),
        date(2026, 1, 19),
        date(2026, 1, 26),
    ]
    cells = [PastCell(on=on, person="a", planned="D", worked="D") for on in mondays]

    proposal = learned(cells)["cover"][0]

    with translation.override("en"):
        told = sentence(proposal["message"])
    assert told == (
        "1 usually work D on weekday Monday: the middle half of 4 days from"
        " Jan 5, 2026 to Jan 26, 2026 had 1 to 1."
    )


def test_a_person_is_told_hours_and_a_program_minutes() -> None:
    rule = Count(name=HOURS_IN_DAYS, unit="minutes", window=7, at_most=2880)

    broken = only_violation(verify(alone(rule, days=7), roster("NNNNNN-")))

    assert {"count": 3600, "limit": 2880}.items() <= dict(broken.values).items()
    with translation.override("zh-hans"):
        assert said(broken.template, broken.values) == (
            "Ann从2026年3月2日到2026年3月8日工作60小时，最多48小时。"
        )


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _refused(node: ast.AST) -> ast.expr | None:
    """Return what a statement refuses with."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.value if node.targets[0].id == "message" else None
    if isinstance(node, ast.Call) and node.args:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return node.args[-1] if name in {"refuse", "FormatError"} else None
    return None


def test_a_refusal_that_went_through_json_is_said_in_all_its_parts() -> None:
    told = phrase("The number of %(title)s", title="WEEKS")
    error = FormatError(
        phrase(
            "%(what)s is %(text)s, which is not a whole number.", what=told, text="x"
        ),
        line=3,
    )

    kept = json.loads(json.dumps(error_apart(error)))

    with translation.override("zh-hans"):
        assert refused_sentence(kept) == "第3行：WEEKS的数量为x，不是整数。"
        assert refused_sentence(kept) == why_refused(error)
