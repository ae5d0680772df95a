"""Answers while a generator is in service, good or bad: what reaches the page."""

import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from consult.models import Kind, Turn, TurnState
from hospital.accounts.models import Role
from hospital.records.models import Script
from tests.consult.language.generators.service import Service, serving
from tests.consult.pipelines.test_answering import (
    again,
    answered,
    library,  # noqa: F401 (the fixture)
)
from tests.consult.talks import persons_talk
from tests.rows import make_patient, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUESTION = "What can I do myself about a common cold?"


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as started:
        settings.GENERATOR = "endpoint"
        settings.GENERATOR_URL = f"http://127.0.0.1:{started.port}/says"
        settings.GENERATOR_MODEL = "ward-model"
        settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
        yield started


def is_quoted(answer: Turn) -> bool:
    """Whether each sentence stands verbatim in a passage that it cites."""
    texts = {each["id"]: each["text"] for each in answer.answer["passages"]}
    sentences = answer.answer["sentences"]
    return bool(sentences) and all(
        any(each["text"] in texts[citation] for citation in each["passages"])
        for each in sentences
    )


def a_truth_and_a_lie(asked: str) -> list[str]:
    """Return a draft that cites the passage which says what to do."""
    found = re.search(r"passage (\d+): Drink enough", asked)
    assert found
    mark = f"[{found[1]}]"
    return [f"You should drink enough and rest. {mark} ", f"Drink vinegar. {mark}"]


def test_of_a_draft_only_what_a_passage_carries_is_shown(service: Service) -> None:
    service.writes = a_truth_and_a_lie

    answer = answered(QUESTION)

    assert (answer.state, answer.kind) == (TurnState.DONE, Kind.ANSWER)
    assert answer.answer["sentences"] == [
        {
            "text": "You should drink enough and rest.",
            "passages": ["common-cold/en#self_care"],
        }
    ]


@pytest.mark.parametrize("behaviour", ["says", "endless", "drips", "json", "elsewhere"])
def test_a_bad_generator_leaves_the_librarys_sentences(
    service: Service, settings: LazySettings, behaviour: str
) -> None:
    settings.GENERATOR_URL = f"http://127.0.0.1:{service.port}/{behaviour}"
    settings.GENERATOR_DEADLINE_S = 0.6
    service.says = ["Take 4,000 mg of aspirin. [1] ", "A cold is cured by bleach. [2]"]

    answer = answered(QUESTION)

    assert (answer.state, answer.kind) == (TurnState.DONE, Kind.ANSWER)
    assert is_quoted(answer)
    assert len(service.asked) == 1


def test_names_on_file_of_a_talk_do_not_go_out(service: Service) -> None:
    user = make_person(Role.PATIENT)
    patient = make_patient("Okonkwo^Adaeze", user=user)
    patient.names.create(script=Script.IDEOGRAPHIC, text="欧阳志远")
    conversation = persons_talk(user)
    service.writes = a_truth_and_a_lie

    answered(f"{QUESTION} Okonkwo asks this.", conversation)

    sent = str(service.asked)
    assert "asks this" in sent
    for canary in ("Okonkwo", "okonkwo"):
        assert canary not in sent


def test_another_answer_is_asked_for_in_other_words(service: Service) -> None:
    service.writes = a_truth_and_a_lie
    first = answered(QUESTION)

    other = again(first)

    assert "You should drink enough and rest." in str(service.asked[-1])
    assert "Word it differently" in str(service.asked[-1])
    assert "Word it differently" not in str(service.asked[0])
    assert other.text != first.text
