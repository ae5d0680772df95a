"""Job kinds name what workers import; nobody else does."""

import inspect
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from hospital.core.registry import registry
from hospital.core.supervisor.roles import WORKERS
from hospital.env import BASE_DIR

WEB_PROCESS = """
import json, sys
import hospital.asgi
from django.urls import get_resolver
get_resolver().reverse_dict
from hospital.core.registry import registry
pipelines = [kind.pipeline for kind in registry.job_kinds.values()]
print(json.dumps([path for path in pipelines if path.rpartition(".")[0] in sys.modules]))
print(json.dumps([name for name in sys.modules if name.endswith((".tasks", ".runner"))]))
"""


@pytest.mark.parametrize("kind", sorted(registry.job_kinds))
def test_pipeline_takes_a_run(kind: str) -> None:
    pipeline = import_string(registry.job_kinds[kind].pipeline)

    assert list(inspect.signature(pipeline).parameters) == ["run"]


def test_every_queue_has_a_worker() -> None:
    served = {queue for worker in WORKERS for queue in worker.queues}

    named = {queue for kind in registry.job_kinds.values() for queue in kind.queues}
    assert named <= served
    assert settings.CELERY_TASK_DEFAULT_QUEUE in served


def test_what_comes_back_by_the_clock_is_registered() -> None:
    scheduled = {
        entry["args"][0]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == "jobs.schedule"
    }

    assert scheduled <= registry.job_kinds.keys()


@pytest.mark.slow
def test_web_process_imports_no_pipeline_and_no_task() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WEB_PROCESS],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    *_said, pipelines, tasks = done.stdout.splitlines()
    assert json.loads(pipelines) == []
    assert [name for name in json.loads(tasks) if name.startswith("hospital.")] == []
