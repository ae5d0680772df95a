"""The patients of the demo; nobody real, in several scripts."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from hospital.accounts.models import Department, User
from hospital.core.demo import Demo
from hospital.records.models import Encounter, EncounterKind, Patient, Sex
from hospital.records.services import Identity, ensure_patient, open_encounter

# number, alphabetic name, ideographic name, birth date, sex, department, days ago
PATIENTS = (
    ("D-1001", "Petra Lindqvist", "", date(1971, 3, 9), Sex.FEMALE, "radiology", 2),
    ("D-1002", "Zhang Mei", "张梅", date(1958, 11, 2), Sex.FEMALE, "emergency", 1),
    ("D-1003", "Li Qiang", "李强", date(1984, 6, 21), Sex.MALE, "radiology", 3),
    ("D-1004", "Yamada Taro", "山田太郎", date(1966, 1, 30), Sex.MALE, "emergency", 0),
    (
        "D-1005",
        "Amina Haddad",
        "",
        date(1992, 8, 14),
        Sex.FEMALE,
        "respiratory medicine",
        5,
    ),
    ("D-1006", "Olu Adeyemi", "", date(1949, 12, 5), Sex.MALE, "general medicine", 4),
)
WITH_ACCOUNT = "D-1001"


@transaction.atomic
def load(demo: Demo) -> None:
    """Make the patients who are not there yet, and tie one to the patient's account."""
    for number, latin, ideographic, birth_date, sex, code, days in PATIENTS:
        names = {"alphabetic": latin, "ideographic": ideographic}
        identity = Identity(
            number=number,
            names={script: text for script, text in names.items() if text},
            birth_date=birth_date,
            sex=sex,
        )
        patient = ensure_patient(identity)
        if not Encounter.objects.filter(patient=patient).exists():
            open_encounter(
                patient=patient,
                department=Department.objects.get(code=code),
                kind=EncounterKind.AMBULATORY,
                started=timezone.now() - timedelta(days=days),
                reason="",
            )
        if number == WITH_ACCOUNT:
            tie(patient, demo.users["patient"].username)


def tie(patient: Patient, username: str) -> None:
    user = User.objects.get(username=username)
    if patient.user_id is None and not Patient.objects.filter(user=user).exists():
        patient.user = user
        patient.save(update_fields=["user", "updated"])
