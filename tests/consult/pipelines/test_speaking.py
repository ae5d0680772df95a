"""From a patient's message to verified sentences, over a real socket."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from consult.language.generators import GeneratorFailed
from consult.language.spoken import Sentence
from consult.pipelines.speaking import said
from tests.consult.language.generators.service import Service, serving

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSAGES = [("antibiotics/en#information", "Antibiotics kill bacteria.")]


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as started:
        settings.GENERATOR = "endpoint"
        settings.GENERATOR_URL = f"http://127.0.0.1:{started.port}/says"
        settings.GENERATOR_MODEL = "ward-model"
        settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
        yield started


def ask(question: str, **more: object) -> list[Sentence]:
    return list(
        said(question, passages=PASSAGES, lang="en", stopped=lambda: False, **more)  # type: ignore[arg-type]  # the history
    )


def test_nothing_personal_goes_out_and_only_what_is_carried_comes_in(
    service: Service,
) -> None:
    service.says = ["Antibiotics kill bacteria. [1] ", "Antibiotics kill viruses. [1]"]

    sentences = ask(
        "My name is John Smith, call 13800138000. Do antibiotics kill bacteria?",
        history=[("patient", "我叫李小明，住在北京市朝阳区建国路88号")],
    )

    sent = str(service.asked)
    assert [each.text for each in sentences] == ["Antibiotics kill bacteria."]
    assert "Do antibiotics kill bacteria?" in sent
    for canary in ("John", "Smith", "13800138000", "李小明", "建国路"):
        assert canary not in sent


def test_without_a_generator_nobody_is_asked(
    service: Service, settings: LazySettings
) -> None:
    settings.GENERATOR = "extractive"

    with pytest.raises(GeneratorFailed, match="absent"):
        ask("Do antibiotics help?")

    assert service.asked == []


def test_a_redirect_of_the_service_is_not_followed(
    service: Service, settings: LazySettings
) -> None:
    settings.GENERATOR_URL = f"http://127.0.0.1:{service.port}/elsewhere"

    with pytest.raises(GeneratorFailed, match="status"):
        ask("Do antibiotics help?")

    assert len(service.asked) == 1
