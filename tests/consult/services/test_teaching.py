"""What leaves to be learned from: with consent, told of nobody, audited."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from consult.learning.dialogues import read_dialogues
from consult.models import Author, Conversation, Kind, Turn, TurnState
from hospital.accounts.models import Role
from hospital.audit.models import Access
from hospital.records.models import PatientIdentifier, PatientName
from tests.rows import make_department, make_patient, make_person

pytestmark = pytest.mark.django_db
CANARY = "I am Adaeze Okonkwo, MRN-48213, 我是欧阳志远, call 138 1234 5678, knee hurts"
PLANTED = ("Adaeze", "Okonkwo", "48213", "欧阳", "志远", "1234 5678")


def talk(key: str, *, consent: bool = True, crisis: bool = False) -> Conversation:
    row = Conversation.objects.create(
        key_digest=key * 64, may_teach=consent, is_crisis=crisis, last_number=2
    )
    for number, author, kind, text in (
        (1, Author.PATIENT, Kind.MESSAGE, CANARY),
        (2, Author.BOT, Kind.ANSWER, f"Rest it, Adaeze. ({key})"),
    ):
        Turn.objects.create(
            conversation=row,
            number=number,
            author=author,
            kind=kind,
            text=text,
            state=TurnState.DONE,
        )
    return row


def answer_of(row: Conversation) -> Turn:
    return Turn.objects.get(conversation=row, author=Author.BOT)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return the file of one export, by an administrator, of what the rows allow."""
    return tmp_path / "talks.jsonl"


def test_only_consented_helpful_talks_leave_and_tell_of_nobody(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    patient = make_patient(make_department())
    PatientName.objects.filter(patient=patient).delete()
    for script, name in (("alphabetic", "Okonkwo^Adaeze"), ("ideographic", "欧阳志远")):
        PatientName.objects.create(patient=patient, script=script, text=name)
    PatientIdentifier.objects.create(patient=patient, system="x", value="MRN-48213")
    person = make_person(Role.ADMINISTRATOR)
    rated, corrected, kept = talk("a"), talk("b"), talk("c", consent=False)
    crisis, unrated = talk("d", crisis=True), talk("e")
    for row in (rated, kept, crisis):
        Turn.objects.filter(pk=answer_of(row).pk).update(rating=1)
    Turn.objects.filter(pk=answer_of(corrected).pk).update(
        corrected_text="欧阳志远, see the knee clinic."
    )

    call_command(
        *("export_conversations", "--out", str(export)),
        *("--by", person.username, "--json"),
    )

    text = export.read_text(encoding="utf-8")
    assert [planted for planted in PLANTED if planted in text] == []
    assert json.loads(capsys.readouterr().out)["sources"] == {
        "rated": 1,
        "corrected": 1,
    }
    assert "knee hurts" in text
    assert str(rated.pk) not in text
    exported = Access.objects.filter(action="export")
    assert {each.record_id for each in exported} == {str(rated.pk), str(corrected.pk)}
    assert unrated.pk
    assert oct(export.stat().st_mode)[-3:] == "600"


def test_what_leaves_can_be_learned_from(export: Path) -> None:
    person = make_person(Role.ADMINISTRATOR)
    for key in "0123456789abcdef":
        Turn.objects.filter(pk=answer_of(talk(key)).pk).update(rating=1)

    call_command("export_conversations", "--out", str(export), "--by", person.username)

    assert len(read_dialogues(export).examples) == 16


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.MANAGER, Role.INTEGRATOR])
def test_nobody_but_an_administrator_exports(export: Path, role: Role) -> None:
    person = make_person(role)

    with pytest.raises(SystemExit) as ended:
        call_command(
            "export_conversations", "--out", str(export), "--by", person.username
        )

    assert ended.value.code == 2
    assert not export.exists()
