import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from hospital.core import needs
from hospital.core.registry import Need, registry

GROUND = [
    "Python",
    "PostgreSQL",
    "pgvector",
    "Redis",
    "Disk",
    "Front end",
    "Chromium",
]


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    with contextlib.suppress(SystemExit):  # 1 where this machine lacks something
        call_command("doctor", "--json")
    return json.loads(capsys.readouterr().out)


@pytest.mark.django_db
def test_every_need_of_the_ground_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = {need["name"]: need for need in answers(capsys)}

    assert list(told)[: len(GROUND)] == GROUND
    for name in ("Python", "PostgreSQL", "pgvector", "Redis"):
        assert told[name]["state"] == "found", told[name]


@pytest.mark.django_db
def test_what_is_missing_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    told = answers(capsys)

    assert all(need["remedy"] for need in told if need["state"] == "missing")


@pytest.mark.django_db
def test_apps_add_their_own_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    extra: list[Callable[[], list[Need]]] = [
        lambda: [Need("A scanner", "missing", "no scanner", "Buy one.")]
    ]
    monkeypatch.setattr(registry, "doctor_checks", extra)

    told = answers(capsys)

    assert told[-1] == {
        "name": "A scanner",
        "state": "missing",
        "detail": "no scanner",
        "remedy": "Buy one.",
    }


def test_missing_need_ends_with_status_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = [Need("A scanner", "missing", "no scanner", "Buy one.")]
    monkeypatch.setattr(
        "hospital.core.management.commands.doctor.examine", lambda: lacking
    )

    with pytest.raises(SystemExit) as end:
        call_command("doctor")

    assert end.value.code == 1


def test_front_end_that_is_not_built_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path

    need = needs.front_end()

    assert need.state == "missing"
    assert need.remedy == "Run `make static`."


def test_broker_that_does_not_answer_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    need = needs.broker()

    assert need.state == "missing"
    assert need.remedy.startswith("Look into")
