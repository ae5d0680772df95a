"""What `ask` answers, one row for each, bad ones too."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db

MEMBERS = {
    "id",
    "lang",
    "intent",
    "crisis",
    "emergency",
    "level",
    "rules",
    "departments",
    "refused",
    "handoff",
    "abstained",
    "passages",
    "answer",
    "elapsed_ms",
}


def test_one_question_has_every_member(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ask", "我爸突然胸口痛，出冷汗", "--json")

    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= MEMBERS
    assert (answer["lang"], answer["level"], answer["emergency"]) == (
        "zh",
        "emergency",
        True,
    )
    assert (answer["passages"], answer["answer"], answer["abstained"]) == ([], [], True)


@pytest.mark.parametrize(
    ("text", "is_called"),
    [("I can't stop crying", True), ("我一直哭", True), ("我头有点疼", False)],
)
def test_strong_distress_calls_a_person_as_it_does_in_the_chat(
    text: str, *, is_called: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ask", text, "--json")

    assert json.loads(capsys.readouterr().out)["handoff"] is is_called


ROWS = [
    '{"id": 1, "text": "I want to die"}',
    "no json",
    '{"id": 2, "text": "chest pain and sweating", "age": "old"}',
    '{"id": 3, "turns": ["My chest hurts", {"role": "assistant", "text": "oh?"}, "sweating"]}',
    '{"id": 4, "turns": []}',
    '{"id": 5, "text": "\\ud800 hello"}',
    '{"id": 6, "text": "fine", "vitals": {"spo2": 85}}',
    '{"id": 7, "text": "fine", "vitals": {"spo2": 1e999}}',
    '{"id": 8, "text": "runny nose", "lang": "zh-CN", "sex": "男", "age": 30}',
    "[]",
]


def test_each_row_in_has_one_row_out(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(ROWS), encoding="utf-8")

    call_command("ask", batch=str(source), out=str(out))

    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, 2, 3, 4, 5, 6, 7, 8, None]
    assert all(set(answer) >= MEMBERS for answer in answers)
    assert [number for number, answer in enumerate(answers) if "error" in answer] == [
        1,
        2,
        4,
        7,
        9,
    ]
    levels = {answer["id"]: answer["level"] for answer in answers}
    assert levels[1] == levels[2] == levels[3] == levels[6] == "emergency"
    assert answers[0]["crisis"]
    assert answers[8]["lang"] == "zh"


def test_file_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("ask", batch=str(tmp_path / "none"), out=str(tmp_path / "out"))

    assert ended.value.code == 2
    assert "there is no file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
