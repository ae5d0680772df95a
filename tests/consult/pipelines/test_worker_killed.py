"""A language worker that is killed within an answer: nothing is lost or told twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from consult.models import Kind, Turn, TurnState
from hospital.jobs.models import Job
from hospital.jobs.reaper import give_back_abandoned
from hospital.jobs.runner import run_job
from tests.consult.language.generators.service import serving
from tests.consult.talks import strangers_talk, write
from tests.consult.told import Heard
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage
from tests.running import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FIRST, SECOND = "痛风发作时要多喝水，少喝酒。", "疼得厉害时尽快看医生。"
WORKER = """
import os, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from hospital.jobs.runner import run_job
run_job(uuid.UUID(sys.argv[2]))
"""


@pytest.fixture
def halfway() -> Iterator[str]:
    """The address of a generator that stops after its first sentence."""
    make_passage(
        make_entry(make_library("own"), lang="zh", title="痛风", focus="痛风"),
        citation="gout/zh#self_care",
        heading="痛风发作怎么办",
        text=FIRST + SECOND,
    )
    with serving() as service:
        service.says = [f"{FIRST}[1] {SECOND}", "[1]"]
        yield f"http://127.0.0.1:{service.port}/halfway"


def killed_within_its_answer(answer: Turn, *, generator: str) -> None:
    """Have a worker of its own process begin the answer, and kill it after a sentence."""
    settings = {
        "GENERATOR": "endpoint",
        "GENERATOR_URL": generator,
        "GENERATOR_MODEL": "ward-model",
        "LANGUAGE_ALLOWED_HOSTS": "127.0.0.1",
    }
    command = [sys.executable, "-c", WORKER, connection.settings_dict["NAME"]]
    heard = Heard(answer.conversation.topic)
    with subprocess.Popen(
        [*command, str(answer.job_id)], cwd=ROOT, env={**os.environ, **settings}
    ) as worker:
        heard.until("token")
        worker.send_signal(signal.SIGKILL)
    assert worker.returncode == -signal.SIGKILL
    assert Turn.objects.get(pk=answer.pk).state == TurnState.ANSWERING


def lease_ends(job_id: UUID | None, **fields: Any) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job_id).update(lease_until=ended, **fields)


def test_another_worker_answers_after_the_lease_and_says_nothing_twice(
    halfway: str, settings: LazySettings
) -> None:
    asked = write(strangers_talk(), "痛风发作怎么办？")
    assert asked.answer is not None
    killed_within_its_answer(asked.answer, generator=halfway)
    heard = Heard(asked.turn.conversation.topic)

    lease_ends(asked.answer.job_id)
    give_back_abandoned()
    Job.objects.update(run_after=None)  # the pause before the next attempt is over
    run_job(UUID(str(asked.answer.job_id)))

    answer = Turn.objects.get(pk=asked.answer.pk)
    assert (answer.state, answer.kind) == (TurnState.DONE, Kind.ANSWER)
    assert [each["text"] for each in answer.answer["sentences"]] == [FIRST, SECOND]
    events = heard.until("done")
    phases = [data["phase"] for name, data in events if name == "status"]
    assert phases[0] == "again"  # open pages drop what the killed one told
    told = [data["text"] for name, data in events if name == "token"]
    assert told == [FIRST, SECOND]
    assert Job.objects.get(pk=answer.job_id).attempts == 2


def test_where_no_attempt_is_left_the_patient_is_told_that_nothing_comes(
    halfway: str,
) -> None:
    asked = write(strangers_talk(), "痛风发作怎么办？")
    assert asked.answer is not None
    killed_within_its_answer(asked.answer, generator=halfway)

    lease_ends(asked.answer.job_id, max_attempts=1)
    give_back_abandoned()

    answer = Turn.objects.get(pk=asked.answer.pk)
    assert (answer.state, answer.kind) == (TurnState.FAILED, Kind.UNAVAILABLE)
    assert "人工" in answer.text or "医院" in answer.text
    assert answer.answer["sentences"] == []
    assert write(asked.turn.conversation, "痛风严重吗？").answer != answer
