"""Patients are made once, and never changed by a message."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from hospital.records.models import Patient
from hospital.records.services import Identity, ensure_patient


@pytest.mark.django_db
def test_same_number_is_the_same_patient() -> None:
    first = ensure_patient(Identity(number="P1", names={"alphabetic": "Li^Ning"}))

    again = ensure_patient(Identity(number="P1", names={"alphabetic": "Other^Name"}))

    assert again == first
    assert [name.text for name in again.names.all()] == ["Li^Ning"]


@pytest.mark.django_db
def test_same_number_of_another_system_is_another_patient() -> None:
    first = ensure_patient(Identity(number="P1"))

    other = ensure_patient(Identity(number="P1", system="urn:oid:1.2.3"))

    assert other != first


@pytest.mark.django_db
def test_without_a_number_every_message_makes_a_patient() -> None:
    assert ensure_patient(Identity()) != ensure_patient(Identity())


@pytest.mark.django_db
def test_name_is_shown_in_the_readers_script() -> None:
    names = {"alphabetic": "Wang XiaoDong", "ideographic": "王小东"}
    patient = ensure_patient(Identity(number="P2", names=names))

    with translation.override("zh-hans"):
        chinese = patient.name
    with translation.override("en"):
        english = patient.name

    assert (chinese, english) == ("王小东", "Wang XiaoDong")


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_once_make_one_patient() -> None:
    barrier = threading.Barrier(4)
    made: list[Patient] = []

    def arrive() -> None:
        barrier.wait()
        made.append(ensure_patient(Identity(number="P3")))
        connection.close()

    threads = [threading.Thread(target=arrive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({patient.id for patient in made}) == 1
    assert Patient.objects.filter(identifiers__value="P3").count() == 1
