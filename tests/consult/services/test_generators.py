"""Who words answers: chosen by a person, among what is set up."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from consult.language.generators import GeneratorFailed
from consult.models import GeneratorChoice, GeneratorName
from consult.needs import generator_need, speech_need
from consult.pipelines.speaking import generator_in_service
from consult.services.generators import choose_generator, chosen_generator
from hospital.accounts.models import Role
from hospital.core.errors import InvalidInput
from tests.consult.speech.service import listening
from tests.rows import make_person

pytestmark = pytest.mark.django_db


def test_the_library_is_quoted_until_somebody_chooses(settings: LazySettings) -> None:
    settings.GENERATOR_URL, settings.GENERATOR_MODEL = "https://llm.example/v1", "m"
    person = make_person(Role.ADMINISTRATOR)

    before = chosen_generator().name
    choose_generator(name=GeneratorName.ENDPOINT, reason="trial", person=person)
    during = chosen_generator().name
    choose_generator(name=GeneratorName.EXTRACTIVE, reason="over", person=person)

    assert (before, during) == (GeneratorName.EXTRACTIVE, GeneratorName.ENDPOINT)
    assert chosen_generator().name == GeneratorName.EXTRACTIVE
    assert GeneratorChoice.objects.count() == 2


def test_what_is_not_set_up_cannot_be_chosen() -> None:
    with pytest.raises(InvalidInput, match="GENERATOR_FOLDER"):
        choose_generator(
            name=GeneratorName.LOCAL,
            reason="x",
            person=make_person(Role.ADMINISTRATOR),
        )

    assert not GeneratorChoice.objects.exists()


def test_four_bits_without_their_package_are_refused_with_what_to_install(
    settings: LazySettings, tmp_path: Path
) -> None:
    assert find_spec("bitsandbytes") is None  # the platform does not bring it
    settings.GENERATOR_FOLDER = str(tmp_path)
    settings.GENERATOR_FOUR_BIT = True
    person = make_person(Role.ADMINISTRATOR)

    with pytest.raises(InvalidInput, match=r"bitsandbytes: .*GENERATOR_FOUR_BIT"):
        choose_generator(name=GeneratorName.LOCAL, reason="x", person=person)
    settings.GENERATOR = "local"

    assert not GeneratorChoice.objects.exists()
    assert (generator_need().state, generator_need().remedy) == (
        "missing",
        "Install bitsandbytes for the language workers, or unset it.",
    )
    with pytest.raises(GeneratorFailed, match="absent: bitsandbytes"):
        generator_in_service()
    settings.GENERATOR_FOUR_BIT = False
    assert chosen_generator().lacks == ""


def test_the_administration_keeps_who_chose_what(
    client: Client, settings: LazySettings
) -> None:
    settings.GENERATOR_URL, settings.GENERATOR_MODEL = "https://llm.example/v1", "m"
    person = make_person(Role.ADMINISTRATOR)
    client.force_login(person)
    door = "/admin/consult/generatorchoice/add/"

    refused = client.post(door, {"name": "local", "reason": "try"})
    taken = client.post(door, {"name": "endpoint", "reason": "try"})

    assert "GENERATOR_FOLDER" in refused.content.decode()
    assert taken.status_code == 302
    row = GeneratorChoice.objects.get()
    assert (row.name, row.reason, row.chosen_by) == ("endpoint", "try", person)


def test_the_doctor_names_what_is_set_up_and_whether_it_answers(
    settings: LazySettings, tmp_path: Path
) -> None:
    assert (generator_need().state, speech_need().state) == ("optional", "optional")
    settings.GENERATOR = "local"
    assert "GENERATOR_FOLDER" in generator_need().detail
    settings.GENERATOR_FOLDER = str(tmp_path)
    assert generator_need().state == "missing"
    settings.SPEECH_URL = "http://127.0.0.1:1/v1"
    assert "not allowed" in speech_need().detail or "https" in speech_need().detail
    settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
    assert "does not answer" in speech_need().detail
    with listening() as listener:
        settings.SPEECH_URL = listener.url("v1")
        assert speech_need().state == "found"
    settings.GENERATOR = "chatty"
    assert "chatty" in generator_need().detail
